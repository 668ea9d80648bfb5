// SPDX-License-Identifier: BSD-3-Clause
// Runs compiled blocks in scheduled order without timing, from real local and global registers: the proof that the
// block compiler keeps a program's meaning, and the referee of the CG-OoO core.
#pragma once
#include "block/compiler.hh"
#include "core/checker.hh"
#include "core/sleep.hh"

namespace sim {

class BlockFunctionalCore final : public Model<BlockFunctionalCore, Core> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, max_block_instructions, 50, "instructions", "longest block");
        PARAM(u32, load_queue_entries, 64, "loads", "most loads of a block");
        PARAM(u32, store_queue_entries, 32, "stores", "most stores of a block");
        PARAM(u32, global_writes, 188, "registers", "most global definitions of a block");
        PARAM(u32, local_registers, 20, "registers", "local names of a block window");
        PARAM(bool, use_locals, true, "", "values that die in their block live in local registers");
        PARAM(bool, schedule, true, "", "blocks are list-scheduled");
        PARAM(bool, poison, false, "", "dead registers get a poison value at block ends (a debugging aid)");
    };
    struct Stats : Described<Stats> {
        STAT(committed_instructions, "instructions", "executed");
        STAT(cycles, "cycles", "one an instruction, so that counters and time move");
        STAT(committed_blocks, "blocks", "executed");
        STAT(run_time_block_instructions, "instructions", "from blocks met only at run time, compiled with everything live");
        STAT(local_reads, "reads", "operands read from local registers");
        STAT(local_writes, "writes", "results written to local registers");
        STAT(global_reads, "reads", "operands read from global registers");
        STAT(global_writes, "writes", "results written to global registers");
        STAT(precise_blocks, "blocks", "run again in program order after a fault or device access");
        STAT(environment_calls, "calls", "system calls, breakpoints, faults and interrupts");
        FORMULA(ipc, "instructions/cycle", "1 by definition", ratio(committed_instructions, cycles));
        FORMULA(block_size, "instructions/block", "mean committed block", ratio(committed_instructions, committed_blocks));
        FORMULA(local_read_share, "1", "share of register reads that were local", ratio(local_reads, local_reads + global_reads));
        FORMULA(local_write_share, "1", "share of register writes that were local",
                ratio(local_writes, local_writes + global_writes));
    };
    explicit BlockFunctionalCore(const Params &params);
    const Params &params() const { return params_; }

    void start(const CoreStart &start) override;
    void run(u64 instructions) override;
    const Hart &hart() const override { return hart_; }

    Stats stats;

  private:
    struct Done {                 // one instruction of the block at hand
        Effect effect;
        u8 flags;
    };
    struct PendingStore {
        Address address;
        u64 value;
        u16 original;
        u8 bytes;
    };
    bool run_block(const Block &block);      // false: nothing happened; it needs precise mode
    bool run_instruction(const Block &block, const BlockInstruction &i);
    bool load(const BlockInstruction &i, Effect &effect);
    void run_precise(Address end, u64 most);
    void run_special(const Block &block);
    void environment(bool faulted, const Decoded &d, Fault fault, Address address);
    u64 read(u8 operand);
    void write(u8 operand, u64 value);
    void finish_block(const Block &block);

    const Params params_;
    CoreStart start_;
    Hart hart_;
    InstructionClock time_;
    std::unique_ptr<DecodeCache> code_;
    std::unique_ptr<BlockCompiler> compiler_;
    std::unique_ptr<Checker> checker_;
    std::array<u64, kRegisters> global_{};   // of the block at hand; becomes hart_.reg at its end
    std::array<u64, 128> local_{};
    std::vector<Done> done_;                 // by program order
    std::vector<PendingStore> stores_;
    RegisterSet stale_ = 0;                  // registers whose value died in a local
};

// Refuses limits under which some program could not run.
BlockLimits checked_limits(BlockLimits limits);

}  // namespace sim
