// SPDX-License-Identifier: BSD-3-Clause
// Code that the program writes, runs, rewrites and runs again after FENCE.I: on its own page, across a page
// boundary, and in place of instructions that have already run many times.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

typedef uint64_t Function(uint64_t);
static inline void fence_i(void) { __asm__ volatile("fence.i" ::: "memory"); }

static uint32_t addi_a0(int imm) { return (uint32_t)imm << 20 | 10 << 15 | 10 << 7 | 0x13; }
static const uint32_t kRet = 0x00008067;

static uint64_t write_and_run(uint32_t *code, int imm, uint64_t x) {
    code[0] = addi_a0(imm);
    code[1] = kRet;
    fence_i();
    return ((Function *)code)(x);
}

int main(void) {
    char *area = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint64_t sum = 0;
    for (int i = 0; i < 200; ++i) sum = sum * 3 + write_and_run((uint32_t *)area, i % 100, sum & 0xff);
    printf("same page %llu\n", (unsigned long long)sum);

    uint16_t *across = (uint16_t *)(area + 4096 - 2);   // a 4-byte instruction in two pages
    for (int i = 0; i < 50; ++i) {
        const uint32_t add = addi_a0(i);
        memcpy(across, &add, 4);
        memcpy(across + 2, &kRet, 4);
        fence_i();
        sum = sum * 3 + ((Function *)across)(sum & 0xff);
        if (i % 5 == 0) {   // change only the half in the second page: the immediate's
            const uint32_t other = addi_a0(i + 500);
            memcpy(across + 1, (const char *)&other + 2, 2);
            fence_i();
            sum = sum * 3 + ((Function *)across)(sum & 0xff);
        }
    }
    printf("two pages %llu\n", (unsigned long long)sum);

    // A loop whose body changes between calls, after it has become hot.
    uint32_t *loop = (uint32_t *)(area + 8192);
    loop[0] = 10 << 15 | 11 << 7 | 0x13;   // mv a1, a0
    loop[1] = 0 << 20 | 0 << 15 | 10 << 7 | 0x13;   // li a0, 0
    loop[2] = 11u << 20 | 10 << 15 | 10 << 7 | 0x33;   // add a0, a0, a1
    loop[3] = 0xfffu << 20 | 11 << 15 | 11 << 7 | 0x13;   // addi a1, a1, -1
    loop[4] = 0xfe059ce3;   // bnez a1, loop[2]
    loop[5] = kRet;
    fence_i();
    printf("sum of 1000: %llu\n", (unsigned long long)((Function *)loop)(1000));
    loop[2] = 11u << 20 | 10 << 15 | 4 << 12 | 10 << 7 | 0x33;   // xor a0, a0, a1
    fence_i();
    printf("xor of 1000: %llu\n", (unsigned long long)((Function *)loop)(1000));
    mprotect(loop, 4096, PROT_READ | PROT_EXEC);
    printf("read-only: %llu\n", (unsigned long long)((Function *)loop)(1001));
    return 0;
}
