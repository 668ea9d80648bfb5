// SPDX-License-Identifier: BSD-3-Clause
// A device read and a faulting load in one block of a bare program, whose trap handler in mtvec goes on
// behind the load.
// expect: traps 30, causes 5, last value 0xdead0000
// expect: counter 30 in order 1
#include <stdint.h>
#include <stdio.h>

uint8_t __test_device;
#define DEVICE ((volatile uint64_t *)0x10000000)
volatile uint64_t traps, causes, values;

__attribute__((aligned(4), interrupt("machine"))) static void on_trap(void) {
    uint64_t cause, value, pc;
    __asm__ volatile("csrr %0, mcause\n csrr %1, mtval\n csrr %2, mepc" : "=r"(cause), "=r"(value), "=r"(pc));
    traps = traps + 1;
    causes = causes | cause;
    values = value;
    __asm__ volatile("csrw mepc, %0" : : "r"(pc + 4));
}

int main(void) {
    uint64_t old, in_order = 1;
    __asm__ volatile("csrrw %0, mtvec, %1" : "=r"(old) : "r"(on_trap));
    for (uint64_t i = 0; i < 30; ++i) {
        uint64_t read, other = 1;
        __asm__ volatile(
            ".option push\n.option norvc\n"
            "ld %0, 0(%2)\n addi %1, %1, 1\n ld %1, 0(%3)\n addi %1, %1, 1\n.option pop\n"
            : "=&r"(read), "+&r"(other)
            : "r"(DEVICE), "r"(0xdead0000ul)
            : "memory");
        in_order &= read == i && other == 3;
    }
    __asm__ volatile("csrw mtvec, %0" : : "r"(old));
    printf("traps %d, causes %d, last value 0x%lx\n", (int)traps, (int)causes, (unsigned long)values);
    printf("counter %d in order %d\n", (int)DEVICE[0], (int)in_order);
    return 0;
}
