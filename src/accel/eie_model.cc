// SPDX-License-Identifier: BSD-3-Clause
#include "accel/eie_model.hh"
#include <algorithm>
#include <cstring>
#include "sim/errors.hh"

namespace sim {
namespace {

constexpr u32 kMostPes = 256;
constexpr u32 kMostRegisters = 1u << 16;
constexpr u32 kMostLayers = 1024;
constexpr u32 kMostSections = 1u << 20;
constexpr u32 kMostVector = 1u << 24;   // activations in or out of a layer

std::string number(const char *what, u64 value) { return std::string(what) + " " + std::to_string(value); }

std::string fault_in_layer(const eie_layer_header &layer, u32 index) {
    const std::string where = number("layer", index) + ": ";
    if (layer.inputs == 0 || layer.inputs > kMostVector) return where + number("inputs", layer.inputs);
    if (layer.outputs == 0 || layer.outputs > kMostVector) return where + number("outputs", layer.outputs);
    if (layer.flags & ~u32(EIE_RELU | EIE_BIAS)) return where + number("flags", layer.flags);
    if (layer.arithmetic > EIE_FLOAT32) return where + number("arithmetic", layer.arithmetic);
    if (layer.shift > 31) return where + number("shift", layer.shift);
    if (layer.arithmetic != EIE_FLOAT32)
        for (i32 value : layer.codebook)
            if (value != i16(value)) return where + "codebook value beyond 16 bits";
    if (layer.arithmetic != EIE_FLOAT32 && layer.one != i16(layer.one)) return where + "bias activation beyond 16 bits";
    return {};
}

// Sections must cover every column of every row block once, in order, and must not cross a batch's end.
std::string fault_in_cover(const EieTables &tables, const eie_layer_header &layer, u32 index) {
    const std::string where = number("layer", index) + ": ";
    if (layer.first_section > tables.sections.size() || layer.sections > tables.sections.size() - layer.first_section)
        return where + "sections beyond the table";
    const u32 batch = tables.batch_columns();
    const u32 columns = layer.inputs + (layer.flags & EIE_BIAS ? 1 : 0);
    u32 block = 0, column = 0;
    for (u32 i = layer.first_section; i < layer.first_section + layer.sections; ++i) {
        const eie_section_header &section = tables.sections[i];
        if (section.row_block != block || section.first_column != column || section.columns == 0 ||
            section.columns > columns - column)
            return where + number("section", i) + " does not continue the one before";
        const u32 last = std::min(column + section.columns, layer.inputs) - 1;   // the bias goes with the last batch
        if (column < layer.inputs && column / batch != last / batch)
            return where + number("section", i) + " crosses a batch's end";
        column += section.columns;
        if (column == columns) column = 0, ++block;
    }
    if (block != tables.row_blocks(layer) || column != 0) return where + "sections do not cover it";
    return {};
}

}  // namespace

u32 EieTables::bytes_before_data(const eie_model_header &model) {
    return u32(sizeof(eie_model_header) + model.layers * sizeof(eie_layer_header) +
               model.sections * sizeof(eie_section_header));
}

u32 EieTables::row_blocks(const eie_layer_header &layer) const {
    return (layer.outputs + batch_columns() - 1) / batch_columns();
}

u32 EieTables::rows(const eie_layer_header &layer, u32 row_block, u32 pe) const {
    const u32 first = row_block * batch_columns() + pe;
    if (first >= layer.outputs) return 0;
    return std::min(model.registers, (layer.outputs - first + model.pes - 1) / model.pes);
}

EieSection::EieSection(const eie_section_header &header, u32 pes, std::span<const u8> data)
    : columns_(header.columns), pointers_(data.data()), entries_(pes) {
    const u8 *at = pointers_ + 2 * u64(pes) * (columns_ + 1);
    for (u32 pe = 0; pe < pes; ++pe) {
        entries_[pe] = at;
        at += pointer(pe, columns_);
    }
}

std::string fault_in_header(const eie_model_header &header, u64 model_bytes) {
    if (header.magic != EIE_MAGIC) return number("magic number", header.magic);
    if (header.bytes != model_bytes) return number("size in bytes", header.bytes);
    if (header.pes == 0 || header.pes > kMostPes) return number("PEs", header.pes);
    if (header.registers == 0 || header.registers > kMostRegisters) return number("registers", header.registers);
    if (header.layers == 0 || header.layers > kMostLayers) return number("layers", header.layers);
    if (header.sections == 0 || header.sections > kMostSections) return number("sections", header.sections);
    if (header.reserved != 0) return number("reserved word", header.reserved);
    if (EieTables::bytes_before_data(header) > model_bytes) return "tables beyond its end";
    return {};
}

std::string fault_in_tables(const EieTables &tables) {
    u32 outputs = tables.layers[0].inputs;
    for (u32 i = 0; i < tables.layers.size(); ++i) {
        const eie_layer_header &layer = tables.layers[i];
        if (auto fault = fault_in_layer(layer, i); !fault.empty()) return fault;
        if (auto fault = fault_in_cover(tables, layer, i); !fault.empty()) return fault;
        if (layer.inputs != outputs) return number("layer", i) + ": inputs are not the outputs of the one before";
        if (layer.arithmetic != tables.layers[0].arithmetic) return number("layer", i) + ": other arithmetic";
        outputs = layer.outputs;
    }
    for (u32 i = 0; i < tables.sections.size(); ++i) {
        const eie_section_header &section = tables.sections[i];
        if (section.offset < tables.data_offset() || section.offset > tables.model.bytes ||
            section.bytes > tables.model.bytes - section.offset)
            return number("section", i) + ": data beyond the model";
        if (section.bytes != 2 * u64(tables.model.pes) * (u64(section.columns) + 1) + section.entries)
            return number("section", i) + ": size does not fit columns and entries";
    }
    return {};
}

std::string fault_in_section(const eie_section_header &header, u32 pes, u32 rows, u32 outputs_left,
                             std::span<const u8> data) {
    if (eie_checksum(data.data(), data.size()) != header.checksum) return "checksum";
    EieSection section;
    section.columns_ = header.columns;
    section.pointers_ = data.data();
    u64 at = 2 * u64(pes) * (header.columns + 1);
    u32 most = 0;
    for (u32 pe = 0; pe < pes; ++pe) {
        const u32 own_rows = outputs_left <= pe ? 0 : std::min(rows, (outputs_left - pe + pes - 1) / pes);
        if (section.pointer(pe, 0) != 0) return "first pointer";
        for (u32 column = 0; column < header.columns; ++column) {
            const u32 begin = section.pointer(pe, column), end = section.pointer(pe, column + 1);
            if (end < begin || at + end > data.size()) return "pointers";
            u32 row = 0;   // one past the last entry's
            for (u32 i = begin; i < end; ++i) row += 1 + (data[at + i] & EIE_MAX_ZEROS);
            if (row > own_rows) return "entry beyond the PE's rows";
        }
        at += section.pointer(pe, header.columns);
        most = std::max(most, section.pointer(pe, header.columns));
    }
    if (most != header.most_entries) return "entries of the fullest PE";
    return at == data.size() ? "" : "number of entries";
}

void read_tables(EieTables &tables, std::span<const u8> bytes) {
    tables.layers.resize(tables.model.layers);
    tables.sections.resize(tables.model.sections);
    const u64 layer_bytes = tables.layers.size() * sizeof(eie_layer_header);
    std::memcpy(tables.layers.data(), bytes.data(), layer_bytes);
    const u64 section_bytes = tables.sections.size() * sizeof(eie_section_header);
    std::memcpy(tables.sections.data(), bytes.data() + layer_bytes, section_bytes);
}

EieTables read_model(std::span<const u8> model) {
    EieTables tables;
    const auto check = [](const std::string &fault) {
        if (!fault.empty()) throw ConfigError("EIE model: " + fault + " cannot be right; encode it anew");
    };
    if (model.size() < sizeof tables.model) check(number("size in bytes", model.size()));
    std::memcpy(&tables.model, model.data(), sizeof tables.model);
    check(fault_in_header(tables.model, model.size()));
    const auto bytes = model.subspan(sizeof tables.model, tables.data_offset() - sizeof tables.model);
    if (eie_checksum(bytes.data(), bytes.size()) != tables.model.checksum) check("checksum of the tables");
    read_tables(tables, bytes);
    check(fault_in_tables(tables));
    for (const eie_layer_header &layer : tables.layers)
        for (u32 i = layer.first_section; i < layer.first_section + layer.sections; ++i) {
            const eie_section_header &section = tables.sections[i];
            const u32 first_row = section.row_block * tables.batch_columns();
            check(fault_in_section(section, tables.model.pes, tables.model.registers, layer.outputs - first_row,
                                   model.subspan(section.offset, section.bytes)));
        }
    return tables;
}

}  // namespace sim
