// SPDX-License-Identifier: BSD-3-Clause
// One place in a copy of statistics, as Python holds it.
#pragma once
#include <memory>
#include "sim/statistics.hh"

namespace sim {

struct PythonStats {
    std::shared_ptr<const Statistics> all;
    u32 group;      // in all->groups()
    bool is_root;   // the machine, whose only name is the group's
};

}  // namespace sim
