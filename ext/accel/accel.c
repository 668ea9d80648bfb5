/* SPDX-License-Identifier: BSD-3-Clause */
/* The library behind accel.h. The system's part, finding and mapping a device and waiting for it, is in accel_system.c. */
#include "accel.h"
#include <string.h>
#include "accel_system.h"

/* Orders memory before device registers, and the other way round, as RISC-V tells them apart. */
#ifdef __riscv
#define BEFORE_DOORBELL() __asm__ volatile("fence w,o" ::: "memory")
#define AFTER_INDEX() __asm__ volatile("fence ir,r" ::: "memory")
#else
#define BEFORE_DOORBELL() __sync_synchronize()
#define AFTER_INDEX() __sync_synchronize()
#endif

enum { LINE = 64 };

/* Zicbom's operations as words, so that no assembler needs to know them. */
#ifdef __riscv
#define CACHE_BLOCK(operation, p) \
    __asm__ volatile(".insn i 0x0f, 2, x0, %0, " #operation : : "r"(p) : "memory")
#else
#define CACHE_BLOCK(operation, p) ((void)(p))
#endif
#define INVALIDATE(p) CACHE_BLOCK(0, p)
#define CLEAN(p) CACHE_BLOCK(1, p)

void accel_give(const struct accel *a, const void *p, uint64_t bytes) {
    const uintptr_t end = (uintptr_t)p + bytes;
    if (!a->snoops)
        for (uintptr_t line = (uintptr_t)p / LINE * LINE; line < end; line += LINE) CLEAN(line);
}

void accel_take(const struct accel *a, const void *p, uint64_t bytes) {
    const uintptr_t end = (uintptr_t)p + bytes;
    if (!a->snoops)
        for (uintptr_t line = (uintptr_t)p / LINE * LINE; line < end; line += LINE) INVALIDATE(line);
}

static uint32_t place(uint32_t index) { return index % ACCEL_RING; }

/* The rings and the indices lie at the pool's start. */
static int set_up_rings(struct accel *a) {
    a->pool_used = 0;
    a->submission = accel_alloc(a, ACCEL_RING * sizeof *a->submission);
    a->completion = accel_alloc(a, ACCEL_RING * sizeof *a->completion);
    a->indices = accel_alloc(a, sizeof *a->indices);
    if (!a->indices) return ACCEL_NO_ROOM;
    accel_write64(a, ACCEL_REG_SUBMISSION_BASE, accel_bus(a, a->submission));
    accel_write32(a, ACCEL_REG_SUBMISSION_ENTRIES, ACCEL_RING);
    accel_write64(a, ACCEL_REG_COMPLETION_BASE, accel_bus(a, (const void *)a->completion));
    accel_write32(a, ACCEL_REG_COMPLETION_ENTRIES, ACCEL_RING);
    accel_write64(a, ACCEL_REG_INDEX_BASE, accel_bus(a, (const void *)a->indices));
    return ACCEL_OK;
}

static void reset_device(struct accel *a) {
    accel_write32(a, ACCEL_REG_RESET, 1);
    while (accel_read32(a, ACCEL_REG_RESET)) {
    }
    a->tail = a->head = 0;
    if (!a->indices) return;
    a->indices->submission_head = a->indices->completion_tail = 0;
    accel_give(a, (const void *)a->indices, sizeof *a->indices);
}

static bool has_name(const struct accel *a, const char *name) {
    const uint64_t bytes = accel_read64(a, ACCEL_REG_NAME);
    char found[9] = {0};
    memcpy(found, &bytes, sizeof bytes);
    return strncmp(found, name, sizeof bytes) == 0;
}

int accel_open(struct accel *a, const char *name) {
    for (unsigned number = 0; accel_system_open(a, number); ++number) {
        const bool is_ours = accel_read32(a, ACCEL_REG_MAGIC) == ACCEL_MAGIC &&
                             accel_read32(a, ACCEL_REG_VERSION) >> 16 == ACCEL_VERSION >> 16;
        if (is_ours && has_name(a, name)) {
            a->pool_bus = accel_read64(a, ACCEL_REG_POOL_BASE);
            a->pool_bytes = accel_read64(a, ACCEL_REG_POOL_BYTES);
            a->snoops = accel_read32(a, ACCEL_REG_CAPABILITIES) & ACCEL_CAN_SNOOP;
            reset_device(a);
            return accel_system_map_pool(a, number) ? set_up_rings(a) : ACCEL_NO_DEVICE;
        }
        accel_system_close(a);
    }
    return ACCEL_NO_DEVICE;
}

void accel_close(struct accel *a) {
    reset_device(a);
    accel_system_close(a);
}

void *accel_alloc(struct accel *a, uint64_t bytes) {
    const uint64_t rounded = (bytes + LINE - 1) / LINE * LINE;
    if (rounded < bytes || rounded > a->pool_bytes - a->pool_used) return NULL;
    void *p = a->pool + a->pool_used;
    a->pool_used += rounded;
    accel_take(a, p, rounded); /* what the device wrote there before must not shine through */
    return p;
}

void accel_free_all(struct accel *a) {
    a->pool_used = (uint64_t)((uint8_t *)(uintptr_t)a->indices - a->pool) + LINE;
}

void *accel_load(struct accel *a, const void *from, uint64_t bytes) {
    void *to = accel_alloc(a, bytes);
    if (!to) return NULL;
    memcpy(to, from, bytes);
    accel_give(a, to, bytes);
    return to;
}

uint64_t accel_bus(const struct accel *a, const void *p) {
    const uint64_t offset = (uint64_t)((uintptr_t)p - (uintptr_t)a->pool);
    return offset <= a->pool_bytes ? a->pool_bus + offset : ~(uint64_t)0;
}

int64_t accel_submit_many(struct accel *a, const struct accel_descriptor *descriptors, uint32_t count) {
    if (count == 0 || count > ACCEL_RING - a->outstanding) return ACCEL_NO_ROOM;
    const uint32_t first = a->next_tag;
    for (uint32_t n = 0; n < count; ++n) {
        struct accel_descriptor *d = &a->submission[place(a->tail + n)];
        *d = descriptors[n];
        d->tag = a->next_tag;
        accel_give(a, d, sizeof *d);
        a->next_tag = (a->next_tag + 1) & 0x7fffffff;
        a->tags[place(a->oldest + a->outstanding++)] = d->tag;
    }
    a->tail += count;
    BEFORE_DOORBELL();
    accel_write32(a, ACCEL_REG_DOORBELL, a->tail);
    return first;
}

int64_t accel_submit_raw(struct accel *a, const struct accel_descriptor *descriptor) {
    return accel_submit_many(a, descriptor, 1);
}

int64_t accel_submit(struct accel *a, const struct accel_job *job) {
    struct accel_descriptor d = {.operation = job->operation, .flags = job->flags};
    d.model = job->model_bytes ? accel_bus(a, job->model) : 0;
    d.input = job->input_bytes ? accel_bus(a, job->input) : 0;
    d.output = job->output_bytes ? accel_bus(a, job->output) : 0;
    d.model_bytes = job->model_bytes;
    d.input_bytes = job->input_bytes;
    d.output_bytes = job->output_bytes;
    memcpy(d.arguments, job->arguments, sizeof d.arguments);
    return accel_submit_raw(a, &d);
}

/* Takes the next entry of the completion ring, if there is one. */
static bool take_completion(struct accel *a, struct accel_completion *c) {
    accel_take(a, (const void *)a->indices, sizeof *a->indices);
    if (a->indices->completion_tail == a->head) return false;
    AFTER_INDEX();
    accel_take(a, (const void *)&a->completion[place(a->head)], sizeof *a->completion);
    const volatile struct accel_completion *entry = &a->completion[place(a->head)];
    c->tag = entry->tag;
    c->status = entry->status;
    c->load_cycles = entry->load_cycles;
    c->compute_cycles = entry->compute_cycles;
    c->store_cycles = entry->store_cycles;
    ++a->head;
    accel_write32(a, ACCEL_REG_COMPLETION_HEAD, a->head);
    if (c->tag != ACCEL_NO_TAG) {
        a->oldest = place(a->oldest + 1);
        --a->outstanding;
    }
    return true;
}

int accel_poll(struct accel *a, struct accel_completion *completion) {
    if (!a->kept_count) return take_completion(a, completion);
    *completion = a->kept[0];
    memmove(a->kept, a->kept + 1, --a->kept_count * sizeof *a->kept);
    return 1;
}

/* Waits until a completion may be there. */
static int wait_once(struct accel *a, uint64_t deadline_us) {
    if (!a->outstanding) return ACCEL_NO_JOB;
    if (!a->sleeps) {
        if (deadline_us != ~(uint64_t)0 && accel_system_time_us() >= deadline_us) return ACCEL_TIMEOUT;
    } else if (!accel_system_sleep(a, deadline_us)) {
        return ACCEL_TIMEOUT;
    }
    return ACCEL_OK;
}

static uint64_t deadline_after(int64_t timeout_us) {
    return timeout_us < 0 ? ~(uint64_t)0 : accel_system_time_us() + (uint64_t)timeout_us;
}

int accel_wait(struct accel *a, struct accel_completion *completion, int64_t timeout_us) {
    const uint64_t deadline = deadline_after(timeout_us);
    while (!accel_poll(a, completion)) {
        const int waited = wait_once(a, deadline);
        if (waited != ACCEL_OK) return waited;
    }
    return ACCEL_OK;
}

static bool find_kept(struct accel *a, int64_t tag, struct accel_completion *completion) {
    for (uint32_t n = 0; n < a->kept_count; ++n) {
        if (a->kept[n].tag != tag) continue;
        *completion = a->kept[n];
        memmove(a->kept + n, a->kept + n + 1, (--a->kept_count - n) * sizeof *a->kept);
        return true;
    }
    return false;
}

int accel_wait_tag(struct accel *a, int64_t tag, struct accel_completion *completion, int64_t timeout_us) {
    if (find_kept(a, tag, completion)) return ACCEL_OK;
    const uint64_t deadline = deadline_after(timeout_us);
    for (;;) {
        while (take_completion(a, completion)) {
            if (completion->tag == tag) return ACCEL_OK;
            if (a->kept_count < ACCEL_RING) a->kept[a->kept_count++] = *completion;
        }
        const int waited = wait_once(a, deadline);
        if (waited != ACCEL_OK) return waited;
    }
}

int accel_run(struct accel *a, const struct accel_job *job, struct accel_completion *completion) {
    struct accel_completion mine;
    const int64_t tag = accel_submit(a, job);
    if (tag < 0) return (int)tag;
    const int waited = accel_wait_tag(a, tag, completion ? completion : &mine, -1);
    return waited == ACCEL_OK ? (int)(completion ? completion : &mine)->status : waited;
}

int accel_use_interrupts(struct accel *a, bool on) {
    if (on && a->file < 0) return ACCEL_NO_DEVICE;
    a->sleeps = on;
    accel_write32(a, ACCEL_REG_INTERRUPT_STATUS, ~0u);
    accel_write32(a, ACCEL_REG_INTERRUPT_ENABLE, on ? ACCEL_INTERRUPT_COMPLETION | ACCEL_INTERRUPT_ERROR : 0);
    return ACCEL_OK;
}

void accel_coalesce(struct accel *a, uint32_t count, uint32_t cycles) {
    accel_write32(a, ACCEL_REG_COALESCE_COUNT, count);
    accel_write32(a, ACCEL_REG_COALESCE_CYCLES, cycles);
}

void accel_reset(struct accel *a) {
    struct accel_completion done;
    while (a->kept_count < ACCEL_RING && take_completion(a, &done)) a->kept[a->kept_count++] = done;
    reset_device(a);
    for (; a->outstanding; --a->outstanding, a->oldest = place(a->oldest + 1)) {
        const struct accel_completion lost = {.tag = a->tags[a->oldest], .status = ACCEL_RESET};
        if (a->kept_count < ACCEL_RING) a->kept[a->kept_count++] = lost;
    }
    if (a->sleeps) accel_use_interrupts(a, true);
}

uint32_t accel_errors(struct accel *a) {
    const uint32_t errors = accel_read32(a, ACCEL_REG_ERROR);
    accel_write32(a, ACCEL_REG_ERROR, errors);
    return errors;
}

uint64_t accel_counter(const struct accel *a, unsigned offset) { return accel_read64(a, offset); }

const char *accel_status_name(int status) {
    static const char *const names[] = {"ok",       "bad descriptor", "bad address", "bad model",
                                        "overflow", "cancelled",      "reset"};
    static const char *const failures[] = {"", "no device", "no room", "timeout", "no job", "broken queue"};
    if (status >= 0 && status <= ACCEL_RESET) return names[status];
    if (status < 0 && status >= ACCEL_BROKEN) return failures[-status];
    return "unknown";
}
