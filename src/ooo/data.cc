// SPDX-License-Identifier: BSD-3-Clause
// Loads and stores: addresses reach the queues, order violations are found, data comes back from the data port.
#include "ooo/ooo.hh"

namespace sim {

void OutOfOrderCore::execute_load(u32 slot, Cycle now) {
    Inflight &i = ring_[slot];
    const Cycle access = now + params_.units->latency(OpClass::IntAlu);
    i.complete = kNever;
    if (memory_->allows(i.address, i.d.memory_bytes, kRead))
        return port_->load(i.position, i.address, i.d.memory_bytes, i.pc, access);
    i.device = memory_->is_device(i.address);
    i.faulted = !i.device;
    i.fault = Fault::LoadFault;
    i.complete = access;
    cancel_wakeup(slot, now);
}

// The consumers of a load were told that it would hit; takes that back when the hit's data should have come.
void OutOfOrderCore::cancel_wakeup(u32 slot, Cycle now) {
    Inflight &i = ring_[slot];
    if (i.dest == kNone || params_.ideal_wakeup || i.cancel_due) return;
    i.cancel_due = true;
    later(std::max(now + 1, i.issued + 1 + hit_latency_ + params_.schedule_to_execute), Event::Cancel, slot);
}

bool OutOfOrderCore::load_may_go(u32 slot) {
    Inflight &i = ring_[slot];
    if (params_.oracle_disambiguation) return oracle_lets_go(i);
    if (!i.wait_store) return true;
    const Inflight &s = at(i.wait_store);
    if (s.seq == i.wait_store && s.d.op_class == OpClass::Store && !port_->queue.store(s.position).ready) return false;
    i.wait_store = 0;
    return true;
}

// Are all older stores to its bytes executed?
bool OutOfOrderCore::oracle_lets_go(const Inflight &load) {
    LoadStoreQueue &queue = port_->queue;
    for (u64 p = queue.load(load.position).store_tail; p-- > queue.store_head();) {
        const LoadStoreQueue::Store &store = queue.store(p);
        if (!store.ready && oracle_->may_overlap(number(store.order), number(load.seq))) return false;
    }
    return true;
}

void OutOfOrderCore::load_late(u32 slot, Cycle now, bool missed) {
    ring_[slot].missed |= missed;
    cancel_wakeup(slot, now);
}

// Wakes the load's consumers, unless what they were told was right.
void OutOfOrderCore::load_data(u32 slot, u64 raw, Cycle ready, Cycle earliest) {
    Inflight &i = ring_[slot];
    progress_ = true;
    ++stats.returned_loads;
    write(i, extend(raw, i.d.memory_bytes, i.d.extend), ready);
    if (i.dest == kNone) return;
    ++stats.load_writes;
    const Cycle to_execute = params_.schedule_to_execute;
    const Cycle expected = i.issued + 1 + hit_latency_;
    if (!params_.ideal_wakeup && ready <= expected + to_execute) return;
    if (!params_.ideal_wakeup && ready > expected + 2 * to_execute) cancel_wakeup(slot, earliest - 1);
    later(std::max(earliest, ready > to_execute ? ready - to_execute : 0), Event::Wake, slot);
}

void OutOfOrderCore::execute_store(u32 slot, Cycle now) {
    Inflight &i = ring_[slot];
    LoadStoreQueue &queue = port_->queue;
    LoadStoreQueue::Store &entry = queue.store(i.position);
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
    if (params_.dtlb) {
        const Cycle usable = params_.dtlb->translate(i.address, now);
        if (usable < kBusy) i.complete = std::max(i.complete, usable);
    }
    entry.address = i.address;
    entry.bytes = i.d.memory_bytes;
    entry.value = i.value;
    ++stats.store_queue_writes;
    ++stats.load_queue_searches;
    const u64 victim = queue.violation(i.position);
    if (victim == ~u64{0}) return;
    ++stats.memory_violations;
    const Inflight &load = ring_[queue.load(victim).owner];
    if (params_.memory_dependence) params_.memory_dependence->violated(load.pc, i.pc);
    squash(load.seq, load.pc, now, Bubble::Squash, false);
}

}  // namespace sim
