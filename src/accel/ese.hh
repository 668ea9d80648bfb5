// SPDX-License-Identifier: BSD-3-Clause
// ESE ("ESE: Efficient Speech Recognition Engine with Sparse LSTM on FPGA", FPGA 2017): a card with its own DRAM.
#pragma once
#include "accel/ese_lstm.hh"
#include "accel/ese_schedule.hh"
#include "accel/job_engine.hh"

namespace sim {

// The model lies in the card's DRAM, from which every time step streams all weights: double-buffered, a section ahead
// of the array. Inputs and outputs come and go by DMA before and after a job's steps; their traffic in the card's DRAM
// is not modelled.
class Ese final : public Model<Ese, JobEngine> {
  public:
    using Offers = Engine;
    struct Params : Described<Params> {
        PARAM(u32, channels, 32, "channels", "voice vectors at a time, which share the weights");
        PARAM(u32, pes, 32, "PEs", "in a channel");
        PARAM(u32, queue_depth, 8, "activations", "a PE's queue holds, the one it works on among them");
        PARAM(u32, column_cycles, 1, "cycles",
              "that a PE takes for a column at least; 1: both its pointers come at once, as EIE's");
        PARAM(u32, weight_entries, 4096, "entries", "in each of a PE's two weight buffers");
        PARAM(u32, pointer_columns, 2047, "columns", "in each of a PE's two pointer buffers");
        PARAM(u32, pointer_bits, 16, "bits", "of a pointer in DRAM");
        PARAM(u32, element_multipliers, 15, "multipliers", "of a channel, for element-wise products");
        PARAM(u32, element_latency, 4, "cycles", "through multiplier, adder and table of the element-wise units");
        PARAM(u32, clock, 200, "MHz", "of the array");
        PARAM(u32, dram_bits, 128, "bits", "width of the DRAM that holds the weights: both modules of the card");
        PARAM(u32, dram_transfers, 1600, "MT/s", "on each of its wires");
        PARAM(u32, dram_latency, 100, "ns", "to the first word of a load that does not follow another at once");
        PARAM(u32, refresh_interval, 7800, "ns", "between two refreshes of the DRAM; 0: none");
        PARAM(u32, refresh_time, 260, "ns", "a refresh stops the DRAM for (DDR3 of 4 Gbit)");
    };
    struct Stats : Described<Stats> {
        STAT(jobs, "jobs", "finished, with or without an error");
        STAT(failed_jobs, "jobs", "finished with an error");
        STAT(steps, "steps", "time steps of all channels together");
        STAT(computing_cycles, "cycles", "of time steps, waiting for the card's DRAM included");
        STAT(array_cycles, "cycles", "in which the array worked on a section");
        STAT(load_wait_cycles, "cycles", "in which the array waited for weights only");
        STAT(element_wait_cycles, "cycles", "in which the array waited for the element-wise units");
        STAT(weights, "entries", "of the shared weights, fillers apart, multiplied in every channel");
        STAT(fillers, "entries", "that only stand for 16 zeros");
        STAT(empty_column_cycles, "PE-cycles", "of one channel, in which a PE had a column without entries");
        STAT(idle_cycles, "PE-cycles", "of one channel, in which a PE had no column while the array worked");
        STAT(broadcasts, "columns", "sent to the queues");
        STAT(zero_columns, "columns", "not sent: every channel had a zero");
        STAT(queue_writes, "activations", "into the queues of all PEs and channels");
        STAT(multiplications, "products", "of all channels");
        STAT(element_operations, "results", "of the element-wise units: gates, c, m and y of all channels");
        STAT(element_cycles, "cycles", "in which the element-wise units worked");
        STAT(dram_bytes, "bytes", "of weights and pointers from the card's DRAM");
        STAT(dma_read_bytes, "bytes", "models and inputs");
        STAT(dma_written_bytes, "bytes", "outputs");
        FORMULA(entries, "entries", "weights and fillers", weights + fillers);
        FORMULA(utilisation, "entries/PE-cycle", "of the time steps",
                ratio(weights + fillers,
                      ratio((weights + fillers + empty_column_cycles + idle_cycles) * computing_cycles,
                            array_cycles)));
    };

    explicit Ese(const Params &params);

    void begin(const EngineJob &job, Dma &dma) override;
    u64 identity() const override { return engine_name("ese"); }

    void list_structures(std::vector<Structure> &list) const override;   // ese_structures.cc
    const std::vector<EseTimes> &times() const { return schedule_.times; }    // of the last job
    const Params &params() const { return params_; }

    Stats stats;

  private:
    enum class Phase : u8 { Model, Input, Compute, Output };

    void end_phase() override;
    void fail(EngineStatus status, const std::string &why) override;
    void finished() override;
    void forget() override;
    bool is_computing() const override { return phase_ == Phase::Compute; }
    void take_model();
    void begin_run();
    void begin_step();
    void count(const EseTimes &times);

    const Params params_;
    Phase phase_ = Phase::Model;

    EseModel model_;
    bool has_model_ = false;
    Address model_address_ = 0;
    std::vector<u8> bytes_;          // of a model under way
    std::vector<i16> input_, output_;
    EseLstmState lstm_;
    EseSchedule schedule_;
    u32 step_ = 0;
    u64 step_end_ = 0;
};

}  // namespace sim
