// SPDX-License-Identifier: BSD-3-Clause
// Where structures lie on the chip: rectangles by area, placed so that connected ones lie close together.
#pragma once
#include <string>
#include <vector>
#include "sim/types.hh"

namespace sim {

struct FloorplanBlock {
    std::string name;
    double area_mm2;
    double least_aspect = 0.33, most_aspect = 3;   // height / width
};
struct FloorplanNet {
    u32 from, to;              // blocks
    double weight = 1;         // bits times expected use
};
struct PlacedBlock {
    double x, y, width, height;   // mm; x and y of the lower left corner
};
struct Floorplan {
    std::vector<FloorplanBlock> blocks;
    std::vector<PlacedBlock> places;     // in the order of blocks
    double width = 0, height = 0;        // mm

    double distance(u32 a, u32 b) const;   // mm, Manhattan, between centres
    std::string svg() const;
};

// Simulated annealing over sequence pairs: same input and seed, same placement on every host.
Floorplan place(std::vector<FloorplanBlock> blocks, const std::vector<FloorplanNet> &nets, u64 seed = 1);

}  // namespace sim
