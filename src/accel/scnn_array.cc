// SPDX-License-Identifier: BSD-3-Clause
// SCNN's array: groups, broadcast of weights, barriers, and what happens at a group's end.
#include "accel/scnn_array.hh"
#include <algorithm>
#include <bit>
#include "sim/errors.hh"

namespace sim {

namespace {
constexpr u64 kTimeScale = 1 << 10;   // fixed point of the times at which DRAM and broadcaster are free
constexpr u32 kEntryBits = 20;        // 16-bit value and 4-bit run

constexpr u64 ceil_div64(u64 a, u64 b) { return (a + b - 1) / b; }
}  // namespace

ScnnArray::ScnnArray(const ScnnMachine &machine, const std::string &bank_hash)
    : machine_(machine), bank_hash_(bank_hash), pes_(machine.pes()),
      bank_free_(u64(machine.pes()) * (machine.banks + 1)), merge_(u64(machine.pes()) * machine.merge_entries),
      freed_ring_(std::bit_ceil(2 * machine.weight_fifo_vectors)), arrival_(machine.weight_fifo_vectors),
      freed_(machine.weight_fifo_vectors), late_for_room_(machine.weight_fifo_vectors), busy_(machine.pes()) {}

void ScnnArray::start_layer(const ScnnShape &shape, const ScnnTiling &tiling, const ScnnVectors &weights,
                            std::span<i64> sums, u32 product_shift) {
    shape_ = shape;
    tiling_ = tiling;
    weights_ = &weights;
    layer_sums_ = sums;
    shift_ = product_shift;
    half_ = product_shift ? 1 << (product_shift - 1) : 0;
    counts_ = {};
    groups_.clear();
    pass_ = 0;
    std::fill(busy_.begin(), busy_.end(), 0);
    std::fill(bank_free_.begin(), bank_free_.end(), 0);
    now_ = drained_ = last_drained_ = 0;
    broadcasts_ = last_arrival_ = dram_free_ = broadcast_free_ = 0;
    sums_.assign(u64(machine_.pes()) * tiling.group_filters * tiling.accumulator_area(), 0);
}

// Which bank holds an accumulator of the tile. Row and column are those of the tile, the filter that of the group.
u32 ScnnArray::bank(u32 accumulator) const {
    const u32 area = tiling_.accumulator_area();
    const u32 k = accumulator / area, y = accumulator % area / tiling_.accumulator_width;
    const u32 x = accumulator % tiling_.accumulator_width;
    if (bank_hash_ == "xor")   // neighbours in k, y and x differ; for 32 banks as DNNsim has it (facts, section 2.6)
        return (((((k & 4) << 2) ^ ((x & 2) << 3) ^ ((y & 2) << 3)) + ((x & 1) << 3) + ((y & 1) << 2) + (k & 3))) %
               machine_.banks;
    if (bank_hash_ == "prime") return (k * 373 * 373 + y * 373 + x) % machine_.banks;
    return accumulator % machine_.banks;
}

const u16 *ScnnArray::table_of(const ScnnPass &pass, u32 pe) {
    const ScnnTile &tile = pass.tiles[pe];
    for (u32 i = 0; i < tables_.size(); ++i)
        if (pass.tiles[table_tiles_[i]].same_clip(tile)) return tables_[i].data();
    const u32 area = tiling_.accumulator_area();
    std::vector<u16> table(u64(tiling_.group_filters) * area);
    for (u32 a = 0; a < table.size(); ++a) {
        const u32 y = a % area / tiling_.accumulator_width, x = a % tiling_.accumulator_width;
        const bool is_in_plane =
            y >= tile.clip_top && y < tile.clip_bottom && x >= tile.clip_left && x < tile.clip_right;
        table[a] = u16(is_in_plane ? bank(a) * 2 + 1 : machine_.banks * 2);
    }
    tables_.push_back(std::move(table));
    table_tiles_.push_back(pe);
    return tables_.back().data();
}

void ScnnArray::start_pass(const ScnnPass &pass, std::span<const ScnnVectors> activations) {
    tables_.clear();
    table_tiles_.clear();
    tables_.reserve(pass.tiles.size());
    const u64 sums_each = u64(tiling_.group_filters) * tiling_.accumulator_area();
    for (u32 p = 0; p < pes_.size(); ++p) {
        Pe &pe = pes_[p];
        pe.tile = &pass.tiles[p];
        pe.activations = pe.tile->is_idle() ? nullptr : &activations[p];
        pe.table = pe.activations ? table_of(pass, p) : nullptr;
        pe.bank_free = &bank_free_[u64(p) * (machine_.banks + 1)];
        pe.sums = &sums_[p * sums_each];
    }
}

void ScnnArray::start_group() {
    const u64 start = std::max(now_, last_drained_);
    counts_.drain_stall_cycles += (start - now_) * pes_.size();
    now_ = start;
    for (Pe &pe : pes_) pe.time = start;
    groups_.push_back({pass_, 0, start, 0, 0, counts_.pairs, counts_.bank_stall_cycles});
}

// Times at which `count` vectors of weights from `vector` on are in all FIFOs.
void ScnnArray::arrive(u32 vector, u32 count) {
    const u64 mask = freed_ring_.size() - 1, depth = machine_.weight_fifo_vectors;
    for (u32 i = 0; i < count; ++i, ++broadcasts_) {
        const u64 room = broadcasts_ < depth ? 0 : freed_ring_[(broadcasts_ - depth) & mask];
        broadcast_free_ = std::max(broadcast_free_, room * kTimeScale) + kTimeScale / machine_.broadcast_vectors;
        u64 at = std::max(last_arrival_, (broadcast_free_ + kTimeScale - 1) / kTimeScale);
        const u64 bits = u64(weights_->stored[vector + i + 1] - weights_->stored[vector + i]) * kEntryBits;
        counts_.weight_bits += bits;
        if (machine_.dram_bytes_per_cycle) {
            dram_free_ = std::max(dram_free_, room * kTimeScale) +
                         bits * kTimeScale / (8 * u64(machine_.dram_bytes_per_cycle));
            at = std::max(at, (dram_free_ + kTimeScale - 1) / kTimeScale);
        }
        late_for_room_[i] = at <= room + 1;
        arrival_[i] = last_arrival_ = at;
        freed_[i] = at;
    }
    for (const Pe &pe : pes_) counts_.weight_fifo_writes += pe.activations ? count : 0;
}

// A block larger than the FIFO goes through in parts, each with all activations.
void ScnnArray::run_block(u32 block, u32 channel) {
    const u64 mask = freed_ring_.size() - 1;
    const u32 end = weights_->block[block + 1];
    for (u32 vector = weights_->block[block]; vector < end; vector += machine_.weight_fifo_vectors) {
        const u32 count = std::min(end - vector, machine_.weight_fifo_vectors);
        arrive(vector, count);
        for (u32 p = 0; p < pes_.size(); ++p) {
            if (!pes_[p].activations) continue;
            if (layer_sums_.empty()) multiply<false>(p, channel, vector, count);
            else multiply<true>(p, channel, vector, count);
        }
        for (u32 i = 0; i < count; ++i) freed_ring_[(broadcasts_ - count + i) & mask] = freed_[i];
    }
}

void ScnnArray::run_pass(const ScnnPass &pass, std::span<const ScnnVectors> activations, u64 bytes) {
    start_pass(pass, activations);
    const u64 pass_start = now_, weight_bits = counts_.weight_bits;
    const u32 groups = ceil_div(shape_.filters, tiling_.group_filters);
    for (u32 group = 0; group < groups; ++group) {
        const u32 filters = std::min(tiling_.group_filters, shape_.filters - group * tiling_.group_filters);
        start_group();
        for (u32 c = 0; c < shape_.channels; ++c) run_block(group * shape_.channels + c, c);
        end_group(pass, group, filters);
    }
    ++pass_;
    if (!machine_.dram_bytes_per_cycle) return;
    const u64 all_bytes = bytes + (counts_.weight_bits - weight_bits) / 8;
    const u64 needed = ceil_div64(all_bytes, machine_.dram_bytes_per_cycle);
    if (needed > now_ - pass_start) {
        counts_.dram_stall_cycles += (needed - (now_ - pass_start)) * pes_.size();
        now_ = pass_start + needed;
    }
}

void ScnnArray::end_group(const ScnnPass &pass, u32 group, u32 filters) {
    u64 barrier = now_;
    for (Pe &pe : pes_) {
        if (!pe.activations) continue;
        if (machine_.merge_entries) empty_merge_buffer(pe);
        const u64 idle = *std::max_element(pe.bank_free, pe.bank_free + machine_.banks);
        if (idle > pe.time) {
            counts_.bank_stall_cycles += idle - pe.time;
            pe.time = idle;
        }
        barrier = std::max(barrier, pe.time);
    }
    for (const Pe &pe : pes_) {
        (pe.activations ? counts_.barrier_cycles : counts_.unused_pe_cycles) += barrier - pe.time;
        if (pe.activations) drain(pe, group, filters);
    }
    counts_.halo_values += u64(pass.halo_values) * filters;
    counts_.dram_values += u64(pass.dram_values) * filters;
    const u64 cycles =
        u64(pass.halo_cycles) * filters + ceil_div(pass.owned_outputs * filters, machine_.post_width);
    now_ = barrier;
    last_drained_ = drained_;
    drained_ = std::max(barrier, drained_) + cycles;
    counts_.cycles = now_;
    ScnnGroup &done = groups_.back();
    done = {pass_, group, done.begin, now_, drained_, counts_.pairs - done.pairs,
            counts_.bank_stall_cycles - done.bank_stalls};
}

void ScnnArray::finish_layer() {
    counts_.drain_stall_cycles += (std::max(drained_, now_) - now_) * pes_.size();
    counts_.cycles = std::max(drained_, now_);
}

// Adds a PE's accumulators to the layer's sums and clears them.
void ScnnArray::drain(const Pe &pe, u32 group, u32 filters) {
    const ScnnTile &tile = *pe.tile;
    const u32 width = tile.clip_right - tile.clip_left, height = tile.clip_bottom - tile.clip_top;
    counts_.accumulator_drains += u64(width) * height * filters;
    if (layer_sums_.empty()) return;
    for (u32 k = 0; k < filters; ++k) {
        i64 *from = pe.sums + u64(k) * tiling_.accumulator_area();
        const u64 plane = u64(group * tiling_.group_filters + k) * shape_.output_height;
        for (u32 l = tile.clip_top; l < tile.clip_bottom; ++l) {
            const u64 y = u64(tile.first_output_y + i32(l));
            const u64 x = u64(tile.first_output_x + i32(tile.clip_left));
            i64 *to = &layer_sums_[(plane + y) * shape_.output_width + x];
            const i64 *row = from + l * tiling_.accumulator_width + tile.clip_left;
            for (u32 i = 0; i < width; ++i) to[i] += row[i];
        }
        std::fill(from, from + tiling_.accumulator_area(), 0);
    }
}

// Each PE works through its own channels; its FIFO is fed apart. The sums of a group are reduced in a tree of links
// between PEs, one value a cycle on each.
void ScnnArray::run_dealt(const ScnnVectors &activations) {
    const ScnnTile tile{0, 0, 1, 1, 0, 0, 0, 1, 0, 1};
    const ScnnPass pass{std::vector<ScnnTile>(pes_.size(), tile), u32(std::bit_width(machine_.pes() - 1)),
                        machine_.pes() - 1, 0, 1};
    const std::vector<ScnnVectors> none(pes_.size());
    start_pass(pass, none);
    for (u32 p = 0; p < pes_.size(); ++p) pes_[p].activations = &activations;
    const u32 groups = ceil_div(shape_.filters, tiling_.group_filters);
    for (u32 group = 0; group < groups; ++group) {
        start_group();
        for (u32 c = 0; c < shape_.channels; ++c) {
            const u32 p = c % machine_.pes(), block = group * shape_.channels + c, depth = machine_.weight_fifo_vectors;
            for (u32 v = weights_->block[block]; v < weights_->block[block + 1]; v += depth) {
                const u32 count = std::min(weights_->block[block + 1] - v, depth);
                std::fill_n(arrival_.begin(), count, 0);
                counts_.weight_fifo_writes += count;
                counts_.weight_bits += u64(weights_->stored[v + count] - weights_->stored[v]) * kEntryBits;
                if (layer_sums_.empty()) multiply<false>(p, c, v, count);
                else multiply<true>(p, c, v, count);
            }
        }
        end_group(pass, group, std::min(tiling_.group_filters, shape_.filters - group * tiling_.group_filters));
    }
    if (!machine_.dram_bytes_per_cycle) return;
    const u64 needed = ceil_div64(counts_.weight_bits / 8, machine_.dram_bytes_per_cycle);
    if (needed > now_) counts_.dram_stall_cycles += (needed - now_) * pes_.size();
    now_ = std::max(now_, needed);
}

}  // namespace sim
