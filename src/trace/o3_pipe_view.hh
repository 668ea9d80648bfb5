// SPDX-License-Identifier: BSD-3-Clause
// Writes gem5's O3PipeView text, which Konata and gem5's o3-pipeview.py read: seven lines an instruction, as
// it ends.
#pragma once
#include "trace/instruction_records.hh"

namespace sim {

class O3PipeView final : public InstructionRecords {
  public:
    using InstructionRecords::InstructionRecords;

  private:
    void write(const Record &record) override;
    void settle(Cycle) override {}
};

}  // namespace sim
