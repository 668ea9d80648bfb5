// SPDX-License-Identifier: BSD-3-Clause
// What a core has put off to one of its next cycles, by the cycle in which it is due.
#pragma once
#include <array>
#include <vector>
#include "sim/types.hh"

namespace sim {

template <class Event> class EventWheel {
  public:
    static constexpr Cycle kReach = 256;   // an event is due fewer cycles ahead

    void add(Cycle when, const Event &event) {
        due_[when % kReach].push_back(event);
        ++waiting_;
    }
    // Calls act(event) for all of this cycle, in the order in which they came. False: there were none.
    template <class Act> bool run(Cycle now, Act &&act) {
        std::vector<Event> &due = due_[now % kReach];
        if (due.empty()) return false;
        for (std::size_t n = 0; n < due.size(); ++n) {
            const Event event = due[n];
            act(event);
        }
        waiting_ -= due.size();
        due.clear();
        return true;
    }
    // First cycle of [from, limit) that has an event, else `limit`.
    Cycle next(Cycle from, Cycle limit) const {
        if (waiting_)
            for (Cycle c = from; c < limit && c < from + kReach; ++c)
                if (!due_[c % kReach].empty()) return c;
        return limit;
    }

  private:
    std::array<std::vector<Event>, kReach> due_;
    u64 waiting_ = 0;
};

}  // namespace sim
