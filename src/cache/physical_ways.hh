// SPDX-License-Identifier: BSD-3-Clause
// The ways of one cache as places: which line lies where, what an access reads and drives there, and what it costs in
// time. A cache without children that care about places has none of this.
#pragma once
#include <utility>
#include <vector>
#include "cache/hot_line_swap.hh"
#include "cache/hot_lines.hh"
#include "cache/way_access.hh"
#include "cache/way_prediction.hh"
#include "memory/memory.hh"

namespace sim {

// Children of the cache; any may be null, but all that follow hot_lines need a layout.
struct WayParts {
    HotLines *hot_lines;
    WayLayout *layout;
    HotLineSwap *swap;
    WayPrediction *prediction;
    WayAccess *access;

    bool any() const { return hot_lines || layout || swap || prediction || access; }
};

// Every line has a logical way, by which replacement and the oracle know it, and a physical one, which is where it
// lies. They are the same until a swap.
class PhysicalWays {
  public:
    PhysicalWays(const WayParts &parts, const WayGeometry &geometry, const std::string &owner);

    u32 logical(u32 set, u32 way) const { return logical_.empty() ? way : logical_[set * ways_ + way]; }
    u32 physical(u32 set, u32 logical) const { return physical_.empty() ? logical : physical_[set * ways_ + logical]; }

    // A hit in a physical way, by a cache above (`is_line`) or a core: cycles until data beyond the hit latency.
    u32 hit(const MemoryRequest &request, u32 set, u32 way, bool is_line, Cycle now);
    void missed(const MemoryRequest &request, u32 set, bool is_line);
    void arrived(u32 set, u32 way);                  // a line is written
    void left(u32 set, u32 way);
    void line_read(u32 set, u32 way);                // to leave, or for another level

    // Swaps. `wanted`: the hit just served asks for one, which then is under way.
    bool take_wanted() { return std::exchange(swap_wanted_, false); }
    bool blocks(u32 set) const { return parts_.swap && parts_.swap->is_busy_with(set); }
    void exchanged(u32 set, u32 far, bool near_holds_line);   // the lines of way 0 and way `far`

    // Ports that second probes and the engine take from the accesses of a cycle.
    void ends_cycle(Cycle cycle, u32 ports_left) { last_cycle_ = cycle, last_left_ = ports_left; }
    u32 ports_taken(Cycle now) const { return (probe_cycle_ == now ? probes_ : 0) + (forced_cycle_ == now); }
    bool was_idle(Cycle cycle, Cycle busy_cycle, u32 ports_left, u32 ports) const;
    void force_port(Cycle now) { forced_cycle_ = now; }
    const WayParts &parts() const { return parts_; }

  private:
    u32 read(const MemoryRequest &request, u32 set, u32 way, Cycle now);
    void probe_again(Cycle now);
    void observe_hit(u32 set, u32 way);

    const WayParts parts_;
    const u32 ways_;
    std::vector<u8> logical_;    // set * ways + physical way; empty without swaps
    std::vector<u8> physical_;   // set * ways + logical way
    bool swap_wanted_ = false;
    Cycle probe_cycle_ = kNever, forced_cycle_ = kNever, last_cycle_ = kNever;
    u32 probes_ = 0, last_left_ = 0;
};

}  // namespace sim
