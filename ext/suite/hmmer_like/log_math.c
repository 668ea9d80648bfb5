// SPDX-License-Identifier: BSD-3-Clause
// Integer logarithms for log-odds scores, so that every machine gets the same last digit.
#include "hmm.h"

int log_sum_table[kLogSumEntries];

// Base-2 logarithm with 16 fraction bits, one bit a squaring.
static int64_t log2_fixed(uint64_t value)
{
    const int exponent = 63 - __builtin_clzll(value);
    uint64_t mantissa = exponent >= 31 ? value >> (exponent - 31) : value << (31 - exponent);
    int64_t result = exponent;
    for (int bit = 0; bit < 16; ++bit) {
        mantissa = (mantissa * mantissa) >> 31;
        const uint64_t carry = mantissa >> 32;
        result = 2 * result + (int64_t)carry;
        mantissa >>= carry;
    }
    return result;
}

int scaled_log2(uint64_t numerator, uint64_t denominator)
{
    const int64_t logarithm = log2_fixed(numerator) - log2_fixed(denominator);
    return (int)(logarithm * kScale / 65536);
}

// Entry i is log2(1 + 2^-x) for x = i * 2^kLogSumShift thousandths of a bit.
void make_log_sum_table(void)
{
    const uint64_t one = 1ull << 32;
    const uint64_t factor = 4271216851ull;  // 2^-0.008 with 32 fraction bits
    uint64_t power = one;
    for (int entry = 0; entry < kLogSumEntries; ++entry) {
        log_sum_table[entry] = scaled_log2(one + power, one);
        power = (power * factor) >> 32;
    }
    log_sum_table[kLogSumEntries - 1] = 0;
}

int square_root(int64_t value)
{
    int64_t root = 0;
    for (int64_t bit = 1ll << 31; bit; bit >>= 1)
        if ((root + bit) * (root + bit) <= value)
            root += bit;
    return (int)root;
}
