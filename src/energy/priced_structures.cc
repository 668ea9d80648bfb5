// SPDX-License-Identifier: BSD-3-Clause
// Collects what the components of a tree are built of, gives wires their lengths, and prices it from either list.
#include <map>
#include "energy/accounting.hh"
#include "sim/errors.hh"

namespace sim {
namespace {

double area_of(const std::vector<PricedStructure> &structures, bool with_caches) {
    double area = 0;
    for (const PricedStructure &s : structures)
        if (with_caches || !s.is_cache) area += s.price.area_mm2 * s.copies;
    return area;
}

// "ooo/rename/rob" of the published floorplans; 0 where there is no such wire.
double published_millimetres(std::string_view key) {
    const auto first = key.find('/'), last = key.rfind('/');
    if (first == key.npos || first == last) return 0;
    const std::string_view machine = key.substr(0, first), from = key.substr(first + 1, last - first - 1);
    return published_wire_mm(machine, from, key.substr(last + 1)).value_or(0);
}

constexpr u32 kOperandWires = 64;

// Charges a transfer for `wires` of every 64: the price is linear in length, which need not be whole.
WireGeometry narrowed(WireGeometry wire, u32 wires) {
    wire.millimetres *= double(wires) / kOperandWires;
    return wire;
}

void price(PricedStructure &made, const Structure &structure, const EnergyOptions &options) {
    const bool is_wire = std::holds_alternative<WireGeometry>(made.geometry);
    const bool from_paper = options.prices == PriceList::Paper && !structure.published.empty();
    if (!from_paper) {
        Geometry geometry = made.geometry;
        if (is_wire && options.wire_bits) geometry = narrowed(std::get<WireGeometry>(geometry), options.wire_bits);
        made.price = analytic_price(geometry, options.technology);
        return;
    }
    PaperParameters parameters;
    parameters.variant = options.variant;
    parameters.register_segments = structure.copies;
    if (options.wire_bits) parameters.operand_wires = options.wire_bits;
    const PaperPrice paper =
        paper_price(is_wire ? "wire" : structure.published, made.geometry, options.technology, parameters);
    made.price = paper.price;
    made.is_published = true;
    made.is_scaled = paper.is_scaled;
    // The published execution unit does every operation: the first of the structures that share it has it all.
    const auto *unit = std::get_if<ArithmeticGeometry>(&made.geometry);
    if (unit && unit->operation != (unit->is_float ? ArithmeticGeometry::Operation::MultiplyAdd
                                                   : ArithmeticGeometry::Operation::Add))
        made.price.leakage_mw = made.price.area_mm2 = 0;
}

}  // namespace

std::vector<StructureList> list_tree(const std::vector<TreeNode> &tree, const EnergyOptions &options) {
    std::vector<StructureList> lists;
    for (const TreeNode &node : tree) 
        node.component->list_structures_at(options.technology.nanometres, lists.emplace_back());
    // The papers have no clock tree.
    if (options.prices == PriceList::Analytic && !lists.front().empty())
        lists.front().push_back({.name = "clock_tree", .stage = Stage::StageRegisters, .geometry = ClockGeometry{},
                                 .actions = {{Verb::Use, "cycles"}}});
    return lists;
}

std::vector<PricedStructure> price_structures(const std::vector<TreeNode> &tree,
                                              const std::vector<StructureList> &lists,
                                              const EnergyOptions &options) {
    MachineFloorplan plan;
    if (options.is_placed) plan = floorplan_of(tree, {options.technology, options.seed, options.lengths});
    std::vector<PricedStructure> all;
    std::vector<const Structure *> listed;
    for (std::size_t n = 0; n < tree.size(); ++n)
        for (const Structure &s : lists[n]) {
            PricedStructure made{tree[n].path, s.name, s.stage, s.geometry, s.copies, {}, s.is_cache, false, false, {}};
            auto *cache = std::get_if<CacheGeometry>(&made.geometry);
            if (cache && options.all_high_performance) cache->low_standby_cells = false;
            for (const Action &action : s.actions) made.actions.push_back(action_name(action));
            if (auto *wire = std::get_if<WireGeometry>(&made.geometry); wire && wire->millimetres == 0)
                wire->millimetres = options.is_placed && !s.from.empty() ? plan.length(tree[n].path + "." + s.name)
                                                                         : published_millimetres(s.published);
            if (!std::holds_alternative<ClockGeometry>(s.geometry)) price(made, s, options);
            all.push_back(std::move(made));
            listed.push_back(&s);
        }
    for (std::size_t k = 0; k < all.size(); ++k)   // the clock covers the core
        if (std::holds_alternative<ClockGeometry>(all[k].geometry)) {
            all[k].geometry = ClockGeometry{.area_mm2 = area_of(all, false)};
            price(all[k], *listed[k], options);
        }
    return all;
}

}  // namespace sim
