// SPDX-License-Identifier: BSD-3-Clause
// Builds a machine from its options: loads the program, takes the component tree in, starts the core.
#include "core/machine.hh"
#include <cstdio>

namespace sim {

static ProgramOptions program_options(const Machine::Options &o) {
    ProgramOptions p;
    p.name = o.name;
    p.arguments = o.arguments;
    p.environment = o.environment;
    p.input = o.input;
    p.output = o.output;
    p.error = o.error;
    p.directory = o.directory;
    p.readable = o.readable;
    p.writable = o.writable;
    p.seed = o.seed;
    p.clock_ghz = o.clock;
    p.strace = o.strace;
    return p;
}

static std::vector<Accelerator *> accelerators_of(const Machine::Options &o) {
    std::vector<Accelerator *> found;
    bool is_last = false;
    for (Accelerator *accelerator : {o.accel0, o.accel1, o.accel2, o.accel3}) {
        if (accelerator && is_last)
            throw ConfigError("Machine: accel" + std::to_string(found.size()) +
                              " is missing, but one with a higher number is given; number them from 0 without gaps");
        if (accelerator) found.push_back(accelerator);
        else is_last = true;
    }
    return found;
}

static std::vector<std::pair<Component *, std::string>> roots_of(const Machine::Options &o) {
    std::vector<std::pair<Component *, std::string>> roots{{o.core, "core"}};
    for (Accelerator *accelerator : accelerators_of(o))
        roots.emplace_back(accelerator, "accel" + std::to_string(roots.size() - 1));
    return roots;
}

static void validate(const Machine::Options &o) {
    if (o.program.empty())
        throw ConfigError("Machine: no program is given; set program= to a static RV64 ELF file");
    if (!(o.clock > 0))
        throw ConfigError("Machine: clock must be more than 0 GHz; it is " + std::to_string(o.clock));
    for (const std::string &setting : o.environment)
        if (setting.find('=') == std::string::npos || setting.front() == '=')
            throw ConfigError("Machine: environment entries are written NAME=value; '" + setting +
                              "' is not");
}

Machine::Machine(const Options &options) : options_(options), accelerators_(accelerators_of(options)), tree_(component_tree(roots_of(options))) {
    validate(options_);
    for (const TreeNode &node : tree_)
        if (node.component->is_attached())
            throw ConfigError(node.path + ": this " + std::string(node.component->type_name()) +
                              " belongs to another machine already; build a new one for each machine");
    program_ = Program::load(options_.program);
    CoreStart start;
    ProgramOptions for_program = program_options(options_);
    for_program.devices.assign(accelerators_.begin(), accelerators_.end());
    environment_ = make_environment(program_, for_program, start.hart);
    if (!options_.pipeline_trace.empty()) trace_ = open_pipeline_trace(options_.pipeline_trace);
    attach_components();
    if (!options_.timeline.empty()) {
        timeline_ = std::make_unique<DeviceTimeline>(options_.timeline, options_.clock);
        for (Accelerator *accelerator : accelerators_) accelerator->draw_on(*timeline_);
    }
    start.program = &program_;
    start.environment = environment_.get();
    start.check = options_.check;
    start.trace = trace_.get();
    options_.core->start(start);
}

Machine::~Machine() {
    try {
        finish();
    } catch (const std::exception &e) {
        std::fprintf(stderr, "%s\n", e.what());
    }
}

void Machine::attach_components() {
    for (const TreeNode &node : tree_) node.component->path = node.path;
    for (u32 index : children_first(tree_)) tree_[index].component->attach(clock_);
    if (!options_.check) return;
    versions_ = std::make_unique<LineVersions>();
    for (const TreeNode &node : tree_)
        if (auto *memory = dynamic_cast<Memory *>(node.component)) memory->track_versions(*versions_);
    for (Accelerator *accelerator : accelerators_) accelerator->params().dma->track_versions(*versions_);
}

bool Machine::run(u64 instructions, bool exact) {
    if (exited()) return true;
    if (is_finished_) throw ConfigError("Machine: it is finished and cannot run on; build a new one");
    options_.core->exact_stop = exact;
    options_.core->run(instructions);
    for (Accelerator *accelerator : accelerators_) accelerator->settle(clock_.now);
    if (!exited()) return false;
    finish();
    return true;
}

void Machine::finish() {
    if (is_finished_) return;
    is_finished_ = true;
    if (trace_) trace_->finish();
    if (timeline_) timeline_->finish();
}

}  // namespace sim
