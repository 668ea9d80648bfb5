// SPDX-License-Identifier: BSD-3-Clause
// Caches on caches: latencies by closed form, inclusion, and how dirty data travels.
#include <cstring>
#include "cache/cache_rig.hh"
#include "memory/bus.hh"
#include "memory/fixed_latency_memory.hh"

namespace sim::test {
namespace {

Cache::Params level(Memory &next, u64 size, u32 ways, u32 hit_latency, u32 tag_latency,
                    bool inclusive = false) {
    return params<Cache>([&](auto &p) {
        p.next = &next, p.size = size, p.ways = ways, p.inclusive = inclusive;
        p.hit_latency = hit_latency, p.tag_latency = tag_latency;
    });
}

// Two first-level caches on a second level on memory of fixed latency, with a bus between the levels if
// asked.
struct Hierarchy {
    explicit Hierarchy(bool inclusive, bool with_bus = false)
        : l2(level(memory, 4096, 4, 12, 5, inclusive)), bus(params<Bus>([&](auto &p) { p.next = &l2; })),
          a(level(with_bus ? static_cast<Memory &>(bus) : l2, 1024, 2, 4, 2)),
          b(level(with_bus ? static_cast<Memory &>(bus) : l2, 1024, 2, 4, 2)) {
        for (Component *part : std::initializer_list<Component *>{&memory, &l2, &bus, &a, &b})
            part->attach(clock);
    }
    void random_traffic(u32 accesses, u32 lines) {
        u64 x = 3;
        for (u32 i = 0; i < accesses; ++i) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            const AccessKind kind = (x >> 20) % 3 ? AccessKind::Read : AccessKind::Write;
            source.ask(x >> 63 ? a : b, (x >> 40) % lines * kLine, kind);
            if ((x >> 58) % 4 == 0) source.run((x >> 50) % 64);
        }
        source.run_until_idle();
    }

    Clock clock;
    Source source{clock};
    FixedLatencyMemory memory{params<FixedLatencyMemory>([](auto &p) { p.latency = 80; })};
    Cache l2;
    Bus bus;
    Cache a, b;
};

TEST(Hierarchy, UnloadedLatencyOfEachLevelIsTheSumOfItsParts) {
    Hierarchy h(false);
    EXPECT_EQ(h.source.wait_for(h.a, 0), 2u + 5 + 80);   // lookups on the way down, then memory
    EXPECT_EQ(h.source.wait_for(h.a, 0), 4u);
    EXPECT_EQ(h.source.wait_for(h.b, 0), 2u + 12);
    EXPECT_EQ(h.source.wait_for(h.b, 0), 4u);
}

TEST(Hierarchy, BusAddsItsTransfersAndLatencyBothWays) {
    Hierarchy h(false, true);
    const Cycle there = 1 + 2, back = 2 + 2;   // 8 and 64 bytes at 32 a cycle, latency 2
    EXPECT_EQ(h.source.wait_for(h.a, 0), 2 + there + 5 + 80 + back);
    EXPECT_EQ(h.source.wait_for(h.b, 0), 2 + there + 12 + back);
}

void expect_included(const Hierarchy &h, u32 lines) {
    u32 present = 0;
    for (u32 i = 0; i < lines; ++i) {
        const bool above = h.a.probe(i * kLine) || h.b.probe(i * kLine);
        present += above;
        EXPECT_TRUE(!above || h.l2.probe(i * kLine)) << "line " << i;
    }
    EXPECT_GT(present, 4u);
}

TEST(Hierarchy, InclusiveLevelHoldsEveryLineAboveIt) {
    for (const bool with_bus : {false, true}) {
        Hierarchy h(true, with_bus);
        for (u32 round = 0; round < 50; ++round) {
            h.random_traffic(200, 200);
            expect_included(h, 200);
        }
        EXPECT_GT(h.a.stats.back_invalidations, 10u);
        EXPECT_EQ(h.l2.stats.back_invalidations, 0u);
    }
}

TEST(Hierarchy, LevelThatIsNotInclusiveLeavesTheLevelsAboveAlone) {
    Hierarchy h(false);
    h.random_traffic(10000, 200);
    EXPECT_EQ(h.a.stats.back_invalidations + h.b.stats.back_invalidations, 0u);
}

TEST(Hierarchy, DirtyLineTakenBackFromAboveReachesMemory) {
    Hierarchy h(true);
    h.source.wait_for(h.a, 0, AccessKind::Write);
    for (u32 i = 1; i <= 4; ++i) h.source.wait_for(h.b, i * 1024);   // same set of the second level
    h.source.run_until_idle();
    EXPECT_FALSE(h.a.probe(0));
    EXPECT_EQ(h.a.stats.writebacks, 0u);
    EXPECT_EQ(h.l2.stats.writebacks, 1u);
    EXPECT_EQ(h.memory.stats.writes, 1u);
}

TEST(Hierarchy, FillForAStoreDoesNotMakeTheLineBelowDirty) {
    for (const bool with_bus : {false, true}) {
        Hierarchy h(false, with_bus);
        h.source.wait_for(h.a, 0, AccessKind::Write);
        for (u32 i = 1; i <= 4; ++i) h.source.wait_for(h.b, i * 1024);
        h.source.run_until_idle();
        EXPECT_FALSE(h.l2.probe(0));
        EXPECT_EQ(h.memory.stats.writes, 0u);   // the only newer copy is still in the first level
    }
}

TEST(Hierarchy, StoreFromSomeoneElseThanACacheMakesTheLineDirty) {
    for (const bool with_bus : {false, true}) {
        Hierarchy h(false, with_bus);
        h.source.wait_for(h.a, 0);
        h.source.wait_for(with_bus ? static_cast<Memory &>(h.bus) : h.l2, 0, AccessKind::Write);
        for (u32 i = 1; i <= 4; ++i) h.source.wait_for(h.b, i * 1024);
        h.source.run_until_idle();
        EXPECT_EQ(h.memory.stats.writes, 1u);
    }
}

TEST(Hierarchy, EveryLineThatLeavesALevelArrivesAtTheNext) {
    for (const bool inclusive : {false, true}) {
        Hierarchy h(inclusive);
        h.random_traffic(20000, 200);
        const auto &l1 = h.a.stats, &other = h.b.stats, &l2 = h.l2.stats;
        EXPECT_EQ(l1.fills + other.fills, l2.hits + l2.misses);
        EXPECT_LE(l2.writeback_requests, l1.writebacks + other.writebacks);
        EXPECT_GT(l2.writeback_requests, 100u);
        EXPECT_EQ(h.memory.stats.reads, l2.mshr_allocations);
        EXPECT_EQ(h.memory.stats.writes, l2.writebacks - l2.write_buffer_hits);
    }
}

TEST(Hierarchy, TwoRunsGiveTheSameCounts) {
    Hierarchy first(true, true), second(true, true);
    first.random_traffic(5000, 300);
    second.random_traffic(5000, 300);
    EXPECT_EQ(std::memcmp(&first.l2.stats, &second.l2.stats, sizeof first.l2.stats), 0);
    EXPECT_EQ(std::memcmp(&first.a.stats, &second.a.stats, sizeof first.a.stats), 0);
    EXPECT_EQ(first.source.order, second.source.order);
    EXPECT_EQ(first.clock.now, second.clock.now);
}

}  // namespace
}  // namespace sim::test
