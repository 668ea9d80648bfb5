// SPDX-License-Identifier: BSD-3-Clause
// SCNN ("SCNN: An Accelerator for Compressed-sparse Convolutional Neural Networks", ISCA 2017): layers on the array.
#pragma once
#include "accel/job_engine.hh"
#include "accel/scnn_array.hh"
#include "accel/scnn_model.hh"
#include "accel/scnn_post.hh"

namespace sim {

// A layer with its operands. Weights are in blocks of layer.group_filters filters, which must not be 0.
struct ScnnWork {
    scnn_layer layer{};
    const RunLengthCode *weights = nullptr;
    std::span<const i32> bias;             // one a filter, or none
    std::span<const i16> activations;      // dense [channels][height][width]
    bool computes_values = true;           // false: cycles only, which are the same
    bool dense_activations = false;        // zeros are stored and multiplied, as in SCNN-SparseW
    bool input_from_dram = false, output_to_dram = false;   // of a layer that is not tiled through DRAM anyway
};

struct ScnnResult {
    ScnnOutput output;
    ScnnTiling tiling;
    ScnnArray::Counts counts;
    u64 load_cycles = 0, store_cycles = 0;
    u64 stored_activations = 0, stored_outputs = 0, oaram_writes = 0;
    u64 dram_read_bytes = 0, dram_written_bytes = 0;
    std::vector<u64> busy_cycles;          // multiplying, by PE
    std::vector<ScnnGroup> groups;         // in order; of several convolution groups, cycles run on
};

// Facts are those of the paper (sizes: section 2.1 of the fact base); its text leaves open, and these are choices: the
// depth of bank queues, the bank hash, the width of the post-processing unit, how fast weights enter the FIFOs (5
// vectors of 4 x 20 bits are what DRAM delivers in a cycle), and the cap on Kc, which is 8 because a FIFO of 50
// vectors is exactly one block of 8 dense 5 x 5 filters. DRAM has a rate and no latency here: what comes next is known
// from a layer's start, so requests can go out as early as they must. Transfers of jobs have that of the memory system.
class Scnn final : public Model<Scnn, JobEngine> {
  public:
    using Offers = Engine;
    struct Params : Described<Params> {
        PARAM(u32, pe_rows, 8, "PEs", "in a column of the array");
        PARAM(u32, pe_columns, 8, "PEs", "in a row of the array");
        PARAM(u32, weights_wide, 4, "weights", "that a PE multiplies at once: F");
        PARAM(u32, activations_wide, 4, "activations", "that a PE multiplies at once: I");
        PARAM(u32, banks, 32, "banks", "of accumulators in a PE");
        PARAM(u32, bank_entries, 32, "accumulators", "in each half of a bank");
        PARAM(u32, bank_queue_entries, 8, "products", "wait for each bank");
        PARAM(std::string, bank_hash, "linear", "", "accumulator to bank: linear, xor or prime");
        PARAM(u32, activation_ram_entries, 4096, "entries", "of a PE's input and of its output activation memory");
        PARAM(u32, weight_fifo_vectors, 50, "vectors", "of F weights in a PE's FIFO");
        PARAM(u32, broadcast_vectors, 5, "vectors", "of weights enter the FIFOs in a cycle at most");
        PARAM(u32, group_filters_cap, 8, "filters", "largest output-channel group: Kc's cap");
        PARAM(u32, post_width, 4, "outputs", "that a PE's post-processing unit takes in a cycle");
        PARAM(u32, merge_entries, 0, "sums", "in a PE's product-merge buffer before the crossbar; 0: none");
        PARAM(u32, dram_bytes_per_cycle, 50, "bytes", "that DRAM moves in a cycle of the array; 0: unlimited");
        PARAM(bool, placeholders_take_slots, true, "",
              "placeholders of the run-length code go through the multipliers");
    };
    struct Stats : Described<Stats> {
        STAT(jobs, "jobs", "finished, with or without an error");
        STAT(failed_jobs, "jobs", "finished with an error");
        STAT(layers, "layers", "run");
        STAT(tiled_layers, "layers", "whose activations went through DRAM in temporal tiles");
        STAT(array_cycles, "cycles", "of the array");
        STAT(multiplier_slots, "slots", "multipliers times cycles");
        STAT(useful_products, "products", "of two non-zero operands for an output");
        STAT(zero_products, "products", "with a stored zero, where one operand is kept dense");
        STAT(out_of_plane_products, "products", "whose output does not exist");
        STAT(placeholder_slots, "slots", "taken by placeholders of the run-length code");
        STAT(pair_cycles, "PE-cycles", "in which a PE multiplied");
        STAT(bank_stall_cycles, "PE-cycles", "in which a bank queue was full or emptied for the barrier");
        STAT(fifo_wait_cycles, "PE-cycles", "without weights because another PE's FIFO was full");
        STAT(weight_wait_cycles, "PE-cycles", "without weights because DRAM or the broadcaster was busy");
        STAT(barrier_cycles, "PE-cycles", "of waiting for the slowest PE of a group");
        STAT(drain_stall_cycles, "PE-cycles", "of waiting for accumulators to drain");
        STAT(dram_stall_cycles, "PE-cycles", "of waiting for DRAM at the end of a pass");
        STAT(unused_pe_cycles, "PE-cycles", "of PEs without a part of the plane");
        STAT(iaram_reads, "vectors", "read from input activation memories");
        STAT(oaram_writes, "vectors", "written to output activation memories");
        STAT(weight_fifo_writes, "vectors", "written to weight FIFOs");
        STAT(weight_fifo_reads, "vectors", "read from weight FIFOs");
        STAT(crossbar_transfers, "products", "through crossbars");
        STAT(accumulator_reads, "reads", "of accumulator banks");
        STAT(accumulator_writes, "writes", "of accumulator banks");
        STAT(merged_products, "products", "added in the product-merge buffer");
        STAT(halo_values, "values", "partial sums sent to neighbouring PEs");
        STAT(post_processed_outputs, "outputs", "through the post-processing units");
        STAT(accumulator_wraps, "outputs", "whose sum does not fit 24 bits");
        STAT(saturated_outputs, "outputs", "that do not fit 16 bits");
        STAT(dram_read_bytes, "bytes", "weights, activations and partial sums");
        STAT(dram_weight_bytes, "bytes", "of those, weights");
        STAT(dram_written_bytes, "bytes", "activations and partial sums");
        FORMULA(idle_slots, "slots", "without a product or placeholder",
                multiplier_slots - useful_products - zero_products - out_of_plane_products - placeholder_slots);
        FORMULA(utilisation, "products/slot", "slots with a useful product", ratio(useful_products, multiplier_slots));
    };

    explicit Scnn(const Params &params);
    const Params &params() const { return params_; }
    const ScnnMachine &machine() const { return machine_; }

    // Throws ConfigError for a layer that does not fit.
    ScnnResult run_layer(const ScnnWork &work);

    // Jobs, in scnn_job.cc. A job's layers are run when its model and input have come; the cycles that they take pass
    // afterwards. Their weights are taken to reach the array at DRAM's rate, as in run_layer.
    void begin(const EngineJob &job, Dma &dma) override;
    u64 identity() const override { return engine_name("scnn"); }
    void list_structures(std::vector<Structure> &list) const override;   // scnn_structures.cc

    Stats stats;

  private:
    void run_groups(const ScnnWork &work, const ScnnPlan &plan, std::vector<i64> &sums, ScnnResult &result);
    void move_activations(const ScnnWork &work, const ScnnPlan &plan, ScnnResult &result) const;
    void count(const ScnnWork &work, const ScnnResult &result);
    u64 nonzero_in_plane(const ScnnWork &work) const;

    enum class Phase : u8 { Model, Input, Compute, Output };   // of a job; each waits for its transfers or cycles
    void end_phase() override;
    void fail(EngineStatus status, const std::string &why) override { finish(status, why); }
    void finished() override;
    void forget() override {}
    bool is_computing() const override { return phase_ == Phase::Compute; }
    void end_model();
    void end_input();
    void run_layers();
    void end_compute();

    const Params params_;
    const ScnnMachine machine_;
    ScnnArray array_;

    Phase phase_ = Phase::Model;
    std::vector<u8> bytes_;                // of the transfer at hand
    std::vector<ScnnModelLayer> layers_;
    std::vector<i16> activations_;
};

}  // namespace sim
