// SPDX-License-Identifier: BSD-3-Clause
// Rename and dispatch: takes decoded instructions in order into the reorder buffer, scheduler and queues.
#include "ooo/ooo.hh"

namespace sim {

u8 OutOfOrderCore::scheduler_of(const Decoded &d) const {
    if (params_.memory_scheduler_entries && d.is_memory()) return 1;
    if (params_.float_scheduler_entries && d.op_class >= OpClass::FloatAdd && d.op_class <= OpClass::FloatSqrt) return 2;
    return 0;
}

// Whom the oldest instruction waits for, when a structure behind dispatch is full.
Slot OutOfOrderCore::backend_reason() const {
    if (head_ == tail_) return Slot::StoreDrain;
    const Inflight &i = at(head_);
    if (i.missed && i.complete == kNever) return Slot::Memory;
    if (i.special) return Slot::Serialize;
    return Slot::Execution;
}

bool OutOfOrderCore::room_for(const Fetched &f, Slot &why) const {
    if (blocking_) return why = Slot::Serialize, false;
    if (tail_ - head_ >= params_.rob_entries) return why = backend_reason(), false;
    if (f.faulted) return true;
    const Decoded &d = f.d;
    if (d.rd != kNoRegister && free_.empty()) {
        const Slot oldest = backend_reason();
        return why = oldest == Slot::Memory ? oldest : Slot::Registers, false;
    }
    if (d.op_class == OpClass::Load && !port_->queue.free_loads()) return why = backend_reason(), false;
    if (d.op_class == OpClass::Store && !port_->queue.free_stores()) {
        const Slot oldest = backend_reason();
        return why = oldest == Slot::Memory ? oldest : Slot::StoreDrain, false;
    }
    const u8 queue = scheduler_of(d);
    if (!d.is_serializing() && scheduled_[queue] >= scheduler_entries_[queue]) {
        const Slot oldest = backend_reason();
        return why = oldest == Slot::Memory ? oldest : Slot::Scheduler, false;
    }
    return true;
}

void OutOfOrderCore::dispatch(Cycle now) {
    u32 n = 0;
    for (; n < params_.dispatch_width; ++n) {
        const Fetched *f = front_->head(now);
        if (!f) {
            lost_to_ = slot_of(front_->bubble(now));
            break;
        }
        if (!room_for(*f, lost_to_)) break;
        enter(*f, now);
        front_->pop();
        progress_ = true;
    }
    if (n < params_.dispatch_width) slot_counter(stats, lost_to_) += params_.dispatch_width - n;
}

void OutOfOrderCore::enter(const Fetched &f, Cycle now) {
    const u64 seq = tail_++;
    const u32 slot = u32(seq & mask_);
    Inflight &i = ring_[slot];
    const u32 attempt = (i.attempt / kLives + 1) * kLives;   // sequence numbers are used again after a squash; events of earlier lives are void
    i = Inflight{};
    i.attempt = attempt;
    i.enter(seq, f);
    i.dest = i.old = kNone;
    i.source.fill(kNone);
    ++stats.dispatched_instructions;
    trace(i, "dispatch", now);
    if (f.d.uses_rounding && !f.faulted) {
        i.rounding = effective_rounding(f.d, hart_.frm);
        if (i.rounding == 5) i.faulted = true, i.fault = Fault::IllegalInstruction;
    }
    if (i.faulted) {
        i.complete = now + 1;
        i.d.rd = kNoRegister;
        ++unscheduled_;
        return;
    }
    rename(i);
    if (i.d.is_serializing()) {
        i.special = true;
        i.blocks = !is_float_csr(i.d);
        blocking_ += i.blocks;
        ++unscheduled_;
        return;
    }
    if (i.d.op_class == OpClass::Load) {
        i.position = port_->queue.push_load(seq, slot, port_->queue.store_tail());
        if (params_.memory_dependence) {
            const u64 store = params_.memory_dependence->load_dispatched(i.pc);
            if (store < seq) i.wait_store = store;   // else a squashed store's number, which is used again
        }
    } else if (i.d.op_class == OpClass::Store) {
        i.position = port_->queue.push_store(seq, slot);
        if (params_.memory_dependence) params_.memory_dependence->store_dispatched(i.pc, seq);
    }
    i.queue = scheduler_of(i.d);
    i.scheduled = true;
    ++scheduled_[i.queue];
    make_ready(slot);
}

void OutOfOrderCore::rename(Inflight &i) {
    const u8 names[3] = {i.d.rs1, i.d.rs2, i.d.rs3};
    u32 sources = 0;
    for (unsigned k = 0; k < 3; ++k) {
        if (names[k] == kNoRegister) continue;
        i.source[k] = map_[names[k]];
        ++sources;
    }
    stats.renamed_sources += sources;
    if (i.d.rd == kNoRegister) return;
    ++stats.renamed_destinations;
    i.dest = free_.back();
    free_.pop_back();
    i.old = map_[i.d.rd];
    map_[i.d.rd] = i.dest;
    value_at_[i.dest] = kNever;
    awake_[i.dest] = 0;
    std::fill_n(&waiters_[u64{i.dest} * words_], words_, 0);
}

}  // namespace sim
