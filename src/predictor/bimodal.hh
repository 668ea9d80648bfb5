// SPDX-License-Identifier: BSD-3-Clause
// Smith's bimodal predictor: a 2-bit counter for each branch address, no history.
#pragma once
#include <vector>
#include "predictor/predictor.hh"

namespace sim {

class Bimodal final : public Model<Bimodal, DirectionPredictor> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, entries, 8192, "counters", "2-bit counters, indexed by the branch address");
    };
    struct Stats : Described<Stats> {
        STAT(lookups, "lookups", "predictions, wrong path included");
        STAT(table_writes, "writes", "counters written at commit");
    };
    explicit Bimodal(const Params &);
    const Params &params() const { return params_; }
    void list_structures(std::vector<Structure> &) const override;

    bool predict(Address pc, PredictorState &state) override;
    void save(PredictorState &) override {}
    void speculate(Address, Address, bool) override {}
    void restore(const PredictorState &) override {}
    void train(Address pc, bool taken, const PredictorState &state) override;

    Stats stats;

  private:
    const Params params_;
    std::vector<u8> counters_;   // 0 and 1: not taken, 2 and 3: taken
};

}   // namespace sim
