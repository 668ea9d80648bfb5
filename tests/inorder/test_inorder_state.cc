// SPDX-License-Identifier: BSD-3-Clause
// What programs can see of the in-order core: results, precise faults and interrupts, devices, exact stops.
#include "inorder/inorder_rig.hh"

namespace sim::test {
namespace {

using namespace assembly;
constexpr u32 kData = InOrderRig::kDataRegister;

TEST(InOrderState, TheYoungerOfTwoWritersWinsEvenIfItFinishesFirst) {
    InOrderRig rig({addi(6, 0, 40), addi(7, 0, 8), div(5, 6, 7), addi(5, 0, 3), add(8, 5, 5), ecall()});
    rig.run();
    EXPECT_EQ(rig.reg(5), 3u);
    EXPECT_EQ(rig.reg(8), 6u);
    EXPECT_LT(rig.at(4, "execute"), rig.at(2, "execute") + 20);   // the add did not wait for the division
}

TEST(InOrderState, AnOlderReaderSeesTheOldValueOfARegisterThatAYoungerInstructionWrites) {
    InOrderRig rig({addi(5, 0, 7), ld(6, kData, 0), add(7, 5, 6), addi(5, 0, 1), ecall()});
    rig.run();
    EXPECT_EQ(rig.reg(7), 7u);
    EXPECT_EQ(rig.reg(5), 1u);
}

// Four cycles pass between the branch's issue and its execution, in which the wrong path issues.
TEST(InOrderState, AWrongPathLeavesNoTrace) {
    InOrderRig rig({addi(6, 0, 1), addi(9, 0, 5), addi(18, 0, 3), ld(5, kData, 0), beq(5, 0, 28),
                    /* wrong: */ addi(6, 0, 99), sd(6, kData, 64), ld(9, kData, 64), div(6, 6, 9),
                    ld(9, 18, 0), jal(0, 4),
                    /* right: */ ld(7, kData, 64), add(8, 6, 9), ecall()},
                   [](auto &core, auto &) { core.schedule_to_execute = 4; });
    rig.run();
    EXPECT_EQ(rig.reg(6), 1u);
    EXPECT_EQ(rig.reg(7), 0u);
    EXPECT_EQ(rig.reg(8), 6u);
    EXPECT_GE(rig.trace.squashed[kCodeAt + 4 * 6], 1u);
    EXPECT_EQ(rig.stats().branch_mispredictions, 1u);
    EXPECT_TRUE(rig.world.faults.empty());
}

TEST(InOrderState, AWrongPathDoesNotTouchADevice) {
    InOrderRig rig({lui(10, kDeviceAt), ld(5, kData, 0), beq(5, 0, 12), /* wrong: */ ld(6, 10, 0),
                    sd(5, 10, 0), /* right: */ ecall()},
                   [](auto &core, auto &) { core.schedule_to_execute = 4; });
    rig.run();
    EXPECT_EQ(rig.world.device_loads, 0u);
    EXPECT_TRUE(rig.world.device_stores.empty());
}

TEST(InOrderState, AFaultFindsEverythingOlderDoneAndNothingYounger) {
    // A load from address 0 behind a slow division, with a register write and a store after it.
    InOrderRig rig({addi(11, 0, 1), addi(13, 0, 40), div(14, 13, 11), ld(15, 16, 0), addi(11, 0, 2),
                    sd(13, kData, 0), ecall()});
    rig.run();
    ASSERT_EQ(rig.world.faults.size(), 1u);
    EXPECT_EQ(rig.world.faults[0].first, Fault::LoadFault);
    EXPECT_EQ(rig.world.faults[0].second, 0u);
    EXPECT_EQ(rig.world.last.pc, kCodeAt + 4 * 3);
    EXPECT_EQ(rig.reg(14), 40u);
    EXPECT_EQ(rig.reg(11), 1u);
    EXPECT_EQ(rig.world.memory().load(kDataAt, 8), 0u);
    EXPECT_EQ(rig.world.last.committed, 3u);
}

TEST(InOrderState, AStoreFaultAndAnUnknownInstructionAndAJumpToNowhereAreFaultsWhenTheyAreOldest) {
    InOrderRig store({sd(0, 16, 8), ecall()});
    InOrderRig unknown({addi(5, 0, 1), 0xffffffff, ecall()});
    InOrderRig jump({jal(0, 0x40000), ecall()});
    store.run(), unknown.run(), jump.run();
    EXPECT_EQ(store.world.faults.at(0), std::make_pair(Fault::StoreFault, Address{8}));
    EXPECT_EQ(unknown.world.faults.at(0).first, Fault::IllegalInstruction);
    EXPECT_EQ(unknown.reg(5), 1u);
    EXPECT_EQ(jump.world.faults.at(0), std::make_pair(Fault::FetchFault, Address{kNowhere}));
}

TEST(InOrderState, DeviceAccessesHappenOnceAndInOrder) {
    InOrderRig rig({lui(10, kDeviceAt), ld(5, 10, 0), sd(5, 10, 0), ld(6, 10, 0), add(7, 5, 6),
                    sd(7, 10, 0), ecall()});
    rig.run();
    EXPECT_EQ(rig.world.device_loads, 2u);
    EXPECT_EQ(rig.world.device_stores, (std::vector<u64>{1, 3}));
    EXPECT_EQ(rig.reg(7), 3u);
}

TEST(InOrderState, ANewRoundingModeHoldsForTheVeryNextInstruction) {
    // f0 = 2.5 from memory; converted upward (mode 3), then towards zero (mode 1).
    InOrderRig rig({addi(5, 0, 3), csrrw(0, 2, 5), fld(0, kData, 0), fcvt_w_d(6, 0),
                    addi(5, 0, 1), csrrw(0, 2, 5), fcvt_w_d(7, 0), csrrw(8, 1, 0), ecall()});
    rig.world.memory().store(kDataAt, 8, 0x4004000000000000);
    rig.run();
    EXPECT_EQ(rig.reg(6), 3u);
    EXPECT_EQ(rig.reg(7), 2u);
    EXPECT_EQ(rig.reg(8), 1u);   // inexact
}

TEST(InOrderState, AReservedRoundingModeMakesDynamicRoundingIllegal) {
    InOrderRig rig({addi(5, 0, 6), csrrw(0, 2, 5), fcvt_w_d(6, 0), ecall()});
    rig.run();
    ASSERT_EQ(rig.world.faults.size(), 1u);
    EXPECT_EQ(rig.world.faults[0].first, Fault::IllegalInstruction);
    EXPECT_EQ(rig.world.last.pc, kCodeAt + 8);
}

TEST(InOrderState, AnInterruptComesAfterExactlyTheInstructionsBeforeIt) {
    for (u64 after : {u64{1}, u64{7}, u64{20}}) {
        Code code(40, addi(5, 5, 1));
        code.push_back(ecall());
        InOrderRig rig(code);
        rig.world.interrupt_at = after;
        rig.run();
        ASSERT_EQ(rig.world.interrupts.size(), 1u);
        EXPECT_EQ(rig.world.interrupts[0].reg[5], after);
        EXPECT_EQ(rig.world.interrupts[0].pc, kCodeAt + 4 * after);
        EXPECT_EQ(rig.reg(5), 40u);
    }
}

TEST(InOrderState, RunStopsAfterExactlySoManyInstructionsAndGoesOn) {
    Code code(40, addi(5, 5, 1));
    code.push_back(ecall());
    InOrderRig rig(code);
    rig.start();
    u64 done = 0;
    for (u64 more : {1u, 2u, 3u, 11u, 1u}) {
        rig.core->run(more);
        done += more;
        EXPECT_EQ(rig.core->hart().committed, done);
        EXPECT_EQ(rig.core->hart().reg[5], done);
        EXPECT_EQ(rig.core->hart().pc, kCodeAt + 4 * done);
    }
    rig.core->run(~u64{0});
    EXPECT_EQ(rig.reg(5), 40u);
    EXPECT_EQ(rig.stats().committed_instructions, 41u);
}

TEST(InOrderState, PartsOfStoresAndMemoryMeetInOneLoad) {
    InOrderRig rig({addi(5, 0, -1), sd(5, kData, 0), addi(6, 0, 0x55), sb(6, kData, 3),
                    ld(7, kData, 0), ld(8, kData, 2), lbu(9, kData, 3), ecall()});
    rig.run();
    EXPECT_EQ(rig.reg(7), 0xffffffff55ffffffu);
    EXPECT_EQ(rig.reg(8), 0x0000ffffffff55ffu);
    EXPECT_EQ(rig.reg(9), 0x55u);
}

TEST(InOrderState, ImpossibleParametersAreRefusedByName) {
    const auto refusal = [](u32 InOrderCore::Params::*parameter, u32 value) {
        try {
            InOrderRig rig({ecall()}, [&](auto &core, auto &) { core.*parameter = value; });
        } catch (const ConfigError &error) { return std::string(error.what()); }
        return std::string("accepted");
    };
    using P = InOrderCore::Params;
    EXPECT_EQ(refusal(&P::issue_width, 0), "issue_width: 0 is out of range; 1 to 32 are possible");
    EXPECT_EQ(refusal(&P::dispatch_width, 33), "dispatch_width: 33 is out of range; 1 to 32 are possible");
    EXPECT_EQ(refusal(&P::issue_queue_entries, 0),
              "issue_queue_entries: 0 is out of range; 1 to 1024 are possible");
    EXPECT_EQ(refusal(&P::store_buffer_entries, 0),
              "store_buffer_entries: 0 is out of range; 1 to 1024 are possible");
    EXPECT_EQ(refusal(&P::in_flight_entries, 5000),
              "in_flight_entries: 5000 is out of range; 1 to 1024 are possible");
}

}  // namespace
}  // namespace sim::test
