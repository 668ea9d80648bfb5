// SPDX-License-Identifier: BSD-3-Clause
// ITTAGE (Seznec): TAGE's tables holding targets, to guess where an indirect jump or call goes.
#pragma once
#include <vector>
#include "predictor/long_history.hh"

namespace sim {

// Table 0 has no history: it remembers the last target under a tag. The BTB is the base when no tag matches.
class Ittage final : public Model<Ittage, TargetPredictor> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, tables, 7, "tables", "tagged tables, the one without history among them");
        PARAM(u32, table_entries, 512, "entries", "entries of each table");
        PARAM(u32, tag_bits, 11, "bits", "partial tag");
        PARAM(u32, least_history, 4, "bits",
              "shortest history above none; an indirect jump is 4 bits, others 1");
        PARAM(u32, most_history, 256, "bits", "longest history");
    };
    struct Stats : Described<Stats> {
        STAT(lookups, "lookups", "predictions, wrong path included");
        STAT(unknown, "lookups", "lookups that no tag matched");
        STAT(allocations, "entries", "entries allocated at commit");
    };
    explicit Ittage(const Params &);
    const Params &params() const { return params_; }
    void list_structures(std::vector<Structure> &) const override;

    Address predict(Address pc, PredictorState &state) override;
    void save(PredictorState &state) override;
    void speculate(Address pc, Address next, bool taken) override;
    void restore(const PredictorState &state) override;
    void train(Address pc, Address target, const PredictorState &state) override;

    Stats stats;

  private:
    static constexpr u32 kMostTables = 8;
    using History = LongHistory<kMostTables>;
    struct Lookup {
        History::Snapshot history;
        Address target;   // the prediction; 0: none
        History::Lanes index, tag;
        i8 provider, alternate;   // tables; -1: none
        bool indirect;   // false: only `history` is meaningful
        bool uses_alternate;
    };
    struct Entry {
        Address target = 0;
        u16 tag = 0xffff;   // matches none
        u8 confidence = 0;   // 2 bits
        bool useful = false;   // was right where the alternate was wrong
    };
    Entry &entry(i8 table, const Lookup &l) {
        return entries_[size_t(table) * params_.table_entries + l.index[size_t(table)]];
    }
    void find(Lookup &);
    void learn(Entry &, Address target);
    void allocate(Address target, const Lookup &now);

    const Params params_;
    History history_;
    bool indirect_ = false;   // whether the next speculate() is about an indirect transfer
    std::vector<Entry> entries_;   // table t starts at t * table_entries
    i8 distrust_new_ = 0;   // 4 bits; >= 0: the alternate is believed, not an unconfirmed entry
    u32 failed_allocations_ = 0;
};

}   // namespace sim
