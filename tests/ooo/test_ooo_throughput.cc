// SPDX-License-Identifier: BSD-3-Clause
// OutOfOrderCore: what chains and independent instructions cost, in closed form.
#include "cache/cache.hh"
#include "ooo/ooo_rig.hh"

namespace sim::test {
namespace {

using namespace assembler;

// Independent: every instruction writes a register that nothing reads.
Code independent(u32 count, u32 (*make)(u32 rd, u32 rs1, u32 rs2)) {
    Code code;
    for (u32 i = 0; i < count; ++i) code.push_back(make(18 + i % 14, 0, 0));
    return code;
}

TEST(OutOfOrderCore, DependentAddsRunAtOneALatencyWhateverTheDepthOfThePipeline) {
    for (u32 latency : {1u, 2u, 5u})
        for (u32 depth : {1u, 2u, 4u})
            EXPECT_EQ(cost({add(5, 5, 6)}, [&](OooSettings &s) {
                          s.units.integer_latency = latency;
                          s.core.schedule_to_execute = depth;
                      }), latency);
}

// Fetch ends at a line, so the last group of a line's 16 instructions may be short.
TEST(OutOfOrderCore, IndependentAddsRunAtTheWidth) {
    for (u32 w = 1; w <= 12; ++w)
        EXPECT_EQ(cost(independent(16, add), [&](OooSettings &s) {
                      s.width(w);
                      s.units.integer = w;
                  }), (16 + w - 1) / w) << "width " << w;
}

TEST(OutOfOrderCore, TheNarrowestStageBoundsThroughput) {
    const Code body = independent(16, add);
    const auto with = [&](u32 OutOfOrderCore::Params::*narrow) {
        return cost(body, [&](OooSettings &s) {
            s.width(8);
            s.units.integer = 8;
            s.core.*narrow = 4;
        });
    };
    EXPECT_DOUBLE_EQ(with(&OutOfOrderCore::Params::fetch_width), 4.0);
    EXPECT_DOUBLE_EQ(with(&OutOfOrderCore::Params::dispatch_width), 4.0);
    EXPECT_DOUBLE_EQ(with(&OutOfOrderCore::Params::issue_width), 4.0);
    EXPECT_DOUBLE_EQ(with(&OutOfOrderCore::Params::commit_width), 4.0);
    EXPECT_DOUBLE_EQ(cost(body, [](OooSettings &s) {
                         s.width(8);
                         s.units.integer = 2;
                     }), 8.0);
}

TEST(OutOfOrderCore, MultipliersArePipelinedAndDividersAreNot) {
    const auto per_operation = [&](u32 (*make)(u32, u32, u32), u32 n) {
        return cost(independent(6, make), [&](OooSettings &s) { s.units.multiply = s.units.divide = n; }) / 6;
    };
    EXPECT_DOUBLE_EQ(per_operation(mul, 1), 1.0);
    EXPECT_DOUBLE_EQ(per_operation(mul, 2), 0.5);
    EXPECT_DOUBLE_EQ(per_operation(div, 1), 20.0);
    EXPECT_DOUBLE_EQ(per_operation(div, 2), 10.0);
}

TEST(OutOfOrderCore, ChainsRunAtTheLatencyOfTheirOperation) {
    const ExecutionUnits::Params units;
    EXPECT_EQ(cost({mul(5, 5, 6)}), units.multiply_latency);
    EXPECT_EQ(cost({div(5, 5, 6)}), units.divide_latency);
    EXPECT_EQ(cost({fadd(1, 1, 2)}), units.float_add_latency);
    EXPECT_EQ(cost({fmul(1, 1, 2)}), units.float_multiply_latency);
    EXPECT_EQ(cost({fmadd(1, 1, 2, 3)}), units.float_multiply_add_latency);
    EXPECT_EQ(cost({fdiv(1, 1, 2)}), units.float_divide_latency);
    EXPECT_EQ(cost({fsqrt(1, 1)}), units.float_sqrt_latency);
}

// Dispatched, issued a cycle later, executed, done after one more cycle, and replaced in that one.
TEST(OutOfOrderCore, AReorderBufferOfOneEntrySerialisesEverything) {
    for (u32 depth : {1u, 3u})
        EXPECT_EQ(cost({add(5, 6, 7)}, [&](OooSettings &s) {
                      s.core.rob_entries = 1;
                      s.core.schedule_to_execute = depth;
                  }), 1 + depth + 1);
}

TEST(OutOfOrderCore, OnePhysicalRegisterToSpareSerialisesWriters) {
    const double with_one = cost({add(5, 6, 7)}, [](OooSettings &s) { s.core.physical_registers = 65; });
    EXPECT_EQ(with_one, 1 + 2 + 1);
    OooRig rig(straight({}, {add(5, 6, 7)}, 100), [](OooSettings &s) { s.core.physical_registers = 65; });
    const OutOfOrderCore::Stats &stats = rig.run();
    EXPECT_GT(stats.stall_registers, 2 * stats.cycles);
}

TEST(OutOfOrderCore, ASchedulerOfOneEntryIsFreeAgainWhenItsInstructionExecutes) {
    for (u32 depth : {1u, 2u, 4u})
        EXPECT_EQ(cost({add(5, 6, 7)}, [&](OooSettings &s) {
                      s.core.scheduler_entries = 1;
                      s.core.schedule_to_execute = depth;
                  }), 1 + depth);
}

// Fetch resumes in the cycle after the branch's execution began; then come the whole front end, a cycle from
// dispatch to issue, and the way to execution.
TEST(OutOfOrderCore, AMispredictionCostsTheFrontEndAndTheWayToExecution) {
    for (u32 to_decode : {1u, 3u, 6u})
        for (u32 to_schedule : {1u, 3u})
            for (u32 to_execute : {1u, 2u, 5u})
                EXPECT_EQ(cost({beq(0, 0, 8), kNop}, [&](OooSettings &s) {
                              s.core.fetch_to_decode = to_decode;
                              s.core.decode_to_schedule = to_schedule;
                              s.core.schedule_to_execute = to_execute;
                          }), to_decode + to_schedule + 1 + to_execute + 1);
}

TEST(OutOfOrderCore, AJumpUnknownToTheBtbCostsTheWayToDecode) {
    for (u32 to_decode : {1u, 4u})
        EXPECT_EQ(cost({jal(0, 8), kNop}, [&](OooSettings &s) { s.core.fetch_to_decode = to_decode; }),
                  to_decode + 1);
}

// The program begins with a c.nop, so every sixteenth instruction of four bytes lies across two lines.
Code shifted_by_two_bytes(const Code &code) {
    constexpr u32 kCompressedNop = 1;
    Code shifted = {kCompressedNop | code.front() << 16};
    for (std::size_t i = 1; i <= code.size(); ++i)
        shifted.push_back(code[i - 1] >> 16 | (i < code.size() ? code[i] << 16 : 0));
    return shifted;
}
Cycle cycles_with_cache(u64 size, u32 ways, u32 ports) {
    FixedLatencyMemory memory({});
    Cache::Params p;
    p.size = size, p.ways = ways, p.ports = ports, p.next = &memory;
    Cache cache(p);
    const Code code = shifted_by_two_bytes(straight({}, {addi(5, 5, 1)}, 200));
    OooRig rig(code, [&](OooSettings &s) { s.core.l1i = &cache; });
    rig.run();
    EXPECT_EQ(rig.core->hart().reg[5], 200u);
    return rig.core->stats.cycles;
}

TEST(OutOfOrderCore, AnInstructionAcrossTwoLinesNeedsNoSecondPort) {
    const Cycle two_ports = cycles_with_cache(32_KiB, 8, 2);
    const Cycle one_port = cycles_with_cache(32_KiB, 8, 1);
    EXPECT_GE(one_port, two_ports);
    EXPECT_LE(one_port, two_ports + 2 * 14);   // a cycle or two for each of the 13 lines
}

TEST(OutOfOrderCore, AnInstructionAcrossTwoLinesRunsFromACacheOfOneLine) {
    EXPECT_GE(cycles_with_cache(64, 1, 2), 13u * 100);
}

TEST(OutOfOrderCore, CountsMispredictionsAndSquashesWhatFollowsThem) {
    OooRig rig(straight({}, {beq(0, 0, 8), addi(5, 5, 1)}, 50));
    const OutOfOrderCore::Stats &stats = rig.run();
    EXPECT_EQ(stats.branch_mispredictions, 50u);
    EXPECT_EQ(stats.committed_branches, 50u);
    EXPECT_EQ(rig.core->hart().reg[5], 0u);
    EXPECT_GT(stats.squashed_instructions, 50u);
}

}  // namespace
}  // namespace sim::test
