// SPDX-License-Identifier: BSD-3-Clause
// Every use of every structure of the in-order core, counted by hand for small programs.
#include "energy/uses.hh"
#include "inorder/inorder_rig.hh"

namespace sim::test {
namespace {

using namespace assembly;
using Lines = std::set<std::string>;
constexpr u32 kData = InOrderRig::kDataRegister;

// Fetch takes four, then three and the zero word behind the program, which waits behind the ecall and is squashed by it.
// addi issues in cycle t, add in t + 1, mul in t + 2; sd waits for the product until t + 5, and ld and beq go with it.
const Code kStraight = {
    addi(5, 0, 1),       // reads x0 from the register file
    add(6, 5, 5),        // both operands bypassed
    mul(7, 6, 6),        // both bypassed
    sd(7, kData, 0),     // address from the file, data bypassed
    ld(8, kData, 8),     // address from the file
    beq(5, 0, 8),        // both from the file: addi has committed in t + 2; not taken, as predicted
    ecall(),
};

TEST(InOrderEnergy, EveryUseOfAStraightProgramIsCountedOnce) {
    InOrderRig rig(kStraight);
    rig.run();
    const Lines expected = {
        "core.fetch_queue write dispatched_instructions: 8, squashed 1",
        "core.fetch_queue read dispatched_instructions: 8, squashed 1",
        "core.issue_queue write dispatched_instructions: 8, squashed 1",
        "core.issue_queue read issued_instructions: 6",
        "core.register_file read register_reads: 5",
        "core.register_file write register_writes: 4",
        "core.result_buffer write unit_writes: 3",
        "core.result_buffer write load_writes: 1",
        "core.result_buffer read bypassed_operands: 5",
        "core.result_buffer read register_writes: 4",
        "core.store_queue write store_queue_writes: 1",
        "core.store_queue search store_queue_searches: 1",
        "core.store_queue_data write store_queue_writes: 1",
        "core.store_queue_data read store_queue_reads: 1",
        "core.fetch_latch use fetched_instructions: 8, squashed 1",
        "core.decode_latch use dispatched_instructions: 8, squashed 1",
        "core.schedule_latch use issued_instructions: 6",
        "core.execute_latch use executed_instructions: 6",
        "core.memory_latch use load_queue_writes: 1",
        "core.commit_latch use committed_instructions: 7",
        "core.clock_tree use cycles: " + std::to_string(rig.stats().cycles),
        "core.predictor.btb read group_lookups: 2",
        "core.units.integer use integer_operations: 3",
        "core.units.multiplier use multiply_operations: 1",
        "core.units.address use address_operations: 2",
        // Load and store want the same line: one fill.
        "core.l1d.array read reads: 1",
        "core.l1d.array write writes: 1",
        "core.l1d.array_lines write tag_writes: 1",
    };
    EXPECT_EQ(uses(*rig.core), expected);
}

TEST(InOrderEnergy, EveryTransferOfAStraightProgramIsCountedOnce) {
    InOrderRig rig(kStraight);
    rig.run();
    const Lines expected = {
        "predictor_to_cache fetch_line_reads: 2",
        "cache_to_window fetched_instructions: 8, squashed 1",
        "window_to_units issued_instructions: 6",
        "units_to_registers register_reads: 5",
        "units_to_registers bypassed_operands: 5",
        "units_to_registers unit_writes: 3",
        "cache_to_registers load_queue_writes: 1",
        "cache_to_registers store_queue_writes: 1",
    };
    EXPECT_EQ(wire_uses(*rig.core), expected);
}

// Three instructions of the wrong path issue with the branch; it executes before them and squashes them. Behind them the
// ecall and the zero word have been fetched, and are again after it.
TEST(InOrderEnergy, WorkOfTheWrongPathIsCountedAndReportedAsSquashed) {
    InOrderRig rig({beq(0, 0, 16), addi(5, 0, 1), addi(6, 0, 2), addi(7, 0, 3), ecall()});
    rig.run();
    const Lines found = uses(*rig.core);
    for (const char *line : {"core.issue_queue read issued_instructions: 4, squashed 3",
                             "core.register_file read register_reads: 2",
                             "core.units.integer use integer_operations: 4, squashed 3",
                             "core.execute_latch use executed_instructions: 1",
                             "core.fetch_latch use fetched_instructions: 8, squashed 6",
                             "core.predictor.btb read group_lookups: 3, squashed 1",
                             "core.commit_latch use committed_instructions: 2"})
        EXPECT_TRUE(found.count(line)) << line;
}

// An operand comes from the register file once its writer has committed, and from the bypass before.
TEST(InOrderEnergy, BypassedOperandsReadTheResultBuffer) {
    InOrderRig rig({addi(5, 0, 1), add(6, 5, 0), ecall()});
    rig.run();
    const Lines found = uses(*rig.core);
    EXPECT_TRUE(found.count("core.result_buffer read bypassed_operands: 1"));
    EXPECT_TRUE(found.count("core.register_file read register_reads: 2"));
}

}  // namespace
}  // namespace sim::test
