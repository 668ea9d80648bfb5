// SPDX-License-Identifier: BSD-3-Clause
// OutOfOrderCore: what must hold of every run: slot accounting, limits, determinism, right results.
#include <cstdlib>
#include "cache/cache.hh"
#include "core/functional.hh"
#include "core/random_words.hh"
#include "memory/dram.hh"
#include "ooo/ooo_rig.hh"

namespace sim::test {
namespace {

using namespace assembler;

Code random_program(u32 seed, u32 rounds = 30) { return RandomWords(seed).program(200, rounds); }
void usual(OooSettings &s) { s.learns = true; }

u64 slots(const OutOfOrderCore::Stats &s) {
    return s.stall_misprediction + s.stall_decode_redirect + s.stall_fetch_miss + s.stall_fetch_limit +
           s.stall_squash + s.stall_wrong_path + s.stall_serialize + s.stall_memory + s.stall_store_drain +
           s.stall_execution + s.stall_registers + s.stall_scheduler + s.dispatched_instructions;
}
void expect_slots_add_up(const OutOfOrderCore &core) {
    const OutOfOrderCore::Stats &s = core.stats;
    EXPECT_EQ(slots(s), core.params().dispatch_width * s.cycles);
    EXPECT_GE(s.dispatched_instructions, s.slots_committed + s.slots_squashed);
    const u64 in_flight = s.dispatched_instructions - s.slots_committed - s.slots_squashed;
    EXPECT_LE(in_flight, core.params().rob_entries);
    EXPECT_EQ(s.slots_committed, s.committed_instructions);
    EXPECT_EQ(s.slots_squashed, s.squashed_instructions);
}

TEST(OutOfOrderCore, EverySlotOfEveryCycleHasOneReason) {
    for (u32 seed = 1; seed <= 12; ++seed)
        for (u32 width : {1u, 3u, 4u, 8u}) {
            OooRig rig(random_program(seed, 10), [&](OooSettings &s) {
                usual(s);
                s.width(width);
                s.core.rob_entries = 8 * width;
            });
            rig.bench->run(500);   // somewhere in the middle
            expect_slots_add_up(*rig.core);
            rig.run();
            expect_slots_add_up(*rig.core);
            EXPECT_EQ(rig.core->stats.dispatched_instructions,
                      rig.core->stats.slots_committed + rig.core->stats.slots_squashed);
        }
}

// The reason that a program is made of has most of the lost slots.
TEST(OutOfOrderCore, LostSlotsAreCountedUnderTheirReason) {
    const auto share = [](const Code &code, u64 OutOfOrderCore::Stats::*reason, const Change &change) {
        OooRig rig(code, change);
        const OutOfOrderCore::Stats &s = rig.run();
        expect_slots_add_up(*rig.core);
        return double(s.*reason) / double(slots(s) - s.dispatched_instructions);
    };
    using Stats = OutOfOrderCore::Stats;
    EXPECT_GT(share(straight({}, {beq(0, 0, 8), kNop}, 500), &Stats::stall_misprediction, {}), 0.8);
    EXPECT_GT(share(straight({}, {jal(0, 8), kNop}, 500), &Stats::stall_decode_redirect, {}), 0.8);
    EXPECT_GT(share(straight({}, {kFence}, 500), &Stats::stall_serialize, {}), 0.8);
    EXPECT_GT(share(straight({}, {add(5, 5, 5)}, 4000), &Stats::stall_execution,
                    [](OooSettings &s) { s.core.rob_entries = 64; }), 0.8);
    EXPECT_GT(share(straight({}, {add(5, 6, 7)}, 4000), &Stats::stall_registers,
                    [](OooSettings &s) { s.core.physical_registers = 66; }), 0.8);
    EXPECT_GT(share(straight({}, {add(5, 6, 7)}, 4000), &Stats::stall_scheduler,
                    [](OooSettings &s) { s.core.scheduler_entries = 1; }), 0.8);
    FixedLatencyMemory::Params slow;
    slow.latency = 300;
    FixedLatencyMemory memory(slow), again(slow);
    Cache::Params p;
    p.next = &memory;
    Cache cache(p);
    const Code chase = straight({}, {ld(6, 10, 0), add(10, 10, 6), addi(10, 10, 1024)}, 500);
    EXPECT_GT(share(chase, &Stats::stall_memory,
                    [&](OooSettings &s) { s.core.l1d = &cache, s.core.rob_entries = 32; }), 0.8);
    p.next = &again;
    Cache code(p), data(p);
    EXPECT_GT(share(straight({}, {sd(5, 10, 0), addi(10, 10, 1024)}, 500), &Stats::stall_store_drain,
                    [&](OooSettings &s) { s.core.l1d = &data, s.core.store_queue_entries = 4; }), 0.8);
    const Code tight = {lui(11, 1), addi(11, 11, -1), bne(11, 0, -4), kEcall};
    EXPECT_GT(share(tight, &Stats::stall_fetch_limit, usual), 0.8);
    EXPECT_GT(share(straight({}, {kFenceI}, 500), &Stats::stall_squash, {}), 0.5);
    EXPECT_GT(share(straight({}, {add(5, 6, 7)}, 4000), &Stats::stall_fetch_miss,
                    [&](OooSettings &s) { s.core.l1i = &code; }), 0.8);
}

TEST(OutOfOrderCore, RunEndsAfterExactlyTheInstructionsAskedFor) {
    const Code code = random_program(3);
    for (u64 limit : {1ull, 2ull, 3ull, 97ull, 1000ull, 2001ull}) {
        OooRig rig(code, usual);
        EXPECT_EQ(rig.bench->run(limit).committed, limit);
        EXPECT_EQ(rig.core->stats.committed_instructions, limit);
        EXPECT_EQ(rig.bench->run(1).committed, limit + 1);
        EXPECT_FALSE(rig.bench->exited());
    }
}

TEST(OutOfOrderCore, AgreesWithTheFunctionalCoreAfterEveryFewInstructions) {
    for (u32 seed = 20; seed < 26; ++seed) {
        const Code code = random_program(seed, 4);
        OooRig rig(code, usual);
        Board board(code);
        FunctionalCore reference({});
        Bench bench(reference, board);
        while (!bench.exited()) {
            const Hart expected = bench.run(37), got = rig.bench->run(37);
            ASSERT_EQ(got.pc, expected.pc);
            ASSERT_EQ(got.reg, expected.reg);
            ASSERT_EQ(got.fflags, expected.fflags);
            ASSERT_EQ(got.committed, expected.committed);
        }
        EXPECT_TRUE(rig.bench->exited());
        EXPECT_EQ(rig.board.calls, board.calls);
        EXPECT_EQ(std::memcmp(rig.board.memory().base() + kDataAt, board.memory().base() + kDataAt, 4096), 0);
    }
}

TEST(OutOfOrderCore, PausingARunChangesNoArchitecturalState) {
    OooRig whole(random_program(8), usual), paused(random_program(8), usual);
    whole.run();
    while (!paused.bench->exited()) paused.bench->run(101);
    EXPECT_EQ(paused.core->hart().reg, whole.core->hart().reg);
    EXPECT_EQ(paused.core->stats.committed_instructions, whole.core->stats.committed_instructions);
    expect_slots_add_up(*paused.core);
}

TEST(OutOfOrderCore, TheCheckerChangesNoStatistic) {
    const auto statistics = [](bool check) {
        OooRig rig(random_program(5), [&](OooSettings &s) {
            usual(s);
            s.check = check;
        });
        rig.run();
        return rig.bench->statistics();
    };
    EXPECT_EQ(statistics(true), statistics(false));
}

TEST(OutOfOrderCore, TwoRunsHaveTheSameStatistics) {
    const auto statistics = [] {
        OooRig rig(random_program(6), usual);
        rig.run();
        return rig.bench->statistics();
    };
    const std::string first = statistics();
    EXPECT_EQ(first, statistics());
    EXPECT_NE(first.find("memory_violations"), std::string::npos);
}

TEST(OutOfOrderCore, AnInterruptIsTakenAtItsInstruction) {
    OooRig rig(random_program(7), usual);
    rig.board.interrupt_at = 100;
    rig.board.interrupt_every = 333;
    rig.run();
    ASSERT_GT(rig.board.interrupted_at.size(), 5u);
    for (std::size_t i = 0; i < rig.board.interrupted_at.size(); ++i)
        EXPECT_EQ(rig.board.interrupted_at[i], 100 + 333 * i);
    EXPECT_EQ(rig.core->hart().reg[31], rig.board.interrupted_at.size());
}

// Rewrites the instruction behind the fence.i, which has been fetched already.
TEST(OutOfOrderCore, StoresToCodeTakeEffectAfterAFenceI) {
    Code code;
    load_constant(code, 5, u32(kCodeAt));
    load_constant(code, 6, addi(7, 0, 42));
    code.push_back(store(2, 6, 5, 7 * 4));
    code.push_back(kFenceI);
    code.push_back(kNop);
    code.push_back(addi(7, 0, 1));
    ASSERT_EQ(code.size(), 8u);
    code.push_back(kEcall);
    OooRig rig(code, {}, kRead | kWrite | kExecute);
    rig.run();
    EXPECT_EQ(rig.core->hart().reg[7], 42u);
}

// ---- odd but legal machines

// Everything that a random machine hangs off its core.
struct RandomMachine {
    explicit RandomMachine(u32 seed) : random(seed) {
        make_memory();
        const auto cache = [&](u64 sets, Memory *next) {
            Cache::Params p;
            p.ways = 1 + below(4);
            p.size = sets * p.ways * kLineBytes;
            p.hit_latency = 1 + below(5);
            p.ports = 1 + below(3);
            p.mshrs = below(2) ? 1 : 1 + below(8);
            p.mshr_targets = below(2) ? 1 : 1 + below(8);
            p.write_buffer_entries = below(2) ? 1 : 1 + below(4);
            p.next = next;
            return std::make_unique<Cache>(p);
        };
        l2 = cache(u64{1} << below(6), memory.get());
        l1i = cache(u64{1} << below(5), l2.get());
        l1d = cache(u64{1} << below(5), l2.get());
        itlb = std::make_unique<Tlb>(Tlb::Params());
        dtlb = std::make_unique<Tlb>(Tlb::Params());
        sets = std::make_unique<StoreSets>(StoreSets::Params());
    }
    void make_memory() {
        if (below(2)) {
            memory = std::make_unique<Dram>(Dram::Params());
        } else {
            FixedLatencyMemory::Params p;
            p.latency = 1 + below(300);
            memory = std::make_unique<FixedLatencyMemory>(p);
        }
    }
    u32 below(u32 n) { return u32(random()) % n; }
    // The least in one case of three, else up to `most`.
    u32 size(u32 least, u32 most) { return below(3) ? least + below(most - least + 1) : least; }

    void settle(OooSettings &s) {
        OutOfOrderCore::Params &c = s.core;
        c.l1i = l1i.get(), c.l1d = l1d.get();
        if (below(2)) c.itlb = itlb.get();
        if (below(2)) c.dtlb = dtlb.get();
        if (below(2)) c.memory_dependence = sets.get();
        c.fetch_width = 1 + below(12), c.dispatch_width = 1 + below(12);
        c.issue_width = 1 + below(12), c.commit_width = 1 + below(12);
        c.fetch_to_decode = size(1, 8), c.decode_to_schedule = size(1, 8), c.schedule_to_execute = size(1, 5);
        c.fetch_queue_entries = size(1, 32), c.taken_per_cycle = size(1, 2);
        c.rob_entries = size(1, 300), c.physical_registers = size(65, 300);
        c.scheduler_entries = size(1, 150);
        c.memory_scheduler_entries = below(2) * size(1, 40);
        c.float_scheduler_entries = below(2) * size(1, 40);
        c.load_queue_entries = size(1, 80), c.store_queue_entries = size(1, 40);
        c.load_ports = size(1, 3), c.store_ports = size(1, 2);
        c.hit_latency = 1 + below(8), c.forward_latency = size(1, 8);   // right or wrong about the cache
        c.speculate_memory = below(2), c.ideal_wakeup = !below(3);
        ExecutionUnits::Params &u = s.units;
        if (!below(4)) u.identical = size(1, 12);
        u.integer = size(1, 8), u.multiply = size(1, 2), u.divide = size(1, 2), u.floating = size(1, 4);
        u.float_divide = size(1, 2), u.address = size(1, 4), u.integer_latency = size(1, 3);
        s.learns = below(2);
    }

    std::mt19937 random;
    std::unique_ptr<Memory> memory, l2, l1i, l1d;
    std::unique_ptr<Tlb> itlb, dtlb;
    std::unique_ptr<StoreSets> sets;
};

TEST(OutOfOrderCore, RandomLegalMachinesRunRandomProgramsRight) {
    const u32 seeds = std::getenv("SKIPAHEAD_FULL") ? 2000 : 60;
    for (u32 seed = 1; seed <= seeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomMachine machine(seed);
        OooRig rig(random_program(seed, 3), [&](OooSettings &s) { machine.settle(s); });
        rig.run();
        expect_slots_add_up(*rig.core);
    }
}

TEST(OutOfOrderCore, TheSmallestMachineRunsRight) {
    RandomMachine machine(1);
    OooRig rig(random_program(9, 5), [&](OooSettings &s) {
        machine.settle(s);
        OutOfOrderCore::Params &c = s.core;
        s.width(1);
        c.rob_entries = c.scheduler_entries = c.load_queue_entries = c.store_queue_entries = 1;
        c.fetch_queue_entries = c.load_ports = c.store_ports = 1;
        c.memory_scheduler_entries = c.float_scheduler_entries = 0;
        c.physical_registers = 65;
        s.units.identical = 0;
        s.units.integer = s.units.multiply = s.units.divide = s.units.floating = s.units.float_divide = 1;
        s.units.address = 1;
    });
    rig.run();
    expect_slots_add_up(*rig.core);
}

TEST(OutOfOrderCore, ParametersOutOfRangeAreRefusedByName) {
    const auto message = [](const Change &change) -> std::string {
        try {
            OooRig rig({kEcall}, change);
        } catch (const ConfigError &error) {
            return error.what();
        }
        return "accepted";
    };
    EXPECT_NE(message([](OooSettings &s) { s.core.physical_registers = 64; }).find("physical_registers: 64"),
              std::string::npos);
    EXPECT_NE(message([](OooSettings &s) { s.core.rob_entries = 0; }).find("rob_entries: 0"),
              std::string::npos);
    EXPECT_NE(message([](OooSettings &s) { s.units.divide = 0; }).find("divide: 0"), std::string::npos);
    EXPECT_EQ(message({}), "accepted");
}

}  // namespace
}  // namespace sim::test
