// SPDX-License-Identifier: BSD-3-Clause
// The loopback program on a bare board: the pool is linked in, and it polls.
#include "../loopback.c"
