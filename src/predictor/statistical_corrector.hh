// SPDX-License-Identifier: BSD-3-Clause
// TAGE-SC-L's statistical corrector: a vote of counters that overrules TAGE where TAGE, statistically, is
// wrong.
#pragma once
#include "predictor/tage_tables.hh"
#include "predictor/undo_table.hh"

namespace sim {

// Its counters see TAGE's own answer (bias), short global histories, the branch's own history (local), and
// how often the innermost loop has gone round. The vote's threshold adapts so that training and certainty
// stay in balance.
class StatisticalCorrector {
  public:
    struct Lookup {
        u32 mark;   // of the local histories before this branch
        u32 loop, iteration;   // the innermost loop's branch, and how often it went back before this branch
        i32 sum;   // the vote; taken when >= 0
        u16 local;   // history of this branch
        bool taken;   // the answer after weighing the vote against TAGE's confidence
    };
    StatisticalCorrector(u32 table_entries, u32 local_entries);

    Lookup predict(Address pc, const TageTables::Lookup &tage) const;
    Lookup save() const { return {local_.mark(), loop_, iteration_, 0, 0, false}; }
    void speculate(Address pc, Address next, bool taken);   // conditional branches only
    void restore(const Lookup &l) {
        local_.rewind(l.mark);
        loop_ = l.loop;
        iteration_ = l.iteration;
    }
    void train(Address pc, bool taken, const TageTables::Lookup &tage, const Lookup &then);
    u64 storage_bits() const;

  private:
    static constexpr u32 kBias = 2, kGlobal = 6, kLocal = 3, kTables = kBias + kGlobal + kLocal + 1;
    using Slots = std::array<u32, kTables>;

    Slots slots(Address pc, const TageTables::Lookup &tage, const Lookup &l) const;
    u32 local_slot(Address pc) const;
    bool in_doubt(i32 strength, TageTables::Confidence) const;

    const u32 table_entries_, local_entries_;
    std::vector<i8> counters_;   // 6 bits; table t starts at t * table_entries_
    UndoTable local_;   // 16-bit histories
    u32 loop_ = 0, iteration_ = 0;   // the latest branch that went back, and how often in a row
    i32 threshold_ = 40;   // a vote weaker than this is trained on
    i8 threshold_drift_ = 0;   // 7 bits
    i8 high_trust_ = 0, medium_trust_ = 0;   // 7 bits; >= 0: TAGE is believed against a doubtful vote
};

}   // namespace sim
