// SPDX-License-Identifier: BSD-3-Clause
// What a Linux program finds on its stack: argc, argv, envp, the auxiliary vector, and the text they point
// to.
#pragma once
#include "program/options.hh"
#include "program/seeded_bytes.hh"

namespace sim {

// Fills the stack below AddressSpace::kStackTop and returns sp. `executable` is what AT_EXECFN names.
// The texts have a fixed place, so that the length of a path moves no stack frame.
Address make_initial_stack(GuestMemory &memory, const Program &program, const ProgramOptions &options,
                           const std::string &executable, SeededBytes &random);

}  // namespace sim
