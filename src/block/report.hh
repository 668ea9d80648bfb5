// SPDX-License-Identifier: BSD-3-Clause
// What the block compiler made of a binary, as text for people.
#pragma once
#include <string>
#include "block/block.hh"

namespace sim {

// Counts and shares of the whole binary; with `function` (a symbol's name or an address in hexadecimal) also the
// blocks of that function in laid-out order, instructions in scheduled order with their local and global operands.
std::string describe_blocks(const std::string &program, const BlockLimits &limits, const std::string &function);

}  // namespace sim
