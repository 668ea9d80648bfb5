// SPDX-License-Identifier: BSD-3-Clause
#include "energy/sequence_pair.hh"
#include <algorithm>

namespace sim {

i64 Packing::farthest(u32 rank) const {
    i64 end = 0;
    for (u32 i = rank; i > 0; i &= i - 1) end = std::max(end, reach_[i]);
    return end;
}

void Packing::extend(u32 rank, i64 end) {
    for (u32 i = rank + 1; i < reach_.size(); i += i & (~i + 1)) reach_[i] = std::max(reach_[i], end);
}

void Packing::pack(const SequencePair &pair, const std::vector<Shape> &shapes) {
    const u32 blocks = u32(pair.first.size());
    for (u32 i = 0; i < blocks; ++i) rank_[pair.second[i]] = i;
    width = height = 0;
    std::fill(reach_.begin(), reach_.end(), 0);
    for (u32 block : pair.first) {
        x[block] = farthest(rank_[block]);
        const i64 end = x[block] + shapes[block * kShapes + pair.shape[block]].width;
        extend(rank_[block], end);
        width = std::max(width, end);
    }
    std::fill(reach_.begin(), reach_.end(), 0);
    for (u32 i = blocks; i-- > 0;) {
        const u32 block = pair.first[i];
        y[block] = farthest(rank_[block]);
        const i64 end = y[block] + shapes[block * kShapes + pair.shape[block]].height;
        extend(rank_[block], end);
        height = std::max(height, end);
    }
}

}  // namespace sim
