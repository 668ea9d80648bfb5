// SPDX-License-Identifier: BSD-3-Clause
// Control and status registers that a program in user mode can reach: numbers and names.
#pragma once
#include <string_view>
#include "sim/types.hh"

namespace sim {

enum CsrNumber : u16 {
    kFflags = 0x001, kFrm = 0x002, kFcsr = 0x003,
    kCycle = 0xc00, kTime = 0xc01, kInstret = 0xc02,
};

// Empty for a register without a name here.
constexpr std::string_view csr_name(u16 number) {
    switch (number) {
    case kFflags: return "fflags";
    case kFrm: return "frm";
    case kFcsr: return "fcsr";
    case kCycle: return "cycle";
    case kTime: return "time";
    case kInstret: return "instret";
    default: return {};
    }
}

// Bits 11 and 10 of a number both set: the register cannot be written.
constexpr bool csr_is_read_only(u16 number) { return (number >> 10 & 3) == 3; }

}  // namespace sim
