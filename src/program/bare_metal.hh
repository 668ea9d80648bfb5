// SPDX-License-Identifier: BSD-3-Clause
// A board for programs without an operating system: 128 MiB of RAM at 0x80000000 plus whatever memory the
// program is linked to, everything accessible; semihosting, and HTIF when the program has a symbol `tohost`.
// Devices have their registers from kDevices on, a page each, and reach the memory of the program's symbol
// __accel0_pool, __accel1_pool and so on, whose bus addresses are its own.
// Not modelled: interrupts, timers, other devices, privilege modes below machine mode.
#pragma once
#include "program/file_table.hh"
#include "program/machine_mode.hh"
#include "program/options.hh"
#include "program/seeded_bytes.hh"
#include "program/test_device.hh"
#include "program/virtual_time.hh"

namespace sim {

class BareMetal final : public Environment {
  public:
    static constexpr Address kRam = 0x80000000;
    static constexpr u64 kRamBytes = 128_MiB;
    static constexpr Address kDevices = 0x10010000;

    static bool is_meant_for(const Program &program);
    // `program` must outlive the board.
    BareMetal(const Program &program, const ProgramOptions &options, Hart &hart);

    GuestMemory &memory() override { return memory_; }
    void ecall(Hart &hart) override;
    void ebreak(Hart &hart) override;
    void fault(Hart &hart, Fault fault, Address address) override;
    u64 next_interrupt() const override { return ~u64{0}; }
    void interrupt(Hart &) override {}
    void cache_block(CacheBlock what, Address address) override {
        for (GuestDevice *device : options_.devices) device->cache_block(what, address);
    }
    bool exited() const override { return exited_; }
    int exit_status() const override { return exit_status_; }
    u64 device_load(Address address, unsigned bytes) override;
    void device_store(Address address, unsigned bytes, u64 value) override;

  private:
    void load_program(Hart &hart);
    void map_devices();
    void write_out(int stream, const u8 *from, u64 bytes);
    void host_interface(u64 value);   // a store to tohost
    [[noreturn]] void fail(const Hart &hart, const std::string &what) const;
    void exit(u64 status) {
        exited_ = true;
        exit_status_ = int(status & 0xff);
    }

    // Semihosting: operation number, address of the arguments; returns a0.
    u64 semihost(const Hart &hart, u64 operation, Address block);
    u64 semihost_open(Address block);
    u64 semihost_transfer(Address block, bool is_read);
    u64 semihost_file(u64 operation, Address block);
    u64 semihost_system(const Hart &hart, u64 operation, Address block);
    u64 argument(Address block, unsigned index);
    u64 refuse(i64 error) {   // -1, and the reason for SYS_ERRNO
        errno_ = -error;
        return ~u64{0};
    }

    const Program &program_;
    const ProgramOptions options_;
    GuestMemory memory_;
    SeededBytes random_;
    FileTable files_;
    VirtualTime time_;
    MachineMode machine_mode_;
    TestDevice test_device_;
    DeviceMap devices_;
    bool has_test_device_ = false;
    Address tohost_ = ~Address{0}, fromhost_ = ~Address{0};
    i64 errno_ = 0;
    bool exited_ = false;
    int exit_status_ = 0;
};

}  // namespace sim
