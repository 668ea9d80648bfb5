// SPDX-License-Identifier: BSD-3-Clause
// The in-order core: issues in program order once operands are there, completes out of order, commits
// in order. Results wait in flight until they commit, and consumers find them there: the bypass network.
#pragma once
#include "core/checker.hh"
#include "core/core_structures.hh"
#include "core/data_port.hh"
#include "core/execution_units.hh"
#include "core/front_end.hh"
#include "core/slots.hh"

namespace sim {

class InOrderCore final : public Model<InOrderCore, Core>, public DataPort::Listener {
  public:
    struct Params : Described<Params> {
        CHILD(Memory, l1i, required, "serves instruction fetch");
        CHILD(Memory, l1d, required, "serves loads and stores");
        CHILD(Tlb, itlb, optional, "translates fetch addresses; none: free");
        CHILD(Tlb, dtlb, optional, "translates data addresses; none: free");
        CHILD(BranchPredictor, predictor, required, "guesses control transfers");
        CHILD(ExecutionUnits, units, required, "functional units");
        PARAM(u32, fetch_width, 4, "instructions/cycle", "fetched and decoded");
        PARAM(u32, dispatch_width, 4, "instructions/cycle", "entered into the issue queue");
        PARAM(u32, issue_width, 4, "instructions/cycle", "sent to units, whatever their kind");
        PARAM(u32, commit_width, 4, "instructions/cycle", "made architectural");
        PARAM(u32, fetch_to_decode, 1, "cycles", "from fetch to decode, or the instruction cache's latency");
        PARAM(u32, decode_to_schedule, 1, "cycles", "from decode to the issue queue");
        PARAM(u32, schedule_to_execute, 1, "cycles", "from issue to the unit, register read included");
        PARAM(u32, fetch_queue_entries, 16, "instructions", "waiting before dispatch, latches apart");
        PARAM(u32, taken_per_cycle, 1, "transfers/cycle", "taken transfers that one cycle's fetch follows");
        PARAM(u32, issue_queue_entries, 10, "instructions", "the oldest waits, the younger behind it");
        PARAM(u32, in_flight_entries, 32, "instructions", "issued and not committed; hold their results");
        PARAM(u32, store_buffer_entries, 20, "stores", "issued and not yet written");
        PARAM(u32, load_ports, 2, "loads/cycle", "loads that access the data cache");
        PARAM(u32, store_ports, 1, "stores/cycle", "committed stores that access the data cache");
        PARAM(u32, forward_latency, 4, "cycles", "from a load's search of the store buffer to its data");
    };
    struct Stats : Described<Stats> {
        STAT(cycles, "cycles", "core clock cycles");
        STAT(committed_instructions, "instructions", "made architectural");
        STAT(fetched_instructions, "instructions", "fetched, wrong path included");
        STAT(fetch_line_reads, "accesses", "instruction-cache reads that brought a line or part of it");
        STAT(dispatched_instructions, "instructions", "entered into the issue queue");
        STAT(issued_instructions, "instructions", "sent to units");
        STAT(executed_instructions, "instructions", "executed on units");
        STAT(squashed_instructions, "instructions", "dispatched but undone");
        STAT(branch_mispredictions, "branches", "committed transfers that went elsewhere than fetch");
        STAT(decode_redirects, "transfers", "found by decode where the BTB knew nothing");
        STAT(committed_loads, "loads", "committed");
        STAT(committed_stores, "stores", "committed");
        STAT(committed_branches, "branches", "committed control transfers");
        STAT(forwarded_loads, "loads", "executed wholly with bytes from the store buffer");
        STAT(load_retries, "accesses", "load accesses that found no port, bank or miss register");
        STAT(environment_calls, "calls", "system calls, breakpoints, faults and interrupts");
        STAT(register_reads, "reads", "register file reads");
        STAT(register_writes, "writes", "register file writes");
        STAT(bypassed_operands, "operands", "taken from results not committed at issue");
        STAT(store_queue_searches, "searches", "loads that searched the store buffer");
        STAT(load_writes, "writes", "loaded data written behind the units");
        STAT(unit_writes, "writes", "all other results written behind the units");
        STAT(squashed_issues, "instructions", "issued and squashed later");
        STAT(squashed_executions, "instructions", "executed and squashed later");
        STAT(squashed_register_reads, "reads", "of instructions squashed later");
        STAT(squashed_bypassed_operands, "operands", "of instructions squashed later");
        STAT(squashed_load_writes, "writes", "of loads squashed later");
        STAT(squashed_unit_writes, "writes", "of instructions squashed later");
        FETCH_ENERGY_STATS
        QUEUE_ENERGY_STATS
        STAT(stale_loads, "loads", "executed before a device wrote their line, and squashed");
        SLOT_STATS
        FORMULA(ipc, "instructions/cycle", "committed per cycle", ratio(committed_instructions, cycles));
        FORMULA(branch_mpki, "mispredictions/1000", "mispredicted transfers per 1000 committed instructions",
                1000 * ratio(branch_mispredictions, committed_instructions));
    };
    explicit InOrderCore(const Params &params);
    const Params &params() const { return params_; }

    void start(const CoreStart &start) override;
    void run(u64 instructions) override;
    const Hart &hart() const override { return hart_; }
    void list_structures(StructureList &list) const override;

    Stats stats;

  private:
    struct Inflight {
        u64 seq = 0;
        u64 id = 0;                   // the front end's
        Address pc = 0, predicted = 0, next = 0;
        Decoded d;
        u64 ticket = 0;
        u64 value = 0;                // result; of a store, what it stores
        Address address = 0;
        u64 position = 0;             // in the load or store queue
        std::array<u64, 3> source{};  // the operands' writers, if in flight at issue; else 0
        u64 old = 0;                  // writer of rd before this one
        Cycle issued = 0;
        Cycle value_at = kNever;      // first cycle in which an execution finds the value; kNever: not known
        Cycle complete = kNever;      // first cycle in which it may commit
        u8 rounding = 0, flags = 0;
        u8 fetch_reads = 0;           // Fetched::reads
        Fault fault = Fault::IllegalInstruction;
        bool is_control = false, taken = false;
        bool special = false;         // never issues: carried out at commit, nothing younger begun
        bool faulted = false, device = false;
        bool translated = true;       // of a store: its page is known
        bool missed = false;          // waits for data from beyond the L1
    };

    // issue.cc
    void dispatch(Cycle now);
    void enter(const Fetched &f, Cycle now);
    bool queue_full() const { return tail_ - issue_ >= params_.issue_queue_entries; }
    Slot lost_to(Cycle now) const { return queue_full() ? blocked_by_ : slot_of(front_->bubble(now)); }
    void issue(Cycle now);
    bool issue_one(Inflight &i, Cycle now);
    bool may_issue(Inflight &i, Cycle now);
    bool operands_ready(Inflight &i, Cycle now);
    void execute(Cycle now);
    void execute_one(Inflight &i, Cycle now);
    u64 operand(const Inflight &i, unsigned k, u8 name);
    void resolve(Inflight &i, Cycle now);

    // data.cc
    void execute_memory(Inflight &i, Cycle now);
    bool translate_store(Inflight &i, Cycle now);
    bool commit_atomic(Inflight &i, Cycle now);
    void load_data(u32 owner, u64 raw, Cycle ready, Cycle earliest) override;
    void load_late(u32 owner, Cycle now, bool missed) override;
    bool load_may_go(u32) override { return true; }
    void load_stale(u32 owner) override;

    // commit.cc
    void commit(Cycle now);
    bool commit_special(Inflight &i, Cycle now);
    bool commit_csr(Inflight &i, Cycle now);
    void commit_device(Inflight &i, Cycle now);
    void commit_one(Inflight &i, Cycle now, Effect effect);
    void call_environment(Inflight &i, Cycle now);
    void take_interrupt(Cycle now);
    void resume(Cycle now);

    // structures.cc
    void list_wires(StructureList &list) const;
    void count_squashed(const Inflight &i);

    // inorder.cc
    void tick(Cycle now);
    void squash(u64 seq, Address pc, Cycle now, Bubble why, bool resolved);
    void check_progress(Cycle now) const;
    void skip_idle();
    void sleep_until_woken();
    u64 number(u64 seq) const { return hart_.committed + (seq - head_); }   // as the oracle names it
    Inflight &at(u64 seq) { return ring_[seq & mask_]; }
    const Inflight &at(u64 seq) const { return ring_[seq & mask_]; }
    void trace(const Inflight &i, std::string_view stage, Cycle now) {
        if (start_.trace) start_.trace->stage(i.id, stage, now);
    }
    // What a trace shows of an instruction's end: when its result was there, when it committed, or that it was squashed.
    void trace_end(const Inflight &i, Cycle now, bool committed) {
        if (i.complete <= now) trace(i, "complete", i.complete);
        if (committed) trace(i, "commit", now);
        start_.trace->end(i.id, now, committed);
    }

    const Params params_;
    CoreStart start_;
    Hart hart_;                       // architectural; its registers are the register file
    GuestMemory *memory_ = nullptr;
    std::unique_ptr<DecodeCache> code_;
    std::unique_ptr<FrontEnd> front_;
    std::unique_ptr<Checker> checker_;
    std::unique_ptr<Oracle> oracle_;  // of limit studies, else null
    std::unique_ptr<UnitPool> pool_;
    std::unique_ptr<DataPort> port_;  // with the store buffer

    // In flight: a ring, slot = seq & mask_. [head, execute) have executed, [execute, issue) are on their way
    // to a unit, [issue, tail) wait in the issue queue.
    u64 mask_;
    std::vector<Inflight> ring_;
    u64 head_ = 1, execute_ = 1, issue_ = 1, tail_ = 1;
    std::array<u64, kRegisters> writer_{};   // last one issued; < head_: committed, the register file has it

    bool progress_ = false;           // this cycle changed something
    Cycle issue_at_ = 0;              // issue need not look before; kNever: until a load's data is announced
    Slot blocked_by_ = Slot::Scheduler;   // why issue left the oldest instruction of the queue there
    u64 carried_out_ = 0;             // system instruction that the environment carries out now: not squashed
    Cycle last_commit_ = 0;
    u64 stop_at_ = ~u64{0};           // hart_.committed at which run() ends
};

}  // namespace sim
