// SPDX-License-Identifier: BSD-3-Clause
// Commit: makes the oldest instructions architectural in order; system instructions, atomics, device accesses
// and faults, as well as interrupts, happen here, when nothing older is left.
#include "inorder/inorder.hh"

namespace sim {

inline void InOrderCore::leave(Inflight &i) {
    if (i.d.rd != kNoRegister) {
        hart_.reg[i.d.rd] = i.value;
        ++stats.register_writes;
    }
    if (i.special) issue_ = execute_ = head_ + 1;
}

void InOrderCore::commit(Cycle now) {
    if (head_ != tail_ && at(head_).complete > now) return;
    const u64 interrupt = start_.environment->next_interrupt();
    if (hart_.committed >= interrupt && hart_.committed < stop_at_) return take_interrupt(now);
    const u64 stop = exact_stop ? std::min(stop_at_, interrupt) : interrupt;
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
            issue_at_ = 0;
            commit_one(i, now, access_device(i));
            return;   // it may have asked for an interrupt
        } else {
            if (!i.translated) {
                progress_ = true;
                i.translated = translate_store(i, now);
                return;
            }
            Effect effect;
            if (i.d.op_class == OpClass::Store) effect.stores(i.address, i.d.memory_bytes, i.value);
            commit_one(i, now, effect);
        }
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

// An atomic at the head, store buffer drained: gets its line, then reads and writes memory at once.
bool InOrderCore::commit_atomic(Inflight &i, Cycle now) {
    i.address = hart_.reg[i.d.rs1];
    progress_ = true;
    if (memory_->allows(i.address, 1, kRead) &&
        !port_->line_present(i.address, AccessKind::Write, i.pc, now))
        return false;
    const bool has_data = i.d.rs2 != kNoRegister;
    stats.register_reads += 1 + has_data;
    const AtomicResult r = execute_atomic(i.d, i.address, has_data ? hart_.reg[i.d.rs2] : 0, hart_, *memory_);
    if (r.faulted) {
        i.faulted = true;
        i.fault = r.fault;
        return false;
    }
    i.value = r.value;
    Effect effect;
    effect.address = i.address;
    effect.store_bytes = r.store_bytes;
    effect.store_value = r.store_value;
    commit_one(i, now, effect);
    return true;
}

}  // namespace sim
