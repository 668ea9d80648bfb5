// SPDX-License-Identifier: BSD-3-Clause
// What Ittage learns about indirect targets, against the BTB's last target.
#include <gtest/gtest.h>
#include "lone_front_end.hh"

namespace sim::predicting {
namespace {

using Story = std::vector<Happening>;

double share(bool ittage, const Story &story, Address watched) {
    LoneFrontEnd front(fresh<Tage>(), ittage);
    return miss_share(front, story, watched);
}

TEST(Ittage, LearnsATargetThatFollowsAnEarlierBranch) {
    std::mt19937 random(31);
    Story story;
    for (int i = 0; i < 6000; ++i) {
        const bool taken = random() & 1;
        story.push_back(conditional(0x1000, taken));
        for (Address k = 0; k < 20; ++k) story.push_back(conditional(0x2000 + k * 8, true));
        story.push_back(indirect(0x9000, taken ? 0xa000 : 0xb000));
    }
    EXPECT_LT(share(true, story, 0x9000), 0.01);
    EXPECT_GT(share(false, story, 0x9000), 0.4);
}

TEST(Ittage, LearnsAnInterpretersDispatchFromTheOperationsBefore) {
    // A bytecode loop of 31 operations of 9 kinds, one dispatch jump.
    std::mt19937 random(32);
    std::vector<Address> program;
    for (int i = 0; i < 31; ++i) program.push_back(0x10000 + random() % 9 * 0x180);
    Story story;
    for (int i = 0; i < 20000; ++i) {
        story.push_back(indirect(0x9000, program[size_t(i) % program.size()], BranchKind::IndirectCall));
        story.push_back(returning(program[size_t(i) % program.size()] + 0x40, 0x9004));
    }
    EXPECT_LT(share(true, story, 0x9000), 0.01);
    EXPECT_GT(share(false, story, 0x9000), 0.7);
}

TEST(Ittage, DoesNotKnowAJumpItNeverSaw) {
    Ittage ittage{Ittage::Params()};
    PredictorState state;
    EXPECT_EQ(ittage.predict(0x9000, state), 0u);
    ittage.train(0x9000, 0xa000, state);
    EXPECT_EQ(ittage.predict(0x9000, state), 0xa000u);
    EXPECT_EQ(ittage.stats.unknown, 1u);
    EXPECT_EQ(ittage.stats.lookups, 2u);
    EXPECT_EQ(ittage.stats.allocations, 1u);
}

TEST(Ittage, KeepsAWellKnownTargetThroughOneException) {
    Ittage ittage{Ittage::Params()};
    PredictorState state;
    const auto see = [&](Address target) {
        const Address guess = ittage.predict(0x9000, state);
        ittage.train(0x9000, target, state);
        return guess;
    };
    for (int i = 0; i < 5; ++i) see(0xa000);
    see(0xb000);
    EXPECT_EQ(see(0xa000), 0xa000u);
}

TEST(Ittage, ForgetsUselessEntriesUnderPressure) {
    Ittage::Params small;
    small.tables = 3;
    small.table_entries = 16;
    Ittage ittage(small);
    PredictorState state;
    std::mt19937 random(33);
    for (int i = 0; i < 20000; ++i) {
        const Address pc = 0x9000 + random() % 100 * 4;
        ittage.predict(pc, state);
        ittage.speculate(pc, 0xa000 + random() % 8 * 64, true);
        ittage.train(pc, 0xa000 + random() % 8 * 64, state);
    }
    for (int i = 0; i < 40; ++i) {
        ittage.predict(0x4000, state);
        ittage.train(0x4000, 0xc000, state);
    }
    EXPECT_EQ(ittage.predict(0x4000, state), 0xc000u);
}

}   // namespace
}   // namespace sim::predicting
