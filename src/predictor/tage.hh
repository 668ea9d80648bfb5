// SPDX-License-Identifier: BSD-3-Clause
// TAGE as a predictor of its own.
#pragma once
#include "predictor/tage_tables.hh"

namespace sim {

class Tage final : public Model<Tage, DirectionPredictor> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, tables, 8, "tables", "tagged tables");
        PARAM(u32, table_entries, 1024, "entries", "entries of each tagged table");
        PARAM(u32, base_entries, 8192, "counters", "2-bit counters of the bimodal base");
        PARAM(u32, least_tag_bits, 8, "bits", "tag in the table with the shortest history");
        PARAM(u32, most_tag_bits, 13, "bits", "tag in the table with the longest history");
        PARAM(u32, least_history, 5, "bits",
              "shortest history; a conditional branch is 1 bit, other transfers 2");
        PARAM(u32, most_history, 256, "bits", "longest history");
    };
    struct Stats : Described<Stats> {
        STAT(lookups, "lookups", "predictions, wrong path included; each reads every table");
        STAT(base_predictions, "lookups", "predictions from the base because no tag matched");
        STAT(allocations, "entries", "tagged entries allocated at commit");
    };
    explicit Tage(const Params &);
    const Params &params() const { return params_; }
    void list_structures(std::vector<Structure> &) const override;

    bool predict(Address pc, PredictorState &state) override;
    void save(PredictorState &state) override { store(tables_.save(), state); }
    void speculate(Address pc, Address next, bool taken) override { tables_.speculate(pc, next, taken); }
    void restore(const PredictorState &state) override { tables_.restore(load<TageTables::Lookup>(state)); }
    void train(Address pc, bool taken, const PredictorState &state) override;

    u64 storage_bits() const { return tables_.storage_bits(); }

    Stats stats;

  private:
    const Params params_;
    TageTables tables_;
};

}   // namespace sim
