// SPDX-License-Identifier: BSD-3-Clause
// Converts between core cycles and the cycles of a slower or faster clock, exactly, however long the run.
#pragma once
#include <numeric>
#include "sim/types.hh"

namespace sim {

// Edge n of the other clock lies at time n * core / other, in core cycles. Both start with an edge at 0.
class ClockRatio {
  public:
    ClockRatio(double core_ghz, double other_ghz) : core_(khz(core_ghz)), other_(khz(other_ghz)) {
        if (const u64 common = std::gcd(core_, other_)) core_ /= common, other_ /= common;
    }
    // The first core cycle at or after an edge of the other clock.
    Cycle core_cycle(u64 other_cycle) const { return (other_cycle * core_ + other_ - 1) / other_; }
    // The first edge of the other clock at or after a core cycle.
    u64 other_cycle(Cycle core_cycle) const { return (core_cycle * other_ + core_ - 1) / core_; }

  private:
    static u64 khz(double ghz) { return u64(ghz * 1e6 + 0.5); }
    u64 core_, other_;   // smallest whole numbers with the ratio of the frequencies
};

}  // namespace sim
