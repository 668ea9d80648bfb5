// SPDX-License-Identifier: BSD-3-Clause
// The BTB from outside: what fetch recognises, conflicts, partial tags, writes.
#include <gtest/gtest.h>
#include "lone_front_end.hh"

namespace sim::predicting {
namespace {

TEST(Btb, UnknownTransfersFallThroughUntilOneWasTaken) {
    LoneFrontEnd front = with({});
    const Happening h = jump(0x1000, 0x8000);
    Prediction p = peek(front, h.branch);
    EXPECT_FALSE(p.btb_hit);
    EXPECT_FALSE(p.taken);
    EXPECT_EQ(p.next, 0x1004u);
    front.pass(h);
    p = peek(front, h.branch);
    EXPECT_TRUE(p.btb_hit);
    EXPECT_TRUE(p.taken);
    EXPECT_EQ(p.next, 0x8000u);
}

TEST(Btb, ABranchThatWasNeverTakenNeedsNoEntry) {
    LoneFrontEnd front = with({});
    front.pass(conditional(0x1000, false));
    EXPECT_FALSE(peek(front, conditional(0x1000, false).branch).btb_hit);
    EXPECT_EQ(front->stats.btb_updates, 0u);
}

TEST(Btb, DirectMappedEntriesOfOneSetReplaceEachOther) {
    BranchPredictor::Params params;
    params.btb_entries = 16;
    LoneFrontEnd front = with(params);
    front.pass(jump(0x1000, 0x8000));
    front.pass(jump(0x1000 + 16 * 2, 0x9000));
    EXPECT_FALSE(peek(front, jump(0x1000, 0x8000).branch).btb_hit);
    EXPECT_TRUE(peek(front, jump(0x1020, 0x9000).branch).btb_hit);
}

TEST(Btb, TheLeastRecentlyTakenWayIsReplaced) {
    BranchPredictor::Params params;
    params.btb_entries = 32;
    params.btb_ways = 2;
    LoneFrontEnd front = with(params);
    const Address a = 0x1000, b = a + 32, c = a + 64;   // one set of two ways
    front.pass(jump(a, 0x8000));
    front.pass(jump(b, 0x9000));
    front.pass(jump(a, 0x8000));
    front.pass(jump(c, 0xa000));
    EXPECT_TRUE(peek(front, jump(a, 0x8000).branch).btb_hit);
    EXPECT_FALSE(peek(front, jump(b, 0x9000).branch).btb_hit);
    EXPECT_TRUE(peek(front, jump(c, 0xa000).branch).btb_hit);
}

TEST(Btb, APartialTagTakesOneTransferForAnother) {
    BranchPredictor::Params params;
    params.btb_entries = 16;   // index: address bits 1 to 4
    params.btb_tag_bits = 4;   // tag: bits 5 to 8
    LoneFrontEnd front = with(params);
    front.pass(jump(0x1000, 0x8000));
    Prediction p = peek(front, jump(0x1200, 0x9000).branch);   // differs from bit 9 on
    EXPECT_TRUE(p.btb_hit);
    EXPECT_EQ(p.next, 0x8000u);
    EXPECT_FALSE(peek(front, jump(0x1100, 0x9000).branch).btb_hit);   // differs in bit 8
    params.btb_tag_bits = 16;
    LoneFrontEnd wide = with(params);
    wide.pass(jump(0x1000, 0x8000));
    EXPECT_FALSE(peek(wide, jump(0x1200, 0x9000).branch).btb_hit);
}

TEST(Btb, AnEntryIsWrittenOnlyWhenItChanges) {
    LoneFrontEnd front = with({});
    for (int i = 0; i < 5; ++i) front.pass(indirect(0x1000, 0x8000));
    EXPECT_EQ(front->stats.btb_updates, 1u);
    front.pass(indirect(0x1000, 0x9000));
    EXPECT_EQ(front->stats.btb_updates, 2u);
    EXPECT_EQ(peek(front, indirect(0x1000, 0).branch).next, 0x9000u);   // the last target
}

}   // namespace
}   // namespace sim::predicting
