// SPDX-License-Identifier: BSD-3-Clause
// Chooses a pipeline trace's format by the file's name.
#include "trace/pipeline_trace.hh"
#include "sim/errors.hh"
#include "trace/kanata_trace.hh"
#include "trace/o3_pipe_view.hh"

namespace sim {

std::unique_ptr<PipelineTrace> open_pipeline_trace(const std::string &file) {
    if (file.ends_with(".kanata")) return std::make_unique<KanataTrace>(file);
    if (file.ends_with(".o3")) return std::make_unique<O3PipeView>(file);
    throw ConfigError("pipeline trace " + file +
                      ": the name must end in .kanata (Konata's log) or .o3 (gem5's O3PipeView)");
}

}  // namespace sim
