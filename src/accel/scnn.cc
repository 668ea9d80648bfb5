// SPDX-License-Identifier: BSD-3-Clause
// SCNN's component: runs layers and counts what they use.
#include "accel/scnn.hh"
#include <algorithm>
#include "accel/scnn_products.hh"
#include "sim/errors.hh"

namespace sim {

COMPONENT(Scnn, "SCNN: convolutions on compressed weights and activations by Cartesian products.");

namespace {

constexpr u64 kEntryBits = 20;        // 16-bit value and 4-bit run
constexpr u64 kPartialSumBytes = 3;   // 24 bits

ScnnMachine checked(const Scnn::Params &p) {
    const auto need = [](bool holds, const char *what, u64 value, const char *allowed) {
        if (!holds) throw ConfigError(std::string(what) + " is " + std::to_string(value) + "; it may be " + allowed);
    };
    need(p.pe_rows >= 1 && p.pe_rows <= 64, "pe_rows", p.pe_rows, "1 to 64");
    need(p.pe_columns >= 1 && p.pe_columns <= 64, "pe_columns", p.pe_columns, "1 to 64");
    need(p.weights_wide >= 1 && p.weights_wide <= 64, "weights_wide", p.weights_wide, "1 to 64");
    need(p.activations_wide >= 1 && p.activations_wide <= 64, "activations_wide", p.activations_wide, "1 to 64");
    need(p.banks >= 1 && p.banks <= 16384, "banks", p.banks, "1 to 16384");
    need(p.bank_entries >= 1 && u64(p.banks) * p.bank_entries <= 32768, "bank_entries", p.bank_entries,
         "1 or more, with at most 32768 accumulators in all banks");
    need(p.bank_queue_entries >= 1, "bank_queue_entries", p.bank_queue_entries, "1 or more");
    need(p.activation_ram_entries >= 1, "activation_ram_entries", p.activation_ram_entries, "1 or more");
    need(p.weight_fifo_vectors >= 1 && p.weight_fifo_vectors <= 65536, "weight_fifo_vectors", p.weight_fifo_vectors,
         "1 to 65536");
    need(p.broadcast_vectors >= 1 && p.broadcast_vectors <= 1024, "broadcast_vectors", p.broadcast_vectors,
         "1 to 1024");
    need(p.group_filters_cap >= 1, "group_filters_cap", p.group_filters_cap, "1 or more");
    need(p.post_width >= 1, "post_width", p.post_width, "1 or more");
    need(p.merge_entries <= 4096, "merge_entries", p.merge_entries, "0 to 4096");
    if (p.bank_hash != "linear" && p.bank_hash != "xor" && p.bank_hash != "prime")
        throw ConfigError("bank_hash is '" + p.bank_hash + "'; it may be linear, xor or prime");
    return {p.pe_rows,      p.pe_columns,         p.weights_wide,
            p.activations_wide, p.banks,          p.bank_entries,
            p.bank_queue_entries, p.activation_ram_entries, p.weight_fifo_vectors,
            p.broadcast_vectors, p.group_filters_cap,  p.post_width,   p.merge_entries,
            p.dram_bytes_per_cycle, p.placeholders_take_slots};
}

void add(ScnnArray::Counts &to, const ScnnArray::Counts &c) {
    to.cycles += c.cycles;
    to.pairs += c.pairs;
    to.products += c.products;
    to.in_plane_products += c.in_plane_products;
    to.placeholder_slots += c.placeholder_slots;
    to.bank_stall_cycles += c.bank_stall_cycles;
    to.fifo_wait_cycles += c.fifo_wait_cycles;
    to.weight_wait_cycles += c.weight_wait_cycles;
    to.barrier_cycles += c.barrier_cycles;
    to.drain_stall_cycles += c.drain_stall_cycles;
    to.dram_stall_cycles += c.dram_stall_cycles;
    to.unused_pe_cycles += c.unused_pe_cycles;
    to.weight_fifo_writes += c.weight_fifo_writes;
    to.activation_reads += c.activation_reads;
    to.accumulator_updates += c.accumulator_updates;
    to.accumulator_drains += c.accumulator_drains;
    to.halo_values += c.halo_values;
    to.dram_values += c.dram_values;
    to.merged_products += c.merged_products;
    to.weight_bits += c.weight_bits;
}

// Addresses of the positions of a tile's block, and of a weight block, in the accumulator tile.
std::vector<u16> tile_addresses(const ScnnTile &tile, const ScnnTiling &tiling) {
    std::vector<u16> found;
    for (u32 y = 0; y < tile.height; ++y)
        for (u32 x = 0; x < tile.width; ++x) found.push_back(u16(y * tiling.accumulator_width + x));
    return found;
}
std::vector<u16> weight_addresses(const ScnnShape &shape, const ScnnTiling &tiling) {
    std::vector<u16> found;
    for (u32 k = 0; k < tiling.group_filters; ++k)
        for (u32 r = 0; r < shape.kernel_height; ++r)
            for (u32 s = 0; s < shape.kernel_width; ++s)
                found.push_back(u16(k * tiling.accumulator_area() +
                                    (shape.kernel_height - 1 - r) * tiling.accumulator_width +
                                    (shape.kernel_width - 1 - s)));
    return found;
}

}  // namespace

Scnn::Scnn(const Params &params) : params_(params), machine_(checked(params)), array_(machine_, params.bank_hash) {}

void Scnn::run_groups(const ScnnWork &work, const ScnnPlan &plan, std::vector<i64> &sums, ScnnResult &result) {
    const u32 pes = machine_.pes();
    const bool slots = machine_.placeholders_take_slots;
    const std::vector<u16> weight_address = weight_addresses(plan.shape, plan.tiling);
    const u32 blocks = ceil_div(plan.shape.filters, plan.tiling.group_filters) * plan.shape.channels;
    std::vector<ScnnVectors> activations(pes);
    for (u32 g = 0; g < work.layer.groups; ++g) {
        ScnnVectors weights;
        for (u32 b = 0; b < blocks; ++b)
            weights.add_block(*work.weights, g * blocks + b, machine_.weights_wide, weight_address, slots);
        std::span<i64> part;
        if (!sums.empty()) part = std::span(sums).subspan(g * plan.shape.outputs(), plan.shape.outputs());
        array_.start_layer(plan.shape, plan.tiling, weights, part, work.layer.product_shift);
        if (plan.shape.is_fully_connected()) {
            ScnnVectors inputs;
            const u16 zero[] = {0};
            for (u32 c = 0; c < plan.shape.channels; ++c)
                inputs.add_block(plan.activations[g], c, machine_.activations_wide, zero, slots);
            array_.run_dealt(inputs);
        } else {
            for (u32 p = 0; p < plan.passes.size(); ++p) {
                u64 stored = 0;
                for (u32 pe = 0; pe < pes; ++pe) {
                    const RunLengthCode &code = plan.code(g, p, pe, pes);
                    activations[pe] = {};
                    const auto address = tile_addresses(plan.passes[p].tiles[pe], plan.tiling);
                    for (u32 b = 0; b < code.blocks(); ++b)
                        activations[pe].add_block(code, b, machine_.activations_wide, address, slots);
                    stored += code.entries();
                }
                u64 bytes = 0;
                if (plan.passes.size() > 1)
                    bytes = (stored + plan.shape.outputs() / plan.passes.size() * work.layer.output_density / 1000000) *
                                kEntryBits / 8 +
                            2 * kPartialSumBytes * plan.passes[p].dram_values * plan.shape.filters;
                array_.run_pass(plan.passes[p], activations, bytes);
            }
        }
        array_.finish_layer();
        for (ScnnGroup one : array_.groups()) {
            one.begin += result.counts.cycles;
            one.end += result.counts.cycles;
            one.drained += result.counts.cycles;
            result.groups.push_back(one);
        }
        add(result.counts, array_.counts());
        for (u32 pe = 0; pe < pes; ++pe) result.busy_cycles[pe] += array_.busy_cycles()[pe];
    }
}

// Activations that come and go through DRAM, and what the output memories take.
void Scnn::move_activations(const ScnnWork &work, const ScnnPlan &plan, ScnnResult &result) const {
    const bool is_tiled = plan.passes.size() > 1;
    const u64 outputs = u64(work.layer.filters) * pooled_height(work.layer) * pooled_width(work.layer);
    result.stored_activations = plan.stored_activations;
    result.stored_outputs =
        work.computes_values
            ? outputs - u64(std::count(result.output.values.begin(), result.output.values.end(), i16{0}))
            : outputs * work.layer.output_density / 1000000;
    result.oaram_writes = (result.stored_outputs + machine_.activations_wide - 1) / machine_.activations_wide;
    const u64 input_bytes = (plan.stored_activations * kEntryBits + 7) / 8;
    const u64 output_bytes = (result.stored_outputs * kEntryBits + 7) / 8;
    const u64 partial_bytes = kPartialSumBytes * result.counts.dram_values;
    result.dram_read_bytes = result.counts.weight_bits / 8 + partial_bytes;
    result.dram_written_bytes = partial_bytes;
    if (is_tiled || work.input_from_dram) result.dram_read_bytes += input_bytes;
    if (is_tiled || work.output_to_dram) result.dram_written_bytes += output_bytes;
    const u64 rate = machine_.dram_bytes_per_cycle;
    if (rate && work.input_from_dram) result.load_cycles = (input_bytes + rate - 1) / rate / plan.passes.size();
    if (rate && work.output_to_dram) result.store_cycles = (output_bytes + rate - 1) / rate / plan.passes.size();
}

void Scnn::count(const ScnnWork &work, const ScnnResult &result) {
    const ScnnArray::Counts &c = result.counts;
    ++stats.layers;
    stats.tiled_layers += result.tiling.passes() > 1;
    stats.array_cycles += c.cycles;
    stats.multiplier_slots += c.cycles * machine_.pes() * machine_.multipliers();
    stats.out_of_plane_products += c.products - c.in_plane_products;
    stats.placeholder_slots += c.placeholder_slots;
    stats.pair_cycles += c.pairs;
    stats.bank_stall_cycles += c.bank_stall_cycles;
    stats.fifo_wait_cycles += c.fifo_wait_cycles;
    stats.weight_wait_cycles += c.weight_wait_cycles;
    stats.barrier_cycles += c.barrier_cycles;
    stats.drain_stall_cycles += c.drain_stall_cycles;
    stats.dram_stall_cycles += c.dram_stall_cycles;
    stats.unused_pe_cycles += c.unused_pe_cycles;
    stats.iaram_reads += c.activation_reads;
    stats.oaram_writes += result.oaram_writes;
    stats.weight_fifo_writes += c.weight_fifo_writes;
    stats.weight_fifo_reads += c.pairs;
    stats.crossbar_transfers += c.accumulator_updates;
    stats.accumulator_reads += c.accumulator_updates + c.accumulator_drains;
    stats.accumulator_writes += c.accumulator_updates;
    stats.merged_products += c.merged_products;
    stats.halo_values += c.halo_values;
    stats.post_processed_outputs += u64(work.layer.filters) * work.layer.output_height * work.layer.output_width;
    stats.accumulator_wraps += result.output.wraps;
    stats.saturated_outputs += result.output.saturations;
    stats.dram_read_bytes += result.dram_read_bytes;
    stats.dram_weight_bytes += c.weight_bits / 8;
    stats.dram_written_bytes += result.dram_written_bytes;
    // Only stored zeros make products that are neither useful nor out of the plane.
    u64 useful = c.in_plane_products;
    if (work.dense_activations || work.weights->is_dense) useful = nonzero_in_plane(work);
    stats.useful_products += useful;
    stats.zero_products += c.in_plane_products - useful;
}

u64 Scnn::nonzero_in_plane(const ScnnWork &work) const {
    const ScnnShape shape = folded_shape(work.layer);
    std::vector<i16> weights;
    require(decode_weights(work.layer, *work.weights, work.layer.group_filters, weights), "Scnn: weights decode");
    u64 found = 0;
    for (u32 g = 0; g < work.layer.groups; ++g)
        found += nonzero_products(shape, std::span(weights).subspan(g * shape.weights(), shape.weights()),
                                  folded_activations(work.layer, work.activations, g))
                     .in_plane;
    return found;
}

ScnnResult Scnn::run_layer(const ScnnWork &work) {
    check_layer(work.layer, "Scnn");
    require(work.layer.group_filters > 0, "Scnn: weights are encoded for a known Kc");
    const ScnnPlan plan = plan_layer(work.layer, machine_, work.activations, work.dense_activations);
    ScnnResult result;
    result.tiling = plan.tiling;
    result.busy_cycles.resize(machine_.pes());
    std::vector<i64> sums;
    if (work.computes_values) sums.resize(work.layer.groups * plan.shape.outputs());
    run_groups(work, plan, sums, result);
    if (work.computes_values) result.output = post_process(work.layer, sums, work.bias);
    move_activations(work, plan, result);
    count(work, result);
    return result;
}

}  // namespace sim
