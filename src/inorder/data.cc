// SPDX-License-Identifier: BSD-3-Clause
// Loads and stores: from the unit to the data port and back.
#include "inorder/inorder.hh"

namespace sim {

// Units start them in program order: a load finds every older store's address and data in the store buffer.
void InOrderCore::execute_memory(Inflight &i, Cycle now) {
    const bool stores = i.d.op_class == OpClass::Store;
    const Cycle access = now + params_.units->latency(i.d.op_class);
    if (!memory_->allows(i.address, i.d.memory_bytes, stores ? kWrite : kRead)) {
        i.device = memory_->is_device(i.address);
        i.faulted = !i.device;
        i.fault = stores ? Fault::StoreFault : Fault::LoadFault;
        i.complete = access;
    } else if (stores) {
        i.complete = access;
        i.translated = translate_store(i, now);
    } else {
        return port_->load(i.position, i.address, i.d.memory_bytes, i.pc, access);
    }
    if (!stores) return;
    LoadStoreQueue::Store &entry = port_->queue.store(i.position);
    entry.ready = true;
    entry.faulted = i.faulted || i.device;
    entry.address = i.address;
    entry.bytes = i.d.memory_bytes;
    entry.value = i.value;
    stats.store_queue_writes += !entry.faulted;
}

// False: a page walk is under way; ask again.
bool InOrderCore::translate_store(Inflight &i, Cycle now) {
    if (!params_.dtlb) return true;
    const Cycle usable = params_.dtlb->translate(i.address, now);
    if (usable >= kBusy) return false;
    i.complete = std::max(i.complete, usable);
    return true;
}

void InOrderCore::load_data(u32 owner, u64 raw, Cycle ready, Cycle) {
    Inflight &i = ring_[owner];
    progress_ = true;
    issue_at_ = 0;
    i.value = extend(raw, i.d.memory_bytes, i.d.extend);
    ++stats.returned_loads;
    stats.load_writes += i.d.rd != kNoRegister;
    i.value_at = i.complete = ready;
}

void InOrderCore::load_late(u32 owner, Cycle, bool missed) {
    ring_[owner].missed |= missed;
    issue_at_ = 0;
}

}  // namespace sim
