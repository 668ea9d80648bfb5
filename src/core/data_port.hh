// SPDX-License-Identifier: BSD-3-Clause
// Where a core meets its data cache: loads that know their address search the store queue and access the TLB and cache,
// committed stores drain in order. Shared by the cores that keep load and store queues.
#pragma once
#include "memory/load_store_queue.hh"
#include "memory/memory.hh"
#include "memory/store_sets.hh"
#include "memory/tlb.hh"

namespace sim {

// The hit latency that a core counts on: as given, else the data cache's own, else that of most.
inline u32 counted_hit_latency(u32 given, const Memory *l1d) {
    constexpr u32 kUsual = 4;
    const u32 own = l1d ? l1d->usual_latency() : 0;
    return given ? given : own ? own : kUsual;
}

class DataPort final : private MemoryClient, private EventHandler, private DmaListener {
  public:
    struct Wiring {
        Memory *l1d;
        Tlb *dtlb;                    // may be null
        GuestMemory *memory;
        Clock *clock;
        u32 load_ports, store_ports;  // cache accesses a cycle
        u32 forward_latency;          // cycles from the search to data that a store forwards
        bool speculate;               // loads pass stores whose address is unknown
    };
    // The core's side. `owner` is what it gave the queue with the load.
    class Listener {
      public:
        // The load's bytes are usable from cycle `ready` on. `earliest` is the first cycle the core has not begun yet.
        virtual void load_data(u32 owner, u64 raw, Cycle ready, Cycle earliest) = 0;
        // The load's first try did not bring its data as a hit would have; load_data() follows. `missed`: it is beyond the L1.
        virtual void load_late(u32 owner, Cycle now, bool missed) = 0;
        // May the load go now? (memory-dependence prediction)
        virtual bool load_may_go(u32 owner) = 0;
        // A device has written the line of a load that is executed and not committed: it must run again, so that loads
        // of one address never go back in time. Called between two cycles.
        virtual void load_stale(u32 owner) = 0;

      protected:
        ~Listener() = default;
    };
    struct Counts {
        u64 forwarded_loads = 0, load_retries = 0, store_queue_searches = 0;
        u64 load_queue_writes = 0, squashed_allocations = 0;
    };

    DataPort(const Wiring &wiring, Listener &listener, u32 load_entries, u32 store_entries);

    LoadStoreQueue queue;

    // The load at queue `position` knows its address (readable memory) and asks for the cache from cycle `first` on.
    void load(u64 position, Address address, unsigned bytes, Address pc, Cycle first);
    void squash(u64 order);                     // the queue's entries too
    // Oldest first. True when something was tried.
    bool access_loads(Cycle now);
    bool drain_stores(Cycle now);
    bool loads_waiting() const { return !waiting_.empty(); }
    bool drained() const { return queue.store_head() == queue.next_commit(); }
    void commit_store() {                       // the oldest uncommitted store becomes drainable
        parts_[queue.next_commit() & store_mask_] = lines_[queue.next_commit() & store_mask_] = 0;
        queue.commit_store();
    }
    // Of the load at queue `position`, which has been given to load(): what it has done so far.
    u32 searches(u64 position) const { return loads_[position & load_mask_].searches; }
    u32 cache_reads(u64 position) const { return loads_[position & load_mask_].cache_reads; }
    Cycle next_load() const;                    // first cycle in which a waiting load may try; kNever: none

    // For an instruction that accesses memory alone at commit: asks for its line. True once it is there; until then
    // ask again every cycle. `kind` as in Memory.
    bool line_present(Address address, AccessKind kind, Address pc, Cycle now);
    void forget_line() { alone_ = Alone::Idle; ++alone_tag_; }
    Cycle line_ready() const { return alone_ready_; }

    Counts counts;

  private:
    struct Waiting {                            // a load that wants the cache, or waits for it
        Address address, pc;
        u64 raw;
        Cycle first, ready;                     // first try; when the lines answered so far are there
        u32 generation;                         // of the slot: answers to earlier loads are void
        u8 bytes, lines, outstanding;           // lines: still to be asked, bit a line
        bool late, translated;
        u16 searches, cache_reads;              // so far
    };
    enum class Alone : u8 { Idle, Waiting, Present };

    bool try_load(u64 position, Cycle now);
    bool ask(Waiting &w, u32 tag, Cycle now);
    bool send_store(u64 position, Cycle now);
    void late(u64 position, Waiting &w, Cycle now, bool missed);
    void memory_done(u32 tag, Cycle now) override;
    void dma_written(Address a, u64 bytes) override;
    void event(u64 argument, Cycle now) override { memory_done(u32(argument), now); }

    const Wiring wiring_;
    Listener &listener_;
    const u64 load_mask_, store_mask_;
    std::vector<Waiting> loads_;                // by load position
    std::vector<u64> waiting_;                  // positions that want a try, oldest first
    std::vector<u8> lines_, parts_;             // by store position: lines to send; misses not returned
    u64 drain_next_ = 0;                        // first committed store not yet taken by the cache
    Alone alone_ = Alone::Idle;
    u32 alone_tag_ = 0;
    Cycle alone_ready_ = kNever;
};

}  // namespace sim
