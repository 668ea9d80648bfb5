// SPDX-License-Identifier: BSD-3-Clause
// Counts the ways to place queens, recursively; arguments: board size, repetitions. For util/bench.
// arguments: 5 1
#include <stdio.h>
#include <stdlib.h>
static int n, pos[32];
static long sol;
static int ok(int r, int c) {
    for (int i = 0; i < r; i++) {
        int d = pos[i] - c;
        if (d == 0 || d == r - i || d == i - r)
            return 0;
    }
    return 1;
}
static void go(int r) {
    if (r == n) {
        sol++;
        return;
    }
    for (int c = 0; c < n; c++)
        if (ok(r, c)) {
            pos[r] = c;
            go(r + 1);
        }
}
int main(int c, char **v) {
    n = c > 1 ? atoi(v[1]) : 8;
    int reps = c > 2 ? atoi(v[2]) : 1;
    for (int i = 0; i < reps; i++)
        go(0);
    printf("queens %ld\n", sol);
    return 0;
}
