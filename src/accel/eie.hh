// SPDX-License-Identifier: BSD-3-Clause
// EIE ("EIE: Efficient Inference Engine on Compressed Deep Neural Network", ISCA 2016): a whole engine, fed by DMA.
#pragma once
#include "accel/eie_array.hh"
#include "accel/job_engine.hh"

namespace sim {

// What an observer sees between two samples; PE-cycles and activations are sums over all PEs.
struct EieSample {
    u64 cycle, entries, occupancy, blocked_cycles;
};
struct EieEvent {
    enum class Kind : u8 { Registers, Section } kind;
    u32 layer, row_block, first_column;
    u64 begin, end;   // compute cycles
};
struct EieProfile {
    u64 interval = 64;   // compute cycles between samples
    std::vector<EieSample> samples;
    std::vector<EieEvent> events;
    std::vector<u64> entries_by_pe;
};

// Weights and pointers that fit stay resident from job to job; the rest is read by DMA whenever it is needed, one
// section at a time. That does not overlap computing: in EIE, I/O mode and computing mode exclude each other (fact
// base, section 1.1), and a PE has one weight memory. Reload time is load time, apart from that of computing.
class Eie final : public Model<Eie, JobEngine> {
  public:
    using Offers = Engine;
    struct Params : Described<Params> {
        PARAM(u32, pes, 64, "PEs", "in the array, 1 to 256");
        PARAM(u32, queue_depth, 8, "activations", "a PE's queue holds, the one at its pointer unit among them");
        PARAM(u32, registers, 64, "activations", "in a PE's source and in its destination register file");
        PARAM(u32, spmat_width, 64, "bits", "one read of a PE's weight memory brings");
        PARAM(bool, keeps_line, true, "", "the row buffer's line is remembered from column to column");
        PARAM(u64, spmat_bytes, 128_KiB, "bytes", "a PE's weight memory");
        PARAM(u64, pointer_bytes, 32_KiB, "bytes", "both banks of a PE's pointer memory");
        PARAM(u64, activation_bytes, 2_KiB, "bytes", "a PE's activation memory");
        PARAM(u32, activation_width, 16, "bits", "that a PE's activation memory and registers exchange in a cycle");
        PARAM(bool, unlimited, false, "", "memories hold whatever the model needs; what exceeds them is only reported");
    };
    struct Stats : Described<Stats> {
        STAT(jobs, "jobs", "finished, with or without an error");
        STAT(failed_jobs, "jobs", "finished with an error");
        STAT(computing_cycles, "cycles", "of computing mode: sections and register transfers");
        STAT(register_cycles, "cycles", "of those, between activation memory and registers");
        STAT(weights, "entries", "multiplied and added, fillers apart");
        STAT(fillers, "entries", "that only stand for 16 zeros");
        STAT(empty_column_cycles, "PE-cycles", "in which a pointer unit held a column without entries");
        STAT(idle_cycles, "PE-cycles", "of sections in which a PE had no column");
        STAT(broadcasts, "activations", "sent to all queues");
        STAT(blocked_cycles, "cycles", "in which the root had an activation but some queue was full");
        STAT(row_scans, "rows", "of source registers that the leading-non-zero tree looked through");
        STAT(column_visits, "columns", "whose two pointers a PE read");
        STAT(spmat_reads, "reads", "of weight memories");
        STAT(bypasses, "sums", "that took their addend from the adder");
        STAT(activation_memory_reads, "activations", "from activation memory into registers");
        STAT(activation_memory_writes, "activations", "from registers or DMA into activation memory");
        STAT(register_writes, "activations", "into source registers at loads and at swaps of roles");
        STAT(dma_read_bytes, "bytes", "models and inputs");
        STAT(dma_written_bytes, "bytes", "outputs");
        STAT(reloaded_bytes, "bytes", "of models, because they did not fit");
        FORMULA(entries, "entries", "weights and fillers", weights + fillers);
        FORMULA(weight_share, "weights/entry", "entries that are not fillers", ratio(weights, weights + fillers));
        FORMULA(utilisation, "entries/PE-cycle", "of sections",
                ratio(weights + fillers, weights + fillers + empty_column_cycles + idle_cycles));
    };

    explicit Eie(const Params &params);

    void begin(const EngineJob &job, Dma &dma) override;
    u64 identity() const override { return engine_name("eie"); }

    // The profile is filled from now on, until another or none is given.
    void observe(EieProfile *profile) { profile_ = profile; }
    const Params &params() const { return params_; }
    void list_structures(std::vector<Structure> &list) const override;

    Stats stats;

  private:
    // In the order of a job; each waits for the transfers that were asked for at its start.
    enum class Phase : u8 { Header, Tables, Preload, Input, Layer, Section, Registers, Compute, Drain, Output };

    void end_phase() override;
    void end_header();
    void end_tables();
    void end_preload();
    void end_input();
    void end_layer_start();
    void end_section_load();
    void end_compute();
    void end_row_block();
    void end_layer();
    void ask_for_input();
    void ask_for_header();

    void fail(EngineStatus status, const std::string &why) override;
    void finished() override;
    void forget() override;
    bool is_computing() const override { return phase_ == Phase::Registers || phase_ == Phase::Compute; }
    u64 compute(u64 cycles) override { return phase_ == Phase::Compute ? run_array(cycles) : run_registers(cycles); }
    bool has_computed() const override { return phase_ == Phase::Compute ? array_.done() : cycles_left_ == 0; }
    void plan_residence();
    void ask_for_section(u32 index);
    void reload_section();
    void move_registers(u64 rows, Phase then);
    void begin_compute();
    u64 run_registers(u64 cycles);
    u64 run_array(u64 cycles);
    void count_array();
    void sample();
    void note(EieEvent::Kind kind, u64 begin, u64 end);
    const eie_layer_header &layer() const { return tables_.layers[layer_index_]; }
    const eie_section_header &section() const { return tables_.sections[section_index_]; }
    u32 activation_size() const { return tables_.layers[0].arithmetic == EIE_FLOAT32 ? 4 : 2; }
    u32 local_rows(u64 count) const { return u32((count + params_.pes - 1) / params_.pes); }

    const Params params_;
    EieArray array_;
    Phase phase_ = Phase::Header;

    EieTables tables_;
    bool has_model_ = false;                   // tables_ are those of a model whose first sections are resident
    Address model_address_ = 0;
    std::vector<u8> bytes_;                    // of a transfer that is not a section
    std::vector<std::vector<u8>> data_;        // by section; empty: not in the engine
    u32 resident_sections_ = 0;                // the first so many stay

    std::vector<i32> source_, destination_;    // activations by global index, registers or memory
    u32 layer_index_ = 0, section_index_ = 0;
    EieSection current_;
    Phase after_registers_ = Phase::Compute;
    u64 next_sample_ = 0, phase_begin_ = 0;
    EieArray::Counts counted_;                 // of the array, what is in stats already
    EieProfile *profile_ = nullptr;
};

}  // namespace sim
