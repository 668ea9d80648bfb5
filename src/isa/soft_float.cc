// SPDX-License-Identifier: BSD-3-Clause
// Every operation computes significand * 2^exponent in 128 bits, keeps one sticky bit, and rounds once.
#include "isa/soft_float.hh"
#include <algorithm>
#include <utility>

namespace sim {
namespace {

__extension__ using u128 = unsigned __int128;

struct Value {                // (-1)^negative * significand * 2^exponent
    bool negative = false;
    int exponent = 0;
    u128 significand = 0;     // 0: the value is zero
};

int leading_zeros(u128 v) { return v >> 64 ? std::countl_zero(u64(v >> 64)) : 64 + std::countl_zero(u64(v)); }

// Shifts right; the lowest bit of the result also stands for every bit lost.
u128 shift_sticky(u128 v, int count) {
    if (count <= 0) return v;
    if (count >= 128) return v != 0;
    return v >> count | ((v << (128 - count)) != 0);
}

// Leading bit at 125: room for a carry above, and guard bits below for sums of 106-bit products.
Value normalized(Value v) {
    int shift = leading_zeros(v.significand) - 2;
    v.significand = shift >= 0 ? v.significand << shift : shift_sticky(v.significand, -shift);
    v.exponent -= shift;
    return v;
}

// Of a finite number.
template <class F>
Value value_of(typename F::Bits b) {
    auto fraction = b & (F::kHidden - 1);
    int exponent = F::exponent(b);
    if (exponent != 0) fraction |= F::kHidden;
    return {F::negative(b), std::max(exponent, 1) - F::kBias - F::kFraction, fraction};
}

bool away_from_zero(bool negative, bool odd, bool half, bool rest, u8 rounding) {
    switch (rounding) {
    case kNearestEven: return half && (rest || odd);
    case kNearestMaxMagnitude: return half;
    case kDown: return negative && (half || rest);
    case kUp: return !negative && (half || rest);
    default: return false;
    }
}

// Drops the low bits (1 or more) of a significand and rounds what is left to an integer.
struct Dropped { u64 kept; bool inexact; };
Dropped drop(u128 significand, int count, bool negative, u8 rounding) {
    if (count > 128) significand = significand != 0, count = 128;
    u128 kept = count == 128 ? 0 : significand >> count;
    bool half = significand >> (count - 1) & 1;
    bool rest = (significand & ((u128{1} << (count - 1)) - 1)) != 0;
    return {u64(kept) + away_from_zero(negative, kept & 1, half, rest, rounding), half || rest};
}

template <class F>
typename F::Bits overflow(bool negative, u8 rounding, u8 &flags) {
    flags |= kOverflow | kInexact;
    bool to_infinity =
        rounding == kNearestEven || rounding == kNearestMaxMagnitude || rounding == (negative ? kDown : kUp);
    return (negative ? F::kSign : 0) | (to_infinity ? F::kInfinity : F::kInfinity - 1);
}

// Underflow is detected after rounding: a result is tiny if it would be below the normal range with any
// exponent allowed.
template <class F>
typename F::Bits round(const Value &v, u8 rounding, u8 &flags) {
    using Bits = typename F::Bits;
    const Bits sign = v.negative ? F::kSign : 0;
    if (v.significand == 0) return sign;
    const int zeros = leading_zeros(v.significand);
    const u128 significand = v.significand << zeros;
    const int exponent = v.exponent - zeros + 127 + F::kBias;   // biased, of the leading bit
    constexpr int kDrop = 127 - F::kFraction;
    Dropped normal = drop(significand, kDrop, v.negative, rounding);
    if (exponent >= 1) {
        if (normal.inexact) flags |= kInexact;
        if (exponent + int(normal.kept >> (F::kFraction + 1)) >= F::kMaxExponent)
            return overflow<F>(v.negative, rounding, flags);
        const Bits below = Bits(exponent - 1) << F::kFraction;   // the hidden bit or a carry raises it
        return sign | Bits(below + Bits(normal.kept));
    }
    Dropped subnormal = drop(significand, kDrop + 1 - exponent, v.negative, rounding);
    bool tiny = exponent < 0 || !(normal.kept >> (F::kFraction + 1));
    if (subnormal.inexact) flags |= tiny ? kInexact | kUnderflow : kInexact;
    return sign | Bits(subnormal.kept);
}

Value sum(Value a, Value b, u8 rounding) {
    if (a.significand == 0 || b.significand == 0) {
        if (a.significand != 0) return a;
        if (b.significand == 0 && a.negative != b.negative) b.negative = rounding == kDown;
        return b;
    }
    a = normalized(a);
    b = normalized(b);
    if (a.exponent < b.exponent) std::swap(a, b);
    b.significand = shift_sticky(b.significand, a.exponent - b.exponent);
    if (a.negative == b.negative) return {a.negative, a.exponent, a.significand + b.significand};
    if (a.significand == b.significand) return {rounding == kDown, 0, 0};
    if (a.significand > b.significand) return {a.negative, a.exponent, a.significand - b.significand};
    return {b.negative, a.exponent, b.significand - a.significand};
}

template <class F>
typename F::Bits invalid(u8 &flags) {
    flags |= kInvalid;
    return F::kNan;
}

template <class F, class... B>
typename F::Bits propagate_nan(u8 &flags, B... operands) {
    if ((F::is_signaling(operands) || ...)) flags |= kInvalid;
    return F::kNan;
}

u64 integer_square_root(u128 v, bool &exact) {
    u128 root = 0;
    for (int bit = 63; bit >= 0; --bit) {
        u128 trial = root | u128{1} << bit;
        if (trial * trial <= v) root = trial;
    }
    exact = root * root == v;
    return u64(root);
}

}  // namespace

template <class F>
typename F::Bits soft_add(typename F::Bits a, typename F::Bits b, u8 rounding, u8 &flags) {
    if (F::is_nan(a) || F::is_nan(b)) return propagate_nan<F>(flags, a, b);
    if (F::is_infinite(a)) return F::is_infinite(b) && a != b ? invalid<F>(flags) : a;
    if (F::is_infinite(b)) return b;
    return round<F>(sum(value_of<F>(a), value_of<F>(b), rounding), rounding, flags);
}

template <class F>
typename F::Bits soft_multiply(typename F::Bits a, typename F::Bits b, u8 rounding, u8 &flags) {
    if (F::is_nan(a) || F::is_nan(b)) return propagate_nan<F>(flags, a, b);
    const auto sign = (a ^ b) & F::kSign;
    if (F::is_infinite(a) || F::is_infinite(b))
        return F::is_zero(a) || F::is_zero(b) ? invalid<F>(flags) : F::kInfinity | sign;
    Value x = value_of<F>(a), y = value_of<F>(b);
    return round<F>({sign != 0, x.exponent + y.exponent, x.significand * y.significand}, rounding, flags);
}

template <class F>
typename F::Bits soft_multiply_add(typename F::Bits a, typename F::Bits b, typename F::Bits c, u8 rounding,
                                   u8 &flags) {
    bool infinite_product = F::is_infinite(a) || F::is_infinite(b);
    bool undefined_product = infinite_product && (F::is_zero(a) || F::is_zero(b));
    if (undefined_product) flags |= kInvalid;   // even when c is a quiet NaN
    if (undefined_product || F::is_nan(a) || F::is_nan(b) || F::is_nan(c))
        return propagate_nan<F>(flags, a, b, c);
    const auto sign = (a ^ b) & F::kSign;
    if (infinite_product)
        return F::is_infinite(c) && (c & F::kSign) != sign ? invalid<F>(flags) : F::kInfinity | sign;
    if (F::is_infinite(c)) return c;
    Value x = value_of<F>(a), y = value_of<F>(b);
    Value product{sign != 0, x.exponent + y.exponent, x.significand * y.significand};
    return round<F>(sum(product, value_of<F>(c), rounding), rounding, flags);
}

template <class F>
typename F::Bits soft_divide(typename F::Bits a, typename F::Bits b, u8 rounding, u8 &flags) {
    if (F::is_nan(a) || F::is_nan(b)) return propagate_nan<F>(flags, a, b);
    const auto sign = (a ^ b) & F::kSign;
    if (F::is_infinite(a)) return F::is_infinite(b) ? invalid<F>(flags) : F::kInfinity | sign;
    if (F::is_infinite(b)) return sign;
    if (F::is_zero(b)) {
        if (F::is_zero(a)) return invalid<F>(flags);
        flags |= kDivideByZero;
        return F::kInfinity | sign;
    }
    if (F::is_zero(a)) return sign;
    Value x = value_of<F>(a), y = value_of<F>(b);
    int shift = leading_zeros(x.significand);
    u128 dividend = x.significand << shift;
    u128 quotient = dividend / y.significand;
    // At least 74 bits long, so that the lowest may be the sticky one.
    quotient |= quotient * y.significand != dividend;
    return round<F>({sign != 0, x.exponent - shift - y.exponent, quotient}, rounding, flags);
}

template <class F>
typename F::Bits soft_square_root(typename F::Bits a, u8 rounding, u8 &flags) {
    if (F::is_nan(a)) return propagate_nan<F>(flags, a);
    if (F::is_zero(a)) return a;
    if (F::negative(a)) return invalid<F>(flags);
    if (F::is_infinite(a)) return a;
    Value x = normalized(value_of<F>(a));
    if (x.exponent & 1) x.significand <<= 1, --x.exponent;
    bool exact = false;
    u128 root = integer_square_root(x.significand, exact);
    return round<F>({false, x.exponent / 2 - 1, root << 1 | !exact}, rounding, flags);
}

template <class F>
typename F::Bits soft_from_integer(bool negative, u64 magnitude, u8 rounding, u8 &flags) {
    return round<F>({negative && magnitude != 0, 0, magnitude}, rounding, flags);
}

template <class F>
u64 soft_to_integer(typename F::Bits a, u64 least, u64 greatest, u8 rounding, u8 &flags) {
    const u64 low = u64{0} - least;
    if (F::is_nan(a)) return flags |= kInvalid, greatest;
    const bool negative = F::negative(a);
    const u64 limit = negative ? least : greatest, saturated = negative ? low : greatest;
    if (F::exponent(a) - F::kBias >= 64) return flags |= kInvalid, saturated;
    Value v = value_of<F>(a);
    u64 magnitude = u64(v.exponent >= 0 ? v.significand << v.exponent : 0);
    bool inexact = false;
    if (v.exponent < 0) {
        Dropped rounded = drop(v.significand, -v.exponent, negative, rounding);
        magnitude = rounded.kept;
        inexact = rounded.inexact;
    }
    if (magnitude > limit) return flags |= kInvalid, saturated;
    if (inexact) flags |= kInexact;
    return negative ? u64{0} - magnitude : magnitude;
}

u32 soft_narrow(u64 a, u8 rounding, u8 &flags) {
    const u32 sign = Double::negative(a) ? Single::kSign : 0;
    if (Double::is_nan(a)) return propagate_nan<Double>(flags, a), Single::kNan;
    if (Double::is_infinite(a)) return sign | Single::kInfinity;
    return round<Single>(value_of<Double>(a), rounding, flags);
}

#define FOR_FORMAT(F) \
    template F::Bits soft_add<F>(F::Bits, F::Bits, u8, u8 &); \
    template F::Bits soft_multiply<F>(F::Bits, F::Bits, u8, u8 &); \
    template F::Bits soft_divide<F>(F::Bits, F::Bits, u8, u8 &); \
    template F::Bits soft_square_root<F>(F::Bits, u8, u8 &); \
    template F::Bits soft_multiply_add<F>(F::Bits, F::Bits, F::Bits, u8, u8 &); \
    template F::Bits soft_from_integer<F>(bool, u64, u8, u8 &); \
    template u64 soft_to_integer<F>(F::Bits, u64, u64, u8, u8 &);
FOR_FORMAT(Single)
FOR_FORMAT(Double)
#undef FOR_FORMAT

}  // namespace sim
