// SPDX-License-Identifier: BSD-3-Clause
// Writes random but well-defined C-like translation units for the compiler to work on.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>

namespace compiler {

class Random {
public:
    explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 0x51ed27) {}
    uint32_t below(uint32_t limit) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return static_cast<uint32_t>((state_ >> 32) % limit);
    }

private:
    uint64_t state_;
};

// The last function of the unit is `entry(long seed)`.
std::string generate_unit(Random& random, int functions, int statements);

}  // namespace compiler
