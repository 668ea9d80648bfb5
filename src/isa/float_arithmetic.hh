// SPDX-License-Identifier: BSD-3-Clause
// What the float rows mean, once for both formats: the host computes the common case, software the rest.
#pragma once
#include "isa/rounding_error.hh"
#include "isa/soft_float.hh"

namespace sim {

// Ways to the same result, fastest first:
// 1. A plain operation of the host that gives an ordinary number can only have raised inexact. Whether it did
//    does not matter where that flag is set already, as in most programs, and is computed otherwise.
// 2. The host's operation with its flags read back, for rounding to nearest even.
// 3. Other rounding modes, or a host without flags: software.
template <class F>
constexpr bool is_ordinary(typename F::Bits b) {   // finite, and far enough from underflow
    return unsigned(F::exponent(b) - 2) < unsigned(F::kMaxExponent - 2);
}

// Fast results are rounded to nearest even.
inline bool host_may(u8 rounding) { return kHostHasFlags && rounding == kNearestEven; }

template <class F, class Plain, class Error, class WithFlags>
inline u64 on_host(u8 &flags, Plain plain, Error error_of, WithFlags with_flags) {
    const auto quick = plain();
    if (is_ordinary<F>(F::bits(quick))) [[likely]] {
        if (flags & kInexact) return F::box(F::bits(quick));
        const auto error = error_of(quick);
        if (error == error) [[likely]] {
            flags |= error != 0 ? kInexact : 0;
            return F::box(F::bits(quick));
        }
    }
    auto result = F::bits(with_flags());
    return F::box(F::is_nan(result) ? F::kNan : result);
}

template <class F>
inline u64 float_add(typename F::Bits a, typename F::Bits b, u8 rounding, u8 &flags) {
    if (!host_may(rounding)) [[unlikely]] return F::box(soft_add<F>(a, b, rounding, flags));
    auto x = F::host(a), y = F::host(b);
    return on_host<F>(flags, [&] { return x + y; }, [&](auto sum) { return error_of_sum(x, y, sum); },
                      [&] { return host_add(x, y, flags); });
}
template <class F>
inline u64 float_add(const Operands &x, u8 &flags) {
    return float_add<F>(F::unbox(x.rs1), F::unbox(x.rs2), x.rounding, flags);
}
template <class F>
inline u64 float_subtract(const Operands &x, u8 &flags) {
    auto b = F::unbox(x.rs2);
    return float_add<F>(F::unbox(x.rs1), b ^ F::kSign, x.rounding, flags);
}

template <class F>
inline u64 float_multiply(const Operands &x, u8 &flags) {
    auto a = F::unbox(x.rs1), b = F::unbox(x.rs2);
    if (!host_may(x.rounding)) [[unlikely]] return F::box(soft_multiply<F>(a, b, x.rounding, flags));
    auto h = F::host(a), k = F::host(b);
    return on_host<F>(
        flags, [&] { return h * k; }, [&](auto product) { return error_of_product(h, k, product); },
        [&] { return host_multiply(h, k, flags); });
}

template <class F>
inline u64 float_divide(const Operands &x, u8 &flags) {
    auto a = F::unbox(x.rs1), b = F::unbox(x.rs2);
    if (!host_may(x.rounding)) [[unlikely]] return F::box(soft_divide<F>(a, b, x.rounding, flags));
    auto h = F::host(a), k = F::host(b);
    return on_host<F>(
        flags, [&] { return h / k; }, [&](auto quotient) { return error_of_quotient(h, k, quotient); },
        [&] { return host_divide(h, k, flags); });
}

template <class F>
inline u64 float_square_root(const Operands &x, u8 &flags) {
    auto a = F::unbox(x.rs1);
    if (!host_may(x.rounding)) [[unlikely]] return F::box(soft_square_root<F>(a, x.rounding, flags));
    auto h = F::host(a);
    return on_host<F>(
        flags, [&] { return host_root(h); }, [&](auto root) { return error_of_square_root(h, root); },
        [&] { return host_square_root(h, h, flags); });
}

// (a ^ product_sign) * b + (c ^ addend_sign): the four fused instructions differ in signs.
template <class F>
inline u64 float_multiply_add(const Operands &x, bool negate_product, bool negate_addend, u8 &flags) {
    auto a = F::unbox(x.rs1), b = F::unbox(x.rs2), c = F::unbox(x.rs3);
    if (negate_product) a ^= F::kSign;
    if (negate_addend) c ^= F::kSign;
    if (host_may(x.rounding) && host_multiplies_and_adds()) [[likely]] {
        auto h = F::host(a), k = F::host(b), l = F::host(c);
        u8 raised_now = flags & kInexact;
        u64 result = on_host<F>(raised_now, [&] { return host_fused(h, k, l); },
                                [&](auto sum) { return error_of_fused(h, k, l, sum); },
                                [&] { return host_multiply_add(h, k, l, raised_now); });
        if (result != F::box(F::kNan)) [[likely]] {   // hosts disagree on infinity * 0 + quiet NaN
            flags |= raised_now;
            return result;
        }
    }
    return F::box(soft_multiply_add<F>(a, b, c, x.rounding, flags));
}

// Sign of the first operand with that of the second: copied, inverted, multiplied.
template <class F>
inline u64 float_copy_sign(const Operands &x) {
    return F::box(F::magnitude(F::unbox(x.rs1)) | (F::unbox(x.rs2) & F::kSign));
}
template <class F>
inline u64 float_negate_sign(const Operands &x) {
    return F::box(F::magnitude(F::unbox(x.rs1)) | (~F::unbox(x.rs2) & F::kSign));
}
template <class F>
inline u64 float_multiply_sign(const Operands &x) {
    return F::box(F::unbox(x.rs1) ^ (F::unbox(x.rs2) & F::kSign));
}

// A number where one operand is NaN; -0 is less than +0.
template <class F>
inline u64 float_extreme(const Operands &x, bool greatest, u8 &flags) {
    auto a = F::unbox(x.rs1), b = F::unbox(x.rs2);
    if (F::is_signaling(a) || F::is_signaling(b)) flags |= kInvalid;
    if (F::is_nan(a)) return F::box(F::is_nan(b) ? F::kNan : b);
    if (F::is_nan(b)) return F::box(a);
    bool less = F::is_zero(a) && F::is_zero(b) ? F::negative(a) : F::host(a) < F::host(b);
    return F::box(less != greatest ? a : b);
}

template <class F>
inline u64 float_equal(const Operands &x, u8 &flags) {
    auto a = F::unbox(x.rs1), b = F::unbox(x.rs2);
    if (F::is_signaling(a) || F::is_signaling(b)) flags |= kInvalid;
    return F::host(a) == F::host(b);
}
template <class F>
inline u64 float_less(const Operands &x, u8 &flags) {
    auto a = F::unbox(x.rs1), b = F::unbox(x.rs2);
    if (F::is_nan(a) || F::is_nan(b)) return flags |= kInvalid, 0;
    return F::host(a) < F::host(b);
}
template <class F>
inline u64 float_less_or_equal(const Operands &x, u8 &flags) {
    auto a = F::unbox(x.rs1), b = F::unbox(x.rs2);
    if (F::is_nan(a) || F::is_nan(b)) return flags |= kInvalid, 0;
    return F::host(a) <= F::host(b);
}

// One bit of ten: -infinity, negative normal, subnormal, zero; positive zero, subnormal, normal, infinity;
// NaN signaling, quiet.
template <class F>
inline u64 float_class(const Operands &x) {
    auto a = F::unbox(x.rs1);
    if (F::is_nan(a)) return F::is_signaling(a) ? 1 << 8 : 1 << 9;
    unsigned distance = F::is_infinite(a) ? 3 : F::exponent(a) != 0 ? 2 : F::is_zero(a) ? 0 : 1;
    return F::negative(a) ? u64{8} >> distance : u64{16} << distance;
}

// Signed or unsigned integer of 32 or 64 bits; results of 32 bits are sign-extended, the unsigned ones too.
template <class F, class Integer>
inline u64 float_to_integer(const Operands &x, u8 &flags) {
    constexpr bool is_signed = Integer(-1) < Integer(0);
    constexpr unsigned width = 8 * sizeof(Integer);
    constexpr u64 least = is_signed ? u64{1} << (width - 1) : 0;
    constexpr u64 greatest = is_signed ? least - 1 : u64(~Integer(0));
    auto a = F::unbox(x.rs1);
    const bool fits = F::exponent(a) < F::kBias + int(width) - 1;
    if (x.rounding == kTowardZero && fits) [[likely]] {   // what C's casts mean
        i64 result = i64(F::host(a));
        if (is_signed || result >= 0) {
            if (typename F::Host(result) != F::host(a)) flags |= kInexact;
            return width == 32 ? u64(i64(i32(result))) : u64(result);
        }
    }
    u64 result = soft_to_integer<F>(a, least, greatest, x.rounding, flags);
    return width == 32 ? u64(i64(i32(result))) : result;
}

template <class F, class Integer>
inline u64 float_from_integer(const Operands &x, u8 &flags) {
    Integer value = Integer(x.rs1);
    bool negative = value < Integer(0);
    u64 magnitude = negative ? u64{0} - u64(i64(value)) : u64(value);
    if (magnitude <= F::kHidden) [[likely]] return F::box(F::bits(typename F::Host(i64(value))));   // exact
    return F::box(soft_from_integer<F>(negative, magnitude, x.rounding, flags));
}

inline u64 float_narrow(const Operands &x, u8 &flags) {
    if (!host_may(x.rounding)) [[unlikely]] return Single::box(soft_narrow(x.rs1, x.rounding, flags));
    double a = Double::host(x.rs1);
    return on_host<Single>(
        flags, [&] { return float(a); }, [&](float narrowed) { return a - double(narrowed); },
        [&] { return host_narrow(a, flags); });
}

inline u64 float_widen(const Operands &x, u8 &flags) {
    u32 a = Single::unbox(x.rs1);
    if (Single::is_signaling(a)) flags |= kInvalid;
    return Single::is_nan(a) ? Double::kNan : Double::bits(double(Single::host(a)));
}

}  // namespace sim
