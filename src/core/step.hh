// SPDX-License-Identifier: BSD-3-Clause
// One instruction at a time on a Hart: the reference meaning of the instruction set. The functional core's slow path,
// the lock-step checker, the oracle and precise mode use it.
#pragma once
#include "core/decode_cache.hh"
#include "program/environment.hh"

namespace sim {

// What one instruction did, as an observer sees it.
struct Effect {
    Address pc = 0, next = 0;
    u8 rd = kNoRegister;
    u64 value = 0;              // new value of rd
    u8 store_bytes = 0;         // 0: no store
    Address address = 0;        // of a memory access
    u64 store_value = 0;        // low store_bytes bytes count
    bool taken = false;         // of a control transfer
    bool device = false;        // the access went to a device; device_value is what a load got
    u64 device_value = 0;       // as the device gave it, before extension

    void stores(Address a, u8 bytes, u64 value) {
        address = a;
        store_bytes = bytes;
        store_value = bytes == 8 ? value : value & ((u64{1} << (8 * bytes)) - 1);
    }
};

enum class StepEnd : u8 {
    Done,      // hart holds the state after the instruction
    System,    // Csr, Fence, FenceI, System: hart untouched; execute_system() carries it out
    Faulted,   // hart untouched; fault and fault_address say why
};

struct Step {
    StepEnd end = StepEnd::Done;
    Fault fault = Fault::IllegalInstruction;
    Address fault_address = 0;
};

// The rounding mode that `d` rounds with, or 5 where it names a reserved one (an illegal instruction).
inline u8 effective_rounding(const Decoded &d, u8 frm) {
    const u8 mode = d.rounding == 7 ? frm : d.rounding;
    return mode > 4 ? 5 : mode;
}

// A loaded value as its register sees it.
inline u64 extend(u64 raw, unsigned bytes, Extend how) {
    const unsigned spare = 64 - 8 * bytes;
    switch (how) {
        case Extend::Sign: return spare ? u64(i64(raw << spare) >> spare) : raw;
        case Extend::Box: return spare ? raw | ~u64{0} << (8 * bytes) : raw;
        default: return raw;
    }
}

inline u64 operand(const Hart &hart, u8 reg) { return reg == kNoRegister ? 0 : hart.reg[reg]; }

inline Operands operands(const Hart &hart, const Decoded &d) {
    return {operand(hart, d.rs1), operand(hart, d.rs2), operand(hart, d.rs3), u64(d.imm), hart.pc,
            d.uses_rounding ? effective_rounding(d, hart.frm) : u8{0}};
}

// Executes the instruction at hart.pc. hart.committed counts it when done. Device pages are reached through
// memory.device.
Step step(Hart &hart, GuestMemory &memory, DecodeCache &code, Effect &effect);

// An Atomic, LoadReserved or StoreConditional with given operands; `value` becomes rd's.
struct AtomicResult {
    bool faulted = false;
    Fault fault = Fault::StoreFault;
    u64 value = 0;              // of rd
    u8 store_bytes = 0;         // 0: nothing was written
    u64 store_value = 0;
};
AtomicResult execute_atomic(const Decoded &d, Address address, u64 rs2, Hart &hart, GuestMemory &memory);

// Control and status registers that programs reach: fflags, frm, fcsr, cycle, time, instret.
bool csr_exists(u32 number);
bool csr_is_float(u32 number);   // fflags, frm, fcsr
// Such an access need not wait for memory.
inline bool is_float_csr(const Decoded &d) { return d.op_class == OpClass::Csr && csr_is_float(u32(d.imm) & 0xfff); }
// Carries out a Csr instruction on `hart` (registers, fflags, frm); false: illegal instruction.
bool execute_csr(Hart &hart, const Decoded &d, Effect &effect);

// Carries out a Csr, Fence, FenceI or System instruction at hart.pc, calling the environment where it must.
void execute_system(Hart &hart, const Decoded &d, Environment &environment, Effect &effect);

}  // namespace sim
