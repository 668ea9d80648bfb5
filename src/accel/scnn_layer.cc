// SPDX-License-Identifier: BSD-3-Clause
// Shapes of SCNN layers: checks, and space-to-depth folding of strides.
#include "accel/scnn_layer.hh"
#include <string>
#include "sim/errors.hh"

namespace sim {

scnn_layer plain_layer(u32 channels, u32 height, u32 width, u32 filters, u32 kernel_height, u32 kernel_width) {
    scnn_layer layer{};
    layer.channels = channels;
    layer.height = height;
    layer.width = width;
    layer.filters = filters;
    layer.kernel_height = kernel_height;
    layer.kernel_width = kernel_width;
    layer.stride = layer.groups = layer.pool_size = layer.pool_stride = 1;
    layer.output_height = height >= kernel_height ? height - kernel_height + 1 : 0;
    layer.output_width = width >= kernel_width ? width - kernel_width + 1 : 0;
    layer.output_density = 500000;
    return layer;
}

namespace {

[[noreturn]] void refuse(const char *who, const std::string &what) {
    throw ConfigError(std::string(who) + ": " + what);
}

void check_range(const char *who, const char *what, u32 value, u32 least, u32 most) {
    if (value < least || value > most)
        refuse(who, std::string(what) + " is " + std::to_string(value) + "; it may be " + std::to_string(least) +
                        " to " + std::to_string(most));
}

}  // namespace

void check_layer(const scnn_layer &layer, const char *who) {
    constexpr u32 kMost = 1 << 16;
    check_range(who, "channels", layer.channels, 1, kMost);
    check_range(who, "filters", layer.filters, 1, kMost);
    check_range(who, "height", layer.height, 1, 4096);
    check_range(who, "width", layer.width, 1, 4096);
    check_range(who, "kernel_height", layer.kernel_height, 1, 64);
    check_range(who, "kernel_width", layer.kernel_width, 1, 64);
    check_range(who, "stride", layer.stride, 1, 16);
    check_range(who, "pad_top", layer.pad_top, 0, 64);
    check_range(who, "pad_left", layer.pad_left, 0, 64);
    check_range(who, "output_height", layer.output_height, 1, 4096);
    check_range(who, "output_width", layer.output_width, 1, 4096);
    check_range(who, "product_shift", layer.product_shift, 0, 30);
    check_range(who, "output_shift", layer.output_shift, 0, 23);
    check_range(who, "pool_size", layer.pool_size, 1, layer.output_height < layer.output_width ? layer.output_height
                                                                                               : layer.output_width);
    check_range(who, "pool_stride", layer.pool_stride, 1, 4096);
    check_range(who, "output_density", layer.output_density, 0, 1000000);
    if (layer.groups == 0 || layer.channels % layer.groups || layer.filters % layer.groups)
        refuse(who, "groups is " + std::to_string(layer.groups) + "; it must divide channels=" +
                        std::to_string(layer.channels) + " and filters=" + std::to_string(layer.filters));
}

ScnnShape folded_shape(const scnn_layer &layer) {
    const u32 s = layer.stride;
    return {layer.channels / layer.groups * s * s,
            layer.filters / layer.groups,
            ceil_div(layer.kernel_height, s),
            ceil_div(layer.kernel_width, s),
            ceil_div(layer.height + layer.pad_top % s, s),
            ceil_div(layer.width + layer.pad_left % s, s),
            layer.pad_top / s,
            layer.pad_left / s,
            layer.output_height,
            layer.output_width};
}

namespace {

// Copies planes [height][width] of `channels` channels into folded ones, `shift_y` and `shift_x` zeros in front.
struct Fold {
    u32 stride, shift_y, shift_x;
    u32 height, width;                  // of a plane
    u32 folded_height, folded_width;

    u64 place(u32 c, u32 y, u32 x) const {
        const u32 v = y + shift_y, u = x + shift_x, channel = (c * stride + v % stride) * stride + u % stride;
        return (u64(channel) * folded_height + v / stride) * folded_width + u / stride;
    }
    void copy(const i16 *from, u32 channels, i16 *to) const {
        for (u32 c = 0; c < channels; ++c)
            for (u32 y = 0; y < height; ++y)
                for (u32 x = 0; x < width; ++x) to[place(c, y, x)] = *from++;
    }
    void copy_back(const i16 *folded, u32 channels, i16 *to) const {
        for (u32 c = 0; c < channels; ++c)
            for (u32 y = 0; y < height; ++y)
                for (u32 x = 0; x < width; ++x) *to++ = folded[place(c, y, x)];
    }
};

}  // namespace

std::vector<i16> folded_activations(const scnn_layer &layer, std::span<const i16> dense, u32 group) {
    const ScnnShape shape = folded_shape(layer);
    std::vector<i16> folded(shape.activations());
    const u32 channels = layer.channels / layer.groups;
    const Fold fold{layer.stride, layer.pad_top % layer.stride, layer.pad_left % layer.stride,
                    layer.height, layer.width,                  shape.height,
                    shape.width};
    fold.copy(dense.data() + u64(group) * channels * layer.height * layer.width, channels, folded.data());
    return folded;
}

namespace {

Fold fold_of_weights(const scnn_layer &layer, const ScnnShape &shape) {
    return {layer.stride, 0, 0, layer.kernel_height, layer.kernel_width, shape.kernel_height, shape.kernel_width};
}

}  // namespace

std::vector<i16> unfolded_weights(const scnn_layer &layer, std::span<const i16> folded) {
    const ScnnShape shape = folded_shape(layer);
    const u32 channels = layer.channels / layer.groups;
    const u64 filter_size = u64(channels) * layer.kernel_height * layer.kernel_width;
    const u64 folded_size = shape.weights() / shape.filters;
    std::vector<i16> dense(layer.filters * filter_size);
    const Fold fold = fold_of_weights(layer, shape);
    for (u32 k = 0; k < layer.filters; ++k) fold.copy_back(&folded[k * folded_size], channels, &dense[k * filter_size]);
    return dense;
}

std::vector<i16> folded_weights(const scnn_layer &layer, std::span<const i16> dense, u32 group) {
    const ScnnShape shape = folded_shape(layer);
    std::vector<i16> folded(shape.weights());
    const u32 channels = layer.channels / layer.groups;
    const Fold fold = fold_of_weights(layer, shape);
    const u64 filter_size = u64(channels) * layer.kernel_height * layer.kernel_width;
    const u64 folded_size = shape.weights() / shape.filters;
    for (u32 k = 0; k < shape.filters; ++k)
        fold.copy(dense.data() + (u64(group) * shape.filters + k) * filter_size, channels,
                  folded.data() + k * folded_size);
    return folded;
}

u32 pooled_height(const scnn_layer &layer) { return (layer.output_height - layer.pool_size) / layer.pool_stride + 1; }
u32 pooled_width(const scnn_layer &layer) { return (layer.output_width - layer.pool_size) / layer.pool_stride + 1; }

}  // namespace sim
