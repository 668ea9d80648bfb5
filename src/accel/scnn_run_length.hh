// SPDX-License-Identifier: BSD-3-Clause
// SCNN's compressed form: per block the non-zero values, each with the 4-bit number of zeros before it.
#pragma once
#include <span>
#include <vector>
#include "../../ext/accel/scnn_format.h"
#include "sim/types.hh"

namespace sim {

// Blocks one after another. An entry of value 0 is a placeholder for 16 zeros, except in a dense code, in which every
// position is an entry: what the rivals that skip zeros of one operand only keep.
struct RunLengthCode {
    std::vector<u32> start{0};   // of a block: its first entry; one more at the end
    std::vector<i16> value;
    std::vector<u8> run;         // zeros before the entry, 0 to 15
    bool is_dense = false;

    u32 blocks() const { return u32(start.size() - 1); }
    u64 entries() const { return value.size(); }
    u64 placeholders() const;

    void add_block(std::span<const i16> dense);
    // Writes the block's values to `dense`, which must be long enough; false: the entries reach beyond it.
    bool decode_block(u32 block, std::span<i16> dense) const;
};

}  // namespace sim
