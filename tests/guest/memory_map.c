// SPDX-License-Identifier: BSD-3-Clause
// brk, mmap, munmap, mremap, mprotect and madvise: contents, zeroes, errors, and a heap that grows and
// shrinks.
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint64_t fill(char *p, size_t bytes, uint64_t seed) {
    for (size_t i = 0; i < bytes; i += 512) memcpy(p + i, &seed, 8), seed = seed * 6364136223846793005u + 1;
    return seed;
}
static uint64_t sum(const char *p, size_t bytes) {
    uint64_t total = 0, v;
    for (size_t i = 0; i < bytes; i += 512) memcpy(&v, p + i, 8), total = total * 31 + v;
    return total;
}

int main(void) {
    char *a = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    printf("zero: %llx\n", (unsigned long long)sum(a, 1 << 20));
    fill(a, 1 << 20, 3);
    const uint64_t before = sum(a, 1 << 20);
    char *b = mremap(a, 1 << 20, 8 << 20, MREMAP_MAYMOVE);
    printf("grown keeps contents: %d, rest zero: %llx\n", sum(b, 1 << 20) == before,
           (unsigned long long)sum(b + (1 << 20), 7 << 20));
    printf("shrunk in place: %d\n", mremap(b, 8 << 20, 1 << 16, 0) == b);
    munmap(b, 1 << 16);

    char *hole = mmap(NULL, 16 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    char *fixed =
        mmap(hole + 4 * 4096, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    printf("fixed: %d\n", fixed == hole + 4 * 4096);
    strcpy(fixed, "kept");
    mprotect(hole, 16 * 4096, PROT_READ);
    printf("protect keeps: %s %d\n", fixed, hole[0]);
    mprotect(hole, 16 * 4096, PROT_READ | PROT_WRITE);
    fill(hole, 16 * 4096, 9);
    printf("don't need: %d\n", madvise(hole + 4096, 4096, MADV_DONTNEED));
    printf("gone %llx, neighbours stay %d\n", (unsigned long long)sum(hole + 4096, 4096),
           sum(hole, 4096) != 0);
    munmap(hole + 8 * 4096, 4096);
    printf("unmapped in the middle: %d %s\n", mprotect(hole, 16 * 4096, PROT_READ), strerror(errno));
    printf("bad length: %d %s\n", mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED,
           strerror(errno));
    printf("bad address: %d %s\n", munmap((void *)123, 4096), strerror(errno));
    printf("unaligned protect: %d %s\n", mprotect(hole + 1, 10, PROT_READ), strerror(errno));

    char *start = sbrk(0);
    char *more = sbrk(300000);
    printf("break moved: %d, zero: %llx\n", more == start && (char *)sbrk(0) == start + 300000,
           (unsigned long long)sum(more, 300000));
    fill(more, 300000, 5);
    sbrk(-300000);
    more = sbrk(300000);
    printf("zero again beyond the first page: %llx\n",
           (unsigned long long)sum((char *)(((uintptr_t)more + 4095) & ~4095ul), 290000));

    void *blocks[200];
    uint64_t total = 0, seed = 1;
    for (int round = 0; round < 4; ++round) {
        for (int i = 0; i < 200; ++i) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            const size_t bytes = (seed >> 33) % (i % 10 == 0 ? 150000 : 1500) + 8;
            blocks[i] = malloc(bytes);
            memset(blocks[i], (int)seed, bytes);
            if (i % 3 == 0) blocks[i] = realloc(blocks[i], bytes * 2);
            total += ((unsigned char *)blocks[i])[bytes - 1];
        }
        for (int i = 0; i < 200; ++i) free(blocks[(i * 7) % 200]);
    }
    printf("heap: %llu\n", (unsigned long long)total);
    return 0;
}
