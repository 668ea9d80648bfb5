// SPDX-License-Identifier: BSD-3-Clause
// Single-precision floating point. A register whose upper half is not all ones reads as NaN.
#pragma once
#include "isa/float_arithmetic.hh"
#include "isa/instruction_row.hh"

namespace sim {

#define OP(...) [](const Operands &x, u8 &) -> u64 { return __VA_ARGS__; }
#define FLAGGED(...) [](const Operands &x, u8 &flags) -> u64 { return __VA_ARGS__; }
inline constexpr auto kRv64f = [] {
    using enum OpClass;
    return std::to_array<Instruction>({
    {"flw",       "............ ..... 010 ..... 0000111",   "D,j(s)",    Load, Access{4, Extend::Box},
        OP(x.rs1 + x.imm)},
    {"fsw",       "....... ..... ..... 010 ..... 0100111",  "T,q(s)",    Store, Access{4}, OP(x.rs1 + x.imm)},

    {"fmadd.s",   "..... 00 ..... ..... ... ..... 1000011", "D,S,T,R,m", FloatMulAdd, Raises{},
        FLAGGED(float_multiply_add<Single>(x, false, false, flags))},
    {"fmsub.s",   "..... 00 ..... ..... ... ..... 1000111", "D,S,T,R,m", FloatMulAdd, Raises{},
        FLAGGED(float_multiply_add<Single>(x, false, true, flags))},
    {"fnmsub.s",  "..... 00 ..... ..... ... ..... 1001011", "D,S,T,R,m", FloatMulAdd, Raises{},
        FLAGGED(float_multiply_add<Single>(x, true, false, flags))},
    {"fnmadd.s",  "..... 00 ..... ..... ... ..... 1001111", "D,S,T,R,m", FloatMulAdd, Raises{},
        FLAGGED(float_multiply_add<Single>(x, true, true, flags))},

    {"fadd.s",    "0000000 ..... ..... ... ..... 1010011",  "D,S,T,m",   FloatAdd, Raises{},
        FLAGGED(float_add<Single>(x, flags))},
    {"fsub.s",    "0000100 ..... ..... ... ..... 1010011",  "D,S,T,m",   FloatAdd, Raises{},
        FLAGGED(float_subtract<Single>(x, flags))},
    {"fmul.s",    "0001000 ..... ..... ... ..... 1010011",  "D,S,T,m",   FloatMul, Raises{},
        FLAGGED(float_multiply<Single>(x, flags))},
    {"fdiv.s",    "0001100 ..... ..... ... ..... 1010011",  "D,S,T,m",   FloatDiv, Raises{},
        FLAGGED(float_divide<Single>(x, flags))},
    {"fsqrt.s",   "0101100 00000 ..... ... ..... 1010011",  "D,S,m",     FloatSqrt, Raises{},
        FLAGGED(float_square_root<Single>(x, flags))},

    {"fsgnj.s",   "0010000 ..... ..... 000 ..... 1010011",  "D,S,T",     FloatAdd,
        OP(float_copy_sign<Single>(x))},
    {"fsgnjn.s",  "0010000 ..... ..... 001 ..... 1010011",  "D,S,T",     FloatAdd,
        OP(float_negate_sign<Single>(x))},
    {"fsgnjx.s",  "0010000 ..... ..... 010 ..... 1010011",  "D,S,T",     FloatAdd,
        OP(float_multiply_sign<Single>(x))},
    {"fmin.s",    "0010100 ..... ..... 000 ..... 1010011",  "D,S,T",     FloatAdd, Raises{},
        FLAGGED(float_extreme<Single>(x, false, flags))},
    {"fmax.s",    "0010100 ..... ..... 001 ..... 1010011",  "D,S,T",     FloatAdd, Raises{},
        FLAGGED(float_extreme<Single>(x, true, flags))},
    {"feq.s",     "1010000 ..... ..... 010 ..... 1010011",  "d,S,T",     FloatAdd, Raises{},
        FLAGGED(float_equal<Single>(x, flags))},
    {"flt.s",     "1010000 ..... ..... 001 ..... 1010011",  "d,S,T",     FloatAdd, Raises{},
        FLAGGED(float_less<Single>(x, flags))},
    {"fle.s",     "1010000 ..... ..... 000 ..... 1010011",  "d,S,T",     FloatAdd, Raises{},
        FLAGGED(float_less_or_equal<Single>(x, flags))},
    {"fclass.s",  "1110000 00000 ..... 001 ..... 1010011",  "d,S",       FloatAdd,
        OP(float_class<Single>(x))},

    {"fcvt.w.s",  "1100000 00000 ..... ... ..... 1010011",  "d,S,m",     FloatAdd, Raises{},
        FLAGGED(float_to_integer<Single, i32>(x, flags))},
    {"fcvt.wu.s", "1100000 00001 ..... ... ..... 1010011",  "d,S,m",     FloatAdd, Raises{},
        FLAGGED(float_to_integer<Single, u32>(x, flags))},
    {"fcvt.l.s",  "1100000 00010 ..... ... ..... 1010011",  "d,S,m",     FloatAdd, Raises{},
        FLAGGED(float_to_integer<Single, i64>(x, flags))},
    {"fcvt.lu.s", "1100000 00011 ..... ... ..... 1010011",  "d,S,m",     FloatAdd, Raises{},
        FLAGGED(float_to_integer<Single, u64>(x, flags))},
    {"fcvt.s.w",  "1101000 00000 ..... ... ..... 1010011",  "D,s,m",     FloatAdd, Raises{},
        FLAGGED(float_from_integer<Single, i32>(x, flags))},
    {"fcvt.s.wu", "1101000 00001 ..... ... ..... 1010011",  "D,s,m",     FloatAdd, Raises{},
        FLAGGED(float_from_integer<Single, u32>(x, flags))},
    {"fcvt.s.l",  "1101000 00010 ..... ... ..... 1010011",  "D,s,m",     FloatAdd, Raises{},
        FLAGGED(float_from_integer<Single, i64>(x, flags))},
    {"fcvt.s.lu", "1101000 00011 ..... ... ..... 1010011",  "D,s,m",     FloatAdd, Raises{},
        FLAGGED(float_from_integer<Single, u64>(x, flags))},
    {"fmv.x.w",   "1110000 00000 ..... 000 ..... 1010011",  "d,S",       FloatAdd, OP(word(x.rs1))},
    {"fmv.w.x",   "1111000 00000 ..... 000 ..... 1010011",  "D,s",       FloatAdd,
        OP(Single::box(u32(x.rs1)))},
    });
}();
#undef FLAGGED
#undef OP

}  // namespace sim
