// SPDX-License-Identifier: BSD-3-Clause
// A machine's floorplan: blocks are the structures that its components list, nets the wires between them.
#pragma once
#include "energy/floorplan.hh"
#include "energy/structures.hh"
#include "sim/tree.hh"

namespace sim {

struct WireLength {
    std::string name, from, to;   // with their components' paths
    u32 bits;
    double millimetres;           // mean over the copies of what it joins
};

// Lengths that replace those of a placement: a CSV file with the header from,to,mm and names as in WireLength.
class WireTable {
  public:
    WireTable() = default;
    explicit WireTable(const std::string &file);

    struct Row {
        std::string from, to;
        double millimetres;
        u32 line;
    };
    std::vector<Row> rows;
    std::string file;
};

struct MachineFloorplan {
    Floorplan plan;
    std::vector<FloorplanNet> nets;    // also weak ones that keep a component and its children together
    std::vector<WireLength> wires;     // those that name what they join, in the order of the lists

    double length(const std::string &wire) const;   // mm; SimulatorBug where there is no such wire
};

struct FloorplanOptions {
    Technology technology;
    u64 seed = 1;
    WireTable fixed;
};

// What a wire names has a block a copy; copy i of the one end is joined to copy i of the other, so that what works
// together lies together. A structure that no wire names shares the block of one of its stage, or lies with the rest of
// its component.
// An end is a structure of the wire's own component, a path down from it ("l1d.data", "predictor" for all of that
// component), or a path from the root ("core.l1d.data"). Throws SimulatorBug for an end that nobody lists.
MachineFloorplan floorplan_of(const std::vector<TreeNode> &tree, const FloorplanOptions &options);

}  // namespace sim
