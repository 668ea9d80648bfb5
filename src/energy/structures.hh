// SPDX-License-Identifier: BSD-3-Clause
// What a component is built of and which of its statistics use it: components list, the accounting prices.
#pragma once
#include <string>
#include <string_view>
#include <vector>
#include "energy/geometry.hh"

namespace sim {

// Stages that the CG-OoO papers report energy by; caches are kept apart so that "core" can exclude them.
enum class Stage : u8 {
    Fetch, BranchPrediction, DecodeRename, Issue, Execute, Memory, RegisterFile, Commit, Wire, StageRegisters
};
inline constexpr unsigned kStages = 10;

// One use: `times` per count of the component's statistic `stat`, of which `squashed` counts the part that was spent on
// instructions later squashed. "../name" is a statistic of the component that this one hangs off, by its path; a
// `squashed` that is not there counts nothing.
struct Action {
    Verb verb;
    std::string_view stat;
    std::string_view squashed = {};   // empty: none is, or it cannot be told
    double times = 1;
    u32 element = kScalar;            // of a statistic that is a vector
    static constexpr u32 kScalar = ~u32{0};
};

struct Structure {
    std::string name;                 // "reservation_stations"; with the component's path it is unique
    Stage stage;
    Geometry geometry;
    std::vector<Action> actions;
    std::string_view published = {};  // key in the paper's price list, of a wire "machine/from/to"; empty: analytic
                                      // in both lists
    u32 copies = 1;                   // for area and leakage
    bool is_cache = false;            // left out of "core"
    std::string_view from = {}, to = {};   // of a wire: the structures it joins, whose distance the floorplan knows
};
using StructureList = std::vector<Structure>;

}  // namespace sim
