// SPDX-License-Identifier: BSD-3-Clause
// The lock-step reference: its own registers and its own memory run the program beside a core and compare every commit.
#pragma once
#include <deque>
#include "core/core.hh"
#include "core/step.hh"

namespace sim {

// From the checked core it takes only what it cannot know: device-load values, what devices write to memory, cycle and
// time, and what the environment did at a system call, a fault or an interrupt. Its state is no part of any statistic.
class Checker final : private GuestMemory::Observer, private DeviceAccess, private DmaListener {
  public:
    Checker(const CoreStart &start, const std::string &core_path);

    // The core commits one instruction (in program order) with this effect; `fflags` is the core's accrued value after
    // it. `cycle` feeds counter reads. Throws SimulatorBug with both views at the first difference.
    void committed(const Effect &core, u8 fflags, Cycle cycle);

    // Brackets every call into the environment (system instructions, faults, interrupts): in between, changes of the
    // core's memory are copied over; afterwards the core's state is adopted. `hart` before the call must equal the
    // reference's state but for registers in `dead` (bit per register), which a block core no longer holds.
    void begin_environment(const Hart &hart, u64 dead = 0);
    void end_environment(const Hart &hart);

    const Hart &hart() const { return hart_; }

  private:
    void written(Address a, u64 bytes) override;
    void dma_written(Address a, u64 bytes) override { written(a, bytes); }
    void flags_changed(Address a, u64 bytes) override;
    u64 device_load(Address address, unsigned bytes) override;
    void device_store(Address address, unsigned bytes, u64 value) override;
    [[noreturn]] void differ(const std::string &what, const Effect &core, const Effect &reference) const;

    const Program *program_;
    GuestMemory &core_memory_;
    std::string path_;
    GuestMemory memory_;
    DecodeCache code_;
    Hart hart_;
    u64 device_value_ = 0;
    std::deque<Address> recent_;   // pcs of the last commits, oldest first
};

}  // namespace sim
