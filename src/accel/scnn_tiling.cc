// SPDX-License-Identifier: BSD-3-Clause
// Layout of SCNN layers on the array: tiles, Kc, and what crosses tile borders.
#include "accel/scnn_tiling.hh"
#include <algorithm>
#include <array>
#include <cstdlib>
#include <tuple>

namespace sim {

ScnnTiling tiling_of_grid(const ScnnShape &shape, const ScnnMachine &machine, u32 down, u32 across) {
    ScnnTiling t;
    t.down = down;
    t.across = across;
    t.pass_height = ceil_div(shape.height, down);
    t.pass_width = ceil_div(shape.width, across);
    t.tile_height = ceil_div(t.pass_height, machine.pe_rows);
    t.tile_width = ceil_div(t.pass_width, machine.pe_columns);
    t.accumulator_height = t.tile_height + shape.kernel_height - 1;
    t.accumulator_width = t.tile_width + shape.kernel_width - 1;
    // The one rule for Kc: the largest up to the cap whose dense accumulator tile fits.
    t.group_filters =
        std::min({machine.accumulators() / t.accumulator_area(), machine.group_filters_cap, shape.filters});
    return t;
}

namespace {

u64 padded_area(const ScnnTiling &t) { return u64(t.passes()) * t.tile_height * t.tile_width; }

bool outputs_fit(const ScnnShape &shape, const ScnnMachine &machine, const ScnnTiling &t, u32 filters, u32 density) {
    const u64 rows = ceil_div(ceil_div(shape.output_height, t.down), machine.pe_rows);
    const u64 columns = ceil_div(ceil_div(shape.output_width, t.across), machine.pe_columns);
    return rows * columns * filters * density <= u64(machine.activation_ram_entries) * 1000000;
}

}  // namespace

std::vector<ScnnTiling> candidate_tilings(const ScnnShape &shape, const ScnnMachine &machine, u32 filters,
                                          u32 density) {
    std::vector<ScnnTiling> found;
    for (u32 down = 1; down <= shape.height; ++down)
        for (u32 across = 1; across <= shape.width; ++across) {
            const ScnnTiling t = tiling_of_grid(shape, machine, down, across);
            // Smaller grids may have the same pass sizes: the rest of the plane would be empty.
            const bool is_smallest = ceil_div(shape.height, t.pass_height) == down &&
                                     ceil_div(shape.width, t.pass_width) == across;
            if (is_smallest && t.group_filters > 0 && outputs_fit(shape, machine, t, filters, density))
                found.push_back(t);
        }
    const auto key = [](const ScnnTiling &t) {
        const bool is_tiled = t.passes() > 1;
        const u32 skew = u32(std::abs(i32(t.tile_height) - i32(t.tile_width)));
        return std::tuple(is_tiled, padded_area(t), t.passes(), skew, t.down);
    };
    std::sort(found.begin(), found.end(), [&](const auto &a, const auto &b) { return key(a) < key(b); });
    return found;
}

namespace {

// Who owns output positions along one dimension: temporal tiles of `pass` positions, PEs of `tile` positions within.
struct Owners {
    i32 pass, tile;
    Owners(u32 outputs, u32 passes, u32 pes)
        : pass(i32(ceil_div(outputs, passes))), tile(i32(ceil_div(u32(pass), pes))) {}
};

// A stretch of accumulator positions with one owner, along one dimension.
struct Stretch {
    i32 pass_distance, pe_distance;
    u32 length;
};

// Splits output positions [from, to) by owner, as seen from PE `pe` in temporal tile `pass`.
std::vector<Stretch> stretches(const Owners &owners, i32 from, i32 to, u32 pass, u32 pe) {
    std::vector<Stretch> found;
    for (i32 at = from; at < to;) {
        const i32 owner_pass = at / owners.pass, within = at % owners.pass, owner_pe = within / owners.tile;
        const i32 end = std::min({to, at - within + owners.pass, at - within + (owner_pe + 1) * owners.tile});
        found.push_back({owner_pass - i32(pass), owner_pe - i32(pe), u32(end - at)});
        at = end;
    }
    return found;
}

u32 direction(i32 dy, i32 dx) { return u32((dy > 0) - (dy < 0) + 1) * 3 + u32((dx > 0) - (dx < 0) + 1); }

// Adds what one PE sends per filter.
void add_border(ScnnPass &pass, const std::vector<Stretch> &rows, const std::vector<Stretch> &columns) {
    std::array<u32, 9> link_cycles{};
    u32 owned = 0;
    for (const Stretch &row : rows)
        for (const Stretch &column : columns) {
            const u32 values = row.length * column.length;
            if (row.pass_distance || column.pass_distance) {
                pass.dram_values += values;
                continue;
            }
            const u32 hops = u32(std::max(std::abs(row.pe_distance), std::abs(column.pe_distance)));
            if (hops == 0) {
                owned += values;
                continue;
            }
            pass.halo_values += values;
            link_cycles[direction(row.pe_distance, column.pe_distance)] += values * hops;
        }
    pass.halo_cycles = std::max(pass.halo_cycles, *std::max_element(link_cycles.begin(), link_cycles.end()));
    pass.owned_outputs = std::max(pass.owned_outputs, owned);
}

// Position and clip of one PE's tile along one dimension.
struct Span {
    u32 first = 0, length = 0;
    i32 first_output = 0;
    u32 clip_from = 0, clip_to = 0;
};
Span span_of(u32 pass, u32 pass_length, u32 pe, u32 tile, u32 size, u32 kernel, u32 pad, u32 outputs) {
    Span s;
    s.first = pass * pass_length + pe * tile;
    const u32 end = std::min({s.first + tile, (pass + 1) * pass_length, size});
    if (s.first >= end) return s;
    s.length = end - s.first;
    s.first_output = i32(s.first) + i32(pad) - i32(kernel - 1);
    const i32 positions = i32(s.length + kernel - 1);
    s.clip_from = u32(std::clamp(-s.first_output, 0, positions));
    s.clip_to = u32(std::clamp(i32(outputs) - s.first_output, i32(s.clip_from), positions));
    return s;
}

}  // namespace

ScnnPass lay_out(const ScnnShape &shape, const ScnnMachine &machine, const ScnnTiling &tiling, u32 pass) {
    ScnnPass laid;
    const u32 pass_y = pass / tiling.across, pass_x = pass % tiling.across;
    const Owners rows(shape.output_height, tiling.down, machine.pe_rows);
    const Owners columns(shape.output_width, tiling.across, machine.pe_columns);
    for (u32 i = 0; i < machine.pe_rows; ++i)
        for (u32 j = 0; j < machine.pe_columns; ++j) {
            const Span y = span_of(pass_y, tiling.pass_height, i, tiling.tile_height, shape.height,
                                   shape.kernel_height, shape.pad_top, shape.output_height);
            const Span x = span_of(pass_x, tiling.pass_width, j, tiling.tile_width, shape.width, shape.kernel_width,
                                   shape.pad_left, shape.output_width);
            laid.tiles.push_back({y.first, x.first, y.length, x.length, y.first_output, x.first_output, y.clip_from,
                                  y.clip_to, x.clip_from, x.clip_to});
            if (laid.tiles.back().is_idle()) continue;
            add_border(laid,
                       stretches(rows, y.first_output + i32(y.clip_from), y.first_output + i32(y.clip_to), pass_y, i),
                       stretches(columns, x.first_output + i32(x.clip_from), x.first_output + i32(x.clip_to), pass_x,
                                 j));
        }
    return laid;
}

}  // namespace sim
