// SPDX-License-Identifier: BSD-3-Clause
// Copies, subtracts and prints statistics through their schemas.
#include "sim/statistics.hh"
#include <cmath>
#include <cstdio>

namespace sim {
namespace {

// "1 204 331"; a space every three digits of the whole part.
std::string spaced(const std::string &digits) {
    const auto whole = std::min(digits.find('.'), digits.size());
    const auto first = std::size_t(digits.starts_with('-'));
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > first && i < whole && (whole - i) % 3 == 0) text += ' ';
        text += digits[i];
    }
    return text;
}

std::string printed(const Value &value) {
    if (auto *count = std::get_if<i64>(&value)) return spaced(std::to_string(*count));
    const double number = std::get<double>(value);
    const double size = std::fabs(number);
    char text[64];
    std::snprintf(text, sizeof text,
                  size != 0 && size < 0.001 ? "%.3e"
                  : size < 1000             ? "%.4f"
                                            : "%.1f",
                  number);
    return size < 0.001 ? text : spaced(text);
}

// What a field has on a page: itself, or a line for each counter of a vector.
struct Line {
    std::string name, value;
    std::string_view unit, doc;
};

std::vector<Line> lines_of(const Schema &schema, const void *values) {
    std::vector<Line> lines;
    for (const Field &field : schema) {
        const Value value = field.get(values);
        const std::string name(field.name);
        if (auto *counts = std::get_if<CountList>(&value))
            for (u32 n = 0; n < counts->size(); ++n)
                lines.push_back({name + "[" + std::to_string(n) + "]", printed(Value((*counts)[n])), field.unit, field.doc});
        else lines.push_back({name, printed(value), field.unit, field.doc});
    }
    return lines;
}

// `where` names the statistic.
i64 difference_of(i64 now, i64 then, const std::string &where) {
    if (now < then)
        throw ConfigError("stats: " + where + " would be " + std::to_string(now - then) +
                          "; subtract the earlier copy from the later one");
    return now - then;
}

Value difference_of(const Value &now, const Value &then, const std::string &where) {
    const auto *counts = std::get_if<CountList>(&now);
    if (!counts) return difference_of(std::get<i64>(now), std::get<i64>(then), where);
    CountList made;
    for (u32 n = 0; n < counts->size(); ++n)
        made.push_back(difference_of((*counts)[n], std::get<CountList>(then)[n], where + "[" + std::to_string(n) + "]"));
    return made;
}

std::string padded(std::string_view text, std::size_t width, bool right) {
    const std::string space(width > text.size() ? width - text.size() : 0, ' ');
    return right ? space + std::string(text) : std::string(text) + space;
}

}  // namespace

Statistics::Statistics(const std::vector<TreeNode> &tree) {
    for (const TreeNode &node : tree) {
        const Component &c = *node.component;
        const StatsCopier copy = c.stats_copier();
        groups_.push_back(
            {node.path, c.type_name(), &c.stat_schema(), copy, copy(c.stat_values()), node.children});
    }
}

Statistics Statistics::minus(const Statistics &before) const {
    Statistics difference = *this;
    if (!end_) difference.end_ = std::make_shared<const Statistics>(*this);
    bool is_same = groups_.size() == before.groups_.size();
    for (std::size_t i = 0; is_same && i < groups_.size(); ++i) {
        Group &group = difference.groups_[i];
        const Group &old = before.groups_[i];
        is_same = group.schema == old.schema && group.path == old.path;
        if (!is_same) break;
        group.values = group.copy(group.values.get());
        for (const Field &field : *group.schema) {
            if (field.kind != Field::Kind::Stat) continue;
            field.set(group.values.get(), difference_of(field.get(group.values.get()), field.get(old.values.get()),
                                                        group.path + "." + std::string(field.name)));
        }
    }
    if (!is_same)
        throw ConfigError(
            "stats: the two copies come from different machines; subtract copies of one machine");
    return difference;
}

std::string Statistics::text(u32 index) const {
    const Group &group = groups_[index];
    const std::vector<Line> lines = lines_of(*group.schema, group.values.get());
    std::size_t names = 0, values = 0, units = 0;
    for (const Line &line : lines) {
        names = std::max(names, line.name.size());
        values = std::max(values, line.value.size());
        units = std::max(units, line.unit.size());
    }
    std::string text = group.path + " (" + std::string(group.type) + ")\n";
    for (const Line &line : lines)
        text += "  " + padded(line.name, names, false) + "  " + padded(line.value, values, true) + " " +
                padded(line.unit, units, false) + "   " + std::string(line.doc) + "\n";
    return text;
}

std::string Statistics::text() const {
    std::string all;
    for (u32 i = 0; i < groups_.size(); ++i)
        if (!groups_[i].schema->empty()) all += (all.empty() ? "" : "\n") + text(i);
    return all;
}

}  // namespace sim
