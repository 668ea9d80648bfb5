// SPDX-License-Identifier: BSD-3-Clause
#include "accel/ese.hh"
#include <bit>

namespace sim {

COMPONENT(Ese, "ESE, a recurrent network's engine: sparse LSTM with shared weights in many channels.");

namespace {

static_assert(std::endian::native == std::endian::little, "vectors are moved as they lie in memory");

void check(const Ese::Params &p) {
    const auto within = [](const char *name, u32 value, u32 least, u32 most) {
        if (value < least || value > most)
            throw ConfigError(std::string("Ese: ") + name + " cannot be " + std::to_string(value) + "; it is " +
                              std::to_string(least) + " to " + std::to_string(most));
    };
    within("channels", p.channels, 1, 4096);
    within("pes", p.pes, 1, 1024);
    within("queue_depth", p.queue_depth, 1, 65536);
    within("column_cycles", p.column_cycles, 1, 1000);
    within("weight_entries", p.weight_entries, 1, 65535);
    within("pointer_columns", p.pointer_columns, 1, 65536);
    within("pointer_bits", p.pointer_bits, 1, 64);
    within("element_multipliers", p.element_multipliers, 1, 65536);
    within("element_latency", p.element_latency, 0, 1000);
    within("clock", p.clock, 1, 10000);
    within("dram_bits", p.dram_bits, 1, 65536);
    within("dram_transfers", p.dram_transfers, 1, 100000);
    within("dram_latency", p.dram_latency, 0, 1000000);
    within("refresh_interval", p.refresh_interval, 0, 1000000000);
    within("refresh_time", p.refresh_time, 0, 1000000);
    if (p.refresh_interval > 0 && 2 * p.refresh_time > p.refresh_interval)
        throw ConfigError("Ese: refresh_time " + std::to_string(p.refresh_time) +
                          " is more than half of refresh_interval " + std::to_string(p.refresh_interval));
}

EseSchedule::Config schedule_config(const Ese::Params &p) {
    return {p.pes, p.queue_depth, p.column_cycles, p.pointer_bits, p.element_multipliers, p.element_latency,
            {p.dram_bits, p.dram_transfers, p.clock, p.dram_latency, p.refresh_interval,
             p.refresh_interval == 0 ? 0 : p.refresh_time}};
}

}  // namespace

Ese::Ese(const Params &params) : params_((check(params), params)), schedule_(schedule_config(params)) {}

void Ese::begin(const EngineJob &job, Dma &dma) {
    start(job, dma);
    if (job.operation == ESE_RUN) return begin_run();
    if (job.operation != ESE_LOAD)
        return fail(EngineStatus::BadDescriptor, "operation " + std::to_string(job.operation) + " is not ESE's");
    forget();
    phase_ = Phase::Model;
    bytes_.resize(job.model_bytes);
    transfers_.read(job.model, bytes_);
    stats.dma_read_bytes += bytes_.size();
}

void Ese::begin_run() {
    if (!has_model_ || job_.model != model_address_ || job_.model_bytes != model_.bytes.size())
        return fail(EngineStatus::BadModel, has_model_ ? "another model is loaded" : "no model is loaded");
    const auto [steps, channels, keeps_state, unused] = job_.arguments;
    if (steps == 0 || channels == 0 || channels > params_.channels)
        return fail(EngineStatus::BadDescriptor,
                    std::to_string(steps) + " steps of " + std::to_string(channels) + " channels");
    const u64 in = u64(steps) * channels * model_.header.inputs * 2;
    const u64 out = u64(steps) * channels * model_.header.outputs * 2;
    if (job_.input_bytes != in || job_.output_bytes != out)
        return fail(EngineStatus::BadDescriptor, std::to_string(job_.input_bytes) + " bytes in and " +
                                                     std::to_string(job_.output_bytes) + " out; it takes " +
                                                     std::to_string(in) + " and " + std::to_string(out));
    if (keeps_state && !lstm_.has_state(channels))
        return fail(EngineStatus::BadDescriptor, "no state of " + std::to_string(channels) + " channels to go on from");
    lstm_.start(model_, channels, keeps_state != 0);
    input_.resize(in / 2);
    output_.resize(out / 2);
    phase_ = Phase::Input;
    transfers_.read(job_.input, {reinterpret_cast<u8 *>(input_.data()), in});
    stats.dma_read_bytes += in;
}

void Ese::end_phase() {
    switch (phase_) {
    case Phase::Model: return take_model();
    case Phase::Input:
        schedule_.start();
        step_ = 0;
        step_end_ = 0;
        phase_ = Phase::Compute;
        return begin_step();
    case Phase::Compute:
        if (++step_ < job_.arguments[0]) return begin_step();
        phase_ = Phase::Output;
        waits_for_store = true;
        transfers_.write(job_.output, {reinterpret_cast<u8 *>(output_.data()), output_.size() * 2});
        stats.dma_written_bytes += output_.size() * 2;
        return;
    case Phase::Output: return finish(EngineStatus::Ok);
    }
}

void Ese::take_model() {
    if (const auto fault = read_ese(model_, std::move(bytes_)); !fault.empty())
        return fail(EngineStatus::BadModel, fault);
    if (model_.header.pes != params_.pes)
        return fail(EngineStatus::BadModel, "made for " + std::to_string(model_.header.pes) + " PEs");
    for (const ese_section_header &section : model_.sections)
        if (section.words > params_.weight_entries || section.columns > params_.pointer_columns)
            return fail(EngineStatus::BadModel, "a section of " + std::to_string(section.words) + " entries and " +
                                                    std::to_string(section.columns) + " columns exceeds the buffers");
    has_model_ = true;
    model_address_ = job_.model;
    finish(EngineStatus::Ok);
}

// Computes a step and what it takes; run() then lets that time pass.
void Ese::begin_step() {
    const u32 channels = job_.arguments[1];
    const u64 in = u64(channels) * model_.header.inputs, out = u64(channels) * model_.header.outputs;
    lstm_.take_input(std::span<const i16>(input_).subspan(step_ * in, in));
    const u64 loaded = schedule_.dram_bytes, worked = schedule_.element_cycles;
    const u64 end = schedule_.step(
        model_,
        [&](u32 matrix, u32 section) {
            const ese_section_header &header = model_.sections[section];
            std::vector<bool> used(header.columns);
            for (u32 c = 0; c < header.columns; ++c) used[c] = lstm_.is_used(matrix, header.first_column + c);
            return used;
        },
        [&](u32 matrix, u32 section) { lstm_.multiply(matrix, section); },
        [&](u32 gate) { gate < 4 ? lstm_.finish_gate(gate) : lstm_.finish_output(); });
    lstm_.give_output(std::span<i16>(output_).subspan(step_ * out, out));
    for (const EseTimes &times : std::span(schedule_.times).last(ESE_MATRICES)) count(times);
    ++stats.steps;
    stats.element_operations += u64(channels) * (6 * u64(model_.header.cells) + model_.header.outputs);
    stats.dram_bytes += schedule_.dram_bytes - loaded;
    stats.element_cycles += schedule_.element_cycles - worked;
    cycles_left_ = end - step_end_;
    stats.computing_cycles += cycles_left_;
    const bool is_last = step_ + 1 == job_.arguments[0];   // the next one's first product does not wait for y
    if (is_last) stats.element_wait_cycles += end - schedule_.times.back().end;
    step_end_ = end;
}

void Ese::count(const EseTimes &times) {
    const EseCount &c = times.count;
    stats.array_cycles += c.cycles;
    stats.load_wait_cycles += times.load_wait;
    stats.element_wait_cycles += times.element_wait;
    stats.weights += c.weights;
    stats.fillers += c.fillers;
    stats.empty_column_cycles += c.empty_columns;
    stats.idle_cycles += c.cycles * params_.pes - c.weights - c.fillers - c.empty_columns;
    stats.broadcasts += c.broadcasts;
    stats.zero_columns += c.zero_columns;
    stats.queue_writes += c.broadcasts * params_.pes * job_.arguments[1];
    stats.multiplications += c.weights * job_.arguments[1];
}

void Ese::fail(EngineStatus status, const std::string &why) {
    if (phase_ == Phase::Model && !has_model_) forget();
    finish(status, why);
}

void Ese::finished() {
    ++stats.jobs;
    stats.failed_jobs += status_ != EngineStatus::Ok;
}

void Ese::forget() {
    has_model_ = false;
    model_ = {};
    lstm_.forget();
}

}  // namespace sim
