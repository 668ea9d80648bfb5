// SPDX-License-Identifier: BSD-3-Clause
// McFarling's gshare: 2-bit counters indexed by the branch address xor the global history.
#pragma once
#include <vector>
#include "predictor/history.hh"

namespace sim {

class Gshare final : public Model<Gshare, DirectionPredictor> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, entries, 16384, "counters", "2-bit counters");
        PARAM(u32, history_length, 13, "transfers", "youngest control transfers in the index");
        PARAM(bool, jumps_in_history, true, "", "unconditional transfers enter the history as taken");
    };
    struct Stats : Described<Stats> {
        STAT(lookups, "lookups", "predictions, wrong path included");
        STAT(table_writes, "writes", "counters written at commit");
    };
    explicit Gshare(const Params &);
    const Params &params() const { return params_; }
    void list_structures(std::vector<Structure> &) const override;

    bool predict(Address pc, PredictorState &state) override;
    void save(PredictorState &state) override { store(history_.take(false), state); }
    void speculate(Address, Address, bool taken) override { history_.shift(taken); }
    void restore(const PredictorState &state) override {
        history_.restore(load<ShortHistory::Snapshot>(state));
    }
    void train(Address pc, bool taken, const PredictorState &state) override;

    Stats stats;

  private:
    u32 index(Address pc, u32 history) const { return u32(pc_key(pc) ^ history) & (params_.entries - 1); }

    const Params params_;
    ShortHistory history_;
    std::vector<u8> counters_;
};

}   // namespace sim
