// SPDX-License-Identifier: BSD-3-Clause
// The out-of-order core: rename onto physical registers, a scheduler with speculative wake-up and replay, load and store
// queues, a reorder buffer. Every value is computed when and where the hardware would.
#pragma once
#include "core/event_wheel.hh"
#include "core/instruction_core.hh"

namespace sim {

class OutOfOrderCore final : public InstructionCore<OutOfOrderCore> {
  public:
    struct Params : Described<Params> {
        TIMING_CORE_PARTS
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
        DATA_PORT_PARAMS
        PARAM(u32, hit_latency, 0, "cycles", "data-cache hit latency that wake-up counts on; 0: the l1d's own, 4 where it varies");
        PARAM(bool, speculate_memory, true, "", "loads pass stores whose address is unknown");
        PARAM(bool, oracle_disambiguation, false, "", "loads wait for just the older stores to their bytes (a limit study)");
        PARAM(bool, ideal_wakeup, false, "", "consumers of a load wake when its data really comes; no replays");
    };
    struct Stats : Described<Stats> {
        TIMING_CORE_STATS
        RENAMING_CORE_STATS
        STAT(wakeups, "broadcasts", "destination tags broadcast to the scheduler");
        STAT(wakeup_cancels, "broadcasts", "destination tags broadcast to take a wake-up back");
        STAT(select_scans, "scans", "cycles in which selection looked for ready instructions");
        STAT(scheduler_writes, "writes", "instructions written into a scheduler");
        STAT(register_reads, "reads", "physical register file reads");
        STAT(register_writes, "writes", "physical register file writes");
        STAT(load_writes, "writes", "register writes of loaded data");
        STAT(unit_writes, "writes", "register writes of all other results");
        STAT(squashed_wakeups, "broadcasts", "of instructions squashed later");
        STAT(squashed_scheduler_writes, "writes", "of instructions squashed later");
        STAT(squashed_issues, "instructions", "selections of instructions squashed later");
        STAT(squashed_register_reads, "reads", "of instructions squashed later");
        STAT(squashed_load_writes, "writes", "of loads squashed later");
        STAT(squashed_unit_writes, "writes", "of instructions squashed later");
    };
    explicit OutOfOrderCore(const Params &params);
    const Params &params() const { return params_; }

    void start(const CoreStart &start) override;
    void list_structures(StructureList &list) const override;

    Stats stats;

  private:
    friend TimingCore<OutOfOrderCore>;
    friend InstructionCore<OutOfOrderCore>;
    struct Inflight : InFlight {
        u64 wait_store = 0;           // of a load: store that the dependence predictor names; 0: none
        u32 attempt = 0;              // counts issues and replays from a multiple of kLives on; others' events are void
        std::array<u16, 3> source{};  // physical registers; kNone: no such operand
        u16 dest = 0, old = 0;
        u8 waiting = 0;               // bit a source: not awake
        u8 early_reads = 0;           // of registers, by selections that were sent back
        u8 queue = 0;                 // which scheduler
        bool scheduled = false;       // occupies a scheduler entry
        bool blocks = false;          // dispatch waits until it has committed
        bool cancel_due = false;      // a cancellation of its speculative wake-up has been ordered
    };
    struct Event {
        u32 attempt;                  // as Inflight::attempt, else it is void
        u16 slot;
        enum Kind : u8 { Execute, Wake, Cancel } kind;
    };
    static constexpr u16 kNone = 0xffff;
    static constexpr u32 kLives = 1 << 12;    // more than attempts of one instruction while an event waits

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
    void later(Cycle when, Event::Kind kind, u32 slot) { wheel_.add(when, {ring_[slot].attempt, u16(slot), kind}); }
    void execute(u32 slot, Cycle now);
    void replay(u32 slot);
    void make_ready(u32 slot);        // into ready_, if its sources are awake
    void wait_on(u32 slot, unsigned k);
    void wake(u16 phys);
    void unwake(u16 phys);
    void write(Inflight &i, u64 value, Cycle ready);

    // data.cc
    void execute_load(u32 slot, Cycle now);
    void execute_store(u32 slot, Cycle now);
    void cancel_wakeup(u32 slot, Cycle now);
    void load_data(u32 slot, u64 raw, Cycle ready, Cycle earliest) override;
    void load_late(u32 slot, Cycle now, bool missed) override;
    bool load_may_go(u32 slot) override;
    bool oracle_lets_go(const Inflight &load);

    // commit.cc
    void commit(Cycle now);
    void commit_device(Inflight &i, Cycle now);
    bool commit_csr(Inflight &i, Cycle now);
    bool commit_atomic(Inflight &i, Cycle now);
    void leave(Inflight &i);
    void publish_registers();
    void adopt_registers(Cycle now);

    // structures.cc
    void list_wires(StructureList &list) const;
    void derive_counts();

    // ooo.cc
    void tick(Cycle now);
    void count_squashed(const Inflight &i);
    void undo(Inflight &i);
    Cycle next_work(Cycle from, Cycle to) const;
    Slot lost_to(Cycle) const { return lost_to_; }
    std::string state_of(const Inflight &i) const;
    Inflight &at(u64 seq) { return ring_[seq & mask_]; }
    const Inflight &at(u64 seq) const { return ring_[seq & mask_]; }

    const Params params_;
    const u32 hit_latency_;       // counted on
    std::unique_ptr<UnitPool> pool_;

    // In flight: a ring, slot = seq & mask_.
    u64 mask_;
    u32 words_;                       // of a bit mask over slots
    std::vector<Inflight> ring_;
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

    EventWheel<Event> wheel_;
    u32 blocking_ = 0;                // instructions in flight that stop dispatch
    Slot lost_to_ = Slot::Misprediction;
    u64 unscheduled_ = 0;             // instructions dispatched that no scheduler took
};

extern template class TimingCore<OutOfOrderCore>;
extern template class InstructionCore<OutOfOrderCore>;

}  // namespace sim
