// SPDX-License-Identifier: BSD-3-Clause
// Runs the user's script in the embedded CPython; turns what it raises into the simulator's exit statuses.
#pragma once

namespace sim {

inline constexpr int kConfigStatus = 125;
inline constexpr int kGuestStatus = 126;
inline constexpr int kBugStatus = 127;
inline constexpr int kInterruptedStatus = 130;

// The whole of `sim [-i] [script] [arguments]`; returns the exit status.
int run_python(int argc, char **argv);

}  // namespace sim
