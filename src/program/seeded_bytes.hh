// SPDX-License-Identifier: BSD-3-Clause
// The guest's randomness: an endless string of bytes that follows from the seed alone.
#pragma once
#include "sim/types.hh"

namespace sim {

class SeededBytes {
  public:
    explicit SeededBytes(u64 seed) : state_(seed) {}

    void fill(u8 *to, u64 bytes) {
        for (u64 i = 0; i < bytes; ++i) {
            if (left_ == 0) {
                word_ = next();
                left_ = 8;
            }
            to[i] = u8(word_);
            word_ >>= 8;
            --left_;
        }
    }

  private:
    // A counter of odd stride through a bijective mixer, so no word repeats within 2^64.
    u64 next() {
        u64 z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    u64 state_;
    u64 word_ = 0;
    unsigned left_ = 0;
};

}  // namespace sim
