// SPDX-License-Identifier: BSD-3-Clause
// What the cores share that fetch, squash and commit single instructions: the in-order and the out-of-order one.
#pragma once
#include "core/front_end.hh"
#include "core/timing_core.hh"

namespace sim {

// An instruction between dispatch and commit.
struct InFlight {
    u64 seq = 0;                  // 0: nothing
    u64 id = 0;                   // the front end's
    Address pc = 0, predicted = 0, next = 0;
    Decoded d;
    u64 ticket = 0;
    u64 value = 0;                // result; of a store, what it stores
    Address address = 0;
    u64 position = 0;             // in the load or store queue
    Cycle issued = 0;
    Cycle complete = kNever;      // first cycle in which it may commit
    u8 rounding = 0, flags = 0;
    u8 fetch_reads = 0;           // Fetched::reads
    Fault fault = Fault::IllegalInstruction;
    bool is_control = false, taken = false;
    bool special = false;         // carried out at commit
    bool faulted = false, device = false;
    bool missed = false;          // waits for data from beyond the L1

    void enter(u64 number, const Fetched &f) {
        seq = number;
        id = f.id;
        pc = address = f.pc;
        predicted = next = f.next;
        d = f.d;
        ticket = f.ticket;
        is_control = f.is_control;
        fetch_reads = f.reads;
        faulted = f.faulted;
        fault = f.fault;
    }
};

// `Self` has, beside what TimingCore asks for,
//   InFlight &at(u64 seq)                    one in flight
//   void leave(i)                            the oldest becomes architectural: its registers, and its place
//   void undo(i)                             it is squashed: its registers, and its place
//   void count_squashed(i)                   what it had done until then
//   void adopt_registers(Cycle now)          hart_, changed by the environment, is the truth; nothing is in flight
//   bool commit_atomic(i, now), commit_csr(i, now)   false: not in this cycle, or nothing more may commit in it
template <class Self> class InstructionCore : public TimingCore<Self> {
  protected:
    using TimingCore<Self>::hart_, TimingCore<Self>::checker_, TimingCore<Self>::oracle_, TimingCore<Self>::port_;
    using TimingCore<Self>::start_, TimingCore<Self>::memory_, TimingCore<Self>::carried_out_, TimingCore<Self>::code_;

    // All parts, for `in_flight` instructions between dispatch and commit.
    void make_parts(const CoreStart &start, u32 in_flight, bool needs_oracle);

    // Undoes everything from `seq` on and fetches from `pc`. `resolved`: the predictor has been told already.
    void squash(u64 seq, Address pc, Cycle now, Bubble why, bool resolved);
    // Execution found where a transfer goes.
    void resolve(InFlight &i, Cycle now);
    void load_stale(u32 owner) final;

    // Of the oldest instruction.
    bool commit_special(auto &i, Cycle now);
    Effect access_device(InFlight &i);        // a load's result becomes its value
    void commit_one(auto &i, Cycle now, Effect effect);
    void call_environment(InFlight &i, Cycle now);
    void take_interrupt(Cycle now);

    std::string oldest() const;
    u64 number(u64 seq) const { return hart_.committed + (seq - head_); }   // as the oracle names it
    void trace(const InFlight &i, std::string_view stage, Cycle now) {
        if (start_.trace) start_.trace->stage(i.id, stage, now);
    }
    // What a trace shows of an end: when the result was there, when it committed, or that it was squashed.
    void trace_end(const InFlight &i, Cycle now, bool committed) {
        if (i.complete <= now) trace(i, "complete", i.complete);
        if (committed) trace(i, "commit", now);
        start_.trace->end(i.id, now, committed);
    }

    std::unique_ptr<FrontEnd> front_;
    u64 head_ = 1, tail_ = 1;         // sequence numbers in flight

  private:
    friend TimingCore<Self>;
    Self &self() { return static_cast<Self &>(*this); }
    const Self &self() const { return static_cast<const Self &>(*this); }
};

template <class Self>
void InstructionCore<Self>::make_parts(const CoreStart &start, u32 in_flight, bool needs_oracle) {
    const auto &p = self().params();
    this->begin(start);
    FrontEnd::Wiring wiring{p.l1i, p.itlb, p.predictor, p.fetch_width, p.fetch_to_decode,
                            p.decode_to_schedule, p.fetch_queue_entries, p.taken_per_cycle};
    if (needs_oracle || p.predictor->params().perfect) {
        oracle_ = std::make_unique<Oracle>(start, in_flight + FrontEnd::capacity_of(wiring));
        wiring.oracle = oracle_.get();
    }
    front_ = std::make_unique<FrontEnd>(wiring, start, *code_);
    p.predictor->set_capacity(in_flight + front_->capacity());
}

template <class Self>
void InstructionCore<Self>::squash(u64 seq, Address pc, Cycle now, Bubble why, bool resolved) {
    this->progress_ = true;
    u64 ticket = front_->redirect(pc, now, why);
    if (oracle_) oracle_->fetch_from(number(seq));
    for (u64 s = tail_; s-- > seq;) {
        auto &i = self().at(s);
        if (s != carried_out_) self().count_squashed(i);
        if (i.is_control) ticket = i.ticket;
        self().undo(i);
        ++self().stats.squashed_instructions;
        ++self().stats.slots_squashed;
        if (start_.trace && s != carried_out_) trace_end(i, now, false);
    }
    tail_ = seq;
    port_->squash(seq);
    if (!resolved && ticket != ~u64{0}) self().params().predictor->squash(ticket);
    if (seq == head_) port_->forget_line();
}

template <class Self> void InstructionCore<Self>::resolve(InFlight &i, Cycle now) {
    if (i.next == i.predicted) return;
    self().params().predictor->resolve(i.ticket, i.taken, i.next);
    squash(i.seq + 1, i.next, now, Bubble::Misprediction, true);
}

template <class Self> void InstructionCore<Self>::load_stale(u32 owner) {
    ++self().stats.stale_loads;
    const InFlight &load = self().at(owner);
    squash(load.seq, load.pc, this->clock_->now, Bubble::Squash, false);
}

template <class Self> bool InstructionCore<Self>::commit_special(auto &i, Cycle now) {
    hart_.cycle = now;
    if (is_float_csr(i.d)) return self().commit_csr(i, now);
    if (!port_->drained()) return false;
    switch (i.d.op_class) {
        case OpClass::Atomic:
        case OpClass::LoadReserved:
        case OpClass::StoreConditional: return self().commit_atomic(i, now);
        case OpClass::Csr: return self().commit_csr(i, now);
        case OpClass::Fence: commit_one(i, now, {}); return true;
        case OpClass::FenceI: {
            const Address next = i.pc + i.d.length;
            commit_one(i, now, {});
            self().params().l1i->instruction_fence(now);
            squash(head_, next, now, Bubble::Squash, false);
            return false;
        }
        default: call_environment(i, now); return false;
    }
}

template <class Self> Effect InstructionCore<Self>::access_device(InFlight &i) {
    Effect effect;
    effect.device = true;
    if (i.d.op_class == OpClass::Load) {
        effect.device_value = memory_->device->device_load(i.address, i.d.memory_bytes);
        i.value = extend(effect.device_value, i.d.memory_bytes, i.d.extend);
    } else {
        memory_->device->device_store(i.address, i.d.memory_bytes, i.value);
        effect.stores(i.address, i.d.memory_bytes, i.value);
    }
    return effect;
}

template <class Self> void InstructionCore<Self>::commit_one(auto &i, Cycle now, Effect effect) {
    auto &stats = self().stats;
    if (i.special) i.next = i.pc + i.d.length;
    self().leave(i);
    hart_.fflags |= i.flags;
    hart_.pc = i.next;
    ++hart_.committed;
    ++stats.committed_instructions;
    ++stats.slots_committed;
    if (i.d.op_class == OpClass::Load) {
        port_->queue.pop_load();
        ++stats.committed_loads;
    } else if (i.d.op_class == OpClass::Store) {
        port_->commit_store();
        ++stats.committed_stores;
    }
    if (i.is_control) {
        ++stats.committed_branches;
        stats.branch_mispredictions += i.next != i.predicted;
        self().params().predictor->commit(i.ticket, i.taken, i.next);
    }
    if (start_.trace) trace_end(i, now, true);
    if (checker_ || oracle_) {
        effect.pc = i.pc;
        effect.next = i.next;
        effect.rd = i.d.rd;
        effect.value = i.value;
        if (checker_) checker_->committed(effect, hart_.fflags, now);
        if (oracle_) oracle_->committed(effect);
    }
    ++head_;
    this->committed_at(now);
}

// It is a system instruction, or one that cannot complete.
template <class Self> void InstructionCore<Self>::call_environment(InFlight &i, Cycle now) {
    auto &stats = self().stats;
    const bool faulted = i.faulted;
    const Fault fault = i.fault;
    const Address address = i.address;
    const Decoded d = i.d;
    const u64 id = i.id;
    if (!faulted) carried_out_ = head_;
    squash(head_, i.pc, now, Bubble::Squash, false);
    carried_out_ = 0;
    self().publish_registers();
    const u64 before = hart_.committed;
    this->begin_environment(now);
    Effect effect;
    if (faulted) start_.environment->fault(hart_, fault, address);
    else execute_system(hart_, d, *start_.environment, effect);
    const u64 committed = hart_.committed - before;   // the system instruction itself
    if (start_.trace && !faulted) {
        if (committed) start_.trace->stage(id, "commit", now);
        start_.trace->end(id, now, committed);
    }
    stats.committed_instructions += committed;
    if (committed) ++stats.slots_committed, --stats.slots_squashed, --stats.squashed_instructions;
    this->end_environment(now);
    self().adopt_registers(now);
    front_->redirect(hart_.pc, now, Bubble::Squash);
}

template <class Self> void InstructionCore<Self>::take_interrupt(Cycle now) {
    if (!port_->drained()) return;
    squash(head_, hart_.pc, now, Bubble::Squash, false);
    self().publish_registers();
    this->begin_environment(now);
    start_.environment->interrupt(hart_);
    this->end_environment(now);
    self().adopt_registers(now);
    front_->redirect(hart_.pc, now, Bubble::Squash);
}

template <class Self> std::string InstructionCore<Self>::oldest() const {
    if (head_ == tail_) return "Nothing is in flight; fetch is at " + start_.program->where(hart_.pc);
    const auto &i = self().at(head_);
    return "Oldest: #" + std::to_string(i.seq) + " " + disassemble(i.d, i.pc) + " at " + start_.program->where(i.pc) +
           ", " + self().state_of(i) + (i.missed ? ", waits for data from beyond the L1" : "") + ", stores not written: " +
           std::to_string(port_->queue.store_tail() - port_->queue.store_head());
}

}  // namespace sim
