// SPDX-License-Identifier: BSD-3-Clause
// A convolution as SCNN runs it: any stride folded into channels, so that weights and activations meet with stride 1.
#pragma once
#include <span>
#include <vector>
#include "../../ext/accel/scnn_format.h"
#include "sim/types.hh"

namespace sim {

// One convolution group of a layer after space-to-depth folding. Output (y, x) sums weight (r, s) times activation
// (y + r - pad_top, x + s - pad_left).
struct ScnnShape {
    u32 channels, filters;
    u32 kernel_height, kernel_width;
    u32 height, width;                 // of the input
    u32 pad_top, pad_left;
    u32 output_height, output_width;

    u64 weights() const { return u64(channels) * filters * kernel_height * kernel_width; }
    u64 activations() const { return u64(channels) * height * width; }
    u64 outputs() const { return u64(filters) * output_height * output_width; }
    // What a dense machine multiplies, padding included.
    u64 dense_multiplies() const { return outputs() * channels * kernel_height * kernel_width; }
    // Weights without reuse: every weight meets one activation.
    bool is_fully_connected() const {
        return height == 1 && width == 1 && kernel_height == 1 && kernel_width == 1 && pad_top == 0 && pad_left == 0 &&
               output_height == 1 && output_width == 1;
    }
};

// A layer with no pooling, one group and stride 1; `scnn_layer` with all of that in place.
scnn_layer plain_layer(u32 channels, u32 height, u32 width, u32 filters, u32 kernel_height, u32 kernel_width);
// Throws ConfigError for a shape that no SCNN can run; `who` starts the message.
void check_layer(const scnn_layer &layer, const char *who);

ScnnShape folded_shape(const scnn_layer &layer);   // of each convolution group
// Dense activations [channels][height][width] of convolution group `group` in the folded shape.
std::vector<i16> folded_activations(const scnn_layer &layer, std::span<const i16> dense, u32 group);
// Dense weights [filters][channels / groups][kernel_height][kernel_width] of convolution group `group`, folded.
std::vector<i16> folded_weights(const scnn_layer &layer, std::span<const i16> dense, u32 group);

// The dense weights that all groups' folded ones, one group after the other, were made of.
std::vector<i16> unfolded_weights(const scnn_layer &layer, std::span<const i16> folded);

// Rows and columns of the output after pooling.
u32 pooled_height(const scnn_layer &layer);
u32 pooled_width(const scnn_layer &layer);

constexpr u32 ceil_div(u32 a, u32 b) { return (a + b - 1) / b; }

}  // namespace sim
