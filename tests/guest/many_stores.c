// SPDX-License-Identifier: BSD-3-Clause
// One block of 2,000 instructions full of stores (and loads of what was just stored), executed repeatedly.
#include <stdint.h>
#include <stdio.h>

static uint64_t memory[512];

uint64_t long_block(uint64_t *base, uint64_t x);
__asm__(
    ".globl long_block\n.type long_block, @function\nlong_block:\n"
    ".set offset, 0\n"
    ".rept 200\n"
    "  addi a1, a1, 3\n"
    "  sd a1, offset(a0)\n"
    "  slli a2, a1, 1\n"
    "  sw a2, (offset + 800)(a0)\n"
    "  ld a3, offset(a0)\n"
    "  xor a1, a1, a2\n"
    "  sb a1, (offset + 405)(a0)\n"
    "  lw a4, (offset + 404)(a0)\n"
    "  add a1, a3, a4\n"
    "  sh a1, (offset + 2)(a0)\n"
    ".set offset, (offset + 8) % 1200\n"
    ".endr\n"
    "  mv a0, a1\n  ret\n.size long_block, .-long_block\n");

int main(void) {
    uint64_t x = 1, sum = 0;
    for (int i = 0; i < 50; ++i) x = long_block(memory, x);
    for (int i = 0; i < 512; ++i) sum = sum * 31 + memory[i];
    printf("value %llu memory %llu\n", (unsigned long long)x, (unsigned long long)sum);
    return 0;
}
