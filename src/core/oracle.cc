// SPDX-License-Identifier: BSD-3-Clause
#include "core/oracle.hh"
#include <algorithm>
#include <bit>

namespace sim {

Oracle::Oracle(const CoreStart &start, u64 in_flight)
    : environment_(*start.environment), core_memory_(start.environment->memory()), code_(memory_),
      hart_(start.hart), ring_(std::bit_ceil(in_flight)), mask_(ring_.size() - 1), oldest_(hart_.committed),
      fetch_(hart_.committed) {
    memory_.copy_from(core_memory_);
    core_memory_.add_dma_listener(*this);
}

const Oracle::Outcome *Oracle::fetch(Address pc, u64 count) {
    const u64 first = fetch_;
    fetch_ += count;
    for (u64 n = first; n < fetch_; ++n) at(n).fetched = n == first ? pc : 0;
    const u64 run = hart_.committed;
    while (hart_.committed < fetch_ && may_run_ahead() && advance()) {}
    if (first < run) verify(first);   // else advance() has
    return known(fetch_ - 1) ? &at(fetch_ - 1).outcome : nullptr;
}

void Oracle::fetch_from(u64 number) {
    fetch_ = number;
    if (number <= wrong_from_) wrong_from_ = ~u64{0};
}

// What was fetched as `number`, if anything was, is what the program has there: else fetch is on a wrong
// path.
void Oracle::verify(u64 number) {
    const Entry &e = at(number);
    if (number < fetch_ && e.fetched && e.fetched != e.outcome.pc)
        wrong_from_ = std::min(wrong_from_, number);
}

bool Oracle::may_overlap(u64 store, u64 load) const {
    if (!known(store) || !known(load)) return true;
    const Outcome &s = at(store).outcome, &l = at(load).outcome;
    return l.address < s.address + s.bytes && s.address < l.address + l.bytes;
}

bool Oracle::may_run_ahead() const {
    return !lost_ && hart_.committed - oldest_ <= mask_ && hart_.committed < environment_.next_interrupt();
}

// Runs one instruction and keeps its outcome; false, with nothing changed: only the core's commit can tell
// its effect.
bool Oracle::advance() {
    const Decoded *found = code_.at(hart_.pc);
    if (!found || DecodeCache::is_illegal(*found)) return false;
    const Decoded d = *found;
    Effect effect;
    Entry &e = at(hart_.committed);
    e.written = 0;
    if (d.op_class == OpClass::Csr) {
        if (!csr_is_float(u32(d.imm) & 0xfff) || !execute_csr(hart_, d, effect)) return false;
    } else if (d.op_class == OpClass::Fence) {
        effect.pc = hart_.pc;
        effect.next = hart_.pc += d.length;
        ++hart_.committed;
    } else {
        if (d.is_memory()) {
            const bool plain = d.op_class == OpClass::Load || d.op_class == OpClass::Store;
            const Address a = operand(hart_, d.rs1) + (plain ? Address(d.imm) : 0);
            if (memory_.is_device(a)) return false;
            if (d.writes_memory() && memory_.allows(a, d.memory_bytes, kWrite)) {
                e.old_bytes = memory_.load(a, d.memory_bytes);
                e.written = d.memory_bytes;
            }
        }
        if (step(hart_, memory_, code_, effect).end != StepEnd::Done) return false;
    }
    keep(effect, d);
    return true;
}

// Makes the entry of the instruction that hart_ has just passed.
void Oracle::keep(const Effect &effect, const Decoded &d) {
    const u64 number = hart_.committed - 1;
    at(number).outcome = {effect.pc, effect.next, effect.address, d.memory_bytes, effect.taken};
    verify(number);
}

void Oracle::committed(const Effect &effect) {
    const bool waits = oldest_ == hart_.committed;   // for the core
    if (lost_ || effect.pc != (waits ? hart_.pc : at(oldest_).outcome.pc)) {
        lost_ = true;
    } else if (waits && !advance()) {
        at(oldest_).written = 0;
        if (effect.rd != kNoRegister) hart_.reg[effect.rd] = effect.value;
        hart_.pc = effect.next;
        ++hart_.committed;
        at(oldest_).outcome = {effect.pc, effect.next, 0, 0, effect.taken};
        verify(oldest_);
    }
    ++oldest_;
    if (lost_) hart_.committed = std::max(hart_.committed, oldest_);
}

void Oracle::committed(Address pc, u64 count) {
    lost_ |= pc != (oldest_ == hart_.committed ? hart_.pc : at(oldest_).outcome.pc);
    oldest_ += count;
    while (!lost_ && hart_.committed < oldest_) lost_ = !advance();
    if (lost_) hart_.committed = std::max(hart_.committed, oldest_);
}

// Takes back what uncommitted instructions wrote.
void Oracle::rewind() {
    for (u64 n = hart_.committed; n-- > oldest_;)
        if (const Entry &e = at(n); e.written) memory_.store(e.outcome.address, e.written, e.old_bytes);
    hart_.committed = oldest_;
}

void Oracle::begin_environment(bool checked) {
    copy_all_ = checked || lost_;
    if (copy_all_) return;
    rewind();
    core_memory_.set_observer(this);
}

void Oracle::end_environment(const Hart &hart) {
    if (copy_all_) memory_.copy_from(core_memory_);
    else core_memory_.set_observer(nullptr);
    hart_ = hart;
    oldest_ = hart.committed;
    fetch_from(hart.committed);
    wrong_from_ = ~u64{0};
    lost_ = false;
}

}  // namespace sim
