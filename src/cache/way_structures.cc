// SPDX-License-Identifier: BSD-3-Clause
// The circuits of laid-out ways: their macros and wires, the engine of swaps, and the tables of way prediction.
#include <bit>
#include <cmath>
#include "cache/hot_line_swap.hh"
#include "cache/way_layout.hh"
#include "cache/way_prediction.hh"
#include "energy/price.hh"
#include "energy/structures.hh"

namespace sim {
namespace {

constexpr u32 kLineBits = 8 * kLineBytes;

Stage stage_of(const std::string &path) {
    return path.find(".l1i") != path.npos ? Stage::Fetch : Stage::Memory;
}

u32 bits_to_count(u32 values) { return u32(std::bit_width(values - 1)); }

}  // namespace

MacroSize WayLayout::macro_size(u32 node) const {
    const Common c = common();
    const double area = analytic_price(ScratchpadGeometry{geometry_.way_bytes, c.access_bits, false},
                                       Technology{.nanometres = node}).area_mm2;
    const double height = std::sqrt(area * c.aspect);
    return {c.macro_height > 0 ? c.macro_height : height, c.macro_width > 0 ? c.macro_width : area / height};
}

void WayLayout::list_structures_at(u32 node, StructureList &list) const {
    const std::vector<double> distance = distances(node);
    const Stage stage = stage_of(path);
    list.push_back({.name = "arrays", .stage = stage,
                    .geometry = ScratchpadGeometry{geometry_.way_bytes, common().access_bits, false},
                    .actions = {{Verb::Read, "array_reads"}, {Verb::Write, "array_writes"}},
                    .copies = geometry_.ways, .is_cache = true});
    list.push_back({.name = "array_lines", .stage = stage,
                    .geometry = ScratchpadGeometry{geometry_.way_bytes, kLineBits, false},
                    .actions = {{Verb::Read, "array_line_reads"}, {Verb::Write, "array_line_writes"}},
                    .copies = 0, .is_cache = true});
    // One bus, as wide as a line and as long as to the farthest way, is there and leaks.
    for (u32 way = 0; way < geometry_.ways; ++way) {
        const auto wire = [&](std::string_view stat, u32 bits, u32 copies) {
            list.push_back({.name = "wire_" + std::string(stat) + std::to_string(way), .stage = stage,
                            .geometry = WireGeometry{distance[way], bits},
                            .actions = {{.verb = Verb::Use, .stat = stat, .element = way}},
                            .copies = copies, .is_cache = true});
        };
        wire("words", word_bits(), 0);
        wire("lines", line_bits(), way + 1 == geometry_.ways);
    }
}

// Tags move with their lines, which the arrays and wires of the layout account for. The counters of a set are read and
// written with every access to it.
void HotLineSwap::list_structures(StructureList &list) const {
    const Stage stage = stage_of(path);
    const u32 counter = bits_to_count(params_.window / params_.sample + 1), way = bits_to_count(ways_);
    const u32 bits = params_.exact ? (ways_ + 1) * counter : way + params_.confidence_bits + 2 * counter;
    list.push_back({.name = "counters", .stage = stage, .geometry = RamGeometry{sets_.size(), bits, 1, 1},
                    .actions = {{Verb::Read, "counter_updates"}, {Verb::Write, "counter_updates"}}, .is_cache = true});
    list.push_back({.name = "buffer", .stage = stage, .geometry = RamGeometry{1, kLineBits, 1, 1},
                    .actions = {{Verb::Write, "swaps"}, {Verb::Read, "swaps"}}, .is_cache = true});
    list.push_back({.name = "moved_tags", .stage = stage,
                    .geometry = TagGeometry{sets_.size(), ways_, TagGeometry{}.bits + way},
                    .actions = {{Verb::Search, "swaps"}, {Verb::Write, "swaps", {}, 2}},
                    .copies = 0, .is_cache = true});
}

void MruWay::list_structures(StructureList &list) const {
    list.push_back({.name = "ways", .stage = stage_of(path), .geometry = RamGeometry{sets_, way_bits(), 1, 1},
                    .actions = {{Verb::Read, "table_reads"}, {Verb::Write, "table_writes"}}, .is_cache = true});
}

void PcWayTable::list_structures(StructureList &list) const {
    list.push_back({.name = "ways", .stage = stage_of(path), .geometry = RamGeometry{params_.entries, way_bits(), 1, 1},
                    .actions = {{Verb::Read, "table_reads"}, {Verb::Write, "table_writes"}}, .is_cache = true});
}

void ChosenWay::list_structures(StructureList &list) const {
    list.push_back({.name = "counters", .stage = stage_of(path), .geometry = RamGeometry{params_.entries, 2, 1, 1},
                    .actions = {{Verb::Read, "table_reads"}, {Verb::Write, "table_writes"}}, .is_cache = true});
}

}  // namespace sim
