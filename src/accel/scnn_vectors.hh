// SPDX-License-Identifier: BSD-3-Clause
// Run-length blocks decoded into the vectors that meet at SCNN's multipliers.
#pragma once
#include <span>
#include "accel/scnn_run_length.hh"

namespace sim {

// Entries as structure of arrays, placeholders left out. A vector is what the multipliers take at once: up to F
// weights or I activations of one block. The accumulator of a product is the sum of its entries' addresses.
struct ScnnVectors {
    std::vector<u16> address;
    std::vector<i16> value;
    std::vector<u32> first{0};   // of a vector: its first entry; one more at the end
    std::vector<u32> block{0};   // of a block: its first vector; one more at the end
    // Of a vector: entries of the code before it, placeholders included; one more at the end.
    std::vector<u32> stored{0};

    u32 vectors(u32 b) const { return block[b + 1] - block[b]; }
    u32 entries(u32 b) const { return first[block[b + 1]] - first[block[b]]; }
    u32 all_stored(u32 b) const { return stored[block[b + 1]] - stored[block[b]]; }

    // Appends block `b` of the code in vectors of `width` slots; `address_of` has every position's address.
    // Placeholders take slots or, where `placeholders_take_slots` is false, nothing.
    void add_block(const RunLengthCode &code, u32 b, u32 width, std::span<const u16> address_of,
                   bool placeholders_take_slots);
};

}  // namespace sim
