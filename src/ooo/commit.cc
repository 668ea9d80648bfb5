// SPDX-License-Identifier: BSD-3-Clause
// Commit: makes the oldest instructions architectural in order; system instructions, atomics, device accesses, faults
// and interrupts happen here, when nothing older is left.
#include "ooo/ooo.hh"

namespace sim {

void OutOfOrderCore::commit(Cycle now) {
    for (u32 n = 0; n < params_.commit_width && (hart_.committed < stop_at_ || !exact_stop); ++n) {
        if (hart_.committed >= start_.environment->next_interrupt()) return take_interrupt(now);
        if (head_ == tail_) return;
        const u32 slot = u32(head_ & rob_mask_);
        Inflight &i = rob_[slot];
        if (i.special && !i.faulted) {
            if (!commit_special(slot, now)) return;
            continue;
        }
        if (i.complete > now) return;
        if (i.faulted) {
            if (port_->drained()) call_environment(i, now);
            return;
        }
        if (i.device) {
            if (!port_->drained() || !commit_device(i, now)) return;
            continue;
        }
        Effect effect;
        if (i.d.op_class == OpClass::Store) {
            effect.address = i.address;
            effect.store_bytes = i.d.memory_bytes;
            effect.store_value = i.d.memory_bytes == 8 ? i.value : i.value & ((u64{1} << (8 * i.d.memory_bytes)) - 1);
        }
        commit_one(i, now, effect);
    }
}

// False: not in this cycle, or nothing more may commit in it.
bool OutOfOrderCore::commit_special(u32 slot, Cycle now) {
    Inflight &i = rob_[slot];
    hart_.cycle = now;
    if (i.d.op_class == OpClass::Csr && !i.blocks) return commit_csr(i, now);
    if (!port_->drained()) return false;
    switch (i.d.op_class) {
        case OpClass::Atomic:
        case OpClass::LoadReserved:
        case OpClass::StoreConditional: return commit_atomic(i, now);
        case OpClass::Csr: return commit_csr(i, now);
        case OpClass::Fence: commit_one(i, now, {}); return true;
        case OpClass::FenceI: {
            const Address next = i.pc + i.d.length;
            commit_one(i, now, {});
            params_.l1i->instruction_fence(now);
            squash(head_, next, now, Bubble::Squash, false);
            return false;
        }
        default: call_environment(i, now); return false;
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

bool OutOfOrderCore::commit_device(Inflight &i, Cycle now) {
    Effect effect;
    effect.device = true;
    if (i.d.op_class == OpClass::Load) {
        effect.device_value = memory_->device->device_load(i.address, i.d.memory_bytes);
        write(i, extend(effect.device_value, i.d.memory_bytes, i.d.extend), now);
        if (i.dest != kNone) wake(i.dest);
    } else {
        memory_->device->device_store(i.address, i.d.memory_bytes, i.value);
        effect.address = i.address;
        effect.store_bytes = i.d.memory_bytes;
        effect.store_value = i.d.memory_bytes == 8 ? i.value : i.value & ((u64{1} << (8 * i.d.memory_bytes)) - 1);
    }
    commit_one(i, now, effect);
    return true;
}

void OutOfOrderCore::commit_one(Inflight &i, Cycle now, Effect effect) {
    const bool serial = i.special;
    if (serial) i.next = i.pc + i.d.length;
    if (i.d.rd != kNoRegister) {
        committed_map_[i.d.rd] = i.dest;
        free_.push_back(i.old);
        if (!awake_[i.dest]) wake(i.dest);   // its announcement would find the slot empty
    }
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
        params_.predictor->commit(i.ticket, i.taken, i.next);
    }
    if (i.blocks) --blocking_;
    if (start_.trace) trace_end(i, now, true);
    if (checker_ || oracle_) {
        effect.pc = i.pc;
        effect.next = i.next;
        effect.rd = i.d.rd;
        effect.value = i.value;
        if (checker_) checker_->committed(effect, hart_.fflags, now);
        if (oracle_) oracle_->committed(effect);
    }
    i.seq = 0;
    ++head_;
    last_commit_ = now;
    progress_ = true;
}

// The oldest instruction needs the environment: a system instruction, or one that cannot complete.
void OutOfOrderCore::call_environment(Inflight &i, Cycle now) {
    const bool faulted = i.faulted;
    const Fault fault = i.fault;
    const Address address = i.address;
    const Decoded d = i.d;
    const u64 id = i.id;
    const Address pc = i.pc;
    ++stats.environment_calls;
    if (!faulted) carried_out_ = head_;
    squash(head_, pc, now, Bubble::Squash, false);
    carried_out_ = 0;
    publish_registers();
    hart_.pc = pc;
    hart_.cycle = now;
    const u64 before = hart_.committed;
    if (oracle_) oracle_->begin_environment(checker_ != nullptr);
    if (checker_) checker_->begin_environment(hart_);
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
    last_commit_ = now;
    adopt_registers(now);
}

void OutOfOrderCore::take_interrupt(Cycle now) {
    if (!port_->drained()) return;
    squash(head_, hart_.pc, now, Bubble::Squash, false);
    publish_registers();
    hart_.cycle = now;
    ++stats.environment_calls;
    if (oracle_) oracle_->begin_environment(checker_ != nullptr);
    if (checker_) checker_->begin_environment(hart_);
    start_.environment->interrupt(hart_);
    last_commit_ = now;
    adopt_registers(now);
}

}  // namespace sim
