// SPDX-License-Identifier: BSD-3-Clause
// Kanata 0004. Instructions are numbered from 0 in the file; their own id is shown beside.
#include "trace/kanata_trace.hh"
#include <cstdio>

namespace sim {

KanataTrace::KanataTrace(const std::string &file) : InstructionRecords(file) { out_ << "Kanata\t0004\n"; }

void KanataTrace::write(const Record &record) {
    const std::string id = std::to_string(record.number);
    char pc[20];
    std::snprintf(pc, sizeof pc, "%llx", static_cast<unsigned long long>(record.pc));
    const std::string first = "I\t" + id + "\t" + std::to_string(record.id) + "\t0\n";
    const std::string label = "L\t" + id + "\t0\t" + pc + ": " + record.text + "\n";
    events_.push({record.begin, record.number, first + label + "S\t" + id + "\t0\tfetch\n"});
    std::string open = "fetch";
    for (const Stage &stage : record.stages) {
        add(stage.cycle, "E\t" + id + "\t0\t" + open + "\nS\t" + id + "\t0\t" + stage.name + "\n");
        open = stage.name;
    }
    add(record.end, "E\t" + id + "\t0\t" + open + "\nR\t" + id + "\t" + std::to_string(committed_) + "\t" +
                        (record.committed ? "0" : "1") + "\n");
    committed_ += record.committed;
}

void KanataTrace::settle(Cycle cycle) {
    for (; !events_.empty() && (cycle == kAll || events_.top().cycle < cycle); events_.pop()) {
        const Event &event = events_.top();
        if (written_ == kNever) out_ << "C=\t" << event.cycle << "\n";
        else if (event.cycle > written_) out_ << "C\t" << event.cycle - written_ << "\n";
        written_ = event.cycle;
        out_ << event.line;
    }
}

}  // namespace sim
