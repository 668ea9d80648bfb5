// SPDX-License-Identifier: BSD-3-Clause
// The CG-OoO core (Mohammadi, Aamodt, Dally, arXiv 1606.01607): blocks are fetched, allocated to block windows, issued
// by Skipahead from small distributed head buffers, squashed and committed whole. Local values live only in their
// window's local registers, global values only in the segmented global register file.
#pragma once
#include "block/block_fetch.hh"
#include "core/event_wheel.hh"
#include "core/timing_core.hh"

namespace sim {

class CgOooCore final : public TimingCore<CgOooCore> {
  public:
    struct Params : Described<Params> {
        TIMING_CORE_PARTS
        PARAM(u32, fetch_width, 4, "instructions/cycle", "heads and instructions fetched and decoded");
        PARAM(u32, blocks_per_cycle, 1, "blocks/cycle", "blocks that one cycle's fetch may begin");
        PARAM(u32, dispatch_width, 4, "instructions/cycle", "renamed and entered into block windows");
        PARAM(u32, commit_blocks, 4, "blocks/cycle", "blocks made architectural");
        PARAM(u32, fetch_to_decode, 3, "cycles", "from reading the instruction cache to decode");
        PARAM(u32, decode_to_schedule, 3, "cycles", "from decode to the window, rename included");
        PARAM(u32, schedule_to_execute, 2, "cycles", "from selection to the unit, global register read included");
        PARAM(u32, local_schedule_to_execute, 1, "cycles", "the same for an instruction without a global operand");
        PARAM(u32, fetch_queue_entries, 8, "instructions", "waiting between decode and allocation, latches apart");
        PARAM(u32, windows, 9, "windows", "block windows");
        PARAM(u32, clusters, 3, "clusters", "groups of windows that share execution units");
        PARAM(u32, skipahead, 4, "instructions", "issues and skips of a window in one cycle: its head buffer's size");
        PARAM(bool, skip, true, "", "younger instructions pass stalled ones in a head buffer; false: in order");
        PARAM(u32, max_block_instructions, 50, "instructions", "longest block; a window holds one");
        PARAM(u32, brob_entries, 16, "blocks", "block reorder buffer");
        PARAM(u32, local_registers, 20, "registers", "local register file of a window");
        PARAM(u32, physical_registers, 252, "registers", "global register file, all segments");
        PARAM(u32, segments, 9, "segments", "of the global register file");
        PARAM(u32, far_register_delay, 0, "cycles", "more for a global operand of a far segment");
        PARAM(u32, near_segments, 3, "segments", "from a window's own on that are not far");
        PARAM(u32, load_queue_entries, 64, "loads", "loads in flight");
        PARAM(u32, store_queue_entries, 32, "stores", "stores in flight or not yet written");
        DATA_PORT_PARAMS
        PARAM(u32, hit_latency, 0, "cycles", "data-cache hit latency that issue counts on; 0: the l1d's own, 4 where it varies");
        PARAM(u32, rollback_blocks, 1, "blocks/cycle", "squashed blocks whose registers are rolled back");
        PARAM(u32, head_fixed_bytes, 4, "bytes", "of a head, before its local/global bits");
        PARAM(bool, speculate_memory, true, "", "loads pass stores of other blocks whose address is unknown");
        PARAM(bool, oracle_disambiguation, false, "", "loads wait for just the older stores to their bytes (a limit study)");
        PARAM(bool, ideal_wakeup, false, "", "consumers of a load issue when its data is known to come; no replays");
        PARAM(bool, use_locals, true, "", "values that die in their block live in local registers");
        PARAM(bool, schedule, true, "", "blocks are list-scheduled");
        PARAM(bool, skippable_loads, true, "",
              "what a load overwrites stays alive, as a fault handler may skip the load; false: as compilers see it");
        PARAM(bool, predict_blocks, true, "", "one prediction a block, which decode sees in its head; false: one a fetch group, "
              "seen with the transfer");
        PARAM(bool, free_heads, false, "", "heads take no bytes and no fetch slot (the author's shortcut)");
        PARAM(bool, ideal_icache, false, "", "every fetch hits (the author's shortcut)");
        PARAM(bool, poison, false, "", "freed registers and windows get a poison value (a debugging aid)");
    };
    struct Stats : Described<Stats> {
        TIMING_CORE_STATS
        RENAMING_CORE_STATS
        STAT(committed_blocks, "blocks", "made architectural");
        STAT(fetched_heads, "heads", "fetched, wrong path included");
        STAT(block_lookups, "lookups", "BTB lookups by fetch: one a block, or one a fetch group where predict_blocks is off");
        STAT(squashed_blocks, "blocks", "allocated but undone");
        STAT(skipped_instructions, "instructions", "older unissued instructions of its window that an issued one went past");
        STAT(precise_blocks, "blocks", "run again in program order after a fault, device access or exact stop");
        STAT(run_time_block_instructions, "instructions", "committed from blocks met only at run time");
        STAT(local_reads, "reads", "local register file reads");
        STAT(local_writes, "writes", "local register file writes");
        STAT(global_reads, "reads", "global register file reads");
        STAT(global_writes, "writes", "global register file writes");
        STAT(far_reads, "reads", "global reads from a far segment");
        STAT(borrowed_registers, "registers", "global definitions placed in another window's segment");
        STAT(window_writes, "writes", "instructions written into block windows");
        STAT(rollback_cycles, "cycles", "in which allocation waited for registers to be rolled back");
        STAT(allocated_blocks, "blocks", "entered into the block reorder buffer");
        STAT(window_reads, "reads", "instructions moved from a window's queue to its head buffer and issued");
        STAT(head_buffer_searches, "searches", "head buffers in which a register announced or taken back was looked for");
        STAT(local_issues, "instructions", "of issued_instructions: without a global operand");
        STAT(global_issues, "instructions", "of issued_instructions: with a global operand");
        STAT(unit_local_writes, "writes", "of local_writes: results of units");
        STAT(load_local_writes, "writes", "of local_writes: loaded data");
        STAT(unit_global_writes, "writes", "of global_writes: results of units");
        STAT(load_global_writes, "writes", "of global_writes: loaded data");
        STAT(squashed_heads, "heads", "of blocks dropped or squashed later");
        STAT(squashed_window_writes, "writes", "of instructions squashed later");
        STAT(squashed_window_reads, "reads", "of instructions squashed later");
        STAT(squashed_head_buffer_searches, "searches", "for instructions squashed later");
        STAT(squashed_local_issues, "instructions", "issues of instructions squashed later");
        STAT(squashed_global_issues, "instructions", "issues of instructions squashed later");
        STAT(squashed_local_reads, "reads", "of instructions squashed later");
        STAT(squashed_global_reads, "reads", "of instructions squashed later");
        STAT(squashed_unit_local_writes, "writes", "of instructions squashed later");
        STAT(squashed_load_local_writes, "writes", "of loads squashed later");
        STAT(squashed_unit_global_writes, "writes", "of instructions squashed later");
        STAT(squashed_load_global_writes, "writes", "of loads squashed later");
        FORMULA(block_size, "instructions/block", "mean committed block", ratio(committed_instructions, committed_blocks));
        FORMULA(local_read_share, "1", "share of register reads that were local", ratio(local_reads, local_reads + global_reads));
        FORMULA(local_write_share, "1", "share of register writes that were local",
                ratio(local_writes, local_writes + global_writes));
    };
    explicit CgOooCore(const Params &params);
    const Params &params() const { return params_; }

    void start(const CoreStart &start) override;
    void list_structures(StructureList &list) const override;

    Stats stats;

  private:
    friend TimingCore<CgOooCore>;
    static constexpr u16 kNone = 0xffff;
    static constexpr u32 kLives = 1 << 12;    // more than attempts of one instruction while an event waits

    // A value's place: a global physical register, or a window's local one behind them (see local_index).
    struct Operand {
        u16 place = kNone;
        bool far = false;
    };
    struct Instruction {
        const BlockInstruction *code = nullptr;
        u64 value = 0;                // result; of a store, what it stores
        Address address = 0;
        Cycle issued = 0;
        Cycle complete = kNever;      // first cycle in which its block may commit
        std::array<Operand, 3> source{};
        u16 dest = kNone, old = kNone;   // old: the register that the same name had before
        u16 next = kNone;             // position of the next unissued instruction of the block
        OpClass op_class = OpClass::IntAlu;
        u8 to_execute = 0;            // cycles from selection to the unit
        u8 rounding = 0, flags = 0;
        bool cancel_due = false, missed = false;
        Address target = 0;           // of a transfer: where it went
        bool taken = false;
        bool executed = false;
        bool accessed = false;        // went to the load or store queue
        u32 attempt = 0;              // counts issues and replays from a multiple of kLives on; others' events are void
    };
    struct Brob {
        u64 seq = 0;                  // of the block; 0: free
        const Block *block = nullptr;
        FetchedBlock fetched;
        u32 window = 0;
        u32 dispatched = 0, executed = 0;   // instructions
        u16 first = kNone, last = kNone;    // unissued list: scheduled positions
        u64 load_base = 0, store_base = 0;  // queue positions
        Address next = 0;             // actual
        bool may_skip = true;         // Skipahead permit
        bool waits_for_stores = false;   // it lost the permit: its loads wait until its older stores have executed
        u32 stores_under_way = 0;     // issued, not executed
        Cycle stores_executed = 0;    // when those issued so far execute, or executed
        bool wants_precise = false;   // a fault or a device access was met
        bool windowed = false;        // occupies a window
    };
    struct Event {
        u32 attempt;                  // as Instruction::attempt, else it is void
        u16 entry;
        u8 position;
        enum Kind : u8 { Execute, Cancel } kind;
    };

    // cgooo_allocate.cc
    void allocate(Cycle now);
    bool allocate_block(const BlockFetch::Head &head, Cycle now, Slot &why);
    void enter(u32 entry, u32 position, Cycle now);
    u16 take_register(u32 window);
    Slot backend_reason() const;
    // cgooo_issue.cc
    void issue(Cycle now);
    u32 issue_window(Brob &b, Cycle now);
    Cycle operands_ready(const Brob &b, const Instruction &i);
    struct Skipped;
    bool hazard(const Skipped &skipped, const Instruction &i) const;
    void start_execution(Brob &b, u16 position, Cycle now);
    Cycle after_stores(const Brob &b, const Instruction &i) const;
    void expect(u16 place, Cycle at);
    void rouse_sleepers(u16 place);
    void retract(u16 place);
    // Head buffers whose entries compare a register's name: of its own window, or of all that hold a block.
    u32 searched_buffers(u16 place) const { return place < params_.physical_registers ? busy_windows_ : 1; }
    void rouse(u32 window) { wake_at_[window_entry_[window]] = 0; }
    void run_wheel(Cycle now);
    void execute(u32 entry, u32 position, Cycle now);
    void replay(Brob &b, u32 position);
    void write(Instruction &i, u64 value, Cycle ready);
    void resolve(Brob &b, Instruction &i, Cycle now);
    // cgooo_data.cc
    void execute_load(Brob &b, Instruction &i, Cycle now);
    void execute_store(Brob &b, Instruction &i, Cycle now);
    void load_data(u32 owner, u64 raw, Cycle ready, Cycle earliest) override;
    void load_late(u32 owner, Cycle now, bool missed) override;
    bool load_may_go(u32 owner) override { return !params_.oracle_disambiguation || oracle_lets_go(owner); }
    void load_stale(u32 owner) override;
    bool oracle_lets_go(u32 owner);
    // cgooo_commit.cc
    void commit(Cycle now);
    bool commit_special(Brob &b, Cycle now);
    void commit_block(Brob &b, Cycle now);
    void finish(Brob &b, Cycle now);
    void check_block(const Brob &b, Cycle now);
    void call_environment(bool faulted, const Decoded &d, Fault fault, Address address, Cycle now);
    void take_interrupt(Cycle now);
    void start_precise(Address end, u64 most, Cycle now);
    void run_precise(Cycle now);
    void end_precise(Cycle now);
    // structures.cc
    void list_block_structures(StructureList &list) const;
    void list_wires(StructureList &list) const;
    void derive_counts();
    u64 first_issues() const;
    // cgooo_squash.cc
    void count_squashed(const Brob &b, const Instruction &i);
    void count_squashed(const Brob &b);
    void undo(Brob &b);
    void squash(u64 seq, Address pc, Cycle now, Bubble why, bool resolved);
    void publish_registers();
    void adopt_registers(Cycle now);
    // cgooo.cc
    void tick(Cycle now);
    Cycle next_work(Cycle from, Cycle to) const;
    Cycle next_issue() const;
    Slot lost_to(Cycle) const { return lost_to_; }
    void release_window(Brob &b);
    std::string oldest() const;
    void unknown_block(Cycle now);

    Brob &at(u64 seq) { return brob_[seq & brob_mask_]; }
    const Brob &at(u64 seq) const { return brob_[seq & brob_mask_]; }
    Instruction &instruction(u32 entry, u32 position) { return instructions_[entry * params_.max_block_instructions + position]; }
    const Instruction &instruction(u32 entry, u32 position) const {
        return instructions_[entry * params_.max_block_instructions + position];
    }
    u32 entry_of(const Brob &b) const { return u32(&b - brob_.data()); }
    u16 local_index(u32 window, u8 operand) const {
        return u16(params_.physical_registers + window * params_.local_registers + (operand - kLocal));
    }
    u32 segment_of(u16 phys) const { return segment_of_register_[phys]; }
    void trace(const Brob &b, u32 position, std::string_view stage, Cycle now) {
        if (start_.trace) start_.trace->stage(b.fetched.first_id + position, stage, now);
    }
    // What a trace shows of a block's end: when results were there, when it committed, or that it was squashed.
    void trace_end(const Brob &b, Cycle now, bool committed) {
        for (u32 p = 0; p < b.dispatched; ++p) {
            if (const Cycle c = instruction(entry_of(b), p).complete; c <= now) trace(b, p, "complete", c);
            if (committed) trace(b, p, "commit", now);
            start_.trace->end(b.fetched.first_id + p, now, committed);
        }
    }

    const Params params_;
    const u32 hit_latency_;       // counted on
    std::unique_ptr<BlockCompiler> compiler_;
    std::unique_ptr<BlockFetch> front_;
    std::vector<UnitPool> pools_;         // by cluster

    u64 brob_mask_;
    std::vector<Brob> brob_;              // ring, entry = seq & mask; brob_entries of them in use at most
    std::vector<Instruction> instructions_;     // by entry, scheduled position
    u64 head_ = 1, tail_ = 1;             // block sequence numbers
    std::vector<u16> free_windows_;       // oldest freed first
    u32 busy_windows_ = 0;                // that hold a block
    std::vector<Cycle> wake_at_;          // by entry: nothing of it can issue before, unless an event of its window or
                                          // operands says so
    std::vector<u16> segment_of_register_, segment_of_window_, cluster_of_window_;
    std::vector<u32> window_entry_;       // by window: the block last allocated to it

    // Values: global physical registers, then every window's local ones.
    std::vector<u64> value_;
    std::vector<Cycle> value_at_;         // first cycle in which an execution finds it; kNever: not there
    std::vector<Cycle> expected_at_;      // what issue counts on
    std::vector<u32> readers_;            // of local ones: issued, not yet executed
    std::vector<u64> sleepers_;           // by value: windows (bit window % 64) whose block sleeps for it
    std::vector<u32> writer_;             // of local ones: index in instructions_ of the last issued writer
    std::array<u16, kRegisters> map_{}, committed_map_{};
    std::vector<std::vector<u16>> free_;  // by segment
    u32 free_count_ = 0;

    EventWheel<Event> wheel_;
    RegisterSet stale_ = 0;               // architectural registers whose value died in a local
    u32 blocking_ = 0;                    // blocks in flight that stop allocation
    Cycle rollback_until_ = 0;
    Address no_skip_ = 0;                 // block start that lost its Skipahead permit
    bool precise_ = false;                // precise mode: hart_ runs alone
    Address precise_end_ = 0;
    u64 precise_left_ = 0;
    Cycle precise_next_ = 0;
    Slot lost_to_ = Slot::Misprediction;
    u64 unwindowed_ = 0;                  // instructions dispatched that no window took
};

extern template class TimingCore<CgOooCore>;

}  // namespace sim
