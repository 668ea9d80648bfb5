// SPDX-License-Identifier: BSD-3-Clause
// Bus and memory of fixed latency: transfer times, order, and limits.
#include <gtest/gtest.h>
#include "memory/bus.hh"
#include "memory/fixed_latency_memory.hh"
#include "memory/memory_rig.hh"

namespace sim::test {
namespace {

class BusTest : public testing::Test {
  protected:
    BusTest() {
        next.attach(clock);
        bus.attach(clock);
    }
    Clock clock;
    Source source{clock};
    Sink next;
    Bus bus{params<Bus>(
        [this](auto &p) { p.next = &next, p.bandwidth = 16, p.latency = 2, p.queue_entries = 4; })};
};

TEST(FixedLatencyMemory, AnswersEveryAccessAfterItsLatency) {
    FixedLatencyMemory memory(params<FixedLatencyMemory>([](auto &p) { p.latency = 7; }));
    for (u32 i = 0; i < 3; ++i) EXPECT_EQ(memory.access({.address = i * 64}, 10), 17u);
    memory.access({.address = 0, .kind = AccessKind::Writeback}, 10);
    EXPECT_EQ(memory.stats.reads, 3u);
    EXPECT_EQ(memory.stats.writes, 1u);
    EXPECT_THROW(FixedLatencyMemory(params<FixedLatencyMemory>([](auto &p) { p.latency = 0; })), ConfigError);
}

TEST_F(BusTest, ReadTakesARequestTransferAndAResponseTransfer) {
    EXPECT_EQ(source.ask(bus, 0x40), kMiss);
    source.run_to(2);
    EXPECT_TRUE(next.seen.empty());
    source.run_to(3);
    ASSERT_EQ(next.seen.size(), 1u);
    EXPECT_EQ(next.seen[0].address, 0x40u);
    source.run_to(3 + 50 + 4 + 2 - 1);
    EXPECT_EQ(source.ready(0), kNever);
    source.run_to(3 + 50 + 4 + 2);
    EXPECT_EQ(source.ready(0), 59u);
    EXPECT_EQ(bus.stats.bytes, 72u);
    EXPECT_EQ(bus.stats.busy_cycles, 5u);
}

TEST_F(BusTest, ResponsesTakeTurns) {
    source.ask(bus, 0);
    source.ask(bus, 64);
    source.run_until_idle();
    EXPECT_EQ(source.ready(0), 59u);
    EXPECT_EQ(source.ready(1), 63u);
    EXPECT_EQ(bus.stats.wait_cycles, 1u + 3u);
}

TEST_F(BusTest, WrittenLinesUseTheBandwidthAndNeedNoAnswer) {
    source.ask(bus, 0, AccessKind::Writeback);
    source.ask(bus, 64);
    source.run_until_idle();
    ASSERT_EQ(next.seen.size(), 2u);
    EXPECT_EQ(next.seen[0].at, 5u + 2);   // 72 bytes at 16 a cycle
    EXPECT_EQ(next.seen[1].at, 5u + 1 + 2);
    EXPECT_EQ(bus.stats.responses, 1u);
}

TEST_F(BusTest, FullQueueTurnsRequestsAwayUntilAnAnswerIsDelivered) {
    for (u32 i = 0; i < 4; ++i) EXPECT_EQ(source.ask(bus, i * 64), kMiss);
    EXPECT_EQ(source.ask(bus, 0x1000), kBusy);
    EXPECT_EQ(bus.stats.queue_rejections, 1u);
    source.run_to(58);
    EXPECT_EQ(source.ask(bus, 0x1000), kBusy);
    source.run_to(59);
    EXPECT_EQ(source.ask(bus, 0x1000), kMiss);
}

TEST_F(BusTest, RequestsStayInOrderWhenTheLevelBehindIsBusy) {
    next.busy_until = 30;
    for (u32 i = 0; i < 3; ++i) source.ask(bus, i * 64);
    source.run_until_idle();
    ASSERT_EQ(next.seen.size(), 3u);
    for (u32 i = 0; i < 3; ++i) {
        EXPECT_EQ(next.seen[i].address, i * 64);
        EXPECT_EQ(next.seen[i].at, 30u);
    }
    EXPECT_EQ(bus.stats.next_rejections, 27u);   // once a cycle from 3 to 29
}

TEST_F(BusTest, StreamReachesTheBandwidth) {
    next.latency = 1;
    const u32 lines = 500;
    for (u32 i = 0; i < lines; ++i)
        while (source.ask(bus, i * 64) == kBusy) source.run(1);
    source.run_until_idle();
    EXPECT_EQ(bus.stats.busy_cycles, lines * 5u);   // 8 and 64 bytes
    EXPECT_LE(clock.now, lines * 5u + 20);
}

}  // namespace
}  // namespace sim::test
