// SPDX-License-Identifier: BSD-3-Clause
// Keeps the list of taken ranges beside the page flags, so that finding a gap does not walk pages.
#include "program/address_space.hh"

namespace sim {

void AddressSpace::map(Address a, u64 bytes, u8 flags) {
    if (bytes == 0) return;
    memory_.map(a, bytes, flags);
    Address start = a, end = a + bytes;
    auto next = taken_.upper_bound(end);
    while (next != taken_.begin()) {
        auto range = std::prev(next);
        if (range->second < start) break;
        start = std::min(start, range->first);
        end = std::max(end, range->second);
        next = taken_.erase(range);
    }
    taken_[start] = end;
}

void AddressSpace::unmap(Address a, u64 bytes) {
    if (bytes == 0) return;
    memory_.unmap(a, bytes);
    const Address end = a + bytes;
    auto next = taken_.lower_bound(end);
    while (next != taken_.begin()) {
        auto range = std::prev(next);
        const auto [start, stop] = *range;
        if (stop <= a) break;
        next = taken_.erase(range);
        if (stop > end) next = taken_.insert({end, stop}).first;
        if (start < a) {
            taken_[start] = a;
            break;
        }
    }
}

void AddressSpace::move(Address from, u64 bytes, Address to) {
    for (u64 at = 0; at < bytes; at += GuestMemory::kPageBytes) {
        const u8 flags = memory_.flags()[(from + at) >> GuestMemory::kPageBits];
        memory_.place(to + at, memory_.base() + from + at, GuestMemory::kPageBytes);
        memory_.protect(to + at, GuestMemory::kPageBytes, flags & (kRead | kWrite | kExecute));
    }
}

bool AddressSpace::is_free(Address a, u64 bytes) const {
    auto next = taken_.lower_bound(a + bytes);
    return next == taken_.begin() || std::prev(next)->second <= a;
}

bool AddressSpace::is_mapped(Address a, u64 bytes) const {
    auto next = taken_.upper_bound(a);
    return next != taken_.begin() && std::prev(next)->second >= a + bytes;
}

bool AddressSpace::may_map(Address a, u64 bytes) const {
    if (a < kLowest || a >= kStackTop || bytes > kStackTop - a) return false;
    for (const auto &[start, end] : kept_)
        if (a < end && start < a + bytes) return false;
    return true;
}

Address AddressSpace::find_gap(u64 bytes) const {
    Address ceiling = kMappingTop;
    for (auto range = taken_.lower_bound(ceiling);; --range) {
        const Address below = range == taken_.begin() ? break_ : std::prev(range)->second;
        if (below <= ceiling && ceiling - below >= bytes) return ceiling - bytes;
        if (range == taken_.begin() || below <= break_) return 0;
        ceiling = std::min(ceiling, std::prev(range)->first);
    }
}

Address AddressSpace::set_break(Address a) {
    if (a < break_start_ || a > kMappingTop) return break_;
    const Address old_end = page_up(break_), new_end = page_up(a);
    if (new_end > old_end) {
        if (!is_free(old_end, new_end - old_end)) return break_;
        map(old_end, new_end - old_end, kRead | kWrite);
    } else if (new_end < old_end) {
        unmap(new_end, old_end - new_end);
    }
    return break_ = a;
}

}  // namespace sim
