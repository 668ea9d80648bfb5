// SPDX-License-Identifier: BSD-3-Clause
// A device that makes "exactly once, in program order" visible. A program gets it by defining the symbol
// `__test_device`; it then occupies the page at 0x10000000:
//   offset 0   read: how often this register was read before, so every read counts
//   offset 8   write: value v turns the checksum c into c * 31 + v
//   offset 16  read: the checksum, at first 0
//   elsewhere  reads 0, writes are ignored
#pragma once
#include "program/program.hh"

namespace sim {

class TestDevice {
  public:
    static constexpr Address kBase = 0x10000000;
    static constexpr u64 kBytes = 4_KiB;

    static bool is_wanted(const Program &program) { return program.symbol("__test_device") != nullptr; }

    u64 load(Address address, unsigned bytes) {
        const u64 value = address == kBase ? reads_++ : address == kBase + 16 ? checksum_ : 0;
        return bytes == 8 ? value : value & ((u64{1} << (8 * bytes)) - 1);
    }
    void store(Address address, unsigned bytes, u64 value) {
        if (bytes < 8) value &= (u64{1} << (8 * bytes)) - 1;
        if (address == kBase + 8) checksum_ = checksum_ * 31 + value;
    }

  private:
    u64 reads_ = 0;
    u64 checksum_ = 0;
};

}  // namespace sim
