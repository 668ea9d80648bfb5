// SPDX-License-Identifier: BSD-3-Clause
// Clocks advance, agree with each other and honour sleeps; nothing here depends on how fast they run.
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static int64_t now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}

int main(void) {
    const int64_t start = now(CLOCK_MONOTONIC), real = now(CLOCK_REALTIME);
    volatile uint64_t work = 0;
    for (int i = 0; i < 20000; ++i) work += i;
    const int64_t after = now(CLOCK_MONOTONIC);
    printf("time passes: %d\n", after > start);
    const struct timespec nap = {0, 50000000};
    printf("sleep: %d\n", nanosleep(&nap, NULL));
    printf("slept 50 ms: %d\n", now(CLOCK_MONOTONIC) - after >= 50000000);
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += 1;
    const int64_t before = now(CLOCK_REALTIME);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    printf("slept until: %d\n", now(CLOCK_MONOTONIC) >= until.tv_sec * 1000000000ll + until.tv_nsec);
    printf("real time as well: %d\n", now(CLOCK_REALTIME) - before >= 900000000);
    struct timeval day;
    gettimeofday(&day, NULL);
    printf("day agrees: %d\n", day.tv_sec * 1000000000ll + day.tv_usec * 1000ll >= real);
    printf("time() agrees: %d\n", time(NULL) >= real / 1000000000);
    struct tms used;
    printf("times: %d\n", times(&used) != (clock_t)-1 && used.tms_cutime == 0);
    struct rusage usage;
    printf("rusage: %d\n", getrusage(RUSAGE_SELF, &usage));
    printf("clock(): %d\n", clock() >= 0);
    const struct timespec bad = {0, -1};
    printf("bad sleep: %d %s\n", nanosleep(&bad, NULL), strerror(errno));
    printf("bad clock: %d\n", clock_gettime(99, &until));
    return 0;
}
