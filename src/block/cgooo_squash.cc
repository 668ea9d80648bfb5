// SPDX-License-Identifier: BSD-3-Clause
// Squash: what undone blocks had done is counted, their registers and names are given back, and fetch goes on elsewhere.
#include <algorithm>
#include "block/cgooo.hh"

namespace sim {

// Searches for its result are estimated from how many windows hold blocks now, and are no more than there were.
inline void CgOooCore::count_squashed(const Brob &b, const Instruction &i) {
    const u16 local = u16(params_.physical_registers);
    const u32 global_sources = i.code->global_sources, local_sources = i.code->local_sources;
    stats.squashed_renamed_sources += global_sources;
    const u32 attempts = i.attempt % kLives, issues = (attempts + 1) / 2;   // each issue but the last led to a replay
    if (!issues) return;
    const u32 executions = attempts / 2 + i.executed;   // with missing operands, too
    stats.squashed_global_reads += global_sources * executions;
    stats.squashed_local_reads += local_sources * executions;
    ++stats.squashed_window_reads;
    (i.code->is_local ? stats.squashed_local_issues : stats.squashed_global_issues) += issues;
    params_.units->count_squashed(i.op_class, issues);
    const bool load = i.op_class == OpClass::Load, store = i.op_class == OpClass::Store;
    if (i.dest != kNone) {
        stats.squashed_head_buffer_searches += std::min<u64>(
            issues * searched_buffers(i.dest), stats.head_buffer_searches - stats.squashed_head_buffer_searches);
        const bool is_local = i.dest >= local, mine = !is_local || writer_[i.dest] == u32(&i - instructions_.data());
        const bool written = mine && value_at_[i.dest] != kNever && i.executed;
        if (is_local) (load ? stats.squashed_load_local_writes : stats.squashed_unit_local_writes) += written;
        else (load ? stats.squashed_load_global_writes : stats.squashed_unit_global_writes) += written;
    }
    if (!i.executed) return;
    ++stats.squashed_executions;
    if (load && i.accessed)
        count_squashed_load(*port_, b.load_base + i.code->memory_ordinal, i.complete != kNever, stats);
    if (store && i.accessed) {
        ++stats.squashed_store_queue_writes;
        ++stats.squashed_load_queue_searches;
        ++stats.squashed_translations;
    }
}

// What a squashed block had done until then.
void CgOooCore::count_squashed(const Brob &b) {
    const Block &block = *b.block;
    front_->count_squashed(b.fetched, true);
    for (u32 p = 0; p < b.dispatched; ++p) count_squashed(b, instruction(entry_of(b), p));
    if (block.special) return;
    stats.squashed_window_writes += b.dispatched;
}

// Gives back a block's registers, names and window.
void CgOooCore::undo(Brob &b) {
    for (u32 p = b.dispatched; p-- > 0;) {
        Instruction &i = instruction(entry_of(b), p);
        ++i.attempt;   // its events are void, also where no instruction takes its slot before they are due
        if (i.dest == kNone) continue;
        if (i.dest >= params_.physical_registers) {   // perhaps a load that its window did not wait for
            if (writer_[i.dest] != u32(&i - instructions_.data())) continue;
            value_at_[i.dest] = expected_at_[i.dest] = 0;
            writer_[i.dest] = ~0u;
            continue;
        }
        map_[i.code->rd] = i.old;
        free_[segment_of(i.dest)].push_back(i.dest);
        ++free_count_;
        ++stats.map_restores;
    }
    if (b.windowed)   // its local registers are free of pending writes and reads
        for (u32 l = 0; l < params_.local_registers; ++l) {
            const u32 place = params_.physical_registers + b.window * params_.local_registers + l;
            value_at_[place] = expected_at_[place] = 0;
            readers_[place] = 0;
            writer_[place] = ~0u;   // a late load of an earlier block writes no more
        }
    release_window(b);
    blocking_ -= b.block->special && !is_float_csr(b.block->code[0].d);
    b.seq = 0;
}

// Undoes every block from `seq` on and fetches from `pc`. `resolved`: the predictor has been told already.
void CgOooCore::squash(u64 seq, Address pc, Cycle now, Bubble why, bool resolved) {
    progress_ = true;
    u64 ticket = front_->redirect(pc, now, why);
    if (oracle_) {
        const FetchedBlock *before = seq > head_ ? &at(seq - 1).fetched : nullptr;
        oracle_->fetch_from(before ? before->number + before->block->code.size() : hart_.committed);
    }
    if (tail_ != seq) rollback_until_ = now + 1 + (tail_ - seq) / params_.rollback_blocks;
    for (u64 s = tail_; s-- > seq;) {
        Brob &b = at(s);
        if (s != carried_out_) count_squashed(b);
        if (b.block->ends_in_control) ticket = b.fetched.ticket;
        stats.squashed_instructions += b.dispatched;
        stats.slots_squashed += b.dispatched;
        ++stats.squashed_blocks;
        if (start_.trace && s != carried_out_) trace_end(b, now, false);
        undo(b);
    }
    if (tail_ != seq) port_->squash(seq << 8);
    tail_ = seq;
    if (!resolved && ticket != ~u64{0}) params_.predictor->squash(ticket);
    if (seq == head_) port_->forget_line();
}

void CgOooCore::publish_registers() {
    if (precise_) return;   // hart_ has them
    for (unsigned r = 0; r < kRegisters; ++r) hart_.reg[r] = value_[committed_map_[r]];
}

// With nothing in flight: hart_ is the truth.
void CgOooCore::adopt_registers(Cycle now) {
    for (unsigned r = 1; r < kRegisters; ++r) {
        value_[map_[r]] = hart_.reg[r];
        value_at_[map_[r]] = expected_at_[map_[r]] = now;
    }
    const u64 ticket = front_->redirect(hart_.pc, now, Bubble::Squash);
    if (oracle_) oracle_->fetch_from(hart_.committed);
    if (ticket != ~u64{0}) params_.predictor->squash(ticket);
}

}  // namespace sim
