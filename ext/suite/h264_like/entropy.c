// SPDX-License-Identifier: BSD-3-Clause
// The bit stream: exp-Golomb codes, context-adaptive coding of coefficients, macroblock syntax, and units
// with start codes whose payload never imitates one.
#include <stdlib.h>

#include "h264.h"

void make_stream(BitStream *stream, int capacity)
{
    *stream = (BitStream){.bytes = malloc((size_t)capacity), .capacity = capacity};
}

static void put_byte(BitStream *stream, unsigned byte)
{
    if (stream->size + 2 > stream->capacity) {
        stream->capacity *= 2;
        stream->bytes = realloc(stream->bytes, (size_t)stream->capacity);
    }
    if (stream->zeros >= 2 && byte <= 3) {
        stream->bytes[stream->size++] = 3;
        stream->zeros = 0;
    }
    stream->bytes[stream->size++] = (uint8_t)byte;
    stream->zeros = byte == 0 ? stream->zeros + 1 : 0;
}

void put_bits(BitStream *stream, unsigned value, int count)
{
    stream->pending = stream->pending << count | value;
    stream->pending_bits += count;
    stream->bits += count;
    while (stream->pending_bits >= 8) {
        stream->pending_bits -= 8;
        put_byte(stream, (unsigned)(stream->pending >> stream->pending_bits) & 255);
    }
}

void start_unit(BitStream *stream, int kind)
{
    static const uint8_t kStart[3] = {0, 0, 1};
    for (int index = 0; index < 3; ++index) {
        stream->zeros = 0;
        put_byte(stream, kStart[index]);
    }
    put_byte(stream, 0x60u | (unsigned)kind);
}

void end_unit(BitStream *stream)
{
    put_bits(stream, 1, 1);
    put_bits(stream, 0, -stream->pending_bits & 7);
}

void put_unsigned(BitStream *stream, unsigned value)
{
    const int length = 32 - __builtin_clz(value + 1);
    put_bits(stream, value + 1, 2 * length - 1);
}

void put_signed(BitStream *stream, int value)
{
    put_unsigned(stream, value > 0 ? 2 * (unsigned)value - 1 : 2 * (unsigned)-value);
}

// Exp-Golomb code whose shortest words have order extra bits.
static void put_ordered(BitStream *stream, unsigned value, int order)
{
    put_unsigned(stream, value >> order);
    put_bits(stream, value & ((1u << order) - 1), order);
}

static void put_level(BitStream *stream, unsigned code, int suffix)
{
    const unsigned prefix = code >> suffix;
    if (prefix < 15) {
        put_bits(stream, 1, (int)prefix + 1);
        put_bits(stream, code & ((1u << suffix) - 1), suffix);
    } else {
        put_bits(stream, 1, 16);
        put_bits(stream, code - (15u << suffix), 14);
    }
}

// The magnitudes, last first. The suffix grows with them, as magnitudes rise towards low frequencies.
static void put_levels(BitStream *stream, const int16_t *levels, int total, int ones)
{
    int suffix = total > 10 && ones < 3;
    for (int index = ones; index < total; ++index) {
        const int level = levels[index];
        unsigned code = level > 0 ? 2 * (unsigned)level - 2 : 2 * (unsigned)-level - 1;
        if (index == ones && ones < 3)
            code -= 2;  // a magnitude of one would have been a trailing one
        put_level(stream, code, suffix);
        if (suffix == 0)
            suffix = 1;
        if (abs(level) > 3 << (suffix - 1) && suffix < 6)
            ++suffix;
    }
}

// Writes levels[first..last]; context is how many coefficients the neighbours have.
static void put_block(BitStream *stream, const int16_t *level, int first, int last, int context)
{
    int16_t found[16];
    int runs[16];
    int total = 0, ones = 0, zeros = 0, run = 0;
    for (int index = last; index >= first; --index) {
        if (level[index] == 0) {
            ++run;
            continue;
        }
        if (total > 0)
            runs[total - 1] = run;
        run = 0;
        found[total++] = level[index];
    }
    if (total > 0) {
        runs[total - 1] = run;
        for (int index = 0; index < total; ++index)
            zeros += runs[index];
    }
    while (ones < total && ones < 3 && abs(found[ones]) == 1)
        ++ones;
    const unsigned token = total == 0 ? 0 : 1 + 4 * (unsigned)(total - 1) + (unsigned)(3 - ones);
    put_ordered(stream, token, context < 2 ? 0 : context < 4 ? 2 : context < 8 ? 3 : 4);
    if (total == 0)
        return;
    for (int index = 0; index < ones; ++index)
        put_bits(stream, found[index] < 0, 1);
    put_levels(stream, found, total, ones);
    if (total < last - first + 1)
        put_ordered(stream, (unsigned)zeros, total < 4);
    for (int index = 0; index < total - 1 && zeros > 0; ++index) {
        if (zeros > 6)
            put_ordered(stream, (unsigned)runs[index], 1);
        else
            put_unsigned(stream, (unsigned)runs[index]);
        zeros -= runs[index];
    }
}

static int luma_count_at(const Encoder *encoder, int bx, int by)
{
    if (bx < 0 || by < 0)
        return -1;
    const Macroblock *macroblock = &encoder->macroblocks[(by >> 2) * encoder->columns + (bx >> 2)];
    return macroblock->luma_count[(by & 3) * 4 + (bx & 3)];
}

static int chroma_count_at(const Encoder *encoder, int component, int bx, int by)
{
    if (bx < 0 || by < 0)
        return -1;
    const Macroblock *macroblock = &encoder->macroblocks[(by >> 1) * encoder->columns + (bx >> 1)];
    return macroblock->chroma_count[component][(by & 1) * 2 + (bx & 1)];
}

static int context_of(int left, int above)
{
    if (left < 0 || above < 0)
        return left < 0 ? (above < 0 ? 0 : above) : left;
    return (left + above + 1) >> 1;
}

static void put_luma(Encoder *encoder, int column, int row, const Macroblock *macroblock)
{
    const int is_intra16 = macroblock->kind == kIntra16;
    for (int block = is_intra16 ? -1 : 0; block < 16; ++block) {
        const int bx = 4 * column + (block < 0 ? 0 : kBlockColumn[block]);
        const int by = 4 * row + (block < 0 ? 0 : kBlockRow[block]);
        const int context =
            context_of(luma_count_at(encoder, bx - 1, by), luma_count_at(encoder, bx, by - 1));
        if (block < 0)
            put_block(&encoder->stream, macroblock->luma_average, 0, 15, context);
        else if (macroblock->luma_pattern >> (block >> 2) & 1)
            put_block(&encoder->stream, macroblock->luma[(by & 3) * 4 + (bx & 3)], is_intra16, 15, context);
    }
}

static void put_chroma(Encoder *encoder, int column, int row, const Macroblock *macroblock)
{
    if (macroblock->chroma_pattern == 0)
        return;
    for (int component = 0; component < 2; ++component)
        put_block(&encoder->stream, macroblock->chroma_average[component], 0, 3, 0);
    if (macroblock->chroma_pattern == 1)
        return;
    for (int component = 0; component < 2; ++component)
        for (int block = 0; block < 4; ++block) {
            const int bx = 2 * column + block % 2, by = 2 * row + block / 2;
            const int context = context_of(chroma_count_at(encoder, component, bx - 1, by),
                                           chroma_count_at(encoder, component, bx, by - 1));
            put_block(&encoder->stream, macroblock->chroma[component][block], 1, 15, context);
        }
}

static void put_vectors(Encoder *encoder, int column, int row, const Macroblock *macroblock)
{
    static const uint8_t kStarts[4] = {0x1, 0x5, 0x3, 0xf};  // 8x8 blocks that begin a part
    const int partition = macroblock->partition;
    const int width = partition == kWholeBlock || partition == kTwoRows ? 2 : 1;
    for (int block = 0; block < 4; ++block) {
        if (!(kStarts[partition] >> block & 1))
            continue;
        const Vector expected = predicted_vector(encoder, column, row, block, width);
        put_signed(&encoder->stream, macroblock->vector[block].x - expected.x);
        put_signed(&encoder->stream, macroblock->vector[block].y - expected.y);
    }
}

static void put_modes4(Encoder *encoder, int column, int row, const Macroblock *macroblock)
{
    for (int block = 0; block < 16; ++block) {
        const int expected = expected_mode4(encoder, column, row, block);
        const int mode = macroblock->mode4[kBlockRow[block] * 4 + kBlockColumn[block]];
        if (mode == expected)
            put_bits(&encoder->stream, 1, 1);
        else
            put_bits(&encoder->stream, (unsigned)(mode < expected ? mode : mode - 1), 4);
    }
}

// The macroblock must already stand in encoder->macroblocks, where its later blocks find the earlier ones.
void write_macroblock(Encoder *encoder, int column, int row, const Macroblock *macroblock)
{
    BitStream *stream = &encoder->stream;
    const unsigned kind_base = encoder->is_intra ? 0 : 5;
    if (macroblock->is_skipped) {
        put_unsigned(stream, 0);
        return;
    }
    if (macroblock->kind == kInter) {
        put_unsigned(stream, 1u + macroblock->partition);
        put_vectors(encoder, column, row, macroblock);
    } else if (macroblock->kind == kIntra4) {
        put_unsigned(stream, kind_base);
        put_modes4(encoder, column, row, macroblock);
        put_unsigned(stream, macroblock->chroma_mode);
    } else {
        put_unsigned(stream, kind_base + 1 + macroblock->mode16);
        put_unsigned(stream, macroblock->chroma_mode);
    }
    put_unsigned(stream, macroblock->luma_pattern | (unsigned)macroblock->chroma_pattern << 4);
    put_luma(encoder, column, row, macroblock);
    put_chroma(encoder, column, row, macroblock);
}
