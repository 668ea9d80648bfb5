// SPDX-License-Identifier: BSD-3-Clause
// The machine's time: the current cycle and the events that lie in the future, in (cycle, order of
// scheduling) order.
#pragma once
#include <algorithm>
#include <vector>
#include "sim/types.hh"

namespace sim {

class EventHandler {
  public:
    virtual void event(u64 argument, Cycle now) = 0;

  protected:
    ~EventHandler() = default;
};

class Clock {
  public:
    Cycle now = 0;

    void schedule(Cycle at, EventHandler &handler, u64 argument) {
        events_.push_back({at, order_++, &handler, argument});
        std::push_heap(events_.begin(), events_.end(), Later{});
    }
    Cycle next_event() const { return events_.empty() ? kNever : events_.front().at; }

    // Runs every event due at or before `now`, oldest first; handlers may schedule more.
    void run_due() {
        while (!events_.empty() && events_.front().at <= now) {
            std::pop_heap(events_.begin(), events_.end(), Later{});
            const Event due = events_.back();
            events_.pop_back();
            due.handler->event(due.argument, due.at);
        }
    }

  private:
    struct Event {
        Cycle at;
        u64 order;
        EventHandler *handler;
        u64 argument;
    };
    struct Later {
        bool operator()(const Event &a, const Event &b) const {
            return a.at != b.at ? a.at > b.at : a.order > b.order;
        }
    };
    std::vector<Event> events_;
    u64 order_ = 0;
};

}  // namespace sim
