// SPDX-License-Identifier: BSD-3-Clause
// Commit: makes the oldest instructions architectural in order; system instructions, atomics, device accesses, faults
// and interrupts happen here, when nothing older is left.
#include "ooo/ooo.hh"

namespace sim {

inline void OutOfOrderCore::leave(Inflight &i) {
    if (i.d.rd != kNoRegister) {
        committed_map_[i.d.rd] = i.dest;
        free_.push_back(i.old);
        if (!awake_[i.dest]) wake(i.dest);   // its announcement would find the slot empty
    }
    if (i.blocks) --blocking_;
    i.seq = 0;
    ++i.attempt;   // its events are void
}

void OutOfOrderCore::commit(Cycle now) {
    for (u32 n = 0; n < params_.commit_width && (hart_.committed < stop_at_ || !exact_stop); ++n) {
        if (hart_.committed >= start_.environment->next_interrupt()) return take_interrupt(now);
        if (head_ == tail_) return;
        Inflight &i = at(head_);
        if (i.special && !i.faulted) {
            if (!commit_special(i, now)) return;
            continue;
        }
        if (i.complete > now) return;
        if (i.faulted) {
            if (port_->drained()) call_environment(i, now);
            return;
        }
        if (i.device) {
            if (!port_->drained()) return;
            commit_device(i, now);
            continue;
        }
        Effect effect;
        if (i.d.op_class == OpClass::Store) effect.stores(i.address, i.d.memory_bytes, i.value);
        commit_one(i, now, effect);
    }
}

bool OutOfOrderCore::commit_csr(Inflight &i, Cycle now) {
    Hart trial = hart_;
    trial.pc = i.pc;
    trial.cycle = now;
    if (i.d.rs1 != kNoRegister) trial.reg[i.d.rs1] = value_[i.source[0]];
    Effect effect;
    if (!execute_csr(trial, i.d, effect)) {
        if (port_->drained()) call_environment(i, now);
        return false;
    }
    const bool new_rounding = trial.frm != hart_.frm;
    hart_.frm = trial.frm;
    hart_.fflags = trial.fflags;
    write(i, effect.value, now);
    if (i.dest != kNone) wake(i.dest);
    const Address next = i.pc + i.d.length;
    commit_one(i, now, {});
    if (new_rounding) squash(head_, next, now, Bubble::Squash, false);   // younger ones rounded with the old mode
    return !new_rounding;
}

// An atomic at the head, store queue drained: gets its line, then reads and writes memory at once.
bool OutOfOrderCore::commit_atomic(Inflight &i, Cycle now) {
    const Address a = value_[i.source[0]];
    progress_ = true;
    if (memory_->allows(a, 1, kRead) && !port_->line_present(a, AccessKind::Write, i.pc, now)) {
        i.missed = true;
        return false;
    }
    const u64 data = i.source[1] == kNone ? 0 : value_[i.source[1]];
    const AtomicResult r = execute_atomic(i.d, a, data, hart_, *memory_);
    i.address = a;
    if (r.faulted) {
        i.faulted = true;
        i.fault = r.fault;
        i.complete = now;
        return false;
    }
    write(i, r.value, now);
    if (i.dest != kNone) wake(i.dest);
    Effect effect;
    effect.address = a;
    effect.store_bytes = r.store_bytes;
    effect.store_value = r.store_value;
    commit_one(i, now, effect);
    return true;
}

void OutOfOrderCore::commit_device(Inflight &i, Cycle now) {
    const Effect effect = access_device(i);
    if (i.d.op_class == OpClass::Load) {
        write(i, i.value, now);
        if (i.dest != kNone) wake(i.dest);
    }
    commit_one(i, now, effect);
}

void OutOfOrderCore::publish_registers() {
    for (unsigned r = 0; r < kRegisters; ++r) hart_.reg[r] = value_[committed_map_[r]];
}

void OutOfOrderCore::adopt_registers(Cycle now) {
    for (unsigned r = 1; r < kRegisters; ++r) {
        value_[map_[r]] = hart_.reg[r];
        value_at_[map_[r]] = now;
        awake_[map_[r]] = 1;
    }
}

}  // namespace sim
