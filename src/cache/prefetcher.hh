// SPDX-License-Identifier: BSD-3-Clause
// Guesses which lines a cache will be asked for next.
#pragma once
#include "memory/memory.hh"

namespace sim {

inline constexpr Address kPrefetchPageBytes =
    4096;   // a prefetch stays in the physical page that asked for it

// One demand access, as a prefetcher sees it.
struct PrefetchTrigger {
    Address pc;
    Address address;
    bool hit;
    bool first_use;   // of a line that was prefetched
    Cycle now;
};

// The lines to prefetch, most wanted first; what does not fit is forgotten.
class PrefetchList {
  public:
    static constexpr u32 kCapacity = 16;

    void add(Address address) {
        if (size_ < kCapacity) lines_[size_++] = address;
    }
    const Address *begin() const { return lines_; }
    const Address *end() const { return lines_ + size_; }
    u32 size() const { return size_; }

  private:
    Address lines_[kCapacity];
    u32 size_ = 0;
};

class Prefetcher : public Component {
  public:
    // Learns from a demand access and adds the addresses of lines (anywhere inside the line) worth having.
    virtual void observe(const PrefetchTrigger &trigger, PrefetchList &wanted) = 0;

    // A line has arrived in the cache; `prefetched` when it was this prefetcher's wish, even if used before
    // it came.
    virtual void filled(Address, bool /*prefetched*/, Cycle) {}
};

// Whether a prefetch from `from` to `to` stays inside a page.
inline bool same_page(Address from, Address to) {
    return from / kPrefetchPageBytes == to / kPrefetchPageBytes;
}

}  // namespace sim
