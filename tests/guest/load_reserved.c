// SPDX-License-Identifier: BSD-3-Clause
// Loops of LR and SC in both widths, SC without a reservation, AMOs of every kind.
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

static uint64_t cell64;
static uint32_t cell32;

static uint64_t fetch_and_triple(uint64_t *p) {
    uint64_t old, value, failed;
    __asm__ volatile(
        "1: lr.d.aq %0, (%3)\n slli %1, %0, 1\n add %1, %1, %0\n addi %1, %1, 1\n sc.d.rl %2, %1, (%3)\n "
        "bnez %2, 1b"
        : "=&r"(old), "=&r"(value), "=&r"(failed)
        : "r"(p)
        : "memory");
    return old;
}
static int32_t clamp_increment(uint32_t *p, int32_t limit) {
    int32_t old, value, failed;
    __asm__ volatile(
        "1: lr.w %0, (%3)\n bge %0, %4, 2f\n addiw %1, %0, 1\n sc.w %2, %1, (%3)\n bnez %2, 1b\n2:"
        : "=&r"(old), "=&r"(value), "=&r"(failed)
        : "r"(p), "r"(limit)
        : "memory");
    return old;
}
static uint64_t lonely_store(uint64_t *p) {   // no reservation: must fail and leave memory alone
    uint64_t failed, other = 0, ignored;
    __asm__ volatile("lr.d %1, (%3)\n sc.d %1, %1, (%3)\n sc.d %0, %2, (%4)\n"
                     : "=&r"(failed), "=&r"(ignored)
                     : "r"((uint64_t)999), "r"(&other), "r"(p)
                     : "memory");
    return failed != 0;
}

int main(void) {
    cell64 = 1;
    uint64_t sum = 0;
    for (int i = 0; i < 1000; ++i) sum = sum * 5 + fetch_and_triple(&cell64);
    printf("triple %llu %llu\n", (unsigned long long)cell64, (unsigned long long)sum);
    cell32 = (uint32_t)-5;
    int rises = 0;
    for (int i = 0; i < 20; ++i) rises += clamp_increment(&cell32, 7) < 7;
    printf("clamp %d after %d\n", (int)cell32, rises);
    cell64 = 77;
    const uint64_t failed = lonely_store(&cell64);
    printf("lonely failed %llu, cell %llu\n", (unsigned long long)failed, (unsigned long long)cell64);

    _Atomic uint64_t a64 = 0x123456789abcdef0;
    _Atomic uint32_t a32 = 0x89abcdef;
    uint64_t old = 0;
    for (uint32_t i = 1; i < 200; ++i) {
        old += atomic_fetch_add(&a64, i * 3u) ^ atomic_fetch_xor(&a32, i * 77u);
        old += atomic_fetch_or(&a64, i) ^ atomic_fetch_and(&a32, ~i) ^ atomic_fetch_sub(&a32, i << 20);
        old ^= atomic_exchange(&a64, old * 9);
    }
    printf("atomics %llx %x %llx\n", (unsigned long long)a64, (unsigned)a32, (unsigned long long)old);
    uint64_t memory[4] = {5, (uint64_t)-5, 5, (uint64_t)-5}, was[4];
    __asm__ volatile(
        "amomax.d %0, %4, (%8)\n amomin.d %1, %5, (%9)\n amomaxu.d %2, %6, (%10)\n amominu.w %3, %7, (%11)\n"
        : "=&r"(was[0]), "=&r"(was[1]), "=&r"(was[2]), "=&r"(was[3])
        : "r"(-3l), "r"(3l), "r"(-3l), "r"(3l), "r"(&memory[0]), "r"(&memory[1]), "r"(&memory[2]),
          "r"(&memory[3])
        : "memory");
    for (int i = 0; i < 4; ++i)
        printf("minmax %llx was %llx\n", (unsigned long long)memory[i], (unsigned long long)was[i]);
    return 0;
}
