// SPDX-License-Identifier: BSD-3-Clause
// Skipahead issue and execution. Each window's head buffer is its first N unissued instructions; a cycle issues from it
// in order, going past stalled ones where no local hazard forbids it. Issue counts on loads hitting; execution verifies
// every operand and sends an instruction back whose operand is not there.
#include "block/cgooo.hh"

namespace sim {

void CgOooCore::issue(Cycle now) {
    bool begun = false;
    for (u64 s = head_; s != tail_; ++s) {   // oldest block first
        Brob &b = at(s);
        if (b.first == kNone || b.wants_precise) continue;
        if (!begun)
            for (UnitPool &pool : pools_) pool.begin_cycle();
        begun = true;
        if (issue_window(b, now)) progress_ = true;
    }
}

bool CgOooCore::is_local_only(const Instruction &i) const {
    for (const Operand &o : i.source)
        if (o.place < params_.physical_registers && o.place != map_[kZero]) return false;
    return i.dest == kNone || i.dest >= params_.physical_registers;
}

// Operands expected in time, and no issued reader or writer of the local destination still under way.
bool CgOooCore::may_issue(const Brob &, const Instruction &i, Cycle, Cycle execute) const {
    for (const Operand &o : i.source) {
        if (o.place == kNone) continue;
        const Cycle expected = expected_at_[o.place];
        if (expected == kNever || expected + (o.far ? params_.far_register_delay : 0) > execute) return false;
    }
    if (i.dest == kNone || i.dest < params_.physical_registers) return true;
    if (readers_[i.dest]) return false;
    return value_at_[i.dest] == kNever ? writer_[i.dest] == u32(&i - code_.data()) : value_at_[i.dest] <= execute;
}

// Returns how many it issued.
u32 CgOooCore::issue_window(Brob &b, Cycle now) {
    const u32 entry = entry_of(b);
    UnitPool &pool = pools_[b.window * params_.clusters / params_.windows];
    std::array<u16, 256> skipped;   // places read and written by skipped instructions of this scan
    u32 skipped_reads = 0, skipped_count = 0, issued = 0;
    std::array<u16, 64> skipped_writes;
    u32 writes = 0;
    bool store_met = false;
    u16 before = kNone, p = b.first;
    while (p != kNone && issued + skipped_count < params_.skipahead) {
        Instruction &i = instruction(entry, p);
        const u16 next = i.next;
        const Decoded &d = i.code->d;
        const u32 to_execute = is_local_only(i) ? params_.local_schedule_to_execute : params_.schedule_to_execute;
        bool ok = !(d.op_class == OpClass::Load && store_met) && may_issue(b, i, now, now + to_execute);
        for (u32 n = 0; ok && n < writes; ++n) {
            for (const Operand &o : i.source) ok &= o.place != skipped_writes[n];   // RAW
            ok &= i.dest != skipped_writes[n];                                      // WAW
        }
        if (ok && i.dest != kNone && i.dest >= params_.physical_registers)
            for (u32 n = 0; ok && n < skipped_reads; ++n) ok = i.dest != skipped[n];   // WAR
        store_met |= d.op_class == OpClass::Store;
        if (!ok || !pool.take(d.op_class, now)) {
            if (!b.may_skip) break;
            for (const Operand &o : i.source)
                if (o.place != kNone && o.place >= params_.physical_registers) skipped[skipped_reads++] = o.place;
            if (i.dest != kNone) skipped_writes[writes++] = i.dest;
            ++skipped_count;
            ++stats.skipped_instructions;
            before = p;
            p = next;
            continue;
        }
        (before == kNone ? b.first : instruction(entry, before).next) = next;
        if (b.last == p) b.last = before;
        i.next = kNone;
        i.phase = Phase::Issued;
        i.issued = now;
        ++i.attempt;
        ++issued;
        ++stats.issued_instructions;
        trace(b, p, "issue", now);
        for (const Operand &o : i.source)
            if (o.place != kNone && o.place >= params_.physical_registers) ++readers_[o.place];
        if (i.dest != kNone) {
            value_at_[i.dest] = kNever;
            writer_[i.dest] = u32(&i - code_.data());
            const u32 latency = d.op_class != OpClass::Load ? params_.units->latency(d.op_class) : 1 + params_.hit_latency;
            expected_at_[i.dest] = d.op_class == OpClass::Load && params_.ideal_wakeup ? kNever : now + to_execute + latency;
        }
        wheel_[(now + to_execute) % kWheel].push_back({Event::Execute, u16(entry), p, b.seq, i.attempt});
        ++wheel_count_;
        p = next;
    }
    return issued;
}

void CgOooCore::run_wheel(Cycle now) {
    auto &due = wheel_[now % kWheel];
    if (due.empty()) return;
    progress_ = true;
    wheel_count_ -= u32(due.size());
    for (std::size_t n = 0; n < due.size(); ++n) {
        const Event e = due[n];
        Brob &b = brob_[e.entry];
        Instruction &i = instruction(e.entry, e.position);
        if (b.seq != e.seq || i.attempt != e.attempt) continue;
        if (e.kind == Event::Execute) execute(e.entry, e.position, now);
        else if (value_at_[i.dest] == kNever) expected_at_[i.dest] = kNever;
    }
    due.clear();
}

// Back into the window, in its old place.
void CgOooCore::replay(Brob &b, u32 position) {
    const u32 entry = entry_of(b);
    Instruction &i = instruction(entry, position);
    ++stats.replays;
    ++i.attempt;
    i.phase = Phase::Unissued;
    if (i.dest != kNone) expected_at_[i.dest] = kNever;
    u16 before = kNone, p = b.first;
    while (p != kNone && p < position) before = p, p = instruction(entry, p).next;
    i.next = p;
    (before == kNone ? b.first : instruction(entry, before).next) = u16(position);
    if (p == kNone) b.last = u16(position);
}

void CgOooCore::write(Instruction &i, u64 value, Cycle ready) {
    i.value = value;
    i.complete = ready;
    if (i.dest == kNone) return;
    if (i.dest < params_.physical_registers) ++stats.global_writes;
    else if (writer_[i.dest] == u32(&i - code_.data())) ++stats.local_writes;
    else return;   // a dead value, and its window serves another block
    value_[i.dest] = value;
    value_at_[i.dest] = ready;
    expected_at_[i.dest] = ready;
}

void CgOooCore::execute(u32 entry, u32 position, Cycle now) {
    Brob &b = brob_[entry];
    Instruction &i = instruction(entry, position);
    u64 operand[3] = {};
    bool there = true;
    for (unsigned k = 0; k < 3; ++k) {
        const Operand o = i.source[k];
        if (o.place == kNone) continue;
        if (o.place >= params_.physical_registers) --readers_[o.place], ++stats.local_reads;
        else ++stats.global_reads, stats.far_reads += o.far;
        const Cycle at = value_at_[o.place];
        there &= at != kNever && at + (o.far ? params_.far_register_delay : 0) <= now;
        operand[k] = value_[o.place];
    }
    if (!there) return replay(b, position);
    i.phase = Phase::Executed;
    ++b.executed;
    ++stats.executed_instructions;
    trace(b, position, "execute", now);
    const Decoded &d = i.code->d;
    const Address pc = b.block->start + i.code->offset;
    const Operands x{operand[0], operand[1], operand[2], u64(d.imm), pc, i.rounding};
    const Cycle ready = now + params_.units->latency(d.op_class);
    if (d.uses_rounding && i.rounding == 5) {
        b.wants_precise = true;
        i.complete = ready;
        return;
    }
    switch (d.op_class) {
        case OpClass::Load:
            i.address = x.rs1 + x.imm;
            execute_load(b, i, now);
            break;
        case OpClass::Store:
            i.address = x.rs1 + x.imm;
            i.value = x.rs2;
            execute_store(b, i, now);
            break;
        case OpClass::Branch:
            i.taken = d.meaning(x, i.flags);
            i.target = i.taken ? d.target(pc) : pc + d.length;
            i.complete = ready;
            resolve(b, i, now);
            break;
        case OpClass::Jump:
        case OpClass::JumpRegister:
            i.taken = true;
            i.target = d.meaning(x, i.flags);
            write(i, pc + d.length, ready);
            resolve(b, i, now);
            break;
        default: write(i, d.meaning(x, i.flags), ready);
    }
    // The window is free again when its block is wholly in and executed.
    if (b.seq && b.executed == b.block->code.size()) release_window(b);
}

void CgOooCore::resolve(Brob &b, Instruction &i, Cycle now) {
    b.next = i.target;
    b.resolved = true;
    if (i.target == b.fetched.next) return;
    params_.predictor->resolve(b.fetched.ticket, i.taken, i.target);
    squash(b.seq + 1, i.target, now, Bubble::Misprediction, true);
}

void CgOooCore::execute_load(Brob &b, Instruction &i, Cycle now) {
    const Cycle access = now + params_.units->latency(OpClass::IntAlu);
    if (memory_->allows(i.address, i.code->d.memory_bytes, kRead))
        return port_->load(b.load_base + i.code->memory_ordinal, i.address, i.code->d.memory_bytes,
                           b.block->start + i.code->offset, access);
    b.wants_precise = true;   // a fault or a device: known when the block is the oldest
    i.complete = access;
    if (i.dest != kNone) expected_at_[i.dest] = kNever;
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
    ++stats.load_queue_searches;
    const u64 victim = queue.violation(position);
    if (victim == ~u64{0}) return;
    ++stats.memory_violations;
    const u64 seq = queue.load(victim).order >> 8;
    const Address start = at(seq).block->start;
    no_skip_ = start;
    squash(seq, start, now, Bubble::Squash, false);
}

void CgOooCore::load_late(u32 owner, Cycle now, bool missed) {
    Instruction &i = code_[owner];
    i.missed |= missed;
    if (i.dest == kNone || i.cancel_due || params_.ideal_wakeup) return;
    i.cancel_due = true;
    const u32 entry = owner / params_.max_block_instructions;
    const Cycle when = std::max(now + 1, expected_at_[i.dest] == kNever ? now + 1 : expected_at_[i.dest]);
    if (when - now >= kWheel) return;
    wheel_[when % kWheel].push_back({Event::Cancel, u16(entry), u16(owner % params_.max_block_instructions), brob_[entry].seq, i.attempt});
    ++wheel_count_;
}

void CgOooCore::load_data(u32 owner, u64 raw, Cycle ready, Cycle) {
    Instruction &i = code_[owner];
    progress_ = true;
    write(i, extend(raw, i.code->d.memory_bytes, i.code->d.extend), ready);
}

}  // namespace sim
