// SPDX-License-Identifier: BSD-3-Clause
// bzip2_like, after SPEC CPU2006 401.bzip2: a block-sorting compressor and its inverse. Shared types.
#ifndef BZIP_H
#define BZIP_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MAX_SYMBOLS = 258,   // two run digits, 255 list places above the first, end of block
    MAX_TABLES = 6,
    GROUP_SIZE = 50,   // symbols that share a selected table
    MAX_CODE_LENGTH = 17,
    RUN_A = 0,
    RUN_B = 1,
};

// Everything the compressor and the decompressor need for blocks up to a size.
typedef struct {
    size_t block_size;
    uint8_t *block;   // twice the block, so that rotations need no wrapping
    size_t length;
    uint32_t *order;   // sorted rotations; the links of the inverse transform
    uint32_t *rank;   // of the fallback sort
    uint8_t *last;   // last column of the sorted rotations
    uint16_t *symbol;   // after move-to-front and run coding
    size_t symbol_count;
    uint8_t *selector;
} Work;

typedef struct {
    uint8_t *data;
    size_t length, capacity;   // bytes
    size_t position;   // of the reader
    uint64_t buffer;   // bits that are not yet, or no longer, in data
    int bits;
    bool overrun;   // the reader was asked for more than there is
} BitStream;

typedef struct {
    uint64_t blocks, main_sorted, fallback_sorted, symbols, tables;
} Statistics;

// bits.c
void put_bits(BitStream *out, int count, uint32_t value);
void flush_bits(BitStream *out);
uint32_t get_bits(BitStream *in, int count);
uint32_t crc32(const uint8_t *data, size_t length);

// inputs.c
typedef struct {
    const char *name;
    void (*make)(uint8_t *data, size_t length, uint64_t *seed);
} DataSet;
extern const DataSet data_sets[];
extern const size_t data_set_count;

// sort.c: sorts all rotations of work->block into work->order and returns the place of the unrotated one.
size_t sort_rotations(Work *work, Statistics *statistics);
bool main_sort(Work *work);   // false when the block is too repetitive for it
void fallback_sort(Work *work);   // in fallback.c

// huffman.c
void make_code_lengths(const uint32_t *frequency, int symbols, uint8_t *length);
void assign_codes(const uint8_t *length, int symbols, uint32_t *code);

// encode.c, decode.c
void work_init(Work *work, size_t block_size);
void work_free(Work *work);
void write_block(Work *work, size_t origin, BitStream *out, Statistics *statistics);
bool read_block(Work *work, size_t *origin, BitStream *in);

// codec.c
void compress(Work *work, const uint8_t *data, size_t length, BitStream *out, Statistics *statistics);
bool decompress(Work *work, BitStream *in, uint8_t *data, size_t length);
#endif
