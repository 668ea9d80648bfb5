/* SPDX-License-Identifier: BSD-3-Clause */
/* What accel.c needs from the system that the program runs on: Linux, or a bare board with ACCEL_BARE. */
#ifndef ACCEL_SYSTEM_H
#define ACCEL_SYSTEM_H

#include "accel.h"

/* Clears `a` and maps the registers of that device; false where there is none. */
bool accel_system_open(struct accel *a, unsigned number);
bool accel_system_map_pool(struct accel *a, unsigned number);   /* of a->pool_bytes */
void accel_system_close(struct accel *a);
uint64_t accel_system_time_us(void);
/* Sleeps until the interrupt, acknowledges it and lets the next one through; false at the deadline. */
bool accel_system_sleep(struct accel *a, uint64_t deadline_us);

#endif
