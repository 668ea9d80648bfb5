// SPDX-License-Identifier: BSD-3-Clause
// Counting products of non-zeros with the summed-area table of each channel.
#include "accel/scnn_products.hh"
#include <algorithm>

namespace sim {

NonzeroProducts nonzero_products(const ScnnShape &shape, std::span<const i16> weights,
                                 std::span<const i16> activations) {
    NonzeroProducts found;
    const u32 height = shape.height, width = shape.width, kernel = shape.kernel_height * shape.kernel_width;
    std::vector<u64> area(u64(height + 1) * (width + 1));   // non-zeros above and to the left
    std::vector<u64> nonzero(kernel);                       // filters whose weight is not zero, by (r, s)
    for (u32 c = 0; c < shape.channels; ++c) {
        for (u32 y = 0; y < height; ++y)
            for (u32 x = 0; x < width; ++x)
                area[(y + 1) * (width + 1) + x + 1] = area[y * (width + 1) + x + 1] + area[(y + 1) * (width + 1) + x] -
                                                      area[y * (width + 1) + x] +
                                                      (activations[(u64(c) * height + y) * width + x] != 0);
        std::fill(nonzero.begin(), nonzero.end(), 0);
        for (u32 k = 0; k < shape.filters; ++k)
            for (u32 i = 0; i < kernel; ++i) nonzero[i] += weights[(u64(k) * shape.channels + c) * kernel + i] != 0;
        for (u32 i = 0; i < kernel; ++i) {
            // Activation row y meets weight row r in output row y - r + pad_top.
            const i32 dy = i32(i / shape.kernel_width) - i32(shape.pad_top);
            const i32 dx = i32(i % shape.kernel_width) - i32(shape.pad_left);
            const i32 top = std::clamp(dy, 0, i32(height)), left = std::clamp(dx, 0, i32(width));
            const i32 bottom = std::clamp(i32(shape.output_height) + dy, top, i32(height));
            const i32 right = std::clamp(i32(shape.output_width) + dx, left, i32(width));
            const u64 seen = area[u64(bottom) * (width + 1) + right] - area[u64(top) * (width + 1) + right] -
                             area[u64(bottom) * (width + 1) + left] + area[u64(top) * (width + 1) + left];
            found.all += nonzero[i] * area[u64(height) * (width + 1) + width];
            found.in_plane += nonzero[i] * seen;
        }
    }
    return found;
}

}  // namespace sim
