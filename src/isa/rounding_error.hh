// SPDX-License-Identifier: BSD-3-Clause
// Whether a result that the host rounded to nearest even is exact, found by arithmetic instead of by reading
// its flags: on many hosts, raising a flag and clearing it again costs ten times as much as the operation.
#pragma once
#include <limits>
#include "isa/host_float.hh"

namespace sim {

// Each returns zero where the result is exact, NaN where it cannot tell, and anything else where it is
// inexact. The result is an ordinary number (is_ordinary). Differences of doubles stand for single precision:
// there they are exact.

inline constexpr double kCannotTell = std::numeric_limits<double>::quiet_NaN();

// Large enough that no partial product of numbers of such size loses bits below the subnormals.
inline bool is_far_from_underflow(double v) { return Double::exponent(Double::bits(v)) >= 128; }

// What rounding a + b to sum lost.
template <class T>
inline T error_of_sum(T a, T b, T sum) {
    T of_b = sum - a;
    return (a - (sum - of_b)) + (b - of_b);
}

inline double error_of_product(float a, float b, float product) {
    return double(a) * double(b) - double(product);
}
inline double error_of_product(double a, double b, double product) {
    if (!host_multiplies_and_adds() || !is_far_from_underflow(product)) return kCannotTell;
    return host_fused(a, b, -product);
}

inline double error_of_quotient(float a, float b, float quotient) {
    return double(quotient) * double(b) - double(a);
}
inline double error_of_quotient(double a, double b, double quotient) {
    if (!host_multiplies_and_adds() || !is_far_from_underflow(a)) return kCannotTell;
    return host_fused(-quotient, b, a);
}

inline double error_of_square_root(float a, float root) { return double(root) * double(root) - double(a); }
inline double error_of_square_root(double a, double root) {
    if (!host_multiplies_and_adds() || !is_far_from_underflow(a)) return kCannotTell;
    return host_fused(-root, root, a);
}

inline double error_of_fused(float a, float b, float c, float result) {
    double product = double(a) * double(b), sum = product + double(c);
    double lost = error_of_sum(product, double(c), sum);
    return lost != 0 ? lost : sum - double(result);
}
// The exact value is result + gap + low: exact where the last two cancel.
inline double error_of_fused(double a, double b, double c, double result) {
    double product = a * b;
    if (!is_far_from_underflow(product)) return kCannotTell;
    double product_low = host_fused(a, b, -product);
    double middle = c + product_low;
    double low = error_of_sum(c, product_low, middle);
    double high = product + middle;
    double gap = (high - result) + error_of_sum(product, middle, high);
    return gap + low;
}

}  // namespace sim
