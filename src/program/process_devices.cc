// SPDX-License-Identifier: BSD-3-Clause
// Devices of a Linux process: where they lie, how they are mapped, and how their interrupts reach waiting threads.
#include "program/linux_process.hh"
#include "program/messages.hh"
#include "sim/errors.hh"

namespace sim {

namespace {

// Bus addresses are none of the program's own, so that a driver which forgets to convert is found out.
constexpr Address kPoolBus = 0x8'0000'0000, kPoolBusStep = 0x1'0000'0000;

}   // namespace

// From the top of the room for mappings downwards, the register page below the pool. Nothing is accessible before mmap.
void LinuxProcess::map_devices() {
    Address top = AddressSpace::kMappingTop;
    for (GuestDevice *device : options.devices) {
        const u32 number = devices.count();
        const u64 bytes = page_up(device->pool_bytes());
        if (bytes > kPoolBusStep || bytes + GuestDevice::kRegisterBytes > top / 2)
            throw ConfigError("accel" + std::to_string(number) + ": pool=" + std::to_string(bytes) +
                              " bytes do not fit into a program's memory; choose at most 1GiB");
        const Address pool = top - bytes, registers = pool - GuestDevice::kRegisterBytes;
        if (!space.is_free(registers, top - registers))
            throw GuestError(program.file + ": covers " + hex(registers) + ", where accel" +
                             std::to_string(number) + " goes; link it lower");
        memory_.map(registers, top - registers, 0);
        space.keep_out(registers, top - registers);
        devices.add({device, registers, pool, bytes});
        device->connect(
            {&memory_, pool, kPoolBus + number * kPoolBusStep, bytes, options.clock_ghz, this, number});
        top = registers;
    }
    if (!devices.empty()) files.set_devices(devices);
}

i64 LinuxProcess::map_device(u32 number, Address hint, u64 bytes, u32 flags, u64 offset) {
    constexpr u32 kShared = 1, kTypeMask = 15, kFixed = 0x10;
    const DeviceMap::Window &window = devices.at(number);
    if ((flags & kTypeMask) != kShared) return -EINVAL;
    const bool is_registers = offset == 0;
    const u64 first = is_registers ? 0 : offset - GuestDevice::kRegisterBytes;
    const u64 size = is_registers ? GuestDevice::kRegisterBytes : window.pool_bytes;
    if (first >= size || bytes > size - first) return -EINVAL;
    const Address at = (is_registers ? window.registers : window.pool) + first;
    if ((flags & kFixed) && hint != at) return -EINVAL;
    memory_.protect(at, bytes, is_registers ? kDevice : kRead | kWrite);
    return i64(at);
}

// The device goes on reaching its pool.
bool LinuxProcess::unmap_device(Address a) {
    for (u32 n = 0; n < devices.count(); ++n) {
        const DeviceMap::Window &w = devices.at(n);
        if (a == w.registers) memory_.protect(a, GuestDevice::kRegisterBytes, 0);
        else if (a == w.pool) memory_.protect(a, w.pool_bytes, 0);
        else continue;
        return true;
    }
    return false;
}

u64 LinuxProcess::device_load(Address address, unsigned bytes) {
    if (const DeviceMap::Window *w = devices.find(address))
        return w->device->register_load(address - w->registers, bytes);
    return test_device_.load(address, bytes);
}

void LinuxProcess::device_store(Address address, unsigned bytes, u64 value) {
    if (const DeviceMap::Window *w = devices.find(address))
        return w->device->register_store(address - w->registers, bytes, value);
    test_device_.store(address, bytes, value);
}

void LinuxProcess::interrupt_line(u32 device, bool is_high) {
    DeviceMap::Window &window = devices.at(device);
    window.line = is_high;
    if (!window.update()) return;
    if (asleep_) wake_cycle_ = 0;
    else if (threads.any_waits(Wait::For::Pipe)) next_interrupt_ = 0;
}

}   // namespace sim
