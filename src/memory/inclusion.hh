// SPDX-License-Identifier: BSD-3-Clause
// How a level of the hierarchy finds the levels above it: to take lines back from them, and to know their
// fills.
#pragma once
#include <algorithm>
#include <vector>
#include "memory/memory.hh"

namespace sim {

enum class Copy : u8 { None, Clean, Newer };   // Newer than the copy below

// A level that may hold copies of lines which the level below it holds.
class UpperLevel {
  public:
    // Gives up its copy of the line at `address`, if it has one; true when that copy was newer than the one below.
    // `version` becomes the newer copy's, where versions are tracked.
    virtual bool give_up(Address address, u64 &version) = 0;

    // Hands a newer copy down and keeps it as one that is not newer any more; true when there was one.
    virtual bool share(Address address, u64 &version) = 0;

    // The newest copy that it or a level above it has; nothing changes.
    virtual Copy copy_of(Address address) const = 0;

    // Whether several caches stand behind this one client.
    virtual bool is_several() const { return false; }

  protected:
    ~UpperLevel() = default;
};

// The levels above one level. Their requests are fills, so a Write of theirs does not change the line here.
class UpperLevels {
  public:
    void add(UpperLevel &level, const MemoryClient &client) {
        for (const Entry &entry : entries_)
            if (entry.level == &level) return;
        entries_.push_back({&level, &client});
    }
    bool empty() const { return entries_.empty(); }
    bool are_several() const { return entries_.size() > 1 || (!empty() && entries_[0].level->is_several()); }
    bool sent(const MemoryRequest &request) const {
        for (const Entry &entry : entries_)
            if (entry.client == request.client) return true;
        return false;
    }
    bool give_up(Address address, u64 &version) {
        bool newer = false;
        for (const Entry &entry : entries_) newer |= entry.level->give_up(address, version);
        return newer;
    }
    bool share(Address address, u64 &version) {
        bool newer = false;
        for (const Entry &entry : entries_) newer |= entry.level->share(address, version);
        return newer;
    }
    Copy copy_of(Address address) const {
        Copy newest = Copy::None;
        for (const Entry &entry : entries_) newest = std::max(newest, entry.level->copy_of(address));
        return newest;
    }

  private:
    struct Entry {
        UpperLevel *level;
        const MemoryClient *client;
    };
    std::vector<Entry> entries_;
};

// A level that wants to know which levels are above it.
class LowerLevel {
  public:
    virtual void add_upper(UpperLevel &level, const MemoryClient &client) = 0;
    virtual UpperLevels &uppers() = 0;

  protected:
    ~LowerLevel() = default;
};

}  // namespace sim
