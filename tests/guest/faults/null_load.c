// SPDX-License-Identifier: BSD-3-Clause
// Loads from address 0 without a handler.
// status: 126
// error: load from 0x8, which is not mapped \(SIGSEGV\) at pc 0x[0-9a-f]+ \(reads_nothing(\+0x[0-9a-f]+)?\), instruction 0x
#include <stdint.h>
__attribute__((noinline)) static uint64_t reads_nothing(const volatile uint64_t *p) { return p[1]; }
int main(int count, char **arguments) {
    (void)arguments;
    return (int)reads_nothing((const uint64_t *)(uintptr_t)(count - 1));
}
