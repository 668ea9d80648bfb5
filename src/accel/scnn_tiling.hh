// SPDX-License-Identifier: BSD-3-Clause
// How an SCNN layer is laid out: temporal tiles through DRAM, the planar tile of each PE, output-channel groups.
#pragma once
#include <string_view>
#include <vector>
#include "accel/scnn_layer.hh"

namespace sim {

// Sizes of the machine; the component's parameters by the same names say what they mean.
struct ScnnMachine {
    u32 pe_rows = 8, pe_columns = 8;
    u32 weights_wide = 4, activations_wide = 4;   // F and I: multipliers of a PE are F x I
    u32 banks = 32, bank_entries = 32, bank_queue_entries = 8;
    u32 activation_ram_entries = 4096;
    u32 weight_fifo_vectors = 50, broadcast_vectors = 5;
    u32 group_filters_cap = 8;
    u32 post_width = 4;
    u32 merge_entries = 0;
    u32 dram_bytes_per_cycle = 50;
    bool placeholders_take_slots = true;

    u32 pes() const { return pe_rows * pe_columns; }
    u32 multipliers() const { return weights_wide * activations_wide; }
    u32 accumulators() const { return banks * bank_entries; }
};

struct ScnnTiling {
    u32 down = 1, across = 1;                      // temporal tiles
    u32 pass_height = 1, pass_width = 1;           // input rows and columns of a temporal tile
    u32 tile_height = 1, tile_width = 1;           // of a PE; smaller at the right and the bottom
    u32 accumulator_height = 1, accumulator_width = 1;
    u32 group_filters = 1;                         // Kc

    u32 passes() const { return down * across; }
    u32 accumulator_area() const { return accumulator_height * accumulator_width; }
};

// What one PE does in one pass. Accumulator row l stands for output row first_output_y + l.
struct ScnnTile {
    u32 y = 0, x = 0, height = 0, width = 0;       // of the input; height 0: nothing
    i32 first_output_y = 0, first_output_x = 0;
    u32 clip_top = 0, clip_bottom = 0, clip_left = 0, clip_right = 0;   // accumulator rows, columns within the plane

    bool is_idle() const { return height == 0 || width == 0; }
    bool same_clip(const ScnnTile &o) const {
        return clip_top == o.clip_top && clip_bottom == o.clip_bottom && clip_left == o.clip_left &&
               clip_right == o.clip_right;
    }
};

struct ScnnPass {
    std::vector<ScnnTile> tiles;                   // by PE, rows first
    // Per filter: the most values that a PE sends in one direction, times the hops they take; what leaves to other
    // temporal tiles through DRAM; the most outputs that a PE owns.
    u32 halo_cycles = 0, halo_values = 0, dram_values = 0, owned_outputs = 0;
};

// The tiling of a grid of temporal tiles; group_filters is 0 where not even one filter's accumulators fit.
ScnnTiling tiling_of_grid(const ScnnShape &shape, const ScnnMachine &machine, u32 down, u32 across);
// Grids to try, best first: the whole plane, then those that leave the least of the array idle, then the fewest tiles,
// then the squarest tiles. Those whose outputs (of all `filters`, at a density in 1/1000000) would not fit are left
// out.
std::vector<ScnnTiling> candidate_tilings(const ScnnShape &shape, const ScnnMachine &machine, u32 filters, u32 density);
ScnnPass lay_out(const ScnnShape &shape, const ScnnMachine &machine, const ScnnTiling &tiling, u32 pass);

}  // namespace sim
