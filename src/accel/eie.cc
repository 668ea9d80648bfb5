// SPDX-License-Identifier: BSD-3-Clause
// A job from its descriptor to its output: models, inputs and outputs by DMA. The layers are in eie_layers.cc.
#include "accel/eie.hh"
#include <cstring>

namespace sim {

COMPONENT(Eie, "EIE, an inference engine for fully connected layers in compressed form.");

namespace {

void check(const Eie::Params &params) {
    const auto refuse = [](const std::string &what) { throw ConfigError("Eie: " + what); };
    if (params.pes == 0 || params.pes > 256)
        refuse("pes cannot be " + std::to_string(params.pes) + "; an array has 1 to 256");
    if (params.queue_depth == 0 || params.queue_depth > 65536)
        refuse("queue_depth cannot be " + std::to_string(params.queue_depth) + "; a queue holds 1 to 65536");
    if (params.registers == 0 || params.registers > 65535)
        refuse("registers cannot be " + std::to_string(params.registers) + "; a register file has 1 to 65535");
    if (params.spmat_width < 8 || params.spmat_width > 4096 || !std::has_single_bit(params.spmat_width))
        refuse("spmat_width cannot be " + std::to_string(params.spmat_width) + "; it is a power of two from 8 to 4096");
    if (params.activation_width == 0) refuse("activation_width cannot be 0; 16 moves an activation a cycle");
}

}  // namespace

Eie::Eie(const Params &params)
    : params_((check(params), params)),
      array_({params.pes, params.queue_depth, params.spmat_width / 8, params.keeps_line}) {}

void Eie::begin(const EngineJob &job, Dma &dma) {
    start(job, dma);
    next_sample_ = 0;
    if (job.operation < EIE_LOAD || job.operation > EIE_RUN_RESIDENT)
        return fail(EngineStatus::BadDescriptor, "operation " + std::to_string(job.operation) + " is not EIE's");
    if (job.operation == EIE_RUN_RESIDENT) {
        if (!has_model_ || job.model != model_address_ || job.model_bytes != tables_.model.bytes)   // what is, stays
            return finish(EngineStatus::BadModel, has_model_ ? "another model is resident" : "no model is resident");
        return ask_for_input();
    }
    ask_for_header();
}

void Eie::end_phase() {
    switch (phase_) {
    case Phase::Header: return end_header();
    case Phase::Tables: return end_tables();
    case Phase::Preload: return end_preload();
    case Phase::Input: return end_input();
    case Phase::Layer: return end_layer_start();
    case Phase::Section: return end_section_load();
    case Phase::Registers:
        phase_ = after_registers_;
        return phase_ == Phase::Compute ? begin_compute() : end_row_block();
    case Phase::Compute: return end_compute();
    case Phase::Drain: return end_row_block();
    case Phase::Output: return finish(EngineStatus::Ok);
    }
}

void Eie::fail(EngineStatus status, const std::string &why) {
    const bool was_loading = status == EngineStatus::BadAddress && phase_ <= Phase::Preload;
    if (status == EngineStatus::BadModel || was_loading) forget();
    finish(status, why);
}

void Eie::finished() {
    ++stats.jobs;
    stats.failed_jobs += status_ != EngineStatus::Ok;
    if (profile_) profile_->entries_by_pe.assign(array_.entries_by_pe().begin(), array_.entries_by_pe().end());
}

void Eie::forget() {
    has_model_ = false;
    data_.clear();
}

// ---- the model

void Eie::ask_for_header() {
    forget();
    phase_ = Phase::Header;
    if (job_.model_bytes < sizeof(eie_model_header))
        return fail(EngineStatus::BadModel, "model of " + std::to_string(job_.model_bytes) + " bytes");
    bytes_.resize(sizeof(eie_model_header));
    transfers_.read(job_.model, bytes_);
    stats.dma_read_bytes += bytes_.size();
}

void Eie::end_header() {
    std::memcpy(&tables_.model, bytes_.data(), sizeof tables_.model);
    if (const auto fault = fault_in_header(tables_.model, job_.model_bytes); !fault.empty())
        return fail(EngineStatus::BadModel, fault);
    phase_ = Phase::Tables;
    bytes_.resize(tables_.data_offset() - sizeof(eie_model_header));
    transfers_.read(job_.model + sizeof(eie_model_header), bytes_);
    stats.dma_read_bytes += bytes_.size();
}

void Eie::end_tables() {
    if (eie_checksum(bytes_.data(), bytes_.size()) != tables_.model.checksum)
        return fail(EngineStatus::BadModel, "checksum of the tables");
    read_tables(tables_, bytes_);
    if (const auto fault = fault_in_tables(tables_); !fault.empty()) return fail(EngineStatus::BadModel, fault);
    if (tables_.model.pes != params_.pes || tables_.model.registers > params_.registers)
        return fail(EngineStatus::BadModel, "made for " + std::to_string(tables_.model.pes) + " PEs with " +
                                                std::to_string(tables_.model.registers) + " registers");
    model_address_ = job_.model;
    data_.assign(tables_.sections.size(), {});
    plan_residence();
    if (state_ != State::Working) return;
    phase_ = Phase::Preload;
    for (section_index_ = 0; section_index_ < resident_sections_; ++section_index_) ask_for_section(section_index_);
}

// As many of the first sections stay as leave room for the largest of the others.
void Eie::plan_residence() {
    const auto &sections = tables_.sections;
    const auto pointers = [&](u32 i) { return 2 * (u64(sections[i].columns) + 1); };
    const auto fits = [&](u64 entry_bytes, u64 pointer_bytes) {
        return params_.unlimited || (entry_bytes <= params_.spmat_bytes && pointer_bytes <= params_.pointer_bytes);
    };
    const u32 count = u32(sections.size());
    std::vector<u64> most_entries(count + 1), most_pointers(count + 1);   // of the sections from here on
    for (u32 i = count; i-- > 0;) {
        if (!fits(sections[i].most_entries, pointers(i)))
            return fail(EngineStatus::BadModel, "section " + std::to_string(i) + " is larger than a PE's memories");
        most_entries[i] = std::max<u64>(most_entries[i + 1], sections[i].most_entries);
        most_pointers[i] = std::max(most_pointers[i + 1], pointers(i));
    }
    u64 entry_bytes = 0, pointer_bytes = 0;
    for (resident_sections_ = 0; resident_sections_ < count; ++resident_sections_) {
        entry_bytes += sections[resident_sections_].most_entries;
        pointer_bytes += pointers(resident_sections_);
        const u64 other_entries = most_entries[resident_sections_ + 1];
        const u64 other_pointers = most_pointers[resident_sections_ + 1];
        if (!fits(entry_bytes + other_entries, pointer_bytes + other_pointers)) break;
    }
    for (const eie_layer_header &layer : tables_.layers) {
        const u64 in = local_rows(layer.inputs), out = local_rows(layer.outputs), held = tables_.model.registers;
        const u64 bytes = ((in > held ? in : 0) + (out > held ? out : 0)) * activation_size();
        if (!params_.unlimited && bytes > params_.activation_bytes)
            return fail(EngineStatus::BadModel, std::to_string(bytes) + " bytes of activations in a PE");
    }
}

void Eie::ask_for_section(u32 index) {
    const eie_section_header &section = tables_.sections[index];
    data_[index].resize(section.bytes);
    transfers_.read(model_address_ + section.offset, data_[index]);
    stats.dma_read_bytes += section.bytes;
}

void Eie::end_preload() {
    for (const eie_layer_header &layer : tables_.layers)
        for (u32 i = layer.first_section; i < std::min(layer.first_section + layer.sections, resident_sections_); ++i) {
            const u32 first_row = tables_.sections[i].row_block * tables_.batch_columns();
            const auto fault = fault_in_section(tables_.sections[i], params_.pes, tables_.model.registers,
                                                layer.outputs - first_row, data_[i]);
            if (!fault.empty()) return fail(EngineStatus::BadModel, "section " + std::to_string(i) + ": " + fault);
        }
    has_model_ = true;
    if (job_.operation == EIE_LOAD) return finish(EngineStatus::Ok);
    ask_for_input();
}

// ---- activations

void Eie::ask_for_input() {
    phase_ = Phase::Input;
    const u64 in = u64(tables_.layers.front().inputs) * activation_size();
    const u64 out = u64(tables_.layers.back().outputs) * activation_size();
    if (job_.input_bytes != in || job_.output_bytes != out)
        return fail(EngineStatus::BadDescriptor, std::to_string(job_.input_bytes) + " bytes in and " +
                                                     std::to_string(job_.output_bytes) + " out; the model has " +
                                                     std::to_string(in) + " and " + std::to_string(out));
    bytes_.resize(in);
    transfers_.read(job_.input, bytes_);
    stats.dma_read_bytes += in;
}

void Eie::end_input() {
    source_.resize(tables_.layers.front().inputs);
    if (activation_size() == 4) std::memcpy(source_.data(), bytes_.data(), bytes_.size());
    else
        for (u32 i = 0; i < source_.size(); ++i) source_[i] = i16(bytes_[2 * i] | bytes_[2 * i + 1] << 8);
    const bool fits = local_rows(source_.size()) <= tables_.model.registers;
    (fits ? stats.register_writes : stats.activation_memory_writes) += source_.size();
    layer_index_ = 0;
    phase_ = Phase::Layer;
}

}  // namespace sim
