// SPDX-License-Identifier: BSD-3-Clause
// A SIGSEGV handler that repairs what was wrong and returns into the middle of a block: by mapping the page,
// by changing a register, by skipping the instruction, by changing a floating-point register; and handlers
// for SIGILL and SIGTRAP.
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

enum Repair { kMapPage, kChangeRegister, kSkip, kSkipAndSetFloat };
static volatile enum Repair repair;
static volatile int faults;
static void *volatile wanted_address;
static char *area;
static uint64_t good = 4242;

static unsigned length_at(uintptr_t pc) { return (*(uint16_t *)pc & 3) == 3 ? 4 : 2; }

static void on_fault(int number, siginfo_t *info, void *context) {
    ucontext_t *u = context;
    ++faults;
    if (info->si_addr != wanted_address) printf("unexpected address for signal %d\n", number);
    if (number != SIGSEGV || repair == kSkip || repair == kSkipAndSetFloat)
        u->uc_mcontext.__gregs[REG_PC] += length_at(u->uc_mcontext.__gregs[REG_PC]);
    else if (repair == kMapPage)
        mprotect((void *)((uintptr_t)info->si_addr & ~(uintptr_t)4095), 4096, PROT_READ | PROT_WRITE);
    else u->uc_mcontext.__gregs[11] = (uintptr_t)&good;   // a1
    if (repair == kSkipAndSetFloat) {
        const double value = 2.75;
        memcpy(&u->uc_mcontext.__fpregs.__d.__f[10], &value, sizeof value);   // fa0
    }
}

// One block: values before and after the access that faults.
static uint64_t load_between(uint64_t x, const uint64_t *from) {
    register uint64_t a0 __asm__("a0") = x;
    register const uint64_t *a1 __asm__("a1") = from;
    __asm__ volatile(
        "addi a0, a0, 1\n slli t0, a0, 3\n xor t1, t0, a0\n li a2, 7\n"
        "ld a2, 0(a1)\n"
        "add a0, a0, a2\n add a0, a0, t0\n xor a0, a0, t1\n"
        : "+r"(a0), "+r"(a1)
        :
        : "a2", "t0", "t1", "memory");
    return a0;
}
static double load_float(const double *from) {
    register double fa0 __asm__("fa0") = 1.0;
    __asm__ volatile("fld fa0, 0(%1)\n fadd.d fa0, fa0, fa0\n" : "+f"(fa0) : "r"(from) : "memory");
    return fa0;
}

int main(void) {
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGILL, &action, NULL);
    sigaction(SIGTRAP, &action, NULL);
    area = mmap(NULL, 64 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    repair = kMapPage;
    uint64_t sum = 0;
    for (int page = 0; page < 16; ++page) {
        wanted_address = area + page * 4096 + 8 * page;
        sum = sum * 5 + load_between(page, wanted_address);
        *(uint64_t *)wanted_address = sum;
    }
    printf("map: %llu after %d faults\n", (unsigned long long)sum, faults);

    repair = kChangeRegister;
    wanted_address = area + 40 * 4096;
    for (int i = 0; i < 10; ++i) sum = sum * 5 + load_between(i, wanted_address);
    printf("register: %llu after %d faults\n", (unsigned long long)sum, faults);

    repair = kSkip;
    wanted_address = area + 41 * 4096 + 16;
    for (int i = 0; i < 10; ++i) sum = sum * 5 + load_between(i, wanted_address);
    printf("skip: %llu after %d faults\n", (unsigned long long)sum, faults);
    *(volatile uint32_t *)wanted_address = 9;   // a store that faults
    printf("store skipped after %d faults\n", faults);

    // A dead old value, defined just before: the load that would overwrite it is skipped.
    uint64_t kept;
    __asm__ volatile("li a2, 77\n ld a2, 0(%1)\n mv %0, a2\n" : "=r"(kept) : "r"(wanted_address) : "a2", "memory");
    printf("kept: %llu\n", (unsigned long long)kept);

    repair = kSkipAndSetFloat;
    printf("float: %.3f after %d faults\n", load_float(wanted_address), faults);

    repair = kSkip;
    void *here;
    __asm__ volatile("la %0, 1f\n sd %0, 0(%1)\n1: .word 0x0000006b\n"
                     : "=&r"(here)
                     : "r"(&wanted_address)
                     : "memory");
    printf("illegal instruction skipped after %d faults\n", faults);
    __asm__ volatile("la %0, 1f\n sd %0, 0(%1)\n1: ebreak\n" : "=&r"(here) : "r"(&wanted_address) : "memory");
    printf("breakpoint skipped after %d faults\n", faults);
    return 0;
}
