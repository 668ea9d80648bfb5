// SPDX-License-Identifier: BSD-3-Clause
// Rows that are malformed do not compile: the compiler is run on one of each kind.
#include <gtest/gtest.h>
#include "isa/instruction_row.hh"
#include "isa/referee.hh"

namespace sim {
namespace {

// What the compiler says about a table of these rows; empty where it compiles.
std::string complaint(const std::string &rows) {
    test::WorkFolder folder;
    const std::filesystem::path source = std::filesystem::absolute(__FILE__).parent_path() / "../../src";
    folder.write("rows.cc",
                 "#include \"isa/instruction_row.hh\"\n"
                 "#include <array>\n"
                 "namespace sim {\n"
                 "constexpr Meaning kMeaning = [](const Operands &x, u8 &) -> u64 { return x.rs1; };\n"
                 "constexpr auto kRows = std::to_array<Instruction>({" + rows + "});\n"
                 "static_assert(disjoint(kRows), \"rows overlap\");\n}\n");
    return folder.run("g++ -std=c++20 -fsyntax-only -I" + source.string() + " rows.cc 2>&1 || true");
}

void expect_complaint(const std::string &reason, const std::string &rows) {
    std::string said = complaint(rows);
    EXPECT_NE(said.find(reason), std::string::npos) << said;
}

const std::string kAdd =
    R"row({"add", "0000000 ..... ..... 000 ..... 0110011", "d,s,t", OpClass::IntAlu, kMeaning})row";

TEST(Rows, AWellFormedRowCompiles) { EXPECT_EQ(complaint(kAdd), ""); }

TEST(Rows, TwoRowsThatOverlapDoNotCompile) {
    expect_complaint("rows overlap", kAdd + R"row(,
        {"other", "0000000 ..... 00000 000 ..... 0110011", "d,t", OpClass::IntAlu, kMeaning})row");
}

TEST(Rows, TwoRowsOfOneNameDoNotCompile) {
    expect_complaint("rows overlap", kAdd + R"row(,
        {"add", "1000000 ..... ..... 000 ..... 0110011", "d,s,t", OpClass::IntAlu, kMeaning})row");
}

TEST(Rows, AnEncodingOfThirtyOneBitsDoesNotCompile) {
    expect_complaint(
        "an encoding must describe exactly 32 bits",
        R"row({"add", "000000 ..... ..... 000 ..... 0110011", "d,s,t", OpClass::IntAlu, kMeaning})row");
}

TEST(Rows, OperandsThatAreNotTheDotsDoNotCompile) {
    expect_complaint(
        "the dots of the encoding are not the operands' bits",
        R"row({"add", "0000000 ..... ..... 000 ..... 0110011", "d,s", OpClass::IntAlu, kMeaning})row");
}

TEST(Rows, ALoadWithoutItsSizeDoesNotCompile) {
    expect_complaint(
        "only they, access memory",
        R"row({"ld", "............ ..... 011 ..... 0000011", "d,j(s)", OpClass::Load, kMeaning})row");
}

TEST(Rows, AComputationWithoutMeaningDoesNotCompile) {
    expect_complaint("the core carries out Csr",
                     R"row({"add", "0000000 ..... ..... 000 ..... 0110011", "d,s,t", OpClass::IntAlu})row");
}

}  // namespace
}  // namespace sim
