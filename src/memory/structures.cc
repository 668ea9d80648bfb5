// SPDX-License-Identifier: BSD-3-Clause
// The circuits of TLBs, main memory and the memory-dependence predictor.
#include "energy/structures.hh"
#include "memory/dram.hh"
#include "memory/store_sets.hh"
#include "memory/tlb.hh"

namespace sim {

// Priced as fully associative, like the published TLB. An instruction TLB is asked when fetch enters a page, where the
// papers ask it with every cache access.
void Tlb::list_structures(StructureList &list) const {
    constexpr u32 kPageNumberBits = 40;
    const bool is_fetch = path.ends_with("itlb");
    const std::string_view squashed = is_fetch ? std::string_view() : "../squashed_translations";
    list.push_back({.name = "array", .stage = is_fetch ? Stage::Fetch : Stage::Memory,
                    .geometry = CamGeometry{params_.entries, kPageNumberBits, 1, 1},
                    .actions = {{Verb::Search, "hits", squashed}, {Verb::Search, "misses"}, {Verb::Write, "misses"}},
                    .published = "l1_tlb", .is_cache = true});
}

void Dram::list_structures(StructureList &list) const {
    constexpr u32 kBusBits = 64;
    list.push_back({.name = "channel", .stage = Stage::Memory,
                    .geometry = DramGeometry{kBusBits, params_.row_bytes, kLineBytes * 8 / kBusBits},
                    .actions = {{Verb::Activate, "activates"}, {Verb::Precharge, "precharges"},
                                {Verb::Read, "read_bursts"}, {Verb::Write, "write_bursts"}, {Verb::Refresh, "refreshes"}},
                    .copies = params_.channels, .is_cache = true});
}

void StoreSets::list_structures(StructureList &list) const {
    constexpr u32 kSetBits = 10, kOrderBits = 10;
    list.push_back({.name = "set_numbers", .stage = Stage::Memory, .geometry = RamGeometry{params_.entries, kSetBits, 1, 1},
                    .actions = {{Verb::Read, "lookups"}, {Verb::Write, "merges", {}, 2}}});
    list.push_back({.name = "last_stores", .stage = Stage::Memory, .geometry = RamGeometry{params_.sets, kOrderBits, 1, 1},
                    .actions = {{Verb::Read, "lookups"}}});
}

}  // namespace sim
