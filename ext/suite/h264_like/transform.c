// SPDX-License-Identifier: BSD-3-Clause
// The 4x4 integer transform, its inverse, and quantisation, with the extra transforms of block averages.
#include <stdlib.h>

#include "h264.h"

const uint8_t kZigzag[16] = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
const uint8_t kBlockColumn[16] = {0, 1, 0, 1, 2, 3, 2, 3, 0, 1, 0, 1, 2, 3, 2, 3};
const uint8_t kBlockRow[16] = {0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3};

// By position: both coordinates even, both odd, one of each.
static const uint8_t kClass[16] = {0, 2, 0, 2, 2, 1, 2, 1, 0, 2, 0, 2, 2, 1, 2, 1};
static const uint16_t kMultiplier[6][3] = {{13107, 5243, 8066}, {11916, 4660, 7490}, {10082, 4194, 6554},
                                           {9362, 3647, 5825},  {8192, 3355, 5243},  {7282, 2893, 4559}};
static const uint8_t kScale[6][3] = {{10, 16, 13}, {11, 18, 14}, {13, 20, 16},
                                     {14, 23, 18}, {16, 25, 20}, {18, 29, 23}};

int chroma_quantiser(int quantiser)
{
    static const uint8_t kHigh[22] = {29, 30, 31, 32, 32, 33, 34, 34, 35, 35, 36,
                                      36, 37, 37, 37, 38, 38, 38, 39, 39, 39, 39};
    return quantiser < 30 ? quantiser : kHigh[quantiser - 30];
}

void forward_transform(const int16_t *residual, int16_t *coefficient)
{
    int half[16];
    for (int row = 0; row < 4; ++row) {
        const int16_t *in = residual + 4 * row;
        const int outer = in[0] + in[3], outer_difference = in[0] - in[3];
        const int inner = in[1] + in[2], inner_difference = in[1] - in[2];
        half[4 * row] = outer + inner;
        half[4 * row + 1] = 2 * outer_difference + inner_difference;
        half[4 * row + 2] = outer - inner;
        half[4 * row + 3] = outer_difference - 2 * inner_difference;
    }
    for (int column = 0; column < 4; ++column) {
        const int *in = half + column;
        const int outer = in[0] + in[12], outer_difference = in[0] - in[12];
        const int inner = in[4] + in[8], inner_difference = in[4] - in[8];
        coefficient[column] = (int16_t)(outer + inner);
        coefficient[column + 4] = (int16_t)(2 * outer_difference + inner_difference);
        coefficient[column + 8] = (int16_t)(outer - inner);
        coefficient[column + 12] = (int16_t)(outer_difference - 2 * inner_difference);
    }
}

void add_inverse(const int16_t *coefficient, uint8_t *pixels, int stride)
{
    int half[16];
    for (int row = 0; row < 4; ++row) {
        const int16_t *in = coefficient + 4 * row;
        const int even = in[0] + in[2], even_difference = in[0] - in[2];
        const int odd = (in[1] >> 1) - in[3], odd_sum = in[1] + (in[3] >> 1);
        half[4 * row] = even + odd_sum;
        half[4 * row + 1] = even_difference + odd;
        half[4 * row + 2] = even_difference - odd;
        half[4 * row + 3] = even - odd_sum;
    }
    for (int column = 0; column < 4; ++column) {
        const int *in = half + column;
        const int even = in[0] + in[8] + 32, even_difference = in[0] - in[8] + 32;
        const int odd = (in[4] >> 1) - in[12], odd_sum = in[4] + (in[12] >> 1);
        uint8_t *out = pixels + column;
        out[0] = clip_sample(out[0] + ((even + odd_sum) >> 6));
        out[stride] = clip_sample(out[stride] + ((even_difference + odd) >> 6));
        out[2 * stride] = clip_sample(out[2 * stride] + ((even_difference - odd) >> 6));
        out[3 * stride] = clip_sample(out[3 * stride] + ((even - odd_sum) >> 6));
    }
}

static int quantise_one(int value, int multiplier, int offset, int shift)
{
    const int level = (abs(value) * multiplier + offset) >> shift;
    return value < 0 ? -level : level;
}

// Returns how many levels are not zero.
int quantise(const int16_t *coefficient, int16_t *level, int quantiser, int is_intra, int first)
{
    const uint16_t *multiplier = kMultiplier[quantiser % 6];
    const int shift = 15 + quantiser / 6, offset = (1 << shift) / (is_intra ? 3 : 6);
    int count = 0;
    level[0] = 0;
    for (int index = first; index < 16; ++index) {
        const int place = kZigzag[index];
        level[index] = (int16_t)quantise_one(coefficient[place], multiplier[kClass[place]], offset, shift);
        count += level[index] != 0;
    }
    return count;
}

void dequantise(const int16_t *level, int16_t *coefficient, int quantiser, int first)
{
    const uint8_t *scale = kScale[quantiser % 6];
    for (int index = first; index < 16; ++index) {
        const int place = kZigzag[index];
        coefficient[place] = (int16_t)(level[index] * scale[kClass[place]] * (1 << quantiser / 6));
    }
}

static void hadamard_4x4(const int16_t *in, int *out)
{
    int half[16];
    for (int row = 0; row < 4; ++row) {
        const int16_t *p = in + 4 * row;
        const int a = p[0] + p[3], b = p[1] + p[2], c = p[1] - p[2], d = p[0] - p[3];
        half[4 * row] = a + b;
        half[4 * row + 1] = d + c;
        half[4 * row + 2] = a - b;
        half[4 * row + 3] = d - c;
    }
    for (int column = 0; column < 4; ++column) {
        const int *p = half + column;
        const int a = p[0] + p[12], b = p[4] + p[8], c = p[4] - p[8], d = p[0] - p[12];
        out[column] = a + b;
        out[column + 4] = d + c;
        out[column + 8] = a - b;
        out[column + 12] = d - c;
    }
}

int quantise_luma_averages(const int16_t *average, int16_t *level, int quantiser)
{
    const int shift = 16 + quantiser / 6, offset = (1 << shift) / 3;
    int spread[16], count = 0;
    hadamard_4x4(average, spread);
    for (int index = 0; index < 16; ++index) {
        const int value = (spread[kZigzag[index]] + 1) >> 1;
        level[index] = (int16_t)quantise_one(value, kMultiplier[quantiser % 6][0], offset, shift);
        count += level[index] != 0;
    }
    return count;
}

void dequantise_luma_averages(const int16_t *level, int16_t *average, int quantiser)
{
    const int scale = kScale[quantiser % 6][0] * (1 << quantiser / 6);
    int16_t ordered[16];
    int spread[16];
    for (int index = 0; index < 16; ++index)
        ordered[kZigzag[index]] = level[index];
    hadamard_4x4(ordered, spread);
    for (int index = 0; index < 16; ++index)
        average[index] = (int16_t)((spread[index] * scale + 2) >> 2);
}

static void hadamard_2x2(const int16_t *in, int *out)
{
    const int a = in[0] + in[1], b = in[0] - in[1], c = in[2] + in[3], d = in[2] - in[3];
    out[0] = a + c;
    out[1] = b + d;
    out[2] = a - c;
    out[3] = b - d;
}

int quantise_chroma_averages(const int16_t *average, int16_t *level, int quantiser, int is_intra)
{
    const int shift = 16 + quantiser / 6, offset = (1 << shift) / (is_intra ? 3 : 6);
    int spread[4], count = 0;
    hadamard_2x2(average, spread);
    for (int index = 0; index < 4; ++index) {
        level[index] = (int16_t)quantise_one(spread[index], kMultiplier[quantiser % 6][0], offset, shift);
        count += level[index] != 0;
    }
    return count;
}

void dequantise_chroma_averages(const int16_t *level, int16_t *average, int quantiser)
{
    int spread[4];
    hadamard_2x2(level, spread);
    for (int index = 0; index < 4; ++index)
        average[index] = (int16_t)((spread[index] * kScale[quantiser % 6][0] * (1 << quantiser / 6)) >> 1);
}
