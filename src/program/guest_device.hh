// SPDX-License-Identifier: BSD-3-Clause
// A memory-mapped device as the environment of a program sees it: a page of registers, a pool of memory that the device
// reaches by itself, and an interrupt line. Also where each device lies in the program's address space.
#pragma once
#include <vector>
#include "program/guest_memory.hh"

namespace sim {

// Zicbom's operations, numbered as in their encoding.
enum class CacheBlock : u8 { Invalidate = 0, Clean = 1, Flush = 2 };

class InterruptListener {
  public:
    virtual void interrupt_line(u32 device, bool is_high) = 0;

  protected:
    ~InterruptListener() = default;
};

class GuestDevice {
  public:
    static constexpr u64 kRegisterBytes = GuestMemory::kPageBytes;

    // What the environment gives it.
    struct Connection {
        GuestMemory *memory = nullptr;
        Address pool = 0;              // guest address of the pool, mapped for as long as the program runs
        Address pool_bus = 0;          // the same in the device's own addresses
        u64 pool_bytes = 0;            // 0: the program has none
        double core_ghz = 0;
        InterruptListener *listener = nullptr;   // may be null
        u32 number = 0;                // which of the machine's devices it is, for the listener
    };
    virtual void connect(const Connection &connection) = 0;

    // The program has executed cbo.* on the line of that guest address.
    virtual void cache_block(CacheBlock what, Address address) = 0;
    virtual u64 pool_bytes() const = 0;   // that it asks for; whole pages
    // At commit, in program order; offsets below kRegisterBytes.
    virtual u64 register_load(u64 offset, unsigned bytes) = 0;
    virtual void register_store(u64 offset, unsigned bytes, u64 value) = 0;

  protected:
    ~GuestDevice() = default;
};

// The devices of one program.
class DeviceMap {
  public:
    struct Window {
        GuestDevice *device;
        Address registers, pool;
        u64 pool_bytes;
        // As Linux's uio_pdrv_genirq counts interrupts and masks the line until the driver asks for the next.
        u32 interrupts = 0;
        bool line = false, masked = false;

        // True: an interrupt was counted.
        bool update() {
            if (!line || masked) return false;
            ++interrupts;
            return masked = true;
        }
    };

    bool empty() const { return windows_.empty(); }
    u32 count() const { return u32(windows_.size()); }
    Window &at(u32 number) { return windows_[number]; }
    void add(const Window &window) { windows_.push_back(window); }

    // Null where no device has registers.
    const Window *find(Address address) const {
        for (const Window &w : windows_)
            if (address - w.registers < GuestDevice::kRegisterBytes) return &w;
        return nullptr;
    }

  private:
    std::vector<Window> windows_;
};

}  // namespace sim
