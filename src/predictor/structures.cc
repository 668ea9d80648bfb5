// SPDX-License-Identifier: BSD-3-Clause
// The circuits of the branch predictors. Fetch reads the BTB and the direction tables once a fetch group or block, before
// it knows whether a transfer stands there, as the CG-OoO papers count it; the models' own `lookups` count transfers.
#include "energy/structures.hh"
#include "predictor/bimodal.hh"
#include "predictor/branch_predictor.hh"
#include "predictor/gshare.hh"
#include "predictor/gskew_direction.hh"
#include "predictor/ittage.hh"
#include "predictor/tage.hh"
#include "predictor/tage_scl.hh"

namespace sim {
namespace {

constexpr u32 kTargetBits = 64;

Action group_reads(double times = 1) {
    return {Verb::Read, "../group_lookups", "../../squashed_groups", times};
}

// Tables of one shape side by side.
Structure tables(const char *name, u64 entries, u32 bits, u32 copies, std::vector<Action> actions,
                 std::string_view published = {}) {
    return {.name = name, .stage = Stage::BranchPrediction, .geometry = RamGeometry{entries, bits, 1, 1},
            .actions = std::move(actions), .published = published, .copies = copies};
}

}  // namespace

void BranchPredictor::list_structures(StructureList &list) const {
    const Params &p = params_;
    list.push_back({.name = "btb", .stage = Stage::BranchPrediction,
                    .geometry = CacheGeometry{u64{p.btb_entries} * kTargetBits / 8, p.btb_ways, kTargetBits / 8,
                                              kTargetBits, 1, false},
                    .actions = {{Verb::Read, "group_lookups", "../squashed_groups"}, {Verb::Write, "btb_updates"}},
                    .published = "btb"});
    list.push_back({.name = "return_stack", .stage = Stage::BranchPrediction,
                    .geometry = RamGeometry{p.return_stack_entries, kTargetBits, 1, 1},
                    .actions = {{Verb::Write, "return_stack_pushes"}, {Verb::Read, "return_stack_pops"}},
                    .published = "ras"});
}

void Bimodal::list_structures(StructureList &list) const {
    list.push_back(tables("counters", params_.entries, 2, 1, {group_reads(), {Verb::Write, "table_writes"}}, "predictor"));
}

void Gshare::list_structures(StructureList &list) const {
    list.push_back(tables("counters", params_.entries, 2, 1, {group_reads(), {Verb::Write, "table_writes"}}, "predictor"));
}

// The papers charge an update of two tables for every branch; here only counters that change are written.
void GskewDirection::list_structures(StructureList &list) const {
    list.push_back(tables("bim", params_.bim_entries, 2, 1, {group_reads(), {Verb::Write, "table_writes"}}, "predictor"));
    list.push_back(tables("gskew", params_.gskew_entries, 2, 2, {group_reads(2)}, "predictor"));
    list.push_back(tables("meta", params_.meta_entries, 2, 1, {group_reads(), {Verb::Write, "meta_writes"}}, "predictor"));
}

// A tagged entry: counter, usefulness, tag of the mean length. At commit the provider and an entry that is allocated are
// written; of the first there is one a trained branch.
void Tage::list_structures(StructureList &list) const {
    const u32 tag = (params_.least_tag_bits + params_.most_tag_bits + 1) / 2;
    list.push_back(tables("base", params_.base_entries, 2, 1, {group_reads()}));
    list.push_back(tables("tagged", params_.table_entries, 5 + tag, params_.tables,
                          {group_reads(params_.tables), {Verb::Write, "../direction_updates"}, {Verb::Write, "allocations"}}));
}

void TageScl::list_structures(StructureList &list) const {
    const u32 tag = (params_.least_tag_bits + params_.most_tag_bits + 1) / 2;
    constexpr u32 kCorrectorTables = 12, kCounterBits = 6, kLocalHistoryBits = 16, kLoopBits = 54;
    list.push_back(tables("base", params_.base_entries, 2, 1, {group_reads()}));
    list.push_back(tables("tagged", params_.table_entries, 5 + tag, params_.tables,
                          {group_reads(params_.tables), {Verb::Write, "../direction_updates"}, {Verb::Write, "allocations"}}));
    list.push_back(tables("corrector", params_.corrector_entries, kCounterBits, kCorrectorTables,
                          {group_reads(kCorrectorTables), {Verb::Write, "../direction_updates", {}, kCorrectorTables}}));
    list.push_back(tables("local_histories", params_.local_entries, kLocalHistoryBits, 1,
                          {group_reads(), {Verb::Write, "lookups"}}));
    list.push_back(tables("loops", params_.loop_entries, kLoopBits, 1, {group_reads()}));
}

void Ittage::list_structures(StructureList &list) const {
    list.push_back(tables("tagged", params_.table_entries, kTargetBits + params_.tag_bits + 3, params_.tables,
                          {{Verb::Read, "lookups", {}, double(params_.tables)}, {Verb::Write, "../indirect_transfers"},
                           {Verb::Write, "allocations"}}));
}

}  // namespace sim
