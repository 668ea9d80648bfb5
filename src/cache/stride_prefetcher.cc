// SPDX-License-Identifier: BSD-3-Clause
// StridePrefetcher.
#include "cache/stride_prefetcher.hh"
#include <algorithm>
#include <bit>

namespace sim {

COMPONENT(StridePrefetcher, "Prefetches along the constant strides of single instructions.");

StridePrefetcher::StridePrefetcher(const Params &params) : params_(params) {
    if (!std::has_single_bit(params.entries))
        throw ConfigError("StridePrefetcher: entries=" + std::to_string(params.entries) +
                          "; it must be a power of two");
    if (params.degree == 0 || params.degree > PrefetchList::kCapacity || params.distance == 0)
        throw ConfigError("StridePrefetcher: degree=" + std::to_string(params.degree) + " and distance=" +
                          std::to_string(params.distance) + "; degree must be 1 to " +
                          std::to_string(PrefetchList::kCapacity) + ", distance at least 1");
    table_.resize(params.entries);
}

void StridePrefetcher::observe(const PrefetchTrigger &trigger, PrefetchList &wanted) {
    Entry &entry = table_[(trigger.pc / 2) & (table_.size() - 1)];
    if (entry.pc != trigger.pc) {
        ++stats.table_writes;
        entry = {.pc = trigger.pc, .last = trigger.address};
        return;
    }
    const i64 stride = i64(trigger.address - entry.last);
    entry.last = trigger.address;
    if (stride == 0) return;
    entry.repeats = stride == entry.stride ? entry.repeats + (entry.repeats < params_.confidence) : 0;
    entry.stride = stride;
    if (entry.repeats < params_.confidence) return;

    // A stride shorter than a line counts as a line, else the lookahead would stay inside the line.
    const i64 line = kLineBytes, step = stride > 0 ? std::max(stride, line) : std::min(stride, -line);
    ++stats.triggers;
    for (u32 n = 0; n < params_.degree; ++n) {
        const Address wish = trigger.address + u64(step * i64(params_.distance + n));
        if (same_page(trigger.address, wish)) wanted.add(wish);
    }
}

}  // namespace sim
