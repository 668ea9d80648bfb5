// SPDX-License-Identifier: BSD-3-Clause
#include "memory/store_sets.hh"
#include <bit>

namespace sim {
COMPONENT(StoreSets, "Memory-dependence predictor: loads wait for the stores they once violated.");

StoreSets::StoreSets(const Params &params)
    : params_(params), sets_of_(params.entries), last_store_(params.sets) {
    if (!std::has_single_bit(params.entries) || !std::has_single_bit(params.sets))
        throw ConfigError("entries and sets must be powers of two; entries=" + std::to_string(params.entries) +
                          " and sets=" + std::to_string(params.sets));
}

u64 StoreSets::load_dispatched(Address pc) {
    ++stats.lookups;
    const u32 set = entry(pc);
    const u64 store = set ? last_store_[set - 1] : 0;
    stats.waiting_loads += store != 0;
    return store;
}

void StoreSets::store_dispatched(Address pc, u64 order) {
    ++stats.lookups;
    if (++stores_ % params_.clear_interval == 0) {
        sets_of_.assign(sets_of_.size(), 0);
        last_store_.assign(last_store_.size(), 0);
    }
    if (const u32 set = entry(pc)) last_store_[set - 1] = order;
}

void StoreSets::store_executed(Address pc, u64 order) {
    const u32 set = entry(pc);
    if (set && last_store_[set - 1] == order) last_store_[set - 1] = 0;
}

// The smaller set number wins, as in the paper's merging rule.
void StoreSets::violated(Address load_pc, Address store_pc) {
    ++stats.merges;
    u32 &load = entry(load_pc), &store = entry(store_pc);
    if (!load && !store) load = store = u32((store_pc >> 1) & (params_.sets - 1)) + 1;
    else if (!load) load = store;
    else if (!store) store = load;
    else load = store = std::min(load, store);
}

}  // namespace sim
