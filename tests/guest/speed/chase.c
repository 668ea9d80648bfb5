// SPDX-License-Identifier: BSD-3-Clause
// Follows pointers along a random cycle; arguments: nodes of 64 bytes, steps. For util/bench.
// arguments: 512 2000
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
struct N {
    struct N *nx;
    uint64_t v;
    char pad[48];
};
static uint32_t s = 777;
static inline uint32_t rnd(void) {
    s ^= s << 13;
    s ^= s >> 17;
    s ^= s << 5;
    return s;
}
int main(int c, char **v) {
    int n = c > 1 ? atoi(v[1]) : 16384;
    long st = c > 2 ? atol(v[2]) : 400000;
    struct N *a = malloc(sizeof(*a) * (size_t)n);
    int *p = malloc(4 * n);
    for (int i = 0; i < n; i++) {
        p[i] = i;
        a[i].v = i;
    }
    for (int i = n - 1; i > 0; i--) {
        int j = rnd() % i;
        int t = p[i];
        p[i] = p[j];
        p[j] = t;
    }
    for (int i = 0; i < n; i++)
        a[i].nx = &a[p[i]];
    struct N *q = a;
    uint64_t t = 0;
    for (long i = 0; i < st; i++) {
        t += q->v ^ i;
        q = q->nx;
    }
    printf("chase %llu\n", (unsigned long long)t);
    return 0;
}
