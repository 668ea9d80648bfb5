// SPDX-License-Identifier: BSD-3-Clause
#include "accel/ese_encoder.hh"
#include <algorithm>
#include <cstring>
#include "accel/ese_model.hh"
#include "sim/errors.hh"

namespace sim {
namespace {

[[noreturn]] void refuse(const std::string &what) { throw ConfigError("ESE model: " + what); }

void check_size(const std::string &name, u64 given, u64 wanted) {
    if (given != wanted)
        refuse(name + " has " + std::to_string(given) + " numbers; it needs " + std::to_string(wanted));
}

void check(const EseLstm &lstm, const EseLayout &layout) {
    for (u32 size : {lstm.inputs, lstm.cells, lstm.outputs})
        if (size == 0 || size > 65536) refuse("inputs, cells and outputs are 1 to 65536, not " + std::to_string(size));
    if (layout.pes == 0 || layout.pes > 1024)
        refuse("pes cannot be " + std::to_string(layout.pes) + "; it is 1 to 1024");
    if (layout.most_columns == 0) refuse("most_columns cannot be 0");
    for (u32 m = 0; m < ESE_MATRICES; ++m) {
        const EseMatrix &matrix = lstm.matrices[m];
        const std::string name = "matrix " + std::to_string(m);
        const u32 rows = m == ESE_YM ? lstm.outputs : lstm.cells;
        const u32 columns = m == ESE_YM ? lstm.cells : m % 2 == 0 ? lstm.inputs : lstm.outputs;
        if (matrix.rows != rows || matrix.columns != columns)
            refuse(name + " is " + std::to_string(matrix.rows) + " x " + std::to_string(matrix.columns) +
                   "; it is to be " + std::to_string(rows) + " x " + std::to_string(columns));
        check_size(name, matrix.weights.size(), u64(rows) * columns);
        for (i16 weight : matrix.weights)
            if (weight < -2048 || weight > 2047)
                refuse(name + " holds " + std::to_string(weight) + "; weights are -2048 to 2047");
        if (matrix.shift > 31) refuse(name + ": shift is 0 to 31");
    }
    for (const auto &bias : lstm.bias) check_size("a bias", bias.size(), lstm.cells);
    for (const auto &peephole : lstm.peepholes) check_size("a peephole", peephole.size(), lstm.cells);
    check_size("sigmoid's table", lstm.sigmoid.size(), ESE_TABLE);
    check_size("tanh's table", lstm.tanh.size(), ESE_TABLE);
    for (u32 shift : {lstm.peephole_shift, lstm.sigmoid_shift, lstm.tanh_shift, lstm.cell_tanh_shift, lstm.y_shift})
        if (shift > 31) refuse("a shift is " + std::to_string(shift) + "; they are 0 to 31");
    if (lstm.state_fraction > 15) refuse("c has 0 to 15 fraction bits, not " + std::to_string(lstm.state_fraction));
}

// Entries of one column's rows of a PE, appended.
void add_column(std::vector<u16> &entries, const EseMatrix &matrix, u32 column, u32 pe, u32 pes) {
    u32 zeros = 0;
    for (u32 row = pe; row < matrix.rows; row += pes) {
        const i16 weight = matrix.weights[u64(row) * matrix.columns + column];
        if (weight == 0) {
            ++zeros;
            continue;
        }
        for (; zeros > ESE_MAX_ZEROS; zeros -= ESE_MAX_ZEROS + 1) entries.push_back(ESE_FILLER);
        entries.push_back(u16(u16(weight) << 4 | zeros));
        zeros = 0;
    }
}

class Encoder {
  public:
    Encoder(const EseLstm &lstm, const EseLayout &layout) : lstm_(lstm), layout_(layout) {}

    std::vector<u8> encoded() {
        for (u32 m = 0; m < ESE_MATRICES; ++m) add_matrix(m);
        ese_model_header h{};
        h.magic = ESE_MAGIC;
        h.pes = layout_.pes;
        h.inputs = lstm_.inputs;
        h.cells = lstm_.cells;
        h.outputs = lstm_.outputs;
        h.sections = u32(sections_.size());
        h.peephole_shift = lstm_.peephole_shift;
        h.sigmoid_shift = lstm_.sigmoid_shift;
        h.tanh_shift = lstm_.tanh_shift;
        h.cell_tanh_shift = lstm_.cell_tanh_shift;
        h.state_fraction = lstm_.state_fraction;
        h.y_shift = lstm_.y_shift;
        const u32 data = u32(sizeof h + sizeof matrices_ + sections_.size() * sizeof(ese_section_header));
        for (ese_section_header &section : sections_) section.offset += data;
        std::vector<u8> made(sizeof h);
        append(made, matrices_.data(), sizeof matrices_);
        append(made, sections_.data(), sections_.size() * sizeof(ese_section_header));
        append(made, data_.data(), data_.size());
        h.vectors_offset = u32(made.size());
        for (const auto &bias : lstm_.bias) append(made, bias.data(), bias.size() * 4);
        for (const auto &peephole : lstm_.peepholes) append(made, peephole.data(), peephole.size() * 2);
        append(made, lstm_.sigmoid.data(), ESE_TABLE * 2);
        append(made, lstm_.tanh.data(), ESE_TABLE * 2);
        made.resize((made.size() + 3) / 4 * 4);
        h.bytes = u32(made.size());
        h.checksum = ese_checksum(made.data() + sizeof h, made.size() - sizeof h);
        std::memcpy(made.data(), &h, sizeof h);
        return made;
    }

  private:
    static void append(std::vector<u8> &to, const void *from, u64 bytes) {
        to.resize(to.size() + bytes);
        if (bytes > 0) std::memcpy(to.data() + to.size() - bytes, from, bytes);
    }

    void add_matrix(u32 m) {
        const EseMatrix &matrix = lstm_.matrices[m];
        ese_matrix_header &header = matrices_[m];
        header.rows = matrix.rows;
        header.columns = matrix.columns;
        header.shift = matrix.shift;
        header.first_section = u32(sections_.size());
        header.weights = u32(matrix.weights.size() - std::ranges::count(matrix.weights, 0));
        for (u32 column = 0; column < matrix.columns;) column = add_section(matrix, column);
        header.sections = u32(sections_.size()) - header.first_section;
    }

    // As many columns as the buffers hold; returns the first one left.
    u32 add_section(const EseMatrix &matrix, u32 first) {
        const u32 pes = layout_.pes;
        std::vector<std::vector<u16>> lanes(pes);
        std::vector<u16> pointers(pes, 0);
        const u32 most = std::min<u32>(layout_.most_words, 65535);
        u32 column = first;
        for (; column < matrix.columns && column - first < layout_.most_columns; ++column) {
            std::vector<u64> before(pes);
            u64 fullest = 0;
            for (u32 pe = 0; pe < pes; ++pe) {
                before[pe] = lanes[pe].size();
                add_column(lanes[pe], matrix, column, pe, pes);
                fullest = std::max<u64>(fullest, lanes[pe].size());
            }
            if (fullest > most) {
                if (column == first)
                    refuse("a column takes " + std::to_string(fullest) + " entries of a PE; its buffer holds " +
                           std::to_string(most));
                for (u32 pe = 0; pe < pes; ++pe) lanes[pe].resize(before[pe]);
                break;
            }
            for (u32 pe = 0; pe < pes; ++pe) pointers.push_back(u16(lanes[pe].size()));
        }
        store(lanes, pointers, first, column - first);
        return column;
    }

    void store(const std::vector<std::vector<u16>> &lanes, const std::vector<u16> &pointers, u32 first, u32 columns) {
        ese_section_header header{};
        header.first_column = first;
        header.columns = columns;
        for (const auto &lane : lanes) {
            header.words = std::max(header.words, u32(lane.size()));
            header.entries += u32(lane.size());
        }
        header.offset = u32(data_.size());
        append(data_, pointers.data(), pointers.size() * 2);
        for (u32 word = 0; word < header.words; ++word)
            for (const auto &lane : lanes) {
                const u16 entry = word < lane.size() ? lane[word] : u16{0};
                append(data_, &entry, 2);
            }
        header.bytes = u32(data_.size()) - header.offset;
        data_.resize((data_.size() + 3) / 4 * 4);
        sections_.push_back(header);
    }

    const EseLstm &lstm_;
    EseLayout layout_;
    std::array<ese_matrix_header, ESE_MATRICES> matrices_{};
    std::vector<ese_section_header> sections_;   // offsets from the first one
    std::vector<u8> data_;
};

}  // namespace

std::vector<u8> encode_ese(const EseLstm &lstm, const EseLayout &layout) {
    check(lstm, layout);
    return Encoder(lstm, layout).encoded();
}

EseLstm decode_ese(std::span<const u8> bytes) {
    EseModel model;
    if (const auto fault = read_ese(model, {bytes.begin(), bytes.end()}); !fault.empty())
        refuse(fault + " cannot be right");
    const ese_model_header &h = model.header;
    EseLstm made;
    made.inputs = h.inputs, made.cells = h.cells, made.outputs = h.outputs;
    made.bias = model.bias, made.peepholes = model.peepholes;
    made.sigmoid = model.sigmoid, made.tanh = model.tanh;
    made.peephole_shift = h.peephole_shift, made.sigmoid_shift = h.sigmoid_shift, made.tanh_shift = h.tanh_shift;
    made.cell_tanh_shift = h.cell_tanh_shift, made.state_fraction = h.state_fraction, made.y_shift = h.y_shift;
    for (u32 m = 0; m < ESE_MATRICES; ++m) {
        const ese_matrix_header &from = model.matrices[m];
        EseMatrix &matrix = made.matrices[m];
        matrix = {from.rows, from.columns, from.shift, std::vector<i16>(u64(from.rows) * from.columns)};
        for (u32 s = from.first_section; s < from.first_section + from.sections; ++s) {
            const EseSection section = model.section(s);
            for (u32 pe = 0; pe < h.pes; ++pe)
                for (u32 c = 0; c < model.sections[s].columns; ++c) {
                    u64 row = pe;
                    for (u32 i = section.pointer(pe, c); i < section.pointer(pe, c + 1); ++i, row += h.pes) {
                        row += u64(EseSection::zeros(section.entry(pe, i))) * h.pes;
                        matrix.weights[row * from.columns + model.sections[s].first_column + c] =
                            i16(EseSection::weight(section.entry(pe, i)));
                    }
                }
        }
    }
    return made;
}

}  // namespace sim
