// SPDX-License-Identifier: BSD-3-Clause
// Pipeline traces: what Konata and gem5's viewers get to read.
#include <gtest/gtest.h>
#include <cstdio>
#include <fstream>
#include <sstream>
#include "sim/errors.hh"
#include "trace/pipeline_trace.hh"

namespace sim {
namespace {

std::string contents(const std::string &file) {
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

struct Trace : ::testing::Test {
    std::string file(const char *ending) {
        const auto *test = ::testing::UnitTest::GetInstance()->current_test_info();
        made_ = ::testing::TempDir() + "skipahead_" + test->name() + ending;
        std::remove(made_.c_str());
        return made_;
    }
    ~Trace() override { std::remove(made_.c_str()); }

    // A commits out of #7 and #8; #8, fetched in the same cycle, is squashed before #7 ends.
    std::string two_instructions(const char *ending) {
        const std::string name = file(ending);
        const auto trace = open_pipeline_trace(name);
        trace->begin(7, 10, 0x1000, "ld a0,8(sp)");
        trace->begin(8, 10, 0x1004, "beq a0,a1,0x1000");
        trace->stage(7, "decode", 11);
        trace->end(8, 12, false);
        trace->stage(7, "issue", 13);
        trace->end(7, 15, true);
        trace->finish();
        return contents(name);
    }

  private:
    std::string made_;
};

TEST_F(Trace, KonataGetsEventsInTimeOrderAndNumbersFromZero) {
    EXPECT_EQ(two_instructions(".kanata"),
              "Kanata\t0004\n"
              "C=\t10\n"
              "I\t0\t7\t0\nL\t0\t0\t1000: ld a0,8(sp)\nS\t0\t0\tfetch\n"
              "I\t1\t8\t0\nL\t1\t0\t1004: beq a0,a1,0x1000\nS\t1\t0\tfetch\n"
              "C\t1\nE\t0\t0\tfetch\nS\t0\t0\tdecode\n"
              "C\t1\nE\t1\t0\tfetch\nR\t1\t0\t1\n"
              "C\t1\nE\t0\t0\tdecode\nS\t0\t0\tissue\n"
              "C\t2\nE\t0\t0\tissue\nR\t0\t0\t0\n");
}

TEST_F(Trace, O3PipeViewMarksASquashWithZeroAndNothingThatRetired) {
    EXPECT_EQ(two_instructions(".o3"),
              "O3PipeView:fetch:11000:0x00001004:0:8:beq a0,a1,0x1000\n"
              "O3PipeView:decode:0\nO3PipeView:rename:0\nO3PipeView:dispatch:0\nO3PipeView:issue:0\n"
              "O3PipeView:complete:0\nO3PipeView:retire:0:store:0\n"
              "O3PipeView:fetch:11000:0x00001000:0:7:ld a0,8(sp)\n"
              "O3PipeView:decode:12000\nO3PipeView:rename:14000\nO3PipeView:dispatch:14000\nO3PipeView:issue:14000\n"
              "O3PipeView:complete:16000\nO3PipeView:retire:16000:store:0\n");
}

TEST_F(Trace, O3PipeViewOfASquashedInstructionEndsWithTheLastStageItReached) {
    const std::string name = file(".o3");
    const auto trace = open_pipeline_trace(name);
    trace->begin(1, 0, 0x1000, "nop");
    trace->stage(1, "issue", 3);
    trace->end(1, 4, false);
    trace->finish();
    EXPECT_EQ(contents(name),
              "O3PipeView:fetch:1000:0x00001000:0:1:nop\n"
              "O3PipeView:decode:4000\nO3PipeView:rename:4000\nO3PipeView:dispatch:4000\nO3PipeView:issue:4000\n"
              "O3PipeView:complete:0\nO3PipeView:retire:0:store:0\n");
}

TEST_F(Trace, AStageReportedLateStillStandsInTimeOrder) {
    const std::string name = file(".kanata");
    const auto trace = open_pipeline_trace(name);
    trace->begin(1, 5, 0, "first");
    trace->begin(2, 6, 4, "second");
    trace->end(2, 9, true);
    trace->stage(1, "issue", 7);
    trace->end(1, 9, true);
    trace->finish();
    const std::string text = contents(name);
    EXPECT_LT(text.find("S\t0\t0\tissue"), text.find("R\t1\t0\t0"));
}

TEST_F(Trace, WhatIsInFlightAtTheEndIsSquashed) {
    const std::string name = file(".kanata");
    const auto trace = open_pipeline_trace(name);
    trace->begin(1, 5, 0, "first");
    trace->finish();
    EXPECT_NE(contents(name).find("R\t0\t0\t1"), std::string::npos);
}

TEST_F(Trace, TheFileAppearsOnlyWhenItIsWhole) {
    const std::string name = file(".kanata");
    const auto trace = open_pipeline_trace(name);
    trace->begin(1, 5, 0, "first");
    EXPECT_FALSE(std::ifstream(name).good());
    trace->finish();
    EXPECT_TRUE(std::ifstream(name).good());
}

TEST_F(Trace, CyclesThatGoBackAreABugOfTheCore) {
    const auto trace = open_pipeline_trace(file(".o3"));
    trace->begin(1, 5, 0, "first");
    EXPECT_THROW(trace->stage(1, "decode", 4), SimulatorBug);
    EXPECT_THROW(trace->begin(1, 6, 0, "again"), SimulatorBug);
    EXPECT_THROW(trace->end(2, 6, true), SimulatorBug);
}

TEST(PipelineTrace, OtherEndingsAndMissingFoldersAreRefused) {
    EXPECT_THROW(open_pipeline_trace("trace.txt"), ConfigError);
    EXPECT_THROW(open_pipeline_trace("/nowhere/at/all.kanata"), ConfigError);
}

}  // namespace
}  // namespace sim
