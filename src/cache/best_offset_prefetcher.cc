// SPDX-License-Identifier: BSD-3-Clause
// BestOffsetPrefetcher, with the paper's terms: recent-requests table, scores, rounds, learning phases.
#include "cache/best_offset_prefetcher.hh"
#include <algorithm>
#include <bit>

namespace sim {

COMPONENT(BestOffsetPrefetcher,
          "Best-offset prefetcher: learns the one line offset that is most often right and timely.");

BestOffsetPrefetcher::BestOffsetPrefetcher(const Params &params)
    : params_(params), page_lines_(params.page_size / kLineBytes) {
    const auto fail = [](const std::string &what) { throw ConfigError("BestOffsetPrefetcher: " + what); };
    if (!std::has_single_bit(params.recent_requests))
        fail("recent_requests=" + std::to_string(params.recent_requests) + "; it must be a power of two");
    if (params.tag_bits == 0 || params.tag_bits > 15)
        fail("tag_bits=" + std::to_string(params.tag_bits) + "; it must be 1 to 15");
    if (params.max_offset == 0 || params.score_max == 0 || params.round_max == 0)
        fail("max_offset, score_max and round_max must be at least 1");
    if (!std::has_single_bit(params.page_size) || params.page_size < kLineBytes)
        fail("page_size=" + std::to_string(params.page_size) + "; it must be a power of two of at least 64");
    table_bits_ = u32(std::countr_zero(params.recent_requests));
    table_.assign(params.recent_requests, 0);
    for (u32 offset = 1; offset <= params.max_offset; ++offset) {
        u32 rest = offset;
        for (const u32 prime : {2u, 3u, 5u})
            while (rest % prime == 0) rest /= prime;
        if (rest == 1) offsets_.push_back(offset);
    }
    scores_.assign(offsets_.size(), 0);
}

void BestOffsetPrefetcher::observe(const PrefetchTrigger &trigger, PrefetchList &wanted) {
    if (trigger.hit && !trigger.first_use) return;
    ++stats.triggers;
    const u64 line = trigger.address / kLineBytes;
    learn(line);
    if (offset_ && same_page(line, line + offset_)) wanted.add((line + offset_) * kLineBytes);
}

// Tests one offset: would a prefetch at that offset, made by an earlier access, have been complete by now?
void BestOffsetPrefetcher::learn(u64 line) {
    const u64 base = line - offsets_[tested_];
    if (same_page(line, base) && table_[slot(base)] == tag(base)) {
        ++stats.table_hits;
        ++scores_[tested_];
    }
    if (++tested_ < offsets_.size()) return;
    tested_ = 0;
    ++round_;
    if (round_ == params_.round_max || *std::max_element(scores_.begin(), scores_.end()) >= params_.score_max)
        end_phase();
}

void BestOffsetPrefetcher::end_phase() {
    const auto best = std::max_element(scores_.begin(), scores_.end());
    offset_ = *best > params_.bad_score ? offsets_[u32(best - scores_.begin())] : 0;
    ++stats.phases;
    stats.phases_off += offset_ == 0;
    std::fill(scores_.begin(), scores_.end(), 0);
    round_ = 0;
}

// The access that caused a completed prefetch becomes a recent request; while prefetching is off, the line
// itself.
void BestOffsetPrefetcher::filled(Address address, bool prefetched, Cycle) {
    const u64 line = address / kLineBytes, base = line - offset_;
    if ((offset_ && !prefetched) || !same_page(line, base)) return;
    ++stats.table_writes;
    table_[slot(base)] = tag(base);
}

u32 BestOffsetPrefetcher::slot(u64 line) const {
    return u32(line ^ (line >> table_bits_)) & (params_.recent_requests - 1);
}

u16 BestOffsetPrefetcher::tag(u64 line) const {
    return u16((line >> table_bits_ & ((1u << params_.tag_bits) - 1)) + 1);
}

}  // namespace sim
