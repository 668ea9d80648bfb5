// SPDX-License-Identifier: BSD-3-Clause
// The out-of-order core: rename onto physical registers, a scheduler with speculative wake-up and replay, load and store
// queues, a reorder buffer. Every value is computed when and where the hardware would.
#pragma once
#include "core/checker.hh"
#include "core/core_structures.hh"
#include "core/data_port.hh"
#include "core/execution_units.hh"
#include "core/front_end.hh"
#include "core/slots.hh"

namespace sim {

class OutOfOrderCore final : public Model<OutOfOrderCore, Core>, public DataPort::Listener {
  public:
    struct Params : Described<Params> {
        CHILD(Memory, l1i, required, "serves instruction fetch");
        CHILD(Memory, l1d, required, "serves loads and stores");
        CHILD(Tlb, itlb, optional, "translates fetch addresses; none: free");
        CHILD(Tlb, dtlb, optional, "translates data addresses; none: free");
        CHILD(BranchPredictor, predictor, required, "guesses control transfers");
        CHILD(ExecutionUnits, units, required, "functional units");
        CHILD(StoreSets, memory_dependence, optional, "predicts which loads must wait for stores; none: loads never wait");
        PARAM(u32, fetch_width, 4, "instructions/cycle", "fetched and decoded");
        PARAM(u32, dispatch_width, 4, "instructions/cycle", "renamed and entered into the scheduler");
        PARAM(u32, issue_width, 12, "instructions/cycle", "sent to units, whatever their kind");
        PARAM(u32, commit_width, 4, "instructions/cycle", "made architectural");
        PARAM(u32, fetch_to_decode, 3, "cycles", "from reading the instruction cache to decode");
        PARAM(u32, decode_to_schedule, 3, "cycles", "from decode to the scheduler, rename included");
        PARAM(u32, schedule_to_execute, 2, "cycles", "from selection to the unit, register read included");
        PARAM(u32, fetch_queue_entries, 8, "instructions", "waiting between decode and dispatch, latches apart");
        PARAM(u32, taken_per_cycle, 1, "transfers/cycle", "taken transfers that one cycle's fetch may follow");
        PARAM(u32, rob_entries, 180, "instructions", "in flight");
        PARAM(u32, scheduler_entries, 120, "instructions", "waiting for operands or units");
        PARAM(u32, memory_scheduler_entries, 0, "instructions", "loads' and stores' own scheduler; 0: they share scheduler_entries");
        PARAM(u32, float_scheduler_entries, 0, "instructions", "floating-point operations' own scheduler; 0: they share");
        PARAM(u32, physical_registers, 252, "registers", "integer and floating point together");
        PARAM(u32, load_queue_entries, 64, "loads", "loads in flight");
        PARAM(u32, store_queue_entries, 32, "stores", "stores in flight or not yet written");
        PARAM(u32, load_ports, 2, "loads/cycle", "loads that access the data cache");
        PARAM(u32, store_ports, 1, "stores/cycle", "committed stores that access the data cache");
        PARAM(u32, hit_latency, 4, "cycles", "data-cache hit latency that wake-up counts on");
        PARAM(u32, forward_latency, 4, "cycles", "from a load's queue search to data forwarded by a store");
        PARAM(bool, speculate_memory, true, "", "loads pass stores whose address is unknown");
        PARAM(bool, oracle_disambiguation, false, "", "loads wait for just the older stores to their bytes (a limit study)");
        PARAM(bool, ideal_wakeup, false, "", "consumers of a load wake when its data really comes; no replays");
    };
    struct Stats : Described<Stats> {
        STAT(cycles, "cycles", "core clock cycles");
        STAT(committed_instructions, "instructions", "made architectural");
        STAT(fetched_instructions, "instructions", "fetched, wrong path included");
        STAT(fetch_line_reads, "accesses", "instruction-cache reads that brought a line or part of it");
        STAT(dispatched_instructions, "instructions", "renamed and dispatched");
        STAT(issued_instructions, "instructions", "selected for execution, replays included");
        STAT(executed_instructions, "instructions", "executed with good operands");
        STAT(squashed_instructions, "instructions", "dispatched but undone");
        STAT(replays, "instructions", "selected while an operand was not there, and sent back");
        STAT(branch_mispredictions, "branches", "committed control transfers that went elsewhere than fetch did");
        STAT(decode_redirects, "transfers", "found by decode where the BTB knew nothing");
        STAT(memory_violations, "loads", "found to have passed an older store to their bytes; squashed with all younger");
        STAT(committed_loads, "loads", "committed");
        STAT(committed_stores, "stores", "committed");
        STAT(committed_branches, "branches", "committed control transfers");
        STAT(forwarded_loads, "loads", "executed wholly with bytes from the store queue");
        STAT(load_retries, "accesses", "load accesses that found no port, bank or miss register");
        STAT(environment_calls, "calls", "system calls, breakpoints, faults and interrupts");
        STAT(register_reads, "reads", "physical register file reads");
        STAT(register_writes, "writes", "physical register file writes");
        STAT(renamed_sources, "reads", "rename map reads");
        STAT(renamed_destinations, "writes", "rename map writes and free-list reads");
        STAT(wakeups, "broadcasts", "destination tags broadcast to the scheduler");
        STAT(store_queue_searches, "searches", "loads that searched the store queue");
        STAT(load_queue_searches, "searches", "stores that searched the load queue");
        STAT(scheduler_writes, "writes", "instructions written into a scheduler");
        STAT(select_scans, "scans", "cycles in which selection looked for ready instructions");
        STAT(wakeup_cancels, "broadcasts", "destination tags broadcast to take a wake-up back");
        STAT(free_list_writes, "writes", "registers put back on the free list");
        STAT(map_restores, "writes", "rename map entries put back by a squash");
        STAT(squashed_renamed_sources, "reads", "rename map reads for instructions squashed later");
        STAT(squashed_scheduler_writes, "writes", "of instructions squashed later");
        STAT(squashed_issues, "instructions", "selections of instructions squashed later");
        STAT(squashed_executions, "instructions", "executed and squashed later");
        STAT(squashed_wakeups, "broadcasts", "of instructions squashed later");
        STAT(squashed_register_reads, "reads", "of instructions squashed later");
        STAT(load_writes, "writes", "register writes of loaded data");
        STAT(unit_writes, "writes", "register writes of all other results");
        STAT(squashed_load_writes, "writes", "of loads squashed later");
        STAT(squashed_unit_writes, "writes", "of instructions squashed later");
        STAT(squashed_load_queue_searches, "searches", "of stores squashed later");
        FETCH_ENERGY_STATS
        QUEUE_ENERGY_STATS
        STAT(stale_loads, "loads", "executed before a device wrote their line, and squashed");
        SLOT_STATS
        FORMULA(ipc, "instructions/cycle", "committed per cycle", ratio(committed_instructions, cycles));
        FORMULA(branch_mpki, "mispredictions/1000", "mispredicted transfers per 1000 committed instructions",
                1000 * ratio(branch_mispredictions, committed_instructions));
    };
    explicit OutOfOrderCore(const Params &params);
    const Params &params() const { return params_; }

    void start(const CoreStart &start) override;
    void run(u64 instructions) override;
    const Hart &hart() const override { return hart_; }
    void list_structures(StructureList &list) const override;

    Stats stats;

  private:
    struct Inflight {
        u64 seq = 0;                  // 0: nothing
        u64 id = 0;                   // the front end's
        Address pc = 0, predicted = 0, next = 0;
        Decoded d;
        u64 ticket = 0;
        u64 value = 0;                // result; of a store, what it stores
        Address address = 0;
        u64 position = 0;             // in the load or store queue
        u64 wait_store = 0;           // of a load: store that the dependence predictor names; 0: none
        Cycle issued = 0;
        Cycle complete = kNever;      // first cycle in which it may commit
        u32 attempt = 0;              // counts issues and replays from a multiple of kLives on; others' events are void
        std::array<u16, 3> source{};  // physical registers; kNone: no such operand
        u16 dest = 0, old = 0;
        u8 waiting = 0;               // bit a source: not awake
        u8 rounding = 0, flags = 0;
        u8 fetch_reads = 0;           // Fetched::reads
        u8 early_reads = 0;           // of registers, by selections that were sent back
        u8 queue = 0;                 // which scheduler
        Fault fault = Fault::IllegalInstruction;
        bool is_control = false, taken = false;
        bool scheduled = false;       // occupies a scheduler entry
        bool special = false;         // carried out at commit
        bool blocks = false;          // dispatch waits until it has committed
        bool faulted = false, device = false;
        bool cancel_due = false;      // a cancellation of its speculative wake-up has been ordered
        bool missed = false;          // waits for data from beyond the L1
    };
    struct WheelEvent {
        enum Kind : u8 { Execute, Wake, Cancel } kind;
        u32 slot;
        u64 seq;
        u32 attempt;
    };
    static constexpr u16 kNone = 0xffff;
    static constexpr u32 kLives = 1 << 12;    // more than attempts of one instruction while an event waits
    static constexpr unsigned kWheel = 256;   // cycles ahead, at most

    // dispatch.cc
    void dispatch(Cycle now);
    bool room_for(const Fetched &f, Slot &why) const;
    void enter(const Fetched &f, Cycle now);
    void rename(Inflight &i);
    Slot backend_reason() const;
    u8 scheduler_of(const Decoded &d) const;

    // issue.cc
    void issue(Cycle now);
    bool issue_one(u32 slot, Cycle now);
    void run_wheel(Cycle now);
    void at(Cycle when, WheelEvent event) { wheel_[when % kWheel].push_back(event), ++wheel_count_; }
    void execute(u32 slot, Cycle now);
    void replay(u32 slot);
    void make_ready(u32 slot);        // into ready_, if its sources are awake
    void wait_on(u32 slot, unsigned k);
    void wake(u16 phys);
    void unwake(u16 phys);
    void write(Inflight &i, u64 value, Cycle ready);
    void resolve(Inflight &i, Cycle now);

    // data.cc
    void execute_load(u32 slot, Cycle now);
    void execute_store(u32 slot, Cycle now);
    void cancel_wakeup(u32 slot, Cycle now);
    void load_data(u32 slot, u64 raw, Cycle ready, Cycle earliest) override;
    void load_late(u32 slot, Cycle now, bool missed) override;
    bool load_may_go(u32 slot) override;
    void load_stale(u32 owner) override;
    bool oracle_lets_go(const Inflight &load);

    // commit.cc
    void commit(Cycle now);
    bool commit_special(u32 slot, Cycle now);
    bool commit_device(Inflight &i, Cycle now);
    bool commit_csr(Inflight &i, Cycle now);
    bool commit_atomic(Inflight &i, Cycle now);
    void call_environment(Inflight &i, Cycle now);
    void commit_one(Inflight &i, Cycle now, Effect effect);
    void take_interrupt(Cycle now);
    void publish_registers();
    void adopt_registers(Cycle now);

    // structures.cc
    void list_wires(StructureList &list) const;
    void derive_counts();

    // ooo.cc
    void tick(Cycle now);
    void count_squashed(const Inflight &i);
    void squash(u64 seq, Address pc, Cycle now, Bubble why, bool resolved);
    void check_progress(Cycle now) const;
    void skip_idle();
    void sleep_until_woken();
    u64 number(u64 seq) const { return hart_.committed + (seq - head_); }   // as the oracle names it
    Inflight &slot_of_seq(u64 seq) { return rob_[seq & rob_mask_]; }
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
    Hart hart_;                       // pc, frm, fflags, counts; registers only after publish_registers()
    GuestMemory *memory_ = nullptr;
    std::unique_ptr<DecodeCache> code_;
    std::unique_ptr<FrontEnd> front_;
    std::unique_ptr<Checker> checker_;
    std::unique_ptr<Oracle> oracle_;  // of limit studies, else null
    std::unique_ptr<DataPort> port_;
    std::unique_ptr<UnitPool> pool_;

    // In flight: a ring, slot = seq & rob_mask_.
    u64 rob_mask_;
    u32 words_;                       // of a bit mask over slots
    std::vector<Inflight> rob_;
    u64 head_ = 1, tail_ = 1;         // sequence numbers
    std::vector<u64> ready_;          // bit a slot: in a scheduler, all operands awake
    std::array<u32, 3> scheduled_{};  // entries used: shared, memory, float
    std::array<u32, 3> scheduler_entries_;

    // Physical registers. Register 0 is the constant 0.
    std::vector<u64> value_;
    std::vector<Cycle> value_at_;     // first cycle in which an execution finds the value; kNever: not known
    std::vector<u8> awake_;           // consumers may be selected
    std::vector<u64> waiters_;        // words_ a register: slots that may wait for it (Inflight::waiting decides)
    std::array<u16, kRegisters> map_{}, committed_map_{};
    std::vector<u16> free_;

    std::array<std::vector<WheelEvent>, kWheel> wheel_;
    u32 wheel_count_ = 0;
    u32 blocking_ = 0;                // instructions in flight that stop dispatch
    bool progress_ = false;           // this cycle changed something
    Slot lost_to_ = Slot::Misprediction;
    u32 lost_ = 0;                    // slots lost this cycle
    u64 carried_out_ = 0;             // system instruction that the environment carries out now: not squashed
    u64 unscheduled_ = 0;             // instructions dispatched that no scheduler took
    Cycle last_commit_ = 0;
    u64 stop_at_ = ~u64{0};           // hart_.committed at which run() ends
};

}  // namespace sim
