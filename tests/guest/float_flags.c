// SPDX-License-Identifier: BSD-3-Clause
// Accrued floating-point exceptions read in the middle of long independent computations, under every
// rounding mode.
#include <fenv.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

static volatile double zero = 0.0, one = 1.0, three = 3.0, huge = 1e308, tiny = 4.9e-324, big = 1e300;
static volatile float fone = 1.0f, fthree = 3.0f;

static uint64_t flags(void) {
    uint64_t f;
    __asm__ volatile("csrrwi %0, fflags, 0" : "=r"(f));
    return f;
}

// Independent work before, between and after reads of the flags; each read sees exactly what came before it.
static void interleaved(void) {
    uint64_t a, b, c, d;
    double x, y, z;
    __asm__ volatile(
        "csrwi fflags, 0\n"
        "fdiv.d %4, %7, %8\n"   // NX (slow)
        "fadd.d %5, %7, %7\n"   // nothing (fast)
        "csrr %0, fflags\n"
        "fdiv.d %5, %7, %9\n"   // DZ
        "fmul.d %6, %10, %10\n"   // OF NX
        "csrr %1, fflags\n"
        "fsqrt.d %6, %11\n"   // NV
        "csrrwi %2, fflags, 0\n"
        "fadd.d %4, %7, %8\n"
        "csrr %3, fflags\n"
        : "=&r"(a), "=&r"(b), "=&r"(c), "=&r"(d), "=&f"(x), "=&f"(y), "=&f"(z)
        : "f"(one), "f"(three), "f"(zero), "f"(huge), "f"(-one));
    printf("interleaved %llx %llx %llx %llx\n", (unsigned long long)a, (unsigned long long)b,
           (unsigned long long)c, (unsigned long long)d);
}

int main(void) {
    flags();
    double sum = 0;
    for (int i = 1; i < 50; ++i) sum += one / i;
    printf("sum %.17g flags %llx\n", sum, (unsigned long long)flags());
    volatile double r = huge * huge;
    printf("overflow %g %llx\n", r, (unsigned long long)flags());
    r = tiny * 0.5;
    printf("underflow %g %llx\n", r, (unsigned long long)flags());
    r = zero / zero;
    printf("invalid %d %llx\n", isnan(r), (unsigned long long)flags());
    r = one / zero;
    printf("divide by zero %g %llx\n", r, (unsigned long long)flags());
    volatile int64_t n = (int64_t)(big * one);
    printf("conversion %lld %llx\n", (long long)n, (unsigned long long)flags());
    n = zero < NAN;
    printf("comparison %lld %llx\n", (long long)n, (unsigned long long)flags());
    for (int i = 0; i < 20; ++i) interleaved();
    static const int modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD};
    for (int i = 0; i < 4; ++i) {
        fesetround(modes[i]);
        volatile double q = one / three, s = sqrt(three), negative = -one / three;
        volatile float f = fone / fthree;
        printf("mode %d: %a %a %a %a rint %g flags %llx\n", fegetround(), q, s, negative, f, rint(2.5),
               (unsigned long long)flags());
    }
    uint64_t magnitude;
    double max_magnitude;
    __asm__ volatile("fcvt.l.d %0, %1, rmm" : "=r"(magnitude) : "f"(2.5));
    __asm__ volatile("fdiv.d %0, %1, %2, rmm" : "=f"(max_magnitude) : "f"(one), "f"(three));
    printf("rmm %llu %a %llx\n", (unsigned long long)magnitude, max_magnitude, (unsigned long long)flags());
    return 0;
}
