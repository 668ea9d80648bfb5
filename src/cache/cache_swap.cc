// SPDX-License-Identifier: BSD-3-Clause
// Cache: two lines of a set change places. Until they have, the set takes neither accesses nor fills.
#include "cache/cache.hh"

namespace sim {

void Cache::begin_swap(u32 set, Cycle now) {
    recent_[set] = u32(tags_.size() - 1);   // accesses to the line go the long way, where they are turned away
    swap_cycle_ = now + 2;                  // the first cycle whose ports it may use is the next
    clock_->schedule(swap_cycle_, *this, mshrs_.size() + 1);
}

// Uses a port that the accesses of the cycle before left idle.
void Cache::step_swap(Cycle now) {
    if (now != swap_cycle_ || !params_.swap->is_busy()) return;   // of a swap given up since
    HotLineSwap &swap = *params_.swap;
    const bool was_idle = places_->was_idle(now - 1, busy_cycle_, ports_left_, params_.ports);
    if (swap.step(was_idle, *params_.layout)) return end_swap();
    if (swap.wants_port()) {
        places_->force_port(now);
        ++swap.stats.forced_ports;
    }
    swap_cycle_ = now + 1;
    clock_->schedule(swap_cycle_, *this, mshrs_.size() + 1);
}

void Cache::end_swap() {
    const u32 set = params_.swap->set(), far = params_.swap->far_way();
    const u32 a = set * ways_, b = a + far;
    std::swap(tags_[a], tags_[b]);
    std::swap(flags_[a], flags_[b]);
    if (!policy_) std::swap(stamps_[a], stamps_[b]);
    if (versions_) std::swap(versions_->slots[a], versions_->slots[b]);
    places_->exchanged(set, far, tags_[a] != kNoLine);
}

// Another level is about to take a line of the set: a swap that has begun to write is completed, another forgotten.
void Cache::settle_swap(u32 set) {
    if (!is_swapping(set)) return;
    if (params_.swap->has_written()) {
        ++params_.swap->stats.hurried_swaps;
        params_.swap->finish(*params_.layout);
        end_swap();
    } else {
        ++params_.swap->stats.abandoned_swaps;
        params_.swap->stop();
    }
}

}  // namespace sim
