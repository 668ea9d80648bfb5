// SPDX-License-Identifier: BSD-3-Clause
// NextLinePrefetcher.
#include "cache/next_line_prefetcher.hh"

namespace sim {

COMPONENT(NextLinePrefetcher,
          "Prefetches the lines behind a miss, and behind the first use of a prefetched line.");

NextLinePrefetcher::NextLinePrefetcher(const Params &params) : params_(params) {
    if (params.degree == 0 || params.degree > PrefetchList::kCapacity)
        throw ConfigError("NextLinePrefetcher: degree=" + std::to_string(params.degree) +
                          "; it must be 1 to " + std::to_string(PrefetchList::kCapacity));
}

void NextLinePrefetcher::observe(const PrefetchTrigger &trigger, PrefetchList &wanted) {
    if (trigger.hit && !trigger.first_use) return;
    ++stats.triggers;
    for (u32 n = 1; n <= params_.degree; ++n) {
        const Address line = trigger.address + n * kLineBytes;
        if (same_page(trigger.address, line)) wanted.add(line);
    }
}

}  // namespace sim
