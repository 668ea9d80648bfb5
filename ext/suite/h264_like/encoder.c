// SPDX-License-Identifier: BSD-3-Clause
// Encodes pictures: decides how each macroblock is predicted, codes it, and keeps the reference picture.
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "h264.h"

void make_encoder(Encoder *encoder, int width, int height)
{
    memset(encoder, 0, sizeof *encoder);
    encoder->columns = width / 16;
    encoder->rows = height / 16;
    encoder->quantiser = 28;
    make_picture(&encoder->source, width, height);
    make_picture(&encoder->reconstruction, width, height);
    make_picture(&encoder->reference, width, height);
    encoder->macroblocks = calloc((size_t)(encoder->columns * encoder->rows), sizeof *encoder->macroblocks);
    make_stream(&encoder->stream, 4096);
}

void free_encoder(Encoder *encoder)
{
    free_picture(&encoder->source);
    free_picture(&encoder->reconstruction);
    free_picture(&encoder->reference);
    free(encoder->macroblocks);
    free(encoder->stream.bytes);
}

static void predict_inter_chroma(const Encoder *encoder, int column, int row, const Macroblock *macroblock,
                                 uint8_t prediction[2][64])
{
    for (int component = 0; component < 2; ++component)
        for (int block = 0; block < 4; ++block) {
            const int x = block % 2 * 4, y = block / 2 * 4;
            const Vector vector = macroblock->vector[block];
            fetch_chroma(&encoder->reference.chroma[component], 8 * (8 * column + x) + vector.x,
                         8 * (8 * row + y) + vector.y, 4, 4, prediction[component] + 8 * y + x, 8);
        }
}

static int is_skippable(const Encoder *encoder, int column, int row, const Macroblock *macroblock)
{
    if (macroblock->kind != kInter || macroblock->partition != kWholeBlock || macroblock->luma_pattern ||
        macroblock->chroma_pattern)
        return 0;
    const Vector expected = predicted_vector(encoder, column, row, 0, 2);
    return expected.x == macroblock->vector[0].x && expected.y == macroblock->vector[0].y;
}

static void encode_macroblock(Encoder *encoder, int column, int row)
{
    Macroblock *macroblock = &encoder->macroblocks[row * encoder->columns + column];
    uint8_t inter[256], intra[256], chroma[2][64];
    int inter_cost = INT_MAX, intra4_cost = INT_MAX;
    memset(macroblock, 0, sizeof *macroblock);
    macroblock->kind = kInter;
    if (!encoder->is_intra)
        inter_cost = search_motion(encoder, column, row, macroblock, inter);
    const int intra16_cost = choose_intra16(encoder, column, row, macroblock, intra);
    // Small blocks are dear to try; motion that fits well makes them pointless.
    if (encoder->is_intra || intra16_cost / 2 < inter_cost) {
        macroblock->kind = kIntra4;
        intra4_cost = encode_intra4(encoder, column, row, macroblock) + 16 * lambda_of(encoder->quantiser);
    }
    if (intra4_cost >= intra16_cost || intra4_cost >= inter_cost) {
        macroblock->kind = inter_cost <= intra16_cost ? kInter : kIntra16;
        encode_luma(encoder, column, row, macroblock, macroblock->kind == kInter ? inter : intra);
    }
    if (macroblock->kind == kInter)
        predict_inter_chroma(encoder, column, row, macroblock, chroma);
    else
        choose_intra_chroma(encoder, column, row, macroblock, chroma);
    encode_chroma(encoder, column, row, macroblock, chroma);
    macroblock->is_skipped = (uint8_t)is_skippable(encoder, column, row, macroblock);
    ++encoder->kinds[macroblock->kind];
    encoder->skipped += macroblock->is_skipped;
    write_macroblock(encoder, column, row, macroblock);
}

// Keeps the bits of a picture near the target: the quantiser moves at most two steps at a time.
static void control_rate(Encoder *encoder, int64_t bits)
{
    const int64_t target = (int64_t)encoder->columns * encoder->rows * (encoder->is_intra ? 260 : 70);
    int change = 0;
    change += bits > target ? 1 : -1;
    change += bits > 2 * target ? 1 : 0;
    change -= 2 * bits < target ? 1 : 0;
    encoder->quantiser = clip(encoder->quantiser + change, 18, 40);
}

void encode_picture(Encoder *encoder, int number)
{
    BitStream *stream = &encoder->stream;
    const int64_t bits_before = stream->bits;
    if (!encoder->is_intra)
        interpolate_halves(&encoder->reference);
    start_unit(stream, encoder->is_intra ? 5 : 1);
    put_unsigned(stream, (unsigned)number);
    put_signed(stream, encoder->quantiser - 26);
    for (int row = 0; row < encoder->rows; ++row)
        for (int column = 0; column < encoder->columns; ++column)
            encode_macroblock(encoder, column, row);
    end_unit(stream);
    deblock(encoder);
    extend_borders(&encoder->reconstruction);
    const Picture finished = encoder->reconstruction;
    encoder->reconstruction = encoder->reference;
    encoder->reference = finished;
    control_rate(encoder, stream->bits - bits_before);
}
