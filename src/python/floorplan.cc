// SPDX-License-Identifier: BSD-3-Clause
// place_blocks() and machine_floorplan() in Python: plans of areas of one's own and of machines.
#include <pybind11/stl.h>
#include "energy/floorplan_machine.hh"
#include "python/binding.hh"

namespace sim {
namespace {

py::dict shown(const Floorplan &plan, const std::vector<FloorplanNet> &nets, const std::string &title) {
    py::dict made;
    py::list places;
    for (std::size_t i = 0; i < plan.places.size(); ++i) {
        const PlacedBlock &p = plan.places[i];
        py::dict place;
        place["name"] = python_text(plan.blocks[i].name);
        place["area_mm2"] = plan.blocks[i].area_mm2;
        place["x"] = p.x;
        place["y"] = p.y;
        place["width"] = p.width;
        place["height"] = p.height;
        places.append(place);
    }
    made["places"] = places;
    made["width"] = plan.width;
    made["height"] = plan.height;
    made["dead_space"] = plan.dead_space();
    made["svg"] = python_text(plan.svg(title, nets));
    return made;
}

py::dict machine_floorplan(Component &core, u32 nanometres, double supply_scale, const std::string &lengths, u64 seed,
                           const std::string &title, bool with_wires) {
    FloorplanOptions options;
    options.technology.nanometres = nanometres;
    options.technology.supply_scale = supply_scale;
    options.seed = seed;
    if (!lengths.empty()) options.fixed = WireTable(lengths);
    const MachineFloorplan made = floorplan_of(component_tree(core, "core"), options);
    py::dict result = shown(made.plan, with_wires ? made.nets : std::vector<FloorplanNet>{}, title);
    py::list wires;
    for (const WireLength &w : made.wires) {
        py::dict wire;
        wire["name"] = python_text(w.name);
        wire["from"] = python_text(w.from);
        wire["to"] = python_text(w.to);
        wire["bits"] = w.bits;
        wire["mm"] = w.millimetres;
        wires.append(wire);
    }
    result["wires"] = wires;
    return result;
}

}  // namespace

void bind_floorplan(py::module_ &module) {
    module.def(
        "place_blocks",
        [](const std::vector<std::pair<std::string, double>> &blocks,
           const std::vector<std::tuple<u32, u32, double>> &nets, u64 seed, u32 effort, const std::string &title) {
            std::vector<FloorplanBlock> made;
            for (const auto &[name, area] : blocks) made.push_back({name, area});
            std::vector<FloorplanNet> joined;
            for (const auto &[from, to, weight] : nets) joined.push_back({from, to, weight});
            return shown(place(std::move(made), joined, seed, effort), joined, title);
        },
        py::arg("blocks"), py::arg("nets"), py::kw_only(), py::arg("seed") = 1, py::arg("effort") = kPlacementEffort,
        py::arg("title") = "",
        "Places rectangles: `blocks` are (name, mm2), `nets` (index, index, weight); returns places in mm, width, height, "
        "dead_space and a picture, svg.");
    module.def("machine_floorplan", &machine_floorplan, py::arg("core"), py::kw_only(), py::arg("nanometres") = 22,
               py::arg("supply_scale") = 1.0, py::arg("lengths") = "", py::arg("seed") = 1, py::arg("title") = "",
               py::arg("with_wires") = false,
               "Places what a core is built of; as place_blocks(), and wires with their lengths in mm, which the CSV file "
               "`lengths` (from,to,mm) may fix.");
}

}  // namespace sim
