// SPDX-License-Identifier: BSD-3-Clause
// O3PipeView counts ticks, a thousand a cycle as gem5 does at its customary clock; 0 means that it never
// happened.
#include "trace/o3_pipe_view.hh"
#include <algorithm>
#include <cstdio>

namespace sim {

static constexpr Cycle kTicks = 1000;

void O3PipeView::write(const Record &record) {
    const auto tick = [](Cycle cycle) { return (cycle + 1) * kTicks; };   // cycle 0 did happen
    char pc[24];
    std::snprintf(pc, sizeof pc, "0x%08llx", static_cast<unsigned long long>(record.pc));
    std::string text = record.text;
    std::replace(text.begin(), text.end(), ':', ' ');   // separates the fields
    out_ << "O3PipeView:fetch:" << tick(record.begin) << ":" << pc << ":0:" << record.id << ":" << text
         << "\n";
    for (const char *name : {"decode", "rename", "dispatch", "issue", "complete"}) {
        Cycle cycle = kNever;
        for (const Stage &stage : record.stages)
            if (stage.name == name) cycle = stage.cycle;
        out_ << "O3PipeView:" << name << ":" << (cycle == kNever ? 0 : tick(cycle)) << "\n";
    }
    out_ << "O3PipeView:retire:" << (record.committed ? tick(record.end) : 0) << ":store:0\n";
}

}  // namespace sim
