// SPDX-License-Identifier: BSD-3-Clause
// Wake-up, selection and execution. Wake-up is a guess (a load is expected to hit); execution verifies every operand
// and sends an instruction back whose guess was wrong.
#include <bit>
#include <utility>
#include "ooo/ooo.hh"

namespace sim {

void OutOfOrderCore::wait_on(u32 slot, unsigned k) {
    Inflight &i = ring_[slot];
    i.waiting |= u8(1u << k);
    waiters_[u64{i.source[k]} * words_ + slot / 64] |= u64{1} << (slot % 64);
}

// Marks the instruction selectable if every operand is awake, else leaves it waiting on those that are not.
void OutOfOrderCore::make_ready(u32 slot) {
    Inflight &i = ring_[slot];
    i.waiting = 0;
    for (unsigned k = 0; k < 3; ++k)
        if (i.source[k] != kNone && !awake_[i.source[k]]) wait_on(slot, k);
    if (!i.waiting) ready_[slot / 64] |= u64{1} << (slot % 64);
}

void OutOfOrderCore::wake(u16 phys) {
    ++stats.wakeups;
    awake_[phys] = 1;
    for (u32 w = 0; w < words_; ++w) {
        u64 bits = std::exchange(waiters_[u64{phys} * words_ + w], 0);
        for (; bits; bits &= bits - 1) {
            const u32 slot = w * 64 + u32(std::countr_zero(bits));
            Inflight &i = ring_[slot];
            if (!i.seq || !i.waiting) continue;
            for (unsigned k = 0; k < 3; ++k)
                if (i.source[k] == phys) i.waiting &= u8(~(1u << k));
            if (!i.waiting) make_ready(slot);
        }
    }
}

// Takes a wake-up back: consumers not yet selected wait again; those selected will find out when they execute.
void OutOfOrderCore::unwake(u16 phys) {
    ++stats.wakeup_cancels;
    awake_[phys] = 0;
    for (u32 w = 0; w < words_; ++w)
        for (u64 bits = ready_[w]; bits; bits &= bits - 1) {
            const u32 slot = w * 64 + u32(std::countr_zero(bits));
            const Inflight &i = ring_[slot];
            bool uses = false;
            for (unsigned k = 0; k < 3; ++k)
                if (i.source[k] == phys) wait_on(slot, k), uses = true;
            if (uses) ready_[w] &= ~(u64{1} << (slot % 64));
        }
}

// Oldest first among the ready, as units allow.
void OutOfOrderCore::issue(Cycle now) {
    u64 any = 0;
    for (u64 bits : ready_) any |= bits;
    if (!any) return;
    ++stats.select_scans;
    progress_ = true;
    pool_->begin_cycle();
    u32 left = params_.issue_width;
    const u32 first = u32(head_ & mask_);
    const u32 words = words_;
    for (u32 n = 0; n <= words && left; ++n) {
        const u32 w = (first / 64 + n) % words;
        u64 bits = ready_[w];
        if (n == 0) bits &= ~u64{0} << (first % 64);
        else if (n == words) bits &= (u64{1} << (first % 64)) - 1;
        for (; bits && left; bits &= bits - 1) left -= issue_one(w * 64 + u32(std::countr_zero(bits)), now);
    }
}

bool OutOfOrderCore::issue_one(u32 slot, Cycle now) {
    Inflight &i = ring_[slot];
    if (!pool_->take(i.d.op_class, now)) return false;
    ready_[slot / 64] &= ~(u64{1} << (slot % 64));
    ++stats.issued_instructions;
    ++i.attempt;
    i.issued = now;
    trace(i, "issue", now);
    later(now + params_.schedule_to_execute, Event::Execute, slot);
    if (i.dest == kNone) return true;
    if (i.d.op_class != OpClass::Load) later(now + params_.units->latency(i.d.op_class), Event::Wake, slot);
    else if (!params_.ideal_wakeup) later(now + 1 + hit_latency_, Event::Wake, slot);
    return true;
}

// Wake-ups and cancellations of this cycle come before the selection, executions in order of age do not matter:
// a value written in this cycle is found from its value_at_ on only.
void OutOfOrderCore::run_wheel(Cycle now) {
    progress_ |= wheel_.run(now, [&](const Event &e) {
        Inflight &i = ring_[e.slot];
        if (i.attempt != e.attempt) return;
        if (e.kind == Event::Execute) execute(e.slot, now);
        else if (e.kind == Event::Wake) wake(i.dest);
        else if (value_at_[i.dest] > now) unwake(i.dest);
    });
}

void OutOfOrderCore::replay(u32 slot) {
    Inflight &i = ring_[slot];
    ++stats.replays;
    ++i.attempt;   // voids the wake-up it announced
    if (i.dest != kNone && awake_[i.dest]) unwake(i.dest);
    i.waiting = 0;
    for (unsigned k = 0; k < 3; ++k)
        if (i.source[k] != kNone && !awake_[i.source[k]]) wait_on(slot, k);
    if (!i.waiting) ready_[slot / 64] |= u64{1} << (slot % 64);
}

void OutOfOrderCore::write(Inflight &i, u64 value, Cycle ready) {
    i.value = value;
    i.complete = ready;
    if (i.dest == kNone) return;
    ++stats.register_writes;
    value_[i.dest] = value;
    value_at_[i.dest] = ready;
}

void OutOfOrderCore::execute(u32 slot, Cycle now) {
    Inflight &i = ring_[slot];
    u64 operand[3] = {};
    u32 reads = 0;
    for (unsigned k = 0; k < 3; ++k) {
        if (i.source[k] == kNone) continue;
        ++reads;
        if (value_at_[i.source[k]] > now) {
            i.early_reads = u8(i.early_reads + k + 1);
            stats.register_reads += reads;
            return replay(slot);
        }
        operand[k] = value_[i.source[k]];
    }
    stats.register_reads += reads;
    if (i.scheduled) --scheduled_[i.queue], i.scheduled = false;
    ++stats.executed_instructions;
    trace(i, "execute", now);
    const Operands x{operand[0], operand[1], operand[2], u64(i.d.imm), i.pc, i.rounding};
    const Cycle ready = now + params_.units->latency(i.d.op_class);
    switch (i.d.op_class) {
        case OpClass::Load:
            i.address = x.rs1 + x.imm;
            return execute_load(slot, now);
        case OpClass::Store:
            i.address = x.rs1 + x.imm;
            i.value = x.rs2;
            return execute_store(slot, now);
        case OpClass::Branch:
            i.taken = i.d.meaning(x, i.flags);
            i.next = i.taken ? i.d.target(i.pc) : i.pc + i.d.length;
            i.complete = ready;
            return resolve(i, now);
        case OpClass::Jump:
        case OpClass::JumpRegister:
            i.taken = true;
            i.next = i.d.meaning(x, i.flags);
            write(i, i.pc + i.d.length, ready);
            return resolve(i, now);
        default: write(i, i.d.meaning(x, i.flags), ready);
    }
}

}  // namespace sim
