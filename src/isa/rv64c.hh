// SPDX-License-Identifier: BSD-3-Clause
// Compressed instructions: each row names the base instruction that it expands to; cores never see them.
#pragma once
#include "isa/compressed_row.hh"

namespace sim {

// Reserved encodings are exceptions that no row matches; hints expand to operations without effect.
inline constexpr const char *kNoOffset = "... 00000000 ... ..", *kZeroImmediate = "... 0 ..... 00000 ..";
inline constexpr const char *kNoFirst = "... . 00000 ..... ..", *kNoSecond = "... . ..... 00000 ..";
inline constexpr const char *kStackPointer = "... . 00010 ..... ..";

inline constexpr auto kCompressedTable = std::to_array<CompressedInstruction>({
    //name         encoding                    base      immediate, implied registers, except
    {"c.addi4spn", "000 iiiiiiii ddd 00",      "addi",   "5:4|9:6|2|3", {.rs1 = kSp}, kNoOffset},
    {"c.fld",      "001 iii sss ii ddd 00",    "fld",    "5:3|7:6"},
    {"c.lw",       "010 iii sss ii ddd 00",    "lw",     "5:3|2|6"},
    {"c.ld",       "011 iii sss ii ddd 00",    "ld",     "5:3|7:6"},
    {"c.fsd",      "101 iii sss ii ttt 00",    "fsd",    "5:3|7:6"},
    {"c.sw",       "110 iii sss ii ttt 00",    "sw",     "5:3|2|6"},
    {"c.sd",       "111 iii sss ii ttt 00",    "sd",     "5:3|7:6"},

    {"c.nop",      "000 i 00000 iiiii 01",     "addi",   "-5|4:0", {kZero, kZero}},
    {"c.addi",     "000 i xxxxx iiiii 01",     "addi",   "-5|4:0", {}, kNoFirst},
    {"c.addiw",    "001 i xxxxx iiiii 01",     "addiw",  "-5|4:0", {}, kNoFirst},
    {"c.li",       "010 i ddddd iiiii 01",     "addi",   "-5|4:0", {.rs1 = kZero}},
    {"c.addi16sp", "011 i 00010 iiiii 01",     "addi",   "-9|4|6|8:7|5", {kSp, kSp}, kZeroImmediate},
    {"c.lui",      "011 i ddddd iiiii 01",     "lui",    "-17|16:12", {}, kStackPointer, kZeroImmediate},
    {"c.srli",     "100 i 00 xxx iiiii 01",    "srli",   "5|4:0"},
    {"c.srai",     "100 i 01 xxx iiiii 01",    "srai",   "5|4:0"},
    {"c.andi",     "100 i 10 xxx iiiii 01",    "andi",   "-5|4:0"},
    {"c.sub",      "100 0 11 xxx 00 ttt 01",   "sub"},
    {"c.xor",      "100 0 11 xxx 01 ttt 01",   "xor"},
    {"c.or",       "100 0 11 xxx 10 ttt 01",   "or"},
    {"c.and",      "100 0 11 xxx 11 ttt 01",   "and"},
    {"c.subw",     "100 1 11 xxx 00 ttt 01",   "subw"},
    {"c.addw",     "100 1 11 xxx 01 ttt 01",   "addw"},
    {"c.j",        "101 iiiiiiiiiii 01",       "jal",    "-11|4|9:8|10|6|7|3:1|5", {.rd = kZero}},
    {"c.beqz",     "110 iii sss iiiii 01",     "beq",    "-8|4:3|7:6|2:1|5", {.rs2 = kZero}},
    {"c.bnez",     "111 iii sss iiiii 01",     "bne",    "-8|4:3|7:6|2:1|5", {.rs2 = kZero}},

    {"c.slli",     "000 i xxxxx iiiii 10",     "slli",   "5|4:0"},
    {"c.fldsp",    "001 i ddddd iiiii 10",     "fld",    "5|4:3|8:6", {.rs1 = kSp}},
    {"c.lwsp",     "010 i ddddd iiiii 10",     "lw",     "5|4:2|7:6", {.rs1 = kSp}, kNoFirst},
    {"c.ldsp",     "011 i ddddd iiiii 10",     "ld",     "5|4:3|8:6", {.rs1 = kSp}, kNoFirst},
    {"c.jr",       "100 0 sssss 00000 10",     "jalr",   "", {.rd = kZero}, kNoFirst},
    {"c.mv",       "100 0 ddddd ttttt 10",     "add",    "", {.rs1 = kZero}, kNoSecond},
    {"c.ebreak",   "100 1 00000 00000 10",     "ebreak"},
    {"c.jalr",     "100 1 sssss 00000 10",     "jalr",   "", {.rd = kRa}, kNoFirst},
    {"c.add",      "100 1 xxxxx ttttt 10",     "add",    "", {}, kNoSecond},
    {"c.fsdsp",    "101 iiiiii ttttt 10",      "fsd",    "5:3|8:6", {.rs1 = kSp}},
    {"c.swsp",     "110 iiiiii ttttt 10",      "sw",     "5:2|7:6", {.rs1 = kSp}},
    {"c.sdsp",     "111 iiiiii ttttt 10",      "sd",     "5:3|8:6", {.rs1 = kSp}},
});
static_assert(disjoint(kCompressedTable), "two compressed instructions share an encoding");

}  // namespace sim
