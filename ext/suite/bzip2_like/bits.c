// SPDX-License-Identifier: BSD-3-Clause
// Streams of bits, the most significant first, and the check sum of the data.
#include <stdlib.h>
#include "bzip.h"

static void put_byte(BitStream *out, uint8_t byte) {
    if (out->length == out->capacity) {
        out->capacity = out->capacity ? 2 * out->capacity : 4096;
        out->data = realloc(out->data, out->capacity);
        if (out->data == NULL) abort();
    }
    out->data[out->length++] = byte;
}

void put_bits(BitStream *out, int count, uint32_t value) {
    out->buffer = out->buffer << count | value;
    out->bits += count;
    while (out->bits >= 8) {
        out->bits -= 8;
        put_byte(out, (uint8_t)(out->buffer >> out->bits));
    }
}

void flush_bits(BitStream *out) {
    if (out->bits > 0) put_bits(out, 8 - out->bits, 0);
}

uint32_t get_bits(BitStream *in, int count) {
    while (in->bits < count) {
        if (in->position == in->length) {
            in->overrun = true;
            return 0;
        }
        in->buffer = in->buffer << 8 | in->data[in->position++];
        in->bits += 8;
    }
    in->bits -= count;
    return (uint32_t)(in->buffer >> in->bits) & ((1u << count) - 1);
}

uint32_t crc32(const uint8_t *data, size_t length) {
    static uint32_t table[256];
    if (table[1] == 0) {
        for (uint32_t i = 0; i < 256; i++) {
            uint32_t crc = i << 24;
            for (int bit = 0; bit < 8; bit++) crc = crc << 1 ^ (crc >> 31 ? 0x04c11db7u : 0);
            table[i] = crc;
        }
    }
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < length; i++) crc = crc << 8 ^ table[(crc >> 24 ^ data[i]) & 255];
    return ~crc;
}
