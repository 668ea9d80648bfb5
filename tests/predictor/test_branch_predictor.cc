// SPDX-License-Identifier: BSD-3-Clause
// The whole predictor from outside: decoder's redirects, perfect mode, statistics, misuse.
#include <gtest/gtest.h>
#include "lone_front_end.hh"

namespace sim::predicting {
namespace {

TEST(DecodeRedirect, SendsDirectTransfersToTheirTargetsAndRefillsTheReturnStack) {
    LoneFrontEnd front = with({});
    for (const Happening &h : {jump(0x1000, 0x8000), call(0x2000, 0x9000)}) {
        const Prediction before = front->predict(h.branch);
        front->predict(jump(0x5000, 0x6000).branch);   // fetched after it, and gone with the redirect
        const Prediction p = front->decode_redirect(before.ticket);
        EXPECT_EQ(p.ticket, before.ticket);
        EXPECT_EQ(front->next_ticket(), before.ticket + 1);
        EXPECT_EQ(p.next, h.next);
        EXPECT_TRUE(p.taken);
        EXPECT_FALSE(p.btb_hit);
        front->commit(p.ticket, h.taken, h.next);
    }
    const Prediction p = front->predict(returning(0x9000, 0).branch);
    EXPECT_EQ(p.next, 0x9004u);   // fetch does not know it
    EXPECT_EQ(front->decode_redirect(p.ticket).next, 0x2004u);
}

TEST(DecodeRedirect, AsksTheDirectionPredictorForConditionals) {
    for (bool answer : {false, true}) {
        LoneFrontEnd front = with({}, false, answer);
        const Branch branch = conditional(0x1000, true, 0x1800).branch;
        const Prediction before = front->predict(branch);
        EXPECT_EQ(before.next, 0x1004u);
        const Prediction p = front->decode_redirect(before.ticket);
        EXPECT_EQ(p.taken, answer);
        EXPECT_EQ(p.next, answer ? 0x1800u : 0x1004u);
    }
}

TEST(DecodeRedirect, TakesAnIndirectTargetOnlyFromTheTargetPredictor) {
    LoneFrontEnd plain = with({});
    EXPECT_EQ(plain->decode_redirect(plain->predict(indirect(0x1000, 0).branch).ticket).next, 0x1004u);
    BranchPredictor::Params params;
    params.btb_entries = 16;
    LoneFrontEnd front = with(params, true);
    for (int i = 0; i < 3; ++i) front.pass(indirect(0x1000, 0x8000));
    front.pass(jump(0x1020, 0x9000));   // pushes it out of the BTB
    const Prediction before = front->predict(indirect(0x1000, 0).branch);
    EXPECT_FALSE(before.btb_hit);
    EXPECT_EQ(before.next, 0x1004u);
    EXPECT_EQ(front->decode_redirect(before.ticket).next, 0x8000u);
}

TEST(DecodeRedirect, LeavesYoungerTransfersAloneWhereItKnowsNoBetter) {
    LoneFrontEnd front = with({}, false, false);
    for (const Happening &h :
         {conditional(0x1000, false), indirect(0x1100, 0x4000), returning(0x1200, 0x5000)}) {
        const Prediction before = front->predict(h.branch);
        const Prediction younger = front->predict(conditional(0x1300, false).branch);
        const Prediction p = front->decode_redirect(before.ticket);
        EXPECT_EQ(p.next, before.next);
        EXPECT_FALSE(p.taken);
        EXPECT_EQ(front->next_ticket(), younger.ticket + 1);
        front->squash(before.ticket);
    }
}

TEST(DecodeRedirect, AReturnSeesTheStackOfItsOwnTime) {
    for (u32 entries : {1u, 2u, 3u, 16u}) {
        BranchPredictor::Params params;
        params.return_stack_entries = entries;
        LoneFrontEnd front = with(params);
        front.pass(call(0x7000, 0x7100));   // the BTB knows this call from now on
        front.pass(call(0x1000, 0x9000));
        const Prediction p = front->predict(returning(0x9000, 0).branch);
        for (int i = 0; i < 5; ++i) front->predict(call(0x7000, 0x7100).branch);   // fetched beyond it
        EXPECT_EQ(front->decode_redirect(p.ticket).next, 0x1004u) << entries;
    }
}

TEST(PerfectMode, FollowsTheOracleFromTheFirstTransferOn) {
    BranchPredictor::Params params;
    params.perfect = true;
    LoneFrontEnd front = with(params);
    std::mt19937 random(3);
    for (int i = 0; i < 2000; ++i) {
        Happening h = i % 3 == 0   ? conditional(0x1000, random() & 1)
                      : i % 3 == 1 ? indirect(0x2000, 0x8000 + random() % 64 * 16)
                                   : returning(0x3000, 0x9000 + random() % 64 * 16);
        h.branch.oracle_known = true;
        h.branch.oracle_taken = h.taken;
        h.branch.oracle_next = h.next;
        const Prediction p = front.pass(h);
        ASSERT_EQ(p.next, h.next);
        ASSERT_EQ(p.taken, h.taken);
        ASSERT_TRUE(p.btb_hit);
    }
    EXPECT_EQ(front->stats.conditional_mispredictions, 0u);
    EXPECT_EQ(front->stats.indirect_mispredictions + front->stats.return_mispredictions, 0u);
}

TEST(PerfectMode, TheOracleIsNotHeardUnlessAskedFor) {
    LoneFrontEnd front = with({}, false, false);
    Happening h = conditional(0x1000, true);
    h.branch.oracle_known = h.branch.oracle_taken = true;
    h.branch.oracle_next = h.next;
    EXPECT_FALSE(front.guesses(h));
}

TEST(PerfectMode, WithoutTheOraclesWordItGuesses) {
    BranchPredictor::Params params;
    params.perfect = true;
    LoneFrontEnd front = with(params);
    EXPECT_EQ(front.pass(jump(0x1000, 0x8000)).btb_hit, false);
    EXPECT_TRUE(peek(front, jump(0x1000, 0x8000).branch).btb_hit);
}

TEST(BranchPredictorStatistics, EveryCommittedTransferIsCountedOnceUnderItsKind) {
    LoneFrontEnd front = with({}, true, true);
    std::vector<Happening> story;
    for (int i = 0; i < 100; ++i) {
        for (const Happening &h :
             {call(0x1000, 0x2000), conditional(0x2000, i % 4 != 0), jump(0x2100, 0x2200),
              indirect(0x2200, 0x2300 + Address(i) * 64), returning(0x2300, 0x1004)})
            story.push_back(h);
    }
    for (const Happening &h : story) front.pass(h);
    front->predict(story[0].branch);   // wrong path: a look-up, but no commit
    front->squash(front->next_ticket() - 1);
    const auto &s = front->stats;
    EXPECT_EQ(s.lookups, story.size() + 1);
    EXPECT_EQ(s.btb_lookups, s.lookups);
    EXPECT_EQ(s.btb_hits + 6, s.lookups);   // five places missed once, the branch that began not taken twice
    EXPECT_EQ(s.conditional_branches + s.indirect_transfers + s.returns + s.direct_transfers, story.size());
    EXPECT_EQ(s.conditional_branches, 100u);
    EXPECT_EQ(s.conditional_mispredictions, 25u);
    EXPECT_EQ(s.direct_transfers, 200u);
    EXPECT_EQ(s.direction_updates, s.conditional_branches);
    EXPECT_EQ(s.indirect_transfers, 100u);
    EXPECT_EQ(s.indirect_mispredictions, 100u);   // always a new target
    EXPECT_EQ(s.returns, 100u);
    EXPECT_EQ(s.return_mispredictions, 0u);
    EXPECT_EQ(s.btb_updates, 4 + 100u);
    EXPECT_DOUBLE_EQ(s.direction_accuracy(), 0.75);
}

TEST(BranchPredictorStatistics, ARedirectedGuessIsTheOneThatCounts) {
    LoneFrontEnd front = with({});
    const Happening h = conditional(0x1000, true);
    const Prediction p = front->predict(h.branch);
    front->decode_redirect(p.ticket);
    front->commit(p.ticket, true, h.next);
    EXPECT_EQ(front->stats.conditional_mispredictions, 0u);
    EXPECT_EQ(front->stats.lookups, 1u);
}

TEST(BranchPredictor, RefusesToBeMisused) {
    LoneFrontEnd front = with({});
    front->set_capacity(2);
    const Happening h = jump(0x1000, 0x8000);
    const u64 first = front->predict(h.branch).ticket;
    front->predict(h.branch);
    EXPECT_THROW(front->predict(h.branch), SimulatorBug);   // more than its capacity
    EXPECT_THROW(front->commit(first + 1, true, h.next), SimulatorBug);   // not the oldest
    EXPECT_THROW(front->commit(first, true, h.next), SimulatorBug);   // wrong guess, never resolved
    EXPECT_THROW(front->resolve(first + 2, true, h.next), SimulatorBug);
    front->resolve(first, true, h.next);
    front->commit(first, true, h.next);
    EXPECT_THROW(front->squash(first), SimulatorBug);
}

TEST(BranchPredictor, ImpossibleParametersAreConfigurationErrors) {
    EXPECT_THROW(BranchPredictor({}), ConfigError);   // no direction predictor
    BranchPredictor::Params params;
    params.btb_entries = 96;
    EXPECT_THROW(with(params), ConfigError);
    params = {};
    params.return_stack_entries = 0;
    EXPECT_THROW(with(params), ConfigError);
    params = {};
    params.btb_tag_bits = 0;
    EXPECT_THROW(with(params), ConfigError);
    EXPECT_THROW(with({})->set_capacity(kMaxInFlight + 1), ConfigError);
    Gshare::Params gshare;
    gshare.entries = 1000;
    EXPECT_THROW(Gshare{gshare}, ConfigError);
    TageScl::Params scl;
    scl.tables = 99;
    EXPECT_THROW(TageScl{scl}, ConfigError);
    Ittage::Params ittage;
    ittage.tables = 1;
    EXPECT_THROW(Ittage{ittage}, ConfigError);
}

}   // namespace
}   // namespace sim::predicting
