// SPDX-License-Identifier: BSD-3-Clause
// Dense matrix product in double precision; arguments: rows, repetitions. For util/bench.
// arguments: 12 1
// flags: -ffp-contract=fast
#include <stdio.h>
#include <stdlib.h>
int main(int c, char **v) {
    int n = c > 1 ? atoi(v[1]) : 80, reps = c > 2 ? atoi(v[2]) : 1;
    double *A = malloc(8 * n * n), *B = malloc(8 * n * n), *C = malloc(8 * n * n);
    for (int i = 0; i < n * n; i++) {
        A[i] = (i % 13) * 0.5;
        B[i] = (i % 7) * 0.25;
        C[i] = 0;
    }
    for (int r = 0; r < reps; r++)
        for (int i = 0; i < n; i++)
            for (int k = 0; k < n; k++) {
                double x = A[i * n + k];
                for (int j = 0; j < n; j++)
                    C[i * n + j] += x * B[k * n + j];
            }
    double t = 0;
    for (int i = 0; i < n * n; i++)
        t += C[i];
    printf("matmul %.3f\n", t);
    return 0;
}
