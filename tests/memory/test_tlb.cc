// SPDX-License-Identifier: BSD-3-Clause
// Tlb: hits, levels, and page walks.
#include <gtest/gtest.h>
#include "memory/memory_rig.hh"
#include "memory/tlb.hh"

namespace sim::test {
namespace {

constexpr Address kPage = 4096;

TEST(Tlb, HitIsUsableInTheSameCycle) {
    Tlb tlb(Tlb::Params{});
    tlb.translate(0x1234, 0);
    EXPECT_EQ(tlb.translate(0x1ff8, 100), 100u);
    EXPECT_EQ(tlb.stats.hits, 1u);
    EXPECT_EQ(tlb.stats.misses, 1u);
}

TEST(Tlb, MissTakesTheWalkAndSoDoAccessesMeanwhile) {
    Tlb tlb(params<Tlb>([](auto &p) { p.walk_latency = 30; }));
    EXPECT_EQ(tlb.translate(0, 10), 40u);
    EXPECT_EQ(tlb.translate(8, 20), 40u);
    EXPECT_EQ(tlb.translate(8, 39), 40u);
    EXPECT_EQ(tlb.translate(8, 40), 40u);
    EXPECT_EQ(tlb.translate(8, 41), 41u);
    EXPECT_EQ(tlb.stats.walks, 1u);
}

TEST(Tlb, SecondLevelServesWhatTheFirstHasLost) {
    Tlb second(params<Tlb>([](auto &p) { p.entries = 64, p.hit_latency = 7, p.walk_latency = 30; }));
    Tlb first(params<Tlb>([&](auto &p) { p.entries = 2, p.ways = 2, p.next = &second; }));
    EXPECT_EQ(first.translate(0, 0), 37u);
    for (u32 i = 1; i < 3; ++i) first.translate(i * kPage, 100);
    EXPECT_EQ(first.translate(0, 200), 207u);
    EXPECT_EQ(first.stats.evictions, 2u);
    EXPECT_EQ(second.stats.walks, 3u);
    EXPECT_EQ(second.stats.hits, 1u);
}

TEST(Tlb, LeastRecentlyUsedTranslationLeaves) {
    Tlb tlb(params<Tlb>([](auto &p) { p.entries = 2, p.ways = 2; }));
    tlb.translate(0, 0);
    tlb.translate(kPage, 100);
    tlb.translate(0, 200);
    tlb.translate(2 * kPage, 300);
    EXPECT_EQ(tlb.translate(0, 400), 400u);
    EXPECT_GT(tlb.translate(kPage, 500), 500u);
}

TEST(Tlb, FlushForgetsEverythingInAllLevels) {
    Tlb second(Tlb::Params{});
    Tlb first(params<Tlb>([&](auto &p) { p.next = &second; }));
    first.translate(0, 0);
    first.flush();
    first.translate(0, 100);
    EXPECT_EQ(second.stats.walks, 2u);
}

class WalkTest : public testing::Test {
  protected:
    WalkTest() {
        memory.attach(clock);
        tlb.attach(clock);
    }
    Clock clock;
    Source source{clock};
    Sink memory;
    Tlb tlb{
        params<Tlb>([this](auto &p) { p.page_table_memory = &memory, p.walkers = 2, p.walk_targets = 1; })};
};

TEST_F(WalkTest, WalkReadsOneEntryAfterTheOther) {
    EXPECT_EQ(tlb.translate(0x5000, 0), kMiss);
    source.run_to(150);
    ASSERT_EQ(memory.seen.size(), 3u);
    EXPECT_EQ(memory.seen[1].at, memory.seen[0].at + 50);
    EXPECT_EQ(memory.seen[2].at, memory.seen[1].at + 50);
    EXPECT_EQ(memory.seen[2].address, tlb.params().page_table_address + 5 * 8);
    EXPECT_EQ(tlb.translate(0x5000, 150), kMiss);
    source.run_to(151);
    EXPECT_EQ(tlb.translate(0x5000, 151), 151u);
    EXPECT_EQ(tlb.stats.walk_reads, 3u);
}

TEST_F(WalkTest, ClientIsToldInTheCycleInWhichTheWalkEnds) {
    struct Client final : MemoryClient {
        void memory_done(u32 t, Cycle now) override { tag = t, at = now; }
        u32 tag = 0;
        Cycle at = 0;
    } client;
    EXPECT_EQ(tlb.translate(0, 0, &client, 9), kMiss);
    source.run_until_idle();
    EXPECT_EQ(client.at, 151u);
    EXPECT_EQ(client.tag, 9u);
}

TEST_F(WalkTest, RequestsBeyondTheWalkersAreTurnedAway) {
    EXPECT_EQ(tlb.translate(0, 0), kMiss);
    EXPECT_EQ(tlb.translate(8, 0), kMiss);
    EXPECT_EQ(tlb.translate(kPage, 0), kMiss);
    EXPECT_EQ(tlb.translate(2 * kPage, 0), kBusy);
    EXPECT_EQ(tlb.stats.walk_merges, 1u);
    EXPECT_EQ(tlb.stats.walk_rejections, 1u);
}

TEST_F(WalkTest, WalkUnderWayDuringAFlushIsNotKept) {
    tlb.translate(0, 0);
    source.run_to(10);
    tlb.flush();
    source.run_until_idle();
    EXPECT_EQ(tlb.translate(0, clock.now), kMiss);
}

TEST(Tlb, ImpossibleGeometryIsRefused) {
    EXPECT_THROW(Tlb(params<Tlb>([](auto &p) { p.entries = 60; })), ConfigError);
    EXPECT_THROW(Tlb(params<Tlb>([](auto &p) { p.ways = 0; })), ConfigError);
    EXPECT_THROW(Tlb(params<Tlb>([](auto &p) { p.page_size = 5000; })), ConfigError);
}

}  // namespace
}  // namespace sim::test
