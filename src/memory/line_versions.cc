// SPDX-License-Identifier: BSD-3-Clause
// LineVersions: the ledger of newest versions and the complaints about old ones.
#include "memory/line_versions.hh"
#include <cstdio>

namespace sim {

namespace {

[[noreturn]] void complain(const std::string &where, const char *what, Address address, u64 version,
                           const char *instead, u64 newest, Cycle now) {
    char line[24];
    std::snprintf(line, sizeof line, "0x%llx", (unsigned long long)(address & ~Address{kLineBytes - 1}));
    throw SimulatorBug(where + ": " + what + " of line " + line + " is version " + std::to_string(version) + "; " +
                       instead + " is " + std::to_string(newest) + " (cycle " + std::to_string(now) + ")");
}

}  // namespace

u64 LineVersions::write(Address address, StaleCopyListener *listener) {
    Line &line = lines_[address / kLineBytes];
    line.listener = listener;
    if (line.newest <= fence_) line.fenced = line.newest;
    return line.newest = ++last_;
}

bool LineVersions::is_excused(const std::string &where, const char *what, Address address) const {
    if (!leaves_copies(address)) return false;
    lines_.find(address / kLineBytes)->second.listener->stale_copy(where, what, address);
    return true;
}

u64 LineVersions::newest(Address address) const {
    const auto found = lines_.find(address / kLineBytes);
    return found == lines_.end() ? 0 : found->second.newest;
}

void LineVersions::read(const std::string &where, Address address, u64 version, Cycle now) const {
    if (const u64 last = newest(address); version != last && !is_excused(where, "a load", address))
        complain(where, "the copy read", address, version, "the newest", last, now);
}

// RISC-V lets a fetch see old bytes until the hart executes FENCE.I.
void LineVersions::fetch(const std::string &where, Address address, u64 version, Cycle now) const {
    const auto found = lines_.find(address / kLineBytes);
    if (found == lines_.end()) return;
    const Line &line = found->second;
    if (const u64 least = line.newest <= fence_ ? line.newest : line.fenced;
        version < least && !is_excused(where, "a fetch", address))
        complain(where, "the copy fetched", address, version, "the newest before FENCE.I", least, now);
}

void LineVersions::store(const std::string &where, Address address, u64 version, Cycle now) const {
    if (const u64 last = newest(address); version != last && !is_excused(where, "a store", address))
        complain(where, "two writers: the copy stored to", address, version, "another writer's", last, now);
}

void LineVersions::replace(const std::string &where, Address address, u64 held, u64 arriving, Cycle now) const {
    if (arriving < held && !is_excused(where, "a line written back", address))
        complain(where, "the copy written back", address, arriving, "the one it replaces", held, now);
}

u64 StoredVersions::take_tracked(const std::string &where, const MemoryRequest &request, Cycle now) {
    u64 &version = stored_[request.address / kLineBytes];
    if (request.kind != AccessKind::Writeback) return version;
    versions_->replace(where, request.address, version, request.version, now);
    return version = request.version;
}

}  // namespace sim
