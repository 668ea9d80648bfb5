// SPDX-License-Identifier: BSD-3-Clause
// Executes a word that no instruction has.
// status: 126
// error: unknown instruction \(SIGILL\) at pc 0x[0-9a-f]+ \(main\+0x[0-9a-f]+\), instruction 0x0000006b
#include <stdio.h>
int main(void) {
    printf("before\n");
    fflush(stdout);
    __asm__ volatile(".word 0x0000006b");
    printf("after\n");
    return 0;
}
