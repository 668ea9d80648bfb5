// SPDX-License-Identifier: BSD-3-Clause
// HotLineSwap: a candidate and three counters a set, and the steps of a swap.
#include "cache/hot_line_swap.hh"
#include <algorithm>
#include <bit>

namespace sim {

COMPONENT(HotLineSwap, "Swaps the hot line of a set into its nearest way (HoLiSwap).");

HotLineSwap::HotLineSwap(const Params &params) : params_(params) {
    const auto fail = [](const std::string &what) { throw ConfigError("HotLineSwap: " + what); };
    if (params.threshold == 0 || params.window < params.threshold || params.window > 32768)
        fail("threshold=" + std::to_string(params.threshold) + " must be 1 to window=" + std::to_string(params.window) +
             ", and window at most 32768");
    if (params.keep > params.window) fail("keep=" + std::to_string(params.keep) + " is more than the window");
    if (params.confidence_bits == 0 || params.confidence_bits > 7)
        fail("confidence_bits=" + std::to_string(params.confidence_bits) + "; it must be 1 to 7");
    if (!std::has_single_bit(params.sample) || params.sample > params.threshold)
        fail("sample=" + std::to_string(params.sample) + "; it must be a power of two up to the threshold");
    if (params.line_cycles == 0 || params.line_cycles > 64)
        fail("line_cycles=" + std::to_string(params.line_cycles) + "; it must be 1 to 64");
}

void HotLineSwap::begin(u32 sets, u32 ways, const std::string &owner) {
    if (ways_) throw ConfigError("HotLineSwap: belongs to another cache already; give " + owner + " one of its own");
    ways_ = ways;
    sets_.resize(sets);
    near_hot_.assign(sets, kNobody);
    if (params_.exact) hits_.assign(u64(sets) * ways, 0);
}

// A majority vote: the candidate gains confidence with its hits and loses it with other accesses to the set. Its hits
// count from the moment it became the candidate, so a line is never called hot that is not, but where accesses are
// sampled.
u32 HotLineSwap::count_hit(u32 set, u32 logical) {
    Set &s = sets_[set];
    const u32 most = (1u << params_.confidence_bits) - 1;
    if (s.candidate == logical) {
        s.confidence = u8(std::min<u32>(s.confidence + 1u, most));
        return s.hits = u16(s.hits + params_.sample);
    }
    if (s.confidence) {
        --s.confidence;
        return 0;
    }
    if (logical == kNone) return 0;
    s.candidate = u8(logical);
    s.confidence = 1;
    return s.hits = u16(params_.sample);
}

// Marsaglia's xorshift.
bool HotLineSwap::is_sampled() {
    if (params_.sample == 1) return true;
    random_ ^= random_ << 13;
    random_ ^= random_ >> 17;
    random_ ^= random_ << 5;
    return (random_ & (params_.sample - 1)) == 0;
}

bool HotLineSwap::accessed(u32 set, u32 logical) {
    if (!is_sampled()) return false;
    ++stats.counter_updates;
    u32 hits = 0;
    if (!params_.exact) hits = count_hit(set, logical);
    else if (logical != kNone) hits = hits_[u64(set) * ways_ + logical] += u16(params_.sample);
    const u8 near = near_hot_[set];
    const bool displaces = near != kNobody && near != logical;
    const bool is_hot = hits >= params_.threshold + (displaces ? params_.margin : 0);
    if ((sets_[set].accesses += u16(params_.sample)) >= params_.window) end_window(set);
    return is_hot;
}

void HotLineSwap::end_window(u32 set) {
    Set &s = sets_[set];
    const u8 near = near_hot_[set];
    if (near != kNobody) {
        const u32 hits = params_.exact ? hits_[u64(set) * ways_ + near] : s.candidate == near ? s.hits : 0;
        if (hits < params_.keep) near_hot_[set] = kNobody, ++stats.hot_ends;
    }
    s.hits = s.accesses = 0;
    if (params_.exact) std::fill_n(hits_.begin() + u64(set) * ways_, ways_, u16{0});
}

// The line is evicted or taken: nothing is remembered of it.
void HotLineSwap::left(u32 set, u32 logical) {
    if (params_.exact) hits_[u64(set) * ways_ + logical] = 0;
    Set &s = sets_[set];
    if (s.candidate == logical) s.candidate = kNobody, s.confidence = 0, s.hits = 0;
    if (near_hot_[set] == logical) near_hot_[set] = kNobody, ++stats.hot_ends;
}

bool HotLineSwap::step(bool port_was_idle, WayLayout &layout) {
    if (!port_was_idle) {
        ++stats.port_conflicts;
        ++waited_;
        return false;
    }
    waited_ = 0;
    if (done_ % params_.line_cycles == 0) move(layout);
    return ++done_ == 4 * params_.line_cycles;
}

// Reads the hot line into the buffer, then the near line, writes that to the far way and the buffer to the near way.
void HotLineSwap::move(WayLayout &layout) {
    const u32 step = done_ / params_.line_cycles;
    const u32 way = step == 0 || step == 2 ? far_way_ : 0;
    ++stats.line_moves;
    ++stats.swap_lines[way];
    ++layout.counts().lines[way];
    ++(step < 2 ? layout.counts().array_line_reads : layout.counts().array_line_writes);
}

void HotLineSwap::finish(WayLayout &layout) {
    for (; done_ < 4 * params_.line_cycles; ++done_)
        if (done_ % params_.line_cycles == 0) move(layout);
}

}  // namespace sim
