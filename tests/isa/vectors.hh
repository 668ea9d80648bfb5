// SPDX-License-Identifier: BSD-3-Clause
// Operand values that make arithmetic go wrong: limits, ties, subnormals, NaNs, missing NaN boxes.
#pragma once
#include <random>
#include <vector>
#include "isa/float_format.hh"

namespace sim::test {

struct Vector {
    u64 rs1, rs2, rs3;
    u64 rounding;   // 0-4
};

using Random = std::mt19937_64;

inline u64 interesting_integer(Random &random) {
    static constexpr u64 kSpecial[] = {
        0, 1, 2, 31, 32, 63, 64, 127, 128, 255, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
        0x100000000, 0x1ffffff, 0x1000001, 0x20000000000001, 0x3fffffffffffff, 0x7fffffffffffffff,
        0x8000000000000000, 0x8000000000000001, 0xffffffff7fffffff, 0xffffffff80000000, 0xfffffffffffffffe,
        0xffffffffffffffff, 0x7ffffffffffffbff, 0x7ffffffffffffc00, 0xfffffffffffffbff, 0xfffffffffffffc00};
    switch (random() % 4) {
    case 0: return random();
    case 1: return random() >> random() % 64;
    case 2: return u64(i64(random()) >> random() % 64);
    default: return kSpecial[random() % std::size(kSpecial)];
    }
}

// Few ones, or few zeros: sums and products of such fractions are exact or halfway between two numbers.
template <class F>
typename F::Bits sparse_fraction(Random &random) {
    typename F::Bits bits = 0;
    for (int ones = int(random() % 4); ones-- > 0;) bits |= F::kHidden >> (1 + random() % F::kFraction);
    if (random() % 4 == 0) bits = ~bits;
    if (random() % 4 == 0) bits = typename F::Bits(random()) << random() % F::kFraction;
    return bits & (F::kHidden - 1);
}

template <class F>
typename F::Bits interesting_float(Random &random) {
    using Bits = typename F::Bits;
    const Bits sign = random() % 2 ? F::kSign : 0;
    const Bits fraction = sparse_fraction<F>(random);
    auto with_exponent = [&](int exponent) { return sign | Bits(exponent) << F::kFraction | fraction; };
    switch (random() % 16) {
    case 0: return sign;
    case 1: return sign | F::kInfinity;
    case 2: return sign | F::kInfinity | std::max<Bits>(fraction, 1);   // NaNs of both kinds
    case 3: return sign | fraction;                                                        // subnormal
    case 4: return sign | F::kHidden >> random() % F::kFraction;
    case 5: return sign | (F::kInfinity - 1 - Bits(random() % 3));
    case 6: return with_exponent(1 + int(random() % 3));
    case 7: return with_exponent(F::kMaxExponent - 1 - int(random() % 3));
    case 8: return with_exponent(F::kBias / 2 + int(random() % 60));   // products underflow
    case 9: return with_exponent(F::kBias + F::kBias / 2 - int(random() % 60));   // products overflow
    case 10: return with_exponent(F::kBias + int(random() % 70));   // the range of integers
    case 11: return Bits(random());
    default: return with_exponent(F::kBias + int(random() % 9) - 4);
    }
}

inline u64 float_register(bool is_single, Random &random) {
    if (!is_single) return random() % 64 ? interesting_float<Double>(random) : interesting_integer(random);
    if (random() % 32 == 0) return interesting_float<Double>(random);                      // not NaN-boxed
    return Single::box(interesting_float<Single>(random));
}

// Operands related to one another, so that sums cancel and fused sums nearly do.
inline Vector float_vector(bool is_single, Random &random) {
    Vector v{float_register(is_single, random), float_register(is_single, random),
             float_register(is_single, random), random() % 5};
    const u64 sign = is_single ? u64{Single::kSign} : Double::kSign;
    if (random() % 8 == 0) v.rs2 = v.rs1 ^ (random() % 2 ? sign : 0) ^ random() % 4;
    if (random() % 4 == 0) {
        u64 product = is_single
                          ? Single::box(Single::bits(Single::host(u32(v.rs1)) * Single::host(u32(v.rs2))))
                          : Double::bits(Double::host(v.rs1) * Double::host(v.rs2));
        v.rs3 = product ^ (random() % 4 ? sign : 0) ^ random() % 4;
    }
    return v;
}

inline std::vector<Vector> integer_vectors(std::size_t count, Random &random) {
    std::vector<Vector> vectors;
    for (std::size_t i = 0; i < count; ++i)
        vectors.push_back({interesting_integer(random), interesting_integer(random), 0, random() % 5});
    return vectors;
}

inline std::vector<Vector> float_vectors(bool is_single, std::size_t count, Random &random) {
    std::vector<Vector> vectors;
    for (std::size_t i = 0; i < count; ++i) vectors.push_back(float_vector(is_single, random));
    return vectors;
}

}  // namespace sim::test
