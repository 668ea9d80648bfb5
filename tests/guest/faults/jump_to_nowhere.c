// SPDX-License-Identifier: BSD-3-Clause
// Calls a function pointer that points nowhere.
// status: 126
// error: jump to 0xdeadbee0, which is not mapped \(SIGSEGV\) at pc 0xdeadbee0 \(no symbol\), instruction not readable
#include <stdint.h>
int main(void) {
    void (*volatile nowhere)(void) = (void (*)(void))(uintptr_t)0xdeadbee0;
    nowhere();
    return 0;
}
