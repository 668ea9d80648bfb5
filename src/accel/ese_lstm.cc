// SPDX-License-Identifier: BSD-3-Clause
#include "accel/ese_lstm.hh"
#include <algorithm>
#include <limits>

namespace sim {
namespace {

i64 shifted(i64 value, u32 shift) { return shift == 0 ? value : (value + (i64{1} << (shift - 1))) >> shift; }
i16 short_of(i64 value) { return i16(std::clamp<i64>(value, -32768, 32767)); }
i32 added(i32 sum, i64 more) {
    return i32(std::clamp<i64>(sum + more, std::numeric_limits<i32>::min(), std::numeric_limits<i32>::max()));
}
i16 looked_up(const std::vector<i16> &table, i64 value, u32 shift) {
    return table[u32(std::clamp<i64>(shifted(value, shift) + ESE_TABLE / 2, 0, ESE_TABLE - 1))];
}

}  // namespace

void EseLstmState::start(const EseModel &model, u32 channels, bool keeps_state) {
    model_ = &model;
    const ese_model_header &h = model.header;
    channels_ = channels;
    x_.assign(u64(h.inputs) * channels, 0);
    m_.assign(u64(h.cells) * channels, 0);
    for (auto &gate : gates_) gate.assign(u64(h.cells) * channels, 0);
    if (keeps_state) return;
    y_.assign(u64(h.outputs) * channels, 0);
    c_.assign(u64(h.cells) * channels, 0);
}

void EseLstmState::take_input(std::span<const i16> x) {
    const u32 inputs = model_->header.inputs;
    for (u32 channel = 0; channel < channels_; ++channel)
        for (u32 i = 0; i < inputs; ++i) x_[u64(i) * channels_ + channel] = x[u64(channel) * inputs + i];
}

bool EseLstmState::is_used(u32 matrix, u32 column) const {
    const i16 *values = operand(matrix).data() + u64(column) * channels_;
    return std::any_of(values, values + channels_, [](i16 value) { return value != 0; });
}

void EseLstmState::multiply(u32 matrix, u32 index) {
    const ese_matrix_header &m = model_->matrices[matrix];
    const ese_section_header &header = model_->sections[index];
    const EseSection section = model_->section(index);
    const u32 pes = model_->header.pes;
    const bool begins_gate = (matrix % 2 == 0) && index == m.first_section;
    if (begins_gate) sums_.assign(u64(m.rows) * channels_, 0);
    const i16 *operands = operand(matrix).data();
    for (u32 c = 0; c < header.columns; ++c) {
        const i16 *values = operands + u64(header.first_column + c) * channels_;
        for (u32 pe = 0; pe < pes; ++pe) {
            u64 row = pe;
            for (u32 i = section.pointer(pe, c); i < section.pointer(pe, c + 1); ++i, row += pes) {
                const u16 entry = section.entry(pe, i);
                row += u64(EseSection::zeros(entry)) * pes;
                const i32 weight = EseSection::weight(entry);
                i32 *sums = sums_.data() + row * channels_;
                for (u32 channel = 0; channel < channels_; ++channel)
                    sums[channel] = added(sums[channel], shifted(i64(weight) * values[channel], m.shift));
            }
        }
    }
}

void EseLstmState::finish_gate(u32 gate) {
    const ese_model_header &h = model_->header;
    const bool is_tanh = gate == 2;
    const std::vector<i16> *peephole = is_tanh ? nullptr : &model_->peepholes[gate == 3 ? 2 : gate];
    for (u32 cell = 0; cell < h.cells; ++cell)
        for (u32 channel = 0; channel < channels_; ++channel) {
            const u64 at = u64(cell) * channels_ + channel;
            i32 sum = sums_[at];
            if (peephole) sum = added(sum, shifted(i64((*peephole)[cell]) * c_[at], h.peephole_shift));
            sum = added(sum, model_->bias[gate][cell]);
            gates_[gate][at] = is_tanh ? looked_up(model_->tanh, sum, h.tanh_shift)
                                       : looked_up(model_->sigmoid, sum, h.sigmoid_shift);
        }
    for (u64 at = 0; at < c_.size(); ++at) {
        if (gate == 2) {
            const i64 kept = i64(gates_[1][at]) * c_[at], fresh = i64(gates_[0][at]) * gates_[2][at];
            c_[at] = short_of(shifted(kept * (i64{1} << (15 - h.state_fraction)) + fresh, 30 - h.state_fraction));
        } else if (gate == 3) {
            m_[at] = short_of(shifted(i64(gates_[3][at]) * looked_up(model_->tanh, c_[at], h.cell_tanh_shift), 15));
        }
    }
}

void EseLstmState::finish_output() {
    for (u64 at = 0; at < y_.size(); ++at) y_[at] = short_of(shifted(sums_[at], model_->header.y_shift));
}

void EseLstmState::give_output(std::span<i16> y) const {
    const u32 outputs = model_->header.outputs;
    for (u32 channel = 0; channel < channels_; ++channel)
        for (u32 i = 0; i < outputs; ++i) y[u64(channel) * outputs + i] = y_[u64(i) * channels_ + channel];
}

}  // namespace sim
