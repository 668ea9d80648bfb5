// SPDX-License-Identifier: BSD-3-Clause
// Every use of every structure of the out-of-order core, counted by hand for small programs.
#include "energy/uses.hh"
#include "ooo/ooo_rig.hh"

namespace sim::test {
namespace {

using namespace assembler;
using Lines = std::set<std::string>;

// Fetch takes the first four, then three and the zero word behind the program, which is no instruction: it is decoded, and
// dropped when the ecall ends the program. The ecall reads no register and goes to no scheduler. x0 is read like others.
const Code kStraight = {
    addi(5, 0, 1),    // 1 source, 1 destination
    add(6, 5, 5),     // 2, 1
    mul(7, 6, 6),     // 2, 1
    sd(7, 10, 0),     // 2
    ld(8, 10, 64),    // 1, 1: another line than the store's
    beq(5, 0, 8),     // 2; not taken, as predicted
    kEcall,
};

TEST(OutOfOrderEnergy, EveryUseOfAStraightProgramIsCountedOnce) {
    OooRig rig(kStraight);
    rig.run();
    const Cycle cycles = rig.core->stats.cycles;
    const Lines expected = {
        "core.fetch_queue write dispatched_instructions: 7",
        "core.fetch_queue write dropped_decoded: 1, squashed 1",
        "core.fetch_queue read dispatched_instructions: 7",
        "core.rename_map read renamed_sources: 10",
        "core.rename_map read renamed_destinations: 4",
        "core.rename_map write renamed_destinations: 4",
        "core.free_list read renamed_destinations: 4",
        "core.free_list write free_list_writes: 4",
        "core.scheduler write scheduler_writes: 6",
        "core.scheduler read issued_instructions: 6",
        "core.wakeup search wakeups: 4",
        // addi; then add, ld and beq together; mul when the sum is there; sd when the product is.
        "core.select search select_scans: 4",
        "core.register_file read register_reads: 10",
        "core.register_file write unit_writes: 3",
        "core.register_file write load_writes: 1",
        "core.reorder_buffer write dispatched_instructions: 7",
        "core.reorder_buffer write executed_instructions: 6",
        "core.reorder_buffer read committed_instructions: 7",
        "core.load_queue write load_queue_writes: 1",
        "core.load_queue search load_queue_searches: 1",
        "core.load_queue_fields write load_queue_writes: 1",
        "core.load_queue_fields read returned_loads: 1",
        "core.store_queue write store_queue_writes: 1",
        "core.store_queue search store_queue_searches: 1",
        "core.store_queue_data write store_queue_writes: 1",
        "core.store_queue_data read store_queue_reads: 1",
        "core.fetch_latch use fetched_instructions: 8, squashed 1",
        "core.decode_latch use dispatched_instructions: 7",
        "core.decode_latch use dropped_decoded: 1, squashed 1",
        "core.schedule_latch use issued_instructions: 6",
        "core.execute_latch use executed_instructions: 6",
        "core.memory_latch use load_queue_writes: 1",
        "core.commit_latch use committed_instructions: 7",
        "core.clock_tree use cycles: " + std::to_string(cycles),
        "core.predictor.btb read group_lookups: 2",
        "core.units.integer use integer_operations: 3",
        "core.units.multiplier use multiply_operations: 1",
        "core.units.address use address_operations: 2",
    };
    EXPECT_EQ(uses(*rig.core), expected);
}

TEST(OutOfOrderEnergy, EveryTransferOfAStraightProgramIsCountedOnce) {
    OooRig rig(kStraight);
    rig.run();
    const Lines expected = {
        "predictor_to_cache fetch_line_reads: 2",
        "cache_to_rename fetched_instructions: 8, squashed 1",
        "rename_to_scheduler scheduler_writes: 6",
        "rename_to_reorder_buffer dispatched_instructions: 7",
        "rename_to_queues queue_allocations: 2",
        "scheduler_to_units issued_instructions: 6",
        "units_to_registers register_reads: 10",
        "units_to_registers unit_writes: 3",
        "units_to_reorder_buffer executed_instructions: 6",
        "units_to_queues load_queue_writes: 1",
        "units_to_queues store_queue_writes: 1",
        "queues_to_registers load_writes: 1",
        "queues_to_reorder_buffer load_writes: 1",
        "queues_to_cache load_queue_writes: 1",
        "queues_to_cache store_queue_reads: 1",
    };
    EXPECT_EQ(wire_uses(*rig.core), expected);
}

// The branch is taken, which fetch does not expect: the three instructions behind it are dispatched with it and issue with
// it, but it executes first. The ecall at its target was dispatched a cycle after them and comes again. The zero word
// behind the ecall is fetched both times.
TEST(OutOfOrderEnergy, WorkOfTheWrongPathIsCountedAndReportedAsSquashed) {
    OooRig rig({beq(0, 0, 16), addi(5, 0, 1), addi(6, 0, 2), addi(7, 0, 3), kEcall});
    rig.run();
    const Lines expected = {
        "core.fetch_queue write dispatched_instructions: 6, squashed 4",
        "core.fetch_queue write dropped_decoded: 2, squashed 2",
        "core.fetch_queue read dispatched_instructions: 6, squashed 4",
        "core.rename_map read renamed_sources: 5, squashed 3",
        "core.rename_map read renamed_destinations: 3, squashed 3",
        "core.rename_map write renamed_destinations: 3, squashed 3",
        "core.rename_map write map_restores: 3, squashed 3",
        "core.free_list read renamed_destinations: 3, squashed 3",
        "core.free_list write free_list_writes: 3, squashed 3",
        "core.scheduler write scheduler_writes: 4, squashed 3",
        "core.scheduler read issued_instructions: 4, squashed 3",
        "core.wakeup search wakeups: 3, squashed 3",
        "core.select search select_scans: 1",
        "core.register_file read register_reads: 2",
        "core.reorder_buffer write dispatched_instructions: 6, squashed 4",
        "core.reorder_buffer write executed_instructions: 1",
        "core.reorder_buffer read committed_instructions: 2",
        "core.reorder_buffer read squashed_instructions: 4, squashed 4",
        "core.fetch_latch use fetched_instructions: 8, squashed 6",
        "core.decode_latch use dispatched_instructions: 6, squashed 4",
        "core.decode_latch use dropped_decoded: 2, squashed 2",
        "core.schedule_latch use issued_instructions: 4, squashed 3",
        "core.execute_latch use executed_instructions: 1",
        "core.commit_latch use committed_instructions: 2",
        "core.clock_tree use cycles: " + std::to_string(rig.core->stats.cycles),
        "core.predictor.btb read group_lookups: 3, squashed 1",
        "core.predictor.btb write btb_updates: 1",
        "core.units.integer use integer_operations: 4, squashed 3",
    };
    EXPECT_EQ(uses(*rig.core), expected);
}

// A load runs before the store whose bytes it wants, is found out, and runs again when the store has been written.
TEST(OutOfOrderEnergy, ALoadThatPassedAStoreIsPaidTwice) {
    OooRig rig({addi(5, 0, 7), mul(6, 5, 5), mul(6, 6, 6), sd(6, 10, 0), ld(7, 10, 0), kEcall});
    rig.run();
    const Lines found = uses(*rig.core, Stage::Wire, "core");
    for (const char *line : {"core.load_queue write load_queue_writes: 2, squashed 1",
                             "core.load_queue search load_queue_searches: 1",
                             "core.store_queue search store_queue_searches: 2, squashed 1",
                             "core.store_queue_data read store_queue_reads: 1",
                             "core.load_queue_fields read returned_loads: 2, squashed 1"})
        EXPECT_TRUE(found.count(line)) << line;
    EXPECT_EQ(rig.core->stats.memory_violations, 1u);
}

// The division keeps the store from its commit, so that the load finds it in the queue.
TEST(OutOfOrderEnergy, AForwardedLoadReadsTheStoreQueue) {
    OooRig rig({div(9, 10, 10), sd(10, 10, 0), mul(6, 0, 0), add(7, 6, 10), ld(8, 7, 0), kEcall});
    rig.run();
    const Lines found = uses(*rig.core, Stage::Wire, "core");
    EXPECT_TRUE(found.count("core.store_queue_data read forwarded_loads: 1"));
    EXPECT_TRUE(found.count("core.store_queue search store_queue_searches: 1"));
}

// A dependent of a load that misses has been selected for the hit's data, finds nothing, and is selected again.
TEST(OutOfOrderEnergy, ReplaysReadSchedulerAndRegistersAgain) {
    FixedLatencyMemory::Params slow;
    slow.latency = 30;
    FixedLatencyMemory memory(slow);
    OooRig rig({ld(5, 10, 0), addi(6, 5, 1), kEcall}, [&](OooSettings &s) { s.core.l1d = &memory; });
    rig.run();
    const auto &s = rig.core->stats;
    EXPECT_EQ(s.replays, 1u);
    EXPECT_EQ(s.issued_instructions, 3u);
    EXPECT_EQ(s.register_reads, 3u);
    EXPECT_EQ(s.wakeup_cancels, 2u);   // of the load's register, and of the sum that was announced on its word
    EXPECT_EQ(s.wakeups, 4u);          // each of the two registers twice
}

}  // namespace
}  // namespace sim::test
