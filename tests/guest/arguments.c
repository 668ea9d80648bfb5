// SPDX-License-Identifier: BSD-3-Clause
// Arguments, environment, the auxiliary vector, what the process is told about itself, and an exit status.
// arguments: one "two words" "" -x=3
// environment: HOME=/nowhere
// environment: EMPTY=
// status: 42
#define _GNU_SOURCE
#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

static void say_goodbye(void) { puts("at exit"); }

int main(int count, char **arguments, char **environment) {
    atexit(say_goodbye);
    for (int i = 1; i < count; ++i) printf("argument %d: '%s'\n", i, arguments[i]);
    printf("arguments end: %d\n", arguments[count] == NULL);
    printf("name ends: %s\n", strrchr(arguments[0], '/') + 1);
    printf("HOME %s, EMPTY '%s', absent %d\n", getenv("HOME"), getenv("EMPTY"),
           getenv("SURELY_ABSENT") == NULL);
    printf("environment follows the arguments: %d\n", environment == arguments + count + 1);
    printf("page %lu, secure %lu, clock ticks %ld\n", getauxval(AT_PAGESZ), getauxval(AT_SECURE),
           sysconf(_SC_CLK_TCK));
    const Elf64_Phdr *headers = (const Elf64_Phdr *)getauxval(AT_PHDR);
    int loads = 0;
    for (unsigned long i = 0; i < getauxval(AT_PHNUM); ++i) loads += headers[i].p_type == PT_LOAD;
    printf("loaded segments %d, entry set %d, random set %d\n", loads, getauxval(AT_ENTRY) != 0,
           getauxval(AT_RANDOM) != 0);
    printf("I A C: %d\n", (getauxval(AT_HWCAP) & 0x105) == 0x105);
    struct utsname name;
    uname(&name);
    printf("%s %s\n", name.sysname, name.machine);
    printf("stack aligned %d\n", ((uintptr_t)arguments - 8) % 16 == 0);
    char link[512];
    const ssize_t n = readlink("/proc/self/exe", link, sizeof link - 1);
    link[n > 0 ? n : 0] = 0;
    printf("executable %s\n", strrchr(link, '/') + 1);
    printf("ids agree %d %d\n", getpid() == gettid(), getuid() == geteuid());
    struct rlimit limit;
    getrlimit(RLIMIT_STACK, &limit);
    printf("stack limit at least 1 MiB: %d\n", limit.rlim_cur >= 1 << 20);
    fflush(stdout);
    exit(42);
}
