// SPDX-License-Identifier: BSD-3-Clause
// What every level of the memory hierarchy offers to the level above: timing only, data lives in GuestMemory.
#pragma once
#include "sim/component.hh"

namespace sim {

class LineVersions;   // memory/line_versions.hh

enum class AccessKind : u8 {
    Read,        // a load or a fill for one
    Write,       // a store, or a fill that needs write permission
    Fetch,       // instruction bytes
    Prefetch,    // nobody waits
    Writeback,   // a dirty line on its way down; nobody waits
};

// Told when an access that was answered kMiss has its data.
class MemoryClient {
  public:
    virtual void memory_done(u32 tag, Cycle now) = 0;

  protected:
    ~MemoryClient() = default;
};

struct MemoryRequest {
    Address address;                  // physical; one request never crosses a line
    AccessKind kind = AccessKind::Read;
    Address pc = 0;                   // of the instruction that asks; prefetchers learn from it
    MemoryClient *client = nullptr;   // null: nobody waits (Prefetch, Writeback)
    u32 tag = 0;                      // handed back to the client
    u64 version = 0;                  // of a Writeback's line, under --check
};

// Answers of Memory::access beside a cycle.
inline constexpr Cycle kMiss = kNever;       // taken; client->memory_done(tag) follows in a later cycle
inline constexpr Cycle kBusy = kNever - 1;   // not taken (port, bank, MSHR or queue is full); ask again in a later cycle

class Memory : public Component {
  public:
    // At `now` (never earlier than in the call before), returns the cycle in which the data of a hit is ready
    // (> now), kMiss, or kBusy. A kBusy answer changes no state but the statistic that counts it.
    virtual Cycle access(const MemoryRequest &request, Cycle now) = 0;

    // From an access to its data on a hit without a wrong guess of its way; 0: it differs from access to access.
    virtual u32 usual_latency() const { return 0; }

    // FENCE.I: fetches through this level see every store before it.
    virtual void instruction_fence(Cycle) {}

    // Called once, before the first access, where --check is on.
    virtual void track_versions(LineVersions &) {}
    u64 data_version = 0;   // of the data in the latest answer; see LineVersions
};

}  // namespace sim
