// SPDX-License-Identifier: BSD-3-Clause
// The base integer instructions, and fence.i.
#pragma once
#include "isa/instruction_row.hh"

namespace sim {

#define OP(...) [](const Operands &x, u8 &) -> u64 { return __VA_ARGS__; }
inline constexpr auto kRv64i = [] {
    using enum OpClass;
    using enum Extend;
    return std::to_array<Instruction>({
    //name       funct7  rs2   rs1   f3  rd    opcode     operands    class        result
    {"lui",     ".................... ..... 0110111",     "d,u",    IntAlu, OP(x.imm)},
    {"auipc",   ".................... ..... 0010111",     "d,u",    IntAlu, OP(x.pc + x.imm)},

    {"jal",     ".................... ..... 1101111",     "d,a",    Jump, OP(x.pc + x.imm)},
    {"jalr",    "............ ..... 000 ..... 1100111",   "d,j(s)", JumpRegister,
        OP((x.rs1 + x.imm) & ~u64{1})},

    {"beq",     "....... ..... ..... 000 ..... 1100011",  "s,t,p",  Branch, OP(x.rs1 == x.rs2)},
    {"bne",     "....... ..... ..... 001 ..... 1100011",  "s,t,p",  Branch, OP(x.rs1 != x.rs2)},
    {"blt",     "....... ..... ..... 100 ..... 1100011",  "s,t,p",  Branch, OP(i64(x.rs1) < i64(x.rs2))},
    {"bge",     "....... ..... ..... 101 ..... 1100011",  "s,t,p",  Branch, OP(i64(x.rs1) >= i64(x.rs2))},
    {"bltu",    "....... ..... ..... 110 ..... 1100011",  "s,t,p",  Branch, OP(x.rs1 < x.rs2)},
    {"bgeu",    "....... ..... ..... 111 ..... 1100011",  "s,t,p",  Branch, OP(x.rs1 >= x.rs2)},

    {"lb",      "............ ..... 000 ..... 0000011",   "d,j(s)", Load, Access{1, Sign}, OP(x.rs1 + x.imm)},
    {"lh",      "............ ..... 001 ..... 0000011",   "d,j(s)", Load, Access{2, Sign}, OP(x.rs1 + x.imm)},
    {"lw",      "............ ..... 010 ..... 0000011",   "d,j(s)", Load, Access{4, Sign}, OP(x.rs1 + x.imm)},
    {"ld",      "............ ..... 011 ..... 0000011",   "d,j(s)", Load, Access{8, None}, OP(x.rs1 + x.imm)},
    {"lbu",     "............ ..... 100 ..... 0000011",   "d,j(s)", Load, Access{1, Zero}, OP(x.rs1 + x.imm)},
    {"lhu",     "............ ..... 101 ..... 0000011",   "d,j(s)", Load, Access{2, Zero}, OP(x.rs1 + x.imm)},
    {"lwu",     "............ ..... 110 ..... 0000011",   "d,j(s)", Load, Access{4, Zero}, OP(x.rs1 + x.imm)},

    {"sb",      "....... ..... ..... 000 ..... 0100011",  "t,q(s)", Store, Access{1}, OP(x.rs1 + x.imm)},
    {"sh",      "....... ..... ..... 001 ..... 0100011",  "t,q(s)", Store, Access{2}, OP(x.rs1 + x.imm)},
    {"sw",      "....... ..... ..... 010 ..... 0100011",  "t,q(s)", Store, Access{4}, OP(x.rs1 + x.imm)},
    {"sd",      "....... ..... ..... 011 ..... 0100011",  "t,q(s)", Store, Access{8}, OP(x.rs1 + x.imm)},

    {"addi",    "............ ..... 000 ..... 0010011",   "d,s,j",  IntAlu, OP(x.rs1 + x.imm)},
    {"slti",    "............ ..... 010 ..... 0010011",   "d,s,j",  IntAlu, OP(i64(x.rs1) < i64(x.imm))},
    {"sltiu",   "............ ..... 011 ..... 0010011",   "d,s,j",  IntAlu, OP(x.rs1 < x.imm)},
    {"xori",    "............ ..... 100 ..... 0010011",   "d,s,j",  IntAlu, OP(x.rs1 ^ x.imm)},
    {"ori",     "............ ..... 110 ..... 0010011",   "d,s,j",  IntAlu, OP(x.rs1 | x.imm)},
    {"andi",    "............ ..... 111 ..... 0010011",   "d,s,j",  IntAlu, OP(x.rs1 & x.imm)},
    {"slli",    "000000 ...... ..... 001 ..... 0010011",  "d,s,>",  IntAlu, OP(x.rs1 << (x.imm & 63))},
    {"srli",    "000000 ...... ..... 101 ..... 0010011",  "d,s,>",  IntAlu, OP(x.rs1 >> (x.imm & 63))},
    {"srai",    "010000 ...... ..... 101 ..... 0010011",  "d,s,>",  IntAlu,
        OP(u64(i64(x.rs1) >> (x.imm & 63)))},

    {"add",     "0000000 ..... ..... 000 ..... 0110011",  "d,s,t",  IntAlu, OP(x.rs1 + x.rs2)},
    {"sub",     "0100000 ..... ..... 000 ..... 0110011",  "d,s,t",  IntAlu, OP(x.rs1 - x.rs2)},
    {"sll",     "0000000 ..... ..... 001 ..... 0110011",  "d,s,t",  IntAlu, OP(x.rs1 << (x.rs2 & 63))},
    {"slt",     "0000000 ..... ..... 010 ..... 0110011",  "d,s,t",  IntAlu, OP(i64(x.rs1) < i64(x.rs2))},
    {"sltu",    "0000000 ..... ..... 011 ..... 0110011",  "d,s,t",  IntAlu, OP(x.rs1 < x.rs2)},
    {"xor",     "0000000 ..... ..... 100 ..... 0110011",  "d,s,t",  IntAlu, OP(x.rs1 ^ x.rs2)},
    {"srl",     "0000000 ..... ..... 101 ..... 0110011",  "d,s,t",  IntAlu, OP(x.rs1 >> (x.rs2 & 63))},
    {"sra",     "0100000 ..... ..... 101 ..... 0110011",  "d,s,t",  IntAlu,
        OP(u64(i64(x.rs1) >> (x.rs2 & 63)))},
    {"or",      "0000000 ..... ..... 110 ..... 0110011",  "d,s,t",  IntAlu, OP(x.rs1 | x.rs2)},
    {"and",     "0000000 ..... ..... 111 ..... 0110011",  "d,s,t",  IntAlu, OP(x.rs1 & x.rs2)},

    {"addiw",   "............ ..... 000 ..... 0011011",   "d,s,j",  IntAlu, OP(word(x.rs1 + x.imm))},
    {"slliw",   "0000000 ..... ..... 001 ..... 0011011",  "d,s,<",  IntAlu, OP(word(x.rs1 << (x.imm & 31)))},
    {"srliw",   "0000000 ..... ..... 101 ..... 0011011",  "d,s,<",  IntAlu,
        OP(word(u32(x.rs1) >> (x.imm & 31)))},
    {"sraiw",   "0100000 ..... ..... 101 ..... 0011011",  "d,s,<",  IntAlu,
        OP(u64(i64(i32(x.rs1) >> (x.imm & 31))))},
    {"addw",    "0000000 ..... ..... 000 ..... 0111011",  "d,s,t",  IntAlu, OP(word(x.rs1 + x.rs2))},
    {"subw",    "0100000 ..... ..... 000 ..... 0111011",  "d,s,t",  IntAlu, OP(word(x.rs1 - x.rs2))},
    {"sllw",    "0000000 ..... ..... 001 ..... 0111011",  "d,s,t",  IntAlu, OP(word(x.rs1 << (x.rs2 & 31)))},
    {"srlw",    "0000000 ..... ..... 101 ..... 0111011",  "d,s,t",  IntAlu,
        OP(word(u32(x.rs1) >> (x.rs2 & 31)))},
    {"sraw",    "0100000 ..... ..... 101 ..... 0111011",  "d,s,t",  IntAlu,
        OP(u64(i64(i32(x.rs1) >> (x.rs2 & 31))))},

    {"fence",   "---- .... .... ----- 000 ----- 0001111", "P,Q",    Fence},
    {"fence.i", "------------ ----- 001 ----- 0001111",   "",       FenceI},
    {"ecall",   "0000000 00000 00000 000 00000 1110011",  "",       System},
    {"ebreak",  "0000000 00001 00000 000 00000 1110011",  "",       System},
    });
}();
#undef OP

}  // namespace sim
