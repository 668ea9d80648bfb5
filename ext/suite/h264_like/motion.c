// SPDX-License-Identifier: BSD-3-Clause
// Motion estimation: a diamond search on whole samples that serves all partitions at once, then refinement
// on half and quarter samples for the partition chosen.
#include <limits.h>
#include <string.h>

#include "h264.h"

enum { kRange = 12, kShapes = 9 };

// The nine shapes: 16x16, two 16x8, two 8x16, four 8x8, each a set of 8x8 blocks.
static const uint8_t kShapeBlocks[kShapes] = {0xf, 0x3, 0xc, 0x5, 0xa, 0x1, 0x2, 0x4, 0x8};
static const uint8_t kFirstShape[5] = {0, 1, 3, 5, 9};

typedef struct {
    const Encoder *encoder;
    int x, y;  // of the macroblock, in samples
    Vector expected;
    int lambda;
    int best_cost[kShapes];
    Vector best[kShapes];  // in whole samples
    uint64_t tried[2 * kRange + 1];
} Search;

static const Vector *vector_at(const Encoder *encoder, int column, int row)
{
    if (column < 0 || row < 0 || column >= 2 * encoder->columns)
        return NULL;
    const Macroblock *macroblock = &encoder->macroblocks[(row >> 1) * encoder->columns + (column >> 1)];
    return macroblock->kind == kInter ? &macroblock->vector[(row & 1) * 2 + (column & 1)] : NULL;
}

static int median(int a, int b, int c)
{
    const int low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

// The median of the vectors to the left, above, and above to the right; width is in 8x8 blocks.
Vector predicted_vector(const Encoder *encoder, int column, int row, int block, int width)
{
    static const Vector kStill = {0, 0};
    const int x = 2 * column + (block & 1), y = 2 * row + (block >> 1);
    const Vector *left = vector_at(encoder, x - 1, y);
    const Vector *above = vector_at(encoder, x, y - 1);
    // Inside the macroblock the block to the upper right may not be coded yet.
    const int is_known = block < 2 || (block == 2 && width == 1);
    const Vector *right = is_known ? vector_at(encoder, x + width, y - 1) : NULL;
    if (!right)
        right = vector_at(encoder, x - 1, y - 1);
    const Vector *a = left ? left : &kStill, *b = above ? above : &kStill, *c = right ? right : &kStill;
    if ((left != NULL) + (above != NULL) + (right != NULL) == 1)
        return left ? *left : above ? *above : *right;
    return (Vector){(int16_t)median(a->x, b->x, c->x), (int16_t)median(a->y, b->y, c->y)};
}

static int vector_cost(const Search *search, int x, int y)
{
    return search->lambda * (bits_of_signed(x - search->expected.x) + bits_of_signed(y - search->expected.y));
}

// Tries a vector in whole samples for all shapes; returns whether it is the best for the whole block.
static int try_vector(Search *search, int x, int y)
{
    const Encoder *encoder = search->encoder;
    const Plane *source = &encoder->source.luma[kWhole], *reference = &encoder->reference.luma[kWhole];
    x = clip(x, -kRange, kRange);
    y = clip(y, -kRange, kRange);
    x = clip(x, -search->x - kRange, source->width - search->x - 16 + kRange);
    y = clip(y, -search->y - kRange, source->height - search->y - 16 + kRange);
    if (search->tried[y + kRange] >> (x + kRange) & 1)
        return 0;
    search->tried[y + kRange] |= 1ull << (x + kRange);
    const uint8_t *here = source->pixels + search->y * source->stride + search->x;
    const uint8_t *there = reference->pixels + (search->y + y) * reference->stride + search->x + x;
    int distance[4];
    for (int block = 0; block < 4; ++block) {
        const int right = (block & 1) * 8, below = (block >> 1) * 8;
        distance[block] = sad_8x8(here + below * source->stride + right, source->stride,
                                  there + below * reference->stride + right, reference->stride);
    }
    const int price = vector_cost(search, 4 * x, 4 * y);
    int is_better = 0;
    for (int shape = 0; shape < kShapes; ++shape) {
        int cost = price;
        for (int block = 0; block < 4; ++block)
            cost += kShapeBlocks[shape] >> block & 1 ? distance[block] : 0;
        if (cost < search->best_cost[shape]) {
            search->best_cost[shape] = cost;
            search->best[shape] = (Vector){(int16_t)x, (int16_t)y};
            is_better |= shape == 0;
        }
    }
    return is_better;
}

static void try_neighbours(Search *search, int column, int row)
{
    static const int8_t kAround[4][2] = {{-1, 0}, {0, -1}, {1, -1}, {-1, -1}};
    for (int index = 0; index < 4; ++index) {
        const Vector *vector =
            vector_at(search->encoder, 2 * column + 2 * kAround[index][0], 2 * row + 2 * kAround[index][1]);
        if (vector)
            try_vector(search, (vector->x + 2) >> 2, (vector->y + 2) >> 2);
    }
}

static void search_whole_samples(Search *search, int column, int row)
{
    static const int8_t kDiamond[8][2] = {{-2, 0}, {-1, -1}, {0, -2}, {1, -1},
                                          {2, 0},  {1, 1},   {0, 2},  {-1, 1}};
    try_vector(search, 0, 0);
    try_vector(search, (search->expected.x + 2) >> 2, (search->expected.y + 2) >> 2);
    try_neighbours(search, column, row);
    for (int scale = 2; scale > 0; --scale) {
        int is_better = 1;
        for (int round = 0; round < 8 && is_better; ++round) {
            const Vector centre = search->best[0];
            is_better = 0;
            for (int index = 0; index < 8; ++index)
                is_better |= try_vector(search, centre.x + scale * kDiamond[index][0],
                                        centre.y + scale * kDiamond[index][1]);
        }
    }
    const Vector centre = search->best[0];
    for (int index = 0; index < 8; index += 2)
        try_vector(search, centre.x + kDiamond[index][0] / 2, centre.y + kDiamond[index][1] / 2);
}

typedef struct {
    int x, y, width, height;  // inside the macroblock
} Area;

static Area area_of(int shape)
{
    const int blocks = kShapeBlocks[shape];
    const int first = __builtin_ctz((unsigned)blocks);
    const int is_wide = (blocks & 3) == 3 || (blocks & 12) == 12;
    const int is_tall = (blocks & 5) == 5 || (blocks & 10) == 10;
    return (Area){(first & 1) * 8, (first >> 1) * 8, is_wide ? 16 : 8, is_tall ? 16 : 8};
}

static int fine_cost(const Search *search, const Area *area, int x, int y)
{
    const Plane *source = &search->encoder->source.luma[kWhole];
    uint8_t block[256];
    const int left = search->x + area->x, top = search->y + area->y;
    fetch_luma(&search->encoder->reference, 4 * left + x, 4 * top + y, area->width, area->height, block, 16);
    const uint8_t *wanted = source->pixels + top * source->stride + left;
    return vector_cost(search, x, y) + satd(wanted, source->stride, block, 16, area->width, area->height);
}

// Half samples around the best whole one, then quarter samples around the best half one.
static int refine(const Search *search, int shape, Vector *found)
{
    const Area area = area_of(shape);
    int x = 4 * search->best[shape].x, y = 4 * search->best[shape].y;
    int best = fine_cost(search, &area, x, y);
    for (int scale = 2; scale > 0; --scale) {
        const int centre_x = x, centre_y = y;
        for (int around = 0; around < 9; ++around) {
            const int try_x = centre_x + scale * (around % 3 - 1);
            const int try_y = centre_y + scale * (around / 3 - 1);
            if (around == 4)
                continue;
            const int cost = fine_cost(search, &area, try_x, try_y);
            if (cost < best) {
                best = cost;
                x = try_x;
                y = try_y;
            }
        }
    }
    *found = (Vector){(int16_t)x, (int16_t)y};
    return best;
}

static int refine_partition(const Search *search, int partition, Vector vectors[4])
{
    int cost = search->lambda * (1 + 2 * partition);
    for (int shape = kFirstShape[partition]; shape < kFirstShape[partition + 1]; ++shape) {
        Vector found;
        cost += refine(search, shape, &found);
        for (int block = 0; block < 4; ++block)
            if (kShapeBlocks[shape] >> block & 1)
                vectors[block] = found;
    }
    return cost;
}

int search_motion(Encoder *encoder, int column, int row, Macroblock *macroblock, uint8_t *prediction)
{
    Search search = {.encoder = encoder, .x = 16 * column, .y = 16 * row};
    search.lambda = lambda_of(encoder->quantiser);
    search.expected = predicted_vector(encoder, column, row, 0, 2);
    for (int shape = 0; shape < kShapes; ++shape)
        search.best_cost[shape] = INT_MAX;
    search_whole_samples(&search, column, row);

    int best_partition = kTwoRows, best_coarse = INT_MAX;
    for (int partition = kTwoRows; partition <= kFourBlocks; ++partition) {
        int coarse = search.lambda * 2 * partition;
        for (int shape = kFirstShape[partition]; shape < kFirstShape[partition + 1]; ++shape)
            coarse += search.best_cost[shape];
        if (coarse < best_coarse) {
            best_coarse = coarse;
            best_partition = partition;
        }
    }
    Vector split[4];
    int cost = refine_partition(&search, kWholeBlock, macroblock->vector);
    macroblock->partition = kWholeBlock;
    if (best_coarse < search.best_cost[0]) {
        const int split_cost = refine_partition(&search, best_partition, split);
        if (split_cost < cost) {
            cost = split_cost;
            macroblock->partition = (uint8_t)best_partition;
            memcpy(macroblock->vector, split, sizeof split);
        }
    }
    for (int block = 0; block < 4; ++block) {
        const int left = (block & 1) * 8, top = (block >> 1) * 8;
        const Vector vector = macroblock->vector[block];
        const int from_x = 4 * (search.x + left) + vector.x, from_y = 4 * (search.y + top) + vector.y;
        fetch_luma(&encoder->reference, from_x, from_y, 8, 8, prediction + top * 16 + left, 16);
    }
    return cost;
}
