// SPDX-License-Identifier: BSD-3-Clause
// A core with everything that hangs off it, a program, and the time they share: what a script runs.
#pragma once
#include <memory>
#include "core/core.hh"
#include "device/accelerator.hh"
#include "memory/line_versions.hh"
#include "program/options.hh"
#include "sim/statistics.hh"
#include "trace/pipeline_trace.hh"

namespace sim {

class Machine {
  public:
    struct Options : Described<Options> {
        CHILD(Core, core, required, "processor that runs the program, with its caches and predictors");
        CHILD(Accelerator, accel0, optional, "device that the program finds as /dev/accel0");
        CHILD(Accelerator, accel1, optional, "as /dev/accel1");
        CHILD(Accelerator, accel2, optional, "as /dev/accel2");
        CHILD(Accelerator, accel3, optional, "as /dev/accel3");
        PARAM(std::string, program, std::string(), "", "guest program: a static RV64 ELF file");
        PARAM(std::string, name, std::string(), "", "guest's own name, argv[0]; empty: the program's path");
        PARAM(TextList, arguments, TextList(), "", "guest's arguments after its own name");
        PARAM(TextList, environment, TextList(), "",
              "guest's environment, each NAME=value; nothing is inherited");
        PARAM(std::string, input, std::string(), "", "file for standard input; empty: the simulator's own");
        PARAM(std::string, output, std::string(), "", "file for standard output; empty: the simulator's own");
        PARAM(std::string, error, std::string(), "", "file for standard error; empty: the simulator's own");
        PARAM(std::string, directory, std::string(), "",
              "guest's working directory; empty: the program's folder");
        PARAM(TextList, readable, TextList(), "", "further files and folders that the guest may read");
        PARAM(std::string, writable, std::string(), "",
              "folder below which the guest may write; empty: nowhere");
        PARAM(u64, seed, 1, "", "start of everything random that the guest sees");
        PARAM(double, clock, 2.0, "GHz", "core clock, which turns cycles into the guest's time");
        PARAM(bool, strace, false, "", "print every system call on standard error");
        PARAM(bool, check, false, "", "compare every committed instruction with the functional core");
        PARAM(std::string, pipeline_trace, std::string(), "",
              "file for a pipeline trace, .kanata (Konata) or .o3 (gem5's O3PipeView); empty: none");
        PARAM(std::string, timeline, std::string(), "",
              "file for what devices did when, in Chrome's trace format; empty: none");
    };

    explicit Machine(const Options &);
    ~Machine();
    Machine(const Machine &) = delete;
    Machine &operator=(const Machine &) = delete;

    // Commits up to so many more instructions (block cores: to the end of the block); true when the program
    // has exited.
    bool run(u64 instructions, bool exact = true);   // exact: see Core::exact_stop
    // Ends the pipeline trace; the machine cannot run on. Called by run() when the program exits.
    void finish();

    const Options &options() const { return options_; }
    const std::vector<TreeNode> &tree() const { return tree_; }
    Statistics stats() const { return Statistics(tree_); }
    LineVersions *versions() { return versions_.get(); }   // null without check
    const Program &program() const { return program_; }
    const Hart &hart() const { return options_.core->hart(); }
    bool exited() const { return environment_->exited(); }
    int exit_status() const { return environment_->exit_status(); }   // once exited

  private:
    void attach_components();

    const Options options_;
    std::vector<Accelerator *> accelerators_;
    std::vector<TreeNode> tree_;
    Program program_;
    Clock clock_;
    std::unique_ptr<Environment> environment_;
    std::unique_ptr<PipelineTrace> trace_;
    std::unique_ptr<LineVersions> versions_;
    std::unique_ptr<DeviceTimeline> timeline_;
    bool is_finished_ = false;
};

}  // namespace sim
