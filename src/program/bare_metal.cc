// SPDX-License-Identifier: BSD-3-Clause
// The board: memory, traps, HTIF, and the way out.
#include "program/bare_metal.hh"
#include <algorithm>
#include <csignal>
#include "program/address_space.hh"
#include "program/messages.hh"
#include "sim/errors.hh"

namespace sim {

namespace {

constexpr u8 kEverything = kRead | kWrite | kExecute;
constexpr u32 kSemihostBefore = 0x01f01013, kSemihostBreak = 0x00100073, kSemihostAfter = 0x40705013;

u64 truncated(u64 value, unsigned bytes) {
    return bytes == 8 ? value : value & ((u64{1} << (8 * bytes)) - 1);
}

}  // namespace

bool BareMetal::is_meant_for(const Program &program) {
    return program.symbol("tohost") || program.segments.front().address >= kRam;
}

BareMetal::BareMetal(const Program &program, const ProgramOptions &options, Hart &hart)
    : program_(program),
      options_(options),
      random_(options.seed),
      files_(program, options, random_),
      time_(options.clock_ghz) {
    check_options(options);
    std::signal(SIGPIPE, SIG_IGN);   // a closed pipe is reported when it is written to
    memory_.device = this;
    load_program(hart);
}

void BareMetal::load_program(Hart &hart) {
    memory_.map(kRam, kRamBytes, kEverything);
    const auto cover = [&](Address start, Address end) {
        for (Address page = page_down(start); page < end; page += GuestMemory::kPageBytes)
            if (!memory_.flags()[page >> GuestMemory::kPageBits])
                memory_.map(page, GuestMemory::kPageBytes, kEverything);
    };
    for (const Segment &segment : program_.segments) {
        cover(segment.address, segment.address + segment.bytes);
        memory_.place(segment.address, segment.data.data(), segment.data.size());
        const Address stored = segment.load_address;   // as in flash; start-up code copies it from there
        if (stored == segment.address || segment.data.empty() || stored > GuestMemory::kSize - segment.bytes)
            continue;
        cover(stored, stored + segment.data.size());
        memory_.place(stored, segment.data.data(), segment.data.size());
    }
    // Linker scripts describe RAM that no segment covers by the symbols at its ends.
    const Address end = program_.segments.back().address + program_.segments.back().bytes;
    for (const char *name : {"__stack", "__heap_end", "_stack_top", "__stack_top"})
        if (const Symbol *top = program_.symbol(name))
            if (top->address > end && top->address - end <= 1_GiB && top->address <= GuestMemory::kSize)
                cover(end, top->address);
    const auto make_device = [&](Address a) {
        const Address page = page_down(a);
        memory_.protect(page, GuestMemory::kPageBytes, kDevice);
    };
    if (const Symbol *tohost = program_.symbol("tohost")) make_device(tohost_ = tohost->address);
    if (const Symbol *fromhost = program_.symbol("fromhost")) fromhost_ = fromhost->address;
    has_test_device_ = TestDevice::is_wanted(program_);
    if (has_test_device_) make_device(TestDevice::kBase);
    map_devices();
    hart = Hart{};
    hart.pc = program_.entry;
}

void BareMetal::map_devices() {
    for (GuestDevice *device : options_.devices) {
        const u32 number = devices_.count();
        const std::string name = "accel" + std::to_string(number);
        const Address registers = kDevices + number * GuestDevice::kRegisterBytes;
        if (memory_.flags()[registers >> GuestMemory::kPageBits])
            throw GuestError(program_.file + ": covers " + hex(registers) + ", where the registers of " + name +
                             " go; link it elsewhere");
        memory_.map(registers, GuestDevice::kRegisterBytes, kDevice);
        const Symbol *pool = program_.symbol("__" + name + "_pool");
        const bool is_mapped = pool && memory_.allows(pool->address, pool->bytes, kMapped);
        if (pool && !is_mapped)
            throw GuestError(program_.file + ": __" + name + "_pool at " + hex(pool->address) +
                             " is not in the board's memory; link it there");
        const Address start = pool ? pool->address : 0;
        devices_.add({device, registers, start, pool ? pool->bytes : 0});
        device->connect({&memory_, start, start, pool ? pool->bytes : 0, options_.clock_ghz, nullptr, number});
    }
}

u64 BareMetal::device_load(Address address, unsigned bytes) {
    if (const DeviceMap::Window *w = devices_.find(address))
        return w->device->register_load(address - w->registers, bytes);
    if (has_test_device_ && address - TestDevice::kBase < TestDevice::kBytes)
        return test_device_.load(address, bytes);
    return memory_.load(address, bytes);   // the page of tohost is otherwise ordinary memory
}

void BareMetal::device_store(Address address, unsigned bytes, u64 value) {
    if (const DeviceMap::Window *w = devices_.find(address))
        return w->device->register_store(address - w->registers, bytes, value);
    if (has_test_device_ && address - TestDevice::kBase < TestDevice::kBytes)
        return test_device_.store(address, bytes, value);
    value = truncated(value, bytes);
    memory_.place(address, &value, bytes);
    if (address == tohost_ && value != 0) host_interface(value);
}

void BareMetal::host_interface(u64 value) {
    const u64 device = value >> 56, command = (value >> 48) & 0xff, payload = value & 0xffffffffffff,
              nothing = 0, done = 1;
    if (device == 1 && command == 1) {   // console: one character
        const u8 character = u8(payload);
        write_out(1, &character, 1);
    } else if (device == 0 && (payload & 1)) {
        exit(payload >> 1);
    } else if (device == 0) {   // proxied system call: number, then its arguments; only write is served
        u64 call[4];
        constexpr u64 kWriteCall = 64;
        if (memory_.read(payload, call, sizeof call) && call[0] == kWriteCall &&
            memory_.allows(call[2], call[3], kRead)) {
            write_out(call[1] == 2 ? 2 : 1, memory_.base() + call[2], call[3]);
            memory_.place(payload, &call[3], sizeof call[3]);
        }
        if (fromhost_ != ~Address{0}) memory_.place(fromhost_, &done, sizeof done);
    }
    memory_.place(tohost_, &nothing, sizeof nothing);
}

void BareMetal::write_out(int stream, const u8 *from, u64 bytes) {
    if (OpenFile *file = files_.file(stream); file && file->write(from, bytes) == -EPIPE) exit(128 + SIGPIPE);
}

void BareMetal::ecall(Hart &hart) {
    if (!machine_mode_.trap(hart, MachineMode::kMachineCall, 0))
        fail(hart,
             "ecall without a trap handler in mtvec (a bare board has no system calls; use semihosting or "
             "tohost)");
}

void BareMetal::ebreak(Hart &hart) {
    u32 before = 0, here = 0, after = 0;
    memory_.read(hart.pc - 4, &before, 4);
    memory_.read(hart.pc, &here, 4);
    memory_.read(hart.pc + 4, &after, 4);
    if (before == kSemihostBefore && here == kSemihostBreak && after == kSemihostAfter) {
        hart.reg[kA0] = semihost(hart, hart.reg[kA0], hart.reg[kA1]);
        hart.pc += 4;
    } else if (!machine_mode_.trap(hart, MachineMode::kBreakpoint, hart.pc)) {
        fail(hart, "breakpoint without a trap handler in mtvec");
    }
}

void BareMetal::fault(Hart &hart, Fault fault, Address address) {
    u32 instruction = 0;
    using Mode = MachineMode;
    switch (fault) {
        case Fault::IllegalInstruction:
            if (!memory_.read(hart.pc, &instruction, 4)) memory_.read(hart.pc, &instruction, 2);
            if (machine_mode_.execute(hart, instruction) ||
                machine_mode_.trap(hart, Mode::kIllegalInstruction, instruction))
                return;
            fail(hart, "unknown instruction");
        case Fault::Breakpoint: return ebreak(hart);
        case Fault::MisalignedAtomic:
            if (machine_mode_.trap(hart, Mode::kStoreMisaligned, address)) return;
            fail(hart, "misaligned atomic access to " + hex(address));
        case Fault::LoadFault:
            if (machine_mode_.trap(hart, Mode::kLoadFault, address)) return;
            fail(hart, "load from " + hex(address) + ", where the board has nothing,");
        case Fault::StoreFault:
            if (machine_mode_.trap(hart, Mode::kStoreFault, address)) return;
            fail(hart, "store to " + hex(address) + ", where the board has nothing,");
        case Fault::FetchFault:
            if (machine_mode_.trap(hart, Mode::kFetchFault, address)) return;
            fail(hart, "jump to " + hex(address) + ", where the board has nothing to execute,");
    }
}

void BareMetal::fail(const Hart &hart, const std::string &what) const {
    throw GuestError(program_.file + ": " + what + " at pc " + describe_place(program_, memory_, hart.pc));
}

}  // namespace sim
