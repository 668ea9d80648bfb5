// SPDX-License-Identifier: BSD-3-Clause
// Recurses without end, first with a handler that runs on an alternate stack and then without one.
// status: 126
// error: store to 0x3ff[0-9a-f]+, which is not mapped \(SIGSEGV\) at pc 0x[0-9a-f]+ \(recurse
// expect: caught an overflow
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
static sigjmp_buf back;
static char stack[65536];
static void on_overflow(int number) { siglongjmp(back, number); }
__attribute__((noinline)) static int recurse(int n) {
    volatile char held[4000];
    held[0] = (char)n;
    return n < 0 ? 0 : recurse(n + 1) + held[0];
}
int main(void) {
    const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternate, NULL);
    struct sigaction action = {.sa_handler = on_overflow, .sa_flags = SA_ONSTACK};
    sigaction(SIGSEGV, &action, NULL);
    if (sigsetjmp(back, 1) == 0) recurse(1);
    printf("caught an overflow\n");
    fflush(stdout);
    signal(SIGSEGV, SIG_DFL);
    return recurse(1);
}
