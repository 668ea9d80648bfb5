// SPDX-License-Identifier: BSD-3-Clause
#include "memory/load_store_queue.hh"
#include <bit>
#include "sim/errors.hh"

namespace sim {
namespace {

bool overlap(Address a, unsigned a_bytes, Address b, unsigned b_bytes) { return a < b + b_bytes && b < a + a_bytes; }

}  // namespace

LoadStoreQueue::LoadStoreQueue(u32 load_entries, u32 store_entries)
    : load_entries_(load_entries), store_entries_(store_entries), load_mask_(std::bit_ceil(load_entries) - 1),
      store_mask_(std::bit_ceil(store_entries) - 1), loads_(load_mask_ + 1), stores_(store_mask_ + 1) {
    if (!load_entries || !store_entries || load_entries > 65536 || store_entries > 65536)
        throw ConfigError("load_queue_entries and store_queue_entries must be 1 to 65536");
}

u64 LoadStoreQueue::push_load(u64 order, u32 owner, u64 store_tail) {
    load(load_tail_) = {order, store_tail, 0, 0, owner, 0, false};
    return load_tail_++;
}

u64 LoadStoreQueue::push_store(u64 order, u32 owner) {
    store(store_tail_) = {order, 0, 0, owner, 0, false, false, false};
    return store_tail_++;
}

LoadStoreQueue::Found LoadStoreQueue::find(const Load &load, Address address, unsigned bytes, const GuestMemory &memory,
                                           bool readable) const {
    Found found{readable ? memory.load(address, bytes) : 0, false, false, false, ~u64{0}};
    const u32 all = (1u << bytes) - 1;
    u32 have = 0;
    for (u64 p = load.store_tail; p-- > store_head_ && have != all;) {
        const Store &s = stores_[p & store_mask_];
        if (!s.ready) {
            found.passed_unknown = true;
            continue;
        }
        if (s.faulted || !overlap(address, bytes, s.address, s.bytes)) continue;
        for (unsigned i = 0; i < bytes; ++i) {
            const Address at = address + i;
            if ((have >> i & 1) || at < s.address || at >= s.address + s.bytes) continue;
            const u64 byte = s.value >> (8 * (at - s.address)) & 255;
            found.value = (found.value & ~(u64{255} << (8 * i))) | byte << (8 * i);
            have |= 1u << i;
        }
        found.source = s.order;
    }
    found.all_forwarded = have == all;
    found.some_forwarded = have != 0;
    if (!found.all_forwarded) found.source = 0;
    return found;
}

bool LoadStoreQueue::older_store_unknown(const Load &load) const {
    for (u64 p = load.store_tail; p-- > store_head_;)
        if (!stores_[p & store_mask_].ready) return true;
    return false;
}

u64 LoadStoreQueue::violation(u64 position) const {
    const Store &s = stores_[position & store_mask_];
    u64 oldest = ~u64{0};
    for (u64 p = load_tail_; p-- != load_head_;) {
        const Load &l = loads_[p & load_mask_];
        if (l.order < s.order) break;
        if (l.executed && overlap(l.address, l.bytes, s.address, s.bytes) && l.source < s.order) oldest = p;
    }
    return oldest;
}

u64 LoadStoreQueue::executed_load(Address a, u64 bytes) const {
    const Address first = a / kLineBytes, last = (a + bytes - 1) / kLineBytes;
    for (u64 p = load_head_; p != load_tail_; ++p) {
        const Load &l = loads_[p & load_mask_];
        if (l.executed && l.address / kLineBytes <= last && (l.address + l.bytes - 1) / kLineBytes >= first) return p;
    }
    return ~u64{0};
}

void LoadStoreQueue::overwrite_committed(Address a, u64 bytes, const GuestMemory &memory) {
    for (u64 p = store_head_; p != commit_; ++p) {
        Store &s = store(p);
        for (unsigned i = 0; !s.faulted && i < s.bytes; ++i) {
            const Address at = s.address + i;
            if (at < a || at >= a + bytes) continue;
            s.value = (s.value & ~(u64{255} << (8 * i))) | memory.load(at, 1) << (8 * i);
        }
    }
}

void LoadStoreQueue::squash(u64 order) {
    while (load_tail_ != load_head_ && loads_[(load_tail_ - 1) & load_mask_].order >= order) --load_tail_;
    while (store_tail_ != commit_ && stores_[(store_tail_ - 1) & store_mask_].order >= order) --store_tail_;
}

}  // namespace sim
