// SPDX-License-Identifier: BSD-3-Clause
// Shared types of the video encoder: pictures, macroblocks, the bit stream, and what each file provides.
// The stream follows H.264's structure, but its coefficient tokens are exp-Golomb codes of a rank instead of
// the standard's tables, so it is not a conforming stream.
#ifndef H264_H
#define H264_H

#include <stdint.h>

enum { kBorder = 32, kLargestPicture = 512 };

typedef struct {
    int width, height, stride;
    uint8_t *memory;
    uint8_t *pixels;  // sample (0, 0), inside a border of kBorder samples
} Plane;

// Half-sample planes hold the samples between two columns, between two rows and between both.
enum { kWhole, kBetweenColumns, kBetweenRows, kBetweenBoth, kPhases };

typedef struct {
    Plane luma[kPhases];
    Plane chroma[2];
} Picture;

typedef struct {
    int16_t x, y;  // in quarter samples
} Vector;

typedef enum { kIntra4, kIntra16, kInter } MacroblockKind;
typedef enum { kWholeBlock, kTwoRows, kTwoColumns, kFourBlocks } Partition;

typedef struct {
    uint8_t kind, partition, is_skipped;
    uint8_t mode16, chroma_mode;
    uint8_t mode4[16];
    uint8_t luma_pattern;    // a bit an 8x8 block with coefficients
    uint8_t chroma_pattern;  // 0 none, 1 only averages, 2 all
    uint8_t luma_count[16];  // coefficients in each 4x4 block, row by row
    uint8_t chroma_count[2][4];
    Vector vector[4];  // one an 8x8 block
    int16_t luma_average[16];
    int16_t luma[16][16];  // levels in zigzag order
    int16_t chroma_average[2][4];
    int16_t chroma[2][4][16];
} Macroblock;

typedef struct {
    uint8_t *bytes;
    int capacity, size;
    uint64_t pending;
    int pending_bits;
    int zeros;  // consecutive zero bytes written, for start-code emulation prevention
    int64_t bits;
} BitStream;

typedef struct {
    int columns, rows;  // in macroblocks
    int quantiser;      // 0 to 51
    int is_intra;       // no prediction from other pictures
    Picture source, reconstruction, reference;
    Macroblock *macroblocks;
    BitStream stream;
    int64_t kinds[3], skipped;
} Encoder;

extern const uint8_t kZigzag[16];
extern const uint8_t kBlockColumn[16], kBlockRow[16];  // coding order of 4x4 blocks

static inline int clip(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

static inline uint8_t clip_sample(int value)
{
    return (uint8_t)((unsigned)value <= 255 ? value : value < 0 ? 0 : 255);
}

// picture.c
void make_picture(Picture *picture, int width, int height);
void free_picture(Picture *picture);
void extend_borders(Picture *picture);
void interpolate_halves(Picture *picture);
// Fetches a luma block from a position in quarter samples.
void fetch_luma(const Picture *picture, int x, int y, int width, int height, uint8_t *block, int stride);
void fetch_chroma(const Plane *plane, int x, int y, int width, int height, uint8_t *block, int stride);

// video.c
void draw_frame(Picture *picture, int number);

// transform.c
void forward_transform(const int16_t *residual, int16_t *coefficient);
void add_inverse(const int16_t *coefficient, uint8_t *pixels, int stride);
int quantise(const int16_t *coefficient, int16_t *level, int quantiser, int is_intra, int first);
void dequantise(const int16_t *level, int16_t *coefficient, int quantiser, int first);
int quantise_luma_averages(const int16_t *average, int16_t *level, int quantiser);
void dequantise_luma_averages(const int16_t *level, int16_t *average, int quantiser);
int quantise_chroma_averages(const int16_t *average, int16_t *level, int quantiser, int is_intra);
void dequantise_chroma_averages(const int16_t *level, int16_t *average, int quantiser);
int chroma_quantiser(int quantiser);

// distance.c
int sad_8x8(const uint8_t *one, int stride, const uint8_t *other, int other_stride);
int satd_4x4(const uint8_t *one, int stride, const uint8_t *other, int other_stride);
int satd(const uint8_t *one, int stride, const uint8_t *other, int other_stride, int width, int height);
int bits_of_signed(int value);
int lambda_of(int quantiser);

// motion.c
Vector predicted_vector(const Encoder *encoder, int column, int row, int block, int width);
int search_motion(Encoder *encoder, int column, int row, Macroblock *macroblock, uint8_t *prediction);

// intra.c
int choose_intra16(const Encoder *encoder, int column, int row, Macroblock *macroblock, uint8_t *prediction);
void choose_intra_chroma(const Encoder *encoder, int column, int row, Macroblock *macroblock,
                         uint8_t prediction[2][64]);
// The encoder reconstructs each 4x4 block before the next one is predicted from it.
int choose_intra4_block(const Encoder *encoder, int column, int row, int block, int expected_mode,
                        uint8_t *prediction, uint8_t *mode);
int expected_mode4(const Encoder *encoder, int column, int row, int block);

// residual.c
int encode_intra4(Encoder *encoder, int column, int row, Macroblock *macroblock);
void encode_luma(Encoder *encoder, int column, int row, Macroblock *macroblock, const uint8_t *prediction);
void encode_chroma(Encoder *encoder, int column, int row, Macroblock *macroblock, uint8_t prediction[2][64]);

// entropy.c
void make_stream(BitStream *stream, int capacity);
void start_unit(BitStream *stream, int kind);
void end_unit(BitStream *stream);
void put_bits(BitStream *stream, unsigned value, int count);
void put_unsigned(BitStream *stream, unsigned value);
void put_signed(BitStream *stream, int value);
void write_macroblock(Encoder *encoder, int column, int row, const Macroblock *macroblock);

// deblock.c
void deblock(Encoder *encoder);

// encoder.c
void make_encoder(Encoder *encoder, int width, int height);
void free_encoder(Encoder *encoder);
void encode_picture(Encoder *encoder, int number);

#endif
