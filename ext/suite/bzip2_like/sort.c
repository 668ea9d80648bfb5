// SPDX-License-Identifier: BSD-3-Clause
// Sorting the rotations of a block: buckets by two bytes, quicksort by one byte at a time inside them, and
// whole buckets derived from sorted ones.
#include <string.h>
#include "bzip.h"

enum { SMALL_BLOCK = 2500, SIMPLE_SORT_LIMIT = 16, EFFORT_PER_BYTE = 60, MAX_STACK = 128 };

typedef struct {
    const uint8_t *block;
    uint32_t *order;
    size_t length;
    int64_t effort;   // bytes that may still be compared
} Sorter;

typedef struct {
    int64_t low, high;   // both inclusive
    uint32_t depth;
} Range;

// The first of two rotations that agree up to the depth is smaller.
static bool is_less(Sorter *s, uint32_t a, uint32_t b, uint32_t depth) {
    const uint8_t *left = s->block + a + depth, *right = s->block + b + depth;
    const uint8_t *end = s->block + a + s->length;
    while (left < end && *left == *right) {
        left++;
        right++;
    }
    s->effort -= left - (s->block + a + depth) + 1;
    return left < end && *left < *right;
}

static void simple_sort(Sorter *s, Range range) {
    for (int64_t i = range.low + 1; i <= range.high; i++) {
        const uint32_t rotation = s->order[i];
        int64_t j = i;
        while (j > range.low && is_less(s, rotation, s->order[j - 1], range.depth)) {
            s->order[j] = s->order[j - 1];
            j--;
        }
        s->order[j] = rotation;
        if (s->effort < 0) return;
    }
}

static uint8_t median(uint8_t a, uint8_t b, uint8_t c) {
    if (a > b) {
        const uint8_t t = a;
        a = b;
        b = t;
    }
    return c < a ? a : c > b ? b : c;
}

static void swap_entries(uint32_t *order, int64_t i, int64_t j) {
    const uint32_t rotation = order[i];
    order[i] = order[j];
    order[j] = rotation;
}

// Splits a range by the byte at its depth into smaller, equal and larger; equal goes on one byte deeper.
static int split(Sorter *s, Range range, Range *parts) {
    const uint8_t *byte = s->block + range.depth;
    uint32_t *order = s->order;
    const uint8_t pivot =
        median(byte[order[range.low]], byte[order[range.high]], byte[order[(range.low + range.high) / 2]]);
    int64_t less = range.low, greater = range.high, i = range.low;
    while (i <= greater) {
        const uint8_t value = byte[order[i]];
        if (value < pivot) {
            swap_entries(order, i++, less++);
        } else if (value > pivot) {
            swap_entries(order, i, greater--);
        } else {
            i++;
        }
    }
    s->effort -= range.high - range.low + 1;
    int count = 0;
    if (less - range.low > 1) parts[count++] = (Range){range.low, less - 1, range.depth};
    if (range.high - greater > 1) parts[count++] = (Range){greater + 1, range.high, range.depth};
    if (greater > less && range.depth + 1 < s->length)
        parts[count++] = (Range){less, greater, range.depth + 1};
    return count;
}

static bool quick_sort(Sorter *s, int64_t low, int64_t high, uint32_t depth) {
    Range stack[MAX_STACK];
    int used = 0;
    stack[used++] = (Range){low, high, depth};
    while (used > 0) {
        const Range range = stack[--used];
        if (s->effort < 0 || used > MAX_STACK - 4) return false;
        if (range.high - range.low < SIMPLE_SORT_LIMIT) {
            simple_sort(s, range);
        } else {
            used += split(s, range, stack + used);
        }
    }
    return s->effort >= 0;
}

static uint32_t pair_at(const uint8_t *block, size_t i) { return (uint32_t)block[i] << 8 | block[i + 1]; }

// start[p] becomes the first place of the rotations that begin with the byte pair p.
static void fill_buckets(const Work *work, uint32_t *start) {
    memset(start, 0, 65537 * sizeof *start);
    for (size_t i = 0; i < work->length; i++) start[pair_at(work->block, i)]++;
    uint32_t sum = 0;
    for (uint32_t pair = 0; pair <= 65535; pair++) sum = start[pair] += sum;
    start[65536] = sum;
    for (size_t i = work->length; i-- > 0;) work->order[--start[pair_at(work->block, i)]] = (uint32_t)i;
}

// First bytes with few rotations are sorted first: the more buckets can then be derived instead of sorted.
static void order_of_bytes(const uint32_t *start, uint8_t *bytes) {
    for (int i = 0; i < 256; i++) {
        const uint32_t size = start[(i + 1) << 8] - start[i << 8];
        int j = i;
        for (; j > 0; j--) {
            const int other = bytes[j - 1];
            if (start[(other + 1) << 8] - start[other << 8] <= size) break;
            bytes[j] = bytes[j - 1];
        }
        bytes[j] = (uint8_t)i;
    }
}

// All rotations starting with `byte` are in order, so those with one byte before it are too: their order
// within a bucket [c, byte] is the order of what follows c. The bucket [byte, byte] itself is filled the same
// way, from its ends towards its middle, while it is read.
static void derive_buckets(Work *work, const uint32_t *start, int byte, const bool *done) {
    uint32_t first[256], last[256];
    for (int c = 0; c < 256; c++) {
        first[c] = start[c << 8 | byte];
        last[c] = start[(c << 8 | byte) + 1];
    }
    const uint32_t length = (uint32_t)work->length;
    for (uint32_t i = start[byte << 8]; i < first[byte]; i++) {
        const uint32_t rotation = work->order[i] == 0 ? length - 1 : work->order[i] - 1;
        const uint8_t c = work->block[rotation];
        if (!done[c]) work->order[first[c]++] = rotation;
    }
    for (uint32_t i = start[(byte + 1) << 8]; i > last[byte]; i--) {
        const uint32_t rotation = work->order[i - 1] == 0 ? length - 1 : work->order[i - 1] - 1;
        const uint8_t c = work->block[rotation];
        if (!done[c]) work->order[--last[c]] = rotation;
    }
}

bool main_sort(Work *work) {
    static uint32_t start[65537];
    bool done[256] = {false};
    uint8_t bytes[256];
    Sorter sorter = {work->block, work->order, work->length, (int64_t)work->length * EFFORT_PER_BYTE};
    fill_buckets(work, start);
    order_of_bytes(start, bytes);
    for (int i = 0; i < 256; i++) {
        const int byte = bytes[i];
        if (start[byte << 8] == start[(byte + 1) << 8]) continue;
        for (int second = 0; second < 256; second++) {
            const int64_t low = start[byte << 8 | second],
                          high = (int64_t)start[(byte << 8 | second) + 1] - 1;
            // A bucket whose second byte is done was derived when that byte was.
            if (second == byte || done[second] || high <= low) continue;
            if (!quick_sort(&sorter, low, high, 2)) return false;
        }
        derive_buckets(work, start, byte, done);
        done[byte] = true;
    }
    return true;
}

size_t sort_rotations(Work *work, Statistics *statistics) {
    memcpy(work->block + work->length, work->block, work->length);
    if (work->length >= SMALL_BLOCK && main_sort(work)) {
        statistics->main_sorted++;
    } else {
        fallback_sort(work);
        statistics->fallback_sorted++;
    }
    for (size_t i = 0; i < work->length; i++) {
        if (work->order[i] == 0) return i;
    }
    return 0;
}
