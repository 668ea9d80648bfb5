// SPDX-License-Identifier: BSD-3-Clause
// Which bit patterns are instructions, and what they print, compared with the GNU disassembler and assembler.
#include <gtest/gtest.h>
#include <cstring>
#include <set>
#include <sstream>
#include "isa/csr.hh"
#include "isa/instruction_table.hh"
#include "isa/referee.hh"

namespace sim {
namespace {

template <class Word>
std::vector<std::string> objdump(const std::vector<Word> &words) {
    test::WorkFolder folder;
    folder.write("words.bin",
                 std::string(reinterpret_cast<const char *>(words.data()), words.size() * sizeof(Word)));
    folder.write("words.s",
                 ".attribute arch, \"" + test::kArchitecture + "\"\n.text\n.incbin \"words.bin\"\n");
    std::istringstream text(folder.run(
        "riscv64-linux-gnu-as words.s -o words.o && riscv64-linux-gnu-objcopy --strip-all words.o && "
        "riscv64-linux-gnu-objdump -D -z -j .text -M no-aliases words.o"));
    std::vector<std::string> lines(words.size());
    for (std::string line; std::getline(text, line);) {
        std::size_t colon = line.find(":\t"), tab = line.find('\t', colon + 2);
        if (colon == std::string::npos || tab == std::string::npos) continue;
        std::string instruction = line.substr(tab + 1);
        instruction = instruction.substr(0, instruction.find(" #"));
        if (std::size_t at = instruction.find('\t'); at != std::string::npos) instruction[at] = ' ';
        lines[std::stoull(line.substr(0, colon), nullptr, 16) / sizeof(Word)] = instruction;
    }
    return lines;
}

std::string first_word(const std::string &text) { return text.substr(0, text.find(' ')); }

// The disassembler writes data for what it does not know.
bool is_data(const std::string &text) { return text.empty() || text[0] == '.'; }

// Every 16-bit pattern whose low bits are not 11.
std::vector<u16> all_short_patterns() {
    std::vector<u16> patterns;
    for (u32 bits = 0; bits < 0x10000; ++bits)
        if ((bits & 3) != 3) patterns.push_back(u16(bits));
    return patterns;
}

// One name for what the disassembler spells in several ways (hints, and zero immediates).
std::string short_name(std::string theirs) {
    if (theirs.ends_with("64")) theirs.resize(theirs.size() - 2);   // c.slli64: shift by zero
    return theirs;
}

TEST(Encodings, EveryCompressedPatternAgreesWithTheGnuDisassembler) {
    std::vector<u16> patterns = all_short_patterns();
    std::vector<std::string> theirs = objdump(patterns);
    unsigned legal = 0;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        std::string expected =
            is_data(theirs[i]) || theirs[i] == "c.unimp" ? "" : short_name(first_word(theirs[i]));
        std::string ours(compressed_name(patterns[i]));
        if (ours == "c.nop" && expected == "c.addi") expected = ours;
        if (patterns[i] == 0x6101) expected.clear();   // c.addi16sp sp,0 is reserved
        EXPECT_EQ(ours, expected) << std::hex << patterns[i] << ' ' << theirs[i];
        EXPECT_EQ(decode(patterns[i]).has_value(), !ours.empty()) << std::hex << patterns[i];
        legal += !ours.empty();
    }
    EXPECT_GT(legal, 40000u);
}

// Patterns near the table's rows: random operands, and sometimes one or two of the fixed bits wrong.
std::vector<u32> patterns_near_rows() {
    std::mt19937_64 random(2);
    std::vector<u32> patterns;
    for (const Instruction &row : instruction_table())
        for (int i = 0; i < 1500; ++i) {
            u32 free = i % 2 ? ~row.encoding.mask : row.encoding.operand_bits;
            u32 bits = row.encoding.match | (u32(random()) & free);
            for (u64 wrong = random() % 4; wrong-- > 1;) bits ^= u32{4} << random() % 30;
            if ((bits & 0x1c) != 0x1c) patterns.push_back(bits);   // longer instructions
        }
    for (int i = 0; i < 200000; ++i)
        if (u32 bits = u32(random()) | 3; (bits & 0x1c) != 0x1c) patterns.push_back(bits);
    return patterns;
}

// Instructions that the disassembler knows and that are not implemented here.
const std::set<std::string> kElsewhere = {"uret", "hret", "dret", "sfence.vm"};

// Where the disassembler is stricter than the manual: it prints data for a fence whose ignored fields are not
// zero, and for conversions that need no rounding but name a mode.
bool is_known_to_be_legal(u32 bits) {
    u32 opcode_and_function = bits & 0x707f;
    if (opcode_and_function == 0x000f || opcode_and_function == 0x100f) return true;
    u32 rounding = bits >> 12 & 7, conversion = bits & 0xfff0007f;
    bool exact = conversion == 0x42000053 || (conversion & ~u32{0x100000}) == 0xd2000053;
    return exact && rounding != 5 && rounding != 6;
}

std::string without_space(std::string text) {
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
}

TEST(Encodings, RandomPatternsAgreeWithTheGnuDisassembler) {
    std::vector<u32> patterns = patterns_near_rows();
    std::vector<std::string> theirs = objdump(patterns);
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        std::optional<Decoded> ours = decode(patterns[i]);
        std::string expected = without_space(theirs[i]);
        if (kElsewhere.count(first_word(expected)) || expected.ends_with(",unknown")) expected.clear();
        if (is_data(expected)) {
            EXPECT_TRUE(!ours || is_known_to_be_legal(patterns[i])) << std::hex << patterns[i];
            continue;
        }
        ASSERT_TRUE(ours) << std::hex << patterns[i] << ' ' << expected;
        seen.insert(name(*ours));
        if (expected == "fence.tso" || expected == "pause" || expected.find("unknown") != std::string::npos)
            continue;
        if (ours->op_class == OpClass::Csr && csr_name(u16(ours->imm & 0xfff)).empty()) {
            EXPECT_EQ(name(*ours), first_word(expected));   // names of other registers are not ours to know
            continue;
        }
        EXPECT_EQ(disassemble(*ours, 4 * i), expected) << std::hex << patterns[i];
    }
    EXPECT_EQ(seen.size(), instruction_table().size());
}

// A hint: an operation whose destination is x0, or that leaves its destination as it was.
bool is_hint(const Decoded &d) {
    if (d.op_class == OpClass::JumpRegister || d.op_class == OpClass::System || d.is_control() ||
        d.is_memory())
        return false;
    bool unchanged =
        d.rd == d.rs1 && d.rs2 == kNoRegister && d.imm == 0 && name(d) != "addiw" && name(d) != "andi";
    return d.rd == kNoRegister || unchanged;
}

// The base instruction's text, as the assembler compresses it: branch targets relative, register jumps by
// their short names.
std::string assembly(const Decoded &d) {
    if (d.op_class == OpClass::JumpRegister)
        return (d.rd == kRa ? "jalr " : "jr ") + std::string(register_name(d.rs1));
    std::string text = disassemble(d, 0);
    if (d.op_class != OpClass::Branch && d.op_class != OpClass::Jump) return text;
    std::string operands = d.op_class == OpClass::Jump ? "j " : text.substr(0, text.rfind(',') + 1);
    return operands + ".+(" + std::to_string(d.imm) + ")";
}

TEST(Encodings, TheAssemblerCompressesEveryExpansionBackToItsPattern) {
    std::vector<u16> patterns;
    std::string source = ".option norelax\n.text\n";
    for (u16 bits : all_short_patterns()) {
        std::optional<Decoded> d = decode(bits);
        if (!d || is_hint(*d)) continue;
        patterns.push_back(bits);
        source += assembly(*d) + "\n";
    }
    test::WorkFolder folder;
    folder.write("expanded.s", source);
    std::string binary = folder.run(
        "riscv64-linux-gnu-as -march=rv64gc expanded.s -o expanded.o && "
        "riscv64-linux-gnu-objcopy -O binary -j .text expanded.o expanded.bin && cat expanded.bin");
    ASSERT_EQ(binary.size(), 2 * patterns.size());
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        u16 theirs;
        std::memcpy(&theirs, binary.data() + 2 * i, 2);
        if (theirs == patterns[i]) continue;
        ASSERT_TRUE(decode(theirs));   // c.addi and c.addi16sp can both say addi sp,sp,16
        EXPECT_EQ(disassemble(*decode(theirs), 0), disassemble(*decode(patterns[i]), 0))
            << std::hex << patterns[i];
        EXPECT_EQ(decode(patterns[i])->rd, kSp);
    }
}

TEST(Encodings, TheLowSixteenBitsDecideTheLength) {
    EXPECT_EQ(decode(0x12340001)->length, 2);
    EXPECT_EQ(decode(0x12340001)->bits, 1u);
    EXPECT_EQ(decode(0x00000013)->length, 4);
    EXPECT_FALSE(decode(0x00000000));
    EXPECT_FALSE(decode(0xffffffff));
}

TEST(Encodings, XZeroIsNoDestinationButASource) {
    Decoded nop = *decode(0x00000013);
    EXPECT_EQ(nop.rd, kNoRegister);
    EXPECT_EQ(nop.rs1, kZero);
    Decoded move = *decode(0x852e);   // c.mv a0,a1
    EXPECT_EQ(move.rs1, kZero);
    EXPECT_EQ(move.rs2, kA1);
    EXPECT_EQ(decode(0x00c58553)->rd, kFirstFloat + 10);   // fadd.s
    EXPECT_EQ(decode(0x00058053)->rd, kFirstFloat);        // f0 is a register like any other
}

TEST(Encodings, CsrImmediatesCarryTheNumberAndTheValue) {
    Decoded write = *decode(0x0021d573);   // csrrwi a0,frm,3
    EXPECT_EQ(write.imm, kFrm | 3 << 12);
    EXPECT_EQ(write.rs1, kNoRegister);
    EXPECT_EQ(disassemble(write, 0), "csrrwi a0,frm,3");
    EXPECT_EQ(write.meaning, nullptr);
}

TEST(Encodings, ReservedRoundingModesAreIllegal) {
    for (u32 rounding = 0; rounding < 8; ++rounding)
        EXPECT_EQ(decode(0x02c58553 | rounding << 12).has_value(), rounding != 5 && rounding != 6)
            << rounding;
}

TEST(Encodings, TheTableHoldsEveryInstructionOfItsExtensions) {
    // Unprivileged manual, chapter 24: RV32I + RV64I, fence.i, M, A, F, D, Zicsr; bit manipulation 1.0: Zba,
    // Zbb, Zbs; cache management 1.0: Zicbom.
    std::size_t base = 40 + 12 + 1, multiply = 8 + 5, atomic = 11 + 11, single = 26 + 4, twofold = 26 + 6;
    std::size_t bits = 8 + 24 + 8, csr = 6, privileged = 4, blocks = 3;
    EXPECT_EQ(instruction_table().size(),
              base + multiply + atomic + single + twofold + bits + csr + privileged + blocks);
}

}  // namespace
}  // namespace sim
