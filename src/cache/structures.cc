// SPDX-License-Identifier: BSD-3-Clause
// The circuits of a cache. A first-level cache reads tags and all ways side by side and delivers 64 bits; those
// behind it read tags first and deliver lines, as the published ones do.
#include <algorithm>
#include <bit>
#include "cache/cache.hh"
#include "energy/structures.hh"

namespace sim {
namespace {

constexpr u32 kWordBits = 64, kLineBits = 8 * kLineBytes;

// 1 for what a core sees, one more for every `next` on the way there.
u32 level_of(const std::string &path) {
    constexpr std::string_view kNext = ".next";
    u32 level = 1;
    for (auto at = path.find(kNext); at != path.npos; at = path.find(kNext, at + 1)) ++level;
    return level;
}

}  // namespace

// Large caches are accessed seldom and leak all the time: last levels are built of low-leakage cells (Chang, Rosenfeld,
// Lu and Jacob, "Technology comparison for large last-level caches", HPCA 2013, take that for granted).
bool Cache::has_low_standby_cells() const {
    constexpr u64 kLargeBytes = 1_MiB;
    const bool is_fully_associative = params_.size == u64(params_.ways) * kLineBytes;
    if (!params_.cells.empty()) return params_.cells == "low_standby";
    return params_.size >= kLargeBytes && !is_fully_associative;
}

void Cache::list_structures(StructureList &list) const {
    const Params &p = params_;
    const u32 level = level_of(path);
    const bool is_first = level == 1, is_slow = has_low_standby_cells();
    const Stage stage = path.ends_with("l1i") ? Stage::Fetch : Stage::Memory;
    if (p.layout) {   // which lists the arrays; a line's logical way is part of its tag
        const u32 sets = u32(p.size / kLineBytes / p.ways), more = p.swap ? u32(std::bit_width(p.ways - 1)) : 0;
        list.push_back({.name = "tags", .stage = stage,
                        .geometry = TagGeometry{sets, p.ways, TagGeometry{}.bits + more},
                        .actions = {{Verb::Search, "tag_reads"}, {Verb::Write, "tag_writes"}}, .is_cache = true});
        return;
    }
    // What a core squashed of fetches and of loads; an instruction cache that serves both has loads as well.
    const bool fetches = path.ends_with("l1i"), loads = !fetches || stats.reads;
    if (is_first)
        list.push_back({.name = "array", .stage = stage,
                        .geometry = CacheGeometry{p.size, p.ways, kLineBytes, kWordBits, 1, false, is_slow},
                        .actions = {{Verb::Read, "reads", loads ? "../squashed_cache_reads" : ""},
                                    {Verb::Read, "fetches", fetches ? "../squashed_line_reads" : ""},
                                    {Verb::Write, "writes"},
                                    {Verb::Search, "prefetch_requests"}},
                        .published = "l1", .is_cache = true});
    // Whole lines come and go through the same array: no area of its own. The papers charge no fills.
    list.push_back({.name = is_first ? "array_lines" : "array", .stage = stage,
                    .geometry = CacheGeometry{p.size, p.ways, kLineBytes, kLineBits, 1, !is_first, is_slow},
                    .actions = {{Verb::Write, "tag_writes"}, {Verb::Read, "writebacks"}},
                    .published = level == 2 ? "l2" : level == 3 ? "l3" : "",
                    .copies = is_first ? 0u : 1u, .is_cache = true});
    if (is_first) return;
    auto &actions = list.back().actions;
    actions.insert(actions.begin(), {{Verb::Read, "hits"},
                                     {Verb::Search, "misses"},
                                     {Verb::Search, "prefetch_requests"},
                                     {Verb::Search, "writeback_requests"}});
}

}  // namespace sim
