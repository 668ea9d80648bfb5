// SPDX-License-Identifier: BSD-3-Clause
// Store sets (Chrysos and Emer, ISCA 1998): loads that once passed a store to their bytes wait for that store from then on.
#pragma once
#include <vector>
#include "sim/component.hh"

namespace sim {

class StoreSets final : public Model<StoreSets, Component> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, entries, 4096, "entries", "store-set identifiers, indexed by pc (a power of two)");
        PARAM(u32, sets, 256, "entries", "store sets with their last fetched store (a power of two)");
        PARAM(u64, clear_interval, 1000000, "stores", "dispatched stores after which all sets are forgotten");
    };
    struct Stats : Described<Stats> {
        STAT(lookups, "lookups", "loads and stores looked up at dispatch");
        STAT(waiting_loads, "loads", "loads told to wait for a store");
        STAT(merges, "violations", "violations that put a load and a store into one set");
    };
    explicit StoreSets(const Params &params);
    const Params &params() const { return params_; }
    void list_structures(std::vector<Structure> &) const override;

    // In dispatch order. Orders are the core's sequence numbers; 0: none.
    u64 load_dispatched(Address pc);                 // the store whose address this load should wait for
    void store_dispatched(Address pc, u64 order);
    void store_executed(Address pc, u64 order);      // nobody need wait for it any more
    void violated(Address load_pc, Address store_pc);

    Stats stats;

  private:
    u32 &entry(Address pc) { return sets_of_[(pc >> 1) & (params_.entries - 1)]; }

    const Params params_;
    std::vector<u32> sets_of_;       // set + 1; 0: in none
    std::vector<u64> last_store_;    // by set: youngest dispatched store not yet executed; 0: none
    u64 stores_ = 0;
};

}  // namespace sim
