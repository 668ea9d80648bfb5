// SPDX-License-Identifier: BSD-3-Clause
// Machine in Python: keyword constructor, run() that Ctrl-C can interrupt, statistics and description.
#include "core/machine.hh"
#include <optional>
#include "python/energy.hh"
#include "python/statistics.hh"
#include "sim/values.hh"

namespace sim {
namespace {

// Between two of these many instructions Python looks for Ctrl-C.
constexpr u64 kSlice = 100'000;

struct PythonMachine {
    py::dict parts;   // keeps the component trees alive
    Machine machine;

    PythonMachine(py::dict given, const Machine::Options &options) : parts(std::move(given)), machine(options) {}
};

std::unique_ptr<PythonMachine> build(const py::args &positional, const py::kwargs &given) {
    if (!positional.empty())
        throw ConfigError("Machine takes keywords only; write Machine(core=..., program=...)");
    Machine::Options options;
    fill("Machine", Machine::Options::schema(), &options, given);
    py::dict parts;
    for (const Field &field : Machine::Options::schema())
        if (field.kind == Field::Kind::Child && given.contains(python_text(field.name)))
            parts[python_text(field.name)] = given[python_text(field.name)];
    return std::make_unique<PythonMachine>(parts, options);
}

u64 wanted(const py::object &instructions) {
    if (instructions.is_none()) return ~u64{0};
    constexpr u64 largest = u64(std::numeric_limits<i64>::max());
    static const Field field{Field::Kind::Param, "instructions", "instructions", "how many to commit at most",
                             i64{0}, optional, "integer", largest, nullptr, nullptr};
    const std::string where = "Machine.run: instructions";
    return u64(std::get<i64>(to_field(field, to_value(instructions, where), where)));
}

const char *run(PythonMachine &self, const py::object &instructions, bool exact) {
    Machine &machine = self.machine;
    u64 left = wanted(instructions);
    py::module_::import("sys").attr("stdout").attr("flush")();   // the guest writes to the same stream by itself
    while (left > 0 && !machine.exited()) {
        const u64 before = machine.hart().committed;
        machine.run(std::min(left, kSlice), exact && left <= kSlice);
        left -= std::min(left, machine.hart().committed - before);
        if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    }
    return machine.exited() ? "exited" : "limit";
}

py::dict describe_machine(const PythonMachine &self) {
    const Machine::Options &options = self.machine.options();
    py::dict made, seen;
    for (const Field &field : Machine::Options::schema()) {
        if (field.kind != Field::Kind::Child) continue;
        const auto *part = std::get<Component *>(field.get(&options));
        if (!part) continue;
        const std::string name(field.name);
        seen[py::int_(reinterpret_cast<std::uintptr_t>(part))] = name;
        made[python_text(name)] = describe(*part, name, seen);
    }
    for (const Field &field : Machine::Options::schema())
        if (field.kind == Field::Kind::Param) made[python_text(field.name)] = to_python(field.get(&options));
    char hash[17];
    std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(self.machine.program().hash));
    made["program_hash"] = hash;
    return made;
}

PythonStats stats(const PythonMachine &self) {
    return {std::make_shared<const Statistics>(self.machine.stats()), 0, true};
}

}  // namespace

void bind_machine(py::module_ &module) {
    const std::string doc = help_text("A core, a program for it, and everything the program is given.",
                                      Machine::Options::schema(), {});
    py::class_<PythonMachine> made(module, "Machine", doc.c_str());
    made.attr("fields") = field_rows(Machine::Options::schema());
    made.attr("statistics") = py::list();
    made.attr("offers") = "Machine";
    made.def(py::init(&build))
        .def("run", &run, py::arg("instructions") = py::none(), py::arg("exact") = true,
             "Commits so many more instructions, or to the program's end; returns 'exited' or 'limit'. With "
             "exact=False a block core goes on to the end of its block, so that the stop leaves no trace in its timing.")
        .def("stats", &stats, "a copy of all statistics now")
        .def(
            "energy",
            [](const PythonMachine &self, const py::object &stats, const py::kwargs &settings) {
                return energy(self.machine, stats, settings);
            },
            py::arg("stats") = py::none(), energy_help().c_str())
        .def("describe", &describe_machine, "every parameter with its value, as nested dictionaries")
        .def(
            "finish", [](PythonMachine &self) { self.machine.finish(); },
            "closes the pipeline trace; nothing runs after")
        .def_property_readonly("core", [](const PythonMachine &self) { return py::object(self.parts["core"]); })
        .def_property_readonly(
            "instructions", [](const PythonMachine &self) { return self.machine.hart().committed; },
            "committed since the program's start")
        .def_property_readonly(
            "cycles", [](const PythonMachine &self) { return self.machine.hart().cycle; },
            "of the core clock since the program's start")
        .def_property_readonly(
            "program_hash", [](const PythonMachine &self) { return self.machine.program().hash; },
            "FNV-1a of the program's file")
        .def_property_readonly(
            "exit_status",
            [](const PythonMachine &self) -> py::object {
                if (!self.machine.exited()) return py::none();
                return py::int_(self.machine.exit_status());
            },
            "the program's own, or None while it has not exited");
}

}  // namespace sim
