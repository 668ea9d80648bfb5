// SPDX-License-Identifier: BSD-3-Clause
// An out-of-order core on memories without limits, for words of code; what instructions cost is a difference.
#pragma once
#include <gtest/gtest.h>
#include <functional>
#include <memory>
#include "core/board.hh"
#include "memory/fixed_latency_memory.hh"
#include "ooo/ooo.hh"
#include "predictor/bimodal.hh"
#include "predictor/static_direction.hh"

namespace sim::test {

// What a test changes before the core is built. Children left empty get the rig's own.
struct OooSettings {
    OutOfOrderCore::Params core;
    ExecutionUnits::Params units;
    u32 l1d_latency = 4;      // of the rig's own data memory; core.hit_latency follows it
    bool learns = false;      // a bimodal predictor in place of "never taken"
    bool check = true;

    void width(u32 w) { core.fetch_width = core.dispatch_width = core.issue_width = core.commit_width = w; }
};
using Change = std::function<void(OooSettings &)>;

class OooRig {
  public:
    explicit OooRig(const Code &code, const Change &change = {}, u8 code_flags = kRead | kExecute)
        : board(code, code_flags) {
        OooSettings s;
        s.core.fetch_queue_entries = 64;
        if (change) change(s);
        FixedLatencyMemory::Params fast;
        fast.latency = 1;
        l1i_ = std::make_unique<FixedLatencyMemory>(fast);
        fast.latency = s.l1d_latency;
        l1d_ = std::make_unique<FixedLatencyMemory>(fast);
        if (!s.core.l1i) s.core.l1i = l1i_.get();
        if (!s.core.l1d) {
            s.core.l1d = l1d_.get();
            s.core.hit_latency = s.l1d_latency;
        }
        StaticDirection::Params never;
        never.taken = false;
        if (s.learns) direction_ = std::make_unique<Bimodal>(Bimodal::Params());
        else direction_ = std::make_unique<StaticDirection>(never);
        BranchPredictor::Params p;
        p.direction = direction_.get();
        predictor_ = std::make_unique<BranchPredictor>(p);
        if (!s.core.predictor) s.core.predictor = predictor_.get();
        units_ = std::make_unique<ExecutionUnits>(s.units);
        if (!s.core.units) s.core.units = units_.get();
        core = std::make_unique<OutOfOrderCore>(s.core);
        bench = std::make_unique<Bench>(*core, board, s.check);
    }
    // To the end; returns the core's statistics.
    const OutOfOrderCore::Stats &run() {
        bench->run();
        EXPECT_TRUE(board.exited());
        return core->stats;
    }

    Board board;
    std::unique_ptr<OutOfOrderCore> core;
    std::unique_ptr<Bench> bench;

  private:
    std::unique_ptr<FixedLatencyMemory> l1i_, l1d_;
    std::unique_ptr<DirectionPredictor> direction_;
    std::unique_ptr<BranchPredictor> predictor_;
    std::unique_ptr<ExecutionUnits> units_;
};

// `before`, then `body` so many times in a row, then the end.
inline Code straight(const Code &before, const Code &body, u64 times) {
    Code code = before;
    assembler::repeat(code, times, body);
    code.push_back(assembler::kEcall);
    return code;
}
inline Cycle cycles_of(const Code &code, const Change &change = {}) {
    OooRig rig(code, change);
    return rig.run().cycles;
}
// Cycles that one repetition of `body` adds, in a long row of them.
inline double cost(const Code &body, const Change &change = {}, const Code &before = {}) {
    constexpr u64 kTimes = 240;
    const Cycle once = cycles_of(straight(before, body, kTimes), change);
    const Cycle twice = cycles_of(straight(before, body, 2 * kTimes), change);
    return double(twice - once) / kTimes;
}

}  // namespace sim::test
