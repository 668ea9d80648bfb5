// SPDX-License-Identifier: BSD-3-Clause
// Cache: construction, hits, and the arrays. Misses are in cache_miss.cc, other levels' demands in cache_copies.cc.
#include "cache/cache.hh"
#include <algorithm>
#include <bit>

namespace sim {

COMPONENT(Cache, "Non-blocking set-associative cache: write-back, write-allocate, with merging misses.");

namespace {

u32 checked_sets(const Cache::Params &p) {
    const auto fail = [](const std::string &what) { throw ConfigError("Cache: " + what); };
    if (p.ways == 0 || p.size == 0) fail("size and ways must not be 0");
    const u64 sets = p.size / kLineBytes / p.ways;
    if (!std::has_single_bit(sets) || sets * p.ways * kLineBytes != p.size)
        fail("size / (64 * ways) must be a power of two; size=" + std::to_string(p.size) + " and ways=" +
             std::to_string(p.ways) + " give " + std::to_string(sets) + " sets; change one of them");
    if (p.size > 1_GiB) fail("size=" + std::to_string(p.size) + " is more than 1GiB");
    // Cores take longer waits than any memory's for deadlocks.
    if (p.hit_latency == 0 || p.hit_latency > 10'000)
        fail("hit_latency is " + std::to_string(p.hit_latency) + "; it must be 1 to 10000 cycles");
    if (p.tag_latency > p.hit_latency)
        fail("tag_latency=" + std::to_string(p.tag_latency) + " is longer than hit_latency=" +
             std::to_string(p.hit_latency) + "; the tags are known no later than the data");
    if (!std::has_single_bit(p.banks) || p.banks > 64)
        fail("banks=" + std::to_string(p.banks) + "; it must be a power of two up to 64");
    if (!std::has_single_bit(p.bank_bytes))
        fail("bank_bytes=" + std::to_string(p.bank_bytes) + "; it must be a power of two");
    if (p.ports == 0 || p.mshrs == 0 || p.mshr_targets == 0 || p.write_buffer_entries == 0 ||
        p.fills_per_cycle == 0)
        fail("ports, mshrs, mshr_targets, write_buffer_entries and fills_per_cycle must be at least 1");
    if (p.mshrs > 4096 || p.mshr_targets > 4096) fail("mshrs and mshr_targets must not be more than 4096");
    if (!p.cells.empty() && p.cells != "high_performance" && p.cells != "low_standby")
        fail("cells='" + p.cells + "'; high_performance, low_standby or nothing are possible");
    if (p.layout && p.cells == "low_standby")
        fail("cells='low_standby' and a layout, whose macros have high-performance cells; leave one of them out");
    if (!p.next) fail("next is missing; give the level that serves misses");
    return u32(sets);
}

}  // namespace

Cache::Cache(const Params &params)
    : params_(params),
      ways_(params.ways),
      hit_latency_(params.hit_latency),
      tag_latency_(params.tag_latency ? params.tag_latency : params.hit_latency),
      prefetcher_(params.prefetcher),
      unusual_hits_(params.prefetcher != nullptr) {
    const u32 sets = checked_sets(params), slots = sets * ways_;
    set_mask_ = sets - 1;
    tags_.assign(slots + 1, kNoLine);
    flags_.assign(slots + 1, 0);
    recent_.assign(sets, slots);
    if (params.replacement) policy_ = params.replacement->make(sets, ways_);
    if (!policy_) stamps_.assign(slots, 0);
    bank_unit_ = params.banks > 1;
    bank_shift_ = u32(std::countr_zero(params.bank_bytes));
    bank_mask_ = params.banks - 1;
    mshr_lines_.assign(params.mshrs, kNoLine);
    mshrs_.resize(params.mshrs);
    waiters_.resize(u64(params.mshrs) * params.mshr_targets);
    for (u32 m = params.mshrs; m-- > 0;) free_mshrs_.push_back(m);
    prefetch_reserve_ = std::max(1u, params.mshrs / 4);
    outgoing_.resize(params.mshrs);
    write_buffer_.reserve(params.write_buffer_entries + 1);
    const WayParts parts{params.hot_lines, params.layout, params.swap, params.way_prediction, params.way_access};
    if (!parts.any()) return;
    places_ = std::make_unique<PhysicalWays>(parts, WayGeometry{params.size / ways_, ways_, sets}, "Cache");
    unusual_hits_ = true;
}

void Cache::attach(Clock &clock) {
    Memory::attach(clock);
    if (auto *lower = dynamic_cast<LowerLevel *>(params_.next)) lower->add_upper(*this, *this);
}

void Cache::start_cycle(Cycle now) {
    u32 ports = params_.ports;
    if (places_) [[unlikely]] {
        places_->ends_cycle(busy_cycle_, ports_left_);
        ports -= std::min(ports, places_->ports_taken(now));
    }
    busy_cycle_ = now;
    ports_left_ = ports;
    banks_used_ = 0;
}

inline Cycle Cache::hit(const MemoryRequest &request, u32 slot, Cycle now) {
    ++stats.tag_reads;
    if (unusual_hits_ || request.kind > AccessKind::Fetch) [[unlikely]] return hit_unusual(request, slot, now);
    ++stats.hits;
    if (request.kind == AccessKind::Read) ++stats.reads;
    else if (request.kind == AccessKind::Fetch) ++stats.fetches;
    else {
        ++stats.writes;
        if (stores(request)) {
            flags_[slot] |= kDirty;
            ++stats.data_writes;
            return now + hit_latency_;
        }
    }
    ++stats.data_reads;
    return now + hit_latency_;
}

Cycle Cache::access(const MemoryRequest &request, Cycle now) {
    if (now != busy_cycle_) start_cycle(now);
    const u64 bank = bank_unit_ << ((request.address >> bank_shift_) & bank_mask_);
    if (ports_left_ == 0) [[unlikely]] {
        ++stats.port_rejections;
        return kBusy;
    }
    if (banks_used_ & bank) [[unlikely]] {
        ++stats.bank_rejections;
        return kBusy;
    }
    const u64 line = request.address / kLineBytes;
    const u32 slot = recent_[set_of(line)];
    if (tags_[slot] != line) return look_up(request, line, bank, now);
    take_port(bank);
    return hit(request, slot, now);
}

// An access to another line of the set than the last one.
Cycle Cache::look_up(const MemoryRequest &request, u64 line, u64 bank, Cycle now) {
    if (is_swapping(set_of(line))) {
        ++params_.swap->stats.set_rejections;
        return kBusy;
    }
    const u32 slot = find(line);
    if (slot == kNone) return miss(request, line, bank, now);
    touch(set_of(line), slot);
    take_port(bank);
    return hit(request, slot, now);
}

u32 Cache::find(u64 line) const {
    const u32 first = set_of(line) * ways_, last = first + ways_;
    u32 found =
        kNone;   // no early exit: which way hits is unpredictable, and a wrong guess costs the host more
    for (u32 slot = first; slot < last; ++slot) found = tags_[slot] == line ? slot : found;
    return found;
}

// Hits that are not the common case: writebacks and prefetches from above, and everything where other caches ask, a
// prefetcher learns, or versions are tracked.
Cycle Cache::hit_unusual(const MemoryRequest &request, u32 slot, Cycle now) {
    if (!uppers_.empty()) snoop(request, request.address / kLineBytes, now);
    if (versions_) use_version(request, slot, now);
    Cycle ready = now + hit_latency_;
    if (places_) ready += places_->hit(request, set_of(tags_[slot]), slot % ways_, uppers_.sent(request), now);
    const bool store = stores(request);
    ++(store || request.kind == AccessKind::Writeback ? stats.data_writes : stats.data_reads);
    if (store || request.kind == AccessKind::Writeback) flags_[slot] |= kDirty;
    switch (request.kind) {
    case AccessKind::Read: ++stats.reads; break;
    case AccessKind::Write: ++stats.writes; break;
    case AccessKind::Fetch: ++stats.fetches; break;
    case AccessKind::Prefetch: ++stats.prefetch_requests; return ready;
    case AccessKind::Writeback: ++stats.writeback_requests; return ready;
    }
    ++stats.hits;
    if (places_ && places_->take_wanted()) begin_swap(set_of(tags_[slot]), now);
    if (!prefetcher_) return ready;
    const bool first_use = flags_[slot] & kPrefetched;
    if (first_use) {
        ++stats.prefetches_useful;
        flags_[slot] &= u8(~kPrefetched);
    }
    train(request, true, first_use, now);
    return ready;
}

// Whether the access changes the line here; a Write of a cache above only wants permission to change its
// copy.
bool Cache::stores(const MemoryRequest &request) const {
    return request.kind == AccessKind::Write && (uppers_.empty() || !uppers_.sent(request));
}

inline void Cache::touch(u32 set, u32 slot) {
    recent_[set] = slot;
    if (policy_) policy_->touch(set, way_of(set, slot));
    else stamps_[slot] = ++stamp_;
}

// The slot that makes room in the set.
u32 Cache::victim(u32 set) {
    const u32 first = set * ways_, last = first + ways_;
    for (u32 way = 0; way < ways_; ++way)
        if (tags_[slot_of(set, way)] == kNoLine) return slot_of(set, way);
    if (policy_) {
        recent_[set] = u32(tags_.size() - 1);   // a search may age lines, so the next touch counts
        return slot_of(set, policy_->victim(set));
    }
    return u32(std::min_element(stamps_.begin() + first, stamps_.begin() + last) - stamps_.begin());
}

// Whether the write buffer has room for what may come out of the slot.
bool Cache::can_leave(u32 slot) const {
    if (tags_[slot] == kNoLine || write_buffer_.size() < params_.write_buffer_entries) return true;
    return !(flags_[slot] & kDirty) && !(params_.inclusive && !uppers_.empty());
}

void Cache::evict(u32 slot, Cycle now) {
    const u64 line = tags_[slot];
    if (line == kNoLine) return;
    ++stats.evictions;
    bool dirty = flags_[slot] & kDirty;
    u64 version = version_of(slot);
    if (params_.inclusive) dirty |= uppers_.give_up(line * kLineBytes, version);
    if (dirty && places_) places_->line_read(set_of(line), slot % ways_);
    remove(slot);
    if (!dirty) return;
    ++stats.data_reads;
    buffer_write(line, version, now);
}

void Cache::remove(u32 slot) {
    if (flags_[slot] & kPrefetched) ++stats.prefetches_unused;
    if (places_) places_->left(set_of(tags_[slot]), slot % ways_);
    tags_[slot] = kNoLine;
    flags_[slot] = 0;
}

void Cache::install(u64 line, u32 slot, u8 flags, u64 version) {
    if (versions_) versions_->slots[slot] = version;
    const u32 set = set_of(line);
    tags_[slot] = line;
    flags_[slot] = flags;
    if (policy_) {
        policy_->insert(set, way_of(set, slot));
        recent_[set] = u32(tags_.size() - 1);   // a policy may treat the first hit unlike the arrival
    } else {
        stamps_[slot] = ++stamp_;
        recent_[set] = slot;
    }
    ++stats.tag_writes;
    ++stats.data_writes;
    if (places_) places_->arrived(set, slot % ways_);
}

u32 Cache::usual_latency() const {
    return hit_latency_ + (params_.way_access ? params_.way_access->extra_latency() : 0);
}

bool Cache::probe(Address address) const { return find(address / kLineBytes) != kNone; }

void Cache::train(const MemoryRequest &request, bool hit, bool first_use, Cycle now) {
    PrefetchList wanted;
    prefetcher_->observe({request.pc, request.address, hit, first_use, now}, wanted);
    for (const Address address : wanted) prefetch(address, request.pc, now);
}

}  // namespace sim
