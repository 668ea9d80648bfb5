// SPDX-License-Identifier: BSD-3-Clause
// One thread waits for the device, the other computes: the interrupt gives the first one the hart at once.
// flags: -pthread
#include <pthread.h>
#include <stdatomic.h>
#include "guest.h"

static atomic_int is_done;
static int failures;

static void *drive(void *nothing) {
    struct accel a;
    struct accel_completion c;
    open_device(&a, "loopback", "sleep");
    uint32_t *word = accel_load(&a, &(uint32_t){35}, sizeof *word);
    const struct accel_job job = adding_job(&a, word, 5000);
    for (int n = 1; n <= 3; ++n)
        failures += accel_run(&a, &job, &c) != ACCEL_OK || *word != 35 + 7u * (unsigned)n;
    accel_close(&a);
    is_done = 1;
    return nothing;
}

int main(void) {
    pthread_t thread;
    long count = 0;
    pthread_create(&thread, NULL, drive, NULL);
    while (!is_done) ++count;
    pthread_join(thread, NULL);
    puts(failures || count < 1000 ? "failed" : "ok");
    return 0;
}
