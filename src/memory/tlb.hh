// SPDX-License-Identifier: BSD-3-Clause
// Translation lookaside buffers and page walks: timing only, since addresses translate to themselves.
#pragma once
#include <vector>
#include "memory/memory.hh"

namespace sim {

class Tlb final : public Model<Tlb, Component>, public MemoryClient, public EventHandler {
  public:
    struct Params : Described<Params> {
        PARAM(u32, entries, 64, "pages", "translations held");
        PARAM(u32, ways, 4, "pages", "translations in a set");
        PARAM(u32, page_size, 4096, "bytes", "memory that one translation covers");
        PARAM(u32, hit_latency, 0, "cycles",
              "from a request to its translation; 0: hidden behind the cache access");
        PARAM(u32, walk_latency, 30, "cycles",
              "a page walk, where neither next nor page_table_memory is given");
        PARAM(u32, walkers, 2, "walks", "page walks at one time through page_table_memory");
        PARAM(u32, walk_targets, 16, "requests",
              "requests that can wait for one walk through page_table_memory");
        PARAM(u32, walk_levels, 3, "reads", "page table entries that a walk reads one after the other");
        PARAM(u64, page_table_address, 0x8000000000, "bytes",
              "where the page tables lie for walks through memory");
        CHILD(Tlb, next, optional, "level that serves misses");
        CHILD(Memory, page_table_memory, optional,
              "where page walks read; a fixed walk_latency when not given");
    };
    struct Stats : Described<Stats> {
        STAT(hits, "requests", "requests that found their page");
        STAT(misses, "requests", "requests that did not");
        STAT(walks, "walks", "page walks");
        STAT(walk_merges, "requests", "misses whose page was already being walked for");
        STAT(walk_reads, "accesses", "page table entries read from memory");
        STAT(walk_rejections, "requests", "turned away because no walker or no place to wait was free");
        STAT(evictions, "pages", "translations that made room for another");
        FORMULA(miss_rate, "misses/request", "share of requests that missed", ratio(misses, hits + misses));
    };

    explicit Tlb(const Params &params);

    // The cycle from which the translation is usable: `now` for a hit with hit_latency 0. With
    // page_table_memory also kMiss (a walk is under way; `client`, if any, is told when it is over) and kBusy
    // (ask again in a later cycle).
    Cycle translate(Address address, Cycle now, MemoryClient *client = nullptr, u32 tag = 0) {
        const u64 page = address >> page_shift_;
        if (page == last_page_ && last_ready_ <= now) {
            ++stats.hits;
            return now + hit_latency_;
        }
        return look_up(page, now, client, tag);
    }
    void flush();   // forgets every translation here and in the levels behind
    void memory_done(u32 tag, Cycle now) override;
    void event(u64 argument, Cycle now) override;
    const Params &params() const { return params_; }
    void list_structures(std::vector<Structure> &) const override;

    Stats stats;

  private:
    static constexpr u64 kNoPage = ~u64{0};
    static constexpr u32 kNone = ~u32{0};
    struct Waiter {
        MemoryClient *client;
        u32 tag;
    };
    struct Walk {
        u64 page = kNoPage;   // of this level's page size; kNoPage: free
        u32 level = 0;        // reads still to do
        u32 waiters = 0;
        bool flushed = false;
    };

    Cycle look_up(u64 page, Cycle now, MemoryClient *client, u32 tag);
    Cycle ask_next(u64 page, Cycle now, MemoryClient *client, u32 tag);
    Cycle walk(u64 page, Cycle now, MemoryClient *client, u32 tag);
    void read_entry(u32 walk, Cycle now);
    void finish(u32 walk, Cycle now);
    u32 find_walk(u64 page) const;
    void join(u32 walk, MemoryClient *client, u32 tag);
    void insert(u64 page, Cycle ready);
    void remember(u32 slot);

    const Params params_;
    const u32 hit_latency_;
    u32 page_shift_ = 0, set_mask_ = 0;
    u64 last_page_ = kNoPage;    // the translation used last needs no lookup
    Cycle last_ready_ = 0;

    std::vector<u64> pages_;     // set * ways + way
    std::vector<Cycle> ready_;   // when the translation arrives
    std::vector<u64> stamps_;    // order of last use
    u64 stamp_ = 0;

    std::vector<Walk> walks_;
    std::vector<Waiter> waiters_;   // walk * walk_targets + position
};

}  // namespace sim
