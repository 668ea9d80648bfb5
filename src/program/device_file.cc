// SPDX-License-Identifier: BSD-3-Clause
// Device files: what UIO's read and write do.
#include "program/device_file.hh"
#include <cstring>

namespace sim {

i64 DeviceFile::read(u8 *to, u64 bytes) {
    if (bytes != sizeof seen_) return -EINVAL;
    if (!can_read()) return flags & O_NONBLOCK ? -EAGAIN : kMustWait;
    seen_ = window().interrupts;
    std::memcpy(to, &seen_, sizeof seen_);
    return sizeof seen_;
}

i64 DeviceFile::write(const u8 *from, u64 bytes) {
    i32 on;
    if (bytes != sizeof on) return -EINVAL;
    std::memcpy(&on, from, sizeof on);
    if (on != 0 && on != 1) return -EINVAL;
    window().masked = !on;
    window().update();   // the line may be high already
    return sizeof on;
}

i64 DeviceFile::status(struct stat &info) const {
    constexpr unsigned kMajor = 240;   // of the range for local use
    info = {};
    info.st_mode = S_IFCHR | 0660;
    info.st_rdev = kMajor << 8 | number_;
    info.st_ino = 200 + number_;
    info.st_nlink = 1;
    return 0;
}

}   // namespace sim
