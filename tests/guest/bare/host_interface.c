// SPDX-License-Identifier: BSD-3-Clause
// Ends through HTIF: characters and an exit code stored to `tohost`.
// expect: htif says hello
// status: 5
#include <stdint.h>

volatile uint64_t tohost __attribute__((aligned(4096)));
volatile uint64_t fromhost;

static void put(char c) {
    while (tohost) {
    }
    tohost = (uint64_t)1 << 56 | (uint64_t)1 << 48 | (unsigned char)c;
}

int main(void) {
    for (const char *p = "htif says hello\n"; *p; ++p) put(*p);
    tohost = 5 << 1 | 1;
    for (;;) {
    }
}
