// SPDX-License-Identifier: BSD-3-Clause
// Draws the video to encode: a smooth sky above a textured background that pans, discs that cross both, and
// scene cuts.
#include "h264.h"

enum { kTextureSide = 64, kDiscs = 4, kSceneLength = 9 };

static uint8_t texture[kTextureSide * kTextureSide];

static uint32_t step(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)(*state >> 32);
}

// Blocky noise, smoothed; wraps round.
static void make_texture(int scene)
{
    uint64_t state = 88172645463325252ull + (uint64_t)scene * 1000003;
    static uint8_t coarse[8 * 8];
    for (int index = 0; index < 64; ++index)
        coarse[index] = (uint8_t)(48 + step(&state) % 144);
    for (int y = 0; y < kTextureSide; ++y)
        for (int x = 0; x < kTextureSide; ++x) {
            const int cx = x >> 3, cy = y >> 3, fx = x & 7, fy = y & 7;
            const int right = (cx + 1) & 7, below = (cy + 1) & 7;
            const int top = coarse[cy * 8 + cx] * (8 - fx) + coarse[cy * 8 + right] * fx;
            const int bottom = coarse[below * 8 + cx] * (8 - fx) + coarse[below * 8 + right] * fx;
            texture[y * kTextureSide + x] = (uint8_t)((top * (8 - fy) + bottom * fy) / 64);
        }
    for (int index = 0; index < kTextureSide * 6; ++index)
        texture[step(&state) % (kTextureSide * kTextureSide)] ^= (uint8_t)(step(&state) & 24);
}

// The texture at a position in quarter samples.
static int texture_at(int x, int y)
{
    const int mask = kTextureSide - 1;
    const uint8_t *above = texture + ((y >> 2) & mask) * kTextureSide;
    const uint8_t *under = texture + (((y >> 2) + 1) & mask) * kTextureSide;
    const int left = (x >> 2) & mask, right = ((x >> 2) + 1) & mask, fx = x & 3, fy = y & 3;
    return ((above[left] * (4 - fx) + above[right] * fx) * (4 - fy) +
            (under[left] * (4 - fx) + under[right] * fx) * fy + 8) >> 4;
}

static void draw_disc(Picture *picture, int disc, int frame)
{
    Plane *luma = &picture->luma[kWhole];
    const int radius = 5 + disc * 3 + luma->width / 40;
    const int reach_x = luma->width + 2 * radius, reach_y = luma->height + 2 * radius;
    const int centre_x = (disc * 37 + frame * (3 + disc)) % reach_x - radius;
    const int centre_y = (disc * 53 + 20 + frame * (2 * disc - 3) + 50 * reach_y) % reach_y - radius;
    const int left = clip(centre_x - radius, 0, luma->width), right = clip(centre_x + radius, 0, luma->width);
    const int top = clip(centre_y - radius, 0, luma->height);
    const int bottom = clip(centre_y + radius, 0, luma->height);
    for (int y = top; y < bottom; ++y)
        for (int x = left; x < right; ++x) {
            const int dx = x - centre_x, dy = y - centre_y;
            if (dx * dx + dy * dy >= radius * radius)
                continue;
            luma->pixels[y * luma->stride + x] = (uint8_t)(60 + disc * 40 + (dx * 3 ^ dy * 2) % 24);
            for (int component = 0; component < 2; ++component) {
                Plane *chroma = &picture->chroma[component];
                chroma->pixels[y / 2 * chroma->stride + x / 2] = (uint8_t)(90 + disc * 25 - component * 30);
            }
        }
}

void draw_frame(Picture *picture, int number)
{
    const int scene = number / kSceneLength;
    if (number % kSceneLength == 0)
        make_texture(scene);
    Plane *luma = &picture->luma[kWhole];
    const int pan_x = number * 7 + scene * 91, pan_y = number * (scene & 1 ? -3 : 5) + 4000;
    const int sky = luma->height * 2 / 5;  // the upper part is smooth
    const int light = number % 16 < 8 ? number % 8 : 7 - number % 8;
    for (int y = 0; y < luma->height; ++y)
        for (int x = 0; x < luma->width; ++x) {
            const int value = y < sky ? 130 + (x + pan_x / 4 + 2 * y) / 8 % 64
                                      : texture_at(4 * x + pan_x, 4 * y + pan_y);
            luma->pixels[y * luma->stride + x] = clip_sample(value + light);
        }
    for (int component = 0; component < 2; ++component) {
        Plane *chroma = &picture->chroma[component];
        for (int y = 0; y < chroma->height; ++y)
            for (int x = 0; x < chroma->width; ++x)
                chroma->pixels[y * chroma->stride + x] =
                    (uint8_t)(96 + component * 24 + texture_at(4 * x + pan_x / 2, 2 * y + pan_y / 2) / 6);
    }
    for (int disc = 0; disc < kDiscs; ++disc)
        draw_disc(picture, disc, number);
}
