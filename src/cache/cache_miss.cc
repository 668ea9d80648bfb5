// SPDX-License-Identifier: BSD-3-Clause
// Cache: what happens to an access that did not find its line, until the line has arrived.
#include <algorithm>
#include "cache/cache.hh"

namespace sim {

namespace {
constexpr u64 kSendEvent = 0;      // any other argument is 1 + the MSHR whose line arrives
}

u32 Cache::find_mshr(u64 line) const {
    for (u32 m = 0; m < mshr_lines_.size(); ++m)
        if (mshr_lines_[m] == line) return m;
    return kNone;
}

Cycle Cache::miss(const MemoryRequest &request, u64 line, u64 bank, Cycle now) {
    if (!uppers_.empty() && snoop(request, line, now)) return look_up(request, line, bank, now);
    if (const u32 m = find_mshr(line); m != kNone) return merge(request, m, bank, now);
    if (find_written(line) != write_buffer_.end()) return take_back(request, line, bank, now);
    if (request.kind == AccessKind::Writeback) return take_writeback(request, line, bank, now);
    const bool prefetch = request.kind == AccessKind::Prefetch;
    if (free_mshrs_.size() <= (prefetch ? params_.mshrs / 4 : 0)) {
        ++stats.mshr_rejections;
        return kBusy;
    }
    take_port(bank);
    ++stats.tag_reads;
    count_miss(request);
    if (!prefetch) ++stats.mshr_allocations;
    const u32 m = allocate(line, request, now);
    mshrs_[m].dirty = stores(request);
    mshrs_[m].droppable = prefetch && !request.client;
    wait_for(m, request);
    if (versions_) version_waits(m, request, now);
    if (prefetcher_ && !prefetch) train(request, false, false, now);
    return kMiss;
}

// The line is already on its way.
Cycle Cache::merge(const MemoryRequest &request, u32 m, u64 bank, Cycle now) {
    Mshr &mshr = mshrs_[m];
    if (mshr.fenced || (request.client && mshr.waiters == params_.mshr_targets)) {
        ++stats.target_rejections;
        return kBusy;
    }
    take_port(bank);
    ++stats.tag_reads;
    if (versions_) version_waits(m, request, now);
    if (request.kind == AccessKind::Writeback) {
        ++stats.writeback_requests;
        mshr.dirty = true;
        return kMiss;
    }
    const bool demand = request.kind != AccessKind::Prefetch;
    count_miss(request);
    wait_for(m, request);
    mshr.dirty |= stores(request);
    if (!demand) return kMiss;
    ++stats.mshr_merges;
    if (mshr.prefetch) ++(mshr.sent ? stats.prefetches_late : stats.prefetches_dropped);
    mshr.prefetch = mshr.droppable = false;
    mshr.wished &= mshr.sent;
    if (!mshr.sent && (request.kind == AccessKind::Write || mshr.kind == AccessKind::Prefetch))
        mshr.kind = request.kind;
    if (prefetcher_) train(request, false, false, now);
    return kMiss;
}

// The line is on its way down: it changes places with a victim. One cycle longer than a hit.
Cycle Cache::take_back(const MemoryRequest &request, u64 line, u64 bank, Cycle now) {
    take_port(bank);
    ++stats.tag_reads;
    count_miss(request);
    const bool demand = request.kind <= AccessKind::Fetch;
    const auto written = find_written(line);
    if (request.kind == AccessKind::Writeback) {
        if (versions_) versions_->newest.replace(path, request.address, written->version, request.version, now);
        written->version = request.version;
        ++stats.writeback_requests;   // the newer copy replaces the one that waits
        return now + hit_latency_ + 1;
    }
    if (demand) ++stats.write_buffer_hits;
    const u64 version = written->version;
    write_buffer_.erase(written);
    const u32 slot = victim(set_of(line));
    evict(slot, now);
    install(line, slot, kDirty, version);
    if (versions_) use_version(request, slot, now);
    if (prefetcher_ && demand) train(request, false, false, now);
    return now + hit_latency_ + 1;
}

// A whole dirty line from above that is not here: it is put into the array without asking the next level.
Cycle Cache::take_writeback(const MemoryRequest &request, u64 line, u64 bank, Cycle now) {
    if (write_buffer_.size() >=
        params_.write_buffer_entries) {   // the victim is not yet known, so any may be dirty
        ++stats.write_buffer_rejections;
        return kBusy;
    }
    take_port(bank);
    ++stats.tag_reads;
    ++stats.writeback_requests;
    const u32 slot = victim(set_of(line));
    evict(slot, now);
    install(line, slot, kDirty, request.version);
    return now + hit_latency_;
}

void Cache::count_miss(const MemoryRequest &request) {
    if (places_) places_->missed(request, set_of(request.address / kLineBytes), uppers_.sent(request));
    switch (request.kind) {
    case AccessKind::Read: ++stats.reads, ++stats.read_misses; break;
    case AccessKind::Write: ++stats.writes, ++stats.write_misses; break;
    case AccessKind::Fetch: ++stats.fetches, ++stats.fetch_misses; break;
    case AccessKind::Prefetch: ++stats.prefetch_requests; return;
    case AccessKind::Writeback: return;
    }
    ++stats.misses;
}

void Cache::wait_for(u32 m, const MemoryRequest &request) {
    if (request.client)
        waiters_[m * params_.mshr_targets + mshrs_[m].waiters++] = {request.client, request.tag};
}

// Takes a free MSHR and queues its request for the cycle in which the tags are known.
u32 Cache::allocate(u64 line, const MemoryRequest &request, Cycle now) {
    const u32 m = free_mshrs_.back();
    free_mshrs_.pop_back();
    mshr_lines_[m] = line;
    mshrs_[m] = {};
    mshrs_[m].pc = request.pc;
    mshrs_[m].kind = request.kind;
    if (versions_) versions_->mshrs[m] = versions_->uses[m] = 0;
    const u32 tail = (outgoing_head_ + outgoing_size_++) % u32(outgoing_.size());
    outgoing_[tail] = {m, now + tag_latency_};
    send_at(now + tag_latency_);
    return m;
}

void Cache::release(u32 m) {
    mshr_lines_[m] = kNoLine;
    free_mshrs_.push_back(m);
}

void Cache::prefetch(Address address, Address pc, Cycle now) {
    const u64 line = address / kLineBytes;
    ++stats.tag_reads;
    if (find(line) != kNone || find_mshr(line) != kNone || find_written(line) != write_buffer_.end()) return;
    if (free_mshrs_.size() <= prefetch_reserve_) {
        ++stats.prefetches_dropped;
        return;
    }
    const u32 m = allocate(line, {.address = address, .kind = AccessKind::Prefetch, .pc = pc}, now);
    mshrs_[m].wished = mshrs_[m].prefetch = mshrs_[m].droppable = true;
}

std::vector<Cache::Written>::iterator Cache::find_written(u64 line) {
    return std::find_if(write_buffer_.begin(), write_buffer_.end(),
                        [line](const Written &w) { return w.line == line; });
}

void Cache::buffer_write(u64 line, u64 version, Cycle now) {
    ++stats.writebacks;
    write_buffer_.push_back({line, version});
    send_at(now + 1);
}

void Cache::event(u64 argument, Cycle now) {
    if (argument > mshrs_.size()) step_swap(now);
    else if (argument != kSendEvent) fill(u32(argument - 1), now);
    else if (now == send_cycle_) send(now);   // else an earlier one was scheduled later and has done the work
}

void Cache::send_at(Cycle at) {
    if (at >= send_cycle_) return;
    send_cycle_ = at;
    clock_->schedule(at, *this, kSendEvent);
}

// Hands misses whose tag lookup is over, then evicted lines, to the next level, each in order.
void Cache::send(Cycle now) {
    send_cycle_ = kNever;
    bool blocked = false;
    while (outgoing_size_ && outgoing_[outgoing_head_].ready <= now) {
        blocked = !send_miss(outgoing_[outgoing_head_].mshr, now);
        if (blocked) break;
        outgoing_head_ = (outgoing_head_ + 1) % u32(outgoing_.size());
        --outgoing_size_;
    }
    while (!write_buffer_.empty()) {
        const auto [line, version] = write_buffer_.front();
        const MemoryRequest request{
            .address = line * kLineBytes, .kind = AccessKind::Writeback, .version = version};
        if (params_.next->access(request, now) == kBusy) {
            ++stats.next_rejections;
            blocked = true;
            break;
        }
        write_buffer_.erase(find_written(line));
    }
    if (blocked) send_at(now + 1);
    else if (outgoing_size_) send_at(outgoing_[outgoing_head_].ready);
}

// False when the next level is busy and the request must be repeated.
bool Cache::send_miss(u32 m, Cycle now) {
    Mshr &mshr = mshrs_[m];
    const MemoryRequest request{mshr_lines_[m] * kLineBytes, mshr.kind, mshr.pc, this, m};
    const Cycle answer = params_.next->access(request, now);
    if (answer == kBusy) {
        ++stats.next_rejections;
        if (!mshr.droppable || mshr.waiters || mshr.dirty) return false;
        if (mshr.prefetch) ++stats.prefetches_dropped;
        release(m);
        return true;
    }
    mshr.sent = true;
    if (mshr.prefetch) ++stats.prefetches_issued;
    if (answer == kMiss) return true;
    if (versions_) version_arrives(m);
    clock_->schedule(answer, *this, m + 1);
    return true;
}

// The line of the MSHR is here: puts it into the arrays and tells the waiters, or tries again in the next
// cycle.
void Cache::fill(u32 m, Cycle now) {
    if (now != fill_cycle_) {
        fill_cycle_ = now;
        fills_left_ = params_.fills_per_cycle;
    }
    if (versions_ && fills_left_) settle_version(m, now);
    if (fills_left_ == 0 || !place(m, now)) {
        ++(fills_left_ == 0 ? stats.fill_stalls : stats.write_buffer_stalls);
        clock_->schedule(now + 1, *this, m + 1);
        return;
    }
    --fills_left_;
    ++stats.fills;
    const u64 line = mshr_lines_[m];
    if (prefetcher_) prefetcher_->filled(line * kLineBytes, mshrs_[m].wished, now);
    mshr_lines_[m] = kNoLine;   // a waiter may ask again at once, and then finds the line in the array
    const u32 first = m * params_.mshr_targets;
    for (u32 w = first; w < first + mshrs_[m].waiters; ++w) {
        data_version = mshr_version(m);
        waiters_[w].client->memory_done(waiters_[w].tag, now);
    }
    release(m);
}

// Puts the line that has arrived where it belongs; false when the write buffer has no room for what must
// leave.
bool Cache::place(u32 m, Cycle now) {
    const Mshr &mshr = mshrs_[m];
    const u64 line = mshr_lines_[m];
    if (mshr.homeless) {
        if (mshr.dirty && write_buffer_.size() >= params_.write_buffer_entries) return false;
        if (mshr.dirty) buffer_write(line, mshr_version(m), now);
        if (mshr.prefetch) ++stats.prefetches_unused;
        return true;
    }
    if (is_swapping(set_of(line))) {
        ++params_.swap->stats.fill_waits;
        return false;
    }
    const u32 slot = victim(set_of(line));
    if (!can_leave(slot)) return false;
    evict(slot, now);
    install(line, slot, u8((mshr.dirty ? kDirty : 0) | (mshr.prefetch ? kPrefetched : 0)), mshr_version(m));
    return true;
}

}  // namespace sim
