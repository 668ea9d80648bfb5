// SPDX-License-Identifier: BSD-3-Clause
// A packing of rectangles as two orders of them (Murata et al., 1996): a before b in both means a left of b, a after b
// in the first and before it in the second means a below b.
#pragma once
#include <vector>
#include "sim/types.hh"

namespace sim {

// Lengths are whole numbers of a unit that the user chooses, so that every host packs alike.
struct SequencePair {
    std::vector<u32> first, second;   // blocks
    std::vector<u32> shape;           // of each block, an index into its shapes
};

struct Shape {
    i64 width, height;
};

class Packing {
  public:
    explicit Packing(u32 blocks) : x(blocks), y(blocks), rank_(blocks), reach_(blocks + 1) {}

    // Puts every block as far left and down as the orders allow; `shapes` has kShapes for each block.
    void pack(const SequencePair &pair, const std::vector<Shape> &shapes);

    static constexpr u32 kShapes = 9;
    std::vector<i64> x, y;   // lower left corners
    i64 width = 0, height = 0;

  private:
    i64 farthest(u32 rank) const;           // end of what lies before that place of the second order
    void extend(u32 rank, i64 end);

    std::vector<u32> rank_;    // place of each block in the second order
    std::vector<i64> reach_;   // Fenwick tree of greatest ends, by place in the second order
};

}  // namespace sim
