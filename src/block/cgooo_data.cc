// SPDX-License-Identifier: BSD-3-Clause
// Loads and stores of the CG-OoO core: addresses reach the queues, order violations are found, data comes back.
#include "block/cgooo.hh"

namespace sim {

void CgOooCore::execute_load(Brob &b, Instruction &i, Cycle now) {
    const Cycle access = now + params_.units->latency(OpClass::IntAlu);
    i.accessed = memory_->allows(i.address, i.code->d.memory_bytes, kRead);
    if (i.accessed)
        return port_->load(b.load_base + i.code->memory_ordinal, i.address, i.code->d.memory_bytes,
                           b.block->start + i.code->offset, access);
    b.wants_precise = true;   // a fault or a device: known when the block is the oldest
    i.complete = access;
    if (i.dest != kNone) retract(i.dest);
}

void CgOooCore::execute_store(Brob &b, Instruction &i, Cycle now) {
    LoadStoreQueue &queue = port_->queue;
    const u64 position = b.store_base + i.code->memory_ordinal;
    LoadStoreQueue::Store &entry = queue.store(position);
    i.complete = now + params_.units->latency(OpClass::IntAlu);
    entry.ready = true;
    if (!memory_->allows(i.address, i.code->d.memory_bytes, kWrite)) {
        b.wants_precise = true;
        entry.faulted = true;
        return;
    }
    if (params_.dtlb) {
        const Cycle usable = params_.dtlb->translate(i.address, now);
        if (usable < kBusy) i.complete = std::max(i.complete, usable);
    }
    entry.address = i.address;
    entry.bytes = i.code->d.memory_bytes;
    entry.value = i.value;
    i.accessed = true;
    ++stats.store_queue_writes;
    ++stats.load_queue_searches;
    const u64 victim = queue.violation(position);
    if (victim == ~u64{0}) return;
    ++stats.memory_violations;
    const u64 seq = queue.load(victim).order >> 8;
    const Address start = at(seq).block->start;
    no_skip_ = start;
    squash(seq, start, now, Bubble::Squash, false);
}

// Are all older stores to its bytes executed?
bool CgOooCore::oracle_lets_go(u32 owner) {
    const Brob &b = brob_[owner / params_.max_block_instructions];
    const BlockInstruction &code = *instructions_[owner].code;
    LoadStoreQueue &queue = port_->queue;
    for (u64 p = queue.load(b.load_base + code.memory_ordinal).store_tail; p-- > queue.store_head();) {
        const LoadStoreQueue::Store &store = queue.store(p);
        if (store.ready) continue;
        const u64 number = at(store.order >> 8).fetched.number + (store.order & 255);
        if (oracle_->may_overlap(number, b.fetched.number + code.original)) return false;
    }
    return true;
}

void CgOooCore::load_late(u32 owner, Cycle now, bool missed) {
    Instruction &i = instructions_[owner];
    i.missed |= missed;
    if (i.dest == kNone || i.cancel_due || params_.ideal_wakeup) return;
    i.cancel_due = true;
    const u32 entry = owner / params_.max_block_instructions;
    const Cycle when = std::max(now + 1, expected_at_[i.dest] == kNever ? now + 1 : expected_at_[i.dest]);
    if (when - now >= wheel_.kReach) return;
    wheel_.add(when, {i.attempt, u16(entry), u8(owner % params_.max_block_instructions), Event::Cancel});
}

void CgOooCore::load_data(u32 owner, u64 raw, Cycle ready, Cycle) {
    Instruction &i = instructions_[owner];
    progress_ = true;
    ++stats.returned_loads;
    if (i.dest < params_.physical_registers) ++stats.load_global_writes;
    else if (i.dest != kNone) stats.load_local_writes += writer_[i.dest] == owner;
    write(i, extend(raw, i.code->d.memory_bytes, i.code->d.extend), ready);
}

void CgOooCore::load_stale(u32 owner) {
    ++stats.stale_loads;
    const Brob &b = brob_[owner / params_.max_block_instructions];
    squash(b.seq, b.block->start, clock_->now, Bubble::Squash, false);
}

}  // namespace sim
