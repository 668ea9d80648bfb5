// SPDX-License-Identifier: BSD-3-Clause
// Counts of products of two non-zero operands in a convolution, from the positions of zeros alone.
#pragma once
#include "accel/scnn_layer.hh"

namespace sim {

struct NonzeroProducts {
    u64 all = 0;        // every non-zero weight with every non-zero activation of its channel
    u64 in_plane = 0;   // those that contribute to an output
};

// Weights [filters][channels][kernel_height][kernel_width] and activations of a folded shape.
NonzeroProducts nonzero_products(const ScnnShape &shape, std::span<const i16> weights,
                                 std::span<const i16> activations);

}  // namespace sim
