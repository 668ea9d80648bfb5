// SPDX-License-Identifier: BSD-3-Clause
// Units, text numbers, ranges and near names.
#include "sim/values.hh"
#include <charconv>
#include <cmath>
#include <span>
#include "sim/component.hh"

namespace sim {
namespace {

struct Scale {
    std::string_view suffix;
    double factor;   // to the field's unit
};
constexpr Scale kSizes[] = {{"B", 1}, {"KiB", 0x1p10}, {"MiB", 0x1p20}, {"GiB", 0x1p30}, {"TiB", 0x1p40}};
constexpr Scale kTimes[] = {{"ps", 1e-3}, {"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
constexpr Scale kClocks[] = {{"Hz", 1e-9}, {"kHz", 1e-6}, {"MHz", 1e-3}, {"GHz", 1}};
constexpr Scale kCounts[] = {{"k", 1e3}, {"M", 1e6}, {"G", 1e9}};

std::span<const Scale> scales(std::string_view unit) {
    if (unit == "bytes") return kSizes;
    if (unit == "ns") return kTimes;
    if (unit == "GHz") return kClocks;
    if (unit == "instructions") return kCounts;
    return {};
}

std::string_view example(std::string_view unit) {
    if (unit == "bytes") return "\"32KiB\"";
    if (unit == "ns") return "\"60ns\"";
    if (unit == "GHz") return "\"2GHz\"";
    if (unit == "instructions") return "\"10M\"";
    return {};
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

// The text's number in the field's unit; false where it is none.
bool parse(const std::string &given, std::string_view unit, double &value) {
    std::string text;
    for (char c : given)
        if (c != '_') text += c;
    const std::string_view all = trim(text);
    const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), value);
    if (error != std::errc{}) return false;
    const std::string_view suffix = trim(all.substr(std::size_t(end - all.data())));
    if (suffix.empty() || suffix == unit) return true;
    for (const Scale &scale : scales(unit))
        if (suffix == scale.suffix) {
            value *= scale.factor;
            return true;
        }
    return false;
}

std::string list(const TextList &words, const char *quote) {
    std::string text;
    for (const std::string &word : words) text += (text.empty() ? "" : ", ") + (quote + word) + quote;
    return text;
}

// Edits that turn one name into the other; '_' and '-' are free, so "hitlatency" is "hit_latency".
unsigned distance(std::string_view a, std::string_view b) {
    const auto is_joint = [](char c) { return c == '_' || c == '-'; };
    std::vector<unsigned> row(b.size() + 1);
    for (unsigned j = 0; j < b.size(); ++j) row[j + 1] = row[j] + !is_joint(b[j]);
    for (char c : a) {
        unsigned diagonal = row[0];
        row[0] += !is_joint(c);
        for (unsigned j = 0; j < b.size(); ++j) {
            const unsigned change = diagonal + (std::tolower(c) != std::tolower(b[j]));
            diagonal = row[j + 1];
            row[j + 1] = std::min({change, row[j + 1] + !is_joint(c), row[j] + !is_joint(b[j])});
        }
    }
    return row[b.size()];
}

// "None or a Memory component (Bus, Cache, Dram)"
std::string allowed_child(const Field &field) {
    TextList names;
    for (const ComponentType &type : component_types())
        if (type.offers == field.type || type.name == field.type) names.emplace_back(type.name);
    std::sort(names.begin(), names.end());
    return std::string(field.need == optional ? "None or a " : "a ") + std::string(field.type) +
           " component" + (names.empty() ? "" : " (" + list(names, "") + ")");
}

}  // namespace

void refuse(const Field &field, const Value &given, const std::string &where) {
    std::string text = where + ": cannot be " + written(given) + " (" + std::string(field.doc);
    if (!field.unit.empty()) text += ", in " + std::string(field.unit);
    throw ConfigError(text + "); it takes " + allowed(field));
}

std::string written(const Value &value) {
    if (auto *b = std::get_if<bool>(&value)) return *b ? "True" : "False";
    if (auto *i = std::get_if<i64>(&value)) return std::to_string(*i);
    if (auto *d = std::get_if<double>(&value)) {
        char text[32];
        return {text, std::to_chars(text, text + sizeof text, *d).ptr};
    }
    if (auto *s = std::get_if<std::string>(&value)) return "'" + *s + "'";
    if (auto *l = std::get_if<TextList>(&value)) return "[" + list(*l, "'") + "]";
    if (auto *counts = std::get_if<CountList>(&value)) {
        std::string text;
        for (const i64 count : *counts) text += (text.empty() ? "" : ", ") + std::to_string(count);
        return "[" + text + "]";
    }
    const auto *component = std::get<Component *>(value);
    return component ? "a " + std::string(component->type_name()) : "None";
}

std::string allowed(const Field &field) {
    const std::string_view text = example(field.unit);
    const std::string or_text = text.empty() ? "" : " or text such as " + std::string(text);
    if (field.type == "bool") return "True or False";
    if (field.type == "text") return "text";
    if (field.type == "texts") return "a list of texts";
    if (field.type == "number") return "a number" + or_text;
    if (field.type == "integer") {
        const bool is_wide = field.maximum >= u64(std::numeric_limits<i64>::max());
        return "a whole number from 0" + (is_wide ? " up" : " to " + std::to_string(field.maximum)) + or_text;
    }
    return allowed_child(field);
}

Value to_field(const Field &field, const Value &given, const std::string &where) {
    const auto *text = std::get_if<std::string>(&given);
    if (field.type == "bool" && std::holds_alternative<bool>(given)) return given;
    if (field.type == "text" && text) return given;
    if (field.type == "texts" && std::holds_alternative<TextList>(given)) return given;
    if (field.kind == Field::Kind::Child && std::holds_alternative<Component *>(given)) return given;
    if (field.type != "integer" && field.type != "number") refuse(field, given, where);

    if (auto *whole = std::get_if<i64>(&given)) {
        if (field.type == "number") return double(*whole);
        if (*whole < 0 || u64(*whole) > field.maximum) refuse(field, given, where);
        return given;
    }
    double value = 0;
    if (auto *real = std::get_if<double>(&given)) value = *real;
    else if (!text || !parse(*text, field.unit, value)) refuse(field, given, where);
    if (!std::isfinite(value)) refuse(field, given, where);
    if (field.type == "number") return value;
    if (value < 0 || value != std::floor(value) || value >= 0x1p63 || u64(value) > field.maximum)
        refuse(field, given, where);
    return i64(value);
}

std::string suggestion(const std::string &wrong, const std::vector<std::string> &names) {
    unsigned least = unsigned(wrong.size() / 3) + 1;   // a name this far away is another name
    const std::string *nearest = nullptr;
    for (const std::string &name : names)
        if (const unsigned d = distance(wrong, name); d < least) {
            least = d;
            nearest = &name;
        }
    if (nearest) return "; did you mean '" + *nearest + "'?";
    return names.empty() ? "; it has none" : "; it has " + list(names, "");
}

}  // namespace sim
