// SPDX-License-Identifier: BSD-3-Clause
// Collects what a pipeline reports into one record an instruction, and hands it to a file format when it has
// ended.
#pragma once
#include <map>
#include <vector>
#include "trace/pipeline_trace.hh"
#include "trace/whole_file.hh"

namespace sim {

class InstructionRecords : public PipelineTrace {
  public:
    explicit InstructionRecords(const std::string &file);
    void begin(u64 id, Cycle now, Address pc, const std::string &text) final;
    void stage(u64 id, std::string_view stage, Cycle now) final;
    void end(u64 id, Cycle now, bool committed) final;
    void finish() final;

  protected:
    struct Stage {
        std::string name;
        Cycle cycle;
    };
    struct Record {
        u64 id;
        u64 number;                  // from 0, in the order of begin()
        Cycle begin, end;
        Address pc;
        bool committed;
        std::string text;
        std::vector<Stage> stages;   // in the order of their cycles
    };
    static constexpr Cycle kAll = kNever;

    // An instruction has ended.
    virtual void write(const Record &record) = 0;
    // Nothing that happens before `cycle` can be reported any more; kAll at the end.
    virtual void settle(Cycle cycle) = 0;

    WholeFile file_;
    std::ofstream &out_;

  private:
    Record &in_flight(u64 id, Cycle now);

    std::map<u64, Record> records_;   // in flight
    Cycle latest_ = 0;
    u64 begun_ = 0;
};

}  // namespace sim
