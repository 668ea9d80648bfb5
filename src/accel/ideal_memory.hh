// SPDX-License-Identifier: BSD-3-Clause
// Runs an engine by itself: no processor, and a memory that moves any number of bytes in no time.
#pragma once
#include <vector>
#include "device/engine.hh"

namespace sim {

class IdealMemory final : public Dma {
  public:
    static constexpr Address kModel = 0x1'0000'0000, kInput = 0x2'0000'0000, kOutput = 0x3'0000'0000;

    std::span<const u8> model, input;
    std::vector<u8> output;
    u64 read_bytes = 0, written_bytes = 0;

    bool read(Address bus, std::span<u8> into, u32 tag) override;
    bool write(Address bus, std::span<const u8> from, u32 tag) override;
    // Tells the engine of what has been moved since the last call.
    void deliver(Engine &engine);

  private:
    struct Done {
        u32 tag;
        bool ok;
    };
    std::vector<Done> done_;
};

// A job whose model, input and output are in such a memory; a part of no bytes has address 0.
EngineJob ideal_job(u32 operation, const IdealMemory &memory);

// Advances by about so many cycles; true when the job has finished.
bool advance(Engine &engine, IdealMemory &memory, u64 cycles);

}  // namespace sim
