// SPDX-License-Identifier: BSD-3-Clause
// Load and store queues: program order, byte-exact forwarding, and detection of loads that ran too early.
#pragma once
#include <vector>
#include "program/guest_memory.hh"
#include "sim/types.hh"

namespace sim {

// Entries are named by positions that only grow; `order` is program order, unique, growing with position. A store stays
// until it has been written to memory, so a load sees committed stores that have not drained.
class LoadStoreQueue {
  public:
    struct Load {
        u64 order;
        u64 store_tail;      // position of the first store younger than this load
        Address address;
        u64 source;          // order of the oldest store that gave a byte; 0 where memory gave one
        u32 owner;           // the core's name for the instruction
        u8 bytes;
        bool executed;       // has its value
    };
    struct Store {
        u64 order;
        Address address;
        u64 value;
        u32 owner;
        u8 bytes;
        bool ready;          // address and data are known
        bool faulted;        // never writes
        bool committed;
    };
    struct Found {
        u64 value;           // little-endian bytes, memory's where no store has them
        bool all_forwarded;  // no byte came from memory: the cache need not be asked
        bool some_forwarded;
        bool passed_unknown; // an older store's address is not known yet
        u64 source;
    };

    LoadStoreQueue(u32 load_entries, u32 store_entries);

    u32 free_loads() const { return load_entries_ - u32(load_tail_ - load_head_); }
    u32 free_stores() const { return store_entries_ - u32(store_tail_ - store_head_); }
    bool stores_empty() const { return store_head_ == store_tail_; }
    u64 load_tail() const { return load_tail_; }
    u64 store_tail() const { return store_tail_; }
    u64 store_head() const { return store_head_; }

    u64 push_load(u64 order, u32 owner, u64 store_tail);
    u64 push_store(u64 order, u32 owner);
    Load &load(u64 position) { return loads_[position & load_mask_]; }
    Store &store(u64 position) { return stores_[position & store_mask_]; }

    // Where the bytes of a load come from now. `readable`: memory may be read.
    Found find(const Load &load, Address address, unsigned bytes, const GuestMemory &memory, bool readable) const;
    // True when a store older than the load has no address yet.
    bool older_store_unknown(const Load &load) const;
    // The oldest executed load younger than the store at `position` that should have had its bytes; its position or ~0.
    u64 violation(u64 position) const;

    // The oldest executed load that touches a line of these bytes; its position or ~0.
    u64 executed_load(Address a, u64 bytes) const;
    // A device has written memory: a committed store that is not there yet counts as written before.
    void overwrite_committed(Address a, u64 bytes, const GuestMemory &memory);

    void pop_load() { ++load_head_; }               // the oldest load commits
    void commit_store() { store(commit_).committed = true, ++commit_; }   // the oldest uncommitted store commits
    u64 next_commit() const { return commit_; }
    void pop_store() { ++store_head_; }             // the oldest store has been written
    void squash(u64 order);                         // drops every entry at or after `order`

  private:
    const u32 load_entries_, store_entries_;
    const u64 load_mask_, store_mask_;
    std::vector<Load> loads_;
    std::vector<Store> stores_;
    u64 load_head_ = 0, load_tail_ = 0;
    u64 store_head_ = 0, commit_ = 0, store_tail_ = 0;   // [head, commit): committed, draining
};

}  // namespace sim
