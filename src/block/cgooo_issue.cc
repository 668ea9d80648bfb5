// SPDX-License-Identifier: BSD-3-Clause
// Skipahead issue and execution. Each window's head buffer is its first N unissued instructions; a cycle issues from it
// in order, going past stalled ones where no local hazard forbids it. Issue counts on loads hitting; execution verifies
// every operand and sends an instruction back whose operand is not there.
#include <utility>
#include "block/cgooo.hh"

namespace sim {

// Places read and written by the instructions that this cycle's scan of a window went past.
struct CgOooCore::Skipped {
    std::array<u16, 192> reads;    // local ones only: global names are renamed
    std::array<u16, 64> writes;
    u32 read_count = 0, write_count = 0, instructions = 0;
};

void CgOooCore::issue(Cycle now) {
    bool begun = false;
    for (u64 s = head_; s != tail_; ++s) {   // oldest block first
        if (wake_at_[s & brob_mask_] > now) continue;
        Brob &b = at(s);
        if (b.first == kNone || b.wants_precise) continue;
        if (!begun)
            for (UnitPool &pool : pools_) pool.begin_cycle();
        begun = true;
        if (issue_window(b, now)) progress_ = true;
    }
}

// First cycle in which it may be selected for its operands' sake: they are expected in time, and no issued reader or
// writer of its local destination is under way. kNever: an event has to come first, and will rouse the window.
inline Cycle CgOooCore::operands_ready(const Brob &b, const Instruction &i) {
    Cycle at = 0;
    for (const Operand &o : i.source) {
        if (o.place == kNone) continue;
        const Cycle expected = expected_at_[o.place];
        if (expected == kNever) {
            sleepers_[o.place] |= u64{1} << (b.window % 64);
            return kNever;
        }
        at = std::max(at, expected + (o.far ? params_.far_register_delay : 0));
    }
    if (i.dest != kNone && i.dest >= params_.physical_registers) {
        if (readers_[i.dest]) return kNever;
        if (value_at_[i.dest] != kNever) at = std::max(at, value_at_[i.dest]);
        else if (writer_[i.dest] != u32(&i - instructions_.data())) return kNever;
    }
    return at > i.to_execute ? at - i.to_execute : 0;
}

bool CgOooCore::hazard(const Skipped &skipped, const Instruction &i) const {
    for (u32 n = 0; n < skipped.write_count; ++n) {
        const u16 w = skipped.writes[n];
        if (i.source[0].place == w || i.source[1].place == w || i.source[2].place == w || i.dest == w) return true;   // RAW, WAW
    }
    if (i.dest == kNone || i.dest < params_.physical_registers) return false;
    for (u32 n = 0; n < skipped.read_count; ++n)
        if (i.dest == skipped.reads[n]) return true;   // WAR
    return false;
}

// First cycle in which a load may be selected for the sake of its block's issued stores: it never executes before one
// of them. A store may still be replayed, which a block that lost its permit waits out.
Cycle CgOooCore::after_stores(const Brob &b, const Instruction &i) const {
    if (b.waits_for_stores && b.stores_under_way) return kNever;
    return b.stores_executed > i.to_execute ? b.stores_executed - i.to_execute : 0;
}

// Returns how many it issued.
u32 CgOooCore::issue_window(Brob &b, Cycle now) {
    const u32 entry = entry_of(b);
    UnitPool &pool = pools_[cluster_of_window_[b.window]];
    Skipped skipped;
    u32 issued = 0;
    bool store_met = false;
    Cycle sleep = kNever;
    u16 before = kNone, p = b.first;
    while (p != kNone && issued + skipped.instructions < params_.skipahead) {
        Instruction &i = instruction(entry, p);
        const u16 next = i.next;
        const Cycle ready = operands_ready(b, i);
        const bool ordered = i.op_class == OpClass::Load && !params_.oracle_disambiguation;   // with the block's stores
        const Cycle behind_store = ordered ? after_stores(b, i) : 0;
        const bool held = (ordered && store_met) || behind_store > now || hazard(skipped, i);
        store_met |= i.op_class == OpClass::Store;
        const bool selectable = ready <= now && !held;
        if (!selectable || !pool.take(i.op_class, now)) {
            if (selectable) sleep = now + 1;   // for a unit
            else if (!held) sleep = std::min(sleep, ready);
            else sleep = std::min(sleep, behind_store > now ? behind_store : kNever);
            if (!b.may_skip) break;
            for (const Operand &o : i.source)
                if (o.place != kNone && o.place >= params_.physical_registers) skipped.reads[skipped.read_count++] = o.place;
            if (i.dest != kNone) skipped.writes[skipped.write_count++] = i.dest;
            ++skipped.instructions;
            before = p;
            p = next;
            continue;
        }
        (before == kNone ? b.first : instruction(entry, before).next) = next;
        if (b.last == p) b.last = before;
        ++issued;
        stats.skipped_instructions += skipped.instructions;
        start_execution(b, p, now);
        p = next;
    }
    wake_at_[entry] = issued ? now + 1 : sleep;
    return issued;
}

// From now on issue counts on the result to be there in cycle `at`: blocks that sleep for it look again.
inline void CgOooCore::expect(u16 place, Cycle at) {
    if (expected_at_[place] != at) stats.head_buffer_searches += searched_buffers(place);
    expected_at_[place] = at;
    if (sleepers_[place]) rouse_sleepers(place);
}

void CgOooCore::rouse_sleepers(u16 place) {
    const u64 windows = std::exchange(sleepers_[place], 0);
    for (u32 w = 0; w < params_.windows; ++w)
        if (windows >> (w % 64) & 1) rouse(w);
}

void CgOooCore::start_execution(Brob &b, u16 position, Cycle now) {
    const u32 entry = entry_of(b);
    Instruction &i = instruction(entry, position);
    i.next = kNone;
    i.issued = now;
    ++i.attempt;
    ++stats.issued_instructions;
    stats.local_issues += i.code->is_local;
    trace(b, position, "issue", now);
    for (const Operand &o : i.source)
        if (o.place != kNone && o.place >= params_.physical_registers) ++readers_[o.place];
    if (i.dest != kNone) {
        value_at_[i.dest] = kNever;
        writer_[i.dest] = u32(&i - instructions_.data());
        const bool load = i.op_class == OpClass::Load;
        const u32 latency = load ? 1 + hit_latency_ : params_.units->latency(i.op_class);
        if (load && params_.ideal_wakeup) expected_at_[i.dest] = kNever;
        else expect(i.dest, now + i.to_execute + latency);
    }
    if (i.op_class == OpClass::Store) {
        ++b.stores_under_way;
        b.stores_executed = std::max(b.stores_executed, now + i.to_execute);
    }
    wheel_.add(now + i.to_execute, {i.attempt, u16(entry), u8(position), Event::Execute});
}

// The result will not be there when it was said to.
void CgOooCore::retract(u16 place) {
    if (expected_at_[place] == kNever) return;
    expected_at_[place] = kNever;
    stats.head_buffer_searches += searched_buffers(place);
}

void CgOooCore::run_wheel(Cycle now) {
    progress_ |= wheel_.run(now, [&](const Event &e) {
        const Instruction &i = instruction(e.entry, e.position);
        if (i.attempt != e.attempt) return;
        if (e.kind == Event::Execute) execute(e.entry, e.position, now);
        else if (value_at_[i.dest] == kNever) retract(i.dest);
    });
}

// Back into the window, in its old place.
void CgOooCore::replay(Brob &b, u32 position) {
    const u32 entry = entry_of(b);
    Instruction &i = instruction(entry, position);
    ++stats.replays;
    ++i.attempt;
    if (i.dest != kNone) retract(i.dest);
    u16 before = kNone, p = b.first;
    while (p != kNone && p < position) before = p, p = instruction(entry, p).next;
    i.next = p;
    (before == kNone ? b.first : instruction(entry, before).next) = u16(position);
    if (p == kNone) b.last = u16(position);
    wake_at_[entry] = 0;
}

void CgOooCore::write(Instruction &i, u64 value, Cycle ready) {
    i.value = value;
    i.complete = ready;
    if (i.dest == kNone) return;
    if (i.dest < params_.physical_registers) ++stats.global_writes;
    else if (writer_[i.dest] == u32(&i - instructions_.data())) ++stats.local_writes;
    else return;   // a dead value, and its window serves another block
    value_[i.dest] = value;
    value_at_[i.dest] = ready;
    const Cycle announced = expected_at_[i.dest];   // data that comes early is not looked for early
    if (announced == kNever || ready > announced) expect(i.dest, ready);
    if (i.dest >= params_.physical_registers) rouse((i.dest - params_.physical_registers) / params_.local_registers);
}

void CgOooCore::execute(u32 entry, u32 position, Cycle now) {
    Brob &b = brob_[entry];
    Instruction &i = instruction(entry, position);
    u64 operand[3] = {};
    u32 far = 0;
    bool there = true;
    if (i.code->local_sources || i.op_class == OpClass::Store) wake_at_[entry] = 0;   // others wait for that
    b.stores_under_way -= i.op_class == OpClass::Store;
    for (unsigned k = 0; k < 3; ++k) {
        const Operand o = i.source[k];
        if (o.place == kNone) continue;
        if (o.place >= params_.physical_registers) --readers_[o.place];
        far += o.far;
        const Cycle at = value_at_[o.place];
        there &= at != kNever && at + (o.far ? params_.far_register_delay : 0) <= now;
        operand[k] = value_[o.place];
    }
    stats.local_reads += i.code->local_sources;
    stats.global_reads += i.code->global_sources;
    stats.far_reads += far;
    if (!there) return replay(b, position);
    ++b.executed;
    i.executed = true;
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
    if (i.target == b.fetched.next) return;
    params_.predictor->resolve(b.fetched.ticket, i.taken, i.target);
    squash(b.seq + 1, i.target, now, Bubble::Misprediction, true);
}

}  // namespace sim
