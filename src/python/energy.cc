// SPDX-License-Identifier: BSD-3-Clause
// Machine.energy() in Python: settings, and the account as plain dictionaries.
#include "python/energy.hh"
#include <pybind11/stl.h>
#include "energy/accounting.hh"
#include "python/statistics.hh"
#include "sim/values.hh"

namespace sim {
namespace {

struct EnergySettings : Described<EnergySettings> {
    PARAM(std::string, prices, "analytic", "", "price list: analytic (fits to circuit models) or paper (CG-OoO's published values)");
    PARAM(std::string, variant, "taco17", "", "configuration of the paper's list: taco17 or arxiv16");
    PARAM(u32, node, 22, "nm", "technology: 16, 22, 28, 32, 45 or 90");
    PARAM(double, supply_scale, 1.0, "", "supply voltage relative to the node's nominal one");
    PARAM(double, wire_activity, 0.5, "", "share of a bus's wires that switch in a transfer");
    PARAM(u32, wire_bits, 0, "bits", "wires charged for a 64-bit operand; 0: 64 in the analytic list, 1 in the paper's");
    PARAM(double, latch_activity, 0.5, "", "share of a latch's bits that flip in a clocking");
    PARAM(double, clock_gating, 1.0, "", "share of the clockings of idle circuits that gating suppresses");
    PARAM(std::string, cells, "as_built", "", "transistors of memory cells: as_built (what each cache says) or high_performance");
    PARAM(std::string, wires, "published", "", "wire lengths: published (the paper's floorplans) or floorplan (placed)");
    PARAM(u64, seed, 1, "", "start of the floorplan's placement");
    PARAM(std::string, lengths, "", "", "CSV file from,to,mm of lengths that replace the floorplan's");
};

double share(const char *name, double value) {
    if (!(value >= 0 && value <= 1))
        throw ConfigError(std::string("Machine.energy: ") + name + " is " + std::to_string(value) + "; 0 to 1 are possible");
    return value;
}

bool is_second(const char *name, const std::string &value, const char *first, const char *second) {
    if (value != first && value != second)
        throw ConfigError(std::string("Machine.energy: ") + name + " is '" + value + "'; " + first + " or " + second +
                          " are possible");
    return value == second;
}

EnergyOptions options_of(const EnergySettings &s, double clock_ghz) {
    EnergyOptions o;
    o.prices = is_second("prices", s.prices, "analytic", "paper") ? PriceList::Paper : PriceList::Analytic;
    o.variant = is_second("variant", s.variant, "taco17", "arxiv16") ? PaperParameters::Variant::Arxiv2016
                                                                     : PaperParameters::Variant::Taco2017;
    o.technology.nanometres = s.node;
    o.technology.supply_scale = s.supply_scale;
    o.technology.wire_activity = share("wire_activity", s.wire_activity);
    o.technology.latch_activity = share("latch_activity", s.latch_activity);
    o.technology.clock_gating = share("clock_gating", s.clock_gating);
    o.wire_bits = s.wire_bits;
    o.all_high_performance = is_second("cells", s.cells, "as_built", "high_performance");
    o.is_placed = is_second("wires", s.wires, "published", "floorplan");
    o.seed = s.seed;
    if (!s.lengths.empty()) {
        if (!o.is_placed) throw ConfigError("Machine.energy: lengths replace those of a floorplan; set wires='floorplan'");
        o.lengths = WireTable(s.lengths);
    }
    o.clock_ghz = clock_ghz;
    return o;
}

py::dict row_dict(const EnergyRow &row, double total_pj, double instructions) {
    py::dict d;
    d["component"] = row.component;
    d["structure"] = row.structure;
    d["action"] = row.action;
    d["stage"] = py::str(std::string(stage_name(row.stage)));
    d["count"] = row.count;
    d["squashed"] = row.squashed;
    d["pj_each"] = row.pj_each;
    d["pj"] = row.pj;
    d["share"] = ratio(row.pj, total_pj);
    d["pj_per_instruction"] = ratio(row.pj, instructions);
    d["squashed_pj"] = row.squashed_pj;
    d["is_leakage"] = row.is_leakage;
    d["is_cache"] = row.is_cache;
    d["is_published"] = row.is_published;
    d["is_scaled"] = row.is_scaled;
    return d;
}

py::dict structure_dict(const PricedStructure &s) {
    py::dict d;
    d["component"] = s.component;
    d["structure"] = s.name;
    d["stage"] = py::str(std::string(stage_name(s.stage)));
    d["copies"] = s.copies;
    d["actions"] = s.actions;
    d["area_mm2"] = s.price.area_mm2 * s.copies;
    d["leakage_mw"] = s.price.leakage_mw * s.copies;
    d["access_ns"] = s.price.access_ns;
    if (const auto *wire = std::get_if<WireGeometry>(&s.geometry)) d["millimetres"] = wire->millimetres;
    d["is_cache"] = s.is_cache;
    d["is_published"] = s.is_published;
    d["is_scaled"] = s.is_scaled;
    return d;
}

py::dict stages_dict(const std::array<double, kStages> &pj) {
    py::dict d;
    for (unsigned k = 0; k < kStages; ++k) d[py::str(std::string(stage_name(Stage(k))))] = pj[k];
    return d;
}

py::dict report_dict(const EnergyReport &r, const EnergySettings &settings) {
    const double joules = r.total_pj * 1e-12, instructions = double(r.instructions);
    py::dict d;
    for (const Field &field : EnergySettings::schema()) d[python_text(field.name)] = to_python(field.get(&settings));
    d["instructions"] = r.instructions;
    d["cycles"] = r.cycles;
    d["seconds"] = r.seconds;
    d["total_pj"] = r.total_pj;
    d["core_pj"] = r.core_pj;
    d["leakage_pj"] = r.leakage_pj;
    d["dynamic_pj"] = r.dynamic_pj();
    d["squashed_pj"] = r.squashed_pj;
    d["pj_per_instruction"] = ratio(r.total_pj, instructions);
    d["core_pj_per_instruction"] = ratio(r.core_pj, instructions);
    d["area_mm2"] = r.area_mm2;
    d["core_area_mm2"] = r.core_area_mm2;
    d["power_w"] = ratio(joules, r.seconds);
    d["edp_js"] = joules * r.seconds;
    d["ed2p_js2"] = joules * r.seconds * r.seconds;
    d["stages"] = stages_dict(r.stages);
    d["squashed_stages"] = stages_dict(r.squashed_stages);
    py::list rows, structures;
    for (const EnergyRow &row : r.rows) rows.append(row_dict(row, r.total_pj, instructions));
    for (const PricedStructure &s : r.structures) structures.append(structure_dict(s));
    d["rows"] = rows;
    d["structures"] = structures;
    return d;
}

}  // namespace

py::dict energy(const Machine &machine, const py::object &stats, const py::kwargs &given) {
    EnergySettings settings;
    fill("Machine.energy", EnergySettings::schema(), &settings, given);
    const EnergyOptions options = options_of(settings, machine.options().clock);
    if (stats.is_none()) return report_dict(account(machine.tree(), machine.stats(), options), settings);
    if (!py::isinstance<PythonStats>(stats))
        throw ConfigError("Machine.energy: stats takes what Machine.stats() returned, or the difference of two");
    return report_dict(account(machine.tree(), *stats.cast<const PythonStats &>().all, options), settings);
}

std::string energy_help() { return help_text("Energy of what was counted.", EnergySettings::schema(), {}); }

}  // namespace sim
