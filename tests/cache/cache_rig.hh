// SPDX-License-Identifier: BSD-3-Clause
// One cache between a scripted source and a scripted next level, for tests.
#pragma once
#include <gtest/gtest.h>
#include <functional>
#include "cache/cache.hh"
#include "memory/memory_rig.hh"

namespace sim::test {

inline constexpr Address kLine = kLineBytes;

class CacheRig {
  public:
    // 4 sets of 2 ways unless `change` says otherwise.
    explicit CacheRig(const std::function<void(Cache::Params &)> &change = {}) : cache(parameters(change)) {
        next.attach(clock);
        cache.attach(clock);
    }
    Cycle ask(Address address, AccessKind kind = AccessKind::Read, Address pc = 0) {
        return source.ask(cache, address, kind, pc);
    }
    Cycle wait_for(Address address, AccessKind kind = AccessKind::Read, Address pc = 0) {
        return source.wait_for(cache, address, kind, pc);
    }
    // Brings a line in, and lets everything settle.
    void load(Address address, AccessKind kind = AccessKind::Read) {
        wait_for(address, kind);
        source.run_until_idle();
        source.run(1);
    }
    // The i-th line of the set that address 0 is in.
    Address rival(u32 i) const { return i * (cache.params().size / cache.params().ways); }

    Clock clock;
    Source source{clock};
    Sink next;
    Cache cache;

  private:
    Cache::Params parameters(const std::function<void(Cache::Params &)> &change) {
        Cache::Params p;
        p.size = 512;
        p.ways = 2;
        p.hit_latency = 3;
        p.tag_latency = 1;
        p.next = &next;
        if (change) change(p);
        return p;
    }
};

}  // namespace sim::test
