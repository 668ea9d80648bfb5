// SPDX-License-Identifier: BSD-3-Clause
// Drives the loopback engine in every way that the library knows; the reference is the same work in plain C.
// With the argument `sleep` it waits for interrupts, else it polls.
#include <stdio.h>
#include <string.h>
#include "accel.h"

#ifdef ACCEL_BARE
ACCEL_POOL(0, 1 << 20);
#endif

enum { WORDS = 3000, JOBS = 40 };
static uint32_t input[WORDS], expected[WORDS];
static int failures;

static void check(int holds, const char *claim) {
    if (holds) return;
    printf("FAILED: %s\n", claim);
    ++failures;
}

static void copy(struct accel *a) {
    struct accel_completion c;
    uint32_t *in = accel_load(a, input, sizeof input), *out = accel_alloc(a, sizeof input);
    const struct accel_job job = {.operation = ACCEL_LOOPBACK_COPY,
                                  .input = in,
                                  .output = out,
                                  .input_bytes = sizeof input,
                                  .output_bytes = sizeof input};
    check(accel_run(a, &job, &c) == ACCEL_OK, "a copy ends well");
    accel_take(a, out, sizeof input);
    check(memcmp(out, input, sizeof input) == 0, "a copy equals its source");
    check(c.compute_cycles >= sizeof input / 8 && c.load_cycles > 0 && c.store_cycles > 0,
          "a copy takes time");
}

static void sum(struct accel *a) {
    uint64_t reference = 0;
    for (int i = 0; i < WORDS; ++i) reference += input[i];
    uint64_t *out = accel_alloc(a, sizeof *out);
    const struct accel_job job = {.operation = ACCEL_LOOPBACK_SUM,
                                  .input = accel_load(a, input, sizeof input),
                                  .output = out,
                                  .input_bytes = sizeof input,
                                  .output_bytes = 8};
    const int status = accel_run(a, &job, NULL);
    accel_take(a, out, sizeof *out);
    check(status == ACCEL_OK && *out == reference, "the sum is right");
}

// Many at once, of different lengths; they complete in the order in which they were given.
static void many(struct accel *a) {
    const struct accel_loopback_model model = {ACCEL_LOOPBACK_MAGIC, 3, {1, 10, 100}};
    const void *in = accel_load(a, input, sizeof input), *m = accel_load(a, &model, sizeof model);
    uint32_t *out[JOBS];
    int64_t first = 0;
    for (int j = 0; j < JOBS; ++j) {
        const uint32_t bytes = 4 + j * 37 % 400 * 4;
        out[j] = accel_alloc(a, bytes);
        const struct accel_job job = {.operation = ACCEL_LOOPBACK_ADD,
                                      .model = m,
                                      .input = in,
                                      .output = out[j],
                                      .model_bytes = sizeof model,
                                      .input_bytes = bytes,
                                      .output_bytes = bytes};
        const int64_t tag = accel_submit(a, &job);
        check(tag >= 0, "a job finds room");
        if (j == 0) first = tag;
    }
    for (int i = 0; i < WORDS; ++i) expected[i] = input[i] + model.addend[i % 3];
    for (int j = 0; j < JOBS; ++j) {
        struct accel_completion c = {0};
        check(accel_wait(a, &c, -1) == ACCEL_OK && c.status == ACCEL_OK && c.tag == first + j,
              "jobs complete in order");
        accel_take(a, out[j], 4 + j * 37 % 400 * 4);
        check(memcmp(out[j], expected, 4 + j * 37 % 400 * 4) == 0, "what was added is right");
    }
}

// The second fails, so the third is cancelled; the fourth is no part of the chain.
static void chain(struct accel *a) {
    struct accel_descriptor d[4];
    memset(d, 0, sizeof d);
    for (int j = 0; j < 4; ++j) {
        d[j].input = d[j].output = accel_bus(a, accel_alloc(a, 64));
        d[j].input_bytes = d[j].output_bytes = 64;
        d[j].flags = j < 2 ? ACCEL_CHAIN : 0;
    }
    d[1].operation = 77;
    static const uint32_t wanted[4] = {ACCEL_OK, ACCEL_BAD_DESCRIPTOR, ACCEL_CANCELLED, ACCEL_OK};
    check(accel_submit_many(a, d, 4) >= 0, "a chain finds room");
    for (int j = 0; j < 4; ++j) {
        struct accel_completion c = {0};
        check(accel_wait(a, &c, -1) == ACCEL_OK && c.status == wanted[j],
              "an error cancels the rest of its chain only");
    }
}

static int status_of(struct accel *a, struct accel_job job) { return accel_run(a, &job, NULL); }

static void mistakes(struct accel *a) {
    struct accel_loopback_model model = {ACCEL_LOOPBACK_MAGIC, 3, {1, 10, 100}};
    uint32_t *p = accel_load(a, input, 64);
    const struct accel_job good = {.operation = ACCEL_LOOPBACK_ADD,
                                   .model = accel_load(a, &model, sizeof model),
                                   .input = p,
                                   .output = p,
                                   .model_bytes = sizeof model,
                                   .input_bytes = 64,
                                   .output_bytes = 64};
    struct accel_job bad = good;
    check(status_of(a, good) == ACCEL_OK, "a good job ends well");
    bad.input = input;   // not in the pool
    check(status_of(a, bad) == ACCEL_BAD_ADDRESS, "the device reaches its pool only");
    bad = good, bad.output_bytes = 60;
    check(status_of(a, bad) == ACCEL_BAD_DESCRIPTOR, "sizes must fit together");
    bad = good, bad.flags = 64;
    check(status_of(a, bad) == ACCEL_BAD_DESCRIPTOR, "flags must be known");
    model.magic ^= 1;
    bad = good, bad.model = accel_load(a, &model, sizeof model);
    check(status_of(a, bad) == ACCEL_BAD_MODEL, "a corrupt model is found out");
    check(status_of(a, good) == ACCEL_OK, "a good job still ends well");
}

static void reset(struct accel *a) {
    const struct accel_loopback_model model = {ACCEL_LOOPBACK_MAGIC, 1, {1}};
    uint32_t *p = accel_alloc(a, 4096);
    const struct accel_job job = {.operation = ACCEL_LOOPBACK_ADD,
                                  .model = accel_load(a, &model, sizeof model),
                                  .input = p,
                                  .output = p,
                                  .model_bytes = sizeof model,
                                  .input_bytes = 4096,
                                  .output_bytes = 4096,
                                  .arguments = {2000}};
    int64_t tag = 0;
    for (int j = 0; j < 5; ++j) tag = accel_submit(a, &job);
    accel_reset(a);
    struct accel_completion c = {0};
    check(accel_wait_tag(a, tag, &c, -1) == ACCEL_OK && c.status == ACCEL_RESET,
          "a reset ends what was outstanding");
    for (int j = 0; j < 4; ++j) check(accel_wait(a, &c, -1) == ACCEL_OK, "every job gets its answer");
    check(accel_wait(a, &c, -1) == ACCEL_NO_JOB, "but only one");
    check(status_of(a, job) == ACCEL_OK, "the next job works");
}

int main(int count, char **arguments) {
    struct accel a;
    const int opened = accel_open(&a, "loopback");
    if (opened != ACCEL_OK) return printf("cannot open: %s\n", accel_status_name(opened)), 1;
    for (uint32_t i = 0; i < WORDS; ++i) input[i] = i * 2654435761u;
    if (count > 1 && strcmp(arguments[1], "sleep") == 0)
        check(accel_use_interrupts(&a, true) == ACCEL_OK, "interrupts");
    static void (*const parts[])(struct accel *) = {copy, sum, many, chain, mistakes, reset};
    for (unsigned part = 0; part < sizeof parts / sizeof *parts; ++part) {
        parts[part](&a);
        accel_free_all(&a);
    }
    check(accel_counter(&a, ACCEL_REG_JOBS) >= 50, "jobs are counted");
    check(accel_errors(&a) == 0, "the queue has seen no error");
    accel_close(&a);
    printf("%s\n", failures ? "failed" : "ok");
    return failures != 0;
}
