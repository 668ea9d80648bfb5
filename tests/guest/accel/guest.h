// SPDX-License-Identifier: BSD-3-Clause
// What the programs that drive devices share: files, opening, jobs that must go well, saturation, a job for loopback.
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "accel.h"

// A file's bytes; ends the program where there is none.
static inline void *read_file(const char *path, uint64_t *bytes) {
    FILE *file = fopen(path, "rb");
    if (!file) return printf("cannot read %s\n", path), exit(1), NULL;
    fseek(file, 0, SEEK_END);
    *bytes = (uint64_t)ftell(file);
    rewind(file);
    void *data = malloc(*bytes + 1);
    if (fread(data, 1, *bytes, file) != *bytes) exit(1);
    fclose(file);
    return data;
}

// `how`: null, or "sleep" to wait asleep.
static inline void open_device(struct accel *a, const char *engine, const char *how) {
    if (accel_open(a, engine) != ACCEL_OK) printf("there is no %s\n", engine), exit(1);
    if (how && strcmp(how, "sleep") == 0) accel_use_interrupts(a, true);
}

static inline void run_well(struct accel *a, const struct accel_job *job, struct accel_completion *c, const char *what) {
    const int status = accel_run(a, job, c);
    if (status != ACCEL_OK) printf("%s: %s\n", what, accel_status_name(status)), exit(1);
}

// Runs a job and compares its output with what it must be; prints its compute cycles.
static inline void run_as(struct accel *a, struct accel_job *job, const void *in, const void *expected) {
    struct accel_completion c;
    job->input = accel_load(a, in, job->input_bytes);
    job->output = accel_alloc(a, job->output_bytes);
    run_well(a, job, &c, "running");
    accel_take(a, job->output, job->output_bytes);
    if (memcmp(job->output, expected, job->output_bytes) != 0) puts("the outputs differ"), exit(1);
    printf("%lu\n", (unsigned long)c.compute_cycles);
}

static inline int64_t within(int64_t value, int64_t most) {
    return value > most ? most : value < -most - 1 ? -most - 1 : value;
}

// A loopback job that takes so many cycles and adds 7 to a word of the pool.
static inline struct accel_job adding_job(struct accel *a, uint32_t *word, uint32_t cycles) {
    const struct accel_loopback_model model = {ACCEL_LOOPBACK_MAGIC, 1, {7}};
    return (struct accel_job){.operation = ACCEL_LOOPBACK_ADD,
                              .model = accel_load(a, &model, 12),
                              .input = word,
                              .output = word,
                              .model_bytes = 12,
                              .input_bytes = 4,
                              .output_bytes = 4,
                              .arguments = {cycles}};
}
