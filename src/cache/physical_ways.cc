// SPDX-License-Identifier: BSD-3-Clause
// PhysicalWays: what each access reads, drives and teaches.
#include "cache/physical_ways.hh"

namespace sim {

PhysicalWays::PhysicalWays(const WayParts &parts, const WayGeometry &geometry, const std::string &owner)
    : parts_(parts), ways_(geometry.ways) {
    const bool needs_layout = parts.swap || parts.prediction || parts.access;
    if (needs_layout && !parts.layout)
        throw ConfigError(owner + ": swap, way_prediction and way_access need to know where the ways lie; give layout, "
                                  "such as TwoColumnSpine()");
    if (parts.prediction && parts.access)
        throw ConfigError(owner + ": way_prediction and way_access exclude each other; give one of them");
    if (parts.hot_lines) parts.hot_lines->begin(geometry.sets, ways_, owner);
    if (parts.layout) parts.layout->begin(geometry, owner);
    if (parts.prediction) parts.prediction->begin(geometry.sets, ways_, owner);
    if (!parts.swap) return;
    parts.swap->begin(geometry.sets, ways_, owner);
    logical_.resize(u64(geometry.sets) * ways_);
    for (u64 n = 0; n < logical_.size(); ++n) logical_[n] = u8(n % ways_);
    physical_ = logical_;
}

u32 PhysicalWays::hit(const MemoryRequest &request, u32 set, u32 way, bool is_line, Cycle now) {
    if (request.kind == AccessKind::Prefetch) return 0;
    if (request.kind <= AccessKind::Fetch) observe_hit(set, way);
    if (!parts_.layout) return 0;
    WayLayout::Counts &counts = parts_.layout->counts();
    const bool is_writeback = request.kind == AccessKind::Writeback;
    if (is_line || is_writeback) {
        ++(is_writeback ? counts.array_line_writes : counts.array_line_reads);
        ++counts.lines[way];
        if (parts_.swap) ++parts_.swap->stats.home_lines[logical(set, way)];
        return 0;
    }
    ++counts.accesses;
    counts.near_accesses += way == 0;
    if (parts_.swap) ++parts_.swap->stats.home_words[logical(set, way)];
    if (request.kind != AccessKind::Write) return read(request, set, way, now);
    ++counts.array_writes;   // stores know their way from the tags
    ++counts.words[way];
    return 0;
}

// A load or fetch of a word.
u32 PhysicalWays::read(const MemoryRequest &request, u32 set, u32 way, Cycle now) {
    WayLayout::Counts &counts = parts_.layout->counts();
    if (!parts_.prediction) {
        const bool reads_all = !parts_.access || parts_.access->reads_all_ways();
        counts.array_reads += reads_all ? ways_ : 1;
        if (!parts_.access || !parts_.access->drives_all_ways()) ++counts.words[way];
        else for (u32 w = 0; w < ways_; ++w) ++counts.words[w];
        return parts_.access ? parts_.access->extra_latency() : 0;
    }
    const WayQuestion question{request.pc, set, parts_.swap && parts_.swap->near_is_hot(set)};
    const u32 guess = parts_.prediction->guess(question);
    parts_.prediction->used(question, way);
    ++counts.array_reads;
    ++counts.words[guess];
    if (guess == way) {
        ++parts_.prediction->counts().right;
        return 0;
    }
    ++parts_.prediction->counts().wrong;
    ++counts.array_reads;
    ++counts.words[way];
    probe_again(now);
    return parts_.prediction->second_probe_cycles();
}

// The second probe takes a port of the next cycle.
void PhysicalWays::probe_again(Cycle now) {
    if (probe_cycle_ != now + 1) probes_ = 0;
    probe_cycle_ = now + 1;
    ++probes_;
}

void PhysicalWays::observe_hit(u32 set, u32 way) {
    const u32 line = logical(set, way);
    if (parts_.hot_lines) parts_.hot_lines->accessed(set, line);
    if (!parts_.swap || !parts_.swap->accessed(set, line)) return;
    if (way == 0) return parts_.swap->moved_near(set, line);
    ++parts_.swap->stats.requests;
    if (parts_.swap->is_busy()) {
        ++parts_.swap->stats.engine_rejections;   // the line's next hit asks again
        return;
    }
    parts_.swap->start(set, way);
    swap_wanted_ = true;
}

void PhysicalWays::missed(const MemoryRequest &request, u32 set, bool is_line) {
    if (request.kind > AccessKind::Fetch) return;
    if (parts_.hot_lines) parts_.hot_lines->accessed(set, HotLines::kNoWay);
    if (parts_.swap) parts_.swap->accessed(set, HotLineSwap::kNone);
    if (!parts_.layout || is_line || request.kind == AccessKind::Write) return;
    WayLayout::Counts &counts = parts_.layout->counts();
    if (parts_.prediction) {
        const WayQuestion question{request.pc, set, parts_.swap && parts_.swap->near_is_hot(set)};
        ++counts.array_reads;
        ++counts.words[parts_.prediction->guess(question)];
        ++parts_.prediction->counts().wasted;
    } else if (!parts_.access || parts_.access->reads_all_ways()) {
        counts.array_reads += ways_;
        if (parts_.access && parts_.access->drives_all_ways())
            for (u32 way = 0; way < ways_; ++way) ++counts.words[way];
    }
}

void PhysicalWays::arrived(u32 set, u32 way) {
    if (parts_.hot_lines) parts_.hot_lines->arrived(set, logical(set, way));
    if (parts_.prediction) parts_.prediction->filled(set, way);
    if (!parts_.layout) return;
    ++parts_.layout->counts().array_line_writes;
    ++parts_.layout->counts().lines[way];
    if (parts_.swap) ++parts_.swap->stats.home_lines[logical(set, way)];
}

void PhysicalWays::left(u32 set, u32 way) {
    if (parts_.hot_lines) parts_.hot_lines->left(set, logical(set, way));
    if (parts_.swap) parts_.swap->left(set, logical(set, way));
}

void PhysicalWays::line_read(u32 set, u32 way) {
    if (!parts_.layout) return;
    ++parts_.layout->counts().array_line_reads;
    ++parts_.layout->counts().lines[way];
    if (parts_.swap) ++parts_.swap->stats.home_lines[logical(set, way)];
}

void PhysicalWays::exchanged(u32 set, u32 far, bool near_holds_line) {
    std::swap(logical_[set * ways_], logical_[set * ways_ + far]);
    for (const u32 way : {0u, far}) physical_[set * ways_ + logical_[set * ways_ + way]] = u8(way);
    if (parts_.prediction) parts_.prediction->swapped(set, 0, far);
    if (near_holds_line) parts_.swap->moved_near(set, logical(set, 0));
    ++parts_.swap->stats.swaps;
    parts_.swap->stop();
}

// Whether a port was left over in a cycle that has ended; the engine had one there if it forced it.
bool PhysicalWays::was_idle(Cycle cycle, Cycle busy_cycle, u32 ports_left, u32 ports) const {
    if (forced_cycle_ == cycle) return true;
    if (busy_cycle == cycle) return ports_left > 0;
    if (last_cycle_ == cycle) return last_left_ > 0;
    return ports_taken(cycle) < ports;
}

}  // namespace sim
