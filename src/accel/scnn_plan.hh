// SPDX-License-Identifier: BSD-3-Clause
// A layer prepared for an SCNN: its tiling for the activations at hand, and both operands in run-length form.
#pragma once
#include <span>
#include "accel/scnn_run_length.hh"
#include "accel/scnn_tiling.hh"

namespace sim {

// Weights of all convolution groups: a block for each output-channel group and input channel of it.
RunLengthCode encode_weights(const scnn_layer &layer, std::span<const i16> dense, u32 group_filters, bool is_dense);
// The dense weights of such a code, in the folded shape, convolution group by group; false: it is malformed.
bool decode_weights(const scnn_layer &layer, const RunLengthCode &code, u32 group_filters, std::vector<i16> &folded);

// The least product shift with which no sum can leave 24 bits, whatever the signs of activations up to `largest` (one
// magnitude an input channel): rounded products add at most half a unit each to what the exact ones sum to.
u32 safe_product_shift(const scnn_layer &layer, std::span<const i16> weights, std::span<const u32> largest);

struct ScnnPlan {
    ScnnShape shape{};                       // of a convolution group
    ScnnTiling tiling;
    std::vector<ScnnPass> passes;
    // By convolution group, pass and PE, in this order; a block a channel. Fully connected: by convolution group.
    std::vector<RunLengthCode> activations;
    u64 stored_activations = 0;

    const RunLengthCode &code(u32 group, u32 pass, u32 pe, u32 pes) const {
        return activations[(u64(group) * passes.size() + pass) * pes + pe];
    }
};

// The first candidate tiling whose input fits the activation memories. Kc is layer.group_filters or, where that is 0,
// as large as the rule allows. Throws ConfigError when nothing fits.
ScnnPlan plan_layer(const scnn_layer &layer, const ScnnMachine &machine, std::span<const i16> activations,
                    bool is_dense);

}  // namespace sim
