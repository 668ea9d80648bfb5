// SPDX-License-Identifier: BSD-3-Clause
#include "core/data_port.hh"
#include <bit>

namespace sim {
namespace {

// Tags of cache accesses: who asked, in the two high bits. A load's: slot in the low 12 bits, generation above.
constexpr u32 kKind = 3u << 30, kLoad = 0, kStore = 1u << 30, kAlone = 2u << 30;
constexpr u32 kSlotBits = 12, kGenerationMask = (1u << (30 - kSlotBits)) - 1;

u8 lines_touched(Address a, unsigned bytes) { return a / kLineBytes == (a + bytes - 1) / kLineBytes ? 1 : 3; }
Address part_address(Address a, unsigned part) { return part ? (a / kLineBytes + 1) * kLineBytes : a; }

constexpr Cycle kFar = 200;   // a cycle further ahead than this counts as a miss

}  // namespace

DataPort::DataPort(const Wiring &wiring, Listener &listener, u32 load_entries, u32 store_entries)
    : queue(load_entries, store_entries), wiring_(wiring), listener_(listener),
      load_mask_(std::bit_ceil(load_entries) - 1), store_mask_(std::bit_ceil(store_entries) - 1),
      loads_(load_mask_ + 1), lines_(store_mask_ + 1), parts_(store_mask_ + 1) {
    if (load_entries > 1u << kSlotBits) throw ConfigError("load_queue_entries: at most 4096");
    wiring.memory->add_dma_listener(*this);
}

void DataPort::dma_written(Address a, u64 bytes) {
    queue.overwrite_committed(a, bytes, *wiring_.memory);
    if (const u64 stale = queue.executed_load(a, bytes); stale != ~u64{0}) listener_.load_stale(queue.load(stale).owner);
}

void DataPort::load(u64 position, Address address, unsigned bytes, Address pc, Cycle first) {
    Waiting &w = loads_[position & load_mask_];
    w = {address, pc, 0, first, 0, (w.generation + 1) & kGenerationMask, u8(bytes), lines_touched(address, bytes), 0, false, false, 0, 0};
    ++counts.load_queue_writes;
    auto place = waiting_.end();
    while (place != waiting_.begin() && *(place - 1) > position) --place;
    waiting_.insert(place, position);
}

void DataPort::squash(u64 order) {
    const u64 tail = queue.load_tail(), stores = queue.store_tail();
    queue.squash(order);
    counts.squashed_allocations += tail - queue.load_tail() + stores - queue.store_tail();
    for (u64 p = queue.load_tail(); p != tail; ++p) {   // answers on their way are void
        Waiting &w = loads_[p & load_mask_];
        w.generation = (w.generation + 1) & kGenerationMask;
        w.outstanding = 0;
    }
    while (!waiting_.empty() && waiting_.back() >= queue.load_tail()) waiting_.pop_back();
}

Cycle DataPort::next_load() const {
    Cycle next = kNever;
    for (u64 p : waiting_) next = std::min(next, loads_[p & load_mask_].first);
    return next;
}

bool DataPort::access_loads(Cycle now) {
    u32 ports = wiring_.load_ports;
    bool tried = false;
    std::size_t kept = 0;
    for (std::size_t n = 0; n < waiting_.size(); ++n) {
        const u64 position = waiting_[n];
        bool done = false;
        if (ports && loads_[position & load_mask_].first <= now) {
            tried = true;
            const u64 retries = counts.load_retries;
            done = try_load(position, now);
            ports -= done || counts.load_retries != retries;
        }
        if (!done) waiting_[kept++] = position;
    }
    waiting_.resize(kept);
    return tried;
}

void DataPort::late(u64 position, Waiting &w, Cycle now, bool missed) {
    if (w.late && !missed) return;
    w.late = true;
    listener_.load_late(queue.load(position).owner, now, missed);
}

// One try; true: it needs no further one (it may still wait for its lines).
bool DataPort::try_load(u64 position, Cycle now) {
    Waiting &w = loads_[position & load_mask_];
    LoadStoreQueue::Load &entry = queue.load(position);
    if (!listener_.load_may_go(entry.owner) || (!wiring_.speculate && queue.older_store_unknown(entry)))
        return late(position, w, now, false), false;
    ++counts.store_queue_searches;
    ++w.searches;
    const LoadStoreQueue::Found found = queue.find(entry, w.address, w.bytes, *wiring_.memory, true);
    const u32 tag = kLoad | u32(position & load_mask_) | w.generation << kSlotBits;
    if (!found.all_forwarded && w.lines && !ask(w, tag, now)) {
        ++counts.load_retries;
        return late(position, w, now, false), false;
    }
    entry.executed = true;
    entry.address = w.address;
    entry.bytes = w.bytes;
    entry.source = found.source;
    w.raw = found.value;
    if (found.all_forwarded) {
        ++counts.forwarded_loads;
        w.lines = w.outstanding = 0;
        w.generation = (w.generation + 1) & kGenerationMask;   // lines already asked for are not needed
        w.ready = now + wiring_.forward_latency;
    }
    if (w.outstanding) late(position, w, now, true);
    else if (w.ready > now + kFar) {   // a memory that answers misses with a cycle
        w.outstanding = 1;
        late(position, w, now, true);
        wiring_.clock->schedule(w.ready, *this, tag);
    } else listener_.load_data(entry.owner, w.raw, w.ready, now + 1);
    return true;
}

// Asks the TLB and the cache for the lines not asked yet; false: something was busy.
bool DataPort::ask(Waiting &w, u32 tag, Cycle now) {
    if (wiring_.dtlb && !w.translated) {
        const Cycle usable = wiring_.dtlb->translate(w.address, now);
        w.translated = usable < kBusy;   // ours, whatever the TLB forgets until then
        if (usable > now) {
            w.first = w.translated ? usable : now + 1;
            return false;
        }
    }
    for (unsigned part = 0; part < 2; ++part) {
        if (!(w.lines >> part & 1)) continue;
        const Cycle answer =
            wiring_.l1d->access({part_address(w.address, part), AccessKind::Read, w.pc, this, tag}, now);
        if (answer == kBusy) return false;
        w.lines &= u8(~(1u << part));
        ++w.cache_reads;
        if (answer == kMiss) ++w.outstanding;
        else w.ready = std::max(w.ready, answer);
    }
    return true;
}

// Several misses at a time; memory changes in order.
bool DataPort::drain_stores(Cycle now) {
    bool did = false;
    while (queue.store_head() != drain_next_ && !parts_[queue.store_head() & store_mask_]) {
        const LoadStoreQueue::Store &s = queue.store(queue.store_head());
        if (!s.faulted) wiring_.memory->store(s.address, s.bytes, s.value);
        queue.pop_store();
        did = true;
    }
    for (u32 n = 0; n < wiring_.store_ports && drain_next_ != queue.next_commit(); ++n) {
        did = true;
        if (!send_store(drain_next_, now)) break;
        ++drain_next_;
    }
    return did;
}

bool DataPort::send_store(u64 position, Cycle now) {
    const LoadStoreQueue::Store &s = queue.store(position);
    if (s.faulted) return true;
    u8 &lines = lines_[position & store_mask_];
    if (!lines) lines = lines_touched(s.address, s.bytes);
    for (unsigned part = 0; part < 2; ++part) {
        if (!(lines >> part & 1)) continue;
        const Cycle answer = wiring_.l1d->access(
            {part_address(s.address, part), AccessKind::Write, 0, this, kStore | u32(position & store_mask_)}, now);
        if (answer == kBusy) return false;
        lines &= u8(~(1u << part));
        parts_[position & store_mask_] += answer == kMiss;
    }
    return true;
}

bool DataPort::line_present(Address address, AccessKind kind, Address pc, Cycle now) {
    if (alone_ == Alone::Idle) {
        const Cycle answer = wiring_.l1d->access({address, kind, pc, this, kAlone | (alone_tag_ & ~kKind)}, now);
        if (answer == kBusy) return false;
        alone_ = answer == kMiss ? Alone::Waiting : Alone::Present;
        alone_ready_ = answer;
    }
    if (alone_ != Alone::Present || alone_ready_ > now) return false;
    forget_line();
    return true;
}

void DataPort::memory_done(u32 tag, Cycle now) {
    if ((tag & kKind) == kStore) {
        --parts_[tag & store_mask_];
    } else if ((tag & kKind) == kAlone) {
        if (alone_ != Alone::Waiting || tag != (kAlone | (alone_tag_ & ~kKind))) return;
        alone_ = Alone::Present;
        alone_ready_ = now;
    } else {
        Waiting &w = loads_[tag & ((1u << kSlotBits) - 1)];
        if (w.generation != tag >> kSlotBits || !w.outstanding) return;   // it was squashed
        w.ready = std::max(w.ready, now);
        if (--w.outstanding || w.lines) return;
        const LoadStoreQueue::Load &entry = queue.load(tag & load_mask_);
        if (entry.executed) listener_.load_data(entry.owner, w.raw, w.ready, now);
    }
}

}  // namespace sim
