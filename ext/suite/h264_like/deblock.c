// SPDX-License-Identifier: BSD-3-Clause
// The in-loop filter that smooths block edges, strongest where prediction most likely broke the picture.
#include <stdlib.h>

#include "h264.h"

static const uint8_t kAlpha[52] = {0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,   0,   4,   4,
                                   5,  6,  7,  8,  9,  10, 12, 13, 15, 17, 20, 22, 25, 28,  32,  36,  40,  45,
                                   50, 56, 63, 71, 80, 90, 101, 113, 127, 144, 162, 182, 203, 226, 255, 255};
static const uint8_t kBeta[52] = {0, 0, 0, 0, 0, 0, 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  2,  2,
                                  2, 3, 3, 3, 3, 4, 4,  4,  6,  6,  7,  7,  8,  8,  9,  9,  10, 10,
                                  11, 11, 12, 12, 13, 13, 14, 14, 15, 15, 16, 16, 17, 17, 18, 18};
// From quantiser 17 on, by strength 1 to 3.
static const uint8_t kLimit[35][3] = {
    {0, 0, 1}, {0, 0, 1}, {0, 0, 1}, {0, 0, 1}, {0, 1, 1}, {0, 1, 1}, {1, 1, 1},
    {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 2}, {1, 1, 2}, {1, 1, 2}, {1, 1, 2},
    {1, 2, 3}, {1, 2, 3}, {2, 2, 3}, {2, 2, 4}, {2, 3, 4}, {2, 3, 4}, {3, 3, 5},
    {3, 4, 6}, {3, 4, 6}, {4, 5, 7}, {4, 5, 8}, {4, 6, 9}, {5, 7, 10}, {6, 8, 11},
    {6, 8, 13}, {7, 10, 14}, {8, 11, 16}, {9, 12, 18}, {10, 13, 20}, {11, 15, 23}, {13, 17, 25}};

typedef struct {
    int alpha, beta, limit, strength, is_chroma;
} Filter;

static void filter_strong(uint8_t *q, int step, const Filter *filter)
{
    const int p3 = q[-4 * step], p2 = q[-3 * step], p1 = q[-2 * step], p0 = q[-step];
    const int q0 = q[0], q1 = q[step], q2 = q[2 * step], q3 = q[3 * step];
    const int is_flat = abs(p0 - q0) < (filter->alpha >> 2) + 2;
    if (!filter->is_chroma && is_flat && abs(p2 - p0) < filter->beta) {
        q[-step] = (uint8_t)((p2 + 2 * p1 + 2 * p0 + 2 * q0 + q1 + 4) >> 3);
        q[-2 * step] = (uint8_t)((p2 + p1 + p0 + q0 + 2) >> 2);
        q[-3 * step] = (uint8_t)((2 * p3 + 3 * p2 + p1 + p0 + q0 + 4) >> 3);
    } else {
        q[-step] = (uint8_t)((2 * p1 + p0 + q1 + 2) >> 2);
    }
    if (!filter->is_chroma && is_flat && abs(q2 - q0) < filter->beta) {
        q[0] = (uint8_t)((q2 + 2 * q1 + 2 * q0 + 2 * p0 + p1 + 4) >> 3);
        q[step] = (uint8_t)((q2 + q1 + q0 + p0 + 2) >> 2);
        q[2 * step] = (uint8_t)((2 * q3 + 3 * q2 + q1 + q0 + p0 + 4) >> 3);
    } else {
        q[0] = (uint8_t)((2 * q1 + q0 + p1 + 2) >> 2);
    }
}

static void filter_normal(uint8_t *q, int step, const Filter *filter)
{
    const int p1 = q[-2 * step], p0 = q[-step], q0 = q[0], q1 = q[step];
    int limit = filter->limit + filter->is_chroma;
    if (!filter->is_chroma) {
        const int p2 = q[-3 * step], q2 = q[2 * step], middle = (p0 + q0 + 1) >> 1;
        if (abs(p2 - p0) < filter->beta) {
            q[-2 * step] = (uint8_t)(p1 + clip((p2 + middle - 2 * p1) >> 1, -filter->limit, filter->limit));
            ++limit;
        }
        if (abs(q2 - q0) < filter->beta) {
            q[step] = (uint8_t)(q1 + clip((q2 + middle - 2 * q1) >> 1, -filter->limit, filter->limit));
            ++limit;
        }
    }
    const int change = clip((4 * (q0 - p0) + p1 - q1 + 4) >> 3, -limit, limit);
    q[-step] = clip_sample(p0 + change);
    q[0] = clip_sample(q0 - change);
}

// Filters count samples along an edge; step crosses the edge, along follows it.
static void filter_edge(uint8_t *q, int step, int along, int count, const Filter *filter)
{
    for (int index = 0; index < count; ++index, q += along) {
        const int p1 = q[-2 * step], p0 = q[-step], q0 = q[0], q1 = q[step];
        if (abs(p0 - q0) >= filter->alpha || abs(p1 - p0) >= filter->beta || abs(q1 - q0) >= filter->beta)
            continue;
        if (filter->strength == 4)
            filter_strong(q, step, filter);
        else
            filter_normal(q, step, filter);
    }
}

static Filter make_filter(int quantiser, int strength, int is_chroma)
{
    const int limit = strength < 4 && quantiser >= 17 ? kLimit[quantiser - 17][strength - 1] : 0;
    return (Filter){kAlpha[quantiser], kBeta[quantiser], limit, strength, is_chroma};
}

static int strength_between(const Macroblock *one, int place, const Macroblock *other, int other_place)
{
    if (one->kind != kInter || other->kind != kInter)
        return one == other ? 3 : 4;
    if (one->luma_count[place] || other->luma_count[other_place])
        return 2;
    const Vector a = one->vector[place / 8 * 2 + place % 4 / 2];
    const Vector b = other->vector[other_place / 8 * 2 + other_place % 4 / 2];
    return abs(a.x - b.x) >= 4 || abs(a.y - b.y) >= 4;
}

// One of the four edges across a macroblock, in four parts; the chroma edge goes with every second one.
static void deblock_edge(Encoder *encoder, int column, int row, int edge, int is_vertical)
{
    const Macroblock *here = &encoder->macroblocks[row * encoder->columns + column];
    const Macroblock *before = edge ? here : is_vertical ? here - 1 : here - encoder->columns;
    const Plane *luma = &encoder->reconstruction.luma[kWhole];
    for (int part = 0; part < 4; ++part) {
        const int other_edge = (edge + 3) & 3;
        const int place = is_vertical ? 4 * part + edge : 4 * edge + part;
        const int other_place = is_vertical ? 4 * part + other_edge : 4 * other_edge + part;
        const int strength = strength_between(here, place, before, other_place);
        if (strength == 0)
            continue;
        const int x = is_vertical ? 4 * edge : 4 * part, y = is_vertical ? 4 * part : 4 * edge;
        const Filter filter = make_filter(encoder->quantiser, strength, 0);
        uint8_t *pixels = luma->pixels + (16 * row + y) * luma->stride + 16 * column + x;
        filter_edge(pixels, is_vertical ? 1 : luma->stride, is_vertical ? luma->stride : 1, 4, &filter);
        if (edge & 1)
            continue;
        const Filter fine = make_filter(chroma_quantiser(encoder->quantiser), strength, 1);
        for (int component = 0; component < 2; ++component) {
            const Plane *chroma = &encoder->reconstruction.chroma[component];
            uint8_t *samples = chroma->pixels + (8 * row + y / 2) * chroma->stride + 8 * column + x / 2;
            const int stride = chroma->stride;
            filter_edge(samples, is_vertical ? 1 : stride, is_vertical ? stride : 1, 2, &fine);
        }
    }
}

void deblock(Encoder *encoder)
{
    for (int row = 0; row < encoder->rows; ++row)
        for (int column = 0; column < encoder->columns; ++column) {
            for (int edge = column == 0; edge < 4; ++edge)
                deblock_edge(encoder, column, row, edge, 1);
            for (int edge = row == 0; edge < 4; ++edge)
                deblock_edge(encoder, column, row, edge, 0);
        }
}
