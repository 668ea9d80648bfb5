// SPDX-License-Identifier: BSD-3-Clause
// The return stack from outside: order, overflow, repair.
#include <gtest/gtest.h>
#include "lone_front_end.hh"

namespace sim::predicting {
namespace {

TEST(ReturnStack, NestedCallsReturnInReverseOrder) {
    LoneFrontEnd front = with({});
    for (Address level = 0; level < 16; ++level)
        front.pass(call(0x1000 + level * 0x100, 0x1100 + level * 0x100));
    for (Address level = 16; level-- > 0;)
        EXPECT_EQ(front.pass(returning(0x9000, 0x1004 + level * 0x100)).next, 0x1004 + level * 0x100);
    EXPECT_EQ(front->stats.return_mispredictions, 0u);
}

TEST(ReturnStack, OverflowForgetsTheOldestReturnsOnly) {
    BranchPredictor::Params params;
    params.return_stack_entries = 4;
    LoneFrontEnd front = with(params);
    for (Address level = 0; level < 7; ++level)
        front.pass(call(0x1000 + level * 0x100, 0x1100 + level * 0x100));
    for (Address level = 7; level-- > 0;)
        EXPECT_EQ(front.guesses(returning(0x9000, 0x1004 + level * 0x100)), level >= 3) << level;
}

TEST(ReturnStack, AnEmptyStackFallsThroughAndStaysUsable) {
    LoneFrontEnd front = with({});
    const Prediction p = front.pass(returning(0x9000, 0x4444));
    EXPECT_FALSE(p.taken);
    EXPECT_EQ(p.next, 0x9004u);
    front.pass(call(0x1000, 0x2000));
    EXPECT_TRUE(front.guesses(returning(0x9000, 0x1004)));
}

TEST(ReturnStack, SquashGivesBackWhatWrongPathCallsOverwrote) {
    BranchPredictor::Params params;
    params.return_stack_entries = 2;
    LoneFrontEnd front = with(params);
    for (const Happening &h : {call(0x7000, 0x7100), call(0x7100, 0x9000), returning(0x9000, 0x7104)})
        front.pass(h);
    front.pass(call(0x1000, 0x2000));
    front.pass(call(0x2000, 0x9000));
    const u64 from = front->next_ticket();
    front->predict(returning(0x9000, 0).branch);   // pops, then five pushes walk over the whole stack
    for (int i = 0; i < 5; ++i) front->predict(call(0x7000, 0x7100).branch);
    front->squash(from);
    EXPECT_TRUE(front.guesses(returning(0x9000, 0x2004)));
    EXPECT_TRUE(front.guesses(returning(0x9000, 0x1004)));
}

TEST(ReturnStack, ResolveMakesUpForACallThatFetchDidNotKnow) {
    LoneFrontEnd front = with({});
    const Happening h = indirect(0x1000, 0x2000, BranchKind::IndirectCall);
    const Prediction p = front->predict(h.branch);   // never decoded: no push so far
    front->resolve(p.ticket, true, 0x2000);
    front->commit(p.ticket, true, 0x2000);
    EXPECT_EQ(front.pass(returning(0x2000, 0x1004)).next, 0x1004u);
}

}   // namespace
}   // namespace sim::predicting
