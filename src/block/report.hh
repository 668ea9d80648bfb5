// SPDX-License-Identifier: BSD-3-Clause
// What the block compiler made of a binary, as text for people.
#pragma once
#include <string>
#include "block/block.hh"
#include "block/control_flow.hh"
#include "sim/errors.hh"

namespace sim {

// Counts and shares of the whole binary; with `function` (a symbol's name or an address in hexadecimal) also the
// blocks of that function in laid-out order, instructions in scheduled order with their local and global operands.
std::string describe_blocks(const std::string &program, const BlockLimits &limits, const std::string &function);

// For a core to throw where a block reads a register of `lost`, whose value died in an earlier block's locals: the analysis
// takes calls, returns and their targets to keep to the psABI's calling convention, as compilers do.
GuestError reads_lost_values(const std::string &core, const Program &program, const Block &block, RegisterSet lost);

}  // namespace sim
