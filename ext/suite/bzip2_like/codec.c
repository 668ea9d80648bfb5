// SPDX-License-Identifier: BSD-3-Clause
// The two directions: data to blocks with their runs shortened, blocks sorted and coded; and all of it
// backwards.
#include <stdlib.h>
#include <string.h>
#include "bzip.h"

enum { RUN_START = 4, LONGEST_RUN = 255, BLOCK_MARK = 0x314159, END_MARK = 0x177245 };

static void *allocate(size_t bytes) {
    void *memory = calloc(bytes, 1);
    if (memory == NULL) abort();
    return memory;
}

void work_init(Work *work, size_t block_size) {
    memset(work, 0, sizeof *work);
    work->block_size = block_size;
    work->block = allocate(2 * block_size);
    work->order = allocate(block_size * sizeof *work->order);
    work->rank = allocate(block_size * sizeof *work->rank);
    work->last = allocate(block_size);
    work->symbol = allocate((block_size + 2) * sizeof *work->symbol);
    work->selector = allocate(block_size / GROUP_SIZE + 2);
}

void work_free(Work *work) {
    free(work->block);
    free(work->order);
    free(work->rank);
    free(work->last);
    free(work->symbol);
    free(work->selector);
}

// Copies data into the block; four equal bytes are followed by the number of more of them. Returns how much
// fits.
static size_t shorten_runs(Work *work, const uint8_t *data, size_t length) {
    size_t from = 0, to = 0;
    while (from < length && to + RUN_START + 1 <= work->block_size) {
        size_t run = 1;
        const uint8_t byte = data[from];
        while (run < LONGEST_RUN && from + run < length && data[from + run] == byte) run++;
        const size_t written = run < RUN_START ? run : RUN_START;
        memset(work->block + to, byte, written);
        to += written;
        if (run >= RUN_START) work->block[to++] = (uint8_t)(run - RUN_START);
        from += run;
    }
    work->length = to;
    return from;
}

void compress(Work *work, const uint8_t *data, size_t length, BitStream *out, Statistics *statistics) {
    size_t done = 0;
    while (done < length) {
        const size_t taken = shorten_runs(work, data + done, length - done);
        const size_t origin = sort_rotations(work, statistics);
        put_bits(out, 24, BLOCK_MARK);
        put_bits(out, 32, crc32(data + done, taken));
        write_block(work, origin, out, statistics);
        statistics->blocks++;
        done += taken;
    }
    put_bits(out, 24, END_MARK);
    flush_bits(out);
}

// The n-th occurrence of a byte in the last column is its n-th in the first: following the links reads the
// block.
static void unsort(Work *work, size_t origin) {
    uint32_t start[256] = {0}, sum = 0;
    for (size_t i = 0; i < work->length; i++) start[work->last[i]]++;
    for (int byte = 0; byte < 256; byte++) {
        const uint32_t count = start[byte];
        start[byte] = sum;
        sum += count;
    }
    for (size_t i = 0; i < work->length; i++) work->order[start[work->last[i]]++] = (uint32_t)i;
    uint32_t at = work->order[origin];
    for (size_t i = 0; i < work->length; i++) {
        work->block[i] = work->last[at];
        at = work->order[at];
    }
}

// Returns how much data the block held, or more than the room when it is too much.
static size_t restore_runs(const Work *work, uint8_t *data, size_t room) {
    size_t to = 0, equal = 0;
    for (size_t i = 0; i < work->length; i++) {
        const uint8_t byte = work->block[i];
        if (equal == RUN_START) {
            if (byte > room - to) return room + 1;
            memset(data + to, work->block[i - 1], byte);
            to += byte;
            equal = 0;
            continue;
        }
        if (to == room) return room + 1;
        equal = equal > 0 && work->block[i - 1] == byte ? equal + 1 : 1;
        data[to++] = byte;
    }
    return to;
}

bool decompress(Work *work, BitStream *in, uint8_t *data, size_t length) {
    size_t done = 0;
    while (get_bits(in, 24) == BLOCK_MARK) {
        size_t origin;
        const uint32_t high = get_bits(in, 16), crc = high << 16 | get_bits(in, 16);
        if (!read_block(work, &origin, in)) return false;
        unsort(work, origin);
        const size_t count = restore_runs(work, data + done, length - done);
        if (count > length - done || crc32(data + done, count) != crc) return false;
        done += count;
    }
    return done == length;
}
