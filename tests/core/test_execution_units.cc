// SPDX-License-Identifier: BSD-3-Clause
// ExecutionUnits: how many operations start in a cycle, and which hold their unit.
#include <gtest/gtest.h>
#include "core/execution_units.hh"

namespace sim::test {
namespace {

TEST(ExecutionUnits, AsManyStartInACycleAsThereAreUnits) {
    ExecutionUnits units({});
    UnitPool pool(units);
    for (Cycle now : {1, 2}) {
        pool.begin_cycle();
        for (int i = 0; i < 4; ++i) EXPECT_TRUE(pool.take(OpClass::IntAlu, now));
        EXPECT_FALSE(pool.take(OpClass::Branch, now));   // shares the integer units
        EXPECT_TRUE(pool.take(OpClass::IntMul, now));
        EXPECT_FALSE(pool.take(OpClass::IntMul, now));
    }
    units.derive_counts();
    EXPECT_EQ(units.stats.stall_unit_busy, 4u);
    EXPECT_EQ(units.stats.integer_operations, 8u);
}

TEST(ExecutionUnits, ADividerIsBusyForItsWholeLatencyAndNotLonger) {
    ExecutionUnits units({});
    UnitPool pool(units);
    pool.begin_cycle();
    EXPECT_TRUE(pool.take(OpClass::IntDiv, 10));
    for (Cycle now = 11; now < 30; ++now) {
        pool.begin_cycle();
        EXPECT_FALSE(pool.take(OpClass::IntDiv, now));
    }
    pool.begin_cycle();
    EXPECT_TRUE(pool.take(OpClass::IntDiv, 30));
}

TEST(ExecutionUnits, TwoDividersStartTogetherButNotThree) {
    ExecutionUnits::Params p;
    p.float_divide = 2;
    ExecutionUnits units(p);
    UnitPool pool(units);
    pool.begin_cycle();
    EXPECT_TRUE(pool.take(OpClass::FloatDiv, 5));
    EXPECT_TRUE(pool.take(OpClass::FloatSqrt, 5));
    EXPECT_FALSE(pool.take(OpClass::FloatDiv, 5));
}

TEST(ExecutionUnits, IdenticalUnitsDoEverything) {
    ExecutionUnits::Params p;
    p.identical = 3;
    ExecutionUnits units(p);
    UnitPool pool(units);
    pool.begin_cycle();
    EXPECT_TRUE(pool.take(OpClass::IntDiv, 1));
    EXPECT_TRUE(pool.take(OpClass::Load, 1));
    EXPECT_TRUE(pool.take(OpClass::FloatMul, 1));
    EXPECT_FALSE(pool.take(OpClass::IntAlu, 1));
    pool.begin_cycle();
    EXPECT_TRUE(pool.take(OpClass::IntAlu, 2));
    EXPECT_TRUE(pool.take(OpClass::IntAlu, 2));
    EXPECT_FALSE(pool.take(OpClass::IntAlu, 2));   // the third is dividing
}

TEST(ExecutionUnits, GroupsShareTheUnitsEqually) {
    ExecutionUnits::Params p;
    p.integer = 6;
    ExecutionUnits units(p);
    UnitPool pool(units, 3);
    pool.begin_cycle();
    EXPECT_TRUE(pool.take(OpClass::IntAlu, 1));
    EXPECT_TRUE(pool.take(OpClass::IntAlu, 1));
    EXPECT_FALSE(pool.take(OpClass::IntAlu, 1));
}

TEST(ExecutionUnits, AKindWithoutUnitsAndALatencyOfZeroAreRefused) {
    ExecutionUnits::Params p;
    p.address = 0;
    EXPECT_THROW(ExecutionUnits{p}, ConfigError);
    p = {};
    p.multiply_latency = 0;
    EXPECT_THROW(ExecutionUnits{p}, ConfigError);
    p = {};
    p.identical = 1;
    p.address = 0;
    EXPECT_EQ(ExecutionUnits{p}.width(), 1u);
}

}  // namespace
}  // namespace sim::test
