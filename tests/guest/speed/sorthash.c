// SPDX-License-Identifier: BSD-3-Clause
// Quicksort and an open-addressing hash table; arguments: keys, repetitions. For util/bench.
// arguments: 1024 1
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
static uint32_t s = 12345;
static inline uint32_t rnd(void) {
    s ^= s << 13;
    s ^= s >> 17;
    s ^= s << 5;
    return s;
}
static void qs(uint32_t *a, int l, int r) {
    while (l < r) {
        uint32_t p = a[(l + r) / 2];
        int i = l, j = r;
        while (i <= j) {
            while (a[i] < p)
                i++;
            while (a[j] > p)
                j--;
            if (i <= j) {
                uint32_t t = a[i];
                a[i] = a[j];
                a[j] = t;
                i++;
                j--;
            }
        }
        if (j - l < r - i) {
            qs(a, l, j);
            l = i;
        } else {
            qs(a, i, r);
            r = j;
        }
    }
}
int main(int c, char **v) {
    int n = c > 1 ? atoi(v[1]) : 16384, reps = c > 2 ? atoi(v[2]) : 1;
    uint32_t *a = malloc(4 * n);
    int m = 1;
    while (m < 2 * n)
        m *= 2;
    uint32_t *h = malloc(4 * m);
    uint64_t chk = 0;
    for (int r = 0; r < reps; r++) {
        for (int i = 0; i < n; i++)
            a[i] = rnd() | 1;
        for (int i = 0; i < m; i++)
            h[i] = 0;
        for (int i = 0; i < n; i++) {
            uint32_t k = a[i], x = (k * 2654435761u) & (m - 1);
            while (h[x] && h[x] != k)
                x = (x + 1) & (m - 1);
            h[x] = k;
        }
        qs(a, 0, n - 1);
        uint64_t t = 0;
        for (int i = 0; i < n; i++) {
            uint32_t k = a[i] ^ (i & 1 ? 2 : 0), x = (k * 2654435761u) & (m - 1);
            while (h[x] && h[x] != k)
                x = (x + 1) & (m - 1);
            t += h[x] ? 1 : 0;
        }
        for (int i = 0; i < n; i += 97)
            chk = chk * 31 + a[i];
        chk += t;
    }
    printf("sorthash %llu\n", (unsigned long long)chk);
    return 0;
}
