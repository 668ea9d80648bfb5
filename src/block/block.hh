// SPDX-License-Identifier: BSD-3-Clause
// A compiled block: one run of instructions from a start pc to its end, scheduled, with local and global operands.
#pragma once
#include <vector>
#include "isa/instruction.hh"
#include "predictor/predictor.hh"

namespace sim {

// An operand of a block's instruction: a global (architectural) register 0-63, or kLocal + k for local register k.
inline constexpr u8 kLocal = 64;
constexpr bool is_local(u8 operand) { return operand >= kLocal && operand != kNoRegister; }

struct BlockInstruction {
    Decoded d;                  // register fields as in the program
    u32 offset = 0;             // bytes from the block's start pc
    u32 place = 0;              // bytes from the head's end, in scheduled order
    u16 original = 0;           // position in program order
    u8 rd = kNoRegister, rs1 = kNoRegister, rs2 = kNoRegister, rs3 = kNoRegister;   // as the block names them
    u16 memory_ordinal = 0;     // of a load among the block's loads, of a store among its stores, in program order
    u16 stores_before = 0;      // of a load: the block's stores older in program order
    u8 local_sources = 0, global_sources = 0;
    bool is_local = false;      // no operand is global, but for x0

    void count_operands() {
        for (const u8 r : {rs1, rs2, rs3}) {
            local_sources += sim::is_local(r);
            global_sources += r != kNoRegister && !sim::is_local(r);
        }
        const auto passes = [](u8 r) { return sim::is_local(r) || r == kNoRegister; };
        is_local = passes(rd);
        for (const u8 r : {rs1, rs2, rs3}) is_local &= passes(r) || r == kZero;
    }
};

struct Block {
    Address start = 0;          // original pc
    Address end = 0;            // pc behind its last instruction
    Address head = 0;           // address of the head in the laid-out code
    u32 head_bytes = 0;
    u32 code_bytes = 0;         // of the instructions, which follow the head
    std::vector<BlockInstruction> code;   // in scheduled order; a control transfer is last
    std::vector<u16> memory_order;        // positions in `code` of loads and stores, in program order
    u16 loads = 0, stores = 0, global_writes = 0;
    bool ends_in_control = false;
    BranchKind kind = BranchKind::Conditional;
    Address target = 0;         // of a direct transfer
    bool special = false;       // one serialising instruction (or one that cannot be fetched or decoded)
    bool faulted = false;       // special: nothing executable stands at `start`
    bool everything_live = false;   // met at run time, or its page was written: all its last definitions are global
    u64 reads = 0;              // global registers read before any write in the block, bit a register
    u64 left_stale = 0;         // registers whose last definition in the block went to a local: dead behind it
    u64 written = 0;            // registers whose last definition went to a global

    Address last_address() const { return head + head_bytes + code_bytes - 1; }
};

// What a machine can hold; blocks are cut to fit.
struct BlockLimits {
    u32 instructions = 50;
    u32 loads = 64, stores = 32;
    u32 global_writes = 188;    // physical - architectural registers
    u32 local_registers = 20;
    bool use_locals = true;     // false: every value is global
    bool schedule = true;       // list scheduling; false: program order
    u32 head_fixed_bytes = 4;   // of a head, before its operand bits
    bool free_heads = false;    // heads occupy no bytes
    bool skippable_loads = true;   // a fault handler may skip a load, so its destination's old value lives
};

}  // namespace sim
