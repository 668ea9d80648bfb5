// SPDX-License-Identifier: BSD-3-Clause
// Allocation: a block gets a block reorder buffer entry, the window freed longest ago and its queue entries; its
// instructions follow in scheduled order, their global operands renamed on the way.
#include "block/cgooo.hh"

namespace sim {

Slot CgOooCore::backend_reason() const {
    if (head_ == tail_) return Slot::StoreDrain;
    const Brob &b = at(head_);
    if (b.block->special) return Slot::Serialize;
    for (u32 k = 0; k < b.dispatched; ++k) {
        const Instruction &i = instruction(entry_of(b), k);
        if (i.missed && i.complete == kNever) return Slot::Memory;
    }
    return Slot::Execution;
}

void CgOooCore::allocate(Cycle now) {
    u32 n = 0;
    for (; n < params_.dispatch_width; ++n) {
        BlockFetch::Head head;
        if (precise_ || !front_->head(now, head)) {
            lost_to_ = precise_ ? Slot::Serialize : slot_of(front_->bubble());
            break;
        }
        if (rollback_until_ > now) {
            lost_to_ = Slot::Squash;
            ++stats.rollback_cycles;
            break;
        }
        if (head.position == 0 && !allocate_block(head, now, lost_to_)) break;
        at(tail_ - 1).fetched.next = head.block->next;   // decode may have learnt of its transfer since
        enter(entry_of(at(tail_ - 1)), head.position, now);
        front_->pop();
        progress_ = true;
    }
    if (n < params_.dispatch_width) slot_counter(stats, lost_to_) += params_.dispatch_width - n;
}

// False: no room for the block now.
bool CgOooCore::allocate_block(const BlockFetch::Head &head, Cycle, Slot &why) {
    if (tail_ != head_ && at(tail_ - 1).fetched.id == head.block->id) return true;   // allocated in an earlier cycle
    const Block &block = *head.block->block;
    const auto full = [&](Slot otherwise) {
        const Slot oldest = backend_reason();
        why = oldest == Slot::Memory || oldest == Slot::Serialize ? oldest : otherwise;
        return false;
    };
    if (blocking_) return why = Slot::Serialize, false;
    if (tail_ - head_ >= params_.brob_entries) return full(Slot::Execution);
    if (port_->queue.free_loads() < block.loads) return full(Slot::Execution);
    if (port_->queue.free_stores() < block.stores) return full(Slot::StoreDrain);
    if (free_count_ < block.global_writes) return full(Slot::Registers);
    if (!block.special && free_windows_.empty()) return full(Slot::Scheduler);
    Brob &b = at(tail_);
    b = Brob{};
    b.seq = tail_++;
    ++stats.allocated_blocks;
    b.block = &block;
    b.fetched = *head.block;
    head.block->line_reads = head.block->lookups = 0;   // they are ours now
    b.next = block.end;
    b.waits_for_stores = block.start == no_skip_;
    b.may_skip = params_.skip && !b.waits_for_stores;
    b.load_base = port_->queue.load_tail();
    b.store_base = port_->queue.store_tail();
    if (block.special) {
        blocking_ += !is_float_csr(block.code[0].d);
        return true;
    }
    b.window = free_windows_.front();
    free_windows_.erase(free_windows_.begin());
    wake_at_[entry_of(b)] = 0;
    ++busy_windows_;
    window_entry_[b.window] = entry_of(b);
    b.windowed = true;
    // Queue entries in program order, whatever the schedule.
    for (const u16 k : block.memory_order) {
        const BlockInstruction &i = block.code[k];
        const u32 owner = entry_of(b) * params_.max_block_instructions + k;
        const u64 order = b.seq << 8 | i.original;
        if (i.d.op_class == OpClass::Load) port_->queue.push_load(order, owner, b.store_base + i.stores_before);
        else port_->queue.push_store(order, owner);
    }
    return true;
}

// A free global register from the window's own segment, else borrowed round robin from the next ones.
u16 CgOooCore::take_register(u32 window) {
    u32 segment = segment_of_window_[window];
    for (u32 n = 0; n < params_.segments; ++n, segment = segment + 1 < params_.segments ? segment + 1 : 0) {
        auto &list = free_[segment];
        if (list.empty()) continue;
        stats.borrowed_registers += n != 0;
        const u16 phys = list.back();
        list.pop_back();
        --free_count_;
        return phys;
    }
    throw SimulatorBug(path + ": a block was allocated without registers for its global writes");
}

// One instruction into its window. Registers were reserved by allocate_block's count, so nothing can be short but
// what younger blocks never take.
void CgOooCore::enter(u32 entry, u32 position, Cycle now) {
    Brob &b = brob_[entry];
    const BlockInstruction &code = b.block->code[position];
    Instruction &i = instruction(entry, position);
    const u32 attempt = (i.attempt / kLives + 1) * kLives;   // events of the slot's earlier lives are void
    i = Instruction{};
    i.attempt = attempt;
    i.code = &code;
    const u8 names[3] = {code.rs1, code.rs2, code.rs3};
    const u32 own = segment_of_window_[b.window];
    for (unsigned k = 0; k < 3; ++k) {
        if (names[k] == kNoRegister) continue;
        if (is_local(names[k])) {
            i.source[k] = {local_index(b.window, names[k]), false};
            continue;
        }
        const u16 phys = map_[names[k]];
        const u32 segment = segment_of(phys), distance = segment >= own ? segment - own : segment + params_.segments - own;
        i.source[k] = {phys, distance >= params_.near_segments && names[k] != kZero};
    }
    stats.renamed_sources += code.global_sources;
    if (is_local(code.rd)) {
        i.dest = local_index(b.window, code.rd);
    } else if (code.rd != kNoRegister) {
        ++stats.renamed_destinations;
        i.dest = take_register(b.window);
        i.old = map_[code.rd];
        map_[code.rd] = i.dest;
        value_at_[i.dest] = expected_at_[i.dest] = kNever;
        sleepers_[i.dest] = 0;
    }
    i.op_class = code.d.op_class;
    i.to_execute = u8(code.is_local ? params_.local_schedule_to_execute : params_.schedule_to_execute);
    if (code.d.uses_rounding) i.rounding = effective_rounding(code.d, hart_.frm);
    ++b.dispatched;
    ++stats.dispatched_instructions;
    trace(b, position, "dispatch", now);
    if (b.block->special) {
        ++unwindowed_;
        return;
    }
    (b.last == kNone ? b.first : instruction(entry, b.last).next) = u16(position);
    b.last = u16(position);
    wake_at_[entry] = 0;
}

}  // namespace sim
