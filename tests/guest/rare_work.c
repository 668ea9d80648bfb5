// SPDX-License-Identifier: BSD-3-Clause
/* Work that other programs do not ask of a core: fused multiply-adds on both ways of a branch that nobody can predict, and
   a store right behind a load that faults, which the handler skips. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

static int faults;

static void skip(int number, siginfo_t *info, void *context) {
    (void)number, (void)info;
    ++faults;
    ((ucontext_t *)context)->uc_mcontext.__gregs[REG_PC] += 4;
}

int main(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = skip;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, 0);
    unsigned seed = 1;
    double x = 1, y = 0;
    for (int i = 0; i < 2000; ++i) {
        seed = seed * 1664525 + 1013904223;
        if (seed >> 31) x = __builtin_fma(x, 0.5, y);
        else y = __builtin_fma(y, 0.25, x);
    }
    long place = 1;
    for (int i = 0; i < 3; ++i)
        __asm__ volatile(".option push\n .option norvc\n ld t0, 0(zero)\n sd zero, 0(%0)\n .option pop"
                         : : "r"(&place) : "t0", "memory");
    printf("%d faults, %ld, %a %a\n", faults, place, x, y);
    return 0;
}
