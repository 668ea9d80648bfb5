// SPDX-License-Identifier: BSD-3-Clause
// Bus: messages move one after the other, in the order in which they were given to it.
#include "memory/bus.hh"
#include <algorithm>

namespace sim {

COMPONENT(Bus, "Shared bus with bandwidth, latency and a bounded number of outstanding requests.");

Bus::Bus(const Params &params) : params_(params) {
    if (params.bandwidth == 0 || params.queue_entries == 0)
        throw ConfigError("Bus: bandwidth and queue_entries must be at least 1");
    if (params.latency > 10'000 || params.queue_entries > 65'536)   // cores take longer waits for deadlocks
        throw ConfigError("Bus: latency is " + std::to_string(params.latency) + " and queue_entries " +
                          std::to_string(params.queue_entries) + "; at most 10000 cycles and 65536 entries are possible");
    if (params.request_bytes == 0 || params.request_bytes > 4096)
        throw ConfigError("Bus: request_bytes is " + std::to_string(params.request_bytes) + "; a request takes 1 to 4096 bytes");
    if (!params.next) throw ConfigError("Bus: next is missing; give the level behind the bus");
    entries_.resize(params.queue_entries);
    arrived_.resize(params.queue_entries);
    for (u32 entry = params.queue_entries; entry-- > 0;) free_entries_.push_back(entry);
}

// The level behind sees one client, this bus, once there is a cache that sends fills through it.
void Bus::add_upper(UpperLevel &level, const MemoryClient &client) {
    uppers_.add(level, client);
    if (auto *lower = dynamic_cast<LowerLevel *>(params_.next)) lower->add_upper(*this, *this);
}

Cycle Bus::access(const MemoryRequest &request, Cycle now) {
    if (free_entries_.empty()) {
        ++stats.queue_rejections;
        return kBusy;
    }
    ++stats.requests;
    const u32 entry = free_entries_.back();
    free_entries_.pop_back();
    entries_[entry] = request;
    const bool carries_line = request.kind == AccessKind::Writeback;
    schedule(move(params_.request_bytes + (carries_line ? kLineBytes : 0), now), Arrive, entry);
    return kMiss;
}

Cycle Bus::move(u32 bytes, Cycle now) {
    const Cycle start = std::max(now, free_at_), length = (bytes + params_.bandwidth - 1) / params_.bandwidth;
    stats.bytes += bytes;
    stats.busy_cycles += length;
    stats.wait_cycles += start - now;
    free_at_ = start + length;
    return free_at_ + params_.latency;
}

void Bus::event(u64 argument, Cycle now) {
    const u32 entry = u32(argument >> 2);
    switch (Step(argument & 3)) {
    case Arrive:
        if (entry != params_.queue_entries) {
            arrived_[(arrived_head_ + arrived_size_++) % arrived_.size()] = entry;
            if (arrived_size_ > 1) return;   // an older one is being repeated already
        }
        hand_over(now);
        return;
    case Respond:
        respond(entry, now);
        return;
    case Deliver:
        const MemoryRequest done = entries_[entry];
        free_entries_.push_back(entry);
        data_version = done.version;
        done.client->memory_done(done.tag, now);
    }
}

// Offers arrived requests to the level behind, in order, until it turns one away.
void Bus::hand_over(Cycle now) {
    for (; arrived_size_; --arrived_size_) {
        const u32 entry = arrived_[arrived_head_];
        MemoryRequest request = entries_[entry];
        const bool answered = request.client != nullptr;
        if (answered) {
            request.client = uppers_.sent(request) ? static_cast<MemoryClient *>(this) : &plain_client_;
            request.tag = entry;
        }
        const bool is_wanted = request.address != kNowhere;
        const Cycle answer = is_wanted ? params_.next->access(request, now) : now;
        if (answer == kBusy) {
            ++stats.next_rejections;
            schedule(now + 1, Arrive, params_.queue_entries);
            return;
        }
        arrived_head_ = u32((arrived_head_ + 1) % arrived_.size());
        if (!answered) {
            entries_[entry].address = kNowhere;
            free_entries_.push_back(entry);
        } else if (answer != kMiss) {
            entries_[entry].version = params_.next->data_version;
            schedule(answer, Respond, entry);
        }
    }
}

// The level behind asks for a line that is on its way to it: the message is void from now on.
bool Bus::take_writeback(Address address, u64 &version) {
    bool found = false;
    for (MemoryRequest &request : entries_) {
        if (request.kind != AccessKind::Writeback || request.address / kLineBytes != address / kLineBytes) continue;
        request.address = kNowhere;
        version = std::max(version, request.version);
        found = true;
    }
    return found;
}

void Bus::memory_done(u32 entry, Cycle now) {
    entries_[entry].version = params_.next->data_version;
    respond(entry, now);
}

void Bus::respond(u32 entry, Cycle now) {
    ++stats.responses;
    schedule(move(kLineBytes, now), Deliver, entry);
}

}  // namespace sim
