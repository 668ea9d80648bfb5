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
    double dead_space() const;             // share of the outline that no block covers
    double wire_length(const std::vector<FloorplanNet> &nets) const;   // mm, of all nets, each times its weight
    // With names, a scale bar in mm and, where nets are given, a line for each.
    std::string svg(const std::string &title = "", const std::vector<FloorplanNet> &nets = {}) const;
};

// Trial moves a block; with 0 the blocks keep their first places, in one row.
inline constexpr u32 kPlacementEffort = 4000;

// Simulated annealing over sequence pairs: same input and seed, same placement on every host. Throws ConfigError for
// an area, aspect, weight or index that makes no sense.
Floorplan place(std::vector<FloorplanBlock> blocks, const std::vector<FloorplanNet> &nets, u64 seed = 1,
                u32 effort = kPlacementEffort);

// The same, kept below $SKIPAHEAD_CACHE (or ~/.cache/skipahead) for the next time. A damaged file is placed anew;
// where nothing can be written, nothing is kept.
Floorplan place_cached(std::vector<FloorplanBlock> blocks, const std::vector<FloorplanNet> &nets, u64 seed = 1,
                       u32 effort = kPlacementEffort);

}  // namespace sim
