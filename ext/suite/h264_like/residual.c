// SPDX-License-Identifier: BSD-3-Clause
// What prediction left over: transform, quantise, and reconstruct as a decoder would.
#include <string.h>

#include "h264.h"

static void copy_block(uint8_t *pixels, int stride, const uint8_t *block, int block_stride, int size)
{
    for (int row = 0; row < size; ++row)
        memcpy(pixels + row * stride, block + row * block_stride, (size_t)size);
}

static void transform_difference(const uint8_t *wanted, int stride, const uint8_t *prediction,
                                 int prediction_stride, int16_t *coefficient)
{
    int16_t residual[16];
    for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 4; ++x)
            residual[4 * y + x] = (int16_t)(wanted[y * stride + x] - prediction[y * prediction_stride + x]);
    forward_transform(residual, coefficient);
}

int encode_intra4(Encoder *encoder, int column, int row, Macroblock *macroblock)
{
    const Plane *source = &encoder->source.luma[kWhole], *plane = &encoder->reconstruction.luma[kWhole];
    int cost = 0;
    macroblock->luma_pattern = 0;
    for (int block = 0; block < 16; ++block) {
        const int bx = kBlockColumn[block], by = kBlockRow[block], place = 4 * by + bx;
        const int x = 16 * column + 4 * bx, y = 16 * row + 4 * by;
        const int expected = expected_mode4(encoder, column, row, block);
        uint8_t prediction[16];
        int16_t coefficient[16];
        cost += choose_intra4_block(encoder, column, row, block, expected, prediction,
                                    &macroblock->mode4[place]);
        transform_difference(source->pixels + y * source->stride + x, source->stride, prediction, 4,
                             coefficient);
        const int count = quantise(coefficient, macroblock->luma[place], encoder->quantiser, 1, 0);
        macroblock->luma_count[place] = (uint8_t)count;
        uint8_t *pixels = plane->pixels + y * plane->stride + x;
        copy_block(pixels, plane->stride, prediction, 4, 4);
        if (count > 0) {
            macroblock->luma_pattern |= (uint8_t)(1 << (block >> 2));
            dequantise(macroblock->luma[place], coefficient, encoder->quantiser, 0);
            add_inverse(coefficient, pixels, plane->stride);
        }
    }
    return cost;
}

// For inter and 16x16 intra macroblocks; the latter send the averages of their blocks apart.
void encode_luma(Encoder *encoder, int column, int row, Macroblock *macroblock, const uint8_t *prediction)
{
    const Plane *source = &encoder->source.luma[kWhole], *plane = &encoder->reconstruction.luma[kWhole];
    const int is_intra = macroblock->kind == kIntra16, quantiser = encoder->quantiser;
    const uint8_t *wanted = source->pixels + 16 * row * source->stride + 16 * column;
    uint8_t *pixels = plane->pixels + 16 * row * plane->stride + 16 * column;
    int16_t coefficient[16][16], average[16];
    copy_block(pixels, plane->stride, prediction, 16, 16);
    macroblock->luma_pattern = 0;
    for (int place = 0; place < 16; ++place) {
        const int x = place % 4 * 4, y = place / 4 * 4;
        transform_difference(wanted + y * source->stride + x, source->stride, prediction + 16 * y + x, 16,
                             coefficient[place]);
        average[place] = coefficient[place][0];
        const int count =
            quantise(coefficient[place], macroblock->luma[place], quantiser, is_intra, is_intra);
        macroblock->luma_count[place] = (uint8_t)count;
        if (count > 0)
            macroblock->luma_pattern |= (uint8_t)(1 << (y / 8 * 2 + x / 8));
    }
    int any_average = 0;
    if (is_intra) {
        any_average = quantise_luma_averages(average, macroblock->luma_average, quantiser);
        dequantise_luma_averages(macroblock->luma_average, average, quantiser);
        macroblock->luma_pattern = macroblock->luma_pattern ? 15 : 0;
    }
    if (!any_average && !macroblock->luma_pattern)
        return;
    for (int place = 0; place < 16; ++place) {
        dequantise(macroblock->luma[place], coefficient[place], quantiser, is_intra);
        if (is_intra)
            coefficient[place][0] = average[place];
        uint8_t *target = pixels + place / 4 * 4 * plane->stride + place % 4 * 4;
        add_inverse(coefficient[place], target, plane->stride);
    }
}

void encode_chroma(Encoder *encoder, int column, int row, Macroblock *macroblock, uint8_t prediction[2][64])
{
    const int is_intra = macroblock->kind != kInter, quantiser = chroma_quantiser(encoder->quantiser);
    macroblock->chroma_pattern = 0;
    for (int component = 0; component < 2; ++component) {
        const Plane *source = &encoder->source.chroma[component];
        const Plane *plane = &encoder->reconstruction.chroma[component];
        const uint8_t *wanted = source->pixels + 8 * row * source->stride + 8 * column;
        uint8_t *pixels = plane->pixels + 8 * row * plane->stride + 8 * column;
        int16_t coefficient[4][16], average[4];
        copy_block(pixels, plane->stride, prediction[component], 8, 8);
        for (int block = 0; block < 4; ++block) {
            const int x = block % 2 * 4, y = block / 2 * 4;
            transform_difference(wanted + y * source->stride + x, source->stride,
                                 prediction[component] + 8 * y + x, 8, coefficient[block]);
            average[block] = coefficient[block][0];
            int16_t *level = macroblock->chroma[component][block];
            const int count = quantise(coefficient[block], level, quantiser, is_intra, 1);
            macroblock->chroma_count[component][block] = (uint8_t)count;
            if (count > 0)
                macroblock->chroma_pattern = 2;
        }
        int16_t *level = macroblock->chroma_average[component];
        if (quantise_chroma_averages(average, level, quantiser, is_intra) && !macroblock->chroma_pattern)
            macroblock->chroma_pattern = 1;
        dequantise_chroma_averages(level, average, quantiser);
        for (int block = 0; block < 4; ++block) {
            dequantise(macroblock->chroma[component][block], coefficient[block], quantiser, 1);
            coefficient[block][0] = average[block];
            add_inverse(coefficient[block], pixels + block / 2 * 4 * plane->stride + block % 2 * 4,
                        plane->stride);
        }
    }
}
