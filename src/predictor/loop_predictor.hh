// SPDX-License-Identifier: BSD-3-Clause
// Finds branches that go one way the same number of times and then once the other way, and predicts the exit.
#pragma once
#include "predictor/undo_table.hh"

namespace sim {

// Trip counts are learnt at commit; the iterations of a loop in flight are counted apart, speculatively, so
// that recovery need not touch what was learnt.
class LoopPredictor {
  public:
    struct Lookup {
        u32 mark;   // of the iteration counts before this branch
        u16 iterations;   // in a row in the body's direction before this branch
        u8 entry;   // kNone: the branch is no known loop
        bool confident, taken;
    };
    static constexpr u8 kNone = 0xff;

    explicit LoopPredictor(u32 entries);

    Lookup predict(Address pc) const;
    void speculate(Address pc, bool taken);
    u32 mark() const { return iterations_.mark(); }
    void restore(u32 mark) { iterations_.rewind(mark); }

    // `others_wrong`: without this predictor, the branch was mispredicted.
    void train(Address pc, bool taken, const Lookup &then, bool others_wrong);
    u64 storage_bits() const;

  private:
    struct Loop {
        u16 tag = 0;
        u16 trips = 0;   // 0: not known yet
        u8 confidence = 0;   // equal trip counts in a row
        u8 age = 0;   // 0: may be replaced
        bool body_taken = false;
    };
    u16 tag(Address pc) const;
    u32 set(Address pc) const;
    u8 find(Address pc) const;
    u32 iterations(u8 entry) const;
    void train_known(Loop &, bool taken, const Lookup &then, bool others_wrong);
    void allocate(Address pc, bool taken);

    std::vector<Loop> loops_;   // sets of kWays
    UndoTable iterations_;   // by entry: tag << 16 | iterations
    u32 skipped_ = 0;   // candidates since the last allocation
};

}   // namespace sim
