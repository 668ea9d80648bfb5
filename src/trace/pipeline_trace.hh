// SPDX-License-Identifier: BSD-3-Clause
// A listener on one core's pipeline that writes what every dynamic instruction did, for Konata or gem5's
// viewers.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include "sim/types.hh"

namespace sim {

// One core reports to one trace. For each instruction: begin(), then stage() with cycles that never go back,
// then end(). Reports about different instructions may come in any order, and a stage may be reported after
// the fact.
class PipelineTrace {
  public:
    virtual ~PipelineTrace() = default;

    // Instruction `id` (ascending in fetch order, unique) is fetched; `text` is its disassembly.
    virtual void begin(u64 id, Cycle now, Address pc, const std::string &text) = 0;
    // Enters "decode", "rename", "dispatch", "issue", "complete", or a stage of the core's own. Fetch is
    // begin(). A stage entered again (a replay) counts from the last time on. "complete": the result is there.
    virtual void stage(u64 id, std::string_view stage, Cycle now) = 0;
    virtual void end(u64 id, Cycle now, bool committed) = 0;   // false: squashed

    // Writes what is still in flight as squashed and gives the file its final name. Later reports are errors.
    virtual void finish() = 0;
};

// The name decides the format: `.kanata` is Konata's log, `.o3` is gem5's O3PipeView; throws ConfigError
// otherwise.
std::unique_ptr<PipelineTrace> open_pipeline_trace(const std::string &file);

}  // namespace sim
