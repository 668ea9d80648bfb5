// SPDX-License-Identifier: BSD-3-Clause
// A hart's architectural state: what a program can see of the processor between two instructions.
#pragma once
#include <array>
#include "sim/types.hh"

namespace sim {

// Registers have one numbering everywhere: 0-31 are x0-x31, 32-63 are f0-f31.
inline constexpr unsigned kRegisters = 64;
inline constexpr u8 kFirstFloat = 32;
enum Register : u8 {
    kZero = 0, kRa = 1, kSp = 2, kGp = 3, kTp = 4, kT0 = 5, kA0 = 10, kA1 = 11, kA2 = 12, kA7 = 17,
    kNoRegister = 255,   // an operand field that the instruction does not have
};

struct Hart {
    std::array<u64, kRegisters> reg{};   // reg[0] is always 0; single-precision values are NaN-boxed
    Address pc = 0;
    u8 frm = 0;                          // rounding mode, 3 bits
    u8 fflags = 0;                       // accrued exceptions NV DZ OF UF NX, 5 bits
    Address reservation = 0;             // of LR: physical address with bit 0 set when valid, 0 when none
    u64 committed = 0;                   // instructions since the program's start (instret)
    u64 cycle = 0;                       // cycles since the program's start, as the core counts them
};

}  // namespace sim
