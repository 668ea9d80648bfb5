// SPDX-License-Identifier: BSD-3-Clause
// What EIE's arithmetic units compute: product, sum into the accumulator, and the output made of an accumulator.
#pragma once
#include <algorithm>
#include <bit>
#include "../../ext/accel/eie_format.h"
#include "sim/types.hh"

namespace sim {

// Accumulators and products are 64-bit patterns; what they mean is the arithmetic's own.
struct EieRound {
    u32 shift;
    static i64 saturated(i64 value) { return std::clamp<i64>(value, -32768, 32767); }
    static i64 product(i32 weight, i32 activation) { return i64(weight) * activation; }
    i64 scaled(i64 product) const { return shift == 0 ? product : (product + (i64{1} << (shift - 1))) >> shift; }
    i64 sum(i64 accumulator, i64 product) const { return saturated(accumulator + scaled(product)); }
    i32 output(i64 accumulator) const { return i32(accumulator); }
};
struct EieTruncate : EieRound {
    i64 sum(i64 accumulator, i64 product) const { return saturated(accumulator + (product >> shift)); }
};
struct EieWide : EieRound {
    i64 sum(i64 accumulator, i64 product) const { return accumulator + product; }
    i32 output(i64 accumulator) const { return i32(saturated(scaled(accumulator))); }
};
struct EieFloat {
    static float number(i64 bits) { return std::bit_cast<float>(i32(bits)); }
    static i64 bits(float number) { return std::bit_cast<i32>(number); }
    static i64 product(i32 weight, i32 activation) { return bits(number(weight) * number(activation)); }
    i64 sum(i64 accumulator, i64 product) const { return bits(number(accumulator) + number(product)); }
    i32 output(i64 accumulator) const { return i32(accumulator); }
};

}  // namespace sim
