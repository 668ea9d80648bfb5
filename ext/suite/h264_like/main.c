// SPDX-License-Identifier: BSD-3-Clause
// Video encoder like SPEC's 464.h264ref: motion search, intra prediction, integer transform, quantisation,
// adaptive entropy coding, reconstruction and deblocking, on generated moving pictures.
#include <stdio.h>
#include <string.h>

#include "h264.h"

typedef struct {
    const char *name;
    int width, height, frames, intra_period;
} Size;

static const Size kSizes[] = {
    {"test", 48, 32, 2, 8},
    {"train", 176, 144, 4, 12},
    {"ref", 320, 240, 20, 12},
};

static uint64_t mix(uint64_t sum, const uint8_t *bytes, int count)
{
    for (int index = 0; index < count; ++index)
        sum = (sum ^ bytes[index]) * 0x100000001b3ull;
    return sum;
}

static uint64_t mix_plane(uint64_t sum, const Plane *plane)
{
    for (int y = 0; y < plane->height; ++y)
        sum = mix(sum, plane->pixels + y * plane->stride, plane->width);
    return sum;
}

// Mean squared error of the luma samples, in hundredths.
static int squared_error(const Plane *one, const Plane *other)
{
    int64_t sum = 0;
    for (int y = 0; y < one->height; ++y)
        for (int x = 0; x < one->width; ++x) {
            const int difference = one->pixels[y * one->stride + x] - other->pixels[y * other->stride + x];
            sum += difference * difference;
        }
    return (int)(sum * 100 / (one->width * one->height));
}

static int run(const Size *size)
{
    Encoder encoder;
    uint64_t checksum = 0xcbf29ce484222325ull;
    make_encoder(&encoder, size->width, size->height);
    for (int number = 0; number < size->frames; ++number) {
        const int quantiser = encoder.quantiser, size_before = encoder.stream.size;
        draw_frame(&encoder.source, number);
        encoder.is_intra = number % size->intra_period == 0;
        encode_picture(&encoder, number);
        // The picture just finished is the reference of the next one.
        printf("picture %d: %c, quantiser %d, %d bytes, squared error %d\n", number,
               encoder.is_intra ? 'I' : 'P', quantiser, encoder.stream.size - size_before,
               squared_error(&encoder.source.luma[kWhole], &encoder.reference.luma[kWhole]));
        checksum = mix_plane(checksum, &encoder.reference.luma[kWhole]);
        checksum = mix_plane(checksum, &encoder.reference.chroma[0]);
        checksum = mix_plane(checksum, &encoder.reference.chroma[1]);
    }
    checksum = mix(checksum, encoder.stream.bytes, encoder.stream.size);
    printf("macroblocks: intra 4x4 %lld, intra 16x16 %lld, inter %lld, of these skipped %lld\n",
           (long long)encoder.kinds[kIntra4], (long long)encoder.kinds[kIntra16],
           (long long)encoder.kinds[kInter], (long long)encoder.skipped);
    printf("checksum 0x%016llx\n", (unsigned long long)checksum);
    free_encoder(&encoder);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2)
        for (size_t index = 0; index < sizeof kSizes / sizeof *kSizes; ++index)
            if (!strcmp(argv[1], kSizes[index].name))
                return run(&kSizes[index]);
    fprintf(stderr, "usage: %s test|train|ref\n", argv[0]);
    return 2;
}
