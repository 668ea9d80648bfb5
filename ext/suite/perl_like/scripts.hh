// SPDX-License-Identifier: BSD-3-Clause
// The scripts of the benchmark and the mails they work on.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace script {

class Random {
public:
    explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 0x2545f49) {}
    uint32_t below(uint32_t limit) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return static_cast<uint32_t>((state_ >> 32) % limit);
    }

private:
    uint64_t state_;
};

extern const char* const kScripts[];
extern const int kScriptCount;

// The lines of one mail: headers, an empty line, the body with an order table.
std::vector<std::string> make_mail(Random& random, int lines);

}  // namespace script
