// SPDX-License-Identifier: BSD-3-Clause
// Makes ESE's compressed model of an LSTM's dense matrices of 12-bit weights, and the matrices of a model.
#pragma once
#include <array>
#include <span>
#include <vector>
#include "../../ext/accel/ese_format.h"
#include "sim/types.hh"

namespace sim {

struct EseMatrix {
    u32 rows = 0, columns = 0, shift = 0;
    std::vector<i16> weights;   // rows x columns, -2048 to 2047; 0 is pruned
};
struct EseLstm {
    u32 inputs = 0, cells = 0, outputs = 0;
    std::array<EseMatrix, ESE_MATRICES> matrices;
    std::array<std::vector<i32>, 4> bias;        // i, f, g, o
    std::array<std::vector<i16>, 3> peepholes;   // i, f, o
    std::vector<i16> sigmoid, tanh;
    u32 peephole_shift = 0, sigmoid_shift = 0, tanh_shift = 0, cell_tanh_shift = 0, state_fraction = 0, y_shift = 0;
};
struct EseLayout {
    u32 pes = 32;
    u32 most_words = 4096;      // entries that a PE's weight buffer holds
    u32 most_columns = 2047;    // columns that a PE's pointer buffer holds
};

// Throws ConfigError for shapes, weights or shifts that cannot be right.
std::vector<u8> encode_ese(const EseLstm &lstm, const EseLayout &layout);
// Without the tables' meaning checked. Throws ConfigError for a faulty model.
EseLstm decode_ese(std::span<const u8> model);

}  // namespace sim
