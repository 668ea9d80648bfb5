// SPDX-License-Identifier: BSD-3-Clause
// Makes one Python class of every declared component. Names no component and no parameter.
#include <algorithm>
#include "python/binding.hh"
#include "sim/values.hh"

namespace sim {
namespace {

std::shared_ptr<Component> construct(const ComponentType &type, const py::kwargs &given) {
    const std::string name(type.name);
    const auto params = type.new_params();
    fill(name, *type.params, params.get(), given);
    try {
        return type.create(params.get());
    } catch (const ConfigError &e) {
        const std::string what = e.what();
        throw ConfigError(what.starts_with(name) ? what : name + ": " + what);
    }
}

}  // namespace

py::list field_rows(const Schema &schema) {
    constexpr const char *kinds[] = {"parameter", "child", "statistic", "formula"};
    py::list rows;
    for (const Field &field : schema) {
        py::dict row;
        row["kind"] = kinds[unsigned(field.kind)];
        row["name"] = python_text(field.name);
        row["unit"] = python_text(field.unit);
        row["doc"] = python_text(field.doc);
        row["default"] = field.kind == Field::Kind::Param ? to_python(field.initial) : py::none();
        row["required"] = field.kind == Field::Kind::Child && field.need == required;
        row["type"] = python_text(field.type);
        row["length"] = field.length;   // of a vector of counters; 0: one value
        rows.append(row);
    }
    return rows;
}

namespace {

// Cache(*, size=32768, next): what help() shows as the way to call the class.
py::object signature(const Schema &params) {
    const auto inspect = py::module_::import("inspect");
    const auto parameter = inspect.attr("Parameter");
    py::list list;
    for (const Field &field : params) {
        const bool must_be_given = field.kind == Field::Kind::Child && field.need == required;
        list.append(parameter(
            python_text(field.name), parameter.attr("KEYWORD_ONLY"),
            py::arg("default") = must_be_given ? parameter.attr("empty") : to_python(field.initial)));
    }
    return inspect.attr("Signature")(list);
}

void add_fields(py::dict body, const Schema &params) {
    const py::object property = py::module_::import("builtins").attr("property");
    for (const Field &field : params) {
        py::cpp_function get([&field](const Component &c) { return to_python(field.get(c.param_values())); });
        std::string doc(field.doc);
        if (!field.unit.empty()) doc += ", in " + std::string(field.unit);
        body[python_text(field.name)] = property(get, py::none(), py::none(), python_text(doc));
    }
}

py::object make_class(const ComponentType &type, u32 index, const py::object &base) {
    py::dict body;
    body["__module__"] = "sim";
    body["__doc__"] = python_text(help_text(type.doc, *type.params, *type.stats));
    body["__signature__"] = signature(*type.params);
    body["fields"] = field_rows(*type.params);
    body["statistics"] = field_rows(*type.stats);
    body["offers"] = python_text(type.offers);
    add_fields(body, *type.params);
    const std::string name(type.name);
    body["__init__"] = py::cpp_function(
        [base, index, name](const py::object &self, const py::args &positional, const py::kwargs &given) {
            if (!positional.empty())
                throw ConfigError(name + " takes keywords only; write " + name + "(name=value, ...)");
            base.attr("__init__")(self, index, **given);
            for (const auto &[key, object] : given)
                if (py::isinstance<Component>(object)) py::detail::keep_alive_impl(self, object);
        },
        py::is_method(base));
    const py::object python_type = py::module_::import("builtins").attr("type");
    return python_type(python_text(type.name), py::make_tuple(base), body);
}

void refuse_assignment(const py::object &self, const py::object &name, const py::object &) {
    const std::string type = py::str(py::type::of(self).attr("__name__"));
    throw py::attribute_error(type + "." + std::string(py::str(name)) +
                              " cannot be set once it is built; build another " + type);
}

std::string shown(const Component &c) {
    return "<" + std::string(c.type_name()) + (c.is_attached() ? " " + c.path + ">" : ">");
}

}  // namespace

void bind_components(py::module_ &module) {
    py::class_<Component, std::shared_ptr<Component>> base(module, "Component",
                                                           "Anything that a machine is built from.");
    base.def(py::init([](u32 index, const py::kwargs &given) {
            if (index >= component_types().size())
                throw ConfigError("Component: build one of its kinds, such as Cache()");
            return construct(component_types()[index], given);
        }))
        .def_property_readonly(
            "path", [](const Component &c) { return python_text(c.path); },
            "name from the machine down, such as core.l1d, once it belongs to one")
        .def("__setattr__", &refuse_assignment)
        .def("__repr__", &shown);

    std::vector<u32> order(component_types().size());
    for (u32 i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [](u32 a, u32 b) { return component_types()[a].name < component_types()[b].name; });
    py::dict all;
    for (u32 index : order) {
        const ComponentType &type = component_types()[index];
        const py::object made = make_class(type, index, base);
        module.attr(python_text(type.name)) = made;
        all[python_text(type.name)] = made;
    }
    module.attr("components") = all;
}

}  // namespace sim
