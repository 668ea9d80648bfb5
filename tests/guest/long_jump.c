// SPDX-License-Identifier: BSD-3-Clause
// setjmp and longjmp across several frames, with values that must survive and floating-point registers among
// them.
#include <setjmp.h>
#include <stdio.h>

static jmp_buf back;

__attribute__((noinline)) static double descend(int depth, double x) {
    if (depth <= 0) longjmp(back, (int)x);
    volatile double deeper = depth > 1000 ? 0 : descend(depth - 1, x + 1.5);
    return deeper + depth;   // never reached: keeps the frame alive
}

int main(void) {
    volatile int attempts = 0;
    volatile double total = 0.25;
    const int code = setjmp(back);
    printf("came back with %d after %d attempts, total %.2f\n", code, attempts, total);
    if (attempts < 6) {
        ++attempts;
        total += attempts * 0.5;
        descend(attempts * 3, attempts);
    }
    jmp_buf inner;
    volatile int count = 0;
    for (volatile int i = 0; i < 1000; ++i) {
        const int again = setjmp(inner);
        if (again == 0 && i % 7 == 3) longjmp(inner, 1);
        count = count + again;
    }
    printf("inner jumps %d\n", count);
    return 0;
}
