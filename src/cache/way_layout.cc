// SPDX-License-Identifier: BSD-3-Clause
// The layouts. Distances follow from the macro's size and the arrangement alone; ways are then sorted by distance.
#include "cache/way_layout.hh"
#include <algorithm>

namespace sim {

COMPONENT(LinearRow, "Ways in one row with the port at its end: n ways differ by a factor of 2n - 1.");
COMPONENT(CentredRow, "Ways in one row with the port in its middle: pairs of equal distance.");
COMPONENT(TwoColumnSpine, "Ways in two columns along a bus with the port at its end: pairs of equal distance.");
COMPONENT(CornerGrid, "Ways in two columns with the port at a corner: distances to the macros' centres.");
COMPONENT(HTree, "Ways at the leaves of a balanced tree: all at the same distance, so none is near.");

namespace {

constexpr u32 kColumns = 2;   // of the grids

// Rows are as dense as the macros allow: their shorter sides lie along the bus.
double pitch(const MacroSize &macro) { return std::min(macro.height, macro.width); }

}  // namespace

void WayLayout::begin(const WayGeometry &geometry, const std::string &owner) {
    const std::string name(type_name());
    if (geometry_.ways)
        throw ConfigError(name + ": belongs to another cache already; give " + owner + " a layout of its own");
    if (geometry.ways > kMaxPlacedWays)
        throw ConfigError(name + ": the cache has ways=" + std::to_string(geometry.ways) +
                          "; ways of at most 16 can be laid out");
    const Common c = common();
    if (c.access_bits == 0 || c.access_bits > 8 * kLineBytes || c.address_bits > 1024)
        throw ConfigError(name + ": access_bits=" + std::to_string(c.access_bits) +
                          " must be 1 to 512, and address_bits=" + std::to_string(c.address_bits) + " at most 1024");
    const auto fits = [](double mm) { return mm >= 0 && mm <= 100; };
    if (!fits(c.macro_height) || !fits(c.macro_width) || !fits(c.common_run) || !(c.aspect >= 0.01 && c.aspect <= 100))
        throw ConfigError(name + ": macro_height, macro_width and common_run must lie between 0 and 100 mm, aspect "
                                 "between 0.01 and 100");
    geometry_ = geometry;
}

std::vector<double> WayLayout::distances(u32 node) const {
    std::vector<double> all = place(geometry_.ways, macro_size(node));
    std::sort(all.begin(), all.end());
    for (double &distance : all) distance += common().common_run;
    return all;
}

std::vector<double> LinearRow::place(u32 ways, const MacroSize &macro) const {
    std::vector<double> distances;
    for (u32 way = 0; way < ways; ++way) distances.push_back((way + 0.5) * pitch(macro));
    return distances;
}

std::vector<double> CentredRow::place(u32 ways, const MacroSize &macro) const {
    std::vector<double> distances;
    for (u32 way = 0; way < ways; ++way) distances.push_back((way / 2 + 0.5) * pitch(macro));
    return distances;
}

std::vector<double> TwoColumnSpine::place(u32 ways, const MacroSize &macro) const {
    std::vector<double> distances;
    for (u32 way = 0; way < ways; ++way) distances.push_back((way / kColumns + 0.5) * pitch(macro));
    return distances;
}

std::vector<double> CornerGrid::place(u32 ways, const MacroSize &macro) const {
    std::vector<double> distances;
    for (u32 way = 0; way < ways; ++way)
        distances.push_back((way / kColumns + 0.5) * macro.height + (way % kColumns + 0.5) * macro.width);
    return distances;
}

// As far as the middle of the grid, which is the mean distance from its corner.
std::vector<double> HTree::place(u32 ways, const MacroSize &macro) const {
    const u32 columns = std::min(ways, kColumns), rows = (ways + columns - 1) / columns;
    return std::vector<double>(ways, (rows * macro.height + columns * macro.width) / 2);
}

}  // namespace sim
