// SPDX-License-Identifier: BSD-3-Clause
// FunctionalCore: exact limits, rewritten code, interrupts, the checker; and ProfileCore's counts.
#include <gtest/gtest.h>
#include "core/functional.hh"
#include "core/profile.hh"
#include "core/random_words.hh"

namespace sim::test {
namespace {

using namespace assembler;

Code loop(u32 rounds, const Code &body) {
    Code code;
    load_constant(code, 11, rounds);
    code.insert(code.end(), body.begin(), body.end());
    code.push_back(addi(11, 11, -1));
    code.push_back(bne(11, 0, -i32(body.size() + 1) * 4));
    code.push_back(kEcall);
    return code;
}

template <class C> struct Rig {
    explicit Rig(const Code &code, bool check = false, u8 flags = kRead | kExecute)
        : board(code, flags), bench(core, board, check) {}
    Board board;
    C core{{}};
    Bench bench;
};

TEST(FunctionalCore, RunEndsAfterExactlyTheInstructionsAskedFor) {
    const Code loops = loop(100'000, {add(5, 5, 11), kNop, jal(0, 4)});
    const Code straight_line = loop(100, Code(1000, addi(5, 5, 1)));
    for (const Code &code : {loops, straight_line})
        for (u64 limit : {1ull, 2ull, 100ull, 2049ull, 2050ull, 2051ull, 4096ull, 10'001ull, 50'000ull}) {
            Rig<FunctionalCore> rig(code);
            EXPECT_EQ(rig.bench.run(limit).committed, limit);
            EXPECT_EQ(rig.core.stats.committed_instructions, limit);
            EXPECT_EQ(rig.bench.run(1).committed, limit + 1);
            EXPECT_EQ(rig.bench.run(3000).committed, limit + 3001);
        }
}

TEST(FunctionalCore, APausedRunEndsAsAnUninterruptedOne) {
    for (u32 seed = 1; seed <= 5; ++seed) {
        const Code code = RandomWords(seed).program(200, 200);
        Rig<FunctionalCore> whole(code), paused(code);
        whole.bench.run();
        while (!paused.bench.exited()) paused.bench.run(4099);
        EXPECT_EQ(paused.core.hart().committed, whole.core.hart().committed);
        EXPECT_EQ(paused.core.hart().reg, whole.core.hart().reg);
        EXPECT_EQ(paused.board.calls, whole.board.calls);
    }
}

TEST(FunctionalCore, AgreesWithOneStepAtATime) {
    for (u32 seed = 1; seed <= 20; ++seed) {
        const Code code = RandomWords(seed).program(300, 60);
        Rig<FunctionalCore> fast(code), checked(code, true);   // under the checker the core steps, too
        fast.bench.run();
        checked.bench.run();
        EXPECT_EQ(fast.core.hart().reg, checked.core.hart().reg);
        EXPECT_EQ(fast.core.hart().fflags, checked.core.hart().fflags);
        EXPECT_EQ(fast.core.hart().committed, checked.core.hart().committed);
        EXPECT_EQ(fast.bench.statistics(), checked.bench.statistics());
    }
}

// Rewrites an instruction of the loop that it is in; in every second round with another constant.
TEST(FunctionalCore, RewrittenCodeTakesEffectAfterAFenceI) {
    for (bool check : {false, true}) {
        Code code;
        load_constant(code, 5, u32(kCodeAt));
        load_constant(code, 6, addi(7, 0, 1));
        load_constant(code, 28, addi(7, 0, 2) ^ addi(7, 0, 1));
        load_constant(code, 11, 4000);
        const i32 top = i32(code.size());
        code.push_back(bit_xor(6, 6, 28));
        code.push_back(store(2, 6, 5, (top + 3) * 4));
        code.push_back(kFenceI);
        code.push_back(addi(7, 0, 99));   // rewritten
        code.push_back(add(8, 8, 7));
        code.push_back(addi(11, 11, -1));
        code.push_back(bne(11, 0, (top - i32(code.size())) * 4));
        code.push_back(kEcall);
        Rig<FunctionalCore> rig(code, check, kRead | kWrite | kExecute);
        rig.bench.run();
        EXPECT_EQ(rig.core.hart().reg[8], 2000u * 2 + 2000u * 1);
    }
}

TEST(FunctionalCore, AnInterruptIsTakenAtItsInstruction) {
    for (bool check : {false, true}) {
        Rig<FunctionalCore> rig(loop(20'000, {add(5, 5, 11), kNop}), check);
        rig.board.interrupt_at = 5000;
        rig.board.interrupt_every = 7001;
        rig.bench.run();
        ASSERT_GT(rig.board.interrupted_at.size(), 5u);
        for (std::size_t i = 0; i < rig.board.interrupted_at.size(); ++i)
            EXPECT_EQ(rig.board.interrupted_at[i], 5000 + 7001 * i);
        EXPECT_EQ(rig.core.hart().reg[31], rig.board.interrupted_at.size());
    }
}

TEST(FunctionalCore, JumpingToNowhereIsTheEnvironmentsToAnswer) {
    Rig<FunctionalCore> rig({jalr(1, 0, 0x100), kEcall});
    EXPECT_THROW(rig.bench.run(), std::runtime_error);
}

// ---- the checker itself

// A core that reports what a test tells it to.
TEST(Checker, FindsAWrongResultAStoreAndAWrongPath) {
    const auto message = [](const std::function<void(Effect &)> &falsify) -> std::string {
        Board board({addi(5, 0, 7), sd(5, 10, 8), kEcall});
        const CoreStart start = board.start();
        Checker checker(start, "core");
        Effect first;
        first.pc = kCodeAt, first.next = kCodeAt + 4, first.rd = 5, first.value = 7;
        Effect second;
        second.pc = kCodeAt + 4, second.next = kCodeAt + 8;
        second.store_bytes = 8, second.address = kDataAt + 8, second.store_value = 7;
        falsify(second);
        try {
            checker.committed(first, 0, 1);
            checker.committed(second, 0, 2);
        } catch (const SimulatorBug &bug) {
            return bug.what();
        }
        return "agrees";
    };
    EXPECT_EQ(message([](Effect &) {}), "agrees");
    EXPECT_NE(message([](Effect &e) { e.store_value = 8; }).find("differs in store"), std::string::npos);
    EXPECT_NE(message([](Effect &e) { e.address += 1; }).find("differs in store"), std::string::npos);
    EXPECT_NE(message([](Effect &e) { e.next += 4; }).find("differs in next pc"), std::string::npos);
    EXPECT_NE(message([](Effect &e) { e.pc += 4; }).find("another instruction"), std::string::npos);
    EXPECT_NE(message([](Effect &e) { e.rd = 6; }).find("differs in result"), std::string::npos);
}

// ---- ProfileCore

TEST(ProfileCore, CountsEveryClassOnce) {
    const Code body = {add(5, 5, 5), mul(6, 5, 5), div(7, 6, 5), fadd(1, 1, 2), ld(8, 10, 0), sd(8, 10, 8),
                       amoadd(9, 8, 10), jal(0, 4), csrrs(9, 1, 0), kFence};
    Rig<ProfileCore> rig(loop(10, body));
    rig.bench.run();
    const ProfileCore::Stats &s = rig.core.stats;
    EXPECT_EQ(s.integer_instructions, 2u + 10 * 2);   // lui and addi; add and the counting addi
    for (u64 counted : {s.multiply_instructions, s.divide_instructions, s.float_instructions, s.loads,
                        s.stores, s.atomics, s.branches, s.jumps})
        EXPECT_EQ(counted, 10u);
    EXPECT_EQ(s.taken_branches, 9u);
    EXPECT_EQ(s.system_instructions, 10u * 2 + 1);
    EXPECT_EQ(s.compressed_instructions, 0u);
    EXPECT_EQ(s.committed_instructions, 2u + 10 * 12 + 1);
    EXPECT_EQ(s.code_bytes, 4u * (2 + 12 + 1));
}

TEST(ProfileCore, CountsDistinctCodeOnceAndLinesAcrossTheirBorders) {
    Rig<ProfileCore> rig(loop(50, {ld(5, 10, 60), ld(5, 10, 64), store(0, 5, 10, 640)}));
    rig.bench.run();
    EXPECT_EQ(rig.core.stats.data_lines, 3u);   // the first load crosses into the second's line
    EXPECT_EQ(rig.core.stats.code_bytes, 4u * (2 + 3 + 2 + 1));
    EXPECT_EQ(rig.core.stats.code_lines, 1u);
    Rig<ProfileCore> longer(loop(2, Code(100, kNop)));
    longer.bench.run();
    EXPECT_EQ(longer.core.stats.code_bytes, 4u * (2 + 100 + 2 + 1));
    EXPECT_EQ(longer.core.stats.code_lines, (4 * 105u + 63) / 64);
}

TEST(ProfileCore, RunsProgramsAsTheFunctionalCoreDoes) {
    for (u32 seed = 1; seed <= 5; ++seed) {
        const Code code = RandomWords(seed).program(200, 30);
        Rig<FunctionalCore> functional(code);
        Rig<ProfileCore> profile(code, true);
        EXPECT_EQ(profile.bench.run(1000).committed, 1000u);
        functional.bench.run();
        profile.bench.run();
        EXPECT_EQ(profile.core.hart().reg, functional.core.hart().reg);
        EXPECT_EQ(profile.core.hart().committed, functional.core.hart().committed);
    }
}

}  // namespace
}  // namespace sim::test
