// SPDX-License-Identifier: BSD-3-Clause
// A driver that forgets one thing or both where DMA is not coherent: to give its input ("give"), to take the output ("take").
#include <stdio.h>
#include <string.h>
#include "accel.h"

int main(int count, char **arguments) {
    struct accel a;
    const char *forgets = count > 1 ? arguments[1] : "nothing";
    if (accel_open(&a, "loopback") != ACCEL_OK) return puts("cannot open"), 1;
    uint32_t *in = accel_alloc(&a, 4096), *out = accel_alloc(&a, 4096), sum = 0;
    for (int i = 0; i < 1024; ++i) in[i] = (uint32_t)i, out[i] = 0;
    if (!strstr(forgets, "give")) accel_give(&a, in, 4096);
    accel_give(&a, out, 4096);   // else the device's lines would be overwritten later by what was dirty
    const struct accel_job job = {.operation = ACCEL_LOOPBACK_COPY,
                                  .input = in,
                                  .output = out,
                                  .input_bytes = 4096,
                                  .output_bytes = 4096};
    if (accel_run(&a, &job, NULL) != ACCEL_OK) return puts("the job went wrong"), 1;
    if (!strstr(forgets, "take")) accel_take(&a, out, 4096);
    for (int i = 0; i < 1024; ++i) sum += out[i];
    printf("%u at %p and %p\n", sum, (void *)in, (void *)out);
    return 0;
}
