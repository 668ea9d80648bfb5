// SPDX-License-Identifier: BSD-3-Clause
#include "accel/ese_model.hh"
#include <algorithm>
#include <cstring>

namespace sim {
namespace {

constexpr u32 kMostRows = 1 << 16, kMostPes = 1024;

std::string fault_in_header(const ese_model_header &h, u64 bytes) {
    if (h.magic != ESE_MAGIC) return "magic number";
    if (h.bytes != bytes) return "size in bytes";
    if (h.pes == 0 || h.pes > kMostPes) return "PEs";
    const auto is_size = [](u32 n) { return n > 0 && n <= kMostRows; };
    if (!is_size(h.inputs) || !is_size(h.cells) || !is_size(h.outputs)) return "inputs, cells or outputs";
    for (u32 shift : {h.peephole_shift, h.sigmoid_shift, h.tanh_shift, h.cell_tanh_shift, h.y_shift})
        if (shift > 31) return "a shift";
    if (h.state_fraction > 15) return "fraction bits of c";
    if (h.sections < ESE_MATRICES || h.sections > bytes / sizeof(ese_section_header)) return "sections";
    const u64 vectors = u64(h.cells) * (4 * 4 + 3 * 2) + 2 * 2 * ESE_TABLE;
    if (h.vectors_offset % 4 != 0 || h.vectors_offset > bytes || (vectors + 3) / 4 * 4 != bytes - h.vectors_offset)
        return "offset of the vectors";
    return "";
}

template <class T> std::vector<T> taken(const u8 *&at, u32 count) {
    std::vector<T> made(count);
    std::memcpy(made.data(), at, count * sizeof(T));
    at += count * sizeof(T);
    return made;
}

std::string fault_in_matrix(const EseModel &model, u32 matrix) {
    const ese_matrix_header &m = model.matrices[matrix];
    const ese_model_header &h = model.header;
    const u32 rows = matrix == ESE_YM ? h.outputs : h.cells;
    const u32 columns = matrix == ESE_YM ? h.cells : matrix % 2 == 0 ? h.inputs : h.outputs;
    if (m.rows != rows || m.columns != columns) return "shape";
    if (m.shift > 31) return "shift";
    const u32 first = matrix == 0 ? 0 : model.matrices[matrix - 1].first_section + model.matrices[matrix - 1].sections;
    if (m.first_section != first || m.sections == 0 || m.sections > model.sections.size() - first) return "sections";
    u32 column = 0;
    for (u32 i = first; i < first + m.sections; ++i) {
        if (model.sections[i].first_column != column || model.sections[i].columns == 0) return "columns";
        if (model.sections[i].columns > m.columns - column) return "columns";
        column += model.sections[i].columns;
    }
    return column == m.columns ? "" : "columns";
}

// Pointers ascend, and no entry leaves its PE's rows.
std::string fault_in_section(const EseModel &model, u32 matrix, u32 index) {
    const ese_section_header &s = model.sections[index];
    const u32 pes = model.header.pes;
    const u64 bytes = 2 * u64(pes) * (u64(s.columns) + 1 + s.words);
    if (s.bytes != bytes || s.offset % 4 != 0 || s.offset > model.header.vectors_offset ||
        bytes > model.header.vectors_offset - s.offset)
        return "place";
    const EseSection section = model.section(index);
    u64 entries = 0;
    u32 words = 0;
    for (u32 pe = 0; pe < pes; ++pe) {
        const u32 rows = model.rows(matrix, pe);
        if (section.pointer(pe, 0) != 0) return "first pointer";
        for (u32 c = 0; c < s.columns; ++c) {
            const u32 begin = section.pointer(pe, c), end = section.pointer(pe, c + 1);
            if (end < begin || end > s.words) return "pointers";
            u64 row = 0;
            for (u32 i = begin; i < end; ++i) row += EseSection::zeros(section.entry(pe, i)) + 1;
            if (row > rows) return "rows";
        }
        entries += section.pointer(pe, s.columns);
        words = std::max(words, section.pointer(pe, s.columns));
    }
    return entries == s.entries && words == s.words ? "" : "entries";
}

}  // namespace

std::string read_ese(EseModel &model, std::vector<u8> bytes) {
    ese_model_header &h = model.header;
    if (bytes.size() < sizeof h) return "size in bytes";
    std::memcpy(&h, bytes.data(), sizeof h);
    if (const auto fault = fault_in_header(h, bytes.size()); !fault.empty()) return fault;
    if (ese_checksum(bytes.data() + sizeof h, bytes.size() - sizeof h) != h.checksum) return "checksum";
    const u64 headers = sizeof h + sizeof model.matrices + u64(h.sections) * sizeof(ese_section_header);
    if (headers > h.vectors_offset) return "sections";
    const u8 *at = bytes.data() + sizeof h;
    std::memcpy(model.matrices.data(), at, sizeof model.matrices);
    at += sizeof model.matrices;
    model.sections = taken<ese_section_header>(at, h.sections);
    at = bytes.data() + h.vectors_offset;
    for (auto &bias : model.bias) bias = taken<i32>(at, h.cells);
    for (auto &peephole : model.peepholes) peephole = taken<i16>(at, h.cells);
    model.sigmoid = taken<i16>(at, ESE_TABLE);
    model.tanh = taken<i16>(at, ESE_TABLE);
    model.bytes = std::move(bytes);
    for (u32 m = 0; m < ESE_MATRICES; ++m) {
        if (const auto fault = fault_in_matrix(model, m); !fault.empty())
            return "matrix " + std::to_string(m) + ": " + fault;
        const ese_matrix_header &matrix = model.matrices[m];
        for (u32 i = matrix.first_section; i < matrix.first_section + matrix.sections; ++i) {
            if (model.sections[i].offset < headers) return "section " + std::to_string(i) + ": place";
            if (const auto fault = fault_in_section(model, m, i); !fault.empty())
                return "section " + std::to_string(i) + ": " + fault;
        }
    }
    const ese_matrix_header &last = model.matrices[ESE_YM];
    return last.first_section + last.sections == h.sections ? "" : "sections";
}

}  // namespace sim
