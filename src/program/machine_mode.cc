// SPDX-License-Identifier: BSD-3-Clause
// The few machine-level instructions that bare programs use around their main().
#include "program/machine_mode.hh"

namespace sim {

u64 *MachineMode::csr(unsigned number) {
    switch (number) {
        case 0x300: return &mstatus_;
        case 0x301: return &misa_;
        case 0x302: return &medeleg_;
        case 0x303: return &mideleg_;
        case 0x304: return &mie_;
        case 0x305: return &mtvec_;
        case 0x306: return &mcounteren_;
        case 0x340: return &mscratch_;
        case 0x341: return &mepc_;
        case 0x342: return &mcause_;
        case 0x343: return &mtval_;
        case 0x344: return &mip_;
        case 0xf11:
        case 0xf12:
        case 0xf13:
        case 0xf14: return &zero_;   // vendor, architecture, implementation, hart
        default: return nullptr;
    }
}

bool MachineMode::execute(Hart &hart, u32 instruction) {
    constexpr u32 kMret = 0x30200073, kWfi = 0x10500073, kSystem = 0x73;
    constexpr unsigned kFirstReadOnly = 0xc00, kMisa = 0x301;
    if (instruction == kMret) {
        hart.pc = mepc_ & ~Address{1};
        return true;
    }
    if (instruction == kWfi) {
        hart.pc += 4;
        return true;
    }
    const unsigned operation = (instruction >> 12) & 7, number = instruction >> 20;
    if ((instruction & 0x7f) != kSystem || (operation & 3) == 0) return false;
    u64 *value = csr(number);
    if (!value) return false;
    const unsigned rd = (instruction >> 7) & 31, source = (instruction >> 15) & 31;
    const u64 operand = operation & 4 ? source : hart.reg[source];
    const bool writes = (operation & 3) == 1 || source != 0;
    if (writes && number >= kFirstReadOnly) return false;
    const u64 old = *value;
    if (writes && number != kMisa) {
        if ((operation & 3) == 1) *value = operand;
        else if ((operation & 3) == 2) *value |= operand;
        else *value &= ~operand;
        mstatus_ |= kFloatOn | kPreviousMachine;   // there is no other mode, and the FPU is always on
    }
    if (rd) hart.reg[rd] = old;
    hart.pc += 4;
    return true;
}

bool MachineMode::trap(Hart &hart, Cause cause, u64 value) {
    const Address handler = mtvec_ & ~Address{3};
    if (handler == 0 || handler == hart.pc) return false;   // none, or it faults itself at once
    mepc_ = hart.pc;
    mcause_ = cause;
    mtval_ = value;
    hart.reservation = 0;
    hart.pc = handler;
    return true;
}

}  // namespace sim
