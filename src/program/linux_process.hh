// SPDX-License-Identifier: BSD-3-Clause
// A Linux process: carries out system calls for a static program and delivers signals, on one hart.
// Not modelled: other processes (fork, exec, wait), sockets, asynchronous signals from outside, page faults
// on files.
#pragma once
#include <bitset>
#include "program/address_space.hh"
#include "program/file_table.hh"
#include "program/options.hh"
#include "program/seeded_bytes.hh"
#include "program/signals.hh"
#include "program/test_device.hh"
#include "program/threads.hh"

namespace sim {

class LinuxProcess final : public Environment, private InterruptListener {
  public:
    static constexpr int kProcessId =
        1000;   // also the first thread's; parent, user and group are made up likewise
    static constexpr int kParentId = 1;
    static constexpr int kUserId = 1000;

    // `program` must outlive the process.
    LinuxProcess(const Program &program, const ProgramOptions &options, Hart &hart);

    GuestMemory &memory() override { return memory_; }
    void ecall(Hart &hart) override;
    void ebreak(Hart &hart) override;
    void fault(Hart &hart, Fault fault, Address address) override;
    u64 next_interrupt() const override { return next_interrupt_; }
    void interrupt(Hart &hart) override;
    bool exited() const override { return exited_; }
    int exit_status() const override { return exit_status_; }
    bool asleep() const override { return asleep_; }
    Cycle wake_cycle() const override { return wake_cycle_; }
    void deadlock(const Hart &hart) override;
    void cache_block(CacheBlock what, Address address) override {
        for (GuestDevice *device : options.devices) device->cache_block(what, address);
    }
    u64 device_load(Address address, unsigned bytes) override;
    void device_store(Address address, unsigned bytes, u64 value) override;

    // For system calls.
    void exit(int status) {
        exited_ = true;
        exit_status_ = status & 0xff;
    }
    void end_current_thread(Hart &hart);
    void report_unanswered(u64 number,
                           const std::string &what);   // a line on standard error, once for each call
    void yield_after_call() { yields_ = true; }
    void send_signal(Hart &hart, Thread &thread, const SignalInfo &signal);
    // /dev/accelN into the place that is kept for it; its address or -errno.
    i64 map_device(u32 number, Address hint, u64 bytes, u32 flags, u64 offset);
    bool unmap_device(Address a);   // false: no device starts there
    u64 now_ns(const Hart &hart) const { return time.ns(hart); }
    // "sort.elf: WHAT at pc 0x105a4 (main+0x3c), instruction 0x00053503"
    [[noreturn]] void fail(const Hart &hart, const std::string &what) const;

    const Program &program;
    const ProgramOptions options;

  private:
    GuestMemory memory_;   // declared before what refers to it

  public:
    AddressSpace space;
    FileTable files;
    VirtualTime time;
    SeededBytes random;
    Threads threads;
    SignalActions actions;
    DeviceMap devices;

  private:
    void load_program(Hart &hart);
    void map_devices();
    void interrupt_line(u32 device, bool is_high) override;
    void settle(Hart &hart);   // after anything that may end waits, raise signals or end the thread
    void run_another_thread(Hart &hart);
    void deliver_signals(Hart &hart);
    bool act_on(Hart &hart, const SignalInfo &signal);   // true: a handler's frame was made
    void default_action(const Hart &hart, const SignalInfo &signal);
    void raise_fault(Hart &hart, const SignalInfo &signal, const std::string &what);

    TestDevice test_device_;
    u64 next_interrupt_ = ~u64{0};
    bool asleep_ = false;   // see Environment
    Cycle wake_cycle_ = kNever;
    bool yields_ = false;   // the system call being carried out asks for the next thread's turn
    bool exited_ = false;
    int exit_status_ = 0;
    std::bitset<512> reported_calls_;   // unknown ones that were named on standard error
};

}  // namespace sim
