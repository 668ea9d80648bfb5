// SPDX-License-Identifier: BSD-3-Clause
#include "core/functional.hh"
#include "core/checker.hh"

namespace sim {
COMPONENT(FunctionalCore, "Fast functional core: runs the program, models no time.");

void FunctionalCore::start(const CoreStart &start) {
    start_ = start;
    hart_ = start.hart;
    code_ = std::make_unique<DecodeCache>(start.environment->memory());
    interpreter_ = std::make_unique<Interpreter>(start.environment->memory());
    if (start.check) checker_ = std::make_unique<Checker>(start, path);
}

void FunctionalCore::run(u64 instructions) {
    Environment &environment = *start_.environment;
    const u64 first = hart_.committed;
    const u64 end = instructions > ~u64{0} - first ? ~u64{0} : first + instructions;
    while (!environment.exited() && hart_.committed < end) {
        time_.advance(hart_, *clock_);
        if (environment.asleep()) {
            time_.sleep(hart_, *clock_, environment);
            interrupt();
            continue;
        }
        if (hart_.committed >= environment.next_interrupt()) interrupt();
        const u64 quiet = time_.until_event(*clock_);   // a device may change memory then
        const u64 stop = std::min({end, environment.next_interrupt(), quiet == ~u64{0} ? end : hart_.committed + quiet});
        if (!checker_ && stop - hart_.committed > Interpreter::kSlack &&
            interpreter_->execute(hart_, stop - Interpreter::kSlack) == Interpreter::Stop::Limit)
            continue;
        slow_step();
    }
    time_.advance(hart_, *clock_);
    stats.committed_instructions = hart_.committed;
    stats.cycles = hart_.cycle;
}

void FunctionalCore::interrupt() {
    ++stats.environment_calls;
    if (checker_) checker_->begin_environment(hart_);
    start_.environment->interrupt(hart_);
    if (checker_) checker_->end_environment(hart_);
}

void FunctionalCore::slow_step() {
    Effect effect;
    time_.advance(hart_, *clock_);
    const Step result = step(hart_, start_.environment->memory(), *code_, effect);
    if (result.end == StepEnd::Done) {
        if (checker_) checker_->committed(effect, hart_.fflags, hart_.cycle);
        return;
    }
    if (result.end == StepEnd::System) {
        const Decoded d = *code_->at(hart_.pc);
        if (d.op_class != OpClass::System && (d.op_class != OpClass::Csr || csr_exists(u32(d.imm) & 0xfff)))
            return step_system(d);
        ++stats.environment_calls;
        if (checker_) checker_->begin_environment(hart_);
        execute_system(hart_, d, *start_.environment, effect);
    } else {
        ++stats.environment_calls;
        if (checker_) checker_->begin_environment(hart_);
        start_.environment->fault(hart_, result.fault, result.fault_address);
    }
    if (checker_) checker_->end_environment(hart_);
}

// Csr and fences: no environment involved, unless a read-only register is written.
void FunctionalCore::step_system(const Decoded &d) {
    Effect effect;
    const Cycle cycle = hart_.cycle;
    if (checker_) {
        Hart trial = hart_;
        if (d.op_class == OpClass::Csr && !execute_csr(trial, d, effect)) {
            checker_->begin_environment(hart_);
            execute_system(hart_, d, *start_.environment, effect);
            return checker_->end_environment(hart_);
        }
    }
    execute_system(hart_, d, *start_.environment, effect);
    if (checker_) checker_->committed(effect, hart_.fflags, cycle);
}

}  // namespace sim
