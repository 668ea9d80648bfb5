// SPDX-License-Identifier: BSD-3-Clause
// When the in-order core's instructions issue: latencies, widths, stalls on use, penalties, lost slots.
#include "inorder/inorder_rig.hh"

namespace sim::test {
namespace {

using namespace assembly;
constexpr u32 kData = InOrderRig::kDataRegister;

Code repeated(u32 instruction, u32 count) {
    Code code(count, instruction);
    code.push_back(ecall());
    return code;
}

TEST(InOrderTiming, DependentAddsIssueOneACycle) {
    InOrderRig rig(repeated(addi(5, 5, 1), 200));
    rig.run();
    for (u32 n = 1; n < 200; ++n) ASSERT_EQ(rig.issue(n), rig.issue(n - 1) + 1) << n;
    EXPECT_EQ(rig.reg(5), 200u);
}

TEST(InOrderTiming, DependentMultiplicationsIssueOneALatency) {
    for (u32 latency : {1u, 3u, 7u}) {
        InOrderRig rig(repeated(mul(5, 5, 5), 50),
                       [&](auto &, auto &units) { units.multiply_latency = latency; });
        rig.run();
        for (u32 n = 1; n < 50; ++n) ASSERT_EQ(rig.issue(n), rig.issue(n - 1) + latency) << latency;
    }
}

TEST(InOrderTiming, IndependentAddsCommitAsManyACycleAsTheWidth) {
    for (u32 width : {1u, 2u, 4u, 8u}) {   // widths that divide a line of 16 instructions
        Code code;
        for (u32 n = 0; n < 1600; ++n) code.push_back(addi(5 + n % 8, 0, i32(n)));
        code.push_back(ecall());
        InOrderRig rig(code, [&](auto &core, auto &units) {
            core.fetch_width = core.dispatch_width = core.issue_width = core.commit_width = width;
            units.integer = width;
        });
        rig.run();
        EXPECT_EQ(rig.at(1599, "commit") - rig.at(0, "commit"), 1600 / width - 1) << width;
    }
}

TEST(InOrderTiming, ATwelveWideCoreIssuesTwelveInOneCycle) {
    Code code = {div(6, 7, 8), add(5, 6, 6)};   // the add holds up what is behind it
    for (u32 n = 0; n < 24; ++n) code.push_back(addi(9 + n % 8, 0, 1));
    code.push_back(ecall());
    InOrderRig rig(code, [](auto &core, auto &units) {
        core.fetch_width = core.dispatch_width = core.issue_width = core.commit_width = 12;
        units.integer = 12;
        core.issue_queue_entries = 24;
    });
    rig.run();
    EXPECT_EQ(rig.issue(1), rig.issue(12));
    EXPECT_EQ(rig.issue(13), rig.issue(1) + 1);
    EXPECT_EQ(rig.issue(13), rig.issue(24));
}

TEST(InOrderTiming, OneUnitLetsOneInstructionIssueACycle) {
    Code code;
    for (u32 n = 0; n < 64; ++n) code.push_back(addi(5 + n % 8, 0, 1));
    code.push_back(ecall());
    InOrderRig rig(code, [](auto &, auto &units) { units.identical = 1; });
    rig.run();
    for (u32 n = 1; n < 64; ++n) ASSERT_EQ(rig.issue(n), rig.issue(n - 1) + 1);
    EXPECT_GT(rig.stats().stall_execution, 0u);
}

TEST(InOrderTiming, AYoungerInstructionNeverIssuesBeforeAnOlderOne) {
    InOrderRig rig({div(5, 6, 7), add(8, 5, 5), addi(9, 0, 1), addi(10, 0, 1), ecall()});
    rig.run();
    EXPECT_EQ(rig.issue(1), rig.issue(0) + 20);
    EXPECT_EQ(rig.issue(2), rig.issue(1));
}

TEST(InOrderTiming, UsersOfALoadThatHitsIssueAnAddressAndAHitLatencyLater) {
    for (u32 to_execute : {1u, 2u, 4u}) {
        InOrderRig rig({ld(5, kData, 0), add(6, 5, 5), ecall()},
                       [&](auto &core, auto &) { core.schedule_to_execute = to_execute; });
        rig.warm(kDataAt).run();
        EXPECT_EQ(rig.at(1, "execute") - rig.at(0, "execute"), 1u + 4u) << to_execute;
    }
}

TEST(InOrderTiming, AMissStallsItsUserAndNotTheIndependentInstructionsBeforeIt) {
    Code code = {ld(5, kData, 0)};
    for (u32 n = 0; n < 12; ++n) code.push_back(addi(6 + n % 4, 0, 1));
    code.push_back(add(10, 5, 5));   // 13: the user
    for (u32 n = 0; n < 12; ++n) code.push_back(addi(11, 0, 1));   // independent, but behind it
    code.push_back(ecall());
    InOrderRig rig(code);
    rig.run();
    EXPECT_LE(rig.issue(12), rig.issue(0) + 4);
    EXPECT_GE(rig.issue(13), rig.issue(0) + kMissCycles);
    EXPECT_EQ(rig.issue(14), rig.issue(13));
    EXPECT_GT(rig.stats().stall_memory, 0u);
}

TEST(InOrderTiming, AHitExecutesUnderAMissAndTwoMissesOverlap) {
    InOrderRig rig({ld(5, kData, 0), ld(6, kData, 64), ld(7, kData, 128), add(8, 7, 7), add(9, 5, 6),
                    ecall()});
    rig.warm(kDataAt + 128).run();
    EXPECT_LE(rig.issue(3), rig.issue(2) + 5);
    EXPECT_GE(rig.issue(4), rig.issue(0) + kMissCycles);
    EXPECT_LT(rig.issue(4), rig.issue(0) + kMissCycles + 20);
}

TEST(InOrderTiming, NoMoreInstructionsThanAllowedAreInFlightBehindAMiss) {
    Code code = {ld(5, kData, 0)};
    for (u32 n = 0; n < 30; ++n) code.push_back(addi(6 + n % 4, 0, 1));
    code.push_back(ecall());
    InOrderRig rig(code, [](auto &core, auto &) { core.in_flight_entries = 8; });
    rig.run();
    EXPECT_LE(rig.issue(7), rig.issue(0) + 3);
    EXPECT_GE(rig.issue(8), rig.issue(0) + kMissCycles);
}

TEST(InOrderTiming, AStoresBytesReachALoadFromTheStoreBuffer) {
    for (u32 latency : {1u, 4u, 9u}) {
        InOrderRig rig({addi(5, 0, 77), sd(5, kData, 8), ld(6, kData, 8), add(7, 6, 6), ecall()},
                       [&](auto &core, auto &) { core.forward_latency = latency; });
        rig.run();   // the line is not in the cache
        EXPECT_EQ(rig.at(3, "execute") - rig.at(2, "execute"), 1 + latency);
        EXPECT_EQ(rig.reg(7), 154u);
        EXPECT_EQ(rig.stats().forwarded_loads, 1u);
    }
}

TEST(InOrderTiming, AMispredictionCostsThePipelineBetweenFetchAndExecution) {
    struct Depths { u32 decode, schedule, execute; };
    for (Depths d : {Depths{1, 1, 1}, {3, 3, 2}, {5, 2, 4}}) {
        InOrderRig rig({addi(5, 0, 1), bne(5, 0, 12), addi(6, 0, 1), addi(6, 0, 2), addi(7, 0, 3), ecall()},
                       [&](auto &core, auto &) {
                           core.fetch_to_decode = d.decode;
                           core.decode_to_schedule = d.schedule;
                           core.schedule_to_execute = d.execute;
                       });
        rig.run();
        // Fetch restarts in the cycle after the branch executes.
        EXPECT_EQ(rig.at(4, "execute") - rig.at(1, "execute"), 1 + d.decode + d.schedule + d.execute);
        EXPECT_EQ(rig.stats().branch_mispredictions, 1u);
        EXPECT_GT(rig.stats().stall_misprediction, 0u);
    }
}

TEST(InOrderTiming, AFullStoreBufferHoldsIssueUp) {
    Code code;
    for (u32 n = 0; n < 12; ++n) code.push_back(sd(0, kData, i32(64 * n)));
    code.push_back(ecall());
    InOrderRig few(code, [](auto &core, auto &) { core.store_buffer_entries = 2; });
    InOrderRig many(code, [](auto &core, auto &) { core.store_buffer_entries = 20; });
    few.run(), many.run();
    EXPECT_GE(few.issue(11) - few.issue(0), 4 * kMissCycles);
    EXPECT_LE(many.issue(11) - many.issue(0), 12u);
    EXPECT_GT(few.stats().stall_store_drain, 0u);
}

TEST(InOrderTiming, ASerialisingInstructionWaitsForEverythingOlder) {
    InOrderRig rig({ld(5, kData, 64), sd(0, kData, 0), amoadd_d(6, 0, kData), addi(7, 0, 1), ecall()},
                   [](auto &core, auto &) { core.issue_queue_entries = 2; });
    rig.run();
    EXPECT_GE(rig.at(2, "commit"), rig.at(1, "commit") + kMissCycles);   // for the store's line
    EXPECT_EQ(rig.issue(3), rig.at(2, "commit"));
    EXPECT_GT(rig.stats().stall_serialize, kMissCycles);
}

TEST(InOrderTiming, SlotsOfEveryCycleAreUsedOrLostForOneReason) {
    // A loop with a multiplication, a load that misses, a store and an unpredictable branch.
    const Code code = {addi(5, 0, 60),   addi(8, kData, 0), /* loop: */ ld(6, 8, 0),
                       mul(7, 6, 5),     sd(7, 8, 8),       addi(8, 8, 128),
                       addi(5, 5, -1),   amoadd_d(9, 5, kData),
                       bne(5, 0, -24),   ecall()};
    for (u32 width : {1u, 2u, 4u, 12u}) {
        InOrderRig rig(code, [&](auto &core, auto &) {
            core.fetch_width = core.dispatch_width = width;
            core.issue_width = 13 - width;
            core.issue_queue_entries = width;
        });
        rig.run();
        EXPECT_EQ(rig.lost_and_used_slots(), width * rig.stats().cycles) << width;
        EXPECT_EQ(rig.stats().committed_instructions, 2 + 60 * 7 + 1u);
        EXPECT_EQ(rig.stats().slots_squashed > 0, width > 1) << width;   // one entry: nothing behind it
    }
}

TEST(InOrderTiming, OperandsComeFromTheBypassWhileTheirProducerIsInFlight) {
    InOrderRig rig({addi(5, 0, 1), add(6, 5, 5), div(9, 9, 9), add(10, 9, 9), add(11, 6, 5), ecall()});
    rig.run();
    EXPECT_EQ(rig.stats().bypassed_operands, 4u);   // both operands of 1 and of 3
    EXPECT_EQ(rig.stats().register_writes, 5u);
    EXPECT_EQ(rig.reg(11), 3u);
}

TEST(InOrderTiming, StepsThatNeedNotBeExactLeaveNoTrace) {
    Code code;
    for (u32 n = 0; n < 400; ++n) code.push_back(addi(5 + n % 8, 0, i32(n)));
    code.push_back(ecall());
    InOrderRig whole(code), steps(code);
    whole.run();
    steps.start();
    steps.core->exact_stop = false;
    while (!steps.world.exited()) steps.core->run(7);
    EXPECT_EQ(steps.stats().cycles, whole.stats().cycles);
    EXPECT_EQ(steps.stats().committed_instructions, whole.stats().committed_instructions);
}

}  // namespace
}  // namespace sim::test
