// SPDX-License-Identifier: BSD-3-Clause
// A non-blocking, set-associative, write-back and write-allocate cache: tags and timing, no data.
#pragma once
#include <memory>
#include <vector>
#include "cache/physical_ways.hh"
#include "cache/prefetcher.hh"
#include "cache/replacement.hh"
#include "memory/inclusion.hh"
#include "memory/line_versions.hh"

namespace sim {

class Cache final : public Model<Cache, Memory>,
                    public MemoryClient,
                    public EventHandler,
                    public UpperLevel,
                    public LowerLevel {
  public:
    struct Params : Described<Params> {
        PARAM(u64, size, 32_KiB, "bytes", "data capacity");
        PARAM(u32, ways, 8, "lines", "lines in a set");
        PARAM(u32, hit_latency, 4, "cycles", "from an access to its data on a hit");
        PARAM(
            u32, tag_latency, 0, "cycles",
            "from an access until a miss is known and leaves for the next level; 0: as long as hit_latency");
        PARAM(u32, ports, 2, "accesses", "accesses begun in one cycle");
        PARAM(u32, banks, 1, "banks", "parts that serve one access a cycle each; 1: accesses never conflict");
        PARAM(u32, bank_bytes, 8, "bytes", "consecutive bytes in one bank");
        PARAM(u32, mshrs, 16, "lines", "misses outstanding");
        PARAM(u32, mshr_targets, 8, "accesses", "accesses that can wait for one outstanding line");
        PARAM(u32, write_buffer_entries, 8, "lines", "evicted dirty lines that wait for the next level");
        PARAM(u32, fills_per_cycle, 1, "lines", "lines put into the arrays in one cycle");
        PARAM(std::string, cells, "", "",
              "transistors of the memory cells, for leakage: high_performance or low_standby; empty: low_standby from "
              "1 MiB up");
        PARAM(bool, inclusive, false, "", "whether a line that leaves is also taken from the caches above");
        CHILD(Memory, next, required, "level that serves misses");
        CHILD(Replacement, replacement, optional, "picks the line that makes room; Lru() when not given");
        CHILD(Prefetcher, prefetcher, optional, "fetches lines ahead of their use");
        CHILD(HotLines, hot_lines, optional, "counts every line's hits to tell which are hot; observes only");
        CHILD(WayLayout, layout, optional, "where the ways lie, for the energy of their wires");
        CHILD(HotLineSwap, swap, optional, "brings hot lines to the nearest way; needs layout");
        CHILD(WayPrediction, way_prediction, optional, "guesses the way of a load or fetch; needs layout");
        CHILD(WayAccess, way_access, optional, "how ways are read without prediction; needs layout");
    };
    struct Stats : Described<Stats> {
        STAT(reads, "accesses", "loads, and fills for loads from caches above");
        STAT(writes, "accesses", "stores, and fills for stores from caches above");
        STAT(fetches, "accesses", "instruction fetches, and fills for them from caches above");
        STAT(hits, "accesses", "reads, writes and fetches that found their line");
        STAT(misses, "accesses", "reads, writes and fetches that did not");
        STAT(read_misses, "accesses", "reads that did not find their line");
        STAT(write_misses, "accesses", "writes that did not find their line");
        STAT(fetch_misses, "accesses", "fetches that did not find their line");
        STAT(mshr_allocations, "lines", "misses that asked the next level");
        STAT(mshr_merges, "accesses", "misses to a line already on its way");
        STAT(write_buffer_hits, "accesses", "misses that took their line back from the write buffer");
        STAT(prefetch_requests, "accesses", "prefetches asked for by the level above");
        STAT(writeback_requests, "lines", "dirty lines received from the level above");
        STAT(fills, "lines", "lines received from the next level");
        STAT(evictions, "lines", "lines that made room for another");
        STAT(writebacks, "lines", "dirty lines handed to the write buffer");
        STAT(back_invalidations, "lines", "lines given up because the level below evicted them");
        STAT(shared_lines, "lines", "newer lines handed to the level below because another level asked for them");
        STAT(flushed_lines, "lines", "lines dropped by a flush of the whole cache");
        STAT(prefetches_issued, "lines", "own prefetches that the next level took");
        STAT(prefetches_useful, "lines", "prefetched lines that were used while in the cache");
        STAT(prefetches_late, "lines", "prefetched lines that were asked for while still on their way");
        STAT(prefetches_unused, "lines", "prefetched lines that left without being used");
        STAT(prefetches_dropped, "lines",
             "prefetches given up for want of an MSHR or a place in the next level");
        STAT(port_rejections, "accesses", "turned away because every port was taken");
        STAT(bank_rejections, "accesses", "turned away because their bank was taken");
        STAT(mshr_rejections, "accesses", "turned away because every MSHR was taken");
        STAT(target_rejections, "accesses",
             "turned away because as many accesses as allowed wait for their line");
        STAT(write_buffer_rejections, "accesses", "writebacks turned away because the write buffer was full");
        STAT(write_buffer_stalls, "cycles", "that fills waited for a place in the write buffer");
        STAT(fill_stalls, "cycles", "that fills waited for other fills");
        STAT(next_rejections, "accesses", "attempts that the next level turned away");
        STAT(tag_reads, "sets", "tag lookups");
        STAT(tag_writes, "lines", "tags written");
        STAT(data_reads, "accesses", "reads of the data array, among them of evicted dirty lines");
        STAT(data_writes, "accesses", "writes of the data array, among them fills");
        FORMULA(accesses, "accesses", "reads, writes and fetches", reads + writes + fetches);
        FORMULA(miss_rate, "misses/access", "share of accesses that missed", ratio(misses, hits + misses));
    };

    explicit Cache(const Params &params);

    void attach(Clock &clock) override;
    Cycle access(const MemoryRequest &request, Cycle now) override;
    void memory_done(u32 tag, Cycle now) override {
        if (versions_) version_arrives(tag);
        fill(tag, now);
    }
    void event(u64 argument, Cycle now) override;
    bool give_up(Address address, u64 &version) override;
    bool share(Address address, u64 &version) override;
    Copy copy_of(Address address) const override;
    UpperLevels &uppers() override { return uppers_; }
    void add_upper(UpperLevel &level, const MemoryClient &client) override {
        uppers_.add(level, client);
        unusual_hits_ = true;
    }
    void instruction_fence(Cycle now) override;
    void track_versions(LineVersions &versions) override;

    u32 usual_latency() const override;   // hit_latency, and what reading the tags first adds
    bool probe(Address address) const;    // whether the line is in the array
    void invalidate_all(Cycle now);       // empties the array; dirty lines go to the next level
    const Params &params() const { return params_; }
    bool has_low_standby_cells() const;
    void list_structures(std::vector<Structure> &list) const override;   // structures.cc

    Stats stats;

  private:
    static constexpr u64 kNoLine = ~u64{0};
    static constexpr u32 kNone = ~u32{0};
    enum Flag : u8 { kDirty = 1, kPrefetched = 2 };

    struct Waiter {
        MemoryClient *client;
        u32 tag;
    };
    struct Mshr {
        Address pc = 0;
        u32 waiters = 0;
        AccessKind kind = AccessKind::Read;
        bool wished = false;     // the own prefetcher asked for it
        bool prefetch = false;   // and nobody has since
        bool droppable = false;  // may be forgotten when the next level is busy
        bool sent = false;       // the next level has taken the request
        bool dirty = false;      // a store waits for the line
        bool fenced = false;     // asked for before FENCE.I: no later access may wait for it
        bool homeless = false;   // taken back while on its way: serve the waiters, do not keep the line
    };
    struct Written {           // a line that waits for the next level
        u64 line, version;
    };
    // Under --check: the versions of all copies here.
    struct Versions {
        LineVersions &newest;
        std::vector<u64> slots, mshrs;
        std::vector<u8> uses;   // by MSHR: accesses of no cache above that wait for the line, bit a kind
    };
    struct Outgoing {
        u32 mshr;
        Cycle ready;
    };

    void start_cycle(Cycle now);
    u32 find(u64 line) const;   // slot, or kNone
    u32 find_mshr(u64 line) const;
    u32 set_of(u64 line) const { return u32(line) & set_mask_; }
    Cycle hit(const MemoryRequest &request, u32 slot, Cycle now);
    [[gnu::noinline]] Cycle hit_unusual(const MemoryRequest &request, u32 slot, Cycle now);
    [[gnu::noinline]] Cycle look_up(const MemoryRequest &request, u64 line, u64 bank, Cycle now);
    Cycle miss(const MemoryRequest &request, u64 line, u64 bank, Cycle now);
    Cycle merge(const MemoryRequest &request, u32 mshr, u64 bank, Cycle now);
    Cycle take_back(const MemoryRequest &request, u64 line, u64 bank, Cycle now);
    Cycle take_writeback(const MemoryRequest &request, u64 line, u64 bank, Cycle now);
    void take_port(u64 bank) {
        --ports_left_;
        banks_used_ |= bank;
    }
    bool stores(const MemoryRequest &request) const;
    void count_miss(const MemoryRequest &request);
    void wait_for(u32 mshr, const MemoryRequest &request);
    u32 allocate(u64 line, const MemoryRequest &request, Cycle now);
    void release(u32 mshr);

    void touch(u32 set, u32 slot);
    u32 victim(u32 set);
    bool can_leave(u32 slot) const;
    void evict(u32 slot, Cycle now);
    void install(u64 line, u32 slot, u8 flags, u64 version);
    void remove(u32 slot);
    void fill(u32 mshr, Cycle now);
    bool place(u32 mshr, Cycle now);

    void send(Cycle now);
    bool send_miss(u32 mshr, Cycle now);
    void send_at(Cycle at);
    void buffer_write(u64 line, u64 version, Cycle now);
    std::vector<Written>::iterator find_written(u64 line);

    // Logical way of a slot, and the slot of a logical way; see PhysicalWays.
    u32 way_of(u32 set, u32 slot) const {
        const u32 way = slot - set * ways_;
        return places_ ? places_->logical(set, way) : way;
    }
    u32 slot_of(u32 set, u32 way) const { return set * ways_ + (places_ ? places_->physical(set, way) : way); }
    bool is_swapping(u32 set) const { return places_ && places_->blocks(set); }
    void begin_swap(u32 set, Cycle now);
    void step_swap(Cycle now);
    void end_swap();
    void settle_swap(u32 set);

    bool snoop(const MemoryRequest &request, u64 line, Cycle now);
    void receive(u64 line, u64 version, Cycle now);

    u64 version_of(u32 slot) const { return versions_ ? versions_->slots[slot] : 0; }
    u64 mshr_version(u32 mshr) const { return versions_ ? versions_->mshrs[mshr] : 0; }
    void use_version(const MemoryRequest &request, u32 slot, Cycle now);
    void check_version(AccessKind kind, Address address, u64 version, Cycle now) const;
    void version_waits(u32 mshr, const MemoryRequest &request, Cycle now);
    void version_arrives(u32 mshr);
    void settle_version(u32 mshr, Cycle now);

    void train(const MemoryRequest &request, bool hit, bool first_use, Cycle now);
    void prefetch(Address address, Address pc, Cycle now);

    const Params params_;
    const u32 ways_, hit_latency_, tag_latency_;
    u32 set_mask_ = 0;

    // Slots are set * ways + way; one more slot, always empty, stands for "no slot" in recent_.
    std::vector<u64> tags_;      // line numbers
    std::vector<u8> flags_;
    std::vector<u32> recent_;    // by set: the slot touched last, so touching it again changes nothing
    std::vector<u64> stamps_;    // by slot: order of last use, when the policy is the built-in one
    u64 stamp_ = 0;
    std::unique_ptr<ReplacementState> policy_;   // null: least recently used by stamps_
    Prefetcher *const prefetcher_;
    std::unique_ptr<PhysicalWays> places_;   // null: nobody cares where ways lie
    bool unusual_hits_;          // hits do more than to count themselves
    Cycle swap_cycle_ = kNever;  // of the swap's next step

    Cycle busy_cycle_ = kNever;   // the cycle that ports_left_ and banks_used_ speak of
    u32 ports_left_ = 0;
    u64 banks_used_ = 0;
    u64 bank_unit_ = 0;           // 1, or 0 where banks do not conflict
    u32 bank_shift_ = 0, bank_mask_ = 0;

    std::vector<u64> mshr_lines_;
    std::vector<Mshr> mshrs_;
    std::vector<Waiter> waiters_;   // mshr * mshr_targets + position
    std::vector<u32> free_mshrs_;
    u32 prefetch_reserve_ = 0;      // MSHRs that own prefetches leave free
    std::vector<Outgoing> outgoing_;   // ring of misses that the next level has not yet taken, oldest first
    u32 outgoing_head_ = 0, outgoing_size_ = 0;
    std::vector<Written> write_buffer_;   // oldest first
    Cycle send_cycle_ = kNever;        // of the pending send event
    Cycle fill_cycle_ = kNever;
    u32 fills_left_ = 0;
    UpperLevels uppers_;
    std::unique_ptr<Versions> versions_;   // null: not tracked
};

}  // namespace sim
