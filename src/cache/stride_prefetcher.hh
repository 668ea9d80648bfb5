// SPDX-License-Identifier: BSD-3-Clause
// Prefetches along constant strides, which it learns for each instruction by itself.
#pragma once
#include <vector>
#include "cache/prefetcher.hh"

namespace sim {

class StridePrefetcher final : public Model<StridePrefetcher, Prefetcher> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, entries, 256, "instructions", "instructions remembered");
        PARAM(u32, degree, 2, "lines", "lines prefetched at a time");
        PARAM(u32, distance, 4, "strides", "how far ahead the first of them lies");
        PARAM(u32, confidence, 2, "accesses", "equal strides in a row before prefetches begin");
    };
    struct Stats : Described<Stats> {
        STAT(triggers, "accesses", "accesses that asked for prefetches");
        STAT(table_writes, "entries", "instructions entered in place of another");
    };

    explicit StridePrefetcher(const Params &params);
    void observe(const PrefetchTrigger &trigger, PrefetchList &wanted) override;
    const Params &params() const { return params_; }

    Stats stats;

  private:
    struct Entry {
        Address pc = ~Address{0};
        Address last = 0;
        i64 stride = 0;
        u32 repeats = 0;
    };

    const Params params_;
    std::vector<Entry> table_;   // by pc / 2, since instructions lie at even addresses
};

}  // namespace sim
