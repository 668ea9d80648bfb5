// SPDX-License-Identifier: BSD-3-Clause
// Plain quantities that every folder uses: cycles, addresses, sizes.
#pragma once
#include <cstdint>

namespace sim {

using Cycle = std::uint64_t;     // of the core clock
using Address = std::uint64_t;   // guest virtual or physical, as the name at hand says
using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i8 = std::int8_t;
using i16 = std::int16_t;
using i32 = std::int32_t;
using i64 = std::int64_t;

inline constexpr Cycle kNever = ~Cycle{0};
inline constexpr unsigned kLineBytes = 64;   // one line size in the whole machine

constexpr u64 operator""_KiB(unsigned long long n) { return n << 10; }
constexpr u64 operator""_MiB(unsigned long long n) { return n << 20; }
constexpr u64 operator""_GiB(unsigned long long n) { return n << 30; }

// For FORMULA: a / b, and 0 where b is 0.
constexpr double ratio(double a, double b) { return b == 0 ? 0 : a / b; }

}  // namespace sim
