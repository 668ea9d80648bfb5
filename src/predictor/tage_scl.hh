// SPDX-License-Identifier: BSD-3-Clause
// A predictor of the TAGE-SC-L kind (Seznec): TAGE, a statistical corrector, and a loop predictor.
#pragma once
#include "predictor/loop_predictor.hh"
#include "predictor/statistical_corrector.hh"
#include "predictor/tage_tables.hh"

namespace sim {

// Storage of the default: 12 tables of 2048 entries of 3 + 2 bits and 8 to 13 bits of tag (362 Kibit), 16384
// 2-bit base counters (32), 12 x 1024 6-bit corrector counters (72), 256 16-bit local histories (4), 64 loops
// (3.4): 59.3 KiB, the 64 KB class. storage_bits() computes it.
class TageScl final : public Model<TageScl, DirectionPredictor> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, tables, 12, "tables", "tagged tables");
        PARAM(u32, table_entries, 2048, "entries", "entries of each tagged table");
        PARAM(u32, base_entries, 16384, "counters", "2-bit counters of the bimodal base");
        PARAM(u32, least_tag_bits, 8, "bits", "tag in the table with the shortest history");
        PARAM(u32, most_tag_bits, 13, "bits", "tag in the table with the longest history");
        PARAM(u32, least_history, 4, "bits",
              "shortest history; a conditional branch is 1 bit, other transfers 2");
        PARAM(u32, most_history, 900, "bits", "longest history");
        PARAM(u32, corrector_entries, 1024, "counters",
              "6-bit counters of each of the corrector's 12 tables");
        PARAM(u32, local_entries, 256, "histories", "16-bit local histories");
        PARAM(u32, loop_entries, 64, "loops", "loops whose trip count is known");
    };
    struct Stats : Described<Stats> {
        STAT(lookups, "lookups", "predictions, wrong path included");
        STAT(allocations, "entries", "tagged entries allocated at commit");
        STAT(corrections, "branches", "committed branches for which the corrector overruled TAGE");
        STAT(right_corrections, "branches", "corrections that turned out right");
        STAT(loop_predictions, "branches",
             "committed branches that the loop predictor decided against the others");
        STAT(right_loop_predictions, "branches", "loop predictions that turned out right");
    };
    explicit TageScl(const Params &);
    const Params &params() const { return params_; }
    void list_structures(std::vector<Structure> &) const override;

    bool predict(Address pc, PredictorState &state) override;
    void save(PredictorState &state) override;
    void speculate(Address pc, Address next, bool taken) override;
    void restore(const PredictorState &state) override;
    void train(Address pc, bool taken, const PredictorState &state) override;

    u64 storage_bits() const;

    Stats stats;

  private:
    struct Snapshot {
        TageTables::Lookup tage;
        StatisticalCorrector::Lookup corrector;
        LoopPredictor::Lookup loop;
        bool taken;
    };
    const Params params_;
    TageTables tables_;
    StatisticalCorrector corrector_;
    LoopPredictor loops_;
    i8 trust_loops_ = 0;   // 7 bits; >= 0: a confident loop prediction is followed
};

}   // namespace sim
