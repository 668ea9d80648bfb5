// SPDX-License-Identifier: BSD-3-Clause
// Machine mode as far as a bare program without interrupts sees it: its CSRs, traps into mtvec, and mret.
// Cores know user-level instructions only; what they report as unknown is looked at here first.
#pragma once
#include "isa/hart.hh"

namespace sim {

class MachineMode {
  public:
    enum Cause : u64 {
        kFetchFault = 1,
        kIllegalInstruction = 2,
        kBreakpoint = 3,
        kLoadMisaligned = 4,
        kLoadFault = 5,
        kStoreMisaligned = 6,
        kStoreFault = 7,
        kMachineCall = 11,
    };

    // Carries out a CSR instruction on a machine CSR, or mret, or wfi (nothing). False: it is none of these.
    bool execute(Hart &hart, u32 instruction);
    // Enters the program's trap handler. False where it has set none.
    bool trap(Hart &hart, Cause cause, u64 value);

  private:
    u64 *csr(unsigned number);   // null where there is none

    static constexpr u64 kFloatOn = 3 << 13, kPreviousMachine = 3 << 11;
    u64 mstatus_ = kFloatOn | kPreviousMachine;
    u64 misa_ = u64{2} << 62 | 0x112d;   // RV64 IMAFDC
    u64 mtvec_ = 0, mscratch_ = 0, mepc_ = 0, mcause_ = 0, mtval_ = 0, mie_ = 0, mip_ = 0, medeleg_ = 0,
        mideleg_ = 0, mcounteren_ = 0, zero_ = 0;
};

}  // namespace sim
