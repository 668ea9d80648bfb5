// SPDX-License-Identifier: BSD-3-Clause
// 2Bc-gskew, the hybrid of the CG-OoO papers: a bimodal table and a majority vote of three tables that are
// indexed differently ("skewed", so that two branches that collide in one table rarely collide in another),
// and a chooser.
#pragma once
#include <vector>
#include "predictor/history.hh"

namespace sim {

// BIM is indexed by the address, G0 and G1 by the address xor the history rotated by 4 and by 8, the chooser
// META by the address xor the plain history (the papers do not give META's index). Trained at commit by the
// partial-update rules of Seznec and Michaud: a table whose vote was not needed, or that was wrong but
// outvoted, is left alone.
class GskewDirection final : public Model<GskewDirection, DirectionPredictor> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, bim_entries, 8192, "counters", "2-bit counters of BIM, the bimodal table");
        PARAM(u32, gskew_entries, 8192, "counters", "2-bit counters of G0 and of G1");
        PARAM(u32, meta_entries, 8192, "counters", "2-bit counters of META, which picks BIM or the vote");
        PARAM(u32, history_length, 13, "transfers", "youngest control transfers in the indices");
        PARAM(u32, g0_rotation, 4, "bits", "history is rotated by this in G0's index");
        PARAM(u32, g1_rotation, 8, "bits", "history is rotated by this in G1's index");
        PARAM(bool, jumps_in_history, true, "", "unconditional transfers enter the history as taken");
    };
    struct Stats : Described<Stats> {
        STAT(lookups, "lookups", "predictions, wrong path included; each reads all four tables");
        STAT(vote_predictions, "lookups", "predictions for which META chose the majority vote");
        STAT(table_writes, "writes", "counters of BIM, G0 and G1 changed at commit");
        STAT(meta_writes, "writes", "counters of META changed at commit");
    };
    explicit GskewDirection(const Params &);
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
    struct Lookup {
        u8 &bim, &g0, &g1, &meta;
        bool bimodal() const { return bim >= 2; }
        bool vote() const { return (bim >= 2) + (g0 >= 2) + (g1 >= 2) >= 2; }
        bool chooses_vote() const { return meta >= 2; }
        bool taken() const { return chooses_vote() ? vote() : bimodal(); }
    };
    Lookup look_up(Address pc, u32 history);
    u32 rotated(u32 history, u32 by) const;
    void strengthen(const Lookup &counters, bool taken);
    static void write(u8 &counter, bool up, u64 &writes) {
        const u8 before = counter;
        count(counter, up);
        writes += counter != before;
    }

    const Params params_;
    ShortHistory history_;
    std::vector<u8> bim_, g0_, g1_, meta_;
};

}   // namespace sim
