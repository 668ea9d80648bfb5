// SPDX-License-Identifier: BSD-3-Clause
// DmaEngine: transfers, lines, and what they do to the caches above.
#include "device/dma_engine.hh"
#include <algorithm>
#include <cstdio>
#include <cstring>

namespace sim {

COMPONENT(DmaEngine,
          "Direct memory access: a port to memory with its own limit of outstanding lines, coherent or not.");

DmaEngine::DmaEngine(const Params &params)
    : params_(params), level_(dynamic_cast<LowerLevel *>(params.memory)) {
    if (params.outstanding == 0 || params.outstanding > 4096)
        throw ConfigError("DmaEngine: outstanding=" + std::to_string(params.outstanding) +
                          "; it must be 1 to 4096");
    if (params.transfers == 0 || params.transfers > 1024)
        throw ConfigError("DmaEngine: transfers=" + std::to_string(params.transfers) +
                          "; it must be 1 to 1024");
    if (!params.memory)
        throw ConfigError("DmaEngine: memory is missing; give the bus or cache that it reads and writes");
    if (params.coherent && !level_)
        throw ConfigError("DmaEngine: memory=" + std::string(params.memory->type_name()) +
                          " does not know the caches above it; put a Bus before it, or say coherent=False");
    transfers_.resize(params.transfers + kReserved);
    for (u32 t = u32(transfers_.size()); t-- > 0;) free_transfers_.push_back(t);
    order_.reserve(transfers_.size());
    lines_.resize(params.outstanding);
    for (u32 line = params.outstanding; line-- > 0;) free_lines_.push_back(line);
}

std::optional<Address> DmaEngine::translate(Address bus, u64 bytes) const {
    for (const Grant &g : grants_)
        if (bus >= g.bus && bus - g.bus <= g.bytes && bytes <= g.bytes - (bus - g.bus))
            return g.guest + (bus - g.bus);
    return std::nullopt;
}

bool DmaEngine::start(Address bus, u8 *into, const u8 *from, u64 bytes, DmaClient &client, u32 tag) {
    if (free_transfers_.empty()) return false;
    const u32 number = free_transfers_.back();
    free_transfers_.pop_back();
    if (busy_since_ == kNever) busy_since_ = clock_->now;
    ++stats.transfers;
    const auto guest = translate(bus, bytes);
    transfers_[number] = {guest.value_or(0), into,    from, bytes,      0, 0,
                          guest.has_value(), &client, tag,  clock_->now};
    if (!guest || bytes == 0) {
        schedule(clock_->now + 1, Finish, number);
        return true;
    }
    order_.push_back(number);
    issue_at(clock_->now + 1);
    return true;
}

void DmaEngine::issue_at(Cycle at) {
    if (at >= issue_cycle_) return;
    issue_cycle_ = at;
    clock_->schedule(at, *this, Issue);
}

// One line: of what caches have given up first, then of the oldest transfer that has any to send.
void DmaEngine::issue(Cycle now) {
    issue_cycle_ = kNever;
    if (!owed_.empty()) {
        const MemoryRequest request{
            .address = owed_[0].line, .kind = AccessKind::Writeback, .version = owed_[0].version};
        if (params_.memory->access(request, now) == kBusy) ++stats.memory_rejections;
        else owed_.erase(owed_.begin());
        return issue_at(now + 1);
    }
    if (order_.empty()) return;
    if (free_lines_.empty()) {
        if (waits_since_ == kNever) waits_since_ = now;
        return;   // an answer goes on
    }
    const u32 number = order_.front();
    Transfer &t = transfers_[number];
    const Sent sent = send(t, number, now);
    stats.memory_rejections += sent == Sent::Busy;
    if (sent == Sent::Yes && t.sent == t.bytes) order_.erase(order_.begin());
    if (!order_.empty()) issue_at(now + 1);
}

// Later: a dirty line must be written back before. Busy, too, has changed nothing.
DmaEngine::Sent DmaEngine::send(Transfer &t, u32 number, Cycle now) {
    const Address guest = t.guest + t.sent, first = guest / kLineBytes * kLineBytes;
    const u32 bytes = u32(std::min<u64>(t.bytes - t.sent, first + kLineBytes - guest));
    const bool is_read = t.into, is_whole_write = !is_read && bytes == kLineBytes;
    if (params_.coherent && !is_whole_write && owe(first)) {
        ++stats.snoop_writebacks;
        return Sent::Later;
    }
    const u32 line = free_lines_.back();
    const MemoryRequest request = is_read ? MemoryRequest{first, AccessKind::Read, 0, this, line}
                                          : MemoryRequest{.address = first,
                                                          .kind = AccessKind::Writeback,
                                                          .version = versions_ ? versions_->next() : 0};
    const Cycle answer = params_.memory->access(request, now);
    if (answer == kBusy) return Sent::Busy;
    free_lines_.pop_back();
    lines_[line] = {guest, is_read ? t.into + t.sent : nullptr,     bytes, number,
                    now,   versions_ ? versions_->newest(first) : 0};
    if (!is_read) {
        if (versions_) versions_->write(first, params_.coherent ? nullptr : this);
        if (params_.coherent) {   // where no copy is, one may be on its way
            u64 version = 0;
            stats.snoop_invalidations += level_->uppers().copy_of(first) != Copy::None;
            level_->uppers().give_up(first, version);
        }
        memory_->dma_write(guest, t.from + t.sent, bytes);
    }
    stats.snoops += params_.coherent;
    ++(is_read ? stats.reads : stats.writes);
    t.sent += bytes;
    ++t.lines;
    const Cycle snooped = now + std::max(1u, params_.coherent ? params_.snoop_latency : 0);
    if (!is_read) schedule(snooped, Answer, line);
    else if (answer != kMiss) {
        check_read(lines_[line]);
        schedule(std::max(answer, snooped), Answer, line);
    }
    return Sent::Yes;
}

// True where a cache has a newer copy than memory: it is on its way now.
bool DmaEngine::owe(Address line) {
    u64 version = 0;
    if (!level_ || !level_->uppers().share(line, version)) return false;
    owed_.push_back({line, version});
    return true;
}

void DmaEngine::cache_block(CacheBlock what, Address address) {
    const Address line = address / kLineBytes * kLineBytes;
    if (owe(line)) {
        ++stats.cleaned_lines;
        issue_at(clock_->now + 1);
    }
    u64 version = 0;
    if (level_ && what != CacheBlock::Clean) level_->uppers().give_up(line, version);
}

void DmaEngine::memory_done(u32 tag, Cycle now) {
    check_read(lines_[tag]);
    const Cycle snooped = lines_[tag].sent + (params_.coherent ? params_.snoop_latency : 0);
    if (snooped > now) schedule(snooped, Answer, tag);
    else answered(tag, now);
}

// The answer that has just come must not be older than what there was when it was asked for.
void DmaEngine::check_read(const Line &line) {
    if (!versions_ || params_.memory->data_version >= line.newest) return;
    require(!params_.coherent, "dma: coherent DMA reads a line that is not the newest");
    stale_copy(path, "the device", line.guest);
}

void DmaEngine::stale_copy(const std::string &where, const char *what, Address address) {
    const Address line = address / kLineBytes * kLineBytes;
    if (!reported_.emplace(line, where + what).second) return;
    const bool is_device = where == path;
    std::fprintf(stderr, "%s: %s reads line 0x%llx, which %s; %s\n", where.c_str(), what,
                 static_cast<unsigned long long>(line),
                 is_device ? "a cache holds a newer copy of" : "the device has written since",
                 is_device ? "the program must clean it (cbo.clean) before the doorbell"
                           : "the program must invalidate it (cbo.inval) before it looks");
}

void DmaEngine::answered(u32 number, Cycle now) {
    const Line line = lines_[number];
    free_lines_.push_back(number);
    Transfer &t = transfers_[line.transfer];
    if (line.into) {
        std::memcpy(line.into, memory_->base() + line.guest, line.bytes);
        stats.bytes_read += line.bytes;
        stats.read_cycles += now - line.sent;
    } else {
        stats.bytes_written += line.bytes;
    }
    if (waits_since_ != kNever) {
        stats.limit_cycles += now - waits_since_;
        waits_since_ = kNever;
    }
    if (!order_.empty()) issue_at(std::max(now, clock_->now) + 1);
    if (--t.lines == 0 && t.sent == t.bytes) finish(line.transfer, now);
}

void DmaEngine::finish(u32 number, Cycle now) {
    const Transfer t = transfers_[number];
    free_transfers_.push_back(number);
    if (free_transfers_.size() == transfers_.size()) {
        stats.busy_cycles += now - busy_since_;
        busy_since_ = kNever;
    }
    if (timeline_)
        timeline_->span(device_, DeviceTimeline::Track::Transfers, t.into ? "read" : "write", t.bytes,
                        t.begin, now);
    t.client->transfer_done(t.tag, t.ok, now);
}

void DmaEngine::stop() {
    for (const u32 number : order_) {
        Transfer &t = transfers_[number];
        t.ok = false;
        t.bytes = t.sent;
        if (t.lines == 0) schedule(clock_->now + 1, Finish, number);
    }
    order_.clear();
    waits_since_ = kNever;
}

void DmaEngine::settle(Cycle now) {
    if (busy_since_ == kNever || busy_since_ >= now) return;
    stats.busy_cycles += now - busy_since_;
    busy_since_ = now;
}

void DmaEngine::event(u64 argument, Cycle now) {
    const u32 number = u32(argument >> 2);
    switch (Event(argument & 3)) {
        case Issue:
            if (now == issue_cycle_)
                issue(now);   // else an earlier one was scheduled later and has done the work
            return;
        case Answer: return answered(number, now);
        case Finish: return finish(number, now);
    }
}

}   // namespace sim
