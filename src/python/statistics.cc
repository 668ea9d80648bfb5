// SPDX-License-Identifier: BSD-3-Clause
// Statistics in Python: stats.core.l1d.hits, after - before, as_dict(), text(), json().
#include "python/binding.hh"
#include "python/statistics.hh"
#include "sim/values.hh"

namespace sim {
namespace {

const Statistics::Group &group(const PythonStats &s) { return s.all->groups()[s.group]; }

py::dict dictionary(const Statistics &all, u32 index) {
    const Statistics::Group &group = all.groups()[index];
    py::dict made;
    for (const Field &field : *group.schema)
        made[python_text(field.name)] = to_python(field.get(group.values.get()));
    for (const auto &[name, child] : group.children)   // a shared component stands where its path says
        if (all.groups()[child].path == group.path + "." + name)
            made[python_text(name)] = dictionary(all, child);
    return made;
}

// Of a whole machine: the core and whatever stands beside it. Their paths are single names.
std::vector<u32> roots(const PythonStats &s) {
    std::vector<u32> found;
    for (u32 g = 0; s.is_root && g < s.all->groups().size(); ++g)
        if (s.all->groups()[g].path.find('.') == std::string::npos) found.push_back(g);
    return found;
}

py::dict as_dict(const PythonStats &s) {
    if (!s.is_root) return dictionary(*s.all, s.group);
    py::dict made;
    for (u32 root : roots(s)) made[python_text(s.all->groups()[root].path)] = dictionary(*s.all, root);
    return made;
}

std::vector<std::string> names(const PythonStats &s) {
    std::vector<std::string> all;
    for (u32 root : roots(s)) all.push_back(s.all->groups()[root].path);
    if (s.is_root) return all;
    for (const Field &field : *group(s).schema) all.emplace_back(field.name);
    for (const auto &[name, child] : group(s).children) all.push_back(name);
    return all;
}

py::object attribute(const PythonStats &s, const std::string &name) {
    if (s.is_root) {
        for (u32 root : roots(s))
            if (name == s.all->groups()[root].path) return py::cast(PythonStats{s.all, root, false});
    } else {
        for (const Field &field : *group(s).schema)
            if (field.name == name) return to_python(field.get(group(s).values.get()));
        for (const auto &[child_name, child] : group(s).children)
            if (child_name == name) return py::cast(PythonStats{s.all, child, false});
    }
    const std::string owner = s.is_root ? "stats" : "stats." + group(s).path;
    throw py::attribute_error(owner + " has no '" + name + "'" + suggestion(name, names(s)));
}

std::string text(const PythonStats &s) { return s.is_root ? s.all->text() : s.all->text(s.group); }

PythonStats minus(const PythonStats &after, const PythonStats &before) {
    if (after.group != before.group || after.is_root != before.is_root)
        throw ConfigError("stats: '" + group(after).path + "' minus '" + group(before).path +
                          "'; subtract copies of one component or of one machine");
    return {std::make_shared<const Statistics>(after.all->minus(*before.all)), after.group, after.is_root};
}

}  // namespace

void bind_statistics(py::module_ &module) {
    py::class_<PythonStats>(module, "Stats",
                            "A copy of a machine's statistics, or of one component's, at one moment.")
        .def("__getattr__", &attribute)
        .def("__sub__", &minus, "what was counted between two copies; formulas hold on the difference")
        .def("__dir__",
             [](const PythonStats &s) {
                 py::list all;
                 for (const std::string &name : names(s)) all.append(python_text(name));
                 for (const char *name : {"as_dict", "text", "json"}) all.append(name);
                 return all;
             })
        .def("as_dict", &as_dict, "nested dictionaries of plain numbers")
        .def(
            "text", [](const PythonStats &s) { return python_text(text(s)); }, "an aligned table with units")
        .def(
            "json",
            [](const PythonStats &s) {
                return py::module_::import("json").attr("dumps")(as_dict(s), py::arg("indent") = 2);
            },
            "as_dict() as JSON text")
        .def("__repr__", [](const PythonStats &s) { return python_text(text(s)); });
}

}  // namespace sim
