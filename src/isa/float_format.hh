// SPDX-License-Identifier: BSD-3-Clause
// The two floating-point formats: fields, special values, NaN boxing, and what the tests of both share.
#pragma once
#include <bit>
#include "isa/instruction.hh"

namespace sim {

enum Rounding : u8 { kNearestEven = 0, kTowardZero = 1, kDown = 2, kUp = 3, kNearestMaxMagnitude = 4 };
enum FloatFlag : u8 { kInexact = 1, kUnderflow = 2, kOverflow = 4, kDivideByZero = 8, kInvalid = 16 };

template <class BitsType, class HostType, int kExponentWidth, int kFractionWidth>
struct FloatFormat {
    using Bits = BitsType;
    using Host = HostType;                                    // the host's type of the same format
    static constexpr int kFraction = kFractionWidth;          // bits below the point
    static constexpr int kMaxExponent = (1 << kExponentWidth) - 1;
    static constexpr int kBias = kMaxExponent / 2;
    static constexpr Bits kSign = Bits{1} << (kExponentWidth + kFraction);
    static constexpr Bits kHidden = Bits{1} << kFraction;
    static constexpr Bits kInfinity = Bits(kMaxExponent) << kFraction;
    static constexpr Bits kNan = kInfinity | kHidden >> 1;    // the canonical one

    static constexpr int exponent(Bits b) { return int(b >> kFraction) & kMaxExponent; }
    static constexpr bool negative(Bits b) { return b & kSign; }
    static constexpr Bits magnitude(Bits b) { return b & ~kSign; }
    static constexpr bool is_nan(Bits b) { return magnitude(b) > kInfinity; }
    static constexpr bool is_signaling(Bits b) { return is_nan(b) && !(b & kHidden >> 1); }
    static constexpr bool is_infinite(Bits b) { return magnitude(b) == kInfinity; }
    static constexpr bool is_zero(Bits b) { return magnitude(b) == 0; }
    static constexpr Host host(Bits b) { return std::bit_cast<Host>(b); }
    static constexpr Bits bits(Host h) { return std::bit_cast<Bits>(h); }
};

struct Double : FloatFormat<u64, double, 11, 52> {
    static constexpr u64 unbox(u64 reg) { return reg; }
    static constexpr u64 box(u64 b) { return b; }
};

// A register holds a single-precision value when its upper half is all ones; anything else reads as NaN.
struct Single : FloatFormat<u32, float, 8, 23> {
    static constexpr u32 unbox(u64 reg) { return reg >> 32 == 0xffffffff ? u32(reg) : kNan; }
    static constexpr u64 box(u32 b) { return 0xffffffff00000000 | b; }
};

}  // namespace sim
