// SPDX-License-Identifier: BSD-3-Clause
// The machine behind a command queue: takes one job at a time and works through it in cycles of its own clock.
#pragma once
#include <array>
#include <span>
#include "sim/component.hh"

namespace sim {

// Moves bytes between bus addresses and an engine's own storage. Order of completion is not promised. A transfer begun
// in begin() or dma_done() starts at once; one begun in run() starts when that call's cycles are over, so an engine
// that works on while a transfer is under way returns from run() after beginning it (still Working).
class Dma {
  public:
    // False: as many transfers as allowed are outstanding; ask again after the next dma_done(). `into` and `from` must
    // live until Engine::dma_done(tag). Tags are the engine's own; nothing is done with them but handing them back.
    virtual bool read(Address bus, std::span<u8> into, u32 tag) = 0;
    virtual bool write(Address bus, std::span<const u8> from, u32 tag) = 0;

  protected:
    ~Dma() = default;
};

// Status codes of a completion entry; the guest library's header has the same numbers.
enum class EngineStatus : u32 {
    Ok = 0,
    BadDescriptor = 1,
    BadAddress = 2,
    BadModel = 3,
    Overflow = 4,
    Cancelled = 5,
    Reset = 6
};

// The engine's part of a 64-byte descriptor: bus addresses and sizes in bytes of model, input and output, and arguments
// whose meaning is the engine's own. The queue has checked that the three ranges are granted to the device.
struct EngineJob {
    u32 operation = 0;
    Address model = 0, input = 0, output = 0;
    u32 model_bytes = 0, input_bytes = 0, output_bytes = 0;
    std::array<u32, 4> arguments{};
};

class Engine : public Component {
  public:
    enum class State : u8 { Idle, Working, Waiting, Finished };

    virtual void begin(const EngineJob &job, Dma &dma) = 0;
    // Advances by at most `cycles` (at least 1) of its own clock; returns those used: fewer when it must wait for DMA
    // (Waiting, which costs the owner's cycles until dma_done), has Finished, or has begun a transfer and works on.
    // Called only while Working; how a job's cycles are cut into calls changes nothing.
    virtual u64 run(u64 cycles) = 0;
    virtual void dma_done(u32 tag, bool ok) = 0;
    virtual void reset() = 0;      // forget the job; the owner has waited for outstanding DMA
    virtual State state() const = 0;
    virtual EngineStatus status() const = 0;   // of the job that Finished
    // Device name as up to 8 ASCII bytes, for the register page: "eie", "scnn", "ese".
    virtual u64 identity() const = 0;

    // Before a dma_done(), the owner says for how many cycles the engine has been Waiting until then.
    virtual void waited(u64 cycles) { (waits_for_store ? store_cycles : load_cycles) += cycles; }

    // Of the last job, in the engine's cycles; waiting for a load or a store belongs to it. begin() sets them to 0.
    u64 load_cycles = 0, compute_cycles = 0, store_cycles = 0;
    bool waits_for_store = false;   // while Waiting: what for, for waited()
};

// "eie" as identity() gives it.
constexpr u64 engine_name(const char *text) {
    u64 name = 0;
    for (unsigned i = 0; i < 8 && text[i]; ++i) name |= u64(u8(text[i])) << (8 * i);
    return name;
}

}  // namespace sim
