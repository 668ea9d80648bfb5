// SPDX-License-Identifier: BSD-3-Clause
// A small table written speculatively, in which all writes since a mark can be taken back exactly.
#pragma once
#include <vector>
#include "predictor/history.hh"

namespace sim {

// At most one write a transfer in flight, so the log of overwritten values never runs over.
class UndoTable {
  public:
    explicit UndoTable(u32 entries) : values_(entries, 0), log_(kMaxInFlight) {}

    u32 read(u32 index) const { return values_[index]; }
    void write(u32 index, u32 value) {
        log_[mark_++ & (kMaxInFlight - 1)] = {index, values_[index]};
        values_[index] = value;
    }
    u32 mark() const { return mark_; }
    void rewind(u32 mark) {
        while (mark_ != mark) {
            const Overwritten &last = log_[--mark_ & (kMaxInFlight - 1)];
            values_[last.index] = last.value;
        }
    }

  private:
    struct Overwritten {
        u32 index, value;
    };
    std::vector<u32> values_;
    std::vector<Overwritten> log_;   // ring; position mark_ is written next
    u32 mark_ = 0;
};

}   // namespace sim
