// SPDX-License-Identifier: BSD-3-Clause
// What stands behind a hart that runs a program: the operating system or board as the program sees it.
#pragma once
#include "isa/hart.hh"
#include "program/guest_device.hh"

namespace sim {

enum class Fault : u8 {
    IllegalInstruction, Breakpoint, MisalignedAtomic, LoadFault, StoreFault, FetchFault,
};

// Cores call these with the whole architectural state, everything older done and nothing younger begun. They may change
// registers, pc and memory. Except where said, the callee sets hart.pc (so ecall() advances it past the ecall).
class Environment : public DeviceAccess {
  public:
    virtual ~Environment() = default;
    virtual GuestMemory &memory() = 0;
    virtual void ecall(Hart &hart) = 0;
    virtual void ebreak(Hart &hart) = 0;
    // The instruction at hart.pc cannot complete. Delivers a signal (pc changes) or ends the program; throws GuestError
    // naming pc, symbol and instruction where the program has no answer. `address` is the data or fetch address.
    virtual void fault(Hart &hart, Fault fault, Address address) = 0;
    // A chance to switch threads or deliver a pending signal: cores call it when hart.committed reaches next_interrupt().
    virtual u64 next_interrupt() const = 0;   // ~0 when none
    virtual void interrupt(Hart &hart) = 0;

    // True while nothing of the program can run before a device or the clock acts. The core then lets its clock run on to
    // wake_cycle(), which events may bring forward, and calls interrupt(); where nothing can come any more it calls
    // deadlock(), which throws GuestError.
    virtual bool asleep() const { return false; }
    virtual Cycle wake_cycle() const { return kNever; }
    virtual void deadlock(const Hart &) {}

    // cbo.clean, cbo.flush and cbo.inval of a line that may be accessed.
    virtual void cache_block(CacheBlock, Address) {}

    virtual bool exited() const = 0;
    virtual int exit_status() const = 0;
};

}  // namespace sim
