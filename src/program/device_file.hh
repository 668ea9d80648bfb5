// SPDX-License-Identifier: BSD-3-Clause
// /dev/accelN in a Linux process, with the meaning of Linux's UIO: read() waits for an interrupt and returns how many
// there have been, write() of 1 unmasks the line; mmap() gives registers at offset 0 and the pool at offset 4096.
#pragma once
#include "program/guest_device.hh"
#include "program/open_file.hh"

namespace sim {

class DeviceFile final : public OpenFile {
  public:
    DeviceFile(DeviceMap &devices, u32 number, std::string path, int flags)
        : OpenFile(std::move(path), flags), devices_(devices), number_(number), seen_(window().interrupts) {}

    i64 read(u8 *to, u64 bytes) override;
    i64 write(const u8 *from, u64 bytes) override;
    i64 status(struct stat &info) const override;
    bool can_read() const override { return seen_ != window().interrupts; }
    bool can_write() const override { return false; }   // as UIO, which reports readiness to read only
    i32 device_number() const override { return i32(number_); }

  private:
    DeviceMap::Window &window() const { return devices_.at(number_); }

    DeviceMap &devices_;
    u32 number_;
    u32 seen_;   // interrupts that this descriptor has told of
};

}  // namespace sim
