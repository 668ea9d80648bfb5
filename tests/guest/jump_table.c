// SPDX-License-Identifier: BSD-3-Clause
// Dense switch statements, which compile to jump tables.
#include "jump_table.inc"
