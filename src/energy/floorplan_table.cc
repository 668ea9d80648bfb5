// SPDX-License-Identifier: BSD-3-Clause
// Reads wire lengths that somebody else measured or published.
#include <charconv>
#include <cmath>
#include <fstream>
#include "energy/floorplan_machine.hh"
#include "sim/errors.hh"

namespace sim {
namespace {

std::string trimmed(const std::string &text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
}

std::vector<std::string> fields(const std::string &line) {
    std::vector<std::string> found;
    for (std::size_t at = 0; at <= line.size();) {
        const std::size_t end = std::min(line.find(',', at), line.size());
        found.push_back(trimmed(line.substr(at, end - at)));
        at = end + 1;
    }
    return found;
}

}  // namespace

WireTable::WireTable(const std::string &name) : file(name) {
    std::ifstream in(name);
    if (!in) throw ConfigError(name + ": cannot be read; it is a CSV file with the header from,to,mm");
    std::string line;
    bool has_header = false;
    for (u32 number = 1; std::getline(in, line); ++number) {
        line = trimmed(line);
        if (line.empty() || line[0] == '#') continue;
        const std::vector<std::string> words = fields(line);
        const std::string where = name + ":" + std::to_string(number) + ": ";
        if (!has_header) {
            if (words != std::vector<std::string>{"from", "to", "mm"})
                throw ConfigError(where + "begins with '" + line + "'; the header is from,to,mm");
            has_header = true;
            continue;
        }
        double length = -1;
        const char *end = words.back().data() + words.back().size();
        const bool is_number = std::from_chars(words.back().data(), end, length).ptr == end;
        if (words.size() != 3 || !is_number || !std::isfinite(length) || length < 0)
            throw ConfigError(where + "is '" + line + "'; a row is two structures and a length in mm");
        rows.push_back({words[0], words[1], length, number});
    }
    if (!has_header) throw ConfigError(name + ": is empty; it is a CSV file with the header from,to,mm");
}

}  // namespace sim
