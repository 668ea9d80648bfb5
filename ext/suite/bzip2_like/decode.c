// SPDX-License-Identifier: BSD-3-Clause
// From bits back to the last column of a block: Huffman decoding, runs, and the inverse of move-to-front.
#include <string.h>
#include "bzip.h"

// A canonical code is read bit by bit: a value up to last[n] is a code of n bits.
typedef struct {
    int32_t last[MAX_CODE_LENGTH + 1], offset[MAX_CODE_LENGTH + 1];
    uint16_t symbol[MAX_SYMBOLS];
    int shortest;
} Decoder;

typedef struct {
    int alphabet, tables;
    size_t groups;
    uint8_t bytes[256];   // the list of move-to-front
    Decoder decoder[MAX_TABLES];
} BlockReader;

static void make_decoder(Decoder *decoder, const uint8_t *length, int symbols) {
    int32_t code = 0, count = 0;
    decoder->shortest = 0;
    for (int bits = 1; bits <= MAX_CODE_LENGTH; bits++) {
        decoder->offset[bits] = count - code;
        for (int i = 0; i < symbols; i++) {
            if (length[i] != bits) continue;
            decoder->symbol[count++] = (uint16_t)i;
            code++;
        }
        decoder->last[bits] = code - 1;
        if (count > 0 && decoder->shortest == 0) decoder->shortest = bits;
        code <<= 1;
    }
}

static int read_symbol(const Decoder *decoder, BitStream *in) {
    int bits = decoder->shortest;
    int32_t code = (int32_t)get_bits(in, bits);
    while (code > decoder->last[bits]) {
        if (bits == MAX_CODE_LENGTH) return -1;
        code = code << 1 | (int32_t)get_bits(in, 1);
        bits++;
    }
    return decoder->symbol[code + decoder->offset[bits]];
}

static int read_used(BlockReader *reader, BitStream *in) {
    int count = 0;
    for (int row = 0; row < 16; row++) {
        if (!get_bits(in, 1)) continue;
        const uint32_t bits = get_bits(in, 16);
        for (int i = 0; i < 16; i++) {
            if (bits >> (15 - i) & 1) reader->bytes[count++] = (uint8_t)(16 * row + i);
        }
    }
    return count;
}

static bool read_selectors(const Work *work, const BlockReader *reader, BitStream *in) {
    uint8_t list[MAX_TABLES];
    for (int i = 0; i < MAX_TABLES; i++) list[i] = (uint8_t)i;
    for (size_t group = 0; group < reader->groups; group++) {
        int place = 0;
        while (get_bits(in, 1)) {
            if (++place == reader->tables) return false;
        }
        const uint8_t table = list[place];
        for (; place > 0; place--) list[place] = list[place - 1];
        work->selector[group] = list[0] = table;
    }
    return true;
}

static bool read_lengths(Decoder *decoder, int alphabet, BitStream *in) {
    uint8_t length[MAX_SYMBOLS];
    int current = (int)get_bits(in, 5);
    for (int i = 0; i < alphabet; i++) {
        while (get_bits(in, 1)) current += get_bits(in, 1) ? -1 : 1;
        if (current < 1 || current > MAX_CODE_LENGTH || in->overrun) return false;
        length[i] = (uint8_t)current;
    }
    make_decoder(decoder, length, alphabet);
    return true;
}

static bool read_header(const Work *work, BlockReader *reader, BitStream *in) {
    const int bytes = read_used(reader, in);
    reader->alphabet = bytes + 2;
    reader->tables = (int)get_bits(in, 3);
    reader->groups = get_bits(in, 24);
    if (bytes == 0 || reader->tables < 2 || reader->tables > MAX_TABLES) return false;
    if (reader->groups > work->block_size / GROUP_SIZE + 1 || !read_selectors(work, reader, in)) return false;
    for (int table = 0; table < reader->tables; table++) {
        if (!read_lengths(&reader->decoder[table], reader->alphabet, in)) return false;
    }
    return true;
}

static uint8_t byte_to_front(uint8_t *list, int place) {
    const uint8_t byte = list[place];
    memmove(list + 1, list, (size_t)place);
    list[0] = byte;
    return byte;
}

// Fills work->last; false when the bits are no block.
bool read_block(Work *work, size_t *origin, BitStream *in) {
    static BlockReader reader;
    *origin = get_bits(in, 24);
    if (!read_header(work, &reader, in)) return false;
    size_t run = 0, weight = 1;
    work->length = 0;
    for (size_t i = 0;; i++) {
        if (i / GROUP_SIZE >= reader.groups) return false;
        const int symbol = read_symbol(&reader.decoder[work->selector[i / GROUP_SIZE]], in);
        if (symbol < 0 || in->overrun) return false;
        if (symbol <= RUN_B) {
            run += weight << (symbol == RUN_B);
            weight *= 2;
            if (run > work->block_size) return false;
            continue;
        }
        if (work->length + run + 1 > work->block_size + 1) return false;
        memset(work->last + work->length, reader.bytes[0], run);
        work->length += run;
        run = 0;
        weight = 1;
        if (symbol == reader.alphabet - 1) break;
        if (work->length == work->block_size) return false;
        work->last[work->length++] = byte_to_front(reader.bytes, symbol - 1);
    }
    return work->length > 0 && *origin < work->length;
}
