// SPDX-License-Identifier: BSD-3-Clause
// Tlb: lookups, the levels behind, and page walks.
#include "memory/tlb.hh"
#include <algorithm>
#include <bit>

namespace sim {

COMPONENT(Tlb,
          "Translation lookaside buffer: set-associative, least recently used, with a page walker or a level "
          "behind.");

namespace {
constexpr u32 kEntryBytes = 8, kEntriesShift = 9;   // a page table holds 512 entries of 8 bytes
constexpr u32 kTableShift = 36;                     // address space set aside for the tables of one depth
}

Tlb::Tlb(const Params &params) : params_(params), hit_latency_(params.hit_latency) {
    const auto fail = [](const std::string &what) { throw ConfigError("Tlb: " + what); };
    const u32 sets = params.ways ? params.entries / params.ways : 0;
    if (!std::has_single_bit(sets) || sets * params.ways != params.entries)
        fail("entries / ways must be a power of two; entries=" + std::to_string(params.entries) +
             " and ways=" + std::to_string(params.ways) + " give " + std::to_string(sets) +
             " sets; change one of them");
    if (!std::has_single_bit(params.page_size) || params.page_size < 4096)
        fail("page_size=" + std::to_string(params.page_size) +
             "; it must be a power of two of at least 4096");
    if (params.next && params.page_table_memory)
        fail("both next and page_table_memory are given; the last level walks, so give it to next");
    if (params.next && params.next->params().page_size < params.page_size)
        fail("page_size=" + std::to_string(params.page_size) + " is larger than that of next, " +
             std::to_string(params.next->params().page_size));
    if (params.hit_latency > 10'000 || params.walk_latency > 10'000)   // cores take longer waits for deadlocks
        fail("hit_latency is " + std::to_string(params.hit_latency) + " and walk_latency " +
             std::to_string(params.walk_latency) + "; at most 10000 cycles are possible");
    if (params.walkers == 0 || params.walk_targets == 0 || params.walk_levels == 0 || params.walk_levels > 5)
        fail("walkers and walk_targets must be at least 1, walk_levels 1 to 5");
    page_shift_ = u32(std::countr_zero(params.page_size));
    set_mask_ = sets - 1;
    pages_.assign(params.entries, kNoPage);
    ready_.assign(params.entries, 0);
    stamps_.assign(params.entries, 0);
    walks_.resize(params.walkers);
    waiters_.resize(u64(params.walkers) * params.walk_targets);
}

Cycle Tlb::look_up(u64 page, Cycle now, MemoryClient *client, u32 tag) {
    const u32 first = (u32(page) & set_mask_) * params_.ways;
    for (u32 slot = first; slot < first + params_.ways; ++slot) {
        if (pages_[slot] != page) continue;
        ++stats.hits;
        remember(slot);
        return std::max(now + hit_latency_, ready_[slot]);
    }
    if (params_.page_table_memory) return walk(page, now, client, tag);
    return ask_next(page, now, client, tag);
}

// A level behind, or a walk of fixed length, whose answer is known at once.
Cycle Tlb::ask_next(u64 page, Cycle now, MemoryClient *client, u32 tag) {
    Cycle ready = now + hit_latency_;
    if (params_.next) {
        ready = params_.next->translate(page << page_shift_, ready, client, tag);
        if (ready == kBusy) {
            ++stats.walk_rejections;
            return kBusy;
        }
    } else {
        ready += params_.walk_latency;
        ++stats.walks;
    }
    if (ready == kMiss)
        return kMiss;   // who asks again when the walk is over misses here, hits behind, and fills us
    ++stats.misses;
    insert(page, ready);
    return ready;
}

void Tlb::insert(u64 page, Cycle ready) {
    const u32 first = (u32(page) & set_mask_) * params_.ways;
    const auto oldest = std::min_element(stamps_.begin() + first, stamps_.begin() + first + params_.ways);
    const u32 slot = u32(oldest - stamps_.begin());
    if (pages_[slot] != kNoPage) ++stats.evictions;
    pages_[slot] = page;
    ready_[slot] = ready;
    remember(slot);
}

void Tlb::remember(u32 slot) {
    stamps_[slot] = ++stamp_;
    last_page_ = pages_[slot];
    last_ready_ = ready_[slot];
}

u32 Tlb::find_walk(u64 page) const {
    for (u32 w = 0; w < walks_.size(); ++w)
        if (walks_[w].page == page && (page == kNoPage || !walks_[w].flushed)) return w;
    return kNone;
}

void Tlb::join(u32 w, MemoryClient *client, u32 tag) {
    if (client) waiters_[w * params_.walk_targets + walks_[w].waiters++] = {client, tag};
}

// Walks through memory, one page table entry after the other.
Cycle Tlb::walk(u64 page, Cycle now, MemoryClient *client, u32 tag) {
    u32 w = find_walk(page);
    const bool merges = w != kNone;
    if (!merges) w = find_walk(kNoPage);
    if (w == kNone || (client && walks_[w].waiters == params_.walk_targets)) {
        ++stats.walk_rejections;
        return kBusy;
    }
    ++stats.misses;
    join(w, client, tag);
    if (merges) {
        ++stats.walk_merges;
        return kMiss;
    }
    ++stats.walks;
    walks_[w].page = page;
    walks_[w].level = params_.walk_levels;
    clock_->schedule(now + std::max(1u, hit_latency_), *this, w);
    return kMiss;
}

// An argument is a walk: it may read its next entry, or is over.
void Tlb::event(u64 argument, Cycle now) { memory_done(u32(argument), now); }

// Asks for the next entry of a walk. Tables of one depth lie side by side, so that neighbouring pages share
// lines.
void Tlb::read_entry(u32 w, Cycle now) {
    const u32 depth = walks_[w].level - 1;   // 0: the entry that holds the translation
    const u64 vpn = walks_[w].page << page_shift_ >> 12;
    const Address entry = params_.page_table_address + (u64(depth) << kTableShift) +
                          (vpn >> (depth * kEntriesShift)) * kEntryBytes;
    const Cycle answer = params_.page_table_memory->access({.address = entry, .client = this, .tag = w}, now);
    if (answer == kBusy) {
        clock_->schedule(now + 1, *this, w);
        return;
    }
    ++stats.walk_reads;
    --walks_[w].level;
    if (answer != kMiss) clock_->schedule(answer, *this, w);
}

void Tlb::memory_done(u32 w, Cycle now) {
    if (walks_[w].level) read_entry(w, now);
    else finish(w, now);
}

void Tlb::finish(u32 w, Cycle now) {
    const Walk done = walks_[w];
    if (!done.flushed) insert(done.page, now);
    walks_[w] = {
        .page = done.page, .level = 0, .waiters = 0, .flushed = true};   // not free until all are told
    const u32 first = w * params_.walk_targets;
    for (u32 i = first; i < first + done.waiters; ++i) waiters_[i].client->memory_done(waiters_[i].tag, now);
    walks_[w] = {};
}

void Tlb::flush() {
    std::fill(pages_.begin(), pages_.end(), kNoPage);
    std::fill(stamps_.begin(), stamps_.end(), 0);
    last_page_ = kNoPage;
    for (Walk &walk : walks_) walk.flushed |= walk.page != kNoPage;
    if (params_.next) params_.next->flush();
}

}  // namespace sim
