// SPDX-License-Identifier: BSD-3-Clause
#include <numeric>
#include "device/device_rig.hh"

namespace sim {
namespace {

using Statuses = std::vector<u32>;

TEST(CommandQueue, RegistersSayWhatTheDeviceIs) {
    DeviceRig rig;
    EXPECT_EQ(rig.read32(ACCEL_REG_MAGIC), ACCEL_MAGIC);
    EXPECT_EQ(rig.read32(ACCEL_REG_VERSION), ACCEL_VERSION);
    EXPECT_EQ(rig.read64(ACCEL_REG_NAME), engine_name("loopback"));
    EXPECT_EQ(rig.read32(ACCEL_REG_CLOCK_KHZ), 800'000u);
    EXPECT_EQ(rig.read64(ACCEL_REG_POOL_BASE), DeviceRig::kBus);
    EXPECT_EQ(rig.read64(ACCEL_REG_POOL_BYTES), DeviceRig::kPoolBytes);
    EXPECT_EQ(rig.device.register_load(ACCEL_REG_MAGIC, 2), 0u) << "registers have 32 or 64 bits";
}

TEST(CommandQueue, ACopyJobMovesItsBytesAndSaysSo) {
    DeviceRig rig;
    for (u32 i = 0; i < 1500; ++i) rig.put_word(0x10000 + 4 * i, i * i);
    rig.submit({DeviceRig::copy(42, 6000)});
    rig.run_out();
    const auto done = rig.completions();
    ASSERT_EQ(done.size(), 1u);
    EXPECT_EQ(done[0].tag, 42u);
    EXPECT_EQ(done[0].status, u32(ACCEL_OK));
    EXPECT_EQ(done[0].compute_cycles, 2u + 4096 / 8 + (6000 - 4096) / 8);
    for (u32 i = 0; i < 1500; ++i) ASSERT_EQ(rig.word(0x20000 + 4 * i), i * i);
    EXPECT_EQ(rig.word(0x20000 + 6000), 0u);
}

TEST(CommandQueue, JobsCompleteInTheOrderOfSubmission) {
    DeviceRig rig;
    rig.submit({rig.add(1, 4096, 500), DeviceRig::copy(2, 8), rig.add(3, 64), DeviceRig::copy(4, 4)});
    rig.run_out();
    std::vector<u32> tags;
    for (const auto &c : rig.completions()) tags.push_back(c.tag);
    EXPECT_EQ(tags, (std::vector<u32>{1, 2, 3, 4}));
}

TEST(CommandQueue, ResultsAreVisibleBeforeTheEntryAndTheEntryBeforeTheIndex) {
    DeviceRig rig;
    rig.put_word(0x10000, 7);
    rig.submit({rig.add(9, 4)});
    Cycle result = 0, entry = 0, index = 0, shown = 0;
    while (!shown && rig.clock.now < 100'000) {
        rig.run(1);
        if (!result && rig.word(0x20000) == 12) result = rig.clock.now;
        if (!entry && rig.word(0x1000) == 9) entry = rig.clock.now;
        if (!index && rig.word(0x2004) == 1) index = rig.clock.now;
        if (rig.line) ADD_FAILURE() << "no interrupt is enabled";
        if (rig.device.stats.jobs && index) shown = rig.clock.now;
    }
    EXPECT_LT(0u, result);
    EXPECT_LT(result, entry);
    EXPECT_LT(entry, index);
}

TEST(CommandQueue, AnErrorCancelsTheRestOfItsChainOnly) {
    DeviceRig rig;
    auto first = DeviceRig::copy(1, 64), wrong = DeviceRig::copy(2, 64), third = DeviceRig::copy(3, 64);
    first.flags = wrong.flags = third.flags = ACCEL_CHAIN;
    wrong.operation = 99;
    rig.submit({first, wrong, third, DeviceRig::copy(4, 64), DeviceRig::copy(5, 64)});
    rig.run_out();
    EXPECT_EQ(rig.statuses(),
              (Statuses{ACCEL_OK, ACCEL_BAD_DESCRIPTOR, ACCEL_CANCELLED, ACCEL_CANCELLED, ACCEL_OK}));
    EXPECT_EQ(rig.device.stats.cancelled_jobs, 2u);
}

TEST(CommandQueue, WhatADescriptorGetsWrongIsSaidInItsCompletion) {
    DeviceRig rig;
    auto flags = DeviceRig::copy(1, 64), reserved = DeviceRig::copy(2, 64), below = DeviceRig::copy(3, 64),
         beyond = DeviceRig::copy(4, 64), wraps = DeviceRig::copy(5, 64), sizes = DeviceRig::copy(6, 64);
    flags.flags = 4;
    reserved.reserved = 1;
    below.input = DeviceRig::kBus - 1;
    beyond.output = DeviceRig::kBus + DeviceRig::kPoolBytes - 63;
    wraps.input = ~u64{0} - 7;
    sizes.output_bytes = 60;
    rig.submit({flags, reserved, below, beyond, wraps, sizes, DeviceRig::copy(7, 64)});
    rig.run_out();
    EXPECT_EQ(rig.statuses(),
              (Statuses{ACCEL_BAD_DESCRIPTOR, ACCEL_BAD_DESCRIPTOR, ACCEL_BAD_ADDRESS, ACCEL_BAD_ADDRESS,
                        ACCEL_BAD_ADDRESS, ACCEL_BAD_DESCRIPTOR, ACCEL_OK}));
}

TEST(CommandQueue, ACorruptModelIsFoundOutAndTheNextJobWorks) {
    DeviceRig rig;
    auto job = rig.add(1, 64), tiny = rig.add(2, 64);
    tiny.model_bytes = 8;
    rig.put_word(0x8000, 0);
    rig.submit({job, tiny});
    rig.run_out();
    EXPECT_EQ(rig.statuses(), (Statuses{ACCEL_BAD_MODEL, ACCEL_BAD_MODEL}));
    rig.submit({rig.add(3, 64)});
    rig.run_out();
    EXPECT_EQ(rig.statuses(), (Statuses{ACCEL_OK}));
}

TEST(CommandQueue, AFullCompletionRingStallsTheDeviceAndNothingIsOverwritten) {
    DeviceRig rig;
    rig.set_up_rings(2);
    rig.submit({DeviceRig::copy(1, 64), DeviceRig::copy(2, 64)});
    rig.run_out();
    rig.submit({DeviceRig::copy(3, 64), DeviceRig::copy(4, 64)});
    rig.run_out();
    EXPECT_EQ(rig.read32(ACCEL_REG_COMPLETION_TAIL), 2u);
    EXPECT_TRUE(rig.read32(ACCEL_REG_STATE) & ACCEL_STATE_STALLED);
    EXPECT_EQ(rig.word(0x1000), 1u);
    rig.run(100);
    EXPECT_EQ(rig.completions().back().tag, 2u);
    rig.run_out();
    const auto rest = rig.completions();
    ASSERT_EQ(rest.size(), 2u);
    EXPECT_EQ(rest[0].tag, 3u);
    EXPECT_EQ(rest[1].tag, 4u);
    EXPECT_GE(rig.device.stats.stalled_cycles, 100u);
}

TEST(CommandQueue, IndicesRunFreelyPastTheEndOfTheRing) {
    DeviceRig rig;
    u32 next = 0;
    for (u32 round = 0; round < 50; ++round) {
        rig.submit({DeviceRig::copy(next, 8), DeviceRig::copy(next + 1, 8), DeviceRig::copy(next + 2, 8)});
        rig.run_out();
        for (const auto &c : rig.completions()) EXPECT_EQ(c.tag, next++);
    }
    EXPECT_EQ(next, 150u);
    EXPECT_EQ(rig.read32(ACCEL_REG_SUBMISSION_HEAD), 150u);
    EXPECT_EQ(rig.word(0x2004), 150u);
}

TEST(CommandQueue, ADoorbellBeyondTheRingIsRefusedWithACompletionOfItsOwn) {
    DeviceRig rig;
    rig.write32(ACCEL_REG_DOORBELL, DeviceRig::kEntries + 1);
    rig.run_out();
    const auto done = rig.completions();
    ASSERT_EQ(done.size(), 1u);
    EXPECT_EQ(done[0].tag, ACCEL_NO_TAG);
    EXPECT_EQ(done[0].status, u32(ACCEL_OVERFLOW));
    EXPECT_EQ(rig.read32(ACCEL_REG_ERROR), u32(ACCEL_ERROR_OVERFLOW));
    EXPECT_EQ(rig.read32(ACCEL_REG_DOORBELL), 0u);
    rig.submit({DeviceRig::copy(1, 64)});
    rig.run_out();
    EXPECT_EQ(rig.statuses(), (Statuses{ACCEL_OK}));
}

TEST(CommandQueue, RingsOutsideTheGrantedRangeAreRefused) {
    DeviceRig rig;
    const std::pair<u32, u64> wrong[] = {
        {ACCEL_REG_SUBMISSION_BASE, 0x1000},
        {ACCEL_REG_COMPLETION_BASE, DeviceRig::kBus + DeviceRig::kPoolBytes - 32},
        {ACCEL_REG_SUBMISSION_BASE, DeviceRig::kBus + 32},
        {ACCEL_REG_INDEX_BASE, DeviceRig::kBus + 4}};
    for (const auto &[offset, base] : wrong) {
        rig.write64(offset, base);
        rig.write32(ACCEL_REG_DOORBELL, 1);
        EXPECT_EQ(rig.read32(ACCEL_REG_ERROR), u32(ACCEL_ERROR_RING));
        rig.write32(ACCEL_REG_ERROR, ~0u);
        rig.set_up_rings();
    }
    for (const u32 entries : {0u, 3u, 512u}) {
        rig.write32(ACCEL_REG_SUBMISSION_ENTRIES, entries);
        rig.write32(ACCEL_REG_DOORBELL, 1);
        EXPECT_EQ(rig.read32(ACCEL_REG_ERROR), u32(ACCEL_ERROR_RING));
        rig.write32(ACCEL_REG_ERROR, ~0u);
    }
    EXPECT_EQ(rig.run_out(), 0u) << "a refused doorbell starts nothing";
}

TEST(CommandQueue, RingRegistersAndIndicesCannotBeChangedUnderTheDevice) {
    DeviceRig rig;
    rig.submit({rig.add(1, 64, 1000)});
    rig.run(500);
    rig.write64(ACCEL_REG_SUBMISSION_BASE, DeviceRig::kBus + 0x4000);
    EXPECT_EQ(rig.read32(ACCEL_REG_ERROR), u32(ACCEL_ERROR_BUSY));
    EXPECT_EQ(rig.read64(ACCEL_REG_SUBMISSION_BASE), DeviceRig::kBus);
    rig.write32(ACCEL_REG_COMPLETION_HEAD, 1);
    EXPECT_EQ(rig.read32(ACCEL_REG_ERROR), u32(ACCEL_ERROR_BUSY | ACCEL_ERROR_INDEX));
    EXPECT_EQ(rig.read32(ACCEL_REG_COMPLETION_HEAD), 0u);
    rig.run_out();
    EXPECT_EQ(rig.statuses(), (Statuses{ACCEL_OK}));
}

TEST(CommandQueue, ResetInMidJobWaitsForItsTransfersAndTheNextJobWorks) {
    for (Cycle when = 1; when < 3000; when += 61) {
        DeviceRig rig;
        rig.submit({rig.add(1, 4096, 100), rig.add(2, 4096), rig.add(3, 4096)});
        rig.run(when);
        rig.write32(ACCEL_REG_RESET, 1);
        const u64 writes = rig.dma.stats.writes;
        for (int wait = 0; rig.read32(ACCEL_REG_RESET) && wait < 10'000; ++wait) rig.run(1);
        EXPECT_EQ(rig.read32(ACCEL_REG_RESET), 0u);
        EXPECT_TRUE(rig.dma.idle());
        EXPECT_EQ(rig.dma.stats.writes, writes) << "reset begins no new DMA";
        EXPECT_EQ(rig.read32(ACCEL_REG_SUBMISSION_HEAD) | rig.read32(ACCEL_REG_COMPLETION_TAIL) |
                      rig.read32(ACCEL_REG_DOORBELL),
                  0u);
        rig.forget_indices();
        rig.put_word(0x10000, when);
        rig.submit({rig.add(7, 64)});
        rig.run_out();
        EXPECT_EQ(rig.statuses(), (Statuses{ACCEL_OK}));
        EXPECT_EQ(rig.word(0x20000), when + 5);
    }
}

TEST(CommandQueue, TheInterruptLineIsALevelThatWritingOneClears) {
    DeviceRig rig;
    rig.submit({DeviceRig::copy(1, 64)});
    rig.run_out();
    EXPECT_FALSE(rig.line);
    EXPECT_EQ(rig.read32(ACCEL_REG_INTERRUPT_STATUS), u32(ACCEL_INTERRUPT_COMPLETION));
    rig.write32(ACCEL_REG_INTERRUPT_ENABLE, ACCEL_INTERRUPT_COMPLETION);
    EXPECT_TRUE(rig.line);
    rig.write32(ACCEL_REG_INTERRUPT_STATUS, ACCEL_INTERRUPT_ERROR);
    EXPECT_TRUE(rig.line);
    rig.write32(ACCEL_REG_INTERRUPT_STATUS, ACCEL_INTERRUPT_COMPLETION);
    EXPECT_FALSE(rig.line);
}

TEST(CommandQueue, CoalescingRaisesOneInterruptForSeveralCompletions) {
    DeviceRig rig;
    rig.write32(ACCEL_REG_INTERRUPT_ENABLE, ACCEL_INTERRUPT_COMPLETION);
    rig.write32(ACCEL_REG_COALESCE_COUNT, 3);
    rig.submit({DeviceRig::copy(1, 64), DeviceRig::copy(2, 64)});
    rig.run_out();
    EXPECT_FALSE(rig.line);
    rig.submit({DeviceRig::copy(3, 64)});
    rig.run_out();
    EXPECT_TRUE(rig.line);
    rig.write32(ACCEL_REG_INTERRUPT_STATUS, ~0u);
    rig.write32(ACCEL_REG_COALESCE_CYCLES, 1000);
    rig.submit({DeviceRig::copy(4, 64)});
    while (rig.read32(ACCEL_REG_COMPLETION_TAIL) != 4) rig.run(1);
    const Cycle written = rig.clock.now;
    rig.run_out();
    EXPECT_TRUE(rig.line);
    EXPECT_GE(rig.rose_at, written + 2500) << "1000 cycles of 800 MHz at 2 GHz";
    EXPECT_LE(rig.rose_at, written + 2600);
}

TEST(CommandQueue, ASilentJobInterruptsOnlyWhenItFails) {
    DeviceRig rig;
    rig.write32(ACCEL_REG_INTERRUPT_ENABLE, ACCEL_INTERRUPT_COMPLETION);
    auto job = DeviceRig::copy(1, 64);
    job.flags = ACCEL_SILENT;
    rig.submit({job});
    rig.run_out();
    EXPECT_EQ(rig.statuses(), (Statuses{ACCEL_OK}));
    EXPECT_FALSE(rig.line);
    job.operation = 50;
    rig.submit({job});
    rig.run_out();
    EXPECT_TRUE(rig.line);
}

TEST(CommandQueue, ComputeCyclesAreOfTheDevicesClockWhateverTheCoresIs) {
    std::vector<u64> compute;
    std::vector<Cycle> total;
    for (const double core : {0.8, 2.0, 3.7}) {
        DeviceRig::Options options;
        options.core_ghz = core;
        DeviceRig rig(options);
        rig.submit({rig.add(1, 4096, 10'000)});
        total.push_back(rig.run_out());
        compute.push_back(rig.completions().at(0).compute_cycles);
    }
    EXPECT_EQ(compute, std::vector<u64>(3, 10'000 + 1 + 4096 / 8));
    EXPECT_GT(total[0], 10'513u);
    EXPECT_GT(total[1], 10'513u * 5 / 2);
    EXPECT_GT(total[2], 10'513u * 37 / 8);
    EXPECT_LT(total[2], 10'513u * 37 / 8 + 2000);
}

TEST(CommandQueue, TheNextDescriptorIsFetchedWhileTheEngineWorks) {
    DeviceRig rig;
    rig.submit({rig.add(1, 64, 5000), rig.add(2, 64), rig.add(3, 64)});
    rig.run(3000);
    EXPECT_EQ(rig.read32(ACCEL_REG_SUBMISSION_HEAD), 3u);
    EXPECT_EQ(rig.read32(ACCEL_REG_COMPLETION_TAIL), 0u);
    rig.run_out();
}

TEST(CommandQueue, TimesOfTheQueueAddUp) {
    DeviceRig rig;
    rig.submit({rig.add(1, 4096, 300), rig.add(2, 64), rig.add(3, 2048)});
    const Cycle end = rig.run_out();
    rig.device.settle(end);
    const auto &s = rig.device.stats;
    EXPECT_EQ(s.cycles, end);
    u64 sum = 0;
    for (const auto &c : rig.completions()) sum += c.load_cycles + c.compute_cycles + c.store_cycles;
    EXPECT_EQ(s.load_cycles + s.compute_cycles + s.store_cycles, sum);
    EXPECT_NEAR(double(s.busy_cycles), double(sum) * 2.5, 3 * 3 * 2.5);   // each job ends at an edge
    EXPECT_GT(s.waiting_cycles, 0u);
    EXPECT_LT(s.waiting_cycles, s.busy_cycles);
    EXPECT_GT(s.queued_cycles, s.busy_cycles);
}

TEST(CommandQueue, ImpossibleDevicesAreRefusedWithTheReason) {
    DeviceRig::Options options;
    options.accelerator.ring_entries = 3;
    EXPECT_THROW(DeviceRig{options}, ConfigError);
    options = {};
    options.accelerator.clock = 0;
    EXPECT_THROW(DeviceRig{options}, ConfigError);
    options = {};
    options.dma.outstanding = 0;
    EXPECT_THROW(DeviceRig{options}, ConfigError);
    FixedLatencyMemory blind({});
    options = {};
    options.memory = &blind;
    EXPECT_THROW(DeviceRig{options}, ConfigError) << "coherent, but below it no cache is known";
}

}   // namespace
}   // namespace sim
