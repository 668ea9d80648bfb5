// SPDX-License-Identifier: BSD-3-Clause
// Makes EIE's compressed model of dense matrices of codebook indices, and dense matrices of a model.
#pragma once
#include <array>
#include <span>
#include <vector>
#include "accel/eie_model.hh"

namespace sim {

struct EieDenseLayer {
    u32 inputs = 0, outputs = 0;
    std::span<const u8> codes;        // outputs x inputs, row by row; 0 is a pruned weight, 1 to 15 a codebook index
    std::span<const u8> bias_codes;   // one an output, or none
    std::array<i32, EIE_CODES> codebook{};
    u32 arithmetic = EIE_ROUND, shift = 0;
    i32 one = 0;
    bool relu = false;
};

struct EieEncoding {
    u32 pes = 64, registers = 64;
    u32 most_entries = 65535;    // of a PE in a section: 16-bit pointers
    u32 most_columns = 16383;    // of a section: 32 KiB of pointers (EIE, table II)
};

// Throws ConfigError for sizes that do not fit together.
std::vector<u8> encode_eie(std::span<const EieDenseLayer> layers, const EieEncoding &encoding);

struct EieDecodedLayer {
    eie_layer_header header{};
    std::vector<u8> codes, bias_codes;
};
// Throws ConfigError for a faulty model.
std::vector<EieDecodedLayer> decode_eie(std::span<const u8> model);

struct EieCounts {
    u64 entries = 0, fillers = 0;   // fillers are entries too
};
EieCounts count_eie(std::span<const u8> model, u32 layer);

}  // namespace sim
