// SPDX-License-Identifier: BSD-3-Clause
// Writes Konata's own log, "Kanata 0004": one event a line, in time order, with relative cycles.
#pragma once
#include <queue>
#include "trace/instruction_records.hh"

namespace sim {

class KanataTrace final : public InstructionRecords {
  public:
    explicit KanataTrace(const std::string &file);

  private:
    struct Event {
        Cycle cycle;
        u64 order;   // of events in one cycle: instructions that begin, by number, then the rest as reported
        std::string line;
    };
    struct Later {
        bool operator()(const Event &a, const Event &b) const {
            return a.cycle != b.cycle ? a.cycle > b.cycle : a.order > b.order;
        }
    };
    void write(const Record &record) override;
    void settle(Cycle cycle) override;
    void add(Cycle cycle, std::string line) { events_.push({cycle, order_++, std::move(line)}); }

    // Instructions end out of fetch order, Konata numbers them as they begin: events wait until all earlier
    // are known.
    std::priority_queue<Event, std::vector<Event>, Later> events_;
    u64 order_ = u64{1} << 63, committed_ = 0;
    Cycle written_ = kNever;   // cycle of the last line; kNever before the first
};

}  // namespace sim
