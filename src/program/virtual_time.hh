// SPDX-License-Identifier: BSD-3-Clause
// The guest's clock: nanoseconds made from cycles, plus what it slept through; never the host's.
#pragma once
#include <cmath>
#include "isa/hart.hh"

namespace sim {

class VirtualTime {
  public:
    static constexpr u64 kEpochSeconds = 1'600'000'000;   // of the real-time clock when the program starts
    static constexpr u64 kNever = ~u64{0};

    explicit VirtualTime(double clock_ghz) : clock_ghz_(clock_ghz) {}

    // Since the program's start.
    u64 ns(const Hart &hart) const { return running_ns(hart) + skipped_ns_; }
    u64 running_ns(const Hart &hart) const { return u64(std::floor(double(hart.cycle) / clock_ghz_)); }
    // The first cycle at which ns() is at least that; kNever for kNever.
    Cycle cycle_at(u64 ns) const {
        if (ns == kNever) return ~Cycle{0};
        if (ns <= skipped_ns_) return 0;
        Hart hart;
        hart.cycle = Cycle(double(ns - skipped_ns_) * clock_ghz_);
        while (this->ns(hart) < ns) ++hart.cycle;   // rounding
        return hart.cycle;
    }
    void skip_to(u64 ns, const Hart &hart) {   // everybody sleeps until then
        const u64 now = this->ns(hart);
        if (ns > now) skipped_ns_ += ns - now;
    }

  private:
    double clock_ghz_;
    u64 skipped_ns_ = 0;
};

}  // namespace sim
