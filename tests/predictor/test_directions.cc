// SPDX-License-Identifier: BSD-3-Clause
// What each direction predictor can learn, and what it cannot.
#include <gtest/gtest.h>
#include "lone_front_end.hh"

namespace sim::predicting {
namespace {

using Story = std::vector<Happening>;

Story loop(u32 trips, u32 times) {
    Story story;
    for (u32 i = 0; i < trips * times; ++i)
        story.push_back(conditional(0x1000, i % trips != trips - 1, 0xf00));
    return story;
}

// A random branch, `between` branches that are always taken, and one that repeats the random one.
Story distant_echo(u32 between, u32 times) {
    std::mt19937 random(11);
    Story story;
    for (u32 i = 0; i < times; ++i) {
        const bool taken = random() & 1;
        story.push_back(conditional(0x1000, taken));
        for (u32 k = 0; k < between; ++k) story.push_back(conditional(0x2000 + k * 8, true));
        story.push_back(conditional(0x9a34, taken));
    }
    return story;
}

// A loop of `trips` iterations with `noise` random branches in its body, so that global history never
// repeats.
Story noisy_loop(u32 trips, u32 noise, u32 times) {
    std::mt19937 random(12);
    Story story;
    for (u32 i = 0; i < trips * times; ++i) {
        for (u32 k = 0; k < noise; ++k) story.push_back(conditional(0x2000 + k * 8, random() & 1));
        story.push_back(conditional(0x9a34, i % trips != trips - 1, 0x1000));
    }
    return story;
}

// A branch with a period of its own amid random ones: only its own history helps.
Story noisy_pattern(const std::vector<bool> &pattern, u32 noise, u32 times) {
    std::mt19937 random(13);
    Story story;
    for (u32 i = 0; i < times; ++i) {
        for (u32 k = 0; k < noise; ++k) story.push_back(conditional(0x2000 + k * 8, random() & 1));
        story.push_back(conditional(0x9a34, pattern[i % pattern.size()]));
    }
    return story;
}

TEST(Bimodal, FollowsTheUsualDirectionThroughSingleExceptions) {
    Story story;
    for (int i = 0; i < 2000; ++i) story.push_back(conditional(0x1000, i % 10 != 0));
    EXPECT_DOUBLE_EQ(miss_share<Bimodal>(story), 0.1);
}

TEST(Bimodal, BranchesInOneCounterDisturbEachOther) {
    Bimodal::Params small;
    small.entries = 16;
    Story story;
    for (int i = 0; i < 2000; ++i) {
        story.push_back(conditional(0x1000, true));
        story.push_back(conditional(0x1000 + 16 * 2, false));
    }
    EXPECT_GT(miss_share<Bimodal>(story, 0, small), 0.49);
    EXPECT_DOUBLE_EQ(miss_share<Bimodal>(story), 0);
}

TEST(Gshare, LearnsLoopsThatFitIntoItsHistory) {
    EXPECT_DOUBLE_EQ(miss_share<Gshare>(loop(13, 1000)), 0);
    EXPECT_NEAR(miss_share<Gshare>(loop(40, 1000)), 1.0 / 40, 0.001);
}

TEST(Gshare, AShorterHistoryForgetsSooner) {
    Gshare::Params params;
    params.history_length = 4;
    EXPECT_DOUBLE_EQ(miss_share<Gshare>(loop(5, 1000), 0, params), 0);
    EXPECT_NEAR(miss_share<Gshare>(loop(8, 1000), 0, params), 1.0 / 8, 0.001);
}

TEST(Gshare, JumpsPushBranchesOutOfHistoryOnlyIfTheyEnterIt) {
    std::mt19937 random(14);
    Story story;
    for (int i = 0; i < 8000; ++i) {
        const bool taken = random() & 1;
        story.push_back(conditional(0x1000, taken));
        for (Address k = 0; k < 14; ++k) story.push_back(jump(0x2000 + k * 16, 0x2010 + k * 16));
        story.push_back(conditional(0x9a34, taken));
    }
    Gshare::Params without;
    without.jumps_in_history = false;
    EXPECT_GT(miss_share<Gshare>(story, 0x9a34), 0.4);
    EXPECT_LT(miss_share<Gshare>(story, 0x9a34, without), 0.01);
    GskewDirection::Params skewed;
    skewed.jumps_in_history = false;
    EXPECT_GT(miss_share<GskewDirection>(story, 0x9a34), 0.4);
    EXPECT_LT(miss_share<GskewDirection>(story, 0x9a34, skewed), 0.01);
}

TEST(GskewDirection, LearnsEveryLoopShorterThanItsHistory) {
    for (u32 trips = 2; trips <= 13; ++trips)
        EXPECT_DOUBLE_EQ(miss_share<GskewDirection>(loop(trips, 1500)), 0) << trips;
    EXPECT_NEAR(miss_share<GskewDirection>(loop(40, 1000)), 1.0 / 40, 0.001);
}

TEST(GskewDirection, LearnsCorrelatedBranches) {
    std::mt19937 random(15);
    Story story;
    for (int i = 0; i < 20000; ++i) {
        const bool a = random() & 1, b = random() & 1;
        for (const Happening &h :
             {conditional(0x1000, a), conditional(0x1100, b), conditional(0x1200, a != b)})
            story.push_back(h);
    }
    EXPECT_LT(miss_share<GskewDirection>(story, 0x1200), 0.02);
    EXPECT_GT(miss_share<Bimodal>(story, 0x1200), 0.4);
}

TEST(GskewDirection, SkewingOutvotesCollisionsThatHurtGshare) {
    // Many biased branches behind random history: each touches thousands of counters of a table.
    std::mt19937 random(16);
    Story story;
    for (int i = 0; i < 60000; ++i) {
        const Address pc = 0x1000 + random() % 300 * 6;
        story.push_back(conditional(pc, (pc * 0x9e3779b1u >> 16 & 1) ^ (random() % 16 == 0)));
    }
    Gshare::Params params;
    params.entries = 8192;
    EXPECT_LT(miss_share<GskewDirection>(story), 0.75 * miss_share<Gshare>(story, 0, params));
}

TEST(GskewDirection, ARightUnanimousVoteWritesNothing) {
    LoneFrontEnd front(fresh<GskewDirection>());
    auto &gskew = static_cast<GskewDirection &>(front.direction());
    for (int i = 0; i < 100; ++i) front.pass(conditional(0x1000, true));
    const u64 writes = gskew.stats.table_writes;
    EXPECT_GT(writes, 0u);
    for (int i = 0; i < 100; ++i) front.pass(conditional(0x1000, true));
    EXPECT_EQ(gskew.stats.table_writes, writes);
    EXPECT_EQ(gskew.stats.lookups, 200u);
}

TEST(GskewDirection, TheChooserTurnsToTheVoteForABranchThatNeedsHistory) {
    LoneFrontEnd front(fresh<GskewDirection>());
    auto &gskew = static_cast<GskewDirection &>(front.direction());
    for (const Happening &h : loop(4, 1000)) front.pass(h);
    EXPECT_GT(gskew.stats.meta_writes, 0u);
    EXPECT_GT(gskew.stats.vote_predictions, gskew.stats.lookups / 5);
    EXPECT_LT(gskew.stats.vote_predictions, gskew.stats.lookups);
}

TEST(Tage, LearnsEchoesFarBeyondOtherPredictorsHistories) {
    for (u32 between : {20u, 60u, 150u}) {
        const Story story = distant_echo(between, 4000);
        EXPECT_LT(miss_share<Tage>(story, 0x9a34), 0.02) << between;
        EXPECT_LT(miss_share<TageScl>(story, 0x9a34), 0.02) << between;
        EXPECT_GT(miss_share<Gshare>(story, 0x9a34), 0.4) << between;
        EXPECT_GT(miss_share<GskewDirection>(story, 0x9a34), 0.4) << between;
    }
    EXPECT_GT(miss_share<Tage>(distant_echo(300, 3000), 0x9a34), 0.4);   // its own history ends, too
    EXPECT_LT(miss_share<TageScl>(distant_echo(300, 3000), 0x9a34), 0.02);
}

TEST(Tage, LearnsLongLoopsFromGlobalHistory) { EXPECT_DOUBLE_EQ(miss_share<Tage>(loop(100, 800)), 0); }

TEST(Tage, KnowsWhichWayAnIndirectJumpWent) {
    std::mt19937 random(17);
    Story story;
    for (int i = 0; i < 8000; ++i) {
        const u64 where = random() % 4;
        story.push_back(indirect(0x1000, 0x4000 + where * 0x240));
        story.push_back(conditional(0x9a34, where == 2));
    }
    EXPECT_LT(miss_share<Tage>(story, 0x9a34), 0.02);
    EXPECT_GT(miss_share<Gshare>(story, 0x9a34), 0.2);
}

TEST(Tage, UsesItsTaggedTablesOnlyForBranchesThatNeedThem) {
    LoneFrontEnd front(fresh<Tage>());
    auto &tage = static_cast<Tage &>(front.direction());
    for (int i = 0; i < 1000; ++i) front.pass(conditional(0x1000, true));
    EXPECT_LE(tage.stats.allocations, 4u);
    EXPECT_GT(tage.stats.base_predictions, tage.stats.lookups * 9 / 10);
    std::mt19937 random(18);
    for (int i = 0; i < 20000; ++i) front.pass(conditional(0x1000, random() & 1));
    EXPECT_GT(tage.stats.allocations, 1000u);
}

TEST(TageScl, PredictsTheExitsOfLoopsWithNoiseInside) {
    const Story story = noisy_loop(37, 3, 1500);
    LoneFrontEnd front(fresh<TageScl>());
    EXPECT_LT(miss_share(front, story, 0x9a34), 0.1 / 37);
    EXPECT_GT(miss_share<Tage>(story, 0x9a34), 0.9 / 37);
    const auto &stats = static_cast<TageScl &>(front.direction()).stats;
    EXPECT_GT(stats.loop_predictions, 500u);
    EXPECT_GT(stats.right_loop_predictions, stats.loop_predictions * 95 / 100);
}

TEST(TageScl, LeavesALoopAloneOnceItsTripCountVaries) {
    Story story = noisy_loop(37, 3, 500);
    std::mt19937 random(19);
    for (u32 i = 0; i < 1500; ++i) {
        const u32 trips = 8 + random() % 40;
        for (u32 k = 0; k < trips; ++k) story.push_back(conditional(0x9a34, k + 1 != trips, 0x1000));
    }
    EXPECT_LT(miss_share<TageScl>(story, 0x9a34), 1.5 * miss_share<Bimodal>(story, 0x9a34));
}

TEST(TageScl, CorrectsTageByTheBranchesOwnHistory) {
    const Story story = noisy_pattern({1, 1, 0, 1, 0, 0, 1}, 6, 12000);
    LoneFrontEnd front(fresh<TageScl>());
    EXPECT_LT(miss_share(front, story, 0x9a34), 0.03);
    EXPECT_GT(miss_share<Tage>(story, 0x9a34), 0.25);
    const auto &stats = static_cast<TageScl &>(front.direction()).stats;
    EXPECT_GT(stats.corrections, 2000u);
    EXPECT_GT(stats.right_corrections, stats.corrections / 2);
}

TEST(TageScl, FollowsTheBiasOfARandomBranch) {
    std::mt19937 random(20);
    Story story;
    for (int i = 0; i < 60000; ++i) {
        story.push_back(conditional(0x1000, random() % 10 < 7));
        story.push_back(conditional(0x1040, random() % 10 < 2));
    }
    EXPECT_LT(miss_share<TageScl>(story), 0.27);   // 0.25 is the least possible
}

// A bit of everything, interleaved as a program would.
Story mix() {
    std::mt19937 random(21);
    Story story;
    const bool pattern[] = {1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 0};
    for (u32 round = 0; round < 2500; ++round) {
        const bool echo = random() & 1, bit = random() % 4 == 0;
        story.push_back(conditional(0x1000, echo));
        story.push_back(conditional(0x1010, bit));
        for (u32 k = 0; k < 25; ++k) story.push_back(conditional(0x1100, k != 24, 0x1080));
        story.push_back(conditional(0x1200, pattern[round % 13]));
        for (u32 k = 0; k < 6; ++k) story.push_back(conditional(0x1300 + k * 16, (round >> k & 1) != 0));
        story.push_back(call(0x1400, 0x5000));
        story.push_back(conditional(0x5010, echo != bit));
        story.push_back(returning(0x5020, 0x1404));
        story.push_back(conditional(0x1410, random() % 8 != 0));
        story.push_back(conditional(0x1420, echo));
        for (u32 k = 0; k < 5; ++k) story.push_back(conditional(0x1500, k != 4, 0x1480));
        story.push_back(conditional(0x1600, echo));
        story.push_back(conditional(0x1610, !echo));
    }
    return story;
}

TEST(TageScl, MissesAtMostHalfAsOftenAsGskewOnAMix) {
    const Story story = mix();
    const double scl = miss_share<TageScl>(story), tage = miss_share<Tage>(story);
    const double gskew = miss_share<GskewDirection>(story), bimodal = miss_share<Bimodal>(story);
    EXPECT_LT(scl, 0.5 * gskew);
    EXPECT_LE(scl, 1.02 * tage);
    EXPECT_LT(gskew, bimodal);
    RecordProperty("miss_shares",
                   std::to_string(scl) + " " + std::to_string(tage) + " " + std::to_string(gskew));
}

TEST(TageScl, DefaultFitsIntoThe64KilobyteClass) {
    const u64 bits = TageScl(TageScl::Params()).storage_bits();
    EXPECT_LE(bits, 64 * 1024 * 8u);
    EXPECT_GE(bits, 56 * 1024 * 8u);   // and is no smaller predictor
    EXPECT_LE(Tage(Tage::Params()).storage_bits(), 20 * 1024 * 8u);
}

TEST(TageScl, EverySmallestLegalSizeWorks) {
    TageScl::Params least;
    least.tables = 2;
    least.table_entries = least.base_entries = 16;
    least.least_tag_bits = least.most_tag_bits = 4;
    least.least_history = 1;
    least.most_history = 2;
    least.corrector_entries = 8;
    least.local_entries = 1;
    least.loop_entries = 4;
    EXPECT_LT(miss_share<TageScl>(loop(3, 1000), 0, least), 0.01);
}

}   // namespace
}   // namespace sim::predicting
