// SPDX-License-Identifier: BSD-3-Clause
// Commit: makes the oldest instructions architectural in order; system instructions, atomics, device accesses
// and faults, as well as interrupts, happen here, when nothing older is left.
#include "inorder/inorder.hh"

namespace sim {
namespace {

void describe_store(const Decoded &d, Address address, u64 value, Effect &effect) {
    effect.address = address;
    effect.store_bytes = d.memory_bytes;
    effect.store_value = d.memory_bytes == 8 ? value : value & ((u64{1} << (8 * d.memory_bytes)) - 1);
}

}  // namespace

void InOrderCore::commit(Cycle now) {
    if (head_ != tail_ && at(head_).complete > now) return;
    const u64 interrupt = start_.environment->next_interrupt();
    if (hart_.committed >= interrupt && hart_.committed < stop_at_) return take_interrupt(now);
    const u64 stop = std::min(stop_at_, interrupt);
    for (u32 n = 0; n < params_.commit_width && hart_.committed < stop && head_ != tail_; ++n) {
        Inflight &i = at(head_);
        if (i.complete > now) return;
        if (i.faulted) {
            if (port_->drained()) call_environment(i, now);
            return;
        }
        if (i.special) {
            if (!commit_special(i, now)) return;
        } else if (i.device) {
            if (!port_->drained()) return;
            commit_device(i, now);
            return;   // it may have asked for an interrupt
        } else {
            if (!i.translated) {
                progress_ = true;
                i.translated = translate_store(i, now);
                return;
            }
            Effect effect;
            if (i.d.op_class == OpClass::Store) describe_store(i.d, i.address, i.value, effect);
            commit_one(i, now, effect);
        }
    }
}

// False: not in this cycle, or nothing more may commit in it.
bool InOrderCore::commit_special(Inflight &i, Cycle now) {
    hart_.cycle = now;
    if (i.d.op_class == OpClass::Csr && csr_is_float(u32(i.d.imm) & 0xfff)) return commit_csr(i, now);
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

bool InOrderCore::commit_csr(Inflight &i, Cycle now) {
    Hart trial = hart_;
    Effect effect;
    if (!execute_csr(trial, i.d, effect)) {
        if (port_->drained()) call_environment(i, now);
        return false;
    }
    stats.register_reads += i.d.rs1 != kNoRegister;
    hart_.frm = trial.frm;
    hart_.fflags = trial.fflags;
    i.value = effect.value;
    commit_one(i, now, {});
    return true;
}

void InOrderCore::commit_device(Inflight &i, Cycle now) {
    Effect effect;
    effect.device = true;
    issue_at_ = 0;
    if (i.d.op_class == OpClass::Load) {
        effect.device_value = memory_->device->device_load(i.address, i.d.memory_bytes);
        i.value = extend(effect.device_value, i.d.memory_bytes, i.d.extend);
    } else {
        memory_->device->device_store(i.address, i.d.memory_bytes, i.value);
        describe_store(i.d, i.address, i.value, effect);
    }
    commit_one(i, now, effect);
}

void InOrderCore::commit_one(Inflight &i, Cycle now, Effect effect) {
    if (i.special) i.next = i.pc + i.d.length;
    if (i.d.rd != kNoRegister) {
        hart_.reg[i.d.rd] = i.value;
        ++stats.register_writes;
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
    if (i.special) issue_ = execute_ = head_;
    last_commit_ = now;
    progress_ = true;
}

// The oldest instruction needs the environment: a system instruction, or one that cannot complete.
void InOrderCore::call_environment(Inflight &i, Cycle now) {
    const bool faulted = i.faulted;
    const Fault fault = i.fault;
    const Address address = i.address;
    const Decoded d = i.d;
    const u64 id = i.id;
    ++stats.environment_calls;
    if (!faulted) carried_out_ = head_;
    squash(head_, i.pc, now, Bubble::Squash, false);
    carried_out_ = 0;
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
    resume(now);
}

void InOrderCore::take_interrupt(Cycle now) {
    if (!port_->drained()) return;
    squash(head_, hart_.pc, now, Bubble::Squash, false);
    hart_.cycle = now;
    ++stats.environment_calls;
    if (oracle_) oracle_->begin_environment(checker_ != nullptr);
    if (checker_) checker_->begin_environment(hart_);
    start_.environment->interrupt(hart_);
    resume(now);
}

// After an environment call with nothing in flight: its registers and pc are the truth.
void InOrderCore::resume(Cycle now) {
    last_commit_ = now;
    if (checker_) checker_->end_environment(hart_);
    if (oracle_) oracle_->end_environment(hart_);
    front_->redirect(hart_.pc, now, Bubble::Squash);
}

}  // namespace sim
