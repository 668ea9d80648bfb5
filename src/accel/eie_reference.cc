// SPDX-License-Identifier: BSD-3-Clause
#include "accel/eie_reference.hh"
#include <cmath>
#include <cstring>

namespace sim {
namespace {

float as_float(i32 bits) {
    float number;
    std::memcpy(&number, &bits, 4);
    return number;
}

i32 limited(i64 value) { return value > 32767 ? 32767 : value < -32768 ? -32768 : i32(value); }

// Division by a power of two: to the next lower whole number, after adding a half where that is asked for.
i64 shifted(i64 value, u32 shift, bool rounds) {
    const i64 unit = i64{1} << shift;
    if (rounds && shift > 0) value += unit / 2;
    const i64 quotient = value / unit;
    return value % unit < 0 ? quotient - 1 : quotient;
}

i32 fixed_row(const EieDenseLayer &layer, std::span<const i32> inputs, u32 row) {
    i64 wide = 0;
    i32 narrow = 0;
    const auto add = [&](u8 code, i32 input) {
        if (code == 0 || input == 0) return;
        const i64 product = i64(layer.codebook[code]) * input;
        wide += product;
        narrow = limited(narrow + shifted(product, layer.shift, layer.arithmetic == EIE_ROUND));
    };
    for (u32 column = 0; column < layer.inputs; ++column)
        add(layer.codes[u64(row) * layer.inputs + column], inputs[column]);
    if (!layer.bias_codes.empty()) add(layer.bias_codes[row], layer.one);
    const i32 value = layer.arithmetic == EIE_WIDE ? limited(shifted(wide, layer.shift, true)) : narrow;
    return layer.relu && value < 0 ? 0 : value;
}

i32 float_row(const EieDenseLayer &layer, std::span<const i32> inputs, u32 row) {
    float sum = 0;
    const auto add = [&](u8 code, i32 input) {
        if (code == 0 || input == 0) return;
        const float product = as_float(layer.codebook[code]) * as_float(input);
        sum += product;
    };
    for (u32 column = 0; column < layer.inputs; ++column)
        add(layer.codes[u64(row) * layer.inputs + column], inputs[column]);
    if (!layer.bias_codes.empty()) add(layer.bias_codes[row], layer.one);
    if (layer.relu && std::signbit(sum)) sum = 0;
    i32 bits;
    std::memcpy(&bits, &sum, 4);
    return bits;
}

}  // namespace

std::vector<i32> eie_reference(const EieDenseLayer &layer, std::span<const i32> inputs) {
    std::vector<i32> outputs(layer.outputs);
    for (u32 row = 0; row < layer.outputs; ++row)
        outputs[row] = layer.arithmetic == EIE_FLOAT32 ? float_row(layer, inputs, row) : fixed_row(layer, inputs, row);
    return outputs;
}

}  // namespace sim
