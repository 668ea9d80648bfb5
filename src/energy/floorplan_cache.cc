// SPDX-License-Identifier: BSD-3-Clause
// Placements of earlier runs: a text file each, named by a hash of the placer's input and holding that input whole, so
// that a file that is damaged or of another input is told apart.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>
#include "energy/floorplan.hh"

namespace sim {
namespace {

namespace fs = std::filesystem;

constexpr const char *kVersion = "floorplan 1";   // of the placer: another number where it would place otherwise

std::string exact(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%a", value);
    return text;
}

// Everything that a placement follows from; names do not matter to it.
std::string input_text(const std::vector<FloorplanBlock> &blocks, const std::vector<FloorplanNet> &nets, u64 seed,
                       u32 effort) {
    std::ostringstream out;
    out << kVersion << " seed " << seed << " effort " << effort << '\n';
    for (const FloorplanBlock &b : blocks)
        out << "block " << exact(b.area_mm2) << ' ' << exact(b.least_aspect) << ' ' << exact(b.most_aspect) << '\n';
    for (const FloorplanNet &n : nets) out << "net " << n.from << ' ' << n.to << ' ' << exact(n.weight) << '\n';
    return out.str();
}

std::string output_text(const Floorplan &plan) {
    std::ostringstream out;
    out << "outline " << exact(plan.width) << ' ' << exact(plan.height) << '\n';
    for (const PlacedBlock &p : plan.places)
        out << "place " << exact(p.x) << ' ' << exact(p.y) << ' ' << exact(p.width) << ' ' << exact(p.height) << '\n';
    return out.str();
}

std::string hash_of(const std::string &text) {   // 64-bit FNV-1a
    u64 hash = 0xcbf29ce484222325;
    for (char c : text) hash = (hash ^ u8(c)) * 0x100000001b3;
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
    return digits;
}

fs::path folder() {   // empty: nowhere
    if (const char *given = std::getenv("SKIPAHEAD_CACHE"); given && *given) return fs::path(given) / "floorplans";
    if (const char *home = std::getenv("HOME"); home && *home)
        return fs::path(home) / ".cache" / "skipahead" / "floorplans";
    return {};
}

// A number as exact() wrote it, which operator>> does not read.
bool read(std::istream &in, double &value) {
    std::string word;
    if (!(in >> word)) return false;
    char *end;
    value = std::strtod(word.c_str(), &end);
    return *end == '\0';
}

bool load(const fs::path &file, const std::string &input, Floorplan &plan) {
    std::ifstream opened(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(opened), {}};
    if (!text.starts_with(input)) return false;
    const std::size_t end = text.rfind("end ");
    if (end == std::string::npos || end < input.size()) return false;
    const std::string body = text.substr(input.size(), end - input.size());
    if (text.substr(end) != "end " + hash_of(body) + "\n") return false;
    std::istringstream in(body);
    std::string word;
    if (!(in >> word) || !read(in, plan.width) || !read(in, plan.height)) return false;
    for (std::size_t i = 0; i < plan.blocks.size(); ++i) {
        PlacedBlock p;
        if (!(in >> word) || !read(in, p.x) || !read(in, p.y)) return false;
        if (!read(in, p.width) || !read(in, p.height)) return false;
        plan.places.push_back(p);
    }
    return true;
}

// Under a name of its own first: another process that places the same meanwhile sees a whole file or none.
void store(const fs::path &file, const std::string &input, const Floorplan &plan) {
    std::error_code ignored;
    fs::create_directories(file.parent_path(), ignored);
    const fs::path partial = file.string() + "." + std::to_string(getpid()) + ".part";
    const std::string body = output_text(plan);
    std::ofstream out(partial, std::ios::binary);
    out << input << body << "end " << hash_of(body) << '\n';
    out.close();
    if (out) fs::rename(partial, file, ignored);
    if (!out || ignored) fs::remove(partial, ignored);
}

}  // namespace

Floorplan place_cached(std::vector<FloorplanBlock> blocks, const std::vector<FloorplanNet> &nets, u64 seed,
                       u32 effort) {
    const fs::path where = folder();
    if (where.empty()) return place(std::move(blocks), nets, seed, effort);
    const std::string input = input_text(blocks, nets, seed, effort);
    const fs::path file = where / (hash_of(input) + ".txt");
    Floorplan kept;
    kept.blocks = blocks;
    if (load(file, input, kept)) return kept;
    const Floorplan made = place(std::move(blocks), nets, seed, effort);
    store(file, input, made);
    return made;
}

}  // namespace sim
