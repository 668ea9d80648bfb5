// SPDX-License-Identifier: BSD-3-Clause
// What a layer's outputs must be, from the dense matrix alone: shares no code with the device or its encoder.
#pragma once
#include <vector>
#include "accel/eie_encoder.hh"

namespace sim {

// One layer; inputs and outputs are 16-bit numbers, or the bits of floats.
std::vector<i32> eie_reference(const EieDenseLayer &layer, std::span<const i32> inputs);

}  // namespace sim
