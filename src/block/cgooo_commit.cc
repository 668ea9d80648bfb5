// SPDX-License-Identifier: BSD-3-Clause
// Block commit, and what happens when a block is the oldest: serialising instructions, and precise mode, in which a
// block that met a fault or a device runs again in program order on architectural registers.
#include "block/cgooo.hh"
#include "block/report.hh"

namespace sim {
void CgOooCore::commit(Cycle now) {
    if (precise_) return run_precise(now);
    for (u32 n = 0; n < params_.commit_blocks && (hart_.committed < stop_at_ || !exact_stop); ++n) {
        if (hart_.committed >= start_.environment->next_interrupt()) return take_interrupt(now);
        if (head_ == tail_) return;
        Brob &b = at(head_);
        const u64 size = b.block->code.size();
        if (b.block->special) {
            if (!b.dispatched || !commit_special(b, now)) return;
            continue;
        }
        if (b.wants_precise || (exact_stop && stop_at_ - hart_.committed < size)) {
            if (port_->drained()) start_precise(b.block->end, stop_at_ - hart_.committed, now);
            return;
        }
        if (b.executed != size) return;
        for (u32 k = 0; k < size; ++k)
            if (instruction(entry_of(b), k).complete > now) return;
        commit_block(b, now);
    }
}

void CgOooCore::commit_block(Brob &b, Cycle now) {
    const Block &block = *b.block;
    if (block.reads & stale_) throw reads_lost_values(path, *start_.program, block, stale_);
    if (checker_) check_block(b, now);
    if (oracle_) oracle_->committed(block.start, block.code.size());
    const u32 entry = entry_of(b);
    for (u32 k = 0; k < block.code.size(); ++k) {
        Instruction &i = instruction(entry, k);
        ++i.attempt;   // its events are void
        hart_.fflags |= i.flags;
        if (i.dest == kNone || i.dest >= params_.physical_registers) continue;
        committed_map_[i.code->rd] = i.dest;
        free_[segment_of(i.old)].push_back(i.old);
        ++free_count_;
    }
    for (u32 n = 0; n < block.loads; ++n) port_->queue.pop_load();
    for (u32 n = 0; n < block.stores; ++n) port_->commit_store();
    stats.committed_loads += block.loads;
    stats.committed_stores += block.stores;
    if (block.ends_in_control) {
        const Instruction &last = instruction(entry, u32(block.code.size()) - 1);
        ++stats.committed_branches;
        stats.branch_mispredictions += b.next != b.fetched.next;
        params_.predictor->commit(b.fetched.ticket, last.taken, b.next);
    }
    stale_ = (stale_ & ~block.written) | block.left_stale;
    hart_.pc = b.next;
    hart_.committed += block.code.size();
    if (block.start == no_skip_) no_skip_ = 0;
    finish(b, now);
}

// Frees the oldest block's entry; hart_ has been moved on.
void CgOooCore::finish(Brob &b, Cycle now) {
    const u64 size = b.block->code.size();
    stats.committed_instructions += size;
    stats.slots_committed += size;
    ++stats.committed_blocks;
    if (b.block->everything_live) stats.run_time_block_instructions += size;
    if (start_.trace) trace_end(b, now, true);
    release_window(b);
    b.seq = 0;
    ++head_;
    committed_at(now);
}

// Shows the block's effects to the reference in program order.
void CgOooCore::check_block(const Brob &b, Cycle now) {
    const Block &block = *b.block;
    std::array<u16, 256> by_order;
    for (u16 k = 0; k < block.code.size(); ++k) by_order[block.code[k].original] = k;
    u8 flags = hart_.fflags;
    for (u32 o = 0; o < block.code.size(); ++o) {
        const Instruction &i = instruction(entry_of(b), by_order[o]);
        const Decoded &d = i.code->d;
        Effect e;
        e.pc = block.start + i.code->offset;
        e.next = d.is_control() ? i.target : e.pc + d.length;
        e.rd = d.rd;
        e.value = i.value;
        if (d.op_class == OpClass::Store) e.stores(i.address, d.memory_bytes, i.value);
        flags |= i.flags;
        checker_->committed(e, flags, now);
    }
}

// The oldest block is one serialising instruction. False: not yet, or nothing more may commit in this cycle.
bool CgOooCore::commit_special(Brob &b, Cycle now) {
    Instruction &i = instruction(entry_of(b), 0);
    const Decoded &d = i.code->d;
    const bool light = is_float_csr(d);
    if (!light && !port_->drained()) return false;
    if (d.op_class == OpClass::System) return call_environment(false, d, Fault::IllegalInstruction, 0, now), false;
    Hart trial = hart_;
    trial.pc = b.block->start;
    trial.cycle = now;
    for (unsigned k = 0; k < 2; ++k)
        if (const u8 r = k ? d.rs2 : d.rs1; r != kNoRegister) trial.reg[r] = value_[i.source[k].place];
    Effect e;
    e.pc = trial.pc;
    e.next = trial.pc + d.length;
    if (d.is_memory()) {
        const Address a = trial.reg[d.rs1];
        progress_ = true;
        i.missed = true;
        if (memory_->allows(a, 1, kRead) && !port_->line_present(a, AccessKind::Write, b.block->start, now)) return false;
        const AtomicResult r = execute_atomic(d, a, d.rs2 == kNoRegister ? 0 : trial.reg[d.rs2], trial, *memory_);
        if (r.faulted) return call_environment(true, d, r.fault, a, now), false;
        i.value = r.value;
        e.address = a;
        e.store_bytes = r.store_bytes;
        e.store_value = r.store_value;
    } else if (d.op_class == OpClass::Csr) {
        if (!execute_csr(trial, d, e)) {
            if (port_->drained()) call_environment(true, d, Fault::IllegalInstruction, b.block->start, now);
            return false;
        }
        i.value = e.value;
    }
    const bool flush = trial.frm != hart_.frm || d.op_class == OpClass::FenceI;
    hart_.frm = trial.frm;
    hart_.fflags = trial.fflags;
    hart_.reservation = trial.reservation;
    e.rd = d.rd;
    e.value = i.value;
    if (i.dest != kNone) {
        write(i, i.value, now);
        committed_map_[d.rd] = i.dest;
        free_[segment_of(i.old)].push_back(i.old);
        ++free_count_;
        stale_ &= ~set_of(d.rd);
    }
    if (!light) --blocking_;
    hart_.pc = e.next;
    ++hart_.committed;
    if (checker_) checker_->committed(e, hart_.fflags, now);
    if (oracle_) oracle_->committed(e);
    finish(b, now);
    if (d.op_class == OpClass::FenceI) params_.l1i->instruction_fence(now);
    if (flush) squash(head_, hart_.pc, now, Bubble::Squash, false);
    return !flush;
}

// The program's next instruction needs the environment: a system instruction, or one that cannot complete.
void CgOooCore::call_environment(bool faulted, const Decoded &d, Fault fault, Address address, Cycle now) {
    const Address pc = head_ != tail_ ? at(head_).block->start : hart_.pc;
    const u64 dispatched = head_ != tail_ && at(head_).block->special ? 1 : 0;
    const u64 id = dispatched ? at(head_).fetched.first_id : 0;
    if (dispatched && !faulted) carried_out_ = head_;
    squash(head_, pc, now, Bubble::Squash, false);
    carried_out_ = 0;
    publish_registers();
    hart_.pc = pc;
    const u64 before = hart_.committed;
    begin_environment(now, stale_);
    Effect effect;
    if (faulted) start_.environment->fault(hart_, fault, address);
    else execute_system(hart_, d, *start_.environment, effect);
    stale_ &= ~set_of(kA0);
    if (faulted || hart_.pc != pc + d.length) stale_ = 0;   // a handler, a restored context, another thread
    const bool committed = hart_.committed != before;
    if (start_.trace && dispatched && !faulted) {
        if (committed) start_.trace->stage(id, "commit", now);
        start_.trace->end(id, now, committed);
    }
    if (committed) {
        ++stats.committed_instructions, ++stats.committed_blocks;
        stats.slots_committed += dispatched, stats.slots_squashed -= dispatched;
        stats.squashed_instructions -= dispatched, stats.squashed_blocks -= dispatched;
    }
    precise_ = false;
    end_environment(now);
    adopt_registers(now);
}

void CgOooCore::take_interrupt(Cycle now) {
    if (!port_->drained()) return;
    squash(head_, hart_.pc, now, Bubble::Squash, false);
    publish_registers();
    const Address pc = hart_.pc;
    begin_environment(now, stale_);
    start_.environment->interrupt(hart_);
    if (hart_.pc != pc) stale_ = 0;
    end_environment(now);
    adopt_registers(now);
}

// Runs up to `most` original instructions of the block that ends at `end`.
void CgOooCore::start_precise(Address end, u64 most, Cycle now) {
    ++stats.precise_blocks;
    squash(head_, hart_.pc, now, Bubble::Squash, false);
    publish_registers();
    precise_ = true;
    precise_end_ = end;
    precise_left_ = most;
    precise_next_ = now + params_.fetch_to_decode + params_.decode_to_schedule + params_.schedule_to_execute;
}

// One instruction at a time: the next begins when the one before is committed.
void CgOooCore::run_precise(Cycle now) {
    if (now < precise_next_) return;
    progress_ = true;
    hart_.cycle = now;
    const Decoded *d = code_->at(hart_.pc);
    if (d && d->is_memory() && !DecodeCache::is_illegal(*d)) {
        const Address a = hart_.reg[d->rs1] + (d->op_class == OpClass::Load || d->op_class == OpClass::Store ? Address(d->imm) : 0);
        const AccessKind kind = d->writes_memory() ? AccessKind::Write : AccessKind::Read;
        if (memory_->allows(a, 1, kRead) && !port_->line_present(a, kind, hart_.pc, now)) return;
    }
    Effect e;
    const Address pc = hart_.pc;
    const std::string text = start_.trace && d ? disassemble(*d, pc) : "";
    const Step result = step(hart_, *memory_, *code_, e);
    if (result.end == StepEnd::Faulted) return call_environment(true, {}, result.fault, result.fault_address, now);
    if (result.end == StepEnd::System) return end_precise(now);   // the code changed: its own block now
    if (e.rd != kNoRegister) stale_ &= ~set_of(e.rd);
    if (checker_) checker_->committed(e, hart_.fflags, now);
    if (oracle_) oracle_->committed(e);
    ++stats.committed_instructions;
    committed_at(now);
    if (start_.trace) front_->trace_alone(precise_next_, now, pc, text);
    precise_next_ = now + params_.schedule_to_execute + 1;
    if (--precise_left_ == 0 || e.next < pc || e.next >= precise_end_) end_precise(now);
}

void CgOooCore::end_precise(Cycle now) {
    precise_ = false;
    adopt_registers(now);
}

}  // namespace sim
