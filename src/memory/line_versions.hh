// SPDX-License-Identifier: BSD-3-Clause
// Proof, under --check, that the memory hierarchy loses nothing: every store gives its line a new version number, every
// copy carries the number of the version it holds, and an access to an old one is a bug in the simulator.
#pragma once
#include <string>
#include <unordered_map>
#include "memory/memory.hh"

namespace sim {

// Is told where a processor uses a copy that a device has written past, because its DMA is not coherent: a mistake of
// the program, not of the simulator.
class StaleCopyListener {
  public:
    virtual void stale_copy(const std::string &where, const char *what, Address address) = 0;

  protected:
    ~StaleCopyListener() = default;
};

// How versions travel: a Writeback carries its own in MemoryRequest::version; the level below leaves the version of
// the data it answers with in its Memory::data_version, at the return from access() or just before memory_done().
class LineVersions {
  public:
    // The line of `address` is changed: the number of its new version. The cache that takes a store calls it, for a
    // core's as for a device's; a device that writes whole lines straight into memory calls it itself.
    // `listener`: of a device that leaves old copies in caches; null for all others.
    u64 write(Address address, StaleCopyListener *listener = nullptr);
    u64 next() const { return last_ + 1; }   // what write() will return

    // FENCE.I: fetches from now on must see every store before it.
    void instruction_fence() { fence_ = last_; }

    // A copy of `version` at `where` is read, fetched from, or stored to. Throws SimulatorBug where it is too old.
    void read(const std::string &where, Address address, u64 version, Cycle now) const;
    void fetch(const std::string &where, Address address, u64 version, Cycle now) const;
    void store(const std::string &where, Address address, u64 version, Cycle now) const;
    // `arriving` is to take the place of the version `held`. Throws SimulatorBug where that is the newer one.
    void replace(const std::string &where, Address address, u64 held, u64 arriving, Cycle now) const;

    // Whether the newest version is of a device that leaves old copies in caches.
    bool leaves_copies(Address address) const {
        const auto found = lines_.find(address / kLineBytes);
        return found != lines_.end() && found->second.listener;
    }
    u64 newest(Address address) const;   // 0: nothing has been stored to the line

  private:
    struct Line {
        u64 newest = 0;
        u64 fenced = 0;   // the newest before the last fence, where a younger one has been made since
        StaleCopyListener *listener = nullptr;   // of the newest version's writer
    };

    bool is_excused(const std::string &where, const char *what, Address address) const;

    std::unordered_map<u64, Line> lines_;
    u64 last_ = 0, fence_ = 0;   // versions are numbered through, over all lines
};

// The versions that main memory holds: 0 until a line is first written back.
class StoredVersions {
  public:
    void track(LineVersions &versions) { versions_ = &versions; }
    // Of the data that answers the request; a Writeback's is kept. 0 where versions are not tracked.
    u64 take(const std::string &where, const MemoryRequest &request, Cycle now) {
        return versions_ ? take_tracked(where, request, now) : 0;
    }

  private:
    u64 take_tracked(const std::string &where, const MemoryRequest &request, Cycle now);

    LineVersions *versions_ = nullptr;
    std::unordered_map<u64, u64> stored_;
};

}  // namespace sim
