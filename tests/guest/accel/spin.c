// SPDX-License-Identifier: BSD-3-Clause
// One job that takes long. With the argument `sleep` the program sleeps meanwhile; with `nap` it takes naps, during which
// the device must go on.
#include <time.h>
#include "guest.h"

enum { SPIN = 40000 };

int main(int count, char **arguments) {
    struct accel a;
    struct accel_completion c;
    const char *how = count > 1 ? arguments[1] : "poll";
    open_device(&a, "loopback", how);
    uint32_t *word = accel_load(&a, &(uint32_t){35}, sizeof *word);
    const struct accel_job job = adding_job(&a, word, SPIN);
    if (accel_submit(&a, &job) < 0) return 1;
    if (strcmp(how, "nap") == 0) {
        int naps = 0;
        const struct timespec time = {.tv_nsec = 10000};
        for (; !accel_poll(&a, &c); ++naps) nanosleep(&time, NULL);
        printf("%d naps\n", naps);
    } else if (accel_wait(&a, &c, 1) == ACCEL_OK ||
               accel_wait(&a, &c, -1) != ACCEL_OK) {   // 1 us is too short
        return puts("waiting went wrong"), 1;
    }
    accel_take(&a, word, sizeof *word);
    if (c.status != ACCEL_OK || *word != 42 || c.compute_cycles < SPIN) return puts("the job went wrong"), 1;
    puts("ok");
    return 0;
}
