/* SPDX-License-Identifier: BSD-3-Clause */
/* What an SCNN engine reads and writes in memory: the compressed model and dense or compressed activations. */
#ifndef SCNN_FORMAT_H
#define SCNN_FORMAT_H
#include <stdint.h>

/* All fields are little endian; every record starts at a multiple of 8 bytes.
 *
 * Model:  scnn_model, then `layers` records, each
 *             scnn_layer
 *             int32_t  bias[filters]             when SCNN_BIAS is set; then padding to 8 bytes
 *             uint32_t count[blocks]             stored entries of every block; padding to 8 bytes
 *             int16_t  value[entries]            in block order; padding to 8 bytes
 *             uint8_t  runs[(entries + 1) / 2]   zeros before each entry, 4 bits each, low half first; padding
 *
 * A block holds the weights of one input channel for one output-channel group: group_filters x kernel_height x
 * kernel_width weights, the innermost last (fewer filters in the last group). Blocks are ordered by convolution group,
 * then output-channel group, then input channel. Within a block only non-zero weights are stored, each with the
 * number of zeros before it; a run of more than 15 zeros is broken by a placeholder, an entry of value 0 with run 15,
 * which stands for 16 zeros. Zeros after the last non-zero are not stored.
 *
 *     weights   0 0 5 0 -1 0*18 7 0 0      count   4
 *     value     5 -1 0 7                   run     2 1 15 2        (18 zeros: 16 by the placeholder, 2 more)
 *
 * A layer with a stride s > 1 is stored as the stride-1 convolution that it equals: input row y + pad_top % s becomes
 * row (y + pad_top % s) / s of channel (c * s + (y + pad_top % s) % s) * s + (x + pad_left % s) % s, columns alike, and
 * weights likewise with r and t for y and x and no padding: kernel ceil(R / s) x ceil(S / s) on C * s * s channels.
 *
 * A job reads the whole model and the input, runs all layers, each on what the one before it left in the array's
 * memories, and writes the output.
 *
 * Input:  int16_t  activation[channels][height][width], dense, of the first layer.
 * Output: int16_t  activation[filters][rows][columns], dense, of the last layer, after pooling.
 */
#define SCNN_MAGIC   0x4e4e4353u   /* "SCNN" */
#define SCNN_VERSION 1u
#define SCNN_RUN_MAX 15u

enum scnn_operation { SCNN_RUN = 1 };

enum { SCNN_RELU = 1, SCNN_BIAS = 2, SCNN_AVERAGE_POOL = 4 };

struct scnn_model {
    uint32_t magic, version;
    uint32_t layers;
    uint32_t bytes;                          /* of the whole model */
};

struct scnn_layer {
    uint32_t bytes;                          /* of the record */
    uint32_t flags;
    uint32_t channels, height, width;        /* of the input */
    uint32_t filters;                        /* output channels */
    uint32_t kernel_height, kernel_width;
    uint32_t stride, pad_top, pad_left;
    uint32_t output_height, output_width;    /* before pooling */
    uint32_t groups;                         /* of the convolution; both channel counts are multiples */
    uint32_t group_filters;                  /* of an output-channel group: Kc */
    uint32_t product_shift;                  /* of each product, rounded half up, before the 24-bit accumulation */
    uint32_t output_shift;                   /* of sum + bias, rounded half up, before saturation to 16 bits */
    uint32_t pool_size, pool_stride;         /* 1, 1: no pooling */
    uint32_t output_density;                 /* expected, in 1/1000000: decides on tiling through DRAM */
    uint32_t blocks, entries;
};

#endif
