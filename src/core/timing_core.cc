// SPDX-License-Identifier: BSD-3-Clause
#include "core/timing_core.hh"

namespace sim {

void need(bool holds, const char *name, u64 value, const char *allowed) {
    if (!holds) throw ConfigError(std::string(name) + ": " + std::to_string(value) + " is out of range; " + allowed);
}

void need_range(const char *name, u64 value, u64 least, u64 most) {
    const std::string allowed = std::to_string(least) + " to " + std::to_string(most) + " are possible";
    need(value >= least && value <= most, name, value, allowed.c_str());
}

}  // namespace sim
