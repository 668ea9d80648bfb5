// SPDX-License-Identifier: BSD-3-Clause
// Oracle: what it tells fetch, when it is silent, and the cores that listen to it.
#include "core/oracle.hh"
#include "core/random_words.hh"
#include "ooo/ooo_rig.hh"

namespace sim::test {
namespace {

using namespace assembler;

Address pc_of(u64 index) { return kCodeAt + 4 * index; }

TEST(Oracle, TellsWhereTransfersGoBeforeTheCoreHasCommittedAnything) {
    Board board({addi(5, 0, 2), addi(5, 5, -1), bne(5, 0, -4), kEcall});
    Oracle oracle(board.start(), 64);
    const bool taken[] = {true, false};
    oracle.fetch(pc_of(0));
    for (bool goes : taken) {
        oracle.fetch(pc_of(1));
        const Oracle::Outcome *branch = oracle.fetch(pc_of(2));
        ASSERT_NE(branch, nullptr);
        EXPECT_EQ(branch->taken, goes);
        EXPECT_EQ(branch->next, goes ? pc_of(1) : pc_of(3));
    }
}

TEST(Oracle, IsSilentOnAWrongPathUntilFetchIsSentBackToTheRightOne) {
    Board board({beq(0, 0, 8), addi(5, 0, 1), addi(6, 0, 1), addi(7, 0, 1), kEcall});
    Oracle oracle(board.start(), 64);
    EXPECT_NE(oracle.fetch(pc_of(0)), nullptr);
    EXPECT_EQ(oracle.fetch(pc_of(1)), nullptr);   // the branch is taken
    EXPECT_EQ(oracle.fetch(pc_of(3)), nullptr);   // met as the third, as on the right path
    oracle.fetch_from(2);                         // a squash on the wrong path
    EXPECT_EQ(oracle.fetch(pc_of(3)), nullptr);
    oracle.fetch_from(1);
    EXPECT_NE(oracle.fetch(pc_of(2)), nullptr);
    EXPECT_NE(oracle.fetch(pc_of(3)), nullptr);
}

TEST(Oracle, StaysSilentBehindASystemCallUntilItHasReturned) {
    Board board({kEcall, addi(5, 0, 1), kEcall});
    Oracle oracle(board.start(), 64);
    EXPECT_EQ(oracle.fetch(pc_of(0)), nullptr);
    EXPECT_EQ(oracle.fetch(pc_of(1)), nullptr);
    Hart hart = board.start().hart;
    oracle.begin_environment(false);
    hart.pc = pc_of(1);
    hart.committed = 1;
    oracle.end_environment(hart);
    EXPECT_NE(oracle.fetch(pc_of(1)), nullptr);
}

// x10 points at the data. The address of the last load is what the first one reads.
TEST(Oracle, SeesWhatTheEnvironmentWroteAndForgetsWhatItRanAhead) {
    for (bool checked : {false, true}) {
        Board board({sd(10, 10, 0), ld(5, 10, 0), ld(6, 5, 0), kEcall});
        Oracle oracle(board.start(), 64);
        for (u64 n = 0; n < 3; ++n) ASSERT_NE(oracle.fetch(pc_of(n)), nullptr);
        Hart hart = board.start().hart;   // an interrupt before the store, which skips it
        const u64 pointer = kDataAt + 64;
        hart.pc = pc_of(1);
        oracle.begin_environment(checked);
        oracle.end_environment(hart);
        oracle.fetch(pc_of(1));
        EXPECT_EQ(oracle.fetch(pc_of(2)), nullptr) << "the store was not committed: address 0 is unmapped";
        oracle.begin_environment(checked);
        board.memory().write(kDataAt, &pointer, 8);
        oracle.end_environment(hart);
        oracle.fetch(pc_of(1));
        const Oracle::Outcome *load = oracle.fetch(pc_of(2));
        ASSERT_NE(load, nullptr);
        EXPECT_EQ(load->address, pointer);
    }
}

TEST(Oracle, TakesTheResultOfACounterReadFromTheCore) {
    Board board({csrrs(5, 0xc00, 0), beq(5, 0, 8), addi(6, 0, 1), kEcall});
    Oracle oracle(board.start(), 64);
    EXPECT_EQ(oracle.fetch(pc_of(0)), nullptr);
    EXPECT_EQ(oracle.fetch(pc_of(1)), nullptr);
    Effect read;
    read.pc = pc_of(0), read.next = pc_of(1), read.rd = 5, read.value = 7;
    oracle.committed(read);
    const Oracle::Outcome *last = oracle.fetch(pc_of(2));   // which is right where the branch is not taken
    ASSERT_NE(last, nullptr);
    EXPECT_EQ(last->next, pc_of(3));
}

TEST(Oracle, KnowsWhichLoadsAndStoresTouchTheSameBytes) {
    Board board({sd(0, 10, 8), store(0, 0, 10, 24), ld(5, 10, 0), ld(5, 10, 20), load(0, 5, 10, 15), kEcall});
    Oracle oracle(board.start(), 64);
    for (u64 n = 0; n < 5; ++n) oracle.fetch(pc_of(n));
    EXPECT_FALSE(oracle.may_overlap(0, 2));
    EXPECT_FALSE(oracle.may_overlap(0, 3));
    EXPECT_TRUE(oracle.may_overlap(1, 3));
    EXPECT_TRUE(oracle.may_overlap(0, 4));
    EXPECT_FALSE(oracle.may_overlap(1, 4));
    oracle.fetch(pc_of(5));
    oracle.fetch(pc_of(6));
    EXPECT_TRUE(oracle.may_overlap(0, 6)) << "what it does not know may overlap";
}

struct Perfect {
    Perfect() : direction(Bimodal::Params()) {
        BranchPredictor::Params p;
        p.direction = &direction;
        p.perfect = true;
        predictor = std::make_unique<BranchPredictor>(p);
    }
    Bimodal direction;
    std::unique_ptr<BranchPredictor> predictor;
};

// System calls, atomics, fences, flags, calls and branches on data, with and without interrupts.
TEST(Oracle, LeavesAPerfectPredictorWithoutAMispredictionInRandomPrograms) {
    for (u32 seed = 1; seed <= 12; ++seed)
        for (u64 interrupts : {0u, 97u}) {
            Perfect perfect;
            RandomWords words(seed);
            const Code code = words.program(150, 20);
            const auto run = [&](bool is_perfect, bool check) {
                OooRig rig(code, [&](OooSettings &s) {
                    s.learns = true;
                    s.check = check;
                    if (is_perfect) s.core.predictor = perfect.predictor.get();
                });
                if (interrupts) rig.board.interrupt_at = rig.board.interrupt_every = interrupts;
                return rig.run();
            };
            const OutOfOrderCore::Stats with = run(true, seed % 2), without = run(false, true);
            EXPECT_EQ(with.branch_mispredictions, 0u) << seed;
            EXPECT_GT(without.branch_mispredictions, 0u) << seed;
            EXPECT_EQ(with.committed_instructions, without.committed_instructions);
            EXPECT_LT(with.cycles, without.cycles) << seed;
        }
}

TEST(Oracle, KeepsLoadsFromPassingTheStoresToTheirBytesAndNoOthers) {
    const auto run = [](u32 seed, bool speculates, bool oracle) {
        RandomWords words(seed);
        OooRig rig(words.program(150, 20), [&](OooSettings &s) {
            s.core.speculate_memory = speculates;
            s.core.oracle_disambiguation = oracle;
            s.learns = true;
        });
        return rig.run();
    };
    Cycle naive_cycles = 0, careful_cycles = 0, told_cycles = 0;
    u64 violations = 0;
    for (u32 seed = 1; seed <= 12; ++seed) {
        const OutOfOrderCore::Stats naive = run(seed, true, false), told = run(seed, true, true);
        EXPECT_EQ(told.memory_violations, 0u) << seed;
        EXPECT_LE(told.cycles, naive.cycles) << seed;
        violations += naive.memory_violations;
        naive_cycles += naive.cycles;
        told_cycles += told.cycles;
        careful_cycles += run(seed, false, false).cycles;
    }
    EXPECT_GT(violations, 100u);
    EXPECT_LT(told_cycles, naive_cycles);
    EXPECT_LT(told_cycles, careful_cycles);
}

}  // namespace
}  // namespace sim::test
