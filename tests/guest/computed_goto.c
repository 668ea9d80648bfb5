// SPDX-License-Identifier: BSD-3-Clause
// Jumps to computed addresses: into the middle of straight-line code, and into the middle of a 4-byte
// instruction.
#include <stdint.h>
#include <stdio.h>

// `enter(where, x)` jumps `where` bytes into a run of seven instructions without a branch.
uint64_t enter(uint64_t where, uint64_t x);
__asm__(
    ".globl enter\n.type enter, @function\nenter:\n"
    ".option push\n.option norvc\n"
    "  la t0, 1f\n  add t0, t0, a0\n  mv a0, a1\n  jr t0\n"
    "1: addi a0, a0, 1\n"
    "   slli a0, a0, 1\n"
    "   addi a0, a0, 3\n"
    "   slli a0, a0, 2\n"
    "   xori a0, a0, 5\n"
    "   addi a0, a0, 7\n"
    "   ret\n"
    ".option pop\n.size enter, .-enter\n");

// The upper half of the lui, 0x4505, is the instruction `c.li a0, 1`.
uint64_t split(uint64_t skip);
__asm__(
    ".globl split\n.type split, @function\nsplit:\n"
    "  la t0, 1f\n  add t0, t0, a0\n  li a0, 100\n  jr t0\n"
    "1: .word 0x450577b7\n"   // lui a5, 0x45057
    "   addi a0, a0, 40\n"
    "   ret\n.size split, .-split\n");

static int interpret(const unsigned char *code) {
    static void *const labels[] = {&&stop, &&increment, &&twice, &&square, &&negate, &&loop};
    int value = 1, rounds = 0;
    const unsigned char *start = code;
    goto *labels[*code++];
increment:
    value += 1;
    goto *labels[*code++];
twice:
    value *= 2;
    goto *labels[*code++];
square:
    value = value * value % 10007;
    goto *labels[*code++];
negate:
    value = 10007 - value;
    goto *labels[*code++];
loop:
    if (++rounds < 50) code = start;
    goto *labels[*code++];
stop:
    return value;
}

int main(void) {
    uint64_t sum = 0;
    for (int round = 0; round < 20; ++round)
        for (uint64_t where = 0; where <= 24; where += 4) sum = sum * 31 + enter(where, sum + where);
    printf("enter %llu\n", (unsigned long long)sum);
    for (uint64_t where = 0; where <= 24; where += 4)
        printf("enter at %llu: %llu\n", (unsigned long long)where, (unsigned long long)enter(where, 10));
    printf("whole %llu\n", (unsigned long long)split(0));
    printf("half %llu\n", (unsigned long long)split(2));
    sum = 0;
    for (int round = 0; round < 100; ++round) sum = sum * 7 + split(round % 3 == 1 ? 2 : 0);
    printf("both %llu\n", (unsigned long long)sum);
    printf("interpreter %d\n", interpret((const unsigned char[]){1, 2, 3, 4, 1, 5, 0}));
    return 0;
}
