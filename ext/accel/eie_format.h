/* SPDX-License-Identifier: BSD-3-Clause
 * The compressed model that the EIE device reads: interleaved, relative-indexed CSC ("EIE", ISCA 2016, section III).
 *
 * All numbers are little-endian. A model is
 *
 *     struct eie_model_header        32 bytes
 *     struct eie_layer_header        layers x 112 bytes
 *     struct eie_section_header      sections x 32 bytes, those of one layer side by side, in the order of work
 *     data of the sections           at the offsets that their headers say, multiples of 8
 *
 * Weight (r, c) is a 4-bit code into the layer's codebook; code 0 is a zero that was pruned. Output r and input c belong
 * to PE r % pes and c % pes, each in register r / pes and c / pes there. A PE keeps, column by column, one byte for
 * every weight of its rows that is not zero: code in the upper four bits, in the lower four how many zeros of its own
 * rows come before it. A gap of 16 zeros or more takes filler bytes 0x0f, each of which stands for 16 zeros.
 *
 * A layer with more than pes x registers outputs is worked on in row blocks of that many; one with more inputs in
 * column batches of that many. Every row block goes through all batches. A section is what one PE array works on
 * without stopping: some columns of one batch and one row block. The bias is a further column, numbered `inputs`, whose
 * activation is `one`; it stands in the last section of each row block.
 *
 * Data of a section: for each PE 16-bit pointers, one a column and one more, which count entries of that PE from the
 * section's start; then, for each PE, its entries. Nothing is padded. (16 bits reach 64 KiB; the paper does not say how
 * they reach its 128 KiB of weights. Here they do because every section has a base of its own.)
 *
 * Example (EIE, figure 3): 4 PEs; PE 0 holds rows 0, 4, 8 and 12 of 16. Its first column has weights in rows 0, 8 and
 * 12: zeros before each, among its own rows: 0, 1, 0. Second column: in row 4, so 1. Its bytes, with codes left as k,
 *     k0 k1 k0 | k1 | k0 k2 | (empty) | k0 k0 | k0 k2 | k0 | k2 k0      pointers 0 3 4 6 6 8 10 11 13
 */
#ifndef EIE_FORMAT_H
#define EIE_FORMAT_H

#include <stdint.h>

#define EIE_MAGIC 0x31454945u   /* "EIE1" */
#define EIE_MAX_ZEROS 15        /* before an entry; more take fillers */
#define EIE_FILLER 0x0f
#define EIE_CODES 16

enum eie_operation {            /* of a job */
    EIE_LOAD = 1,               /* the model becomes resident, as far as it fits; no input, no output */
    EIE_RUN = 2,                /* the same, then input -> output */
    EIE_RUN_RESIDENT = 3        /* input -> output; the model must be the one loaded last, still in its place: what did
                                   not fit is read again */
};

enum eie_arithmetic {
    EIE_ROUND = 0,              /* product >> shift, half up; saturating 16-bit sum after each */
    EIE_TRUNCATE = 1,           /* the same without rounding */
    EIE_WIDE = 2,               /* 64-bit sum of whole products; shift, rounding and saturation once at the end */
    EIE_FLOAT32 = 3             /* IEEE single precision; codebook, `one`, inputs and outputs are floats */
};

enum eie_layer_flags { EIE_RELU = 1, EIE_BIAS = 2 };

struct eie_model_header {
    uint32_t magic;
    uint32_t bytes;             /* of the whole model */
    uint32_t pes;               /* that it is interleaved for */
    uint32_t registers;         /* activations in a PE that row blocks and batches are made for */
    uint32_t layers, sections;
    uint32_t checksum;          /* eie_checksum of the layer and section headers */
    uint32_t reserved;          /* 0 */
};

struct eie_layer_header {
    uint32_t inputs, outputs;   /* inputs without the bias */
    uint32_t flags;             /* enum eie_layer_flags */
    uint32_t arithmetic;        /* enum eie_arithmetic; the same in all layers */
    uint32_t shift;             /* fraction bits taken off every product, 0 to 31 */
    int32_t one;                /* the bias column's activation */
    uint32_t first_section, sections;
    uint32_t reserved[4];       /* 0 */
    int32_t codebook[EIE_CODES];/* 16-bit values, or the bits of floats */
};

struct eie_section_header {
    uint32_t row_block;         /* rows from row_block x pes x registers */
    uint32_t first_column, columns;
    uint32_t entries;           /* of all PEs */
    uint32_t most_entries;      /* of one PE */
    uint32_t offset, bytes;     /* of its data, from the model's start */
    uint32_t checksum;          /* eie_checksum of the data */
};

/* 32-bit FNV-1a. */
static inline uint32_t eie_checksum(const void *data, uint64_t bytes) {
    const uint8_t *at = (const uint8_t *)data;
    uint32_t sum = 2166136261u;
    for (uint64_t i = 0; i < bytes; ++i) sum = (sum ^ at[i]) * 16777619u;
    return sum;
}

#endif
