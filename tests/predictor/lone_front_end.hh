// SPDX-License-Identifier: BSD-3-Clause
// What the predictor tests share: branches in one line, a front end that fetches and commits at once, and
// predictors by name.
#pragma once
#include <memory>
#include <random>
#include <vector>
#include "predictor/bimodal.hh"
#include "predictor/branch_predictor.hh"
#include "predictor/gshare.hh"
#include "predictor/gskew_direction.hh"
#include "predictor/ittage.hh"
#include "predictor/static_direction.hh"
#include "predictor/tage.hh"
#include "predictor/tage_scl.hh"

namespace sim::predicting {

struct Happening {   // a control transfer and what truly came of it
    Branch branch;
    bool taken;
    Address next;
};

inline Happening conditional(Address pc, bool taken, Address target = 0) {
    const Branch b{pc, pc + 4, target ? target : pc + 64, BranchKind::Conditional};
    return {b, taken, taken ? b.target : b.fall_through};
}
inline Happening jump(Address pc, Address target, BranchKind kind = BranchKind::Jump) {
    return {{pc, pc + 4, target, kind}, true, target};
}
inline Happening call(Address pc, Address target) { return jump(pc, target, BranchKind::Call); }
inline Happening indirect(Address pc, Address target, BranchKind kind = BranchKind::Indirect) {
    return {{pc, pc + 4, 0, kind}, true, target};
}
inline Happening returning(Address pc, Address target) { return indirect(pc, target, BranchKind::Return); }

template <class Predictor>
std::unique_ptr<DirectionPredictor> fresh() {
    return std::make_unique<Predictor>(typename Predictor::Params());
}

template <class Predictor>
std::unique_ptr<DirectionPredictor> without_jumps() {
    typename Predictor::Params params;
    params.jumps_in_history = false;
    return std::make_unique<Predictor>(params);
}

struct NamedPredictor {
    const char *name;
    std::unique_ptr<DirectionPredictor> (*make)();
};
inline const NamedPredictor kPredictors[] = {
    {"StaticDirection", fresh<StaticDirection>},
    {"Bimodal", fresh<Bimodal>},
    {"Gshare", fresh<Gshare>},
    {"Gshare without jumps", without_jumps<Gshare>},
    {"GskewDirection", fresh<GskewDirection>},
    {"GskewDirection without jumps", without_jumps<GskewDirection>},
    {"Tage", fresh<Tage>},
    {"TageScl", fresh<TageScl>},
};

// A BranchPredictor that owns its parts.
class LoneFrontEnd {
  public:
    explicit LoneFrontEnd(std::unique_ptr<DirectionPredictor> direction = fresh<Bimodal>(),
                          bool ittage = false, BranchPredictor::Params params = {})
        : direction_(std::move(direction)) {
        if (ittage) indirect_ = std::make_unique<Ittage>(Ittage::Params());
        params.direction = direction_.get();
        params.indirect = indirect_.get();
        whole_ = std::make_unique<BranchPredictor>(params);
    }
    BranchPredictor *operator->() { return whole_.get(); }
    DirectionPredictor &direction() { return *direction_; }
    Ittage &indirect() { return *indirect_; }

    // Fetch, decode where fetch knew nothing, resolve if wrong, commit. Returns the final guess.
    Prediction pass(const Happening &h) {
        Prediction p = whole_->predict(h.branch);
        if (!p.btb_hit && !h.branch.oracle_known) p = whole_->decode_redirect(p.ticket);
        if (p.next != h.next) whole_->resolve(p.ticket, h.taken, h.next);
        whole_->commit(p.ticket, h.taken, h.next);
        return p;
    }
    bool guesses(const Happening &h) { return pass(h).next == h.next; }

  private:
    std::unique_ptr<DirectionPredictor> direction_;
    std::unique_ptr<Ittage> indirect_;
    std::unique_ptr<BranchPredictor> whole_;
};

// Share of wrong guesses among the transfers at `watched` (0: all) in the second half of `story`.
inline double miss_share(LoneFrontEnd &front, const std::vector<Happening> &story, Address watched = 0) {
    u64 seen = 0, wrong = 0;
    for (size_t i = 0; i < story.size(); ++i) {
        const bool right = front.guesses(story[i]);
        if (i < story.size() / 2 || (watched && story[i].branch.pc != watched)) continue;
        ++seen;
        wrong += !right;
    }
    return ratio(double(wrong), double(seen));
}
template <class Predictor>
double miss_share(const std::vector<Happening> &story, Address watched = 0,
                  typename Predictor::Params params = {}) {
    LoneFrontEnd front(std::make_unique<Predictor>(params));
    return miss_share(front, story, watched);
}

// Its direction predictor always gives the same answer.
inline LoneFrontEnd with(BranchPredictor::Params params, bool ittage = false, bool taken = true) {
    StaticDirection::Params answer;
    answer.taken = taken;
    return LoneFrontEnd(std::make_unique<StaticDirection>(answer), ittage, params);
}

// Fetches alone: what the predictor says before anything is decoded; then takes it back.
inline Prediction peek(LoneFrontEnd &front, const Branch &branch) {
    const Prediction p = front->predict(branch);
    front->squash(p.ticket);
    return p;
}

}   // namespace sim::predicting
