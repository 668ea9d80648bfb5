// SPDX-License-Identifier: BSD-3-Clause
// DCNN: cycles, outputs and memory traffic of dense layers.
#include "accel/dcnn.hh"
#include <algorithm>
#include "accel/scnn_products.hh"
#include "sim/errors.hh"

namespace sim {

COMPONENT(Dcnn, "DCNN and DCNN-opt: dense convolutions by dot products, SCNN's rivals.");

namespace {
constexpr u64 kValueBytes = 2, kEntryBits = 20;   // dense; 16-bit value and 4-bit run
}

Dcnn::Dcnn(const Params &params) : params_(params) {
    const auto need = [](bool holds, const char *what) {
        if (!holds) throw ConfigError(std::string(what) + " is 0; it may be 1 or more");
    };
    need(params.pe_rows > 0, "pe_rows");
    need(params.pe_columns > 0, "pe_columns");
    need(params.dot_width > 0, "dot_width");
    need(params.activation_bytes > 0, "activation_bytes");
    need(params.group_filters > 0, "group_filters");
}

namespace {

// Exact sums of one convolution group, each product shifted and rounded once.
void add_products(const ScnnShape &shape, std::span<const i16> weights, std::span<const i16> activations, u32 shift,
                  std::span<i64> sums) {
    const i32 half = shift ? 1 << (shift - 1) : 0;
    const i16 *weight = weights.data();
    for (u32 k = 0; k < shape.filters; ++k)
        for (u32 c = 0; c < shape.channels; ++c)
            for (u32 r = 0; r < shape.kernel_height; ++r)
                for (u32 s = 0; s < shape.kernel_width; ++s, ++weight) {
                    const i32 w = *weight, dx = i32(s) - i32(shape.pad_left);
                    const i32 left = std::max(0, -dx), right = std::min(i32(shape.output_width), i32(shape.width) - dx);
                    for (u32 y = 0; y < shape.output_height; ++y) {
                        const i32 row = i32(y + r) - i32(shape.pad_top);
                        if (row < 0 || row >= i32(shape.height)) continue;
                        const i16 *from = &activations[(u64(c) * shape.height + u32(row)) * shape.width];
                        i64 *to = &sums[(u64(k) * shape.output_height + y) * shape.output_width];
                        for (i32 x = left; x < right; ++x) to[x] += (w * i32(from[x + dx]) + half) >> shift;
                    }
                }
}

u64 nonzeros(std::span<const i16> values) {
    return values.size() - u64(std::count(values.begin(), values.end(), i16{0}));
}

}  // namespace

DcnnResult Dcnn::run_layer(const scnn_layer &layer, std::span<const i16> weights, std::span<const i32> bias,
                           std::span<const i16> activations, bool computes_values) {
    check_layer(layer, "Dcnn");
    const ScnnShape shape = folded_shape(layer);
    const u64 pes = u64(params_.pe_rows) * params_.pe_columns;
    DcnnResult result;
    std::vector<i64> sums(computes_values ? layer.groups * shape.outputs() : 0);
    u64 useful = 0;
    for (u32 g = 0; g < layer.groups; ++g) {
        const std::vector<i16> folded = folded_weights(layer, weights, g);
        const std::vector<i16> inputs = folded_activations(layer, activations, g);
        useful += nonzero_products(shape, folded, inputs).in_plane;
        if (computes_values)
            add_products(shape, folded, inputs, layer.product_shift,
                         std::span(sums).subspan(g * shape.outputs(), shape.outputs()));
    }
    result.cycles = u64(ceil_div(shape.output_height, params_.pe_rows)) *
                    ceil_div(shape.output_width, params_.pe_columns) * layer.filters * shape.kernel_height *
                    shape.kernel_width * ceil_div(shape.channels, params_.dot_width);
    const u64 dense = shape.dense_multiplies() * layer.groups;
    stats.multiplications += dense;
    stats.gated_multiplications += dense - useful;
    u64 nonzero_outputs =
        u64(layer.filters) * pooled_height(layer) * pooled_width(layer) * layer.output_density / 1000000;
    if (computes_values) {
        result.output = post_process(layer, sums, bias);
        nonzero_outputs = nonzeros(result.output.values);
    }
    count_memories(layer, shape, nonzeros(activations), nonzero_outputs, result);
    ++stats.layers;
    stats.array_cycles += result.cycles;
    stats.multiplier_slots += result.cycles * pes * params_.dot_width;
    return result;
}

void Dcnn::count_memories(const scnn_layer &layer, const ScnnShape &shape, u64 nonzero_inputs, u64 nonzero_outputs,
                          DcnnResult &result) {
    const u64 positions = u64(shape.output_height) * shape.output_width;
    const u64 chunks = u64(layer.groups) * ceil_div(shape.channels, params_.dot_width);
    const u64 kernel = u64(shape.kernel_height) * shape.kernel_width;
    const u64 inputs = u64(layer.channels) * layer.height * layer.width;
    const u64 outputs = u64(layer.filters) * pooled_height(layer) * pooled_width(layer);
    // A position's dot products: one for each filter, weight position and chunk of channels.
    const u64 dots = positions * shape.filters * kernel * chunks;
    stats.weight_reads += dots;
    stats.accumulator_updates += dots;
    stats.activation_reads +=
        u64(shape.height) * shape.width * chunks * ceil_div(shape.filters, params_.group_filters);
    stats.activation_writes += (outputs + params_.dot_width - 1) / params_.dot_width;
    stats.post_processed_outputs += layer.filters * positions;
    const u64 input_bytes = kValueBytes * inputs, output_bytes = kValueBytes * outputs;
    result.passes = u32((input_bytes + output_bytes + params_.activation_bytes - 1) / params_.activation_bytes);
    const bool is_tiled = result.passes > 1;
    stats.tiled_layers += is_tiled;
    const u64 weight_bytes = kValueBytes * layer.groups * shape.weights() * result.passes;
    // Every PE that works in a pass gets all weights.
    const u64 pes =
        u64(std::min(params_.pe_rows, shape.output_height)) * std::min(params_.pe_columns, shape.output_width);
    stats.weight_writes += pes * result.passes * layer.filters * kernel * ceil_div(shape.channels, params_.dot_width);
    stats.dram_read_bytes += weight_bytes + is_tiled * input_bytes;
    stats.dram_weight_bytes += weight_bytes;
    stats.dram_written_bytes += is_tiled * output_bytes;
    stats.compressed_dram_read_bytes += weight_bytes + is_tiled * nonzero_inputs * kEntryBits / 8;
    stats.compressed_dram_written_bytes += is_tiled * nonzero_outputs * kEntryBits / 8;
    if (!params_.dram_bytes_per_cycle) return;
    const u64 needed = (weight_bytes + is_tiled * (input_bytes + output_bytes)) / params_.dram_bytes_per_cycle;
    if (needed > result.cycles) {
        stats.dram_stall_cycles += needed - result.cycles;
        result.cycles = needed;
    }
}

}  // namespace sim
