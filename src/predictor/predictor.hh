// SPDX-License-Identifier: BSD-3-Clause
// Branch prediction's parts: what a direction, a target predictor must do, with speculative history and exact recovery.
#pragma once
#include <array>
#include "sim/component.hh"

namespace sim {

// What one prediction leaves behind for train() and restore(): table indices, counters read, history before it.
struct PredictorState {
    std::array<u32, 64> words;
};

// Predicts taken or not. Histories are speculative: speculate() shifts in every fetched control transfer,
// restore() takes history back to exactly what it was when `state` was filled.
class DirectionPredictor : public Component {
  public:
    virtual bool predict(Address pc, PredictorState &state) = 0;   // also saves the history in `state`
    virtual void save(PredictorState &state) = 0;                   // saves the history only (unconditional transfers)
    virtual void speculate(Address pc, Address next, bool taken) = 0;
    virtual void restore(const PredictorState &state) = 0;
    virtual void train(Address pc, bool taken, const PredictorState &state) = 0;   // at commit, in program order
};

// Predicts where an indirect jump or call goes; 0 when it does not know. Same history discipline.
class TargetPredictor : public Component {
  public:
    virtual Address predict(Address pc, PredictorState &state) = 0;
    virtual void save(PredictorState &state) = 0;
    virtual void speculate(Address pc, Address next, bool taken) = 0;
    virtual void restore(const PredictorState &state) = 0;
    virtual void train(Address pc, Address target, const PredictorState &state) = 0;
};

enum class BranchKind : u8 { Conditional, Jump, Call, Return, Indirect, IndirectCall };

// A control transfer as fetch meets it. For blocks, `pc` is the head's address.
struct Branch {
    Address pc;             // key for all tables
    Address fall_through;   // what follows when it is not taken; also the return address a call pushes
    Address target;         // of a direct transfer; ignored for Return, Indirect, IndirectCall
    BranchKind kind;
    // The oracle's word on this very instance, for limit studies; used only by `perfect` predictors.
    bool oracle_known = false, oracle_taken = false;
    Address oracle_next = 0;
};

struct Prediction {
    u64 ticket;      // names this instance in resolve, squash and commit
    Address next;    // where to fetch
    bool taken;
    bool btb_hit;    // false: fetch did not know that a transfer stands here; see BranchPredictor
};

}  // namespace sim
