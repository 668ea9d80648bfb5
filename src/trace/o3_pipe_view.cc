// SPDX-License-Identifier: BSD-3-Clause
// O3PipeView counts ticks, a thousand a cycle as gem5 does at its customary clock; 0 means that it never happened: from
// there on, the instruction was squashed.
#include "trace/o3_pipe_view.hh"
#include <algorithm>
#include <array>
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
    // A stage that this core has not, or that the instruction passes over, shares the cycle of the next: Konata takes 0
    // in any line for a flush.
    constexpr std::array kStages = {"decode", "rename", "dispatch", "issue", "complete"};
    std::array<Cycle, kStages.size()> cycles;
    Cycle next = record.committed ? record.end : kNever;
    for (size_t k = kStages.size(); k-- > 0;) {
        for (const Stage &stage : record.stages)
            if (stage.name == kStages[k]) next = stage.cycle;
        cycles[k] = next;
    }
    for (size_t k = 0; k < kStages.size(); ++k)
        out_ << "O3PipeView:" << kStages[k] << ":" << (cycles[k] == kNever ? 0 : tick(cycles[k])) << "\n";
    out_ << "O3PipeView:retire:" << (record.committed ? tick(record.end) : 0) << ":store:0\n";
}

}  // namespace sim
