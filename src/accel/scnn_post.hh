// SPDX-License-Identifier: BSD-3-Clause
// SCNN's post-processing unit: 24-bit sums to 16-bit outputs, with bias, rectification, saturation and pooling.
#pragma once
#include "accel/scnn_layer.hh"

namespace sim {

struct ScnnOutput {
    std::vector<i16> values;       // [filters][rows][columns] after pooling
    u64 wraps = 0;                 // sums that do not fit 24 bits
    u64 saturations = 0;           // outputs that do not fit 16 bits
};

// `sums`: exact ones of all filters of the layer; the accumulators hold them modulo 2^24. `bias`: one a filter, or
// none.
ScnnOutput post_process(const scnn_layer &layer, std::span<const i64> sums, std::span<const i32> bias);

}  // namespace sim
