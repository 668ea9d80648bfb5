// SPDX-License-Identifier: BSD-3-Clause
// A bare-metal program: output, arguments and floating point through picolibc and semihosting, and an exit
// status.
// expect: hello from bare metal
// expect: root of two 1.414214
// expect: sum 5000050000
// status: 7
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    printf("hello from bare metal\n");
    volatile double two = 2.0;
    printf("root of two %f\n", sqrt(two));
    volatile long sum = 0;
    for (long i = 1; i <= 100000; ++i) sum = sum + i;
    printf("sum %ld\n", sum);
    exit(7);
}
