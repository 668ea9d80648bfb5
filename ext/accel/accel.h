/* SPDX-License-Identifier: BSD-3-Clause */
/* Drives an accelerator from a program: open, load a model, submit, wait, read results and counters. C11, no
 * dependencies, usable from C++. Build accel.c with the program; on a bare board define ACCEL_BARE for both and say
 * ACCEL_POOL(0, bytes) in one file. README.md tells more. */
#ifndef ACCEL_H
#define ACCEL_H

#include <stdbool.h>
#include "accel_device.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What calls return when they fail; jobs end with ACCEL_OK or one of its neighbours, which are not negative. */
enum {
    ACCEL_NO_DEVICE = -1,  /* there is none of that name */
    ACCEL_NO_ROOM = -2,    /* the submission ring or the pool is full */
    ACCEL_TIMEOUT = -3,
    ACCEL_NO_JOB = -4,     /* nothing is outstanding, or not that tag */
    ACCEL_BROKEN = -5      /* the device reports an error of the queue: see accel_errors() */
};

enum { ACCEL_RING = 64 }; /* entries of each ring, and so jobs outstanding */

/* A driver is one device, used by one thread at a time. Its fields are the library's own. */
struct accel {
    volatile uint8_t *registers;
    uint8_t *pool;
    uint64_t pool_bus, pool_bytes, pool_used;
    struct accel_descriptor *submission;
    volatile struct accel_completion *completion;
    volatile struct accel_indices *indices;
    uint32_t tail, head, next_tag;
    uint32_t outstanding;
    uint32_t tags[ACCEL_RING];                    /* given and not completed, oldest first from `oldest` on */
    uint32_t oldest;
    struct accel_completion kept[ACCEL_RING];     /* seen, but not asked for yet */
    uint32_t kept_count;
    int file;                                     /* -1 on a bare board */
    bool sleeps;                                  /* wait in the kernel, not by polling */
    bool snoops;                                  /* DMA is coherent: give and take have nothing to do */
};

/* Opens the first device whose engine has that name ("eie", "loopback"), resets it and sets its rings up. */
int accel_open(struct accel *a, const char *name);
void accel_close(struct accel *a);

/* Memory that the device reaches, 64-byte aligned; null when the pool is used up. accel_free_all() forgets all of it. */
void *accel_alloc(struct accel *a, uint64_t bytes);
void accel_free_all(struct accel *a);
/* A copy in the pool: models and inputs. */
void *accel_load(struct accel *a, const void *from, uint64_t bytes);
/* The device's address of something in the pool; an address that is not granted to it for anything else. */
uint64_t accel_bus(const struct accel *a, const void *p);

/* A device whose DMA is not coherent sees what the program has given, and the program sees results when it has taken
 * them; lines of 64 bytes must not be shared. accel_load() gives; rings are the library's matter. Both are free where DMA is
 * coherent. */
void accel_give(const struct accel *a, const void *p, uint64_t bytes);
void accel_take(const struct accel *a, const void *p, uint64_t bytes);

/* A job on memory of the pool. Fields not named here are 0. */
struct accel_job {
    uint16_t operation, flags;
    const void *model, *input;
    void *output;
    uint32_t model_bytes, input_bytes, output_bytes;
    uint32_t arguments[4];
};
/* Gives the job to the device; its tag (0 or more), or ACCEL_NO_ROOM. */
int64_t accel_submit(struct accel *a, const struct accel_job *job);
/* The same with a descriptor as it stands; the library sets its tag only. */
int64_t accel_submit_raw(struct accel *a, const struct accel_descriptor *descriptor);
/* Several descriptors with one doorbell; the first one's tag, the others have the numbers that follow. */
int64_t accel_submit_many(struct accel *a, const struct accel_descriptor *descriptors, uint32_t count);

/* The oldest completion not yet handed out. accel_poll() returns at once: 1, or 0 where there is none. accel_wait()
 * returns ACCEL_OK once there is one, or ACCEL_NO_JOB, ACCEL_TIMEOUT, ACCEL_BROKEN. */
int accel_poll(struct accel *a, struct accel_completion *completion);
int accel_wait(struct accel *a, struct accel_completion *completion, int64_t timeout_us); /* below 0: no limit */
/* Waits for one tag; others are kept for later calls. */
int accel_wait_tag(struct accel *a, int64_t tag, struct accel_completion *completion, int64_t timeout_us);
/* Submits, waits, and returns how the job ended; `completion` may be null. */
int accel_run(struct accel *a, const struct accel_job *job, struct accel_completion *completion);

/* How accel_wait() waits: asleep until the interrupt (Linux only), or by reading memory. At first: polling. */
int accel_use_interrupts(struct accel *a, bool on);
void accel_coalesce(struct accel *a, uint32_t count, uint32_t cycles);

/* Drops every outstanding job; each is then handed out with status ACCEL_RESET. */
void accel_reset(struct accel *a);
uint32_t accel_errors(struct accel *a);           /* ACCEL_ERROR_*, cleared by reading */
uint64_t accel_counter(const struct accel *a, unsigned offset);   /* ACCEL_REG_CYCLES and those behind it */
const char *accel_status_name(int status);

static inline uint64_t accel_job_cycles(const struct accel_completion *c) {
    return c->load_cycles + c->compute_cycles + c->store_cycles;
}

/* Registers as they are, for drivers of their own. */
static inline uint32_t accel_read32(const struct accel *a, unsigned offset) {
    return *(volatile const uint32_t *)(a->registers + offset);
}
static inline uint64_t accel_read64(const struct accel *a, unsigned offset) {
    return *(volatile const uint64_t *)(a->registers + offset);
}
static inline void accel_write32(struct accel *a, unsigned offset, uint32_t value) {
    *(volatile uint32_t *)(a->registers + offset) = value;
}
static inline void accel_write64(struct accel *a, unsigned offset, uint64_t value) {
    *(volatile uint64_t *)(a->registers + offset) = value;
}

#define ACCEL_POOL(number, bytes) \
    __attribute__((aligned(4096), used)) uint8_t __accel##number##_pool[bytes]

#ifdef __cplusplus
}
#endif

#endif
