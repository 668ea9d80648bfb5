// SPDX-License-Identifier: BSD-3-Clause
// Signals a program sends to itself: masks, pending ones, nested handlers, alternate stacks, queued values,
// one-shot handlers, sigsuspend, and what a handler sees and may change of the registers.
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

static volatile sig_atomic_t seen[65], order[16], count;
static volatile int value, code, nested, on_stack;
static char alternate[32768];
static sigjmp_buf back;

static void note(int number) {
    ++seen[number];
    if (count < 16) order[count++] = number;
}
static void with_info(int number, siginfo_t *info, void *context) {
    (void)context;
    note(number);
    value = info->si_value.sival_int;
    code = info->si_code;
}
static void nests(int number) {
    ++nested;
    if (nested == 1) raise(SIGUSR2);
    note(number);
}
static void where(int number) {
    char here;
    note(number);
    on_stack = &here >= alternate && &here < alternate + sizeof alternate;
}
static void jumps(int number) {
    note(number);
    siglongjmp(back, number);
}
static void doubles(int number, siginfo_t *info, void *context) {
    (void)info;
    note(number);
    ucontext_t *u = context;
    u->uc_mcontext.__gregs[9] *= 2;   // s1
    double d;
    memcpy(&d, &u->uc_mcontext.__fpregs.__d.__f[8], 8);   // fs0
    d *= 2;
    memcpy(&u->uc_mcontext.__fpregs.__d.__f[8], &d, 8);
}

static void install(int number, void (*handler)(int), int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigaction(number, &action, NULL);
}

int main(void) {
    install(SIGUSR1, note, 0);
    raise(SIGUSR1);
    kill(getpid(), SIGUSR1);
    printf("raised: %d\n", seen[SIGUSR1]);

    sigset_t set, old, pending;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, &old);
    install(SIGTERM, note, 0);
    raise(SIGTERM);
    raise(SIGUSR1);
    raise(SIGUSR1);
    sigpending(&pending);
    printf("blocked: %d %d, pending: %d %d\n", seen[SIGUSR1], seen[SIGTERM], sigismember(&pending, SIGUSR1),
           sigismember(&pending, SIGTERM));
    sigprocmask(SIG_SETMASK, &old, NULL);
    printf("unblocked: %d %d\n", seen[SIGUSR1], seen[SIGTERM]);

    struct sigaction action = {.sa_sigaction = with_info, .sa_flags = SA_SIGINFO};
    sigaction(SIGRTMIN, &action, NULL);
    sigprocmask(SIG_BLOCK, &(sigset_t){{1ul << (SIGRTMIN - 1)}}, NULL);
    for (int i = 1; i <= 3; ++i) sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = i * 11});
    sigprocmask(SIG_UNBLOCK, &(sigset_t){{1ul << (SIGRTMIN - 1)}}, NULL);
    printf("queued: %d, last value %d, from queue %d\n", seen[SIGRTMIN], value, code == SI_QUEUE);

    install(SIGUSR1, nests, 0);
    install(SIGUSR2, nests, 0);
    raise(SIGUSR1);
    printf("nested: %d\n", nested);

    const stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
    sigaltstack(&stack, NULL);
    install(SIGUSR1, where, SA_ONSTACK);
    raise(SIGUSR1);
    printf("on the alternate stack: %d\n", on_stack);
    install(SIGUSR1, where, SA_RESETHAND);
    raise(SIGUSR1);
    sigaction(SIGUSR1, NULL, &action);
    printf("on it: %d, reset: %d\n", on_stack, action.sa_handler == SIG_DFL);

    install(SIGUSR2, jumps, 0);
    for (volatile int i = 0; i < 3; ++i) {
        const int number = sigsetjmp(back, 1);
        if (number == 0) raise(SIGUSR2);
        printf("jumped out of %s\n", number == SIGUSR2 ? "SIGUSR2" : "another");
    }

    struct sigaction twice = {.sa_sigaction = doubles, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &twice, NULL);
    register int64_t s1 __asm__("s1") = 21;
    register double fs0 __asm__("fs0") = 1.25;
    register long a0 __asm__("a0") = getpid();
    register long a1 __asm__("a1") = SIGUSR1;
    register long a7 __asm__("a7") = 129;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(s1), "+f"(fs0) : "r"(a1), "r"(a7) : "memory");
    printf("doubled: %ld %.2f\n", (long)s1, fs0);

    install(SIGUSR1, note, 0);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &old);
    raise(SIGUSR1);
    sigemptyset(&set);
    errno = 0;
    const int result = sigsuspend(&set);
    printf("suspended: %d %s\n", result, strerror(errno));
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    raise(SIGUSR1);
    printf("waited: %d\n", sigwaitinfo(&set, NULL) == SIGUSR1);
    const struct timespec little = {0, 1000000};
    printf("timed out: %d %d\n", sigtimedwait(&set, NULL, &little), errno == EAGAIN);
    install(SIGCHLD, SIG_DFL, 0);
    raise(SIGCHLD);
    install(SIGTERM, SIG_IGN, 0);
    raise(SIGTERM);
    printf("bad signal: %d %s\n", kill(getpid(), 99), strerror(errno));
    printf("order:");
    for (int i = 0; i < count; ++i) printf(" %d", order[i]);
    printf("\n");
    return 0;
}
