/* SPDX-License-Identifier: BSD-3-Clause */
/* Finding, mapping and waiting: by /dev/accelN on Linux, at fixed addresses on a bare board. */
#ifndef ACCEL_BARE
#define _GNU_SOURCE
#endif
#include "accel_system.h"
#include <string.h>

#ifdef ACCEL_BARE

/* The board's devices; a program has a pool for each that it uses: ACCEL_POOL(0, 1 << 20). */
enum { FIRST_REGISTERS = 0x10010000, DEVICES = 4 };
extern uint8_t __accel0_pool[] __attribute__((weak)), __accel1_pool[] __attribute__((weak)),
    __accel2_pool[] __attribute__((weak)), __accel3_pool[] __attribute__((weak));

bool accel_system_open(struct accel *a, unsigned number) {
    uint8_t *const pools[DEVICES] = {__accel0_pool, __accel1_pool, __accel2_pool, __accel3_pool};
    memset(a, 0, sizeof *a);
    if (number >= DEVICES || !pools[number]) return false;
    a->file = -1;
    a->registers = (volatile uint8_t *)(uintptr_t)(FIRST_REGISTERS + number * ACCEL_REGISTER_BYTES);
    a->pool = pools[number];
    return true;
}

bool accel_system_map_pool(struct accel *a, unsigned number) {
    (void)number;
    return a->pool_bus == (uintptr_t)a->pool;
}

void accel_system_close(struct accel *a) { a->registers = NULL; }

uint64_t accel_system_time_us(void) {
    uint64_t cycles;
    __asm__ volatile("rdcycle %0" : "=r"(cycles));
    return cycles / 1000; /* as if the core ran at 1 GHz: a board does not say */
}

bool accel_system_sleep(struct accel *a, uint64_t deadline_us) {
    (void)a, (void)deadline_us;
    return false;
}

#else

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

bool accel_system_open(struct accel *a, unsigned number) {
    char path[32];
    memset(a, 0, sizeof *a);
    snprintf(path, sizeof path, "/dev/accel%u", number);
    a->file = open(path, O_RDWR | O_CLOEXEC);
    if (a->file < 0) return false;
    void *registers = mmap(NULL, ACCEL_REGISTER_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, a->file, 0);
    if (registers == MAP_FAILED) {
        close(a->file);
        return false;
    }
    a->registers = registers;
    return true;
}

bool accel_system_map_pool(struct accel *a, unsigned number) {
    (void)number;
    void *pool = mmap(NULL, a->pool_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, a->file, ACCEL_REGISTER_BYTES);
    if (pool == MAP_FAILED) return false;
    a->pool = pool;
    return true;
}

void accel_system_close(struct accel *a) {
    if (a->pool) munmap(a->pool, a->pool_bytes);
    munmap((void *)a->registers, ACCEL_REGISTER_BYTES);
    close(a->file);
    a->registers = NULL;
}

uint64_t accel_system_time_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

bool accel_system_sleep(struct accel *a, uint64_t deadline_us) {
    struct pollfd wanted = {.fd = a->file, .events = POLLIN};
    const uint32_t all = ~(uint32_t)0;
    const int32_t one = 1;
    int32_t count;
    struct timespec left, *limit = NULL;
    if (deadline_us != ~(uint64_t)0) {
        const uint64_t now = accel_system_time_us(), us = deadline_us > now ? deadline_us - now : 0;
        left.tv_sec = (time_t)(us / 1000000);
        left.tv_nsec = (long)(us % 1000000 * 1000);
        limit = &left;
    }
    const int ready = ppoll(&wanted, 1, limit, NULL);
    if (ready < 0) return errno == EINTR;
    if (ready == 0) return false;
    if (read(a->file, &count, sizeof count) != sizeof count) return false;
    accel_write32(a, ACCEL_REG_INTERRUPT_STATUS, all);
    return write(a->file, &one, sizeof one) == sizeof one;
}

#endif
