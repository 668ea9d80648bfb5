// SPDX-License-Identifier: BSD-3-Clause
// Values, keywords and help between Python and the schemas.
#include "python/binding.hh"
#include "sim/values.hh"

namespace sim {

py::str python_text(std::string_view text) {
    auto *made = PyUnicode_DecodeUTF8(text.data(), Py_ssize_t(text.size()), "surrogateescape");
    if (!made) throw py::error_already_set();
    return py::reinterpret_steal<py::str>(made);
}

py::object to_python(const Value &value) {
    if (auto *b = std::get_if<bool>(&value)) return py::bool_(*b);
    if (auto *i = std::get_if<i64>(&value)) return py::int_(*i);
    if (auto *d = std::get_if<double>(&value)) return py::float_(*d);
    if (auto *s = std::get_if<std::string>(&value)) return python_text(*s);
    if (auto *texts = std::get_if<TextList>(&value)) {
        py::list made;
        for (const std::string &text : *texts) made.append(python_text(text));
        return made;
    }
    if (auto *counts = std::get_if<CountList>(&value)) {
        py::list made;
        for (const i64 count : *counts) made.append(py::int_(count));
        return made;
    }
    return py::cast(std::get<Component *>(value), py::return_value_policy::reference);
}

static std::string to_text(py::handle object) {
    auto *bytes = PyUnicode_AsEncodedString(object.ptr(), "utf-8", "surrogateescape");
    if (!bytes) throw py::error_already_set();
    return std::string(py::reinterpret_steal<py::bytes>(bytes));
}

Value to_value(py::handle object, const std::string &where) {
    if (object.is_none()) return static_cast<Component *>(nullptr);
    if (py::isinstance<Component>(object)) return object.cast<Component *>();
    if (py::isinstance<py::bool_>(object)) return object.cast<bool>();
    if (py::isinstance<py::int_>(object)) {
        int overflow = 0;
        const long long whole = PyLong_AsLongLongAndOverflow(object.ptr(), &overflow);
        if (overflow)
            throw ConfigError(where + ": cannot be " + to_text(py::str(object)) +
                              "; the largest is 2**63 - 1");
        return i64(whole);
    }
    if (py::isinstance<py::float_>(object)) return object.cast<double>();
    if (py::isinstance<py::str>(object)) return to_text(object);
    if (py::hasattr(object, "__fspath__")) return to_text(object.attr("__fspath__")());
    if (py::isinstance<py::list>(object) || py::isinstance<py::tuple>(object)) {
        TextList texts;
        for (py::handle item : object) {
            if (!py::isinstance<py::str>(item) && !py::hasattr(item, "__fspath__"))
                throw ConfigError(where + ": cannot hold " + to_text(py::repr(item)) +
                                  "; it takes a list of texts");
            texts.push_back(std::get<std::string>(to_value(item, where)));
        }
        return texts;
    }
    throw ConfigError(where + ": cannot be " + to_text(py::repr(object)));
}

static const Field &find(const std::string &owner, const Schema &schema, const std::string &name) {
    std::vector<std::string> names;
    for (const Field &field : schema) {
        if (field.name == name) return field;
        names.emplace_back(field.name);
    }
    throw ConfigError(owner + " has no parameter '" + name + "'" + suggestion(name, names));
}

void fill(const std::string &owner, const Schema &schema, void *params, const py::kwargs &given) {
    for (const auto &[key, object] : given) {
        const Field &field = find(owner, schema, to_text(key));
        const std::string where = owner + "." + std::string(field.name);
        if (object.is_none() && field.type == "text") continue;   // None: as if not given
        const Value value = to_field(field, to_value(object, where), where);
        try {
            field.set(params, value);
        } catch (const std::bad_variant_access &) {
            refuse(field, value, where);
        }
    }
    for (const Field &field : schema)
        if (field.kind == Field::Kind::Child && field.need == required &&
            !std::get<Component *>(field.get(params)))
            throw ConfigError(owner + " needs '" + std::string(field.name) + "' (" + std::string(field.doc) +
                              "); it takes " + allowed(field));
}

static std::string described_field(const Field &field) {
    std::string text = "  " + std::string(field.name);
    if (field.length) text += "[" + std::to_string(field.length) + "]";
    if (field.kind == Field::Kind::Child)
        text += " (" + std::string(field.type) + (field.need == optional ? " or None)" : ")");
    else if (field.kind == Field::Kind::Param) text += " = " + written(field.initial);
    if (!field.unit.empty())
        text += field.kind == Field::Kind::Param ? " " + std::string(field.unit)
                                                 : " (" + std::string(field.unit) + ")";
    return text + ": " + std::string(field.doc) + "\n";
}

std::string help_text(std::string_view doc, const Schema &params, const Schema &stats) {
    std::string children, parameters, statistics;
    for (const Field &field : params)
        (field.kind == Field::Kind::Child ? children : parameters) += described_field(field);
    for (const Field &field : stats) statistics += described_field(field);
    std::string text = std::string(doc) + "\n";
    if (!children.empty()) text += "\nChildren\n" + children;
    if (!parameters.empty()) text += "\nParameters, with their defaults\n" + parameters;
    if (!statistics.empty()) text += "\nStatistics\n" + statistics;
    return text;
}

py::dict describe(const Component &component, const std::string &path, py::dict written) {
    py::dict made;
    made["type"] = python_text(component.type_name());
    for (const Field &field : component.param_schema()) {
        const Value value = field.get(component.param_values());
        const py::str name = python_text(field.name);
        auto *const *child = std::get_if<Component *>(&value);
        if (!child || !*child) {
            made[name] = to_python(value);
            continue;
        }
        const py::int_ identity(reinterpret_cast<std::uintptr_t>(*child));
        const std::string child_path = path + "." + std::string(field.name);
        if (written.contains(identity)) {
            made[name] = py::dict(py::arg("same_as") = written[identity]);
            continue;
        }
        written[identity] = python_text(child_path);
        made[name] = describe(**child, child_path, written);
    }
    return made;
}

}  // namespace sim
