// SPDX-License-Identifier: BSD-3-Clause
// Dram: latencies from its timing parameters, constraints between commands, scheduling, bandwidth and
// refresh.
#include <gtest/gtest.h>
#include <cstring>
#include "memory/dram.hh"
#include "memory/memory_rig.hh"

namespace sim::test {
namespace {

// With the default geometry: the next column in a row, the next bank of a group, and another row of the same
// bank.
constexpr Address kGroup = 64, kColumn = 4 * 64, kBank = 32_KiB, kRow = 16 * 16 * 8_KiB;

// Core and DRAM clock are equal and the controller takes one cycle, so that cycles are DRAM clocks, unless
// changed.
struct DramRig {
    template <class Change> explicit DramRig(const Change &change)
        : dram(params<Dram>([&](auto &p) {
              p.core_clock = 1.2, p.controller_latency = 0, p.return_latency = 0;
              change(p);
          })) {
        dram.attach(clock);
    }
    DramRig() : DramRig([](auto &) {}) {}
    Cycle wait_for(Address address) { return source.wait_for(dram, address); }
    Cycle ask(Address address, AccessKind kind = AccessKind::Read) { return source.ask(dram, address, kind); }

    Clock clock;
    Source source{clock};
    Dram dram;
    const Dram::Params &p = dram.params();
    const Cycle transfer = p.t_cl + p.burst_clocks;   // from a read command to the last data
};

TEST(Dram, LatencyDependsOnTheRowBuffer) {
    DramRig rig;
    EXPECT_EQ(rig.wait_for(0), 1 + rig.p.t_rcd + rig.transfer);
    EXPECT_EQ(rig.wait_for(kColumn), 1 + rig.transfer);
    rig.source.run(100);
    EXPECT_EQ(rig.wait_for(kRow), 1 + rig.p.t_rp + rig.p.t_rcd + rig.transfer);
    EXPECT_EQ(rig.dram.stats.row_misses, 1u);
    EXPECT_EQ(rig.dram.stats.row_hits, 1u);
    EXPECT_EQ(rig.dram.stats.row_conflicts, 1u);
    EXPECT_EQ(rig.dram.stats.precharges, 1u);
}

TEST(Dram, ControllerAndReturnLatencyAddToIt) {
    DramRig rig(
        [](auto &p) { p.core_clock = 2, p.dram_clock = 1, p.controller_latency = 10, p.return_latency = 3; });
    EXPECT_EQ(rig.wait_for(0), 20 + 2 * (rig.p.t_rcd + rig.transfer) + 6);
}

TEST(Dram, RowStaysOpenForItsMinimumTime) {
    DramRig rig;
    rig.ask(0);
    rig.ask(kRow);
    rig.source.run_until_idle();   // activate in 1, precharge not before t_ras later
    EXPECT_EQ(rig.source.ready(1), 1 + rig.p.t_ras + rig.p.t_rp + rig.p.t_rcd + rig.transfer);
}

TEST(Dram, FifthActivateWaitsForTheFourActivateWindow) {
    DramRig rig;
    for (u32 i = 0; i < 4; ++i) rig.ask(i * kGroup);
    rig.ask(kBank);
    rig.source.run_until_idle();
    const Cycle after_activate = rig.p.t_rcd + rig.transfer;
    for (u32 i = 0; i < 4; ++i) EXPECT_EQ(rig.source.ready(i), 1 + i * rig.p.t_rrd_s + after_activate);
    EXPECT_EQ(rig.source.ready(4), 1 + rig.p.t_faw + after_activate);
}

TEST(Dram, ActivatesInOneGroupAreFurtherApart) {
    DramRig rig;
    rig.ask(0);
    rig.ask(kBank);
    rig.source.run_until_idle();
    EXPECT_EQ(rig.source.ready(1) - rig.source.ready(0), rig.p.t_rrd_l);
}

TEST(Dram, AccessesToOneGroupAreFurtherApartThanToTwo) {
    DramRig rig;
    for (const Address address : {Address{0}, kGroup}) rig.wait_for(address);
    for (const Address address : {kColumn, 2 * kColumn}) rig.ask(address);
    rig.source.run_until_idle();
    EXPECT_EQ(rig.source.ready(3) - rig.source.ready(2), rig.p.t_ccd_l);
    for (const Address address : {3 * kColumn, 3 * kColumn + kGroup}) rig.ask(address);
    rig.source.run_until_idle();
    EXPECT_EQ(rig.source.ready(5) - rig.source.ready(4), rig.p.t_ccd_s);
}

TEST(Dram, ReadAfterAWriteInItsGroupWaitsForTheTurnaround) {
    DramRig rig([](auto &p) { p.write_low_watermark = 0, p.write_high_watermark = 1; });
    rig.ask(0, AccessKind::Writeback);   // activate in 1
    rig.source.run_to(20);
    rig.ask(kColumn);
    rig.source.run_until_idle();
    const Cycle written = 1 + rig.p.t_rcd + rig.p.t_cwl + rig.p.burst_clocks;
    EXPECT_EQ(rig.source.ready(1), written + rig.p.t_wtr_l + rig.transfer);
    EXPECT_EQ(rig.dram.stats.write_bursts, 1u);
}

TEST(Dram, OpenRowIsServedBeforeAnOlderConflict) {
    DramRig rig;
    rig.wait_for(0);
    rig.ask(kRow);
    rig.ask(kColumn);
    rig.source.run_until_idle();
    EXPECT_EQ(rig.source.order, (std::vector<u32>{0, 2, 1}));
    EXPECT_EQ(rig.dram.stats.row_hits, 1u);
}

TEST(Dram, OlderConflictIsServedAfterTheLimitOfRowHits) {
    DramRig rig([](auto &p) { p.row_hit_limit = 4; });
    rig.ask(0);
    rig.ask(kRow);
    for (u32 i = 1; i < 10; ++i) rig.ask(i * kColumn);
    rig.source.run_until_idle();
    EXPECT_EQ(rig.source.order, (std::vector<u32>{0, 2, 3, 4, 1, 5, 6, 7, 8, 9, 10}));
}

TEST(Dram, ReadIsForwardedFromTheWriteQueue) {
    DramRig rig([](auto &p) { p.return_latency = 10; });
    rig.ask(0x1000, AccessKind::Writeback);
    EXPECT_EQ(rig.ask(0x1000), 1u + 12);
    EXPECT_EQ(rig.dram.stats.read_forwards, 1u);
    EXPECT_NE(rig.ask(0x1000, AccessKind::Writeback), kBusy);
    EXPECT_EQ(rig.dram.stats.write_merges, 1u);
}

TEST(Dram, WritesWaitForTheWatermarkAndDrainToTheLowOne) {
    DramRig rig;
    for (u32 i = 0; i < 16; ++i) rig.ask(i * 64, AccessKind::Writeback);
    rig.source.run_until_idle();
    EXPECT_EQ(rig.dram.stats.write_bursts, 0u);
    rig.ask(16 * 64, AccessKind::Writeback);
    rig.source.run_until_idle();
    EXPECT_EQ(rig.dram.stats.write_bursts, 17u - rig.p.write_low_watermark);
    EXPECT_EQ(rig.dram.stats.write_drains, 1u);
}

TEST(Dram, FullQueuesTurnRequestsAway) {
    DramRig rig;
    for (u32 i = 0; i < 32; ++i) {
        EXPECT_EQ(rig.ask(i * kRow), kMiss);
        EXPECT_NE(rig.ask(i * kRow + 64, AccessKind::Writeback), kBusy);
    }
    EXPECT_EQ(rig.ask(40 * kRow), kBusy);
    EXPECT_EQ(rig.ask(40 * kRow, AccessKind::Writeback), kBusy);
    EXPECT_EQ(rig.dram.stats.read_queue_rejections, 1u);
    EXPECT_EQ(rig.dram.stats.write_queue_rejections, 1u);
    rig.source.run_until_idle();
    for (u32 tag = 0; tag < rig.source.asked(); ++tag) EXPECT_NE(rig.source.ready(tag), kNever);
}

double stream(DramRig &rig, u32 lines, Address step) {
    for (u32 i = 0; i < lines; ++i)
        while (rig.ask(i * step) == kBusy) rig.source.run(1);
    rig.source.run_until_idle();
    const double clocks = double(rig.clock.now) * rig.p.dram_clock / rig.p.core_clock;
    return lines * rig.p.burst_clocks / clocks / rig.p.channels;
}

TEST(Dram, StreamOfReadsReachesNineTenthsOfThePinBandwidth) {
    DramRig equal, faster([](auto &p) { p.core_clock = 2; }),
        wide([](auto &p) { p.core_clock = 2, p.channels = 2; });
    EXPECT_GE(stream(equal, 20000, 64), 0.9);
    EXPECT_GE(stream(faster, 20000, 64), 0.9);
    EXPECT_GE(stream(wide, 40000, 64), 0.9);
    EXPECT_LE(faster.dram.stats.row_misses + faster.dram.stats.row_conflicts, 20000 / 128 + 60u);
    EXPECT_GE(faster.dram.stats.refreshes, 20000 * 4 / 9360u);
}

TEST(Dram, StreamToOneBankIsLimitedByItsRowCycle) {
    DramRig rig([](auto &p) { p.t_refi = 0; });
    const double share = stream(rig, 200, kRow);
    EXPECT_NEAR(share, double(rig.p.burst_clocks) / rig.p.t_rc, 0.01);
}

TEST(Dram, RefreshDelaysARequestAndClosesTheRows) {
    DramRig rig;
    rig.wait_for(0);
    const Cycle due = rig.p.t_refi;
    rig.source.run_to(due + 39);
    EXPECT_EQ(rig.wait_for(0), rig.p.t_rp + rig.p.t_rfc + rig.p.t_rcd + rig.transfer - 39);
    EXPECT_EQ(rig.dram.stats.refreshes, 1u);
    EXPECT_EQ(rig.dram.stats.row_misses, 2u);
}

TEST(Dram, RefreshesMissedWhileIdleAreMadeUpFor) {
    DramRig rig;
    rig.source.run_to(u64(rig.p.t_refi) * 1000 + rig.p.t_rfc);
    EXPECT_EQ(rig.wait_for(0), 1 + rig.p.t_rcd + rig.transfer);
    EXPECT_EQ(rig.dram.stats.refreshes, 1000u);
}

TEST(Dram, ClockConversionIsExactAndDoesNotDrift) {
    const ClockRatio ratio(2.0, 1.2);
    EXPECT_EQ(ratio.core_cycle(3'000'000'000'000), 5'000'000'000'000u);
    EXPECT_EQ(ratio.core_cycle(3'000'000'000'001), 5'000'000'000'002u);
    for (u64 cycle = 0; cycle < 100; ++cycle) {
        const u64 edge = ratio.other_cycle(cycle);
        EXPECT_GE(edge * 5, cycle * 3);
        EXPECT_LT((edge - 1) * 5 + 5, cycle * 3 + 5);
        EXPECT_GE(ratio.core_cycle(edge), cycle);
    }
}

TEST(Dram, RandomTrafficIsAnsweredCompletelyAndTheSameTwice) {
    DramRig first([](auto &p) { p.core_clock = 2, p.ranks = 2; }),
        second([](auto &p) { p.core_clock = 2, p.ranks = 2; });
    for (DramRig *rig : {&first, &second}) {
        u64 x = 1;
        for (u32 i = 0; i < 20000; ++i) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            rig->ask((x >> 36) * 64, (x >> 20) % 3 ? AccessKind::Read : AccessKind::Writeback);
            rig->source.run((x >> 50) % 16);
        }
        rig->source.run_until_idle();
        const Dram::Stats &s = rig->dram.stats;
        EXPECT_EQ(rig->source.order.size(), s.read_bursts);
        EXPECT_EQ(s.reads, s.read_bursts + s.read_forwards);
        EXPECT_EQ(s.row_hits + s.row_misses + s.row_conflicts, s.read_bursts + s.write_bursts);
        EXPECT_GE(s.activates, s.row_misses + s.row_conflicts);
        EXPECT_GT(s.write_bursts, 1000u);
    }
    EXPECT_EQ(std::memcmp(&first.dram.stats, &second.dram.stats, sizeof first.dram.stats), 0);
    EXPECT_EQ(first.source.order, second.source.order);
}

TEST(Dram, ImpossibleParametersAreRefused) {
    EXPECT_THROW(DramRig([](auto &p) { p.channels = 3; }), ConfigError);
    EXPECT_THROW(DramRig([](auto &p) { p.ranks = 16; }), ConfigError);
    EXPECT_THROW(DramRig([](auto &p) { p.write_low_watermark = 24; }), ConfigError);
    EXPECT_THROW(DramRig([](auto &p) { p.t_refi = 500; }), ConfigError);
    EXPECT_THROW(DramRig([](auto &p) { p.core_clock = 0; }), ConfigError);
}

}  // namespace
}  // namespace sim::test
