// SPDX-License-Identifier: BSD-3-Clause
// From the front end to the units: the issue queue, issue in program order, execution.
#include "inorder/inorder.hh"

namespace sim {

void InOrderCore::dispatch(Cycle now) {
    u32 n = 0;
    for (; n < params_.dispatch_width && !queue_full(); ++n) {
        const Fetched *f = front_->head(now);
        if (!f) break;
        enter(*f, now);
        front_->pop();
        progress_ = true;
    }
    if (n < params_.dispatch_width) slot_counter(stats, lost_to(now)) += params_.dispatch_width - n;
}

void InOrderCore::enter(const Fetched &f, Cycle now) {
    Inflight &i = at(tail_);   // of the last user, what issue and execution set anew is left as it is
    i.enter(tail_++, f);
    i.flags = 0;
    i.taken = i.device = i.missed = false;
    i.translated = true;
    i.special = f.faulted || f.d.is_serializing();
    i.value_at = kNever;
    i.complete = i.special ? now + params_.schedule_to_execute : kNever;
    ++stats.dispatched_instructions;
    trace(i, "dispatch", now);
}

// Sends as many as it can, and leaves behind why no more.
void InOrderCore::issue(Cycle now) {
    if (now < issue_at_) return;
    issue_at_ = 0;
    blocked_by_ = Slot::Scheduler;   // nothing but the queue being too small for what comes in
    if (issue_ == tail_) return;
    pool_->begin_cycle();
    for (u32 n = 0; n < params_.issue_width && issue_ != tail_; ++n)
        if (!issue_one(at(issue_), now)) return;
}

bool InOrderCore::issue_one(Inflight &i, Cycle now) {
    if (!may_issue(i, now) || !operands_ready(i, now)) return false;
    const OpClass op = i.d.op_class;
    if (!pool_->take(op, now)) {
        blocked_by_ = Slot::Execution;
        progress_ = true;   // it was counted
        return false;
    }
    progress_ = true;
    ++issue_;
    ++stats.issued_instructions;
    i.issued = now;
    trace(i, "issue", now);
    if (i.d.rd != kNoRegister) {
        i.old = writer_[i.d.rd];
        writer_[i.d.rd] = i.seq;
    }
    LoadStoreQueue &queue = port_->queue;
    const u32 slot = u32(i.seq & mask_);
    if (op == OpClass::Store) i.position = queue.push_store(i.seq, slot);
    else if (op == OpClass::Load) i.position = queue.push_load(i.seq, slot, queue.store_tail());
    else i.value_at = now + params_.schedule_to_execute + params_.units->latency(op);
    return true;
}

// Everything but operands and a unit.
bool InOrderCore::may_issue(Inflight &i, Cycle now) {
    if (i.special) {
        blocked_by_ = Slot::Serialize;
    } else if (issue_ - head_ >= params_.in_flight_entries) {
        const Inflight &oldest = at(head_);
        blocked_by_ = oldest.missed && oldest.complete == kNever ? Slot::Memory : Slot::Execution;
    } else if (i.d.op_class == OpClass::Store && !port_->queue.free_stores()) {
        blocked_by_ = Slot::StoreDrain;
    } else {
        if (!i.d.uses_rounding) return true;
        i.rounding = effective_rounding(i.d, hart_.frm);   // every older write to frm has committed
        if (i.rounding != 5) return true;
        i.special = i.faulted = progress_ = true;
        i.complete = now + params_.schedule_to_execute;
        blocked_by_ = Slot::Serialize;
    }
    return false;
}

// Names the producers, and tells whether each will have delivered when this instruction executes.
bool InOrderCore::operands_ready(Inflight &i, Cycle now) {
    const u8 names[3] = {i.d.rs1, i.d.rs2, i.d.rs3};
    Cycle ready = 0;
    bool missed = false;
    for (unsigned k = 0; k < 3; ++k) {
        if (names[k] == kNoRegister) continue;
        i.source[k] = 0;
        if (writer_[names[k]] < head_) continue;
        i.source[k] = writer_[names[k]];
        const Inflight &producer = at(i.source[k]);
        ready = std::max(ready, producer.value_at);
        missed |= producer.missed && producer.value_at == kNever;
    }
    if (ready <= now + params_.schedule_to_execute) return true;
    issue_at_ = ready == kNever ? kNever : ready - params_.schedule_to_execute;
    blocked_by_ = missed ? Slot::Memory : Slot::Execution;
    return false;
}

void InOrderCore::execute(Cycle now) {
    while (execute_ != issue_) {
        Inflight &i = at(execute_);
        if (i.issued + params_.schedule_to_execute > now) return;
        progress_ = true;
        ++execute_;
        execute_one(i, now);
    }
}

// From the register file where the producer had committed at issue, else from the bypass: the producer's
// entry, or what has been written since.
inline Operands InOrderCore::read_operands(const Inflight &i) {
    const u8 names[3] = {i.d.rs1, i.d.rs2, i.d.rs3};
    u64 value[3] = {};
    u32 all = 0, bypassed = 0;
    for (unsigned k = 0; k < 3; ++k) {
        if (names[k] == kNoRegister) continue;
        const u64 producer = i.source[k];
        ++all;
        bypassed += producer != 0;
        value[k] = producer >= head_ ? at(producer).value : hart_.reg[names[k]];
    }
    stats.register_reads += all - bypassed;
    stats.bypassed_operands += bypassed;
    return {value[0], value[1], value[2], u64(i.d.imm), i.pc, i.rounding};
}

void InOrderCore::execute_one(Inflight &i, Cycle now) {
    const Operands x = read_operands(i);
    ++stats.executed_instructions;
    trace(i, "execute", now);
    switch (i.d.op_class) {
        case OpClass::Load:
        case OpClass::Store:
            i.address = x.rs1 + x.imm;
            i.value = x.rs2;
            return execute_memory(i, now);
        case OpClass::Branch:
            i.taken = i.d.meaning(x, i.flags);
            i.next = i.taken ? i.d.target(i.pc) : i.pc + i.d.length;
            break;
        case OpClass::Jump:
        case OpClass::JumpRegister:
            i.taken = true;
            i.next = i.d.meaning(x, i.flags);
            i.value = i.pc + i.d.length;
            break;
        default: i.value = i.d.meaning(x, i.flags);
    }
    i.complete = i.value_at;
    stats.unit_writes += i.d.rd != kNoRegister;
    if (i.is_control) resolve(i, now);
}

}  // namespace sim
