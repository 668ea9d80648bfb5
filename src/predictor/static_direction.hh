// SPDX-License-Identifier: BSD-3-Clause
// Always gives one answer: the baseline that any predictor must beat, and the simplest one to read.
#pragma once
#include "predictor/predictor.hh"

namespace sim {

class StaticDirection final : public Model<StaticDirection, DirectionPredictor> {
  public:
    struct Params : Described<Params> {
        PARAM(bool, taken, true, "", "the answer");
    };
    struct Stats : Described<Stats> {
        STAT(lookups, "lookups", "predictions, wrong path included");
    };
    explicit StaticDirection(const Params &params) : params_(params) {}
    const Params &params() const { return params_; }

    bool predict(Address, PredictorState &) override {
        ++stats.lookups;
        return params_.taken;
    }
    void save(PredictorState &) override {}
    void speculate(Address, Address, bool) override {}
    void restore(const PredictorState &) override {}
    void train(Address, bool, const PredictorState &) override {}

    Stats stats;

  private:
    const Params params_;
};

}   // namespace sim
