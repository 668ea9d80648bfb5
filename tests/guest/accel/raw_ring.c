// SPDX-License-Identifier: BSD-3-Clause
// A driver without the library's queue: small rings, a full completion ring, too many descriptors, damaged ones.
#include <stdio.h>
#include <string.h>
#include "accel.h"

enum { ENTRIES = 4 };
static struct accel a;   // for finding and mapping the device only
static struct accel_descriptor *ring;
static volatile struct accel_completion *done;
static uint32_t tail;

static void submit(uint32_t tag, uint64_t address, uint32_t bytes) {
    ring[tail++ % ENTRIES] = (struct accel_descriptor){
        .tag = tag, .input = address, .output = address, .input_bytes = bytes, .output_bytes = bytes};
}

static void ring_doorbell(uint32_t value) {
    __asm__ volatile("fence w,o" ::: "memory");
    accel_write32(&a, ACCEL_REG_DOORBELL, value);
}

static void wait_for(uint32_t completions) {
    while (accel_read32(&a, ACCEL_REG_COMPLETION_TAIL) != completions) {
    }
    __asm__ volatile("fence ir,r" ::: "memory");
}

static void show(const char *what, uint32_t index) {
    printf("%s: tag %u, %s\n", what, done[index % ENTRIES].tag,
           accel_status_name((int)done[index % ENTRIES].status));
}

int main(void) {
    if (accel_open(&a, "loopback") != ACCEL_OK) return puts("cannot open"), 1;
    ring = accel_alloc(&a, ENTRIES * sizeof *ring);
    done = accel_alloc(&a, ENTRIES * sizeof *done);
    const uint64_t data = accel_bus(&a, accel_alloc(&a, 256));
    accel_write64(&a, ACCEL_REG_SUBMISSION_BASE, accel_bus(&a, ring));
    accel_write32(&a, ACCEL_REG_SUBMISSION_ENTRIES, ENTRIES);
    accel_write64(&a, ACCEL_REG_COMPLETION_BASE, accel_bus(&a, (const void *)done));
    accel_write32(&a, ACCEL_REG_COMPLETION_ENTRIES, ENTRIES);
    accel_write64(&a, ACCEL_REG_INDEX_BASE, 0);

    for (uint32_t tag = 10; tag < 14; ++tag) submit(tag, data, 64);
    ring_doorbell(tail);
    wait_for(4);
    for (uint32_t n = 0; n < 4; ++n) show("job", n);

    submit(20, data, 64);   // the completion ring is full: this one has to wait
    ring_doorbell(tail);
    while (!(accel_read32(&a, ACCEL_REG_STATE) & ACCEL_STATE_STALLED)) {
    }
    show("kept", 0);
    accel_write32(&a, ACCEL_REG_COMPLETION_HEAD, 4);
    wait_for(5);
    show("after the stall", 4);

    ring_doorbell(tail + ENTRIES + 1);
    wait_for(6);
    printf("errors %u\n", accel_errors(&a));
    printf("too many: %s\n", accel_status_name((int)done[5 % ENTRIES].status));
    accel_write32(&a, ACCEL_REG_COMPLETION_HEAD, 77);
    printf("errors %u\n", accel_errors(&a));

    submit(30, data + 4, ~0u);
    submit(31, data, 128);
    ring_doorbell(tail);
    wait_for(8);
    show("bad address", 6);
    show("next", 7);
    accel_close(&a);
    return 0;
}
