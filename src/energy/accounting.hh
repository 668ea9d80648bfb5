// SPDX-License-Identifier: BSD-3-Clause
// Turns what was counted into energy: every action of every structure in the tree, its leakage, and sums that agree.
#pragma once
#include <array>
#include "energy/floorplan_machine.hh"
#include "energy/paper_prices.hh"
#include "energy/structures.hh"
#include "sim/statistics.hh"

namespace sim {

enum class PriceList : u8 { Analytic, Paper };

struct EnergyOptions {
    PriceList prices = PriceList::Analytic;
    Technology technology;
    double clock_ghz = 2;
    PaperParameters::Variant variant = PaperParameters::Variant::Taco2017;
    // Wires that a 64-bit operand is charged for, others in proportion. 0: the list's own: 64 in the analytic one;
    // in the paper's 1, as its released configuration has it.
    u32 wire_bits = 0;
    bool is_placed = false;   // wire lengths from a floorplan of this machine; else the published table's
    u64 seed = 1;             // of the floorplan
    WireTable lengths;        // that replace the floorplan's
    bool all_high_performance = false;   // also the cells of caches that say otherwise
};

struct EnergyRow {
    std::string component, structure, action;   // action: "read register_reads"; "leakage"
    Stage stage;
    // Uses, or cycles of leakage; and uses by instructions that were squashed. In a phase of a run these are the uses
    // made in it, and all those of instructions squashed in it: phases add up, and a short one may undo more than it
    // used, of what was in flight when it began.
    u64 count, squashed;
    double pj_each;
    double pj, squashed_pj;   // multiples of kEnergyGrain
    bool is_cache, is_leakage;
    bool is_published, is_scaled;   // the price is the paper's; it has been moved to another geometry or node
};

struct PricedStructure {
    std::string component, name;
    Stage stage;
    Geometry geometry;        // of wires with their length
    u32 copies;
    Price price;              // of one copy
    bool is_cache, is_published, is_scaled;
    std::vector<std::string> actions;   // as in rows, also those that did not happen
};

// Every energy is rounded to a multiple of this many pJ: sums of them are then exact in any order, up to 8 J.
inline constexpr double kEnergyGrain = 1.0 / 1024;

struct EnergyReport {
    std::vector<EnergyRow> rows;              // in the tree's order; a row of no use is left out
    std::vector<PricedStructure> structures;
    u64 cycles = 0, instructions = 0;
    double seconds = 0;
    double total_pj = 0, leakage_pj = 0, squashed_pj = 0;   // total: of all rows
    double core_pj = 0;                       // without caches, TLBs and memory
    double area_mm2 = 0, core_area_mm2 = 0;
    std::array<double, kStages> stages{}, squashed_stages{};   // of all rows

    double dynamic_pj() const { return total_pj - leakage_pj; }
};

// The statistics may be a difference of two copies. The core's `cycles` and `committed_instructions` are the time and
// the divisor; a core without time has no energy: ConfigError.
EnergyReport account(const std::vector<TreeNode> &tree, const Statistics &statistics, const EnergyOptions &options);

// What the components list, one list a node of the tree.
std::vector<StructureList> list_tree(const std::vector<TreeNode> &tree, const EnergyOptions &options);
// All of them, priced, in the same order.
std::vector<PricedStructure> price_structures(const std::vector<TreeNode> &tree,
                                              const std::vector<StructureList> &lists,
                                              const EnergyOptions &options);

std::string_view stage_name(Stage stage);
std::string_view verb_name(Verb verb);
std::string action_name(const Action &action);   // "read register_reads"

}  // namespace sim
