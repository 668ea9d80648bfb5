// SPDX-License-Identifier: BSD-3-Clause
// What ESE computes: sparse matrix times vector into 32-bit accumulators, and the element-wise part of an LSTM, for all
// channels side by side. Knows nothing of time.
#pragma once
#include "accel/ese_model.hh"

namespace sim {

// All vectors are by element, then channel.
class EseLstmState {
  public:
    void start(const EseModel &model, u32 channels, bool keeps_state);   // y and c are 0 unless kept
    void take_input(std::span<const i16> x);                             // by channel, then element, as jobs have it
    void multiply(u32 matrix, u32 section);                              // accumulates; a gate's first section clears
    void finish_gate(u32 gate);       // 0 to 3: i, f, g, o; after g comes c, after o comes m
    void finish_output();             // y of Wym's accumulators
    void give_output(std::span<i16> y) const;

    // What a matrix's columns are multiplied with: whether any channel has something other than 0.
    bool is_used(u32 matrix, u32 column) const;
    bool has_state(u32 channels) const { return channels_ == channels && !c_.empty(); }
    void forget() { c_.clear(), y_.clear(); }

  private:
    const std::vector<i16> &operand(u32 matrix) const {
        return matrix == ESE_YM ? m_ : matrix % 2 == 0 ? x_ : y_;
    }
    const EseModel *model_ = nullptr;
    u32 channels_ = 0;
    std::vector<i16> x_, y_, c_, m_;
    std::array<std::vector<i16>, 4> gates_;   // i, f, g, o, after their tables
    std::vector<i32> sums_;
};

}  // namespace sim
