// SPDX-License-Identifier: BSD-3-Clause
// Whose fault it is: the script's (ConfigError), the guest program's (GuestError), or ours (SimulatorBug).
#pragma once
#include <stdexcept>
#include <string>

namespace sim {

// The script, an option or an input file is wrong; exit status 125.
struct ConfigError : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

// The guest program faulted or cannot run; exit status 126.
struct GuestError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// An invariant of the simulator does not hold; exit status 127.
struct SimulatorBug : std::logic_error {
    using std::logic_error::logic_error;
};

// States an invariant; `what` names it with its component and values.
inline void require(bool holds, const char *what) {
    if (!holds) throw SimulatorBug(what);
}

}  // namespace sim
