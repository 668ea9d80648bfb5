// SPDX-License-Identifier: BSD-3-Clause
// The in-order core: issues in program order once operands are there, completes out of order, commits
// in order. Results wait in flight until they commit, and consumers find them there: the bypass network.
#pragma once
#include "core/instruction_core.hh"

namespace sim {

class InOrderCore final : public InstructionCore<InOrderCore> {
  public:
    struct Params : Described<Params> {
        TIMING_CORE_PARTS
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
        DATA_PORT_PARAMS
    };
    struct Stats : Described<Stats> {
        TIMING_CORE_STATS
        STAT(register_reads, "reads", "register file reads");
        STAT(register_writes, "writes", "register file writes");
        STAT(bypassed_operands, "operands", "taken from results not committed at issue");
        STAT(load_writes, "writes", "loaded data written behind the units");
        STAT(unit_writes, "writes", "all other results written behind the units");
        STAT(squashed_issues, "instructions", "issued and squashed later");
        STAT(squashed_register_reads, "reads", "of instructions squashed later");
        STAT(squashed_bypassed_operands, "operands", "of instructions squashed later");
        STAT(squashed_load_writes, "writes", "of loads squashed later");
        STAT(squashed_unit_writes, "writes", "of instructions squashed later");
    };
    explicit InOrderCore(const Params &params);
    const Params &params() const { return params_; }

    void start(const CoreStart &start) override;
    void list_structures(StructureList &list) const override;

    Stats stats;

  private:
    friend TimingCore<InOrderCore>;
    friend InstructionCore<InOrderCore>;
    struct Inflight : InFlight {      // a special one never issues, and nothing younger is begun before it
        std::array<u64, 3> source{};  // the operands' writers, if in flight at issue; else 0
        u64 old = 0;                  // writer of rd before this one
        Cycle value_at = kNever;      // first cycle in which an execution finds the value; kNever: not known
        bool translated = true;       // of a store: its page is known
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
    Operands read_operands(const Inflight &i);

    // data.cc
    void execute_memory(Inflight &i, Cycle now);
    bool translate_store(Inflight &i, Cycle now);
    bool commit_atomic(Inflight &i, Cycle now);
    void load_data(u32 owner, u64 raw, Cycle ready, Cycle earliest) override;
    void load_late(u32 owner, Cycle now, bool missed) override;
    bool load_may_go(u32) override { return true; }

    // commit.cc
    void commit(Cycle now);
    bool commit_csr(Inflight &i, Cycle now);
    void leave(Inflight &i);
    void publish_registers() {}
    void adopt_registers(Cycle) {}

    // structures.cc
    void list_wires(StructureList &list) const;

    // inorder.cc
    void tick(Cycle now);
    void count_squashed(const Inflight &i);
    void undo(const Inflight &i);
    Cycle next_work(Cycle from, Cycle to) const;
    void derive_counts() {}
    std::string state_of(const Inflight &i) const { return i.seq == issue_ ? "not issued" : "issued"; }
    Inflight &at(u64 seq) { return ring_[seq & mask_]; }
    const Inflight &at(u64 seq) const { return ring_[seq & mask_]; }

    const Params params_;
    std::unique_ptr<UnitPool> pool_;

    // In flight: a ring, slot = seq & mask_; the registers of hart_ are the register file. [head, execute) have executed, [execute, issue) are on their way
    // to a unit, [issue, tail) wait in the issue queue.
    u64 mask_;
    std::vector<Inflight> ring_;
    u64 execute_ = 1, issue_ = 1;
    std::array<u64, kRegisters> writer_{};   // last one issued; < head_: committed, the register file has it

    Cycle issue_at_ = 0;              // issue need not look before; kNever: until a load's data is announced
    Slot blocked_by_ = Slot::Scheduler;   // why issue left the oldest instruction of the queue there
};

extern template class TimingCore<InOrderCore>;
extern template class InstructionCore<InOrderCore>;

}  // namespace sim
