// SPDX-License-Identifier: BSD-3-Clause
// Loads and stores: queue search, data-cache accesses, forwarding, order violations, draining of committed stores.
#include "ooo/ooo.hh"

namespace sim {
namespace {

// Tags of data-cache accesses: who asked, in the two high bits.
constexpr u32 kTagMask = 0x3fff'ffff, kLoadTag = 0, kStoreTag = 1u << 30, kAtomicTag = 2u << 30;

u8 lines_touched(Address a, unsigned bytes) { return a / kLineBytes == (a + bytes - 1) / kLineBytes ? 1 : 3; }
Address part_address(Address a, unsigned part) { return part ? (a / kLineBytes + 1) * kLineBytes : a; }

}  // namespace

void OutOfOrderCore::execute_load(u32 slot, Cycle now) {
    Inflight &i = rob_[slot];
    const Cycle access = now + params_.units->latency(OpClass::IntAlu);
    i.complete = kNever;
    if (!memory_->allows(i.address, i.d.memory_bytes, kRead)) {
        i.device = memory_->is_device(i.address);
        i.faulted = !i.device;
        i.fault = Fault::LoadFault;
        i.complete = access;
        if (i.dest != kNone && !params_.ideal_wakeup)
            at(now + params_.hit_latency, {WheelEvent::Cancel, slot, i.seq, i.attempt});
        return;
    }
    i.lines = lines_touched(i.address, i.d.memory_bytes);
    i.outstanding = 0;
    i.lines_ready = 0;
    auto place = loads_.end();
    while (place != loads_.begin() && (place - 1)->first > i.seq) --place;
    loads_.insert(place, {i.seq, access});
}

void OutOfOrderCore::access_loads(Cycle now) {
    u32 ports = params_.load_ports;
    std::size_t kept = 0;
    for (std::size_t n = 0; n < loads_.size(); ++n) {
        const auto [seq, first] = loads_[n];
        bool done = false;
        if (ports && first <= now) {
            progress_ = true;
            const u32 slot = u32(seq & rob_mask_);
            const u64 before = stats.load_retries;
            done = access_load(slot, now);
            ports -= done || stats.load_retries != before;
            Inflight &i = rob_[slot];
            if (!done && !i.cancel_due && i.dest != kNone && !params_.ideal_wakeup) {
                i.cancel_due = true;   // its consumers were told that it would hit
                at(std::max(now + 1, i.issued + 1 + params_.hit_latency + params_.schedule_to_execute),
                   {WheelEvent::Cancel, slot, i.seq, i.attempt});
            }
        }
        if (!done) loads_[kept++] = loads_[n];
    }
    loads_.resize(kept);
}

// One try of a load whose address is known; true: it needs no further try (it may still miss).
bool OutOfOrderCore::access_load(u32 slot, Cycle now) {
    Inflight &i = rob_[slot];
    LoadStoreQueue::Load &entry = lsq_.load(i.position);
    if (i.wait_store) {
        const Inflight &s = slot_of_seq(i.wait_store);
        if (s.seq == i.wait_store && !lsq_.store(s.position).ready) return false;
        i.wait_store = 0;
    }
    if (!params_.speculate_memory && lsq_.older_store_unknown(entry)) return false;
    ++stats.store_queue_searches;
    const LoadStoreQueue::Found found = lsq_.find(entry, i.address, i.d.memory_bytes, *memory_, true);
    if (!found.all_forwarded && i.lines && !ask_lines(i, now)) {
        ++stats.load_retries;
        return false;
    }
    entry.executed = true;
    entry.address = i.address;
    entry.bytes = i.d.memory_bytes;
    entry.source = found.source;
    i.value = extend(found.value, i.d.memory_bytes, i.d.extend);
    if (found.all_forwarded) {
        ++stats.forwarded_loads;
        i.lines = i.outstanding = 0;
        load_data(slot, now + params_.forward_latency, now + 1);
    } else if (!i.outstanding) {
        load_data(slot, i.lines_ready, now + 1);
    } else {
        i.missed = true;
        if (i.dest != kNone && !params_.ideal_wakeup && !i.cancel_due) {
            i.cancel_due = true;
            at(std::max(now + 1, i.issued + 1 + params_.hit_latency + params_.schedule_to_execute),
               {WheelEvent::Cancel, slot, i.seq, i.attempt});
        }
    }
    return true;
}

// Asks the TLB and the cache for the lines not asked yet; false: something was busy, try again.
bool OutOfOrderCore::ask_lines(Inflight &i, Cycle now) {
    if (params_.dtlb) {
        const Cycle usable = params_.dtlb->translate(i.address, now);
        if (usable > now) {
            for (auto &[seq, first] : loads_)
                if (seq == i.seq) first = usable;
            return false;
        }
    }
    for (unsigned part = 0; part < 2; ++part) {
        if (!(i.lines >> part & 1)) continue;
        const Cycle answer = params_.l1d->access(
            {part_address(i.address, part), AccessKind::Read, i.pc, this, kLoadTag | (u32(i.seq) & kTagMask)}, now);
        if (answer == kBusy) return false;
        i.lines &= u8(~(1u << part));
        if (answer == kMiss) ++i.outstanding;
        else i.lines_ready = std::max(i.lines_ready, answer);
    }
    return true;
}

// The load's data is there from `ready` on. Wakes its consumers, unless their expectation was right.
void OutOfOrderCore::load_data(u32 slot, Cycle ready, Cycle earliest) {
    Inflight &i = rob_[slot];
    if (ready >= earliest + kWheel - 1) {   // a memory that answers misses with a cycle
        i.missed = true;
        ++i.outstanding;
        i.lines_ready = 0;
        return clock_->schedule(ready, *this, kLoadTag | (u32(i.seq) & kTagMask));
    }
    write(i, i.value, ready);
    if (i.dest == kNone) return;
    const Cycle to_execute = params_.schedule_to_execute;
    const Cycle expected = i.issued + 1 + params_.hit_latency;
    const bool late = ready > expected + to_execute;
    if (!params_.ideal_wakeup && !late) return;
    if (!params_.ideal_wakeup && !i.cancel_due && ready > expected + 2 * to_execute)
        at(std::max(earliest, expected + to_execute), {WheelEvent::Cancel, slot, i.seq, i.attempt});
    at(std::max(earliest, ready > to_execute ? ready - to_execute : 0), {WheelEvent::Wake, slot, i.seq, i.attempt});
}

void OutOfOrderCore::execute_store(u32 slot, Cycle now) {
    Inflight &i = rob_[slot];
    LoadStoreQueue::Store &entry = lsq_.store(i.position);
    i.complete = now + params_.units->latency(OpClass::IntAlu);
    entry.ready = true;
    if (params_.memory_dependence) params_.memory_dependence->store_executed(i.pc, i.seq);
    if (!memory_->allows(i.address, i.d.memory_bytes, kWrite)) {
        i.device = memory_->is_device(i.address);
        i.faulted = !i.device;
        i.fault = Fault::StoreFault;
        entry.faulted = true;
        return;
    }
    if (params_.dtlb) i.complete = std::max(i.complete, params_.dtlb->translate(i.address, now));
    entry.address = i.address;
    entry.bytes = i.d.memory_bytes;
    entry.value = i.value;
    ++stats.load_queue_searches;
    const u64 victim = lsq_.violation(i.position);
    if (victim == ~u64{0}) return;
    ++stats.memory_violations;
    const Inflight &load = rob_[lsq_.load(victim).owner];
    if (params_.memory_dependence) params_.memory_dependence->violated(load.pc, i.pc);
    squash(load.seq, load.pc, now, Bubble::Squash, false);
}

// Committed stores go to the cache in order, several misses at a time; memory changes in order.
void OutOfOrderCore::drain_stores(Cycle now) {
    const u64 mask = drain_parts_.size() - 1;
    while (lsq_.store_head() != drain_next_ && !drain_parts_[lsq_.store_head() & mask]) {
        const LoadStoreQueue::Store &s = lsq_.store(lsq_.store_head());
        if (!s.faulted) memory_->store(s.address, s.bytes, s.value);
        lsq_.pop_store();
        progress_ = true;
    }
    for (u32 n = 0; n < params_.store_ports && drain_next_ != lsq_.next_commit(); ++n) {
        progress_ = true;
        if (!send_store(drain_next_, now)) return;
        ++drain_next_;
    }
}

bool OutOfOrderCore::send_store(u64 position, Cycle now) {
    const LoadStoreQueue::Store &s = lsq_.store(position);
    const u64 at = position & (drain_parts_.size() - 1);
    if (s.faulted) return true;
    u8 &lines = drain_lines_[at];
    if (!lines) lines = lines_touched(s.address, s.bytes), drain_parts_[at] = 0;
    for (unsigned part = 0; part < 2; ++part) {
        if (!(lines >> part & 1)) continue;
        const Cycle answer = params_.l1d->access(
            {part_address(s.address, part), AccessKind::Write, 0, this, kStoreTag | (u32(position) & kTagMask)}, now);
        if (answer == kBusy) return false;
        lines &= u8(~(1u << part));
        drain_parts_[at] += answer == kMiss;
    }
    return true;
}

void OutOfOrderCore::memory_done(u32 tag, Cycle now) {
    progress_ = true;
    if ((tag & ~kTagMask) == kStoreTag) {
        --drain_parts_[tag & (drain_parts_.size() - 1)];
    } else if ((tag & ~kTagMask) == kAtomicTag) {
        if (atomic_parts_ && (tag & kTagMask) == (u32(head_) & kTagMask) && --atomic_parts_ == 0) atomic_ready_ = now;
    } else {
        const u32 slot = u32(tag & rob_mask_);
        Inflight &i = rob_[slot];
        if (!i.seq || (u32(i.seq) & kTagMask) != tag || !i.outstanding) return;   // it was squashed
        i.lines_ready = std::max(i.lines_ready, now);
        if (--i.outstanding == 0 && !i.lines) load_data(slot, i.lines_ready, now);
    }
}

// An atomic at the head, store queue drained: gets its line, then reads and writes memory at once.
bool OutOfOrderCore::commit_atomic(Inflight &i, Cycle now) {
    const Address a = value_[i.source[0]];
    if (!atomic_asked_ && memory_->allows(a, 1, kRead)) {
        const Cycle answer = params_.l1d->access({a, AccessKind::Write, i.pc, this, kAtomicTag | (u32(i.seq) & kTagMask)}, now);
        progress_ = true;
        if (answer == kBusy) return false;
        atomic_asked_ = true;
        atomic_parts_ = answer == kMiss;
        i.missed = answer == kMiss;
        atomic_ready_ = answer == kMiss ? kNever : answer;
        return false;
    }
    if (atomic_asked_ && atomic_ready_ > now) return false;
    atomic_asked_ = false;
    atomic_ready_ = kNever;
    const u64 data = i.source[1] == kNone ? 0 : value_[i.source[1]];
    const AtomicResult r = execute_atomic(i.d, a, data, hart_, *memory_);
    i.address = a;
    if (r.faulted) {
        i.faulted = true;
        i.fault = r.fault;
        i.complete = now;
        return false;
    }
    write(i, r.value, now);
    if (i.dest != kNone) wake(i.dest);
    Effect effect;
    effect.address = a;
    effect.store_bytes = r.store_bytes;
    effect.store_value = r.store_value;
    commit_one(i, now, effect);
    return true;
}

}  // namespace sim
