// SPDX-License-Identifier: BSD-3-Clause
// Geometric history lengths, without pow(): correctly rounded operations give every host the same ones.
#include "predictor/long_history.hh"
#include <algorithm>

namespace sim {

namespace {

double grown(double from, double step, u32 times) {
    while (times-- > 0) from *= step;
    return from;
}

}   // namespace

std::vector<u32> geometric_lengths(u32 count, u32 least, u32 most) {
    // The step whose `count` - 1 applications to `least` end at `most`, by bisection.
    double low = 1, high = double(most) + 1;
    for (int i = 0; i < 80 && count > 1; ++i) {
        const double middle = (low + high) / 2;
        (grown(least, middle, count - 1) <= most ? low : high) = middle;
    }
    std::vector<u32> lengths;
    for (u32 i = 0; i < count; ++i) {
        const u32 length = u32(grown(least, low, i) + 0.5);
        lengths.push_back(i && length <= lengths.back() ? lengths.back() + 1 : length);
    }
    return lengths;
}

}   // namespace sim
