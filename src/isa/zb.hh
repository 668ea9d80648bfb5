// SPDX-License-Identifier: BSD-3-Clause
// Bit manipulation: addresses (Zba), logic, counting, rotation (Zbb), single bits (Zbs).
#pragma once
#include <algorithm>
#include <bit>
#include "isa/instruction_row.hh"

namespace sim {

// Each byte becomes all ones where any of its bits is set.
constexpr u64 or_combined_bytes(u64 value) {
    constexpr u64 kLow = 0x7f7f7f7f7f7f7f7f;
    u64 top = (((value & kLow) + kLow) | value) & ~kLow;   // bit 7 of every byte that is not zero
    return top | (top - (top >> 7));
}
constexpr u64 one_bit(u64 index) { return u64{1} << (index & 63); }

#define OP(...) [](const Operands &x, u8 &) -> u64 { return __VA_ARGS__; }
inline constexpr auto kZb = [] {
    using enum OpClass;
    return std::to_array<Instruction>({
    {"add.uw",    "0000100 ..... ..... 000 ..... 0111011", "d,s,t", IntAlu, OP(u32(x.rs1) + x.rs2)},
    {"sh1add",    "0010000 ..... ..... 010 ..... 0110011", "d,s,t", IntAlu, OP((x.rs1 << 1) + x.rs2)},
    {"sh2add",    "0010000 ..... ..... 100 ..... 0110011", "d,s,t", IntAlu, OP((x.rs1 << 2) + x.rs2)},
    {"sh3add",    "0010000 ..... ..... 110 ..... 0110011", "d,s,t", IntAlu, OP((x.rs1 << 3) + x.rs2)},
    {"sh1add.uw", "0010000 ..... ..... 010 ..... 0111011", "d,s,t", IntAlu,
        OP((u64{u32(x.rs1)} << 1) + x.rs2)},
    {"sh2add.uw", "0010000 ..... ..... 100 ..... 0111011", "d,s,t", IntAlu,
        OP((u64{u32(x.rs1)} << 2) + x.rs2)},
    {"sh3add.uw", "0010000 ..... ..... 110 ..... 0111011", "d,s,t", IntAlu,
        OP((u64{u32(x.rs1)} << 3) + x.rs2)},
    {"slli.uw",   "000010 ...... ..... 001 ..... 0011011", "d,s,>", IntAlu,
        OP(u64{u32(x.rs1)} << (x.imm & 63))},

    {"andn",      "0100000 ..... ..... 111 ..... 0110011", "d,s,t", IntAlu, OP(x.rs1 & ~x.rs2)},
    {"orn",       "0100000 ..... ..... 110 ..... 0110011", "d,s,t", IntAlu, OP(x.rs1 | ~x.rs2)},
    {"xnor",      "0100000 ..... ..... 100 ..... 0110011", "d,s,t", IntAlu, OP(~(x.rs1 ^ x.rs2))},
    {"clz",       "011000000000 ..... 001 ..... 0010011",  "d,s",   IntAlu, OP(u64(std::countl_zero(x.rs1)))},
    {"ctz",       "011000000001 ..... 001 ..... 0010011",  "d,s",   IntAlu, OP(u64(std::countr_zero(x.rs1)))},
    {"cpop",      "011000000010 ..... 001 ..... 0010011",  "d,s",   IntAlu, OP(u64(std::popcount(x.rs1)))},
    {"clzw",      "011000000000 ..... 001 ..... 0011011",  "d,s",   IntAlu,
        OP(u64(std::countl_zero(u32(x.rs1))))},
    {"ctzw",      "011000000001 ..... 001 ..... 0011011",  "d,s",   IntAlu,
        OP(u64(std::countr_zero(u32(x.rs1))))},
    {"cpopw",     "011000000010 ..... 001 ..... 0011011",  "d,s",   IntAlu,
        OP(u64(std::popcount(u32(x.rs1))))},
    {"min",       "0000101 ..... ..... 100 ..... 0110011", "d,s,t", IntAlu,
        OP(u64(std::min(i64(x.rs1), i64(x.rs2))))},
    {"minu",      "0000101 ..... ..... 101 ..... 0110011", "d,s,t", IntAlu, OP(std::min(x.rs1, x.rs2))},
    {"max",       "0000101 ..... ..... 110 ..... 0110011", "d,s,t", IntAlu,
        OP(u64(std::max(i64(x.rs1), i64(x.rs2))))},
    {"maxu",      "0000101 ..... ..... 111 ..... 0110011", "d,s,t", IntAlu, OP(std::max(x.rs1, x.rs2))},
    {"sext.b",    "011000000100 ..... 001 ..... 0010011",  "d,s",   IntAlu, OP(u64(i64(i8(x.rs1))))},
    {"sext.h",    "011000000101 ..... 001 ..... 0010011",  "d,s",   IntAlu, OP(u64(i64(i16(x.rs1))))},
    {"zext.h",    "000010000000 ..... 100 ..... 0111011",  "d,s",   IntAlu, OP(u16(x.rs1))},
    {"rol",       "0110000 ..... ..... 001 ..... 0110011", "d,s,t", IntAlu,
        OP(std::rotl(x.rs1, int(x.rs2 & 63)))},
    {"ror",       "0110000 ..... ..... 101 ..... 0110011", "d,s,t", IntAlu,
        OP(std::rotr(x.rs1, int(x.rs2 & 63)))},
    {"rori",      "011000 ...... ..... 101 ..... 0010011", "d,s,>", IntAlu,
        OP(std::rotr(x.rs1, int(x.imm & 63)))},
    {"rolw",      "0110000 ..... ..... 001 ..... 0111011", "d,s,t", IntAlu,
        OP(word(std::rotl(u32(x.rs1), int(x.rs2 & 31))))},
    {"rorw",      "0110000 ..... ..... 101 ..... 0111011", "d,s,t", IntAlu,
        OP(word(std::rotr(u32(x.rs1), int(x.rs2 & 31))))},
    {"roriw",     "0110000 ..... ..... 101 ..... 0011011", "d,s,<", IntAlu,
        OP(word(std::rotr(u32(x.rs1), int(x.imm & 31))))},
    {"orc.b",     "001010000111 ..... 101 ..... 0010011",  "d,s",   IntAlu, OP(or_combined_bytes(x.rs1))},
    {"rev8",      "011010111000 ..... 101 ..... 0010011",  "d,s",   IntAlu, OP(__builtin_bswap64(x.rs1))},

    {"bclr",      "0100100 ..... ..... 001 ..... 0110011", "d,s,t", IntAlu, OP(x.rs1 & ~one_bit(x.rs2))},
    {"bclri",     "010010 ...... ..... 001 ..... 0010011", "d,s,>", IntAlu, OP(x.rs1 & ~one_bit(x.imm))},
    {"bext",      "0100100 ..... ..... 101 ..... 0110011", "d,s,t", IntAlu, OP(x.rs1 >> (x.rs2 & 63) & 1)},
    {"bexti",     "010010 ...... ..... 101 ..... 0010011", "d,s,>", IntAlu, OP(x.rs1 >> (x.imm & 63) & 1)},
    {"binv",      "0110100 ..... ..... 001 ..... 0110011", "d,s,t", IntAlu, OP(x.rs1 ^ one_bit(x.rs2))},
    {"binvi",     "011010 ...... ..... 001 ..... 0010011", "d,s,>", IntAlu, OP(x.rs1 ^ one_bit(x.imm))},
    {"bset",      "0010100 ..... ..... 001 ..... 0110011", "d,s,t", IntAlu, OP(x.rs1 | one_bit(x.rs2))},
    {"bseti",     "001010 ...... ..... 001 ..... 0010011", "d,s,>", IntAlu, OP(x.rs1 | one_bit(x.imm))},
    });
}();
#undef OP

}  // namespace sim
