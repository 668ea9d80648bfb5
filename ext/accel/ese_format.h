/* SPDX-License-Identifier: BSD-3-Clause
 * The compressed LSTM that the ESE device reads ("ESE: Efficient Speech Recognition Engine with Sparse LSTM on FPGA",
 * FPGA 2017). All numbers are little-endian; a model is
 *
 *     struct ese_model_header       120 bytes
 *     struct ese_matrix_header      9 x 32 bytes, in the order of enum ese_matrix
 *     struct ese_section_header     sections x 32 bytes, those of one matrix side by side, in the order of work
 *     sections                      pointers, then entries; at the offsets that their headers say
 *     bias                          4 x cells x int32: of i, f, g, o, in an accumulator's format
 *     peepholes                     3 x cells x int16: of i, f, o
 *     tables                        ESE_TABLE x int16 sigmoid, ESE_TABLE x int16 tanh, 15 fraction bits
 *
 * Row r of a matrix belongs to PE r % pes. A PE keeps, column by column, 16 bits for every weight of its rows that was
 * kept: the weight in the upper 12 bits, two's complement; in the lower four how many of its rows before it, since the
 * last kept one in this column, have none. Sixteen such rows take a filler, 0x000f. A weight
 * of zero is never kept.
 *
 * A section is some columns of a matrix. PEs are side by side in it, as lanes of the memory: pointers (columns + 1) x pes
 * of 16 bits, counting a PE's entries from the section's start; then entries `words` x pes, where lanes of PEs that have
 * fewer than `words` end in zeros, which is what balancing the load avoids.
 *
 * One time step, for every channel with its own x, y and c:
 *     i = sigmoid(Wix x + Wir y + pi c + bi)      f = sigmoid(Wfx x + Wfr y + pf c + bf)
 *     g = tanh(Wcx x + Wcr y + bc)                c' = f c + i g
 *     o = sigmoid(Wox x + Wor y + po c' + bo)     y' = Wym (o tanh(c'))
 * Accumulators have 32 bits: every product is shifted by its matrix's `shift` with rounding (half up), then added with
 * saturation; Wx columns upward, Wr columns upward, the peephole's product, the bias last. The place in a table is
 * (accumulator >> table shift, rounded) + ESE_TABLE / 2, at least 0 and at most ESE_TABLE - 1. c' is
 * ((f c << (15 - state_fraction)) + i g), shifted by 30 - state_fraction, rounded, saturated to 16 bits. m = o tanh(c')
 * is shifted by 15, rounded, saturated; y is Wym's accumulator shifted by y_shift, rounded, saturated to 16 bits.
 */
#ifndef ESE_FORMAT_H
#define ESE_FORMAT_H

#include <stdint.h>

#define ESE_MAGIC 0x31455345u   /* "ESE1" */
#define ESE_TABLE 2048
#define ESE_MATRICES 9
#define ESE_MAX_ZEROS 15
#define ESE_FILLER 0x000f

enum ese_operation {            /* of a job */
    ESE_LOAD = 1,               /* the model goes to the card's memory; no input, no output */
    ESE_RUN = 2                 /* arguments: time steps, channels, 1 to go on from the last job's y and c; input steps x
                                   channels x inputs, output steps x channels x outputs of int16; the model must be the
                                   one loaded last */
};

enum ese_matrix { ESE_IX, ESE_IR, ESE_FX, ESE_FR, ESE_CX, ESE_CR, ESE_OX, ESE_OR, ESE_YM };

struct ese_model_header {
    uint32_t magic;
    uint32_t bytes;             /* of the whole model */
    uint32_t checksum;          /* ese_checksum of everything after this header */
    uint32_t pes;               /* that it is interleaved for */
    uint32_t inputs, cells, outputs;
    uint32_t sections;
    uint32_t vectors_offset;    /* of the bias; peepholes and tables follow it */
    uint32_t peephole_shift;    /* off a peephole's product with c */
    uint32_t sigmoid_shift, tanh_shift;   /* off an accumulator, to a place in the table */
    uint32_t cell_tanh_shift;   /* off c, to a place in tanh's table */
    uint32_t state_fraction;    /* fraction bits of c, 0 to 15 */
    uint32_t y_shift;           /* off Wym's accumulator */
    uint32_t reserved[15];      /* 0 */
};

struct ese_matrix_header {
    uint32_t rows, columns;
    uint32_t shift;             /* off every product, 0 to 31 */
    uint32_t first_section, sections;
    uint32_t weights;           /* kept ones */
    uint32_t reserved[2];       /* 0 */
};

struct ese_section_header {
    uint32_t first_column, columns;
    uint32_t words;             /* entries of the fullest PE */
    uint32_t entries;           /* of all PEs, fillers among them */
    uint32_t offset, bytes;     /* from the model's start */
    uint32_t reserved[2];       /* 0 */
};

/* 32-bit FNV-1a, over 32-bit words; `bytes` is a multiple of 4. */
static inline uint32_t ese_checksum(const void *data, uint64_t bytes) {
    const uint8_t *at = (const uint8_t *)data;
    uint32_t sum = 2166136261u;
    for (uint64_t i = 0; i + 4 <= bytes; i += 4)
        sum = (sum ^ ((uint32_t)at[i] | (uint32_t)at[i + 1] << 8 | (uint32_t)at[i + 2] << 16 |
                      (uint32_t)at[i + 3] << 24)) * 16777619u;
    return sum;
}

#endif
