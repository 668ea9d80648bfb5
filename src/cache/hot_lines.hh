// SPDX-License-Identifier: BSD-3-Clause
// Counts what hardware cannot afford to: every line's hits in every window of accesses to its set. It only observes.
#pragma once
#include <vector>
#include "sim/component.hh"

namespace sim {

class HotLines final : public Model<HotLines, Component> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, threshold, 64, "hits", "of a line in a window that make it hot in it (HoLiSwap: 64)");
        PARAM(u32, window, 128, "accesses", "to a set; windows follow one another (HoLiSwap: 128)");
    };
    struct Stats : Described<Stats> {
        STAT(accesses, "accesses", "loads, stores and fetches");
        STAT(hot_accesses, "accesses", "hits on lines in windows in which they are hot");
        STAT(windows, "windows", "of all sets, that ended");
        STAT(hot_windows, "windows", "times a window, that a line was hot in it");
        STAT(hot_lives, "lives", "runs of windows without a gap in which a line was hot, that began");
        STAT(lines, "lines", "brought in");
        STAT(hot_lines, "lines", "of those that became hot at least once");
        STAT(dead_lines, "lines", "that left and had never been hot");
        STAT(dead_line_accesses, "accesses", "to their set from the arrival to the last use of those");
        STAT(dead_hot_lines, "lines", "that left and had been hot");
        STAT(dead_hot_line_accesses, "accesses", "to their set from the arrival to the last use of those");
        STAT(way_windows, "windows", "ways of the set of every window that ended");
        STAT(hot_life_accesses, "accesses", "to the set of every window in which a line was hot");
        FORMULA(hot_share, "", "share of accesses that go to hot lines", ratio(hot_accesses, accesses));
        FORMULA(hot_line_share, "", "mean share of the ways that hold a hot line", ratio(hot_windows, way_windows));
        FORMULA(hot_life, "accesses/life", "mean accesses to the set while a line stays hot",
                ratio(hot_life_accesses, hot_lives));
        FORMULA(active_hot, "accesses/line", "mean accesses to the set from arrival to last use of a line once hot",
                ratio(dead_hot_line_accesses, dead_hot_lines));
        FORMULA(active_other, "accesses/line", "the same of a line that was never hot",
                ratio(dead_line_accesses, dead_lines));
    };

    explicit HotLines(const Params &params);

    // Called once, by the cache that it belongs to.
    void begin(u32 sets, u32 ways, const std::string &owner);
    // Lines are named by their logical way, which swaps do not change. `way` of a miss: kNoWay.
    static constexpr u32 kNoWay = ~u32{0};
    void accessed(u32 set, u32 way);
    void arrived(u32 set, u32 way);
    void left(u32 set, u32 way);
    const Params &params() const { return params_; }

    Stats stats;

  private:
    struct Line {
        u32 hits = 0;          // in this window
        u32 arrival = 0, last_use = 0;   // accesses to the set until then
        bool was_hot = false;  // in the window before
        bool ever_hot = false;
    };

    void end_window(u32 set);

    const Params params_;
    u32 ways_ = 0;
    std::vector<Line> lines_;      // set * ways + logical way
    std::vector<u32> accesses_;    // by set, in all
    std::vector<u32> in_window_;   // by set
};

}  // namespace sim
