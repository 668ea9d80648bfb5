// SPDX-License-Identifier: BSD-3-Clause
// SCNN's post-processing unit.
#include "accel/scnn_post.hh"
#include <algorithm>

namespace sim {

namespace {

constexpr i64 wrapped(i64 sum) {   // the low 24 bits, signed
    return i64(u64(sum) << 40) >> 40;
}

i16 pooled(const scnn_layer &layer, const i16 *plane, u32 y, u32 x) {
    i64 sum = 0;
    i16 largest = -32768;
    for (u32 i = 0; i < layer.pool_size; ++i)
        for (u32 j = 0; j < layer.pool_size; ++j) {
            const i16 v = plane[(y * layer.pool_stride + i) * layer.output_width + x * layer.pool_stride + j];
            sum += v;
            largest = std::max(largest, v);
        }
    if (!(layer.flags & SCNN_AVERAGE_POOL)) return largest;
    const i64 twice = 2 * i64(layer.pool_size) * layer.pool_size, numerator = 2 * sum + twice / 2;   // rounds half up
    return i16(numerator >= 0 ? numerator / twice : -((-numerator + twice - 1) / twice));
}

}  // namespace

ScnnOutput post_process(const scnn_layer &layer, std::span<const i64> sums, std::span<const i32> bias) {
    ScnnOutput out;
    const u64 plane = u64(layer.output_height) * layer.output_width;
    const i64 half = layer.output_shift ? i64{1} << (layer.output_shift - 1) : 0;
    std::vector<i16> values(plane);
    out.values.reserve(u64(layer.filters) * pooled_height(layer) * pooled_width(layer));
    for (u32 k = 0; k < layer.filters; ++k) {
        const i64 added = bias.empty() ? 0 : bias[k];
        for (u64 i = 0; i < plane; ++i) {
            const i64 exact = sums[k * plane + i], sum = wrapped(exact);
            out.wraps += sum != exact;
            i64 v = (sum + added + half) >> layer.output_shift;
            if (layer.flags & SCNN_RELU) v = std::max<i64>(v, 0);
            out.saturations += v != std::clamp<i64>(v, -32768, 32767);
            values[i] = i16(std::clamp<i64>(v, -32768, 32767));
        }
        for (u32 y = 0; y < pooled_height(layer); ++y)
            for (u32 x = 0; x < pooled_width(layer); ++x) out.values.push_back(pooled(layer, values.data(), y, x));
    }
    return out;
}

}  // namespace sim
