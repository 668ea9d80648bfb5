// SPDX-License-Identifier: BSD-3-Clause
// Assembly that breaks the calling convention: values travel in temporaries across calls, returns, tail
// jumps and millicode, as hand-written libraries do.
#include <stdint.h>
#include <stdio.h>

uint64_t with_temporaries(uint64_t x, uint64_t y);
__asm__(
    ".globl with_temporaries\n.type with_temporaries, @function\nwith_temporaries:\n"
    "  mv t0, ra\n"
    "  li t1, 11\n li t2, 13\n fcvt.d.l ft0, a1\n"
    "  call takes_t1_gives_t3\n"   // reads t1, t2, ft0; gives t3, t4, ft1
    "  add a0, a0, t3\n mul a0, a0, t4\n add a0, a0, t2\n"
    "  fcvt.l.d t5, ft1, rtz\n add a0, a0, t5\n"
    "  jal t6, second_link\n"   // t6 as the link register
    "  add a0, a0, t1\n"
    "  mv ra, t0\n  ret\n"
    ".size with_temporaries, .-with_temporaries\n"
    ".type takes_t1_gives_t3, @function\ntakes_t1_gives_t3:\n"
    "  mul t3, t1, a0\n addi t4, t2, 2\n fadd.d ft1, ft0, ft0\n addi t2, t2, 5\n"
    "  beqz a1, 1f\n  addi t3, t3, 100\n"
    "1: ret\n.size takes_t1_gives_t3, .-takes_t1_gives_t3\n"
    ".type second_link, @function\nsecond_link:\n"
    "  addi t1, t1, 1000\n  andi a3, a0, 1\n  bnez a3, 2f\n  jr t6\n"
    "2: addi t1, t1, 77\n  j third\n"
    ".size second_link, .-second_link\n"
    ".type third, @function\nthird:\n"
    "  slli t1, t1, 1\n  jr t6\n.size third, .-third\n");

// A function that returns in two temporaries what its caller then hands to the next one.
uint64_t relay(uint64_t n);
__asm__(
    ".globl relay\n.type relay, @function\nrelay:\n"
    "  mv a5, ra\n li t0, 0\n li t1, 1\n"
    "3: beqz a0, 4f\n  call step\n  addi a0, a0, -1\n  j 3b\n"
    "4: mv a0, t0\n  mv ra, a5\n  ret\n.size relay, .-relay\n"
    ".type step, @function\nstep:\n  add t2, t0, t1\n  mv t0, t1\n  mv t1, t2\n  ret\n.size step, .-step\n");

int main(void) {
    uint64_t sum = 0;
    for (uint64_t i = 0; i < 200; ++i) sum = sum * 3 + with_temporaries(i, i % 4);
    printf("sum %llu\n", (unsigned long long)sum);
    for (uint64_t n = 0; n <= 90; n += 15)
        printf("fibonacci %llu: %llu\n", (unsigned long long)n, (unsigned long long)relay(n));
    return 0;
}
