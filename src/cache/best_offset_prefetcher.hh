// SPDX-License-Identifier: BSD-3-Clause
// Prefetches at the one offset that would most often have been right and early enough (Michaud, HPCA 2016).
#pragma once
#include <vector>
#include "cache/prefetcher.hh"

namespace sim {

class BestOffsetPrefetcher final : public Model<BestOffsetPrefetcher, Prefetcher> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, recent_requests, 256, "lines", "lines in the table of requests that have been completed");
        PARAM(u32, tag_bits, 12, "bits", "tag of a line in that table");
        PARAM(u32, max_offset, 256, "lines", "largest offset tried; all have no prime factor above 5");
        PARAM(u32, score_max, 31, "hits", "score that ends a learning phase");
        PARAM(u32, round_max, 100, "rounds", "rounds after which a learning phase ends anyway");
        PARAM(u32, bad_score, 1, "hits", "prefetching is off after a phase whose best score is no higher");
        PARAM(u64, page_size, 4096, "bytes", "prefetches stay in the page of the access");
    };
    struct Stats : Described<Stats> {
        STAT(triggers, "accesses", "misses and first uses of prefetched lines");
        STAT(phases, "phases", "learning phases completed");
        STAT(phases_off, "phases", "learning phases that turned prefetching off");
        STAT(table_hits, "lookups", "tests that found their line among the recent requests");
        STAT(table_writes, "lines", "lines entered among the recent requests");
    };

    explicit BestOffsetPrefetcher(const Params &params);
    void observe(const PrefetchTrigger &trigger, PrefetchList &wanted) override;
    void filled(Address address, bool prefetched, Cycle now) override;
    u32 offset() const { return offset_; }   // lines; 0 while prefetching is off
    const Params &params() const { return params_; }

    Stats stats;

  private:
    void learn(u64 line);
    void end_phase();
    u32 slot(u64 line) const;
    u16 tag(u64 line) const;
    bool same_page(u64 line, u64 other) const { return line / page_lines_ == other / page_lines_; }

    const Params params_;
    const u64 page_lines_;
    u32 table_bits_;
    std::vector<u16> table_;      // tags of recent requests; 0: none, tags are stored plus one
    std::vector<u32> offsets_, scores_;
    u32 tested_ = 0;              // position in offsets_ of the next test
    u32 round_ = 0;
    u32 offset_ = 1;              // in use; 0 while prefetching is off
};

}  // namespace sim
