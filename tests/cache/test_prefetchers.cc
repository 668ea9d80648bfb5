// SPDX-License-Identifier: BSD-3-Clause
// Prefetchers: what they learn, and what a cache does with their wishes.
#include "cache/best_offset_prefetcher.hh"
#include "cache/cache_rig.hh"
#include "cache/next_line_prefetcher.hh"
#include "cache/stride_prefetcher.hh"

namespace sim::test {
namespace {

std::vector<Address> wishes(Prefetcher &prefetcher, Address pc, Address address, bool hit = false,
                            bool first = false) {
    PrefetchList list;
    prefetcher.observe({pc, address, hit, first, 0}, list);
    return {list.begin(), list.end()};
}

TEST(NextLinePrefetcher, WantsTheNextLinesAfterAMissAndAfterAFirstUse) {
    NextLinePrefetcher prefetcher(params<NextLinePrefetcher>([](auto &p) { p.degree = 2; }));
    EXPECT_EQ(wishes(prefetcher, 0, 0x1000), (std::vector<Address>{0x1040, 0x1080}));
    EXPECT_EQ(wishes(prefetcher, 0, 0x1040, true, true), (std::vector<Address>{0x1080, 0x10c0}));
    EXPECT_TRUE(wishes(prefetcher, 0, 0x1040, true, false).empty());
    EXPECT_EQ(prefetcher.stats.triggers, 2u);
}

TEST(NextLinePrefetcher, StaysInThePage) {
    NextLinePrefetcher prefetcher(params<NextLinePrefetcher>([](auto &p) { p.degree = 4; }));
    EXPECT_EQ(wishes(prefetcher, 0, 0x1f80).size(), 1u);
    EXPECT_TRUE(wishes(prefetcher, 0, 0x1fc0).empty());
}

TEST(StridePrefetcher, FollowsAStrideOnlyAfterItRepeats) {
    StridePrefetcher prefetcher(params<StridePrefetcher>(
        [](auto &p) { p.entries = 16, p.degree = 2, p.distance = 3, p.confidence = 2; }));
    EXPECT_TRUE(wishes(prefetcher, 0x10, 0x1000).empty());
    EXPECT_TRUE(wishes(prefetcher, 0x10, 0x1080).empty());
    EXPECT_TRUE(wishes(prefetcher, 0x10, 0x1100).empty());
    EXPECT_EQ(wishes(prefetcher, 0x10, 0x1180), (std::vector<Address>{0x1180 + 3 * 0x80, 0x1180 + 4 * 0x80}));
    EXPECT_TRUE(wishes(prefetcher, 0x10, 0x1190).empty());   // broken
}

TEST(StridePrefetcher, LearnsEachInstructionByItself) {
    StridePrefetcher prefetcher(params<StridePrefetcher>(
        [](auto &p) { p.entries = 16, p.degree = 1, p.distance = 1, p.confidence = 1; }));
    for (u32 i = 0; i < 3; ++i) {
        wishes(prefetcher, 0x10, 0x1000 + i * 0x80);
        wishes(prefetcher, 0x12, 0x3f00 - i * 0x100);
    }
    EXPECT_EQ(wishes(prefetcher, 0x10, 0x1180), std::vector<Address>{0x1200});
    EXPECT_EQ(wishes(prefetcher, 0x12, 0x3c00), std::vector<Address>{0x3b00});
}

TEST(StridePrefetcher, ShortStridesLookAheadByLines) {
    StridePrefetcher prefetcher(params<StridePrefetcher>(
        [](auto &p) { p.entries = 16, p.degree = 1, p.distance = 2, p.confidence = 1; }));
    for (u32 i = 0; i < 2; ++i) wishes(prefetcher, 0x10, 0x1000 + i * 8);
    EXPECT_EQ(wishes(prefetcher, 0x10, 0x1010), std::vector<Address>{0x1090});
}

// Feeds a stream whose prefetches and misses complete `delay` accesses later.
u32 offset_learnt(BestOffsetPrefetcher &prefetcher, u32 step, u32 delay, u32 accesses) {
    std::vector<std::pair<Address, bool>> on_the_way;
    for (u32 i = 0; i < accesses; ++i) {
        const Address address = Address{i} * step * kLine;
        for (const Address wish : wishes(prefetcher, 0, address)) on_the_way.push_back({wish, true});
        if (on_the_way.size() <= i) on_the_way.push_back({address, false});
        if (i >= delay && i - delay < on_the_way.size())
            prefetcher.filled(on_the_way[i - delay].first, on_the_way[i - delay].second, i);
    }
    return prefetcher.offset();
}

TEST(BestOffsetPrefetcher, LearnsAMultipleOfTheStride) {
    BestOffsetPrefetcher prefetcher(params<BestOffsetPrefetcher>([](auto &p) { p.page_size = 1u << 30; }));
    const u32 offset = offset_learnt(prefetcher, 3, 0, 20000);
    EXPECT_GT(offset, 0u);
    EXPECT_EQ(offset % 3, 0u);
    EXPECT_GT(prefetcher.stats.phases, 2u);
}

TEST(BestOffsetPrefetcher, LearnsAnOffsetLargeEnoughToBeTimely) {
    BestOffsetPrefetcher prefetcher(params<BestOffsetPrefetcher>([](auto &p) { p.page_size = 1u << 30; }));
    EXPECT_GE(offset_learnt(prefetcher, 1, 10, 20000), 10u);
}

TEST(BestOffsetPrefetcher, TurnsOffWhereNothingRepeatsAndOnAgain) {
    BestOffsetPrefetcher prefetcher(params<BestOffsetPrefetcher>([](auto &p) { p.page_size = 1u << 30; }));
    u64 x = 5;
    for (u32 i = 0; i < 20000; ++i) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        const Address address = (x >> 34) * kLine;
        wishes(prefetcher, 0, address);
        prefetcher.filled(address, false, i);
    }
    EXPECT_EQ(prefetcher.offset(), 0u);
    EXPECT_GT(prefetcher.stats.phases_off, 0u);
    EXPECT_GT(offset_learnt(prefetcher, 1, 0, 20000), 0u);
}

TEST(BestOffsetPrefetcher, IgnoresOrdinaryHitsAndStaysInThePage) {
    BestOffsetPrefetcher prefetcher({});
    EXPECT_TRUE(wishes(prefetcher, 0, 0x1000, true, false).empty());
    EXPECT_EQ(wishes(prefetcher, 0, 0x1000), std::vector<Address>{0x1040});
    EXPECT_TRUE(wishes(prefetcher, 0, 0x1fc0).empty());
}

class PrefetchingCache : public testing::Test {
  protected:
    NextLinePrefetcher prefetcher{NextLinePrefetcher::Params{}};
    CacheRig rig{[this](Cache::Params &p) { p.prefetcher = &prefetcher, p.mshrs = 4; }};
    const Cache::Stats &stats = rig.cache.stats;
};

TEST_F(PrefetchingCache, PrefetchedLineIsThereForItsFirstUse) {
    rig.load(0);
    EXPECT_EQ(rig.next.count(AccessKind::Prefetch), 1u);
    EXPECT_TRUE(rig.cache.probe(0x40));
    EXPECT_EQ(rig.ask(0x40), rig.clock.now + 3);
    EXPECT_EQ(stats.prefetches_issued, 1u);
    EXPECT_EQ(stats.prefetches_useful, 1u);
    rig.ask(0x48);
    EXPECT_EQ(stats.prefetches_useful, 1u);   // counted once
    EXPECT_EQ(stats.hits, 2u);
    EXPECT_EQ(stats.misses, 1u);
}

TEST_F(PrefetchingCache, DemandForALineOnItsWayIsALatePrefetch) {
    rig.ask(0);
    rig.source.run(10);
    rig.ask(0x40);
    rig.source.run(42);
    EXPECT_EQ(rig.source.ready(1), 52u);   // the prefetch left in cycle 1 but its fill waits for the first
    EXPECT_EQ(stats.prefetches_late, 1u);
    EXPECT_EQ(stats.prefetches_useful, 0u);
}

TEST_F(PrefetchingCache, LineThatLeavesUnusedIsCounted) {
    rig.load(0);                       // brings 0x40
    rig.load(rig.rival(1) + 0x40);     // same set as 0x40, brings the next set's line
    rig.load(rig.rival(2) + 0x40);
    EXPECT_EQ(stats.prefetches_unused, 1u);
}

TEST_F(PrefetchingCache, PrefetchIsDroppedWhereMshrsAreShort) {
    rig.ask(0);        // and a prefetch of 0x40: two of four MSHRs are left
    rig.source.run(1);
    rig.ask(0x400);    // one is left, which prefetches must not take
    EXPECT_EQ(stats.prefetches_dropped, 1u);
    EXPECT_EQ(rig.ask(0x800), kMiss);   // but a demand may
}

TEST_F(PrefetchingCache, PrefetchIsDroppedWhereTheNextLevelIsBusy) {
    rig.next.busy_until = 1000;
    rig.load(0);   // in order: the demand is repeated, and the prefetch leaves right behind it
    EXPECT_EQ(stats.prefetches_issued, 1u);
    const u64 misses = stats.misses;
    rig.next.busy_until = rig.clock.now + 30;
    rig.ask(0x40);   // a first use: only a prefetch leaves
    rig.source.run_until_idle();
    EXPECT_EQ(stats.misses, misses);
    EXPECT_EQ(stats.prefetches_dropped, 1u);
    EXPECT_FALSE(rig.cache.probe(0x80));
}

TEST_F(PrefetchingCache, EveryIssuedPrefetchHasOneFate) {
    u64 x = 9;
    for (u32 i = 0; i < 5000; ++i) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        rig.ask((x >> 40) % 64 * kLine);
        rig.source.run(x >> 59);
    }
    rig.source.run_until_idle();
    const u64 before = stats.prefetches_unused;
    rig.cache.invalidate_all(rig.clock.now);   // those still there count as unused now
    EXPECT_GT(stats.prefetches_unused, before);
    EXPECT_EQ(stats.prefetches_issued,
              stats.prefetches_useful + stats.prefetches_late + stats.prefetches_unused);
    EXPECT_GT(stats.prefetches_useful * stats.prefetches_late * stats.prefetches_dropped, 0u);
    EXPECT_EQ(stats.hits + stats.misses, stats.reads);
}

}  // namespace
}  // namespace sim::test
