// SPDX-License-Identifier: BSD-3-Clause
// A device is read, and a load of the same block faults: the device must see its reads exactly once and in
// order.
// expect: reads 0 1 2 3
// expect: counter after 40 rounds 44
// expect: checksum 1115
// expect: faults 41
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <ucontext.h>

// Asks the simulator for its test device at 0x10000000: offset 0 counts its reads, 8 takes values, 16 gives
// their checksum.
uint8_t __test_device;
#define DEVICE ((volatile uint64_t *)0x10000000)

static volatile int faults;

static void on_fault(int number, siginfo_t *info, void *context) {
    (void)number, (void)info;
    ++faults;
    ((ucontext_t *)context)->uc_mcontext.__gregs[REG_PC] += 4;
}

int main(void) {
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, NULL);
    const uint64_t a = DEVICE[0], b = DEVICE[0], c = DEVICE[0], d = DEVICE[0];
    printf("reads %d %d %d %d\n", (int)a, (int)b, (int)c, (int)d);
    for (int i = 0; i < 40; ++i) {
        uint64_t value, other = 5;
        __asm__ volatile(
            ".option push\n.option norvc\n"
            "ld %0, 0(%2)\n addi %1, %1, 1\n ld %1, 0(zero)\n addi %1, %1, 1\n"
            ".option pop\n"
            : "=&r"(value), "+&r"(other)
            : "r"(DEVICE)
            : "memory");
        if (value != (uint64_t)i + 4 || other != 7)
            printf("round %d read %d and %d\n", i, (int)value, (int)other);
    }
    printf("counter after 40 rounds %d\n", (int)DEVICE[0]);
    uint64_t loaded;
    __asm__ volatile(
        ".option push\n.option norvc\n"
        "sd %1, 8(%2)\n sd %3, 8(%2)\n ld %0, 0(zero)\n ld %0, 16(%2)\n"
        ".option pop\n"
        : "=&r"(loaded)
        : "r"(35l), "r"(DEVICE), "r"(30l)
        : "memory");
    printf("checksum %d\n", (int)loaded);
    printf("faults %d\n", faults);
    return 0;
}
