// SPDX-License-Identifier: BSD-3-Clause
// Cache: when data is ready, what is merged, written back and counted.
#include "cache/cache_rig.hh"
#include "memory/fixed_latency_memory.hh"

namespace sim::test {
namespace {

TEST(Cache, HitIsAnsweredAtOnceWithTheHitLatency) {
    CacheRig rig;
    rig.load(0x100);
    const Cycle now = rig.clock.now;
    EXPECT_EQ(rig.ask(0x13f), now + 3);
    EXPECT_EQ(rig.cache.stats.hits, 1u);
    EXPECT_EQ(rig.next.seen.size(), 1u);
}

TEST(Cache, MissLeavesAfterTheTagLookupAndNotBefore) {
    CacheRig rig;
    rig.source.run(10);
    EXPECT_EQ(rig.ask(0x100), kMiss);
    EXPECT_TRUE(rig.next.seen.empty());
    rig.source.run(1);
    ASSERT_EQ(rig.next.seen.size(), 1u);
    EXPECT_EQ(rig.next.seen[0].at, 11u);
    EXPECT_EQ(rig.next.seen[0].address, 0x100u);
}

TEST(Cache, MissIsReadyWhenTheNextLevelAnswersAndNotACycleEarlier) {
    CacheRig rig;
    ASSERT_EQ(rig.ask(0x100), kMiss);
    rig.source.run_to(1 + 50 - 1);
    EXPECT_EQ(rig.source.ready(0), kNever);
    EXPECT_FALSE(rig.cache.probe(0x100));
    rig.source.run_to(1 + 50);
    EXPECT_EQ(rig.source.ready(0), 51u);
    EXPECT_TRUE(rig.cache.probe(0x100));
}

TEST(Cache, TagLatencyOfZeroMeansTheHitLatency) {
    CacheRig rig([](Cache::Params &p) { p.tag_latency = 0; });
    EXPECT_EQ(rig.wait_for(0), 3u + 50u);
}

TEST(Cache, SecondMissToALineMerges) {
    CacheRig rig;
    ASSERT_EQ(rig.ask(0x100), kMiss);
    rig.source.run(7);
    ASSERT_EQ(rig.ask(0x108), kMiss);
    rig.source.run_until_idle();
    EXPECT_EQ(rig.next.seen.size(), 1u);
    EXPECT_EQ(rig.source.ready(0), 51u);
    EXPECT_EQ(rig.source.ready(1), 51u);
    EXPECT_EQ(rig.source.order, (std::vector<u32>{0, 1}));
    EXPECT_EQ(rig.cache.stats.misses, 2u);
    EXPECT_EQ(rig.cache.stats.mshr_merges, 1u);
    EXPECT_EQ(rig.cache.stats.mshr_allocations, 1u);
}

TEST(Cache, HitsAreServedUnderAMiss) {
    CacheRig rig;
    rig.load(0);
    ASSERT_EQ(rig.ask(0x40), kMiss);
    EXPECT_EQ(rig.ask(0), rig.clock.now + 3);
}

TEST(Cache, WriteMissFetchesTheLineForWriting) {
    CacheRig rig;
    rig.load(0, AccessKind::Write);
    ASSERT_EQ(rig.next.seen.size(), 1u);
    EXPECT_EQ(rig.next.seen[0].kind, AccessKind::Write);
}

TEST(Cache, FetchMissStaysAFetch) {
    CacheRig rig;
    rig.load(0, AccessKind::Fetch);
    EXPECT_EQ(rig.next.seen.at(0).kind, AccessKind::Fetch);
    EXPECT_EQ(rig.cache.stats.fetch_misses, 1u);
}

TEST(Cache, CleanLineLeavesSilently) {
    CacheRig rig;
    for (u32 i = 0; i < 3; ++i) rig.load(rig.rival(i));
    EXPECT_EQ(rig.cache.stats.evictions, 1u);
    EXPECT_EQ(rig.cache.stats.writebacks, 0u);
    EXPECT_EQ(rig.next.count(AccessKind::Writeback), 0u);
}

TEST(Cache, DirtyLineIsWrittenBackOnceWhenItLeaves) {
    CacheRig rig;
    rig.load(rig.rival(0), AccessKind::Write);
    for (u32 i = 1; i < 5; ++i) rig.load(rig.rival(i));
    ASSERT_EQ(rig.next.count(AccessKind::Writeback), 1u);
    EXPECT_EQ(rig.cache.stats.writebacks, 1u);
    for (const auto &entry : rig.next.seen) {
        if (entry.kind == AccessKind::Writeback) {
            EXPECT_EQ(entry.address, rig.rival(0));
        }
    }
}

TEST(Cache, WriteHitMakesAReadLineDirty) {
    CacheRig rig;
    rig.load(rig.rival(0));
    rig.load(rig.rival(0), AccessKind::Write);
    for (u32 i = 1; i < 3; ++i) rig.load(rig.rival(i));
    EXPECT_EQ(rig.next.count(AccessKind::Writeback), 1u);
}

TEST(Cache, WriteThatMergesWithAReadMissMakesTheLineDirty) {
    CacheRig rig;
    rig.ask(rig.rival(0));
    rig.ask(rig.rival(0), AccessKind::Write);
    rig.source.run_until_idle();
    for (u32 i = 1; i < 3; ++i) rig.load(rig.rival(i));
    EXPECT_EQ(rig.next.count(AccessKind::Writeback), 1u);
}

TEST(Cache, LeastRecentlyUsedLineLeaves) {
    CacheRig rig;
    rig.load(rig.rival(0));
    rig.load(rig.rival(1));
    rig.load(rig.rival(0));
    rig.load(rig.rival(2));
    EXPECT_TRUE(rig.cache.probe(rig.rival(0)));
    EXPECT_FALSE(rig.cache.probe(rig.rival(1)));
}

TEST(Cache, WritebackOfAWholeLineNeedsNoFill) {
    CacheRig rig;
    EXPECT_NE(rig.ask(0x80, AccessKind::Writeback), kBusy);
    rig.source.run_until_idle();
    EXPECT_TRUE(rig.cache.probe(0x80));
    EXPECT_TRUE(rig.next.seen.empty());
    EXPECT_EQ(rig.cache.stats.writeback_requests, 1u);
    EXPECT_EQ(rig.cache.stats.hits + rig.cache.stats.misses, 0u);
}

TEST(Cache, MissToALineInTheWriteBufferTakesItBack) {
    CacheRig rig;
    rig.next.writes_busy = true;
    rig.load(rig.rival(0), AccessKind::Write);
    rig.load(rig.rival(1));
    rig.ask(rig.rival(2));
    rig.source.run(60);
    ASSERT_FALSE(rig.cache.probe(rig.rival(0)));
    const Cycle now = rig.clock.now;
    EXPECT_EQ(rig.ask(rig.rival(0)), now + 4);
    EXPECT_TRUE(rig.cache.probe(rig.rival(0)));
    EXPECT_EQ(rig.cache.stats.write_buffer_hits, 1u);
    rig.next.writes_busy = false;
    rig.source.run_until_idle();
    EXPECT_EQ(rig.next.count(AccessKind::Writeback), 0u);   // it never left
    rig.load(rig.rival(3));
    rig.load(rig.rival(4));
    EXPECT_EQ(rig.next.count(AccessKind::Writeback), 1u);   // and is still dirty
}

TEST(Cache, InvalidateAllEmptiesTheArrayAndWritesDirtyLines) {
    CacheRig rig;
    rig.load(0, AccessKind::Write);
    rig.load(0x40);
    rig.cache.invalidate_all(rig.clock.now);
    EXPECT_FALSE(rig.cache.probe(0));
    EXPECT_FALSE(rig.cache.probe(0x40));
    rig.source.run_until_idle();
    EXPECT_EQ(rig.next.count(AccessKind::Writeback), 1u);
    EXPECT_EQ(rig.cache.stats.flushed_lines, 2u);
    EXPECT_EQ(rig.ask(0x40), kMiss);
}

TEST(Cache, LineOnItsWayDuringAnInvalidationServesItsWaiterAndIsNotKept) {
    CacheRig rig;
    rig.ask(0, AccessKind::Write);
    rig.source.run(10);
    rig.cache.invalidate_all(rig.clock.now);
    rig.source.run_until_idle();
    EXPECT_EQ(rig.source.ready(0), 51u);
    EXPECT_FALSE(rig.cache.probe(0));
    EXPECT_EQ(rig.next.count(AccessKind::Writeback), 1u);
}

TEST(Cache, CountsAreConsistentAfterRandomTraffic) {
    CacheRig rig(
        [](Cache::Params &p) { p.mshrs = 3, p.mshr_targets = 2, p.write_buffer_entries = 1, p.banks = 4; });
    u64 x = 1;
    for (u32 i = 0; i < 20000; ++i) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        rig.ask((x >> 40) % 4096 & ~7ull, (x >> 20) % 3 ? AccessKind::Read : AccessKind::Write);
        if ((x >> 60) % 3 == 0) rig.source.run(x >> 61);
    }
    rig.source.run_until_idle();
    const auto &s = rig.cache.stats;
    EXPECT_EQ(double(s.hits + s.misses), s.accesses());
    EXPECT_EQ(s.misses, s.read_misses + s.write_misses + s.fetch_misses);
    EXPECT_EQ(s.misses, s.mshr_allocations + s.mshr_merges + s.write_buffer_hits);
    EXPECT_EQ(s.fills, s.mshr_allocations);
    EXPECT_EQ(rig.next.count(AccessKind::Writeback) + s.write_buffer_hits, s.writebacks);
    EXPECT_EQ(rig.next.seen.size(), s.fills + rig.next.count(AccessKind::Writeback));
    EXPECT_GT(s.write_buffer_hits * s.mshr_merges * s.target_rejections * s.mshr_rejections, 0u);
    for (u32 tag = 0; tag < rig.source.asked(); ++tag) ASSERT_NE(rig.source.ready(tag), kNever) << tag;
}

TEST(Cache, ImpossibleGeometryNamesTheValues) {
    try {
        CacheRig rig([](Cache::Params &p) { p.size = 32_KiB, p.ways = 6; });
        FAIL() << "6 ways of 32 KiB were accepted";
    } catch (const ConfigError &error) {
        EXPECT_NE(std::string(error.what()).find("size=32768 and ways=6 give 85 sets"), std::string::npos);
    }
    EXPECT_THROW(CacheRig([](Cache::Params &p) { p.mshrs = 0; }), ConfigError);
    EXPECT_THROW(CacheRig([](Cache::Params &p) { p.banks = 3; }), ConfigError);
    EXPECT_THROW(CacheRig([](Cache::Params &p) { p.tag_latency = 9; }), ConfigError);
    EXPECT_THROW(CacheRig([](Cache::Params &p) { p.next = nullptr; }), ConfigError);
}

TEST(Cache, LargeOnesHaveCellsThatLeakLittleUnlessToldOtherwise) {
    FixedLatencyMemory memory{{}};
    const auto is_low = [&](u64 size, const char *cells, u32 ways = 16) {
        Cache::Params p;
        p.next = &memory, p.size = size, p.ways = ways, p.cells = cells;
        return Cache(p).has_low_standby_cells();
    };
    EXPECT_FALSE(is_low(512_KiB, ""));
    EXPECT_TRUE(is_low(1_MiB, ""));
    EXPECT_FALSE(is_low(1_MiB, "high_performance"));
    EXPECT_TRUE(is_low(32_KiB, "low_standby"));
    EXPECT_FALSE(is_low(1_MiB, "", 16384));   // one set: tags to be searched
    EXPECT_THROW(is_low(1_MiB, "slow"), ConfigError);
}

}  // namespace
}  // namespace sim::test
