// SPDX-License-Identifier: BSD-3-Clause
// Engines without a processor: run_engine(), and statistics of a component outside of any machine.
#include "accel/ideal_memory.hh"
#include "energy/accounting.hh"
#include <pybind11/stl.h>
#include "python/binding.hh"
#include "python/statistics.hh"


namespace sim {
namespace {

constexpr u64 kSlice = 1'000'000;   // cycles between two looks for Ctrl-C

const char *status_name(EngineStatus status) {
    constexpr const char *names[] = {"ok", "bad_descriptor", "bad_address", "bad_model", "overflow", "cancelled", "reset"};
    return names[u32(status)];
}

std::span<const u8> view(const py::bytes &bytes) {
    const std::string_view text = bytes;
    return {reinterpret_cast<const u8 *>(text.data()), text.size()};
}

Engine &engine_of(Component &component) {
    auto *engine = dynamic_cast<Engine *>(&component);
    if (!engine) throw ConfigError("run_engine: " + std::string(component.type_name()) + " is no Engine");
    return *engine;
}

py::dict run_engine(Component &component, u32 operation, const py::bytes &model, const py::bytes &input,
                    u32 output_bytes, const std::vector<u32> &arguments) {
    Engine &engine = engine_of(component);
    if (engine.is_attached()) throw ConfigError("run_engine: " + engine.path + " belongs to a machine; build another");
    IdealMemory memory;
    memory.model = view(model);
    memory.input = view(input);
    memory.output.resize(output_bytes);
    EngineJob job = ideal_job(operation, memory);
    if (arguments.size() > job.arguments.size()) throw ConfigError("run_engine: a job has at most 4 arguments");
    std::copy(arguments.begin(), arguments.end(), job.arguments.begin());
    engine.begin(job, memory);
    while (!advance(engine, memory, kSlice))
        if (PyErr_CheckSignals() != 0) {
            engine.reset();
            throw py::error_already_set();
        }
    py::dict done;
    done["status"] = status_name(engine.status());
    done["output"] = py::bytes(reinterpret_cast<const char *>(memory.output.data()), memory.output.size());
    done["load_cycles"] = engine.load_cycles;
    done["compute_cycles"] = engine.compute_cycles;
    done["store_cycles"] = engine.store_cycles;
    done["read_bytes"] = memory.read_bytes;
    done["written_bytes"] = memory.written_bytes;
    return done;
}

double counted(const Statistics::Group &group, std::string_view stat) {
    for (const Field &field : *group.schema)
        if (field.kind == Field::Kind::Stat && field.name == stat) return double(std::get<i64>(field.get(group.values.get())));
    throw ConfigError("energy_of: " + group.path + " has no statistic '" + std::string(stat) + "'");
}

// Energy, leakage and area by structure, from the analytic prices; `cycles` are the clock tree's uses.
py::list energy_of(Component &component, const PythonStats &stats, double nanoseconds, u64 cycles, u32 node) {
    EnergyOptions options;
    options.technology.nanometres = node;
    const auto tree = component_tree(component, "engine");
    const auto lists = list_tree(tree, options);
    const auto priced = price_structures(tree, lists, options);
    py::list rows;
    u32 next = 0;
    for (u32 n = 0; n < tree.size(); ++n)
        for (const Structure &structure : lists[n]) {
            const PricedStructure &s = priced[next++];
            double pj = 0;
            for (const Action &action : structure.actions) {
                const bool is_clock = std::holds_alternative<ClockGeometry>(structure.geometry);
                const double count = is_clock ? double(cycles) : counted(stats.all->groups()[n], action.stat);
                pj += count * action.times * s.price.of(action.verb);
            }
            py::dict row;
            row["structure"] = s.name;
            row["dynamic_pj"] = pj;
            row["leakage_pj"] = s.price.leakage_mw * s.copies * nanoseconds;   // mW x ns = pJ
            row["area_mm2"] = s.price.area_mm2 * s.copies;
            rows.append(row);
        }
    return rows;
}

}  // namespace

void bind_engine(py::module_ &module) {
    module.def("run_engine", &run_engine, py::arg("engine"), py::arg("operation"), py::kw_only(),
               py::arg("model") = py::bytes(), py::arg("input") = py::bytes(), py::arg("output_bytes") = 0,
               py::arg("arguments") = std::vector<u32>(),
               "Runs one job on an engine without a processor, with a memory that costs no time.");
    module.def("energy_of", &energy_of, py::arg("engine"), py::arg("stats"), py::kw_only(), py::arg("nanoseconds"),
               py::arg("cycles"), py::arg("node") = 45,
               "Dynamic energy, leakage and area of each structure of an engine that belongs to no machine, from the "
               "analytic prices.");
    module.def(
        "statistics_of",
        [](Component &component) {
            return PythonStats{std::make_shared<const Statistics>(component_tree(component, "engine")), 0, false};
        },
        py::arg("component"), "A copy of the statistics of a component that belongs to no machine.");
}

}  // namespace sim
