// SPDX-License-Identifier: BSD-3-Clause
// Atomics. The meaning of a read-modify-write sees the old memory value as rs1 and returns the new one.
#pragma once
#include <algorithm>
#include "isa/instruction_row.hh"

namespace sim {

#define OP(...) [](const Operands &x, u8 &) -> u64 { return __VA_ARGS__; }
inline constexpr auto kRv64a = [] {
    using enum OpClass;
    constexpr Access w{4, Extend::Sign}, d{8};
    return std::to_array<Instruction>({
    //name       funct  rs2   rs1   f3  rd    opcode   operands, class, access, address or new value
    {"lr.w",      "00010 .. 00000 ..... 010 ..... 0101111", "d,(s)o",   LoadReserved, w, OP(x.rs1)},
    {"sc.w",      "00011 .. ..... ..... 010 ..... 0101111", "d,t,(s)o", StoreConditional, w, OP(x.rs1)},
    {"amoswap.w", "00001 .. ..... ..... 010 ..... 0101111", "d,t,(s)o", Atomic, w, OP(x.rs2)},
    {"amoadd.w",  "00000 .. ..... ..... 010 ..... 0101111", "d,t,(s)o", Atomic, w, OP(x.rs1 + x.rs2)},
    {"amoxor.w",  "00100 .. ..... ..... 010 ..... 0101111", "d,t,(s)o", Atomic, w, OP(x.rs1 ^ x.rs2)},
    {"amoand.w",  "01100 .. ..... ..... 010 ..... 0101111", "d,t,(s)o", Atomic, w, OP(x.rs1 & x.rs2)},
    {"amoor.w",   "01000 .. ..... ..... 010 ..... 0101111", "d,t,(s)o", Atomic, w, OP(x.rs1 | x.rs2)},
    {"amomin.w",  "10000 .. ..... ..... 010 ..... 0101111", "d,t,(s)o", Atomic, w,
        OP(u64(i64(std::min(i32(x.rs1), i32(x.rs2)))))},
    {"amomax.w",  "10100 .. ..... ..... 010 ..... 0101111", "d,t,(s)o", Atomic, w,
        OP(u64(i64(std::max(i32(x.rs1), i32(x.rs2)))))},
    {"amominu.w", "11000 .. ..... ..... 010 ..... 0101111", "d,t,(s)o", Atomic, w,
        OP(std::min(u32(x.rs1), u32(x.rs2)))},
    {"amomaxu.w", "11100 .. ..... ..... 010 ..... 0101111", "d,t,(s)o", Atomic, w,
        OP(std::max(u32(x.rs1), u32(x.rs2)))},

    {"lr.d",      "00010 .. 00000 ..... 011 ..... 0101111", "d,(s)o",   LoadReserved, d, OP(x.rs1)},
    {"sc.d",      "00011 .. ..... ..... 011 ..... 0101111", "d,t,(s)o", StoreConditional, d, OP(x.rs1)},
    {"amoswap.d", "00001 .. ..... ..... 011 ..... 0101111", "d,t,(s)o", Atomic, d, OP(x.rs2)},
    {"amoadd.d",  "00000 .. ..... ..... 011 ..... 0101111", "d,t,(s)o", Atomic, d, OP(x.rs1 + x.rs2)},
    {"amoxor.d",  "00100 .. ..... ..... 011 ..... 0101111", "d,t,(s)o", Atomic, d, OP(x.rs1 ^ x.rs2)},
    {"amoand.d",  "01100 .. ..... ..... 011 ..... 0101111", "d,t,(s)o", Atomic, d, OP(x.rs1 & x.rs2)},
    {"amoor.d",   "01000 .. ..... ..... 011 ..... 0101111", "d,t,(s)o", Atomic, d, OP(x.rs1 | x.rs2)},
    {"amomin.d",  "10000 .. ..... ..... 011 ..... 0101111", "d,t,(s)o", Atomic, d,
        OP(u64(std::min(i64(x.rs1), i64(x.rs2))))},
    {"amomax.d",  "10100 .. ..... ..... 011 ..... 0101111", "d,t,(s)o", Atomic, d,
        OP(u64(std::max(i64(x.rs1), i64(x.rs2))))},
    {"amominu.d", "11000 .. ..... ..... 011 ..... 0101111", "d,t,(s)o", Atomic, d,
        OP(std::min(x.rs1, x.rs2))},
    {"amomaxu.d", "11100 .. ..... ..... 011 ..... 0101111", "d,t,(s)o", Atomic, d,
        OP(std::max(x.rs1, x.rs2))},
    });
}();
#undef OP

}  // namespace sim
