// SPDX-License-Identifier: BSD-3-Clause
// Pictures: storage with borders, half-sample interpolation by the six-tap filter, and block fetching.
#include <stdlib.h>
#include <string.h>

#include "h264.h"

static void make_plane(Plane *plane, int width, int height)
{
    plane->width = width;
    plane->height = height;
    plane->stride = width + 2 * kBorder;
    plane->memory = calloc((size_t)plane->stride, (size_t)(height + 2 * kBorder));
    plane->pixels = plane->memory + kBorder * plane->stride + kBorder;
}

void make_picture(Picture *picture, int width, int height)
{
    for (int phase = 0; phase < kPhases; ++phase)
        make_plane(&picture->luma[phase], width, height);
    for (int component = 0; component < 2; ++component)
        make_plane(&picture->chroma[component], width / 2, height / 2);
}

void free_picture(Picture *picture)
{
    for (int phase = 0; phase < kPhases; ++phase)
        free(picture->luma[phase].memory);
    for (int component = 0; component < 2; ++component)
        free(picture->chroma[component].memory);
}

static void extend_plane(Plane *plane)
{
    for (int y = 0; y < plane->height; ++y) {
        uint8_t *row = plane->pixels + y * plane->stride;
        memset(row - kBorder, row[0], kBorder);
        memset(row + plane->width, row[plane->width - 1], kBorder);
    }
    const uint8_t *first = plane->pixels - kBorder;
    const uint8_t *last = first + (plane->height - 1) * plane->stride;
    for (int y = 1; y <= kBorder; ++y) {
        memcpy(plane->pixels - kBorder - y * plane->stride, first, (size_t)plane->stride);
        uint8_t *below = plane->pixels - kBorder + (plane->height - 1 + y) * plane->stride;
        memcpy(below, last, (size_t)plane->stride);
    }
}

void extend_borders(Picture *picture)
{
    extend_plane(&picture->luma[kWhole]);
    extend_plane(&picture->chroma[0]);
    extend_plane(&picture->chroma[1]);
}

static inline int six_taps(int a, int b, int c, int d, int e, int f)
{
    return a + f - 5 * (b + e) + 20 * (c + d);
}

// Fills the three half-sample planes out to half of the border, where vectors may point.
void interpolate_halves(Picture *picture)
{
    enum { kReach = kBorder / 2 };
    static int16_t column[kLargestPicture + 2 * kBorder];
    const Plane *whole = &picture->luma[kWhole];
    const int stride = whole->stride;
    for (int y = -kReach; y < whole->height + kReach; ++y) {
        const uint8_t *from = whole->pixels + y * stride;
        uint8_t *across = picture->luma[kBetweenColumns].pixels + y * stride;
        uint8_t *down = picture->luma[kBetweenRows].pixels + y * stride;
        uint8_t *both = picture->luma[kBetweenBoth].pixels + y * stride;
        for (int x = -kReach - 2; x < whole->width + kReach + 3; ++x) {
            const uint8_t *p = from + x;
            const int sum =
                six_taps(p[-2 * stride], p[-stride], p[0], p[stride], p[2 * stride], p[3 * stride]);
            column[x + kBorder] = (int16_t)sum;
            down[x] = clip_sample((sum + 16) >> 5);
        }
        for (int x = -kReach; x < whole->width + kReach; ++x) {
            const uint8_t *p = from + x;
            const int16_t *c = column + x + kBorder;
            across[x] = clip_sample((six_taps(p[-2], p[-1], p[0], p[1], p[2], p[3]) + 16) >> 5);
            both[x] = clip_sample((six_taps(c[-2], c[-1], c[0], c[1], c[2], c[3]) + 512) >> 10);
        }
    }
}

// A sample position whose coordinates are even quarters lies in one of the four planes.
static const uint8_t *at_half(const Picture *picture, int x, int y)
{
    const Plane *plane = &picture->luma[(x >> 1 & 1) | (y & 2)];
    return plane->pixels + (y >> 2) * plane->stride + (x >> 2);
}

void fetch_luma(const Picture *picture, int x, int y, int width, int height, uint8_t *block, int stride)
{
    const int from_stride = picture->luma[kWhole].stride;
    const uint8_t *one, *other;
    if (!((x | y) & 1)) {
        one = at_half(picture, x, y);
        for (int row = 0; row < height; ++row)
            memcpy(block + row * stride, one + row * from_stride, (size_t)width);
        return;
    }
    // A quarter sample is the mean of the two nearest samples that lie on opposite sides of it.
    if ((x & 1) && (y & 1)) {
        one = at_half(picture, (x & ~3) + 2, (y + 1) & ~3);
        other = at_half(picture, (x + 1) & ~3, (y & ~3) + 2);
    } else if (x & 1) {
        one = at_half(picture, x - 1, y);
        other = at_half(picture, x + 1, y);
    } else {
        one = at_half(picture, x, y - 1);
        other = at_half(picture, x, y + 1);
    }
    for (int row = 0; row < height; ++row, one += from_stride, other += from_stride, block += stride)
        for (int column = 0; column < width; ++column)
            block[column] = (uint8_t)((one[column] + other[column] + 1) >> 1);
}

// Bilinear, from a position in eighths of a chroma sample.
void fetch_chroma(const Plane *plane, int x, int y, int width, int height, uint8_t *block, int stride)
{
    const int right = x & 7, below = y & 7;
    const uint8_t *from = plane->pixels + (y >> 3) * plane->stride + (x >> 3);
    for (int row = 0; row < height; ++row, from += plane->stride, block += stride)
        for (int column = 0; column < width; ++column) {
            const uint8_t *p = from + column;
            const int above = (8 - right) * p[0] + right * p[1];
            const int under = (8 - right) * p[plane->stride] + right * p[plane->stride + 1];
            block[column] = (uint8_t)(((8 - below) * above + below * under + 32) >> 6);
        }
}
