// SPDX-License-Identifier: BSD-3-Clause
// How different two blocks are, and what a decision costs in bits.
#include <stdlib.h>

#include "h264.h"

int sad_8x8(const uint8_t *one, int stride, const uint8_t *other, int other_stride)
{
    int sum = 0;
    for (int row = 0; row < 8; ++row, one += stride, other += other_stride)
        for (int column = 0; column < 8; ++column)
            sum += abs(one[column] - other[column]);
    return sum;
}

// The sum of the Hadamard-transformed differences, a cheap estimate of the bits that a block will need.
int satd_4x4(const uint8_t *one, int stride, const uint8_t *other, int other_stride)
{
    int half[16], sum = 0;
    for (int row = 0; row < 4; ++row, one += stride, other += other_stride) {
        const int p = one[0] - other[0], q = one[1] - other[1];
        const int r = one[2] - other[2], s = one[3] - other[3];
        half[4 * row] = p + q + r + s;
        half[4 * row + 1] = p + q - r - s;
        half[4 * row + 2] = p - q - r + s;
        half[4 * row + 3] = p - q + r - s;
    }
    for (int column = 0; column < 4; ++column) {
        const int p = half[column], q = half[column + 4], r = half[column + 8], s = half[column + 12];
        sum += abs(p + q + r + s) + abs(p + q - r - s) + abs(p - q - r + s) + abs(p - q + r - s);
    }
    return sum >> 1;
}

int satd(const uint8_t *one, int stride, const uint8_t *other, int other_stride, int width, int height)
{
    int sum = 0;
    for (int y = 0; y < height; y += 4)
        for (int x = 0; x < width; x += 4)
            sum += satd_4x4(one + y * stride + x, stride, other + y * other_stride + x, other_stride);
    return sum;
}

// Length of the signed exp-Golomb code.
int bits_of_signed(int value)
{
    const unsigned code = value > 0 ? 2 * (unsigned)value : 1 - 2 * (unsigned)value;
    return 63 - 2 * __builtin_clz(code);
}

// What a bit is worth in units of distance: doubles every six steps of the quantiser.
int lambda_of(int quantiser)
{
    static const uint8_t kSixths[6] = {64, 72, 81, 91, 102, 114};
    const int lambda = (kSixths[quantiser % 6] << quantiser / 6) >> 8;
    return lambda > 0 ? lambda : 1;
}
