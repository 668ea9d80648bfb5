// SPDX-License-Identifier: BSD-3-Clause
// Double-precision floating point.
#pragma once
#include "isa/float_arithmetic.hh"
#include "isa/instruction_row.hh"

namespace sim {

#define OP(...) [](const Operands &x, u8 &) -> u64 { return __VA_ARGS__; }
#define FLAGGED(...) [](const Operands &x, u8 &flags) -> u64 { return __VA_ARGS__; }
inline constexpr auto kRv64d = [] {
    using enum OpClass;
    return std::to_array<Instruction>({
    {"fld",       "............ ..... 011 ..... 0000111",   "D,j(s)",    Load, Access{8}, OP(x.rs1 + x.imm)},
    {"fsd",       "....... ..... ..... 011 ..... 0100111",  "T,q(s)",    Store, Access{8}, OP(x.rs1 + x.imm)},

    {"fmadd.d",   "..... 01 ..... ..... ... ..... 1000011", "D,S,T,R,m", FloatMulAdd, Raises{},
        FLAGGED(float_multiply_add<Double>(x, false, false, flags))},
    {"fmsub.d",   "..... 01 ..... ..... ... ..... 1000111", "D,S,T,R,m", FloatMulAdd, Raises{},
        FLAGGED(float_multiply_add<Double>(x, false, true, flags))},
    {"fnmsub.d",  "..... 01 ..... ..... ... ..... 1001011", "D,S,T,R,m", FloatMulAdd, Raises{},
        FLAGGED(float_multiply_add<Double>(x, true, false, flags))},
    {"fnmadd.d",  "..... 01 ..... ..... ... ..... 1001111", "D,S,T,R,m", FloatMulAdd, Raises{},
        FLAGGED(float_multiply_add<Double>(x, true, true, flags))},

    {"fadd.d",    "0000001 ..... ..... ... ..... 1010011",  "D,S,T,m",   FloatAdd, Raises{},
        FLAGGED(float_add<Double>(x, flags))},
    {"fsub.d",    "0000101 ..... ..... ... ..... 1010011",  "D,S,T,m",   FloatAdd, Raises{},
        FLAGGED(float_subtract<Double>(x, flags))},
    {"fmul.d",    "0001001 ..... ..... ... ..... 1010011",  "D,S,T,m",   FloatMul, Raises{},
        FLAGGED(float_multiply<Double>(x, flags))},
    {"fdiv.d",    "0001101 ..... ..... ... ..... 1010011",  "D,S,T,m",   FloatDiv, Raises{},
        FLAGGED(float_divide<Double>(x, flags))},
    {"fsqrt.d",   "0101101 00000 ..... ... ..... 1010011",  "D,S,m",     FloatSqrt, Raises{},
        FLAGGED(float_square_root<Double>(x, flags))},

    {"fsgnj.d",   "0010001 ..... ..... 000 ..... 1010011",  "D,S,T",     FloatAdd,
        OP(float_copy_sign<Double>(x))},
    {"fsgnjn.d",  "0010001 ..... ..... 001 ..... 1010011",  "D,S,T",     FloatAdd,
        OP(float_negate_sign<Double>(x))},
    {"fsgnjx.d",  "0010001 ..... ..... 010 ..... 1010011",  "D,S,T",     FloatAdd,
        OP(float_multiply_sign<Double>(x))},
    {"fmin.d",    "0010101 ..... ..... 000 ..... 1010011",  "D,S,T",     FloatAdd, Raises{},
        FLAGGED(float_extreme<Double>(x, false, flags))},
    {"fmax.d",    "0010101 ..... ..... 001 ..... 1010011",  "D,S,T",     FloatAdd, Raises{},
        FLAGGED(float_extreme<Double>(x, true, flags))},
    {"feq.d",     "1010001 ..... ..... 010 ..... 1010011",  "d,S,T",     FloatAdd, Raises{},
        FLAGGED(float_equal<Double>(x, flags))},
    {"flt.d",     "1010001 ..... ..... 001 ..... 1010011",  "d,S,T",     FloatAdd, Raises{},
        FLAGGED(float_less<Double>(x, flags))},
    {"fle.d",     "1010001 ..... ..... 000 ..... 1010011",  "d,S,T",     FloatAdd, Raises{},
        FLAGGED(float_less_or_equal<Double>(x, flags))},
    {"fclass.d",  "1110001 00000 ..... 001 ..... 1010011",  "d,S",       FloatAdd,
        OP(float_class<Double>(x))},

    {"fcvt.w.d",  "1100001 00000 ..... ... ..... 1010011",  "d,S,m",     FloatAdd, Raises{},
        FLAGGED(float_to_integer<Double, i32>(x, flags))},
    {"fcvt.wu.d", "1100001 00001 ..... ... ..... 1010011",  "d,S,m",     FloatAdd, Raises{},
        FLAGGED(float_to_integer<Double, u32>(x, flags))},
    {"fcvt.l.d",  "1100001 00010 ..... ... ..... 1010011",  "d,S,m",     FloatAdd, Raises{},
        FLAGGED(float_to_integer<Double, i64>(x, flags))},
    {"fcvt.lu.d", "1100001 00011 ..... ... ..... 1010011",  "d,S,m",     FloatAdd, Raises{},
        FLAGGED(float_to_integer<Double, u64>(x, flags))},
    {"fcvt.d.w",  "1101001 00000 ..... ... ..... 1010011",  "D,sM",      FloatAdd,
        FLAGGED(float_from_integer<Double, i32>(x, flags))},
    {"fcvt.d.wu", "1101001 00001 ..... ... ..... 1010011",  "D,sM",      FloatAdd,
        FLAGGED(float_from_integer<Double, u32>(x, flags))},
    {"fcvt.d.l",  "1101001 00010 ..... ... ..... 1010011",  "D,s,m",     FloatAdd, Raises{},
        FLAGGED(float_from_integer<Double, i64>(x, flags))},
    {"fcvt.d.lu", "1101001 00011 ..... ... ..... 1010011",  "D,s,m",     FloatAdd, Raises{},
        FLAGGED(float_from_integer<Double, u64>(x, flags))},
    {"fcvt.s.d",  "0100000 00001 ..... ... ..... 1010011",  "D,S,m",     FloatAdd, Raises{},
        FLAGGED(float_narrow(x, flags))},
    {"fcvt.d.s",  "0100001 00000 ..... ... ..... 1010011",  "D,SM",      FloatAdd, Raises{},
        FLAGGED(float_widen(x, flags))},
    {"fmv.x.d",   "1110001 00000 ..... 000 ..... 1010011",  "d,S",       FloatAdd, OP(x.rs1)},
    {"fmv.d.x",   "1111001 00000 ..... 000 ..... 1010011",  "D,s",       FloatAdd, OP(x.rs1)},
    });
}();
#undef FLAGGED
#undef OP

}  // namespace sim
