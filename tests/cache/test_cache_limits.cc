// SPDX-License-Identifier: BSD-3-Clause
// Cache: each resource runs out, is counted, and is free again in the right cycle.
#include <cstring>
#include "cache/cache_rig.hh"

namespace sim::test {
namespace {

TEST(CacheLimits, PortsAreFreeAgainInTheNextCycle) {
    CacheRig rig([](Cache::Params &p) { p.ports = 2; });
    rig.load(0);
    EXPECT_NE(rig.ask(0), kBusy);
    EXPECT_NE(rig.ask(8), kBusy);
    EXPECT_EQ(rig.ask(16), kBusy);
    EXPECT_EQ(rig.cache.stats.port_rejections, 1u);
    rig.source.run(1);
    EXPECT_EQ(rig.ask(16), rig.clock.now + 3);
}

TEST(CacheLimits, MissesUsePortsToo) {
    CacheRig rig([](Cache::Params &p) { p.ports = 1; });
    EXPECT_EQ(rig.ask(0), kMiss);
    EXPECT_EQ(rig.ask(0x40), kBusy);
}

TEST(CacheLimits, AccessesToOneBankConflict) {
    CacheRig rig([](Cache::Params &p) { p.ports = 4, p.banks = 4, p.bank_bytes = 8; });
    rig.load(0);
    EXPECT_NE(rig.ask(0), kBusy);
    EXPECT_EQ(rig.ask(32), kBusy);
    EXPECT_NE(rig.ask(8), kBusy);
    EXPECT_EQ(rig.cache.stats.bank_rejections, 1u);
    rig.source.run(1);
    EXPECT_NE(rig.ask(32), kBusy);
}

TEST(CacheLimits, LineInterleavedBanksConflictByLine) {
    CacheRig rig([](Cache::Params &p) { p.ports = 4, p.banks = 2, p.bank_bytes = 64; });
    EXPECT_NE(rig.ask(0), kBusy);
    EXPECT_EQ(rig.ask(8), kBusy);
    EXPECT_NE(rig.ask(0x40), kBusy);
    EXPECT_EQ(rig.ask(0x80), kBusy);
}

TEST(CacheLimits, MissWithoutAFreeMshrIsTurnedAwayUntilAFillFreesOne) {
    CacheRig rig([](Cache::Params &p) { p.mshrs = 1; });
    EXPECT_EQ(rig.ask(0), kMiss);
    EXPECT_EQ(rig.ask(0x40), kBusy);
    EXPECT_EQ(rig.cache.stats.mshr_rejections, 1u);
    rig.source.run_to(50);
    EXPECT_EQ(rig.ask(0x40), kBusy);
    rig.source.run_to(51);
    EXPECT_EQ(rig.ask(0x40), kMiss);
}

TEST(CacheLimits, AccessBeyondTheTargetsOfAnMshrIsTurnedAway) {
    CacheRig rig([](Cache::Params &p) { p.mshr_targets = 2, p.ports = 4; });
    EXPECT_EQ(rig.ask(0), kMiss);
    EXPECT_EQ(rig.ask(8), kMiss);
    EXPECT_EQ(rig.ask(16), kBusy);
    EXPECT_EQ(rig.cache.stats.target_rejections, 1u);
    EXPECT_EQ(rig.cache.stats.misses, 2u);
}

TEST(CacheLimits, FillWaitsForAPlaceInTheWriteBuffer) {
    CacheRig rig([](Cache::Params &p) { p.write_buffer_entries = 1; });
    for (u32 i = 0; i < 2; ++i) rig.load(rig.rival(i), AccessKind::Write);
    rig.next.writes_busy = true;
    rig.ask(rig.rival(2));
    rig.source.run(60);
    const Cycle asked = rig.clock.now;
    const u32 tag = rig.source.asked();
    rig.ask(rig.rival(3));
    rig.source.run(100);
    EXPECT_EQ(rig.source.ready(tag), kNever);
    rig.next.writes_busy = false;
    rig.source.run(2);
    EXPECT_EQ(rig.source.ready(tag), asked + 102);
    EXPECT_EQ(rig.cache.stats.write_buffer_stalls, 51u);   // from cycle 51 after the request to 101
}

TEST(CacheLimits, WritebackFromAboveWaitsForAPlaceInTheWriteBuffer) {
    CacheRig rig([](Cache::Params &p) { p.write_buffer_entries = 1, p.ports = 4; });
    rig.next.writes_busy = true;
    EXPECT_NE(rig.ask(rig.rival(0), AccessKind::Writeback), kBusy);
    EXPECT_NE(rig.ask(rig.rival(1), AccessKind::Writeback), kBusy);
    EXPECT_NE(rig.ask(rig.rival(2), AccessKind::Writeback), kBusy);
    EXPECT_EQ(rig.ask(rig.rival(3), AccessKind::Writeback), kBusy);
    EXPECT_EQ(rig.cache.stats.write_buffer_rejections, 1u);
    rig.next.writes_busy = false;
    rig.source.run(2);
    EXPECT_NE(rig.ask(rig.rival(3), AccessKind::Writeback), kBusy);
}

TEST(CacheLimits, FillsOfOneCycleTakeTurns) {
    CacheRig rig([](Cache::Params &p) { p.ports = 4, p.fills_per_cycle = 1; });
    for (u32 i = 0; i < 3; ++i) rig.ask(i * kLine);
    rig.source.run_until_idle();
    EXPECT_EQ(rig.source.ready(0), 51u);
    EXPECT_EQ(rig.source.ready(1), 52u);
    EXPECT_EQ(rig.source.ready(2), 53u);
    EXPECT_EQ(rig.cache.stats.fill_stalls, 3u);
}

TEST(CacheLimits, BusyNextLevelIsAskedAgainInEveryCycleInOrder) {
    CacheRig rig([](Cache::Params &p) { p.ports = 4; });
    rig.next.busy_until = 20;
    rig.ask(0);
    rig.ask(0x40);
    rig.source.run_until_idle();
    ASSERT_EQ(rig.next.seen.size(), 2u);
    EXPECT_EQ(rig.next.seen[0].address, 0u);
    EXPECT_EQ(rig.next.seen[0].at, 20u);
    EXPECT_EQ(rig.next.seen[1].at, 20u);
    EXPECT_EQ(rig.cache.stats.next_rejections, 19u);
}

TEST(CacheLimits, RejectedAccessChangesNothingButItsCounter) {
    CacheRig rig([](Cache::Params &p) { p.mshrs = 1, p.ports = 1; });
    rig.load(0);
    rig.source.run(1);
    rig.ask(0x40);
    rig.source.run(1);
    const Cache::Stats before = rig.cache.stats;
    EXPECT_EQ(rig.ask(0x80), kBusy);
    Cache::Stats expected = before;
    ++expected.mshr_rejections;
    EXPECT_EQ(std::memcmp(&rig.cache.stats, &expected, sizeof expected), 0);
    EXPECT_NE(rig.ask(0), kBusy);   // the port is still free
}

}  // namespace
}  // namespace sim::test
