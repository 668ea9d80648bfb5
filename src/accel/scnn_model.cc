// SPDX-License-Identifier: BSD-3-Clause
// Reading and writing of SCNN's models.
#include "accel/scnn_model.hh"
#include <algorithm>
#include <cstring>
#include "sim/errors.hh"

namespace sim {
namespace {

constexpr u64 kMostValues = u64{1} << 26;   // of an input or output: no machine holds more

constexpr u64 aligned(u64 bytes) { return (bytes + 7) / 8 * 8; }

u64 record_bytes(const scnn_layer &layer) {
    return aligned(sizeof(scnn_layer)) + (layer.flags & SCNN_BIAS ? aligned(4 * u64(layer.filters)) : 0) +
           aligned(4 * u64(layer.blocks)) + aligned(2 * u64(layer.entries)) + aligned((u64(layer.entries) + 1) / 2);
}

u64 blocks_of(const scnn_layer &layer) {
    const ScnnShape shape = folded_shape(layer);
    return u64(layer.groups) * ceil_div(shape.filters, layer.group_filters) * shape.channels;
}

// Appends the items of a vector and zeros up to the next multiple of 8 bytes.
template <class T> void append(std::vector<u8> &to, const T *items, u64 count) {
    const u64 at = to.size();
    to.resize(at + aligned(count * sizeof(T)));
    if (count) std::memcpy(to.data() + at, items, count * sizeof(T));
}
template <class T> std::vector<T> take(std::span<const u8> bytes, u64 &at, u64 count) {
    std::vector<T> items(count);
    if (count) std::memcpy(items.data(), bytes.data() + at, count * sizeof(T));
    at += aligned(count * sizeof(T));
    return items;
}

std::string fault_in_layer(const scnn_layer &layer, const ScnnModelLayer *before) {
    try {
        check_layer(layer, "shape");
    } catch (const ConfigError &error) {
        return error.what();
    }
    if (layer.group_filters == 0 || layer.group_filters > layer.filters / layer.groups) return "group_filters";
    if (layer.flags & ~u32(SCNN_RELU | SCNN_BIAS | SCNN_AVERAGE_POOL)) return "unknown flags";
    if (layer.blocks != blocks_of(layer)) return "number of blocks";
    if (u64(layer.channels) * layer.height * layer.width > kMostValues ||
        u64(layer.filters) * layer.output_height * layer.output_width > kMostValues)
        return "more than 64 Mi activations";
    if (!before) return {};
    const scnn_layer &b = before->layer;
    if (layer.channels != b.filters || layer.height != pooled_height(b) || layer.width != pooled_width(b))
        return "input is not the output of the layer before";
    return {};
}

std::string fault_in_weights(const ScnnModelLayer &made) {
    const ScnnShape shape = folded_shape(made.layer);
    const RunLengthCode &code = made.weights;
    const u32 kc = made.layer.group_filters, groups = ceil_div(shape.filters, kc);
    for (u32 b = 0; b < code.blocks(); ++b) {
        const u32 filters = std::min(kc, shape.filters - b / shape.channels % groups * kc);
        u64 positions = 0;
        for (u32 i = code.start[b]; i < code.start[b + 1]; ++i) {
            positions += code.run[i] + 1u;
            if (code.value[i] == 0 && code.run[i] != SCNN_RUN_MAX) return "a placeholder with a short run";
        }
        if (positions > u64(filters) * shape.kernel_height * shape.kernel_width)
            return "a block's runs reach beyond it";
    }
    return {};
}

// The record at `at`, which has been found to lie within the bytes.
std::string read_layer(std::span<const u8> bytes, u64 at, ScnnModelLayer &made) {
    at += aligned(sizeof(scnn_layer));
    const scnn_layer &layer = made.layer;
    if (layer.flags & SCNN_BIAS) made.bias = take<i32>(bytes, at, layer.filters);
    u64 entries = 0;
    for (const u32 count : take<u32>(bytes, at, layer.blocks)) {
        entries += count;
        if (entries > layer.entries) return "more entries in blocks than in all";
        made.weights.start.push_back(u32(entries));
    }
    if (entries != layer.entries) return "fewer entries in blocks than in all";
    made.weights.value = take<i16>(bytes, at, entries);
    const std::vector<u8> runs = take<u8>(bytes, at, (entries + 1) / 2);
    for (u64 i = 0; i < entries; ++i) made.weights.run.push_back(i % 2 ? runs[i / 2] >> 4 : runs[i / 2] & 15);
    return fault_in_weights(made);
}

}  // namespace

std::vector<u8> write_scnn_model(std::vector<ScnnModelLayer> layers) {
    std::vector<u8> bytes(aligned(sizeof(scnn_model)));
    for (ScnnModelLayer &made : layers) {
        scnn_layer &layer = made.layer;
        layer.blocks = made.weights.blocks();
        layer.entries = u32(made.weights.entries());
        layer.flags = made.bias.empty() ? layer.flags & ~u32(SCNN_BIAS) : layer.flags | SCNN_BIAS;
        layer.bytes = u32(record_bytes(layer));
        append(bytes, &layer, 1);
        if (!made.bias.empty()) append(bytes, made.bias.data(), made.bias.size());
        std::vector<u32> counts;
        for (u32 b = 0; b < layer.blocks; ++b) counts.push_back(made.weights.start[b + 1] - made.weights.start[b]);
        append(bytes, counts.data(), counts.size());
        append(bytes, made.weights.value.data(), made.weights.value.size());
        std::vector<u8> runs((u64(layer.entries) + 1) / 2);
        for (u32 i = 0; i < layer.entries; ++i) runs[i / 2] |= u8(made.weights.run[i] << (i % 2 * 4));
        append(bytes, runs.data(), runs.size());
    }
    const scnn_model model{SCNN_MAGIC, SCNN_VERSION, u32(layers.size()), u32(bytes.size())};
    std::memcpy(bytes.data(), &model, sizeof model);
    return bytes;
}

std::string read_scnn_model(std::span<const u8> bytes, std::vector<ScnnModelLayer> &layers) {
    layers.clear();
    scnn_model model;
    if (bytes.size() < sizeof model) return "shorter than a header";
    std::memcpy(&model, bytes.data(), sizeof model);
    if (model.magic != SCNN_MAGIC) return "no SCNN model";
    if (model.version != SCNN_VERSION) return "version " + std::to_string(model.version);
    if (model.bytes != bytes.size()) return "size is not the header's";
    if (model.layers == 0) return "no layers";
    u64 at = aligned(sizeof model);
    for (u32 i = 0; i < model.layers; ++i) {
        const std::string where = "layer " + std::to_string(i) + ": ";
        if (bytes.size() - at < sizeof(scnn_layer)) return where + "missing";
        ScnnModelLayer made;
        std::memcpy(&made.layer, bytes.data() + at, sizeof made.layer);
        if (const auto fault = fault_in_layer(made.layer, layers.empty() ? nullptr : &layers.back()); !fault.empty())
            return where + fault;
        if (made.layer.bytes != record_bytes(made.layer) || bytes.size() - at < made.layer.bytes) return where + "size";
        if (const auto fault = read_layer(bytes, at, made); !fault.empty()) return where + fault;
        at += made.layer.bytes;
        layers.push_back(std::move(made));
    }
    return at == bytes.size() ? std::string() : "bytes after the last layer";
}

}  // namespace sim
