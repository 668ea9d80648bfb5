// SPDX-License-Identifier: BSD-3-Clause
// Makes two system calls that are not implemented, one of them twice: ENOSYS, and one line for each number.
// status: 38
// error: system call init_module \(105\) is not implemented; the program gets ENOSYS\n.*call_500 \(500\) is not implemented; the program gets ENOSYS\n$
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void) {
    for (int i = 0; i < 2; ++i) syscall(105, 1, 2, 3);
    syscall(500);
    return errno;
}
