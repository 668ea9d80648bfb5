// SPDX-License-Identifier: BSD-3-Clause
#include "energy/floorplan_machine.hh"
#include <algorithm>
#include <map>
#include "energy/price.hh"
#include "sim/errors.hh"

namespace sim {
namespace {

constexpr u32 kMostCopies = 16;       // blocks of one structure; more copies share blocks
constexpr double kKinship = 2;        // weight, in bits, of what keeps a component's blocks and its children near
constexpr u32 kMostMoves = 240'000;   // of the placer, which bounds its time for machines of many blocks
constexpr u32 kNone = ~u32{0};

struct End {
    u32 component = kNone;
    std::string structure;   // empty: all of the component
};

struct Part {   // what one component adds to the plan
    StructureList list;
    std::map<std::string, std::vector<u32>> blocks;   // of structures that wires name, a block a copy
    u32 rest = kNone;                                  // block of its other structures
    u32 anchor = kNone;                                // its largest block
};

class Planner {
  public:
    Planner(const std::vector<TreeNode> &tree, const FloorplanOptions &options)
        : tree_(tree), technology_(options.technology), parts_(tree.size()) {
        for (u32 i = 0; i < tree.size(); ++i) 
            tree[i].component->list_structures_at(options.technology.nanometres, parts_[i].list);
        for (u32 i = 0; i < tree.size(); ++i)
            for (const Structure &s : parts_[i].list)
                if (is_joining(s)) wires_.push_back({i, &s, resolved(i, s, s.from), resolved(i, s, s.to)});
        for (u32 i = 0; i < tree.size(); ++i) add_blocks(i);
        for (const Wire &wire : wires_) add_nets(wire);
        for (u32 i = 0; i < tree.size(); ++i) add_kinship(i);
    }

    MachineFloorplan placed(const FloorplanOptions &options) {
        MachineFloorplan made;
        const u32 effort = std::min(8000u, kMostMoves / std::max(1u, u32(blocks_.size())));
        made.plan = place_cached(blocks_, nets_, options.seed, effort);
        made.nets = nets_;
        for (const Wire &wire : wires_) {
            const auto [from, to] = ends(wire);
            const u32 pairs = u32(std::max(from.size(), to.size()));
            double length = 0;
            for (u32 i = 0; i < pairs; ++i) length += made.plan.distance(copy(from, i, pairs), copy(to, i, pairs));
            made.wires.push_back({tree_[wire.owner].path + "." + wire.structure->name, shown(wire.from), shown(wire.to),
                                  std::get<WireGeometry>(wire.structure->geometry).bits, length / pairs});
        }
        return made;
    }

  private:
    struct Wire {
        u32 owner;
        const Structure *structure;
        End from, to;
    };

    static bool is_joining(const Structure &s) {
        return std::holds_alternative<WireGeometry>(s.geometry) && !s.from.empty() && !s.to.empty();
    }

    std::string shown(const End &end) const {
        const std::string &path = tree_[end.component].path;
        return end.structure.empty() ? path : path + "." + end.structure;
    }

    bool lists(u32 component, std::string_view name) const {
        return std::ranges::any_of(parts_[component].list, [&](const Structure &s) { return s.name == name; });
    }

    // Follows `name` down from a component as far as its words name children; what is left names a structure.
    End followed(u32 component, std::string_view name) const {
        while (!name.empty()) {
            if (lists(component, name)) return {component, std::string(name)};
            const std::string_view word = name.substr(0, name.find('.'));
            const auto &children = tree_[component].children;
            const auto child = std::ranges::find(children, word, &std::pair<std::string, u32>::first);
            if (child == children.end()) return {};
            component = child->second;
            name.remove_prefix(std::min(name.size(), word.size() + 1));
        }
        return {component, {}};
    }

    End resolved(u32 owner, const Structure &wire, std::string_view name) const {
        End end = followed(owner, name);
        const std::string root = tree_[0].path + ".";
        if (end.component == kNone && name == tree_[0].path) end = {0, {}};
        if (end.component == kNone && name.starts_with(root)) end = followed(0, name.substr(root.size()));
        if (end.component != kNone && (!end.structure.empty() || !parts_[end.component].list.empty())) return end;
        throw SimulatorBug(tree_[owner].path + ": wire '" + wire.name + "' joins '" + std::string(name) +
                           "', which no component lists");
    }

    bool is_named(u32 component, const Structure &s) const {
        const auto names = [&](const End &end) { return end.component == component && end.structure == s.name; };
        return std::ranges::any_of(wires_, [&](const Wire &w) { return names(w.from) || names(w.to); });
    }

    u32 add_block(const std::string &name, double area) {
        blocks_.push_back({name, area});
        return u32(blocks_.size() - 1);
    }

    double area_of(const Structure &s) const {
        if (std::holds_alternative<WireGeometry>(s.geometry) || std::holds_alternative<ClockGeometry>(s.geometry))
            return 0;   // they lie over or between the blocks
        return analytic_price(s.geometry, technology_).area_mm2 * s.copies;   // 0 copies: a part of another
    }

    // Whose block holds structure `index` of the list: its own if a wire names it, else that of the one named before it
    // (or else after it) in its stage. kNone: the rest's.
    u32 host(u32 component, u32 index) const {
        const StructureList &list = parts_[component].list;
        u32 after = kNone, before = kNone;
        for (u32 i = 0; i < list.size(); ++i) {
            if (list[i].stage != list[index].stage || !is_named(component, list[i])) continue;
            if (i <= index) before = i;
            else if (after == kNone) after = i;
        }
        return before != kNone ? before : after;
    }

    void add_blocks(u32 component) {
        Part &part = parts_[component];
        std::vector<double> areas(part.list.size());
        double rest = 0, largest = 0;
        for (u32 i = 0; i < part.list.size(); ++i) {
            const u32 where = host(component, i);
            (where == kNone ? rest : areas[where]) += area_of(part.list[i]);
        }
        for (u32 i = 0; i < part.list.size(); ++i) {
            const Structure &s = part.list[i];
            if (!is_named(component, s)) continue;
            const std::string name = tree_[component].path + "." + s.name;
            if (areas[i] <= 0) throw SimulatorBug(name + ": a wire joins it, but it has no area");
            const u32 copies = std::clamp(s.copies, 1u, kMostCopies);
            for (u32 c = 0; c < copies; ++c)
                part.blocks[s.name].push_back(add_block(copies == 1 ? name : name + "[" + std::to_string(c) + "]",
                                                        areas[i] / copies));
            if (areas[i] / copies > largest) largest = areas[i] / copies, part.anchor = u32(blocks_.size() - 1);
        }
        if (rest <= 0) return;
        part.rest = add_block(part.blocks.empty() ? tree_[component].path : tree_[component].path + ".other", rest);
        if (rest > largest) part.anchor = part.rest;
    }

    std::vector<u32> blocks_of(const End &end) const {
        const Part &part = parts_[end.component];
        if (!end.structure.empty()) return part.blocks.at(end.structure);
        const u32 block = part.rest != kNone ? part.rest : part.anchor;
        if (block == kNone) throw SimulatorBug(shown(end) + ": a wire joins it, but it has no area");
        return {block};
    }
    std::pair<std::vector<u32>, std::vector<u32>> ends(const Wire &wire) const {
        return {blocks_of(wire.from), blocks_of(wire.to)};
    }
    static u32 copy(const std::vector<u32> &blocks, u32 i, u32 pairs) { return blocks[i * blocks.size() / pairs]; }

    // Transfers are taken to spread evenly over the copies.
    void add_nets(const Wire &wire) {
        const auto [from, to] = ends(wire);
        const u32 pairs = u32(std::max(from.size(), to.size()));
        const double bits = std::get<WireGeometry>(wire.structure->geometry).bits;
        for (u32 i = 0; i < pairs; ++i)
            nets_.push_back({copy(from, i, pairs), copy(to, i, pairs), bits / double(pairs)});
    }

    void add_kinship(u32 component) {
        const Part &part = parts_[component];
        if (part.anchor == kNone) return;
        for (const auto &[name, blocks] : part.blocks)
            for (u32 block : blocks)
                if (block != part.anchor) nets_.push_back({part.anchor, block, kKinship / double(blocks.size())});
        if (part.rest != kNone && part.rest != part.anchor) nets_.push_back({part.anchor, part.rest, kKinship});
        join_children(component, part.anchor);
    }

    // A child without area, such as a bus, passes the tie on to its own children.
    void join_children(u32 component, u32 anchor) {
        for (const auto &[name, child] : tree_[component].children) {
            if (parts_[child].anchor == kNone) join_children(child, anchor);
            else nets_.push_back({anchor, parts_[child].anchor, kKinship});
        }
    }

    const std::vector<TreeNode> &tree_;
    Technology technology_;
    std::vector<Part> parts_;   // in the order of the tree
    std::vector<Wire> wires_;
    std::vector<FloorplanBlock> blocks_;
    std::vector<FloorplanNet> nets_;
};

bool joins(const WireTable::Row &row, const WireLength &wire) {
    return (row.from == wire.from && row.to == wire.to) || (row.from == wire.to && row.to == wire.from);
}

void fix_lengths(MachineFloorplan &made, const WireTable &table) {
    for (const WireTable::Row &row : table.rows) {
        bool is_used = false;
        for (WireLength &wire : made.wires)
            if (joins(row, wire)) wire.millimetres = row.millimetres, is_used = true;
        if (is_used) continue;
        std::string known;
        for (const WireLength &wire : made.wires) known += (known.empty() ? "" : ", ") + wire.from + "," + wire.to;
        throw ConfigError(table.file + ":" + std::to_string(row.line) + ": no wire of this machine joins " + row.from +
                          " and " + row.to + "; it has " + (known.empty() ? "none" : known));
    }
}

}  // namespace

double MachineFloorplan::length(const std::string &wire) const {
    for (const WireLength &w : wires)
        if (w.name == wire) return w.millimetres;
    throw SimulatorBug("floorplan: no wire is called " + wire);
}

MachineFloorplan floorplan_of(const std::vector<TreeNode> &tree, const FloorplanOptions &options) {
    MachineFloorplan made = Planner(tree, options).placed(options);
    fix_lengths(made, options.fixed);
    return made;
}

}  // namespace sim
