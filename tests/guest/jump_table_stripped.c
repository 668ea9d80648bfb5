// SPDX-License-Identifier: BSD-3-Clause
// Dense switch statements in a program without symbols or section names of its own.
// flags: -s
#include "jump_table.inc"
