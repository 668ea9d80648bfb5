// SPDX-License-Identifier: BSD-3-Clause
// What the parts of the Python binding need from each other.
#pragma once
#include <pybind11/pybind11.h>
#include "sim/component.hh"

namespace sim {

namespace py = pybind11;

// Text goes through as bytes: file names need not be UTF-8.
py::str python_text(std::string_view text);
py::object to_python(const Value &value);
// Throws ConfigError naming `where` for what no field can hold.
Value to_value(py::handle object, const std::string &where);

// Sets the fields of `params` that `given` names; throws ConfigError for unknown names, unfit values, missing
// children.
void fill(const std::string &owner, const Schema &schema, void *params, const py::kwargs &given);
// What help() says: the sentence, then children, parameters and statistics.
std::string help_text(std::string_view doc, const Schema &params, const Schema &stats);
// One dictionary a field (kind, name, unit, doc, default, required, type), for tools.
py::list field_rows(const Schema &schema);
// {"name": value} of all parameters and children of a component and its children's children; `written` holds
// the paths of what has been described already, which is then only referred to.
py::dict describe(const Component &component, const std::string &path, py::dict written);

void bind_components(py::module_ &module);
void bind_machine(py::module_ &module);
void bind_statistics(py::module_ &module);
void bind_blocks(py::module_ &module);
void bind_prices(py::module_ &module);
void bind_floorplan(py::module_ &module);
void bind_engine(py::module_ &module);
void bind_eie(py::module_ &module);
void bind_ese(py::module_ &module);
void bind_scnn(py::module_ &module);

}  // namespace sim
