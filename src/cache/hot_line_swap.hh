// SPDX-License-Identifier: BSD-3-Clause
// HoLiSwap: finds the one line of a set that takes most of its hits, and an engine that exchanges it with the line in
// the nearest way (Turakhia, Das, Aamodt, Dally, arXiv 1701.03878: 64 hits in 128 accesses to the set).
#pragma once
#include <vector>
#include "cache/way_layout.hh"

namespace sim {

class HotLineSwap final : public Model<HotLineSwap, Component> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, threshold, 64, "hits", "of a line in a window that make it hot");
        PARAM(u32, window, 128, "accesses", "to a set, after which hits are counted anew");
        PARAM(u32, keep, 32, "hits", "in a window below which the line in the near way is hot no more");
        PARAM(u32, margin, 0, "hits", "beyond the threshold that a line needs to displace one that is hot");
        PARAM(u32, confidence_bits, 3, "bits",
              "up and down counter of a set's candidate, which is replaced when it is at 0");
        PARAM(u32, sample, 1, "accesses", "of which one, picked at random, updates the counters and counts for all");
        PARAM(bool, exact, false, "", "count the hits of every line, not of one candidate a set");
        PARAM(u32, line_cycles, 1, "cycles", "of a port for one line read or written; a swap reads two and writes two");
        PARAM(u32, patience, 16, "cycles",
              "that the engine waits for an idle port before it takes one from the accesses");
    };
    struct Stats : Described<Stats> {
        STAT(counter_updates, "accesses", "that updated the counters of their set");
        STAT(swaps, "swaps", "completed");
        STAT(requests, "requests", "for a swap: accesses to a hot line elsewhere than in the near way");
        STAT(engine_rejections, "requests", "for a swap while the engine worked on another set");
        STAT(abandoned_swaps, "swaps", "given up before anything was written because a level took a line of the set");
        STAT(hurried_swaps, "swaps", "completed at once because a level took a line of the set");
        STAT(line_moves, "lines", "read or written by the engine");
        STAT(port_conflicts, "cycles", "that the engine waited for an idle port");
        STAT(forced_ports, "cycles", "in which the engine took a port from the accesses");
        STAT(set_rejections, "accesses", "turned away because lines of their set were being swapped");
        STAT(fill_waits, "cycles", "that fills waited for lines of their set being swapped");
        STAT(hot_ends, "lines", "in the near way that were hot no more, or left");
        STAT_VECTOR(home_words, kMaxPlacedWays, "transfers",
                    "words that without swaps would have moved between the port and this way");
        STAT_VECTOR(home_lines, kMaxPlacedWays, "transfers",
                    "lines that without swaps would have moved between the port and this way");
        STAT_VECTOR(swap_lines, kMaxPlacedWays, "transfers", "lines moved by swaps between the port and this way");
    };
    static constexpr u32 kNone = ~u32{0};

    explicit HotLineSwap(const Params &params);

    // Called once, by the cache that it belongs to.
    void begin(u32 sets, u32 ways, const std::string &owner);

    // Detection. Lines are named by their logical way, kNone for a miss. True: the line is hot now.
    bool accessed(u32 set, u32 logical);
    void left(u32 set, u32 logical);
    void moved_near(u32 set, u32 logical) { near_hot_[set] = u8(logical); }
    bool near_is_hot(u32 set) const { return near_hot_[set] != kNobody; }

    // The engine. Ways are physical; the near one is 0.
    bool is_busy() const { return set_ != kNone; }
    bool is_busy_with(u32 set) const { return set_ == set; }
    u32 set() const { return set_; }
    u32 far_way() const { return far_way_; }
    void start(u32 set, u32 way) { set_ = set, far_way_ = way, done_ = waited_ = 0; }
    bool has_written() const { return done_ > 2 * params_.line_cycles; }
    // The last cycle had an idle port or not; true: that was the last step.
    bool step(bool port_was_idle, WayLayout &layout);
    bool wants_port() const { return is_busy() && waited_ >= params_.patience; }
    void finish(WayLayout &layout);   // all that is left, at once
    void stop() { set_ = kNone; }
    const Params &params() const { return params_; }
    void list_structures(std::vector<Structure> &list) const override;   // way_structures.cc

    Stats stats;

  private:
    static constexpr u8 kNobody = 255;
    struct Set {
        u16 hits = 0, accesses = 0;   // of the candidate, and of all, in this window
        u8 candidate = kNobody, confidence = 0;
    };

    bool is_sampled();
    u32 count_hit(u32 set, u32 logical);
    void end_window(u32 set);
    void move(WayLayout &layout);

    const Params params_;
    u32 ways_ = 0;
    u32 random_ = 1;             // a 32-bit shift register with feedback
    std::vector<Set> sets_;
    std::vector<u16> hits_;      // exact: set * ways + logical way
    std::vector<u8> near_hot_;   // by set: logical way of the hot line in the near way, or kNobody

    u32 set_ = kNone, far_way_ = 0;
    u32 done_ = 0, waited_ = 0;  // port cycles
};

}  // namespace sim
