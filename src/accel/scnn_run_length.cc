// SPDX-License-Identifier: BSD-3-Clause
// Dense blocks to SCNN's run-length form and back.
#include "accel/scnn_run_length.hh"
#include <algorithm>

namespace sim {

u64 RunLengthCode::placeholders() const {
    return is_dense ? 0 : u64(std::count(value.begin(), value.end(), i16{0}));
}

void RunLengthCode::add_block(std::span<const i16> dense) {
    u32 zeros = 0;
    for (const i16 v : dense) {
        if (v == 0 && !is_dense) {
            ++zeros;
            continue;
        }
        for (; zeros > SCNN_RUN_MAX; zeros -= SCNN_RUN_MAX + 1) {
            value.push_back(0);
            run.push_back(SCNN_RUN_MAX);
        }
        value.push_back(v);
        run.push_back(u8(zeros));
        zeros = 0;
    }
    start.push_back(u32(value.size()));
}

bool RunLengthCode::decode_block(u32 block, std::span<i16> dense) const {
    std::fill(dense.begin(), dense.end(), i16{0});
    u64 position = 0;
    for (u32 entry = start[block]; entry < start[block + 1]; ++entry) {
        position += run[entry];
        if (position >= dense.size()) return false;
        dense[position++] = value[entry];
    }
    return true;
}

}  // namespace sim
