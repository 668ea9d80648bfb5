// SPDX-License-Identifier: BSD-3-Clause
// One job that takes long. With the argument `sleep` the program sleeps meanwhile; with `nap` it takes naps, during which
// the device must go on.
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "accel.h"

enum { SPIN = 40000 };

int main(int count, char **arguments) {
    struct accel a;
    struct accel_completion c;
    const char *how = count > 1 ? arguments[1] : "poll";
    if (accel_open(&a, "loopback") != ACCEL_OK) return puts("cannot open"), 1;
    if (strcmp(how, "sleep") == 0) accel_use_interrupts(&a, true);
    const struct accel_loopback_model model = {ACCEL_LOOPBACK_MAGIC, 1, {7}};
    uint32_t *word = accel_load(&a, &(uint32_t){35}, sizeof *word);
    const struct accel_job job = {.operation = ACCEL_LOOPBACK_ADD,
                                  .model = accel_load(&a, &model, 12),
                                  .input = word,
                                  .output = word,
                                  .model_bytes = 12,
                                  .input_bytes = 4,
                                  .output_bytes = 4,
                                  .arguments = {SPIN}};
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
