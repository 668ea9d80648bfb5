// SPDX-License-Identifier: BSD-3-Clause
// What a script may write for a field: units, ranges, types, and the names that errors suggest.
#include <gtest/gtest.h>
#include "sim/errors.hh"
#include "sim/values.hh"

namespace sim {
namespace {

struct Settings : Described<Settings> {
    PARAM(u64, size, 32_KiB, "bytes", "data capacity");
    PARAM(u8, ways, 8, "lines", "lines in a set");
    PARAM(double, latency, 60, "ns", "time to data");
    PARAM(double, clock, 2, "GHz", "core clock");
    PARAM(bool, inclusive, false, "", "keeps copies");
    PARAM(std::string, file, std::string(), "", "a file");
    PARAM(TextList, words, TextList(), "", "some words");
    PARAM(u64, limit, 1, "instructions", "how many");
};

const Field &field(std::string_view name) {
    for (const Field &f : Settings::schema())
        if (f.name == name) return f;
    throw SimulatorBug("no such field");
}
Value taken(std::string_view name, const Value &given) { return to_field(field(name), given, "Settings"); }
std::string refusal(std::string_view name, const Value &given) {
    try {
        taken(name, given);
    } catch (const ConfigError &e) {
        return e.what();
    }
    return "taken";
}
Value text(const char *t) { return std::string(t); }

TEST(Values, SizesAreTextWithABinaryUnit) {
    EXPECT_EQ(std::get<i64>(taken("size", text("32KiB"))), 32768);
    EXPECT_EQ(std::get<i64>(taken("size", text("1.5 MiB"))), 1572864);
    EXPECT_EQ(std::get<i64>(taken("size", text("4096"))), 4096);
    EXPECT_EQ(std::get<i64>(taken("size", text("1_000"))), 1000);
}

TEST(Values, TimesAndClocksComeInTheFieldsUnit) {
    EXPECT_DOUBLE_EQ(std::get<double>(taken("latency", text("1.5us"))), 1500);
    EXPECT_DOUBLE_EQ(std::get<double>(taken("latency", i64{7})), 7);
    EXPECT_DOUBLE_EQ(std::get<double>(taken("clock", text("800MHz"))), 0.8);
}

TEST(Values, InstructionCountsTakeThousandsAndMillions) {
    EXPECT_EQ(std::get<i64>(taken("limit", text("10M"))), 10'000'000);
}

TEST(Values, AUnitOfAnotherQuantityIsRefused) {
    EXPECT_NE(refusal("size", text("60ns")), "taken");
    EXPECT_NE(refusal("latency", text("32KiB")), "taken");
    EXPECT_NE(refusal("size", text("32KB")), "taken");
}

TEST(Values, WholeNumbersStayInTheirTypesRange) {
    EXPECT_EQ(std::get<i64>(taken("ways", i64{255})), 255);
    EXPECT_EQ(refusal("ways", i64{256}),
              "Settings: cannot be 256 (lines in a set, in lines); it takes a whole number from 0 to 255");
    EXPECT_NE(refusal("ways", i64{-1}), "taken");
    EXPECT_NE(refusal("ways", 2.0 + 0.5), "taken");
    EXPECT_NE(refusal("size", text("1e300")), "taken");
    EXPECT_NE(refusal("latency", text("nan")), "taken");
}

TEST(Values, ABoolIsNoNumberAndANumberIsNoBool) {
    EXPECT_NE(refusal("ways", true), "taken");
    EXPECT_NE(refusal("inclusive", i64{1}), "taken");
    EXPECT_TRUE(std::get<bool>(taken("inclusive", true)));
}

TEST(Values, TextsAndListsStayApart) {
    EXPECT_EQ(std::get<std::string>(taken("file", text("a b"))), "a b");
    EXPECT_NE(refusal("file", i64{3}), "taken");
    EXPECT_NE(refusal("words", text("a")), "taken");
    EXPECT_EQ(std::get<TextList>(taken("words", TextList{"a", "b"})).size(), 2u);
}

TEST(Values, ErrorsSayWhatIsAllowedWithAnExample) {
    EXPECT_EQ(refusal("size", text("big")),
              "Settings: cannot be 'big' (data capacity, in bytes); it takes a whole number from 0 up or "
              "text such as "
              "\"32KiB\"");
}

TEST(Values, ASuggestionIsTheNearestNameOrAllNames) {
    const std::vector<std::string> names{"size", "hit_latency", "ways"};
    EXPECT_EQ(suggestion("hitlatency", names), "; did you mean 'hit_latency'?");
    EXPECT_EQ(suggestion("sise", names), "; did you mean 'size'?");
    EXPECT_EQ(suggestion("prefetcher", names), "; it has size, hit_latency, ways");
}

}  // namespace
}  // namespace sim
