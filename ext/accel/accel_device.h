/* SPDX-License-Identifier: BSD-3-Clause */
/* What a driver and an accelerator agree on: registers, descriptors, completions. The simulated device includes this
 * very file. All numbers are little-endian; README.md beside it tells how to drive a device. */
#ifndef ACCEL_DEVICE_H
#define ACCEL_DEVICE_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define ACCEL_MAGIC 0x43414b53u /* "SKAC" */
#define ACCEL_VERSION 0x00010000u /* major in the upper half: another one is another layout */

/* Offsets in the register page. 32-bit registers are read and written as 32 bits, 64-bit ones as 64 bits or as two
 * halves, low half first. Other accesses read 0 and write nothing. */
enum {
    ACCEL_REGISTER_BYTES = 4096,

    /* What the device is: read only. */
    ACCEL_REG_MAGIC = 0x000,        /* ACCEL_MAGIC */
    ACCEL_REG_VERSION = 0x004,      /* ACCEL_VERSION */
    ACCEL_REG_NAME = 0x008,         /* 64 bits: up to 8 ASCII characters, "eie" */
    ACCEL_REG_CAPABILITIES = 0x010, /* ACCEL_CAN_* */
    ACCEL_REG_MAX_ENTRIES = 0x014,  /* of a ring */
    ACCEL_REG_CLOCK_KHZ = 0x018,    /* of the device's clock, which all its cycles count */
    ACCEL_REG_POOL_BASE = 0x020,    /* 64 bits: bus address of the memory granted to the device */
    ACCEL_REG_POOL_BYTES = 0x028,   /* 64 bits */

    /* The rings. Bases are bus addresses, aligned to one entry; sizes are powers of two. To be written while the
     * device is idle. Indices run freely from 0; index modulo size is the entry. */
    ACCEL_REG_SUBMISSION_BASE = 0x040,    /* 64 bits */
    ACCEL_REG_SUBMISSION_ENTRIES = 0x048,
    ACCEL_REG_SUBMISSION_HEAD = 0x04c,    /* read only: descriptors that the device has taken in */
    ACCEL_REG_DOORBELL = 0x050,           /* the driver's submission tail; writing it starts the device */
    ACCEL_REG_COMPLETION_BASE = 0x060,    /* 64 bits */
    ACCEL_REG_COMPLETION_ENTRIES = 0x068,
    ACCEL_REG_COMPLETION_TAIL = 0x06c,    /* read only: completions that the device has written */
    ACCEL_REG_COMPLETION_HEAD = 0x070,    /* completions that the driver has read */
    ACCEL_REG_INDEX_BASE = 0x078,         /* 64 bits: bus address of a struct accel_indices, or 0 */

    ACCEL_REG_INTERRUPT_STATUS = 0x080, /* ACCEL_INTERRUPT_*; writing 1 clears */
    ACCEL_REG_INTERRUPT_ENABLE = 0x084, /* the line is high while status & enable is not 0 */
    ACCEL_REG_COALESCE_COUNT = 0x088,   /* completions that raise one interrupt; 0 and 1: each */
    ACCEL_REG_COALESCE_CYCLES = 0x08c,  /* device cycles after which fewer do as well; 0: never */

    ACCEL_REG_ERROR = 0x090, /* ACCEL_ERROR_*; writing 1 clears */
    ACCEL_REG_RESET = 0x094, /* writing 1 resets; reads 1 until that is done */
    ACCEL_REG_STATE = 0x098, /* read only: ACCEL_STATE_* */

    /* Counters since power on, 64 bits, read only. */
    ACCEL_REG_CYCLES = 0x0c0,         /* of the device's clock */
    ACCEL_REG_BUSY_CYCLES = 0x0c8,    /* with a job in the engine */
    ACCEL_REG_LOAD_CYCLES = 0x0d0,    /* of those: getting model and input */
    ACCEL_REG_COMPUTE_CYCLES = 0x0d8,
    ACCEL_REG_STORE_CYCLES = 0x0e0,
    ACCEL_REG_JOBS = 0x0e8,           /* completed, with whatever status */
    ACCEL_REG_FAILED_JOBS = 0x0f0,    /* of those: with a status other than ACCEL_OK */
    ACCEL_REG_BYTES_READ = 0x0f8,     /* by DMA */
    ACCEL_REG_BYTES_WRITTEN = 0x100
};

enum { ACCEL_CAN_CHAIN = 1, ACCEL_CAN_COALESCE = 2, ACCEL_CAN_SNOOP = 4 /* DMA is coherent */ };

enum {
    ACCEL_INTERRUPT_COMPLETION = 1, /* completions have been written */
    ACCEL_INTERRUPT_ERROR = 2       /* ACCEL_REG_ERROR has become other than 0 */
};

enum {
    ACCEL_ERROR_RING = 1,     /* a doorbell, but a ring's base or size is not usable, or outside the pool */
    ACCEL_ERROR_OVERFLOW = 2, /* a doorbell beyond what the submission ring holds; it was ignored */
    ACCEL_ERROR_INDEX = 4,    /* a completion head that is not between the old one and the tail; it was ignored */
    ACCEL_ERROR_BUSY = 8,     /* a ring register was written while the device was not idle; it was ignored */
    ACCEL_ERROR_WRITE = 16    /* completion or indices could not be written */
};

enum {
    ACCEL_STATE_BUSY = 1,      /* a job is in the engine */
    ACCEL_STATE_STALLED = 2,   /* the completion ring is full */
    ACCEL_STATE_RESETTING = 4
};

/* How a job ended. */
enum {
    ACCEL_OK = 0,
    ACCEL_BAD_DESCRIPTOR = 1, /* malformed: unknown operation or flags, sizes that do not fit together */
    ACCEL_BAD_ADDRESS = 2,    /* a range that is not granted to the device */
    ACCEL_BAD_MODEL = 3,      /* the model is not of this device or not intact */
    ACCEL_OVERFLOW = 4,       /* more descriptors than the ring holds (tag ACCEL_NO_TAG), or more data than fits */
    ACCEL_CANCELLED = 5,      /* an earlier descriptor of its chain has failed */
    ACCEL_RESET = 6           /* the device was reset before it ended; said by the library only */
};

#define ACCEL_NO_TAG 0xffffffffu /* of a completion that answers no descriptor */

enum {
    ACCEL_CHAIN = 1,   /* the next descriptor belongs to the same chain */
    ACCEL_SILENT = 2,  /* when it ends well, no interrupt */
    ACCEL_FLAGS = 3    /* all that exist */
};

/* One job. Ranges of 0 bytes are not looked at. */
struct accel_descriptor {
    uint32_t tag;        /* comes back in the completion */
    uint16_t operation;  /* what to do; each engine has its own list */
    uint16_t flags;
    uint64_t model, input, output;   /* bus addresses */
    uint32_t model_bytes, input_bytes, output_bytes;
    uint32_t arguments[4];
    uint32_t reserved;   /* 0 */
};

/* Cycles are the device's; their sum is the time in the engine. */
struct accel_completion {
    uint32_t tag;
    uint32_t status;
    uint64_t load_cycles, compute_cycles, store_cycles;
};

/* Copies of two registers in memory, for drivers that poll there. */
struct accel_indices {
    uint32_t submission_head, completion_tail;
};

#ifndef __cplusplus
#define ACCEL_ASSERT(claim) _Static_assert(claim, #claim)
#else
#define ACCEL_ASSERT(claim) static_assert(claim, #claim)
#endif
ACCEL_ASSERT(sizeof(struct accel_descriptor) == 64);
ACCEL_ASSERT(offsetof(struct accel_descriptor, model) == 8);
ACCEL_ASSERT(offsetof(struct accel_descriptor, model_bytes) == 32);
ACCEL_ASSERT(offsetof(struct accel_descriptor, arguments) == 44);
ACCEL_ASSERT(offsetof(struct accel_descriptor, reserved) == 60);
ACCEL_ASSERT(sizeof(struct accel_completion) == 32);
ACCEL_ASSERT(offsetof(struct accel_completion, load_cycles) == 8);
ACCEL_ASSERT(sizeof(struct accel_indices) == 8);

/* The loopback engine, a self-test for drivers. Its model is a struct accel_loopback_model. */
enum {
    ACCEL_LOOPBACK_COPY = 0, /* output = input */
    ACCEL_LOOPBACK_SUM = 1,  /* output: 8 bytes, the sum of the input's 32-bit words */
    ACCEL_LOOPBACK_ADD = 2   /* output word i = input word i + addend[i % addends]; arguments[0] = cycles to spin */
};

#define ACCEL_LOOPBACK_MAGIC 0x4b4f4f4cu /* "LOOK" */
#define ACCEL_LOOPBACK_ADDENDS 64

struct accel_loopback_model {
    uint32_t magic, addends;                 /* 1 to ACCEL_LOOPBACK_ADDENDS */
    uint32_t addend[ACCEL_LOOPBACK_ADDENDS]; /* those beyond `addends` need not be there */
};

#endif
