// SPDX-License-Identifier: BSD-3-Clause
// Stores to its own read-only code.
// status: 126
// error: store to 0x[0-9a-f]+, which may not be written \(SIGSEGV\) at pc 0x[0-9a-f]+ \(main
int main(void) {
    *(volatile char *)(void *)main = 1;
    return 0;
}
