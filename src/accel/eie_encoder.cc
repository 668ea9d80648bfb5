// SPDX-License-Identifier: BSD-3-Clause
#include "accel/eie_encoder.hh"
#include <algorithm>
#include <cstring>
#include "sim/errors.hh"

namespace sim {
namespace {

// One row block of a layer: first how many entries each PE has in each column, then sections of them.
class BlockEncoder {
  public:
    BlockEncoder(const EieDenseLayer &layer, const EieEncoding &encoding, u32 row_block)
        : layer_(layer), encoding_(encoding), row_block_(row_block),
          columns_(layer.inputs + (layer.bias_codes.empty() ? 0 : 1)), counts_(u64(encoding.pes) * columns_),
          past_(counts_.size()) {
        first_row_ = row_block * encoding.pes * encoding.registers;
        end_row_ = std::min<u64>(layer.outputs, u64(first_row_) + u64(encoding.pes) * encoding.registers);
        each_weight([this](u32 at, u32 zeros, u8) { counts_[at] += u16(zeros / (EIE_MAX_ZEROS + 1) + 1); });
    }

    void append_sections(std::vector<eie_section_header> &headers, std::vector<std::vector<u8>> &data) {
        const u64 before = headers.size();
        for (u32 column = 0; column < columns_;) {
            const u32 end = section_end(column);
            headers.push_back(section(column, end, data.emplace_back()));
            column = end;
        }
        fill(std::span(headers).subspan(before), std::span(data).subspan(before));
    }

  private:
    // Calls visit(place of (PE, column), zeros since the PE's weight above, code) for all weights, a PE's column
    // downward.
    template <class Visit> void each_weight(Visit &&visit) {
        std::fill(past_.begin(), past_.end(), 0);
        for (u32 row = first_row_; row < end_row_; ++row) {
            const u32 place = row % encoding_.pes * columns_, local = (row - first_row_) / encoding_.pes;
            const auto one = [&](u32 at, u8 code) {
                visit(at, local - past_[at], code);
                past_[at] = u16(local + 1);
            };
            const u8 *codes = layer_.codes.data() + u64(row) * layer_.inputs;
            for (u32 column = 0; column < layer_.inputs; ++column) {
                for (u64 eight; column + 8 <= layer_.inputs; column += 8) {   // most are zero
                    std::memcpy(&eight, codes + column, 8);
                    if (eight != 0) break;
                }
                if (column < layer_.inputs && codes[column] != 0) one(place + column, codes[column]);
            }
            if (!layer_.bias_codes.empty() && layer_.bias_codes[row] != 0)
                one(place + layer_.inputs, layer_.bias_codes[row]);
        }
    }

    // As many columns as the pointers can count and the batch has.
    u32 section_end(u32 begin) const {
        const u64 batch = u64(encoding_.pes) * encoding_.registers;
        const u64 batch_end = (std::min(begin, layer_.inputs - 1) / batch + 1) * batch;
        u64 limit = batch_end >= layer_.inputs ? columns_ : batch_end;   // the bias goes with the last batch
        limit = std::min<u64>(limit, u64(begin) + encoding_.most_columns);
        for (u32 pe = 0; pe < encoding_.pes; ++pe) {
            u64 entries = 0;
            for (u32 column = begin; column < limit; ++column) {
                entries += counts_[u64(pe) * columns_ + column];
                if (entries > encoding_.most_entries) limit = column;
            }
        }
        if (limit == begin)
            throw ConfigError("EIE model: " + std::to_string(encoding_.most_entries) +
                              " entries a section cannot hold one column; allow more, or use more PEs");
        return u32(limit);
    }

    eie_section_header section(u32 begin, u32 end, std::vector<u8> &data) {
        eie_section_header header{};
        header.row_block = row_block_;
        header.first_column = begin;
        header.columns = end - begin;
        for (u32 pe = 0; pe < encoding_.pes; ++pe) {
            u32 pointer = 0;
            for (u32 column = begin; column <= end; ++column) {
                data.push_back(u8(pointer));
                data.push_back(u8(pointer >> 8));
                if (column < end) pointer += counts_[u64(pe) * columns_ + column];
            }
            header.entries += pointer;
            header.most_entries = std::max(header.most_entries, pointer);
        }
        header.bytes = u32(data.size()) + header.entries;
        data.resize(header.bytes, EIE_FILLER);
        return header;
    }

    // Writes the entries; what is not written stays a filler.
    void fill(std::span<eie_section_header> headers, std::span<std::vector<u8>> data) {
        std::vector<u8 *> place(counts_.size());
        for (u32 i = 0; i < headers.size(); ++i) {
            u8 *at = data[i].data() + 2 * u64(encoding_.pes) * (headers[i].columns + 1);
            for (u32 pe = 0; pe < encoding_.pes; ++pe)
                for (u32 column = 0; column < headers[i].columns; ++column) {
                    const u64 index = u64(pe) * columns_ + headers[i].first_column + column;
                    place[index] = at;
                    at += counts_[index];
                }
        }
        each_weight([&](u32 at, u32 zeros, u8 code) {
            place[at] += zeros / (EIE_MAX_ZEROS + 1);
            *place[at]++ = u8(code << 4 | zeros % (EIE_MAX_ZEROS + 1));
        });
    }

    const EieDenseLayer &layer_;
    const EieEncoding &encoding_;
    const u32 row_block_, columns_;
    u32 first_row_, end_row_;
    std::vector<u16> counts_;   // entries by PE, then column
    std::vector<u16> past_;     // the same: register after the last weight's so far
};

void check(const EieDenseLayer &layer, const EieEncoding &encoding) {
    const auto refuse = [](const std::string &what) { throw ConfigError("EIE model: " + what); };
    if (encoding.pes == 0 || encoding.pes > 256)
        refuse("pes cannot be " + std::to_string(encoding.pes) + "; an array has 1 to 256");
    if (encoding.registers == 0 || encoding.registers > 65535)
        refuse("registers cannot be " + std::to_string(encoding.registers) + "; a PE has 1 to 65535");
    if (encoding.most_entries == 0 || encoding.most_entries > 65535 || encoding.most_columns == 0)
        refuse("a section has 1 to 65535 entries a PE, which 16-bit pointers count, and a column or more");
    if (layer.inputs == 0 || layer.outputs == 0) refuse("a layer needs an input and an output");
    if (layer.codes.size() != u64(layer.inputs) * layer.outputs)
        refuse(std::to_string(layer.codes.size()) + " codes are not outputs * inputs");
    if (!layer.bias_codes.empty() && layer.bias_codes.size() != layer.outputs)
        refuse(std::to_string(layer.bias_codes.size()) + " bias codes for " + std::to_string(layer.outputs) +
               " outputs");
    const auto too_large = [](u8 code) { return code >= EIE_CODES; };
    if (std::any_of(layer.codes.begin(), layer.codes.end(), too_large) ||
        std::any_of(layer.bias_codes.begin(), layer.bias_codes.end(), too_large))
        refuse("codes are 0 to 15, indices into the codebook");
}

eie_layer_header header_of(const EieDenseLayer &layer) {
    eie_layer_header header{};
    header.inputs = layer.inputs;
    header.outputs = layer.outputs;
    header.flags = (layer.relu ? u32(EIE_RELU) : 0) | (layer.bias_codes.empty() ? 0 : u32(EIE_BIAS));
    header.arithmetic = layer.arithmetic;
    header.shift = layer.shift;
    header.one = layer.one;
    std::copy(layer.codebook.begin(), layer.codebook.end(), header.codebook);
    return header;
}

}  // namespace

std::vector<u8> encode_eie(std::span<const EieDenseLayer> layers, const EieEncoding &encoding) {
    EieTables tables;
    std::vector<std::vector<u8>> data;
    tables.model = {EIE_MAGIC, 0, encoding.pes, encoding.registers, u32(layers.size()), 0, 0, 0};
    for (const EieDenseLayer &layer : layers) {
        check(layer, encoding);
        eie_layer_header header = header_of(layer);
        header.first_section = u32(tables.sections.size());
        for (u32 block = 0; block < tables.row_blocks(header); ++block)
            BlockEncoder(layer, encoding, block).append_sections(tables.sections, data);
        header.sections = u32(tables.sections.size()) - header.first_section;
        tables.layers.push_back(header);
    }
    tables.model.sections = u32(tables.sections.size());
    u64 offset = tables.data_offset();
    for (u32 i = 0; i < data.size(); ++i) {
        offset = (offset + 7) / 8 * 8;
        tables.sections[i].offset = u32(offset);
        tables.sections[i].checksum = eie_checksum(data[i].data(), data[i].size());
        offset += data[i].size();
    }
    if (offset > 0xffff'ffff) throw ConfigError("EIE model: it is larger than 4 GiB; use fewer layers");
    tables.model.bytes = u32(offset);
    std::vector<u8> model(offset);
    u8 *at = model.data() + sizeof tables.model;
    std::memcpy(at, tables.layers.data(), tables.layers.size() * sizeof(eie_layer_header));
    std::memcpy(at + tables.layers.size() * sizeof(eie_layer_header), tables.sections.data(),
                tables.sections.size() * sizeof(eie_section_header));
    tables.model.checksum = eie_checksum(at, tables.data_offset() - sizeof tables.model);
    std::memcpy(model.data(), &tables.model, sizeof tables.model);
    for (u32 i = 0; i < data.size(); ++i)
        std::copy(data[i].begin(), data[i].end(), model.begin() + tables.sections[i].offset);
    read_model(model);   // refuses what the device would refuse
    return model;
}

namespace {

// Calls visit(row, column, code) for every entry of a layer; fillers have code 0.
template <class Visit>
void each_entry(const EieTables &tables, std::span<const u8> model, const eie_layer_header &layer, Visit &&visit) {
    for (u32 i = layer.first_section; i < layer.first_section + layer.sections; ++i) {
        const eie_section_header &header = tables.sections[i];
        const EieSection section(header, tables.model.pes, model.subspan(header.offset, header.bytes));
        const u32 first_row = header.row_block * tables.batch_columns();
        for (u32 pe = 0; pe < tables.model.pes; ++pe)
            for (u32 column = 0; column < header.columns; ++column) {
                u32 past = 0;
                for (u32 at = section.pointer(pe, column); at < section.pointer(pe, column + 1); ++at) {
                    const u8 entry = section.entries(pe)[at];
                    past += 1 + (entry & EIE_MAX_ZEROS);
                    visit(first_row + (past - 1) * tables.model.pes + pe, header.first_column + column, u8(entry >> 4));
                }
            }
    }
}

}  // namespace

std::vector<EieDecodedLayer> decode_eie(std::span<const u8> model) {
    const EieTables tables = read_model(model);
    std::vector<EieDecodedLayer> layers;
    for (const eie_layer_header &header : tables.layers) {
        EieDecodedLayer &made = layers.emplace_back();
        made.header = header;
        made.codes.resize(u64(header.inputs) * header.outputs);
        if (header.flags & EIE_BIAS) made.bias_codes.resize(header.outputs);
        each_entry(tables, model, header, [&](u32 row, u32 column, u8 code) {
            if (code == 0) return;
            if (column == header.inputs) made.bias_codes[row] = code;
            else made.codes[u64(row) * header.inputs + column] = code;
        });
    }
    return layers;
}

EieCounts count_eie(std::span<const u8> model, u32 layer) {
    const EieTables tables = read_model(model);
    EieCounts counts;
    each_entry(tables, model, tables.layers.at(layer), [&](u32, u32, u8 code) {
        ++counts.entries;
        counts.fillers += code == 0;
    });
    return counts;
}

}  // namespace sim
