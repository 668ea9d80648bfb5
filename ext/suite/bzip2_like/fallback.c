// SPDX-License-Identifier: BSD-3-Clause
// The sort for small or very repetitive blocks: ranks of rotations by their first h bytes give those by 2h
// bytes.
#include <string.h>
#include "bzip.h"

typedef struct {
    uint32_t *order, *rank;
    uint32_t length, distance;
} Doubler;

static uint32_t key_of(const Doubler *d, uint32_t rotation) {
    const uint32_t at = rotation + d->distance;
    return d->rank[at >= d->length ? at - d->length : at];
}

static void insert_sorted(Doubler *d, int64_t low, int64_t high) {
    for (int64_t i = low + 1; i <= high; i++) {
        const uint32_t rotation = d->order[i], key = key_of(d, rotation);
        int64_t j = i;
        for (; j > low && key_of(d, d->order[j - 1]) > key; j--) d->order[j] = d->order[j - 1];
        d->order[j] = rotation;
    }
}

// Three-way quicksort by the rank of the second half; equal keys are settled at once.
static void sort_group(Doubler *d, int64_t low, int64_t high) {
    while (high - low > 10) {
        const uint32_t pivot = key_of(d, d->order[low + (high - low) / 2]);
        int64_t less = low, greater = high, i = low;
        while (i <= greater) {
            const uint32_t rotation = d->order[i], key = key_of(d, rotation);
            if (key < pivot) {
                d->order[i++] = d->order[less];
                d->order[less++] = rotation;
            } else if (key > pivot) {
                d->order[i] = d->order[greater];
                d->order[greater--] = rotation;
            } else {
                i++;
            }
        }
        if (less - low < high - greater) {   // the recursion takes the smaller part, so it stays shallow
            sort_group(d, low, less - 1);
            low = greater + 1;
        } else {
            sort_group(d, greater + 1, high);
            high = less - 1;
        }
    }
    insert_sorted(d, low, high);
}

// A rank is the last place of a group. Keys of the group may be ranks of the group itself, so all boundaries
// are found before the first rank changes.
static void split_group(Doubler *d, uint32_t low, uint32_t high, uint8_t *boundary) {
    for (uint32_t i = low; i < high; i++) {
        boundary[i] = key_of(d, d->order[i]) != key_of(d, d->order[i + 1]);
    }
    boundary[high] = 1;
    uint32_t last = high;
    for (uint32_t i = high + 1; i-- > low;) {
        if (boundary[i]) last = i;
        d->rank[d->order[i]] = last;
    }
}

static void sort_by_first_byte(Work *work) {
    uint32_t end[256] = {0};
    for (size_t i = 0; i < work->length; i++) end[work->block[i]]++;
    uint32_t sum = 0;
    for (int byte = 0; byte < 256; byte++) sum = end[byte] += sum;
    for (size_t i = 0; i < work->length; i++) work->rank[i] = end[work->block[i]] - 1;
    for (size_t i = work->length; i-- > 0;) work->order[--end[work->block[i]]] = (uint32_t)i;
}

void fallback_sort(Work *work) {
    Doubler d = {work->order, work->rank, (uint32_t)work->length, 1};
    bool unsorted = true;
    sort_by_first_byte(work);
    // Rotations still equal after the whole length are the same bytes: any order of them will do.
    for (; unsorted && d.distance < d.length; d.distance *= 2) {
        unsorted = false;
        for (uint32_t low = 0; low < d.length;) {
            const uint32_t high = d.rank[d.order[low]];
            if (high > low) {
                sort_group(&d, low, high);
                split_group(&d, low, high, work->last);
                unsorted = true;
            }
            low = high + 1;
        }
    }
}
