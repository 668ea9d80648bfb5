// SPDX-License-Identifier: BSD-3-Clause
// Prediction from the samples around a block in the same picture: nine modes for 4x4 blocks, four for 16x16
// blocks, three for chroma.
#include <limits.h>
#include <string.h>

#include "h264.h"

enum { kVertical, kHorizontal, kMean, kPlane16, kDownLeft = 3, kDownRight, kVerticalRight, kHorizontalDown,
       kVerticalLeft, kHorizontalUp, kModes4 };

// The edge of a 4x4 block as one line of samples: up the left side (0 to 3), the corner (4), then along the
// top and beyond it (5 to 12); 13 repeats the last.
typedef struct {
    uint8_t sample[14];
    int has_left, has_top, has_corner;
} Edge;

static void load_edge(const Encoder *encoder, int column, int row, int bx, int by, Edge *edge)
{
    static const uint8_t kHasRight[4] = {0xf, 0x5, 0x7, 0x5};  // a bit a block column
    const Plane *plane = &encoder->reconstruction.luma[kWhole];
    const uint8_t *pixels = plane->pixels + (16 * row + 4 * by) * plane->stride + 16 * column + 4 * bx;
    memset(edge->sample, 128, sizeof edge->sample);
    edge->has_left = column > 0 || bx > 0;
    edge->has_top = row > 0 || by > 0;
    edge->has_corner = edge->has_left && edge->has_top;
    if (edge->has_left)
        for (int y = 0; y < 4; ++y)
            edge->sample[3 - y] = pixels[y * plane->stride - 1];
    if (edge->has_corner)
        edge->sample[4] = pixels[-plane->stride - 1];
    if (edge->has_top) {
        const int is_last = column + 1 == encoder->columns && bx == 3;
        const int has_right = (kHasRight[by] >> bx & 1) && !is_last;
        memcpy(edge->sample + 5, pixels - plane->stride, 4);
        if (has_right)
            memcpy(edge->sample + 9, pixels - plane->stride + 4, 4);
        else
            memset(edge->sample + 9, edge->sample[8], 4);
        edge->sample[13] = edge->sample[12];
    }
}

static int is_possible4(const Edge *edge, int mode)
{
    switch (mode) {
    case kVertical:
    case kDownLeft:
    case kVerticalLeft: return edge->has_top;
    case kHorizontal:
    case kHorizontalUp: return edge->has_left;
    case kMean: return 1;
    default: return edge->has_corner;
    }
}

static int mean_of_edge(const Edge *edge)
{
    int left = 0, top = 0;
    for (int index = 0; index < 4; ++index) {
        left += edge->sample[index];
        top += edge->sample[5 + index];
    }
    if (edge->has_left && edge->has_top)
        return (left + top + 4) >> 3;
    return edge->has_left ? (left + 2) >> 2 : edge->has_top ? (top + 2) >> 2 : 128;
}

static inline int smooth(const uint8_t *e, int at)
{
    return (e[at - 1] + 2 * e[at] + e[at + 1] + 2) >> 2;
}

static inline int between(const uint8_t *e, int at)
{
    return (e[at] + e[at + 1] + 1) >> 1;
}

static int vertical_right(const uint8_t *e, int x, int y)
{
    const int along = 2 * x - y;
    if (along < -1)
        return smooth(e, 5 - y);
    return along & 1 ? smooth(e, 4 + x - (y >> 1)) : between(e, 4 + x - (y >> 1));
}

static int horizontal_down(const uint8_t *e, int x, int y)
{
    const int along = 2 * y - x;
    if (along < -1)
        return smooth(e, 3 + x);
    return along & 1 ? smooth(e, 4 - y + (x >> 1)) : between(e, 3 - y + (x >> 1));
}

static int horizontal_up(const uint8_t *e, int x, int y)
{
    const int along = x + 2 * y, down = y + (x >> 1);
    if (along > 5)
        return e[0];
    if (along == 5)
        return (e[1] + 3 * e[0] + 2) >> 2;
    return along & 1 ? smooth(e, 2 - down) : between(e, 2 - down);
}

static int sample4(const uint8_t *e, int mode, int x, int y)
{
    switch (mode) {
    case kVertical: return e[5 + x];
    case kHorizontal: return e[3 - y];
    case kDownLeft: return smooth(e, 6 + x + y);
    case kDownRight: return smooth(e, 4 + x - y);
    case kVerticalRight: return vertical_right(e, x, y);
    case kHorizontalDown: return horizontal_down(e, x, y);
    case kVerticalLeft: return y & 1 ? smooth(e, 6 + x + (y >> 1)) : between(e, 5 + x + (y >> 1));
    default: return horizontal_up(e, x, y);
    }
}

static void predict4(const Edge *edge, int mode, uint8_t *block)
{
    if (mode == kMean) {
        memset(block, mean_of_edge(edge), 16);
        return;
    }
    for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 4; ++x)
            block[4 * y + x] = (uint8_t)sample4(edge->sample, mode, x, y);
}

static int mode_at(const Encoder *encoder, int bx, int by)
{
    if (bx < 0 || by < 0)
        return -1;
    const Macroblock *macroblock = &encoder->macroblocks[(by >> 2) * encoder->columns + (bx >> 2)];
    return macroblock->kind == kIntra4 ? macroblock->mode4[(by & 3) * 4 + (bx & 3)] : kMean;
}

int expected_mode4(const Encoder *encoder, int column, int row, int block)
{
    const int bx = 4 * column + kBlockColumn[block], by = 4 * row + kBlockRow[block];
    const int left = mode_at(encoder, bx - 1, by), above = mode_at(encoder, bx, by - 1);
    if (left < 0 || above < 0)
        return kMean;
    return left < above ? left : above;
}

int choose_intra4_block(const Encoder *encoder, int column, int row, int block, int expected_mode,
                        uint8_t *prediction, uint8_t *chosen)
{
    const int bx = kBlockColumn[block], by = kBlockRow[block], lambda = lambda_of(encoder->quantiser);
    const Plane *source = &encoder->source.luma[kWhole];
    const uint8_t *wanted = source->pixels + (16 * row + 4 * by) * source->stride + 16 * column + 4 * bx;
    Edge edge;
    load_edge(encoder, column, row, bx, by, &edge);
    int best = INT_MAX;
    for (int mode = 0; mode < kModes4; ++mode) {
        uint8_t trial[16];
        if (!is_possible4(&edge, mode))
            continue;
        predict4(&edge, mode, trial);
        const int mode_bits = mode == expected_mode ? 1 : 4;
        const int cost = satd_4x4(wanted, source->stride, trial, 4) + lambda * mode_bits;
        if (cost < best) {
            best = cost;
            *chosen = (uint8_t)mode;
            memcpy(prediction, trial, 16);
        }
    }
    return best;
}

// A slope in each direction, fitted to the samples at the edges.
static void predict_plane(const uint8_t *pixels, int stride, uint8_t *block)
{
    const uint8_t *top = pixels - stride;
    int across = 0, down = 0;
    for (int index = 1; index <= 8; ++index) {
        across += index * (top[7 + index] - top[7 - index]);
        down += index * (pixels[(7 + index) * stride - 1] - pixels[(7 - index) * stride - 1]);
    }
    const int slope_x = (5 * across + 32) >> 6, slope_y = (5 * down + 32) >> 6;
    const int start = 16 * (top[15] + pixels[15 * stride - 1]) + 16;
    for (int y = 0; y < 16; ++y)
        for (int x = 0; x < 16; ++x)
            block[16 * y + x] = clip_sample((start + slope_x * (x - 7) + slope_y * (y - 7)) >> 5);
}

// The three modes that square blocks of any size share.
static void predict_square(const uint8_t *pixels, int stride, int size, int mode, int has_left, int has_top,
                           uint8_t *block)
{
    int sum = 0;
    for (int index = 0; index < size; ++index) {
        sum += has_left ? pixels[index * stride - 1] : 0;
        sum += has_top ? pixels[index - stride] : 0;
    }
    const int count = size * (has_left + has_top);
    const int mean = count ? (sum + count / 2) / count : 128;
    for (int y = 0; y < size; ++y) {
        if (mode == kVertical)
            memcpy(block + y * size, pixels - stride, (size_t)size);
        else
            memset(block + y * size, mode == kHorizontal ? pixels[y * stride - 1] : mean, (size_t)size);
    }
}

static int is_possible16(int mode, int has_left, int has_top)
{
    return mode == kMean || (mode == kVertical && has_top) || (mode == kHorizontal && has_left) ||
           (mode == kPlane16 && has_left && has_top);
}

int choose_intra16(const Encoder *encoder, int column, int row, Macroblock *macroblock, uint8_t *prediction)
{
    const Plane *source = &encoder->source.luma[kWhole], *plane = &encoder->reconstruction.luma[kWhole];
    const uint8_t *wanted = source->pixels + 16 * row * source->stride + 16 * column;
    const uint8_t *pixels = plane->pixels + 16 * row * plane->stride + 16 * column;
    int best = INT_MAX;
    for (int mode = 0; mode <= kPlane16; ++mode) {
        uint8_t trial[256];
        if (!is_possible16(mode, column > 0, row > 0))
            continue;
        if (mode == kPlane16)
            predict_plane(pixels, plane->stride, trial);
        else
            predict_square(pixels, plane->stride, 16, mode, column > 0, row > 0, trial);
        const int cost =
            satd(wanted, source->stride, trial, 16, 16, 16) + lambda_of(encoder->quantiser) * (2 + mode);
        if (cost < best) {
            best = cost;
            macroblock->mode16 = (uint8_t)mode;
            memcpy(prediction, trial, 256);
        }
    }
    return best;
}

void choose_intra_chroma(const Encoder *encoder, int column, int row, Macroblock *macroblock,
                         uint8_t prediction[2][64])
{
    int best = INT_MAX;
    for (int mode = 0; mode <= kMean; ++mode) {
        uint8_t trial[2][64];
        int cost = 0;
        if (!is_possible16(mode, column > 0, row > 0))
            continue;
        for (int component = 0; component < 2; ++component) {
            const Plane *source = &encoder->source.chroma[component];
            const Plane *plane = &encoder->reconstruction.chroma[component];
            predict_square(plane->pixels + 8 * row * plane->stride + 8 * column, plane->stride, 8, mode,
                           column > 0, row > 0, trial[component]);
            cost += satd(source->pixels + 8 * row * source->stride + 8 * column, source->stride,
                         trial[component], 8, 8, 8);
        }
        if (cost < best) {
            best = cost;
            macroblock->chroma_mode = (uint8_t)mode;
            memcpy(prediction, trial, sizeof trial);
        }
    }
}
