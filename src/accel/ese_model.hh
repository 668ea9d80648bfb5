// SPDX-License-Identifier: BSD-3-Clause
// A compressed LSTM as ESE reads it: headers checked once, and the parts in place.
#pragma once
#include <array>
#include <span>
#include <string>
#include <vector>
#include "../../ext/accel/ese_format.h"
#include "sim/types.hh"

namespace sim {

// Pointers and entries of all PEs in one section, in place.
class EseSection {
  public:
    EseSection(const ese_section_header &header, u32 pes, const u8 *model)
        : pes_(pes), pointers_(model + header.offset),
          entries_(pointers_ + 2 * u64(pes) * (header.columns + 1)) {}

    u32 pointer(u32 pe, u32 column) const { return word(pointers_, column, pe); }
    u16 entry(u32 pe, u32 index) const { return u16(word(entries_, index, pe)); }

    static i32 weight(u16 entry) { return i16(entry) >> 4; }
    static u32 zeros(u16 entry) { return entry & 15; }

  private:
    u32 word(const u8 *from, u32 row, u32 lane) const {
        const u8 *at = from + 2 * (u64(row) * pes_ + lane);
        return u32(at[0]) | u32(at[1]) << 8;
    }
    u32 pes_;
    const u8 *pointers_, *entries_;
};

struct EseModel {
    ese_model_header header{};
    std::array<ese_matrix_header, ESE_MATRICES> matrices{};
    std::vector<ese_section_header> sections;
    std::vector<u8> bytes;                       // the whole model
    std::array<std::vector<i32>, 4> bias;        // i, f, g, o
    std::array<std::vector<i16>, 3> peepholes;   // i, f, o
    std::vector<i16> sigmoid, tanh;

    EseSection section(u32 index) const { return {sections[index], header.pes, bytes.data()}; }
    u32 rows(u32 matrix, u32 pe) const {
        return (matrices[matrix].rows + header.pes - 1 - pe) / header.pes;
    }
};

// Takes the bytes apart; what is wrong with them, or nothing.
std::string read_ese(EseModel &model, std::vector<u8> bytes);

}  // namespace sim
