// SPDX-License-Identifier: BSD-3-Clause
// Prefetches the lines behind the one that was asked for.
#pragma once
#include "cache/prefetcher.hh"

namespace sim {

class NextLinePrefetcher final : public Model<NextLinePrefetcher, Prefetcher> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, degree, 1, "lines",
              "lines prefetched behind a miss or the first use of a prefetched line");
    };
    struct Stats : Described<Stats> {
        STAT(triggers, "accesses", "accesses that asked for prefetches");
    };

    explicit NextLinePrefetcher(const Params &params);
    void observe(const PrefetchTrigger &trigger, PrefetchList &wanted) override;
    const Params &params() const { return params_; }

    Stats stats;

  private:
    const Params params_;
};

}  // namespace sim
