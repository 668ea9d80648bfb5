// SPDX-License-Identifier: BSD-3-Clause
// Integer multiplication and division. Division by zero and overflow have defined results and do not trap.
#pragma once
#include <limits>
#include "isa/instruction_row.hh"

namespace sim {

template <class Signed>
constexpr Signed quotient(Signed a, Signed b) {
    if (b == 0) return -1;
    if (a == std::numeric_limits<Signed>::min() && b == -1) return a;
    return a / b;
}
template <class Signed>
constexpr Signed remainder(Signed a, Signed b) {
    if (b == 0) return a;
    if (a == std::numeric_limits<Signed>::min() && b == -1) return 0;
    return a % b;
}
template <class Unsigned>
constexpr Unsigned unsigned_quotient(Unsigned a, Unsigned b) { return b == 0 ? ~Unsigned{0} : a / b; }
template <class Unsigned>
constexpr Unsigned unsigned_remainder(Unsigned a, Unsigned b) { return b == 0 ? a : a % b; }

__extension__ using i128 = __int128;
__extension__ using u128 = unsigned __int128;

#define OP(...) [](const Operands &x, u8 &) -> u64 { return __VA_ARGS__; }
inline constexpr auto kRv64m = [] {
    using enum OpClass;
    return std::to_array<Instruction>({
    {"mul",    "0000001 ..... ..... 000 ..... 0110011", "d,s,t", IntMul, OP(x.rs1 * x.rs2)},
    {"mulh",   "0000001 ..... ..... 001 ..... 0110011", "d,s,t", IntMul,
        OP(u64(i128(i64(x.rs1)) * i64(x.rs2) >> 64))},
    {"mulhsu", "0000001 ..... ..... 010 ..... 0110011", "d,s,t", IntMul,
        OP(u64(i128(i64(x.rs1)) * i128(x.rs2) >> 64))},
    {"mulhu",  "0000001 ..... ..... 011 ..... 0110011", "d,s,t", IntMul, OP(u64(u128(x.rs1) * x.rs2 >> 64))},
    {"mulw",   "0000001 ..... ..... 000 ..... 0111011", "d,s,t", IntMul, OP(word(x.rs1 * x.rs2))},

    {"div",    "0000001 ..... ..... 100 ..... 0110011", "d,s,t", IntDiv,
        OP(u64(quotient(i64(x.rs1), i64(x.rs2))))},
    {"divu",   "0000001 ..... ..... 101 ..... 0110011", "d,s,t", IntDiv, OP(unsigned_quotient(x.rs1, x.rs2))},
    {"rem",    "0000001 ..... ..... 110 ..... 0110011", "d,s,t", IntDiv,
        OP(u64(remainder(i64(x.rs1), i64(x.rs2))))},
    {"remu",   "0000001 ..... ..... 111 ..... 0110011", "d,s,t", IntDiv,
        OP(unsigned_remainder(x.rs1, x.rs2))},
    {"divw",   "0000001 ..... ..... 100 ..... 0111011", "d,s,t", IntDiv,
        OP(u64(i64(quotient(i32(x.rs1), i32(x.rs2)))))},
    {"divuw",  "0000001 ..... ..... 101 ..... 0111011", "d,s,t", IntDiv,
        OP(word(unsigned_quotient(u32(x.rs1), u32(x.rs2))))},
    {"remw",   "0000001 ..... ..... 110 ..... 0111011", "d,s,t", IntDiv,
        OP(u64(i64(remainder(i32(x.rs1), i32(x.rs2)))))},
    {"remuw",  "0000001 ..... ..... 111 ..... 0111011", "d,s,t", IntDiv,
        OP(word(unsigned_remainder(u32(x.rs1), u32(x.rs2))))},
    });
}();
#undef OP

}  // namespace sim
