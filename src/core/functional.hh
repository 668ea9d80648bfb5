// SPDX-License-Identifier: BSD-3-Clause
// The fast functional core: no timing, one instruction a cycle, decoded once into records whose handlers call each other.
#pragma once
#include "core/core.hh"
#include "core/checker.hh"
#include "core/interpreter.hh"
#include "core/sleep.hh"

namespace sim {

class FunctionalCore final : public Model<FunctionalCore, Core> {
  public:
    struct Params : Described<Params> {};
    struct Stats : Described<Stats> {
        STAT(committed_instructions, "instructions", "instructions executed");
        STAT(cycles, "cycles", "one an instruction, so that counters and time move, and those slept");
        STAT(environment_calls, "calls", "system calls, breakpoints, faults and interrupts handled");
        FORMULA(ipc, "instructions/cycle", "1 by definition while the program does not sleep", ratio(committed_instructions, cycles));
    };
    explicit FunctionalCore(const Params &params) : params_(params) {}
    const Params &params() const { return params_; }

    void start(const CoreStart &start) override;
    void run(u64 instructions) override;
    const Hart &hart() const override { return hart_; }

    Stats stats;

  private:
    void step_system(const Decoded &d);
    void slow_step();
    void interrupt();

    const Params params_;
    CoreStart start_;
    Hart hart_;
    InstructionClock time_;
    std::unique_ptr<DecodeCache> code_;
    std::unique_ptr<Interpreter> interpreter_;
    std::unique_ptr<Checker> checker_;
};

}  // namespace sim
