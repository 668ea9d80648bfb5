// SPDX-License-Identifier: BSD-3-Clause
// A compressed model as EIE reads it: headers checked once, pointers and entries of one PE in one section.
#pragma once
#include <span>
#include <string>
#include <vector>
#include "../../ext/accel/eie_format.h"
#include "sim/types.hh"

namespace sim {

// Pointers and entries of all PEs in one section, in place.
class EieSection {
  public:
    EieSection() = default;
    EieSection(const eie_section_header &header, u32 pes, std::span<const u8> data);

    u32 columns() const { return columns_; }
    u32 pointer(u32 pe, u32 column) const {
        const u8 *at = pointers_ + 2 * (u64(pe) * (columns_ + 1) + column);
        return u32(at[0]) | u32(at[1]) << 8;
    }
    const u8 *entries(u32 pe) const { return entries_[pe]; }

  private:
    friend std::string fault_in_section(const eie_section_header &, u32, u32, u32, std::span<const u8>);
    u32 columns_ = 0;
    const u8 *pointers_ = nullptr;
    std::vector<const u8 *> entries_;   // by PE
};

// The headers of a model.
struct EieTables {
    eie_model_header model{};
    std::vector<eie_layer_header> layers;
    std::vector<eie_section_header> sections;

    u32 data_offset() const { return bytes_before_data(model); }
    // Rows of a layer that a PE holds in a row block.
    u32 rows(const eie_layer_header &layer, u32 row_block, u32 pe) const;
    u32 row_blocks(const eie_layer_header &layer) const;
    // Columns of the longest batch; the bias column is not one.
    u32 batch_columns() const { return model.pes * model.registers; }
    static u32 bytes_before_data(const eie_model_header &model);
};

// What is wrong with a model, or nothing. `model_bytes` is what the job says.
std::string fault_in_header(const eie_model_header &header, u64 model_bytes);
std::string fault_in_tables(const EieTables &tables);
// `rows`: those of the row block in a full PE; `outputs_left`: rows of the layer from the block's first on.
std::string fault_in_section(const eie_section_header &header, u32 pes, u32 rows, u32 outputs_left,
                             std::span<const u8> data);

// Splits the bytes between header and data; the header is already in `tables`.
void read_tables(EieTables &tables, std::span<const u8> bytes);
// All of a model that lies in memory; throws ConfigError where it is faulty.
EieTables read_model(std::span<const u8> model);

}  // namespace sim
