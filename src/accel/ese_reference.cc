// SPDX-License-Identifier: BSD-3-Clause
#include "accel/ese_reference.hh"
#include <cstdint>

namespace sim {
namespace {

int64_t divided(int64_t value, unsigned bits) {   // by 2^bits, to the nearest, halves upward
    const int64_t unit = int64_t{1} << bits;
    int64_t twice = 2 * value + unit;
    int64_t quotient = twice / (2 * unit);
    if (twice % (2 * unit) < 0) --quotient;
    return quotient;
}
int64_t limited(int64_t value, unsigned bits) {   // to a two's complement number of so many bits
    const int64_t end = int64_t{1} << (bits - 1);
    return value < -end ? -end : value >= end ? end - 1 : value;
}

int64_t from_table(const std::vector<i16> &table, int64_t value, unsigned shift) {
    const int64_t place = divided(value, shift) + int64_t(table.size() / 2);
    return place < 0 ? table.front() : place >= int64_t(table.size()) ? table.back() : table[size_t(place)];
}

struct Channel {
    const EseLstm &lstm;
    std::vector<int64_t> x, y, c, m;

    int64_t product(u32 matrix, u32 row, int64_t sum, const std::vector<int64_t> &vector) const {
        const EseMatrix &w = lstm.matrices[matrix];
        for (u32 column = 0; column < w.columns; ++column)
            sum = limited(sum + divided(w.weights[size_t(row) * w.columns + column] * vector[column], w.shift), 32);
        return sum;
    }
    int64_t gate(u32 number, u32 cell, int peephole) const {
        int64_t sum = product(2 * number + 1, cell, product(2 * number, cell, 0, x), y);
        if (peephole >= 0) {
            const int64_t of_state = lstm.peepholes[u32(peephole)][cell] * c[cell];
            sum = limited(sum + divided(of_state, lstm.peephole_shift), 32);
        }
        sum = limited(sum + lstm.bias[number][cell], 32);
        return number == 2 ? from_table(lstm.tanh, sum, lstm.tanh_shift)
                           : from_table(lstm.sigmoid, sum, lstm.sigmoid_shift);
    }
    void step() {
        std::vector<int64_t> next_c(lstm.cells), next_y(lstm.outputs);
        for (u32 cell = 0; cell < lstm.cells; ++cell) {
            const int64_t i = gate(0, cell, 0), f = gate(1, cell, 1), g = gate(2, cell, -1);
            const int64_t sum = f * c[cell] * (int64_t{1} << (15 - lstm.state_fraction)) + i * g;
            next_c[cell] = limited(divided(sum, 30 - lstm.state_fraction), 16);
        }
        c = next_c;
        for (u32 cell = 0; cell < lstm.cells; ++cell)
            m[cell] = limited(divided(gate(3, cell, 2) * from_table(lstm.tanh, c[cell], lstm.cell_tanh_shift), 15), 16);
        for (u32 row = 0; row < lstm.outputs; ++row)
            next_y[row] = limited(divided(product(ESE_YM, row, 0, m), lstm.y_shift), 16);
        y = next_y;
    }
};

}  // namespace

std::vector<i16> ese_reference(const EseLstm &lstm, std::span<const i16> x) {
    Channel channel{lstm, {}, std::vector<int64_t>(lstm.outputs), std::vector<int64_t>(lstm.cells),
                    std::vector<int64_t>(lstm.cells)};
    std::vector<i16> made;
    for (size_t at = 0; at < x.size(); at += lstm.inputs) {
        channel.x.assign(x.begin() + std::ptrdiff_t(at), x.begin() + std::ptrdiff_t(at + lstm.inputs));
        channel.step();
        for (int64_t value : channel.y) made.push_back(i16(value));
    }
    return made;
}

}  // namespace sim
