// SPDX-License-Identifier: BSD-3-Clause
// Cache: its copies as others see them: taken back by levels below, asked for by levels beside and devices, and, under
// --check, known by their versions.
#include <algorithm>
#include <utility>
#include "cache/cache.hh"

namespace sim {

bool Cache::give_up(Address address, u64 &version) {
    const u64 line = address / kLineBytes;
    bool newer = uppers_.give_up(address, version);
    if (u32 slot = find(line); slot != kNone) {
        settle_swap(set_of(line));
        slot = find(line);
        ++stats.back_invalidations;
        if (flags_[slot] & kDirty) newer = true, version = std::max(version, version_of(slot));
        remove(slot);
    }
    // Whoever asks from now on must see what comes next.
    if (const u32 m = find_mshr(line); m != kNone && mshrs_[m].sent)
        mshrs_[m].homeless = mshrs_[m].fenced = true;
    if (const auto written = find_written(line); written != write_buffer_.end()) {
        newer = true;
        version = std::max(version, written->version);
        write_buffer_.erase(written);
    }
    return newer;
}

bool Cache::share(Address address, u64 &version) {
    const u64 line = address / kLineBytes;
    bool newer = uppers_.share(address, version);
    if (const u32 slot = find(line); slot != kNone) {
        if (newer && versions_) versions_->slots[slot] = version;   // what the levels above held passes through here
        else if (!newer && (flags_[slot] & kDirty)) newer = true, version = std::max(version, version_of(slot));
        flags_[slot] &= u8(~kDirty);
    }
    if (const auto written = find_written(line); written != write_buffer_.end()) {
        newer = true;
        version = std::max(version, written->version);
        write_buffer_.erase(written);
    }
    if (!newer) return false;
    ++stats.shared_lines;
    ++stats.data_reads;
    if (const u32 slot = find(line); places_ && slot != kNone) places_->line_read(set_of(line), slot % ways_);
    return true;
}

Copy Cache::copy_of(Address address) const {
    const u64 line = address / kLineBytes;
    for (const Written &written : write_buffer_)
        if (written.line == line) return Copy::Newer;
    const u32 slot = find(line);
    const Copy own = slot == kNone ? Copy::None : flags_[slot] & kDirty ? Copy::Newer : Copy::Clean;
    return std::max(own, uppers_.copy_of(address));
}

// Makes levels above hand down what is newer there, where the request must see it: a fetch or prefetch by one of them
// (their data caches do not share lines, so the newer copy can only be of another), or anything from a device. True
// when there was something: the line is now here or on its way.
bool Cache::snoop(const MemoryRequest &request, u64 line, Cycle now) {
    if (request.kind == AccessKind::Writeback) return false;
    u64 version = 0;
    bool newer;
    if (!uppers_.sent(request))
        newer = request.kind == AccessKind::Write ? uppers_.give_up(request.address, version)
                                                  : uppers_.share(request.address, version);
    else if (uppers_.are_several() && request.kind >= AccessKind::Fetch)
        newer = uppers_.share(request.address, version);
    else return false;
    if (newer) receive(line, version, now);
    return newer;
}

// A newer copy of the line, from above and unasked.
void Cache::receive(u64 line, u64 version, Cycle now) {
    if (const u32 slot = find(line); slot != kNone) {
        flags_[slot] |= kDirty;
        ++stats.data_writes;
        if (versions_) versions_->slots[slot] = version;
    } else if (const u32 m = find_mshr(line); m != kNone) {
        mshrs_[m].dirty = true;
        if (versions_) versions_->mshrs[m] = version;
    } else if (const auto written = find_written(line); written != write_buffer_.end()) {
        written->version = version;
    } else {
        settle_swap(set_of(line));
        const u32 place = victim(set_of(line));
        evict(place, now);
        install(line, place, kDirty, version);
    }
}

void Cache::invalidate_all(Cycle now) {
    if (params_.swap && params_.swap->is_busy()) settle_swap(params_.swap->set());
    for (u32 slot = 0; slot + 1 < tags_.size(); ++slot) {
        if (tags_[slot] == kNoLine) continue;
        ++stats.flushed_lines;
        if (flags_[slot] & kDirty) {
            ++stats.data_reads;
            if (places_) places_->line_read(set_of(tags_[slot]), slot % ways_);
            buffer_write(tags_[slot], version_of(slot), now);
        }
        remove(slot);
    }
    for (u32 m = 0; m < mshrs_.size(); ++m) mshrs_[m].homeless |= mshr_lines_[m] != kNoLine;
}

void Cache::instruction_fence(Cycle now) {
    invalidate_all(now);
    for (u32 m = 0; m < mshrs_.size(); ++m) mshrs_[m].fenced = mshr_lines_[m] != kNoLine;
    if (versions_) versions_->newest.instruction_fence();
}

void Cache::track_versions(LineVersions &versions) {
    versions_ = std::make_unique<Versions>(Versions{versions, std::vector<u64>(tags_.size()),
                                                    std::vector<u64>(mshrs_.size()), std::vector<u8>(mshrs_.size())});
    unusual_hits_ = true;
}

// A hit; where it stores, the line gets its next version.
void Cache::use_version(const MemoryRequest &request, u32 slot, Cycle now) {
    u64 &version = versions_->slots[slot];
    if (request.kind == AccessKind::Writeback) {
        versions_->newest.replace(path, request.address, version, request.version, now);
        version = request.version;
    } else if (!uppers_.sent(request)) {
        check_version(request.kind, request.address, version, now);
        if (request.kind == AccessKind::Write) version = versions_->newest.write(request.address);
    }
    data_version = version;
}

void Cache::check_version(AccessKind kind, Address address, u64 version, Cycle now) const {
    if (kind == AccessKind::Read) versions_->newest.read(path, address, version, now);
    else if (kind == AccessKind::Fetch) versions_->newest.fetch(path, address, version, now);
    else if (kind == AccessKind::Write) versions_->newest.store(path, address, version, now);
}

// The request joins an MSHR. Caches above check what they get themselves.
void Cache::version_waits(u32 m, const MemoryRequest &request, Cycle now) {
    if (request.kind == AccessKind::Writeback) {
        versions_->newest.replace(path, request.address, versions_->mshrs[m], request.version, now);
        versions_->mshrs[m] = request.version;
    } else if (request.kind <= AccessKind::Fetch && !uppers_.sent(request)) {
        versions_->uses[m] |= u8(1u << u32(request.kind));
    }
}

// The next level has just said which version it answers with; a writeback that came meanwhile is newer.
void Cache::version_arrives(u32 m) {
    versions_->mshrs[m] = std::max(versions_->mshrs[m], params_.next->data_version);
}

// The line is here: checks what waited for it, loads and fetches before stores. A line that was taken back on its way
// may be read as it was then, and so may one that a device has written meanwhile without asking.
void Cache::settle_version(u32 m, Cycle now) {
    const u32 uses = std::exchange(versions_->uses[m], 0);
    const Address address = mshr_lines_[m] * kLineBytes;
    for (const AccessKind kind : {AccessKind::Read, AccessKind::Fetch, AccessKind::Write})
        if (!versions_->newest.leaves_copies(address) && (uses >> u32(kind) & 1) && !mshrs_[m].homeless)
            check_version(kind, address, versions_->mshrs[m], now);
    if (uses >> u32(AccessKind::Write) & 1) versions_->mshrs[m] = versions_->newest.write(address);
}

}  // namespace sim
