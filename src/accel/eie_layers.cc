// SPDX-License-Identifier: BSD-3-Clause
// A job's layers, one section after the other: row blocks, column batches, roles of the register files.
#include <cstring>
#include "accel/eie.hh"

namespace sim {

void Eie::end_layer_start() {
    const u32 most_rows = std::min(local_rows(layer().outputs), tables_.model.registers);
    array_.start_layer(layer(), most_rows);
    destination_.assign(layer().outputs, 0);
    section_index_ = layer().first_section;
    phase_ = Phase::Section;
    if (section_index_ >= resident_sections_) reload_section();
}

// The section is there: what did not stay is checked whenever it comes.
void Eie::end_section_load() {
    if (section_index_ >= resident_sections_) {
        const u32 first_row = section().row_block * tables_.batch_columns();
        const auto fault = fault_in_section(section(), params_.pes, tables_.model.registers,
                                            layer().outputs - first_row, data_[section_index_]);
        if (!fault.empty())
            return fail(EngineStatus::BadModel, "section " + std::to_string(section_index_) + ": " + fault);
    }
    current_ = EieSection(section(), params_.pes, data_[section_index_]);
    const u32 batch = tables_.batch_columns(), column = section().first_column;
    const bool is_in_memory = local_rows(layer().inputs) > tables_.model.registers;
    if (!is_in_memory || column % batch != 0 || column == layer().inputs) return begin_compute();
    const u32 rows = local_rows(std::min(batch, layer().inputs - column));
    stats.activation_memory_reads += u64(rows) * params_.pes;
    stats.register_writes += u64(rows) * params_.pes;
    move_registers(rows, Phase::Compute);
}

void Eie::move_registers(u64 rows, Phase then) {
    const u64 bits = rows * activation_size() * 8;
    cycles_left_ = (bits + params_.activation_width - 1) / params_.activation_width;
    after_registers_ = then;
    phase_ = Phase::Registers;
    phase_begin_ = compute_cycles;
}

u64 Eie::run_registers(u64 cycles) {
    const u64 used = JobEngine::compute(cycles);
    stats.computing_cycles += used;
    stats.register_cycles += used;
    if (cycles_left_ == 0) note(EieEvent::Kind::Registers, phase_begin_, compute_cycles);
    return used;
}

void Eie::begin_compute() {
    phase_ = Phase::Compute;
    phase_begin_ = compute_cycles;
    array_.start_section(current_, source_, section().first_column, layer().inputs);
}

u64 Eie::run_array(u64 cycles) {
    u64 used = 0;
    while (used < cycles && !array_.done()) {
        u64 chunk = cycles - used;
        if (profile_) {
            if (compute_cycles >= next_sample_) sample();
            chunk = std::min(chunk, next_sample_ - compute_cycles);
        }
        const u64 ran = array_.run(chunk);
        used += ran;
        compute_cycles += ran;
    }
    stats.computing_cycles += used;
    return used;
}

void Eie::end_compute() {
    note(EieEvent::Kind::Section, phase_begin_, compute_cycles);
    count_array();
    if (section_index_ >= resident_sections_) data_[section_index_] = {};   // its room is needed
    const u32 end = layer().first_section + layer().sections, next = section_index_ + 1;
    if (next < end && tables_.sections[next].row_block == section().row_block) {
        ++section_index_;
        phase_ = Phase::Section;
        if (section_index_ >= resident_sections_) reload_section();
        return;
    }
    if (local_rows(layer().outputs) <= tables_.model.registers) return end_row_block();
    const u32 rows = tables_.rows(layer(), section().row_block, 0);
    stats.activation_memory_writes += u64(rows) * params_.pes;
    move_registers(rows, Phase::Drain);
}

// Outputs leave the accumulators; the next row block begins with zeros.
void Eie::end_row_block() {
    const u32 first_row = section().row_block * tables_.batch_columns();
    for (u32 pe = 0; pe < params_.pes; ++pe)
        for (u32 row = 0, rows = tables_.rows(layer(), section().row_block, pe); row < rows; ++row)
            destination_[first_row + row * params_.pes + pe] = array_.output(pe, row);
    array_.clear_accumulators();
    if (++section_index_ == layer().first_section + layer().sections) return end_layer();
    phase_ = Phase::Section;
    if (section_index_ >= resident_sections_) reload_section();
}

// The register files swap their roles.
void Eie::end_layer() {
    if (layer().flags & EIE_RELU)
        for (i32 &value : destination_)
            if (value < 0) value = 0;   // of a float, too: the sign is the uppermost bit
    source_.swap(destination_);
    if (++layer_index_ < tables_.layers.size()) {
        phase_ = Phase::Layer;
        return;
    }
    phase_ = Phase::Output;
    bytes_.resize(source_.size() * activation_size());
    if (activation_size() == 4) std::memcpy(bytes_.data(), source_.data(), bytes_.size());
    else
        for (u32 i = 0; i < source_.size(); ++i) {
            bytes_[2 * i] = u8(source_[i]);
            bytes_[2 * i + 1] = u8(source_[i] >> 8);
        }
    waits_for_store = true;
    transfers_.write(job_.output, bytes_);
    stats.dma_written_bytes += bytes_.size();
}

void Eie::reload_section() {
    ask_for_section(section_index_);
    stats.reloaded_bytes += section().bytes;
}

// ---- statistics and profile

void Eie::count_array() {
    const EieArray::Counts &now = array_.counts(), &before = counted_;
    const u64 entries = now.weights - before.weights + now.fillers - before.fillers;
    const u64 empty = now.empty_column_cycles - before.empty_column_cycles;
    stats.weights += now.weights - before.weights;
    stats.fillers += now.fillers - before.fillers;
    stats.empty_column_cycles += empty;
    stats.idle_cycles += (now.cycles - before.cycles) * params_.pes - entries - empty;
    stats.broadcasts += now.broadcasts - before.broadcasts;
    stats.blocked_cycles += now.blocked_cycles - before.blocked_cycles;
    stats.row_scans += now.row_scans - before.row_scans;
    stats.column_visits += now.column_visits - before.column_visits;
    stats.spmat_reads += now.spmat_reads - before.spmat_reads;
    stats.bypasses += now.bypasses - before.bypasses;
    counted_ = now;
}

void Eie::sample() {
    const EieArray::Counts &now = array_.counts();
    profile_->samples.push_back({compute_cycles, now.weights + now.fillers, array_.occupancy(), now.blocked_cycles});
    next_sample_ = compute_cycles + profile_->interval;
}

void Eie::note(EieEvent::Kind kind, u64 begin, u64 end) {
    if (!profile_) return;
    profile_->events.push_back({kind, layer_index_, section().row_block, section().first_column, begin, end});
}

}  // namespace sim
