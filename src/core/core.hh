// SPDX-License-Identifier: BSD-3-Clause
// What every core offers a machine: take a program in, commit instructions until a limit or its end.
#pragma once
#include "program/environment.hh"
#include "program/program.hh"
#include "sim/component.hh"

namespace sim {

class PipelineTrace;   // trace/pipeline_trace.hh

struct CoreStart {
    const Program *program = nullptr;
    Environment *environment = nullptr;
    Hart hart;                            // at the first instruction
    bool check = false;                   // lock-step against the functional core at commit
    PipelineTrace *trace = nullptr;       // null: none
};

class Core : public Component {
  public:
    virtual void start(const CoreStart &start) = 0;

    // Commits until the program has exited or `instructions` more have been committed: exactly so many where exact_stop
    // is set, else a block core goes on to the end of its block. Throws GuestError, SimulatorBug.
    virtual void run(u64 instructions) = 0;

    virtual const Hart &hart() const = 0;   // architectural state, exact after run() returns

    // Cleared for the slices of a longer run, which must not leave a trace in the timing.
    bool exact_stop = true;
};

}  // namespace sim
