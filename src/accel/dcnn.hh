// SPDX-License-Identifier: BSD-3-Clause
// DCNN, SCNN's dense rival (PT-IS-DP-dense): as many multipliers, in PEs that each compute dot products over channels.
#pragma once
#include "accel/scnn_post.hh"
#include "sim/component.hh"

namespace sim {

struct DcnnResult {
    ScnnOutput output;
    u64 cycles = 0;
    u32 passes = 1;                        // through DRAM, where input and output exceed the activation memory
};

// A PE works on one output position at a time; in a cycle it adds a dot product over `dot_width` channels to one sum.
// Activations stay in place while all weights of an output-channel group of Kc filters pass. Strides are folded into
// channels as for SCNN. DCNN-opt is the same machine in the same cycles: it does not switch multipliers with a zero
// operand (gated_multiplications) and moves activations compressed (compressed_dram_*). DRAM overlaps computing.
class Dcnn final : public Model<Dcnn, Component> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, pe_rows, 8, "PEs", "in a column of the array");
        PARAM(u32, pe_columns, 8, "PEs", "in a row of the array");
        PARAM(u32, dot_width, 16, "channels", "of a dot product: multipliers of a PE");
        PARAM(u64, activation_bytes, 2 << 20, "bytes", "of the activation memories of all PEs, input and output");
        PARAM(u32, group_filters, 8, "filters", "whose weights meet an activation before it is given up: Kc");
        PARAM(u32, dram_bytes_per_cycle, 50, "bytes", "that DRAM moves in a cycle of the array; 0: unlimited");
    };
    struct Stats : Described<Stats> {
        STAT(layers, "layers", "run");
        STAT(tiled_layers, "layers", "whose activations went through DRAM");
        STAT(array_cycles, "cycles", "of the array");
        STAT(multiplier_slots, "slots", "multipliers times cycles");
        STAT(multiplications, "products", "of the dense layer, padding included");
        STAT(gated_multiplications, "products", "of those, with a zero operand or in the padding");
        STAT(dram_stall_cycles, "cycles", "of waiting for DRAM");
        STAT(activation_reads, "vectors", "read from activation memories");
        STAT(activation_writes, "vectors", "written to activation memories");
        STAT(weight_reads, "vectors", "read from weight buffers");
        STAT(weight_writes, "vectors", "written to weight buffers");
        STAT(accumulator_updates, "updates", "of sums: a read and a write each");
        STAT(post_processed_outputs, "outputs", "through the post-processing units");
        STAT(dram_read_bytes, "bytes", "weights and, where they do not fit, activations");
        STAT(dram_weight_bytes, "bytes", "of those, weights");
        STAT(dram_written_bytes, "bytes", "activations that do not fit");
        STAT(compressed_dram_read_bytes, "bytes", "what DCNN-opt reads instead");
        STAT(compressed_dram_written_bytes, "bytes", "what DCNN-opt writes instead");
        FORMULA(utilisation, "products/slot", "slots with a multiplication", ratio(multiplications, multiplier_slots));
    };

    explicit Dcnn(const Params &params);
    const Params &params() const { return params_; }

    // Dense weights [filters][channels / groups][rows][columns], activations [channels][rows][columns].
    DcnnResult run_layer(const scnn_layer &layer, std::span<const i16> weights, std::span<const i32> bias,
                         std::span<const i16> activations, bool computes_values);

    Stats stats;

  private:
    void count_memories(const scnn_layer &layer, const ScnnShape &shape, u64 nonzero_inputs, u64 nonzero_outputs,
                        DcnnResult &result);

    const Params params_;
};

}  // namespace sim
