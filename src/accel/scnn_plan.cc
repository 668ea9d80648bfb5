// SPDX-License-Identifier: BSD-3-Clause
// Preparing layers for an SCNN: tiling and compression.
#include "accel/scnn_plan.hh"
#include <algorithm>
#include <cstdlib>
#include <string>
#include "sim/errors.hh"

namespace sim {

RunLengthCode encode_weights(const scnn_layer &layer, std::span<const i16> dense, u32 group_filters, bool is_dense) {
    const ScnnShape shape = folded_shape(layer);
    const u32 kernel = shape.kernel_height * shape.kernel_width;
    RunLengthCode code;
    code.is_dense = is_dense;
    std::vector<i16> block;
    for (u32 g = 0; g < layer.groups; ++g) {
        const std::vector<i16> folded = folded_weights(layer, dense, g);
        for (u32 k = 0; k < shape.filters; k += group_filters)
            for (u32 c = 0; c < shape.channels; ++c) {
                block.clear();
                for (u32 i = k; i < std::min(k + group_filters, shape.filters); ++i) {
                    const i16 *from = &folded[(u64(i) * shape.channels + c) * kernel];
                    block.insert(block.end(), from, from + kernel);
                }
                code.add_block(block);
            }
    }
    return code;
}

bool decode_weights(const scnn_layer &layer, const RunLengthCode &code, u32 group_filters, std::vector<i16> &folded) {
    const ScnnShape shape = folded_shape(layer);
    const u32 kernel = shape.kernel_height * shape.kernel_width;
    folded.assign(u64(layer.groups) * shape.weights(), 0);
    std::vector<i16> block;
    u32 b = 0;
    for (u32 g = 0; g < layer.groups; ++g)
        for (u32 k = 0; k < shape.filters; k += group_filters)
            for (u32 c = 0; c < shape.channels; ++c, ++b) {
                const u32 filters = std::min(group_filters, shape.filters - k);
                block.resize(u64(filters) * kernel);
                if (b >= code.blocks() || !code.decode_block(b, block)) return false;
                for (u32 i = 0; i < filters; ++i)
                    std::copy_n(&block[u64(i) * kernel], kernel,
                                &folded[((u64(g) * shape.filters + k + i) * shape.channels + c) * kernel]);
            }
    return b == code.blocks();
}

u32 safe_product_shift(const scnn_layer &layer, std::span<const i16> weights, std::span<const u32> largest) {
    const u32 channels = layer.channels / layer.groups, kernel = layer.kernel_height * layer.kernel_width;
    const u32 filters = layer.filters / layer.groups;
    u32 shift = 0;
    for (u32 k = 0; k < layer.filters; ++k) {
        u64 bound = 0, products = 0;
        for (u32 c = 0; c < channels; ++c) {
            const i16 *w = &weights[(u64(k) * channels + c) * kernel];
            const u64 most = largest[k / filters * channels + c];
            for (u32 i = 0; i < kernel; ++i) {
                bound += u64(std::abs(i32(w[i]))) * most;
                products += w[i] != 0;
            }
        }
        // Half a unit a product; a shift beyond 30 would leave nothing of it.
        while (shift < 30 && (bound >> shift) + products / 2 + 1 >= 1 << 23) ++shift;
    }
    return shift;
}

namespace {

// One PE's tile of all channels, from folded activations.
RunLengthCode encode_tile(const ScnnShape &shape, const ScnnTile &tile, std::span<const i16> dense, bool is_dense) {
    RunLengthCode code;
    code.is_dense = is_dense;
    std::vector<i16> block(u64(tile.height) * tile.width);
    for (u32 c = 0; c < shape.channels; ++c) {
        for (u32 y = 0; y < tile.height; ++y)
            std::copy_n(&dense[(u64(c) * shape.height + tile.y + y) * shape.width + tile.x], tile.width,
                        &block[u64(y) * tile.width]);
        code.add_block(block);
    }
    return code;
}

// Fills the plan's activations; false: a PE of some pass holds too many entries.
bool encode_activations(ScnnPlan &plan, const ScnnMachine &machine, const std::vector<std::vector<i16>> &folded,
                        bool is_dense) {
    const u32 pes = machine.pes();
    std::vector<u64> held(plan.passes.size() * pes);
    plan.activations.clear();
    plan.stored_activations = 0;
    for (const std::vector<i16> &dense : folded)
        for (u32 p = 0; p < plan.passes.size(); ++p)
            for (u32 pe = 0; pe < pes; ++pe) {
                const ScnnTile &tile = plan.passes[p].tiles[pe];
                plan.activations.push_back(tile.is_idle() ? RunLengthCode{}
                                                          : encode_tile(plan.shape, tile, dense, is_dense));
                const u64 entries = plan.activations.back().entries();
                plan.stored_activations += entries;
                held[p * pes + pe] += entries;
                if (held[p * pes + pe] > machine.activation_ram_entries) return false;
            }
    return true;
}

ScnnPlan plan_fully_connected(const scnn_layer &layer, const ScnnMachine &machine,
                              const std::vector<std::vector<i16>> &folded, bool is_dense) {
    ScnnPlan plan;
    plan.shape = folded_shape(layer);
    plan.tiling = tiling_of_grid(plan.shape, machine, 1, 1);
    if (layer.group_filters) plan.tiling.group_filters = std::min(layer.group_filters, plan.shape.filters);
    plan.passes.resize(1);
    const ScnnTile all{0, 0, 1, 1, 0, 0, 0, 1, 0, 1};
    for (const std::vector<i16> &dense : folded) {
        plan.activations.push_back(encode_tile(plan.shape, all, dense, is_dense));
        plan.stored_activations += plan.activations.back().entries();
    }
    return plan;
}

}  // namespace

ScnnPlan plan_layer(const scnn_layer &layer, const ScnnMachine &machine, std::span<const i16> activations,
                    bool is_dense) {
    std::vector<std::vector<i16>> folded;
    for (u32 g = 0; g < layer.groups; ++g) folded.push_back(folded_activations(layer, activations, g));
    const ScnnShape shape = folded_shape(layer);
    if (shape.is_fully_connected()) {
        ScnnPlan plan = plan_fully_connected(layer, machine, folded, is_dense);
        if (plan.tiling.group_filters <= machine.accumulators() &&
            plan.stored_activations <= u64(machine.activation_ram_entries) * machine.pes())
            return plan;
        throw ConfigError("Scnn: a fully connected layer of " + std::to_string(layer.channels) +
                          " inputs exceeds activation_ram_entries, or its Kc the accumulators; give more");
    }
    const u32 pool = layer.pool_stride * layer.pool_stride;
    for (const ScnnTiling &tiling : candidate_tilings(shape, machine, layer.filters, layer.output_density / pool)) {
        ScnnPlan plan{shape, tiling, {}, {}, 0};
        if (layer.group_filters) plan.tiling.group_filters = std::min(layer.group_filters, shape.filters);
        if (u64(plan.tiling.group_filters) * tiling.accumulator_area() > machine.accumulators()) continue;
        for (u32 p = 0; p < tiling.passes(); ++p) plan.passes.push_back(lay_out(shape, machine, tiling, p));
        if (encode_activations(plan, machine, folded, is_dense)) return plan;
    }
    throw ConfigError("Scnn: no tiling of a layer of " + std::to_string(layer.channels) + " channels and " +
                      std::to_string(layer.kernel_height) + "x" + std::to_string(layer.kernel_width) +
                      " weights fits activation_ram_entries=" + std::to_string(machine.activation_ram_entries) +
                      " and " + std::to_string(machine.accumulators()) + " accumulators; give more of either");
}

}  // namespace sim
