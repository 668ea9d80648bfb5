// SPDX-License-Identifier: BSD-3-Clause
// Decoding of run-length blocks: coordinates from runs, entries into vectors.
#include "accel/scnn_vectors.hh"

namespace sim {

void ScnnVectors::add_block(const RunLengthCode &code, u32 b, u32 width, std::span<const u16> address_of,
                            bool placeholders_take_slots) {
    u32 position = 0, slots = 0;
    const auto end_vector = [&](u32 entry) {
        first.push_back(u32(value.size()));
        stored.push_back(stored.back() + entry);
        slots = 0;
    };
    u32 since = code.start[b];   // first entry of the vector at hand
    for (u32 entry = code.start[b]; entry < code.start[b + 1]; ++entry) {
        position += code.run[entry];
        const bool is_placeholder = code.value[entry] == 0 && !code.is_dense;
        if (!is_placeholder) {
            address.push_back(address_of[position]);
            value.push_back(code.value[entry]);
        }
        ++position;
        if (is_placeholder && !placeholders_take_slots) continue;
        if (++slots < width) continue;
        end_vector(entry + 1 - since);
        since = entry + 1;
    }
    if (slots) end_vector(code.start[b + 1] - since);
    block.push_back(u32(first.size() - 1));
}

}  // namespace sim
