// SPDX-License-Identifier: BSD-3-Clause
// What an instruction is: one table row (encoding, operands, class, meaning) and its decoded form, used by every core.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include "isa/hart.hh"

namespace sim {

enum class OpClass : u8 {
    IntAlu, IntMul, IntDiv,
    FloatAdd,      // add, subtract, compare, min/max, sign injection, convert, move
    FloatMul, FloatMulAdd, FloatDiv, FloatSqrt,
    Load, Store,
    Atomic,        // AMO: reads memory, computes the new value, writes it
    LoadReserved, StoreConditional,
    Branch,        // conditional, direct
    Jump,          // jal
    JumpRegister,  // jalr
    Csr,           // csrrw and its kin
    Fence, FenceI,
    System,        // ecall, ebreak, xret, wfi, sfence.vma
};

// Operands of a meaning. Pure: a meaning sees nothing else.
struct Operands {
    u64 rs1, rs2, rs3;   // register values; of an Atomic, rs1 is the OLD MEMORY VALUE (sign-extended as lr would load it)
    u64 imm;             // sign-extended
    u64 pc;
    u8 rounding;         // effective rounding mode 0-4 (never dynamic)
};
// Returns: ALU and float: value of rd (single-precision results NaN-boxed, W results sign-extended); Branch: 1 if
// taken; Jump, JumpRegister: target address; Load, Store, LoadReserved, StoreConditional: address;
// Atomic: new memory value. Float meanings OR their exceptions into flags; others leave it alone.
using Meaning = u64 (*)(const Operands &x, u8 &flags);

// How the bytes of a load become a register value.
enum class Extend : u8 { None, Sign, Zero, Box };

struct Decoded {
    Meaning meaning = nullptr;      // null for Csr, Fence, FenceI, System, which the core carries out
    i64 imm = 0;                    // Csr: csr number | zimm << 12 (zimm forms)
    u16 row = 0;                    // index into instruction_table()
    u8 length = 4;                  // bytes: 2 or 4
    OpClass op_class = OpClass::System;
    u8 rd = kNoRegister;            // kNoRegister also where the encoding names x0 (no destination)
    u8 rs1 = kNoRegister;           // x0 stays 0
    u8 rs2 = kNoRegister;
    u8 rs3 = kNoRegister;
    u8 rounding = 0;                // rm field as encoded; 7 = dynamic (frm)
    u8 memory_bytes = 0;            // 1, 2, 4, 8 for Load, Store, Atomic, LR, SC
    Extend extend = Extend::None;
    bool uses_rounding = false;     // reads frm when rounding == 7
    bool sets_flags = false;        // may raise fflags
    u32 bits = 0;                   // as fetched; a compressed one in the low half

    bool is_control() const { return op_class >= OpClass::Branch && op_class <= OpClass::JumpRegister; }
    bool is_memory() const { return op_class >= OpClass::Load && op_class <= OpClass::StoreConditional; }
    bool reads_memory() const { return is_memory() && op_class != OpClass::Store && op_class != OpClass::StoreConditional; }
    bool writes_memory() const { return op_class == OpClass::Store || op_class == OpClass::Atomic || op_class == OpClass::StoreConditional; }
    // Executes alone: oldest, store buffer drained. Csr accesses to fflags, frm, fcsr are excepted by cores that can.
    bool is_serializing() const { return op_class >= OpClass::Csr || (op_class >= OpClass::Atomic && op_class <= OpClass::StoreConditional); }
    // Calls and returns by the standard's link-register rule (ra and t0 are link registers).
    bool is_call() const { return (op_class == OpClass::Jump || op_class == OpClass::JumpRegister) && (rd == kRa || rd == kT0); }
    bool is_return() const { return op_class == OpClass::JumpRegister && (rs1 == kRa || rs1 == kT0) && rd != rs1; }
    Address target(Address pc) const { return pc + Address(imm); }   // of Branch and Jump
};

// Decodes the instruction that starts with these bytes (low 16 bits decide the length); nothing where no row matches.
std::optional<Decoded> decode(u32 bits);

std::string_view name(const Decoded &);                      // "addi"; the base instruction's name also for compressed ones
std::string_view compressed_name(u16 bits);                   // "c.addi"; empty where no compressed row matches
std::string disassemble(const Decoded &, Address pc);        // "addi a0,sp,16"; branch targets absolute, compressed "c." forms by their base
std::string_view register_name(u8 reg);                      // "a0", "fa0"

}  // namespace sim
