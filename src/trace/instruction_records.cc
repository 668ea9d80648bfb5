// SPDX-License-Identifier: BSD-3-Clause
// Keeps instructions in flight until they end; opens, names and closes the file.
#include "trace/instruction_records.hh"
#include "sim/errors.hh"

namespace sim {

InstructionRecords::InstructionRecords(const std::string &file) : file_("pipeline trace", file), out_(file_.out) {}

void InstructionRecords::begin(u64 id, Cycle now, Address pc, const std::string &text) {
    require(!file_.is_over(), "pipeline trace: reports end with finish()");
    const bool is_new = records_.try_emplace(id, Record{id, begun_, now, 0, pc, false, text, {}}).second;
    require(is_new, "pipeline trace: an instruction begins once");
    ++begun_;
    latest_ = std::max(latest_, now);
}

InstructionRecords::Record &InstructionRecords::in_flight(u64 id, Cycle now) {
    const auto found = records_.find(id);
    require(found != records_.end(),
            "pipeline trace: a stage or an end lies between an instruction's begin and end");
    Record &record = found->second;
    const Cycle before = record.stages.empty() ? record.begin : record.stages.back().cycle;
    require(now >= before, "pipeline trace: an instruction's cycles never go back");
    latest_ = std::max(latest_, now);
    return record;
}

void InstructionRecords::stage(u64 id, std::string_view stage, Cycle now) {
    in_flight(id, now).stages.push_back({std::string(stage), now});
}

void InstructionRecords::end(u64 id, Cycle now, bool committed) {
    Record &record = in_flight(id, now);
    record.end = now;
    record.committed = committed;
    write(record);
    records_.erase(id);
    if (!records_.empty()) settle(records_.begin()->second.begin);   // ids ascend: the first is the oldest
    file_.check();
}

void InstructionRecords::finish() {
    if (file_.is_over()) return;
    while (!records_.empty()) end(records_.begin()->first, latest_, false);
    settle(kAll);
    file_.finish();
}

}  // namespace sim
