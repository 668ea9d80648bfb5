// SPDX-License-Identifier: BSD-3-Clause
// The wording that messages about a guest share.
#pragma once
#include "program/guest_memory.hh"
#include "program/options.hh"
#include "program/program.hh"

namespace sim {

std::string hex(u64 v, unsigned digits = 0);   // "0x2a"; with at least so many digits

// "0x105a4 (main+0x3c), instruction 0x00053503"
std::string describe_place(const Program &program, const GuestMemory &memory, Address pc);

void check_options(const ProgramOptions &options);   // throws ConfigError

}  // namespace sim
