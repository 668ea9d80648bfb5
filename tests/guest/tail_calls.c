// SPDX-License-Identifier: BSD-3-Clause
// Chains of tail calls through function pointers, with live values in every argument register.
#include <stdint.h>
#include <stdio.h>

typedef uint64_t Step(uint64_t a, uint64_t b, uint64_t c, double x, const uint8_t *code, uint64_t left);
static Step *const steps[];

#define NEXT(a, b, c, x)                               \
    return left == 0 ? (a) ^ (b) ^ (c) ^ (uint64_t)(x) \
                     : steps[code[left % 61] % 6](a, b, c, x, code, left - 1)

static uint64_t add(uint64_t a, uint64_t b, uint64_t c, double x, const uint8_t *code, uint64_t left) {
    NEXT(a + b, b, c, x + 1);
}
static uint64_t rotate(uint64_t a, uint64_t b, uint64_t c, double x, const uint8_t *code, uint64_t left) {
    NEXT(b, c, a, x);
}
static uint64_t mix(uint64_t a, uint64_t b, uint64_t c, double x, const uint8_t *code, uint64_t left) {
    NEXT(a * 33 + c, b ^ a, c + 1, x * 0.5);
}
static uint64_t shift(uint64_t a, uint64_t b, uint64_t c, double x, const uint8_t *code, uint64_t left) {
    NEXT(a >> 3, b << 1, c, x + (double)(a & 255));
}
static uint64_t choose(uint64_t a, uint64_t b, uint64_t c, double x, const uint8_t *code, uint64_t left) {
    if (a < b) NEXT(b, a, c, x);
    NEXT(a, c, b, x + 2);
}
static uint64_t subtract(uint64_t a, uint64_t b, uint64_t c, double x, const uint8_t *code, uint64_t left) {
    NEXT(a - c, b - a, c, x);
}
static Step *const steps[] = {add, rotate, mix, shift, choose, subtract};

int main(void) {
    uint8_t code[61];
    uint32_t seed = 7;
    for (int i = 0; i < 61; ++i) code[i] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
    for (uint64_t n = 1; n <= 10000; n *= 10)
        printf("%llu steps: %llu\n", (unsigned long long)n,
               (unsigned long long)steps[n % 6](n, 2, 3, 1.5, code, n));
    return 0;
}
