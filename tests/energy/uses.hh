// SPDX-License-Identifier: BSD-3-Clause
// The uses of structures that the accounting of a machine finds, as lines of text that a test can compare.
#pragma once
#include <set>
#include <string>
#include "energy/accounting.hh"

namespace sim::test {

inline EnergyReport report_of(Component &core, const EnergyOptions &options = {}) {
    const std::vector<TreeNode> tree = component_tree(core, "core");
    return account(tree, Statistics(tree), options);
}

// "core.rename_map read renamed_sources: 10, squashed 2" of every use that happened, wires apart; without `component`, of
// all components.
inline std::set<std::string> uses(Component &core, Stage but = Stage::Wire, const std::string &component = {}) {
    std::set<std::string> found;
    for (const EnergyRow &row : report_of(core).rows) {
        if (row.is_leakage || row.action == "idle" || row.stage == but) continue;
        if (!component.empty() && row.component != component) continue;
        found.insert(row.component + "." + row.structure + " " + row.action + ": " + std::to_string(row.count) +
                     (row.squashed ? ", squashed " + std::to_string(row.squashed) : ""));
    }
    return found;
}
inline std::set<std::string> wire_uses(Component &core) {
    std::set<std::string> found;
    for (const EnergyRow &row : report_of(core).rows)
        if (!row.is_leakage && row.stage == Stage::Wire)
            found.insert(row.structure + " " + row.action.substr(4) + ": " + std::to_string(row.count) +
                         (row.squashed ? ", squashed " + std::to_string(row.squashed) : ""));
    return found;
}

}  // namespace sim::test
