// SPDX-License-Identifier: BSD-3-Clause
// How time passes while a program waits for a device, and on cores that model no time.
#pragma once
#include "program/environment.hh"
#include "sim/clock.hh"

namespace sim {

// Nothing of the program can run: lets the clock go from event to event until something may have woken it; the core then
// calls Environment::interrupt(). Returns the cycles that passed.
inline Cycle sleep(Clock &clock, Environment &environment, const Hart &hart) {
    const Cycle from = clock.now;
    while (clock.now < environment.wake_cycle()) {
        const Cycle next = std::min(clock.next_event(), environment.wake_cycle());
        if (next == kNever) environment.deadlock(hart);
        clock.now = std::max(clock.now, next);
        clock.run_due();
    }
    return clock.now - from;
}

// A cycle an instruction, and those slept.
class InstructionClock {
  public:
    // To the hart's next instruction; runs what is due by then.
    void advance(Hart &hart, Clock &clock) {
        hart.cycle = clock.now = hart.committed + slept_;
        clock.run_due();
    }
    // Instructions before the next event; ~0: there is none.
    static u64 until_event(const Clock &clock) {
        return clock.next_event() == kNever ? ~u64{0} : clock.next_event() - clock.now;
    }
    void sleep(Hart &hart, Clock &clock, Environment &environment) {
        slept_ += sim::sleep(clock, environment, hart);
        hart.cycle = clock.now;
    }

  private:
    Cycle slept_ = 0;
};

}  // namespace sim
