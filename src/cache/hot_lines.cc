// SPDX-License-Identifier: BSD-3-Clause
// HotLines: counters of every line and set.
#include "cache/hot_lines.hh"

namespace sim {

COMPONENT(HotLines, "Oracle of hot lines: exact hits of every line in windows of accesses to its set.");

HotLines::HotLines(const Params &params) : params_(params) {
    if (params.threshold == 0 || params.window < params.threshold)
        throw ConfigError("HotLines: threshold=" + std::to_string(params.threshold) + " must be 1 to window=" +
                          std::to_string(params.window));
}

void HotLines::begin(u32 sets, u32 ways, const std::string &owner) {
    if (ways_) throw ConfigError("HotLines: belongs to another cache already; give " + owner + " one of its own");
    ways_ = ways;
    lines_.resize(u64(sets) * ways);
    accesses_.assign(sets, 0);
    in_window_.assign(sets, 0);
}

void HotLines::accessed(u32 set, u32 way) {
    ++stats.accesses;
    ++accesses_[set];
    if (way != kNoWay) {
        Line &line = lines_[u64(set) * ways_ + way];
        line.last_use = accesses_[set];
        if (++line.hits > params_.threshold) ++stats.hot_accesses;
        else if (line.hits == params_.threshold) {
            stats.hot_accesses += params_.threshold;
            stats.hot_lines += !line.ever_hot;
            line.ever_hot = true;
        }
    }
    if (++in_window_[set] == params_.window) end_window(set);
}

void HotLines::end_window(u32 set) {
    in_window_[set] = 0;
    ++stats.windows;
    stats.way_windows += ways_;
    for (u64 n = u64(set) * ways_; n < u64(set + 1) * ways_; ++n) {
        Line &line = lines_[n];
        const bool is_hot = line.hits >= params_.threshold;
        stats.hot_windows += is_hot;
        stats.hot_life_accesses += is_hot ? params_.window : 0;
        stats.hot_lives += is_hot && !line.was_hot;
        line.was_hot = is_hot;
        line.hits = 0;
    }
}

void HotLines::arrived(u32 set, u32 way) {
    ++stats.lines;
    lines_[u64(set) * ways_ + way] = {.arrival = accesses_[set], .last_use = accesses_[set]};
}

void HotLines::left(u32 set, u32 way) {
    const Line &line = lines_[u64(set) * ways_ + way];
    ++(line.ever_hot ? stats.dead_hot_lines : stats.dead_lines);
    (line.ever_hot ? stats.dead_hot_line_accesses : stats.dead_line_accesses) += line.last_use - line.arrival;
    lines_[u64(set) * ways_ + way] = {};
}

}  // namespace sim
