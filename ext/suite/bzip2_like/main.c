// SPDX-License-Identifier: BSD-3-Clause
// The run: each data set is compressed with one or two block sizes, decompressed and compared.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bzip.h"

typedef struct {
    const char *name;
    size_t length[6];   // of each data set; 0 leaves it out
    size_t block_size[2];
} Size;

static const Size sizes[] = {
    {"test", {2600, 0, 0, 0, 0, 600}, {4000, 0}},
    {"train", {44000, 26000, 16000, 18000, 6000, 20000}, {36000, 0}},
    {"ref", {240000, 200000, 90000, 120000, 50000, 120000}, {300000, 100000}},
};

static uint64_t checksum = 0xcbf29ce484222325ULL;

static bool run(const DataSet *set, const uint8_t *data, size_t length, size_t block_size) {
    Work work;
    BitStream stream;
    Statistics statistics;
    uint8_t *restored = malloc(length);
    if (restored == NULL) abort();
    memset(&stream, 0, sizeof stream);
    memset(&statistics, 0, sizeof statistics);
    work_init(&work, block_size);
    compress(&work, data, length, &stream, &statistics);
    stream.bits = 0;
    stream.buffer = 0;
    const bool same = decompress(&work, &stream, restored, length) && memcmp(data, restored, length) == 0;
    printf(
        "%-10s %7zu -> %7zu bytes, blocks %llu (%llu sorted plainly, %llu by doubling), symbols %llu, %s\n",
        set->name, length, stream.length, (unsigned long long)statistics.blocks,
        (unsigned long long)statistics.main_sorted, (unsigned long long)statistics.fallback_sorted,
        (unsigned long long)statistics.symbols, same ? "restored" : "DAMAGED");
    checksum = (checksum ^ crc32(stream.data, stream.length)) * 0x100000001b3ULL;
    checksum = (checksum ^ crc32(restored, length)) * 0x100000001b3ULL + statistics.tables;
    work_free(&work);
    free(stream.data);
    free(restored);
    return same;
}

int main(int argc, char **argv) {
    const Size *size = NULL;
    bool same = true;
    for (size_t i = 0; argc == 2 && i < sizeof sizes / sizeof sizes[0]; i++) {
        if (strcmp(argv[1], sizes[i].name) == 0) size = &sizes[i];
    }
    if (size == NULL) {
        fprintf(stderr, "usage: bzip2_like test|train|ref\n");
        return 2;
    }
    for (size_t i = 0; i < data_set_count; i++) {
        const size_t length = size->length[i];
        uint64_t seed = 0x9e3779b97f4a7c15ULL + i;
        if (length == 0) continue;
        uint8_t *data = malloc(length);
        if (data == NULL) abort();
        data_sets[i].make(data, length, &seed);
        for (int j = 0; j < 2 && size->block_size[j] > 0; j++) {
            same = run(&data_sets[i], data, length, size->block_size[j]) && same;
        }
        free(data);
    }
    printf("checksum 0x%016llx\n", (unsigned long long)checksum);
    return same ? 0 : 1;
}
