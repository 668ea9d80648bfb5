// SPDX-License-Identifier: BSD-3-Clause
// SCNN's array of PEs: weight FIFOs, multipliers, crossbar, bank queues and accumulators, barriers and halo exchange.
#pragma once
#include <string>
#include "accel/scnn_tiling.hh"
#include "accel/scnn_vectors.hh"

namespace sim {

// What happened in one output-channel group of one pass; cycles of the layer.
struct ScnnGroup {
    u32 pass, group;
    u64 begin, end, drained;   // end: of the barrier
    u64 pairs, bank_stalls;    // PE-cycles
};

// Works through the passes of a layer, group by group. Cycles of a group:
// - The broadcaster sends vectors of weights to all PEs, as far as DRAM delivers them and the slowest PE has room: a
//   vector leaves a PE's FIFO when it has met the last activations of its channel. It runs ahead over groups.
// - A PE takes a vector of activations and a vector of weights a cycle. Their products go to the bank queues in the
//   same cycle; while one of them would exceed its depth, the PE waits. Each bank adds one product a cycle.
// - Barrier: the next group starts when all PEs have emptied their queues and the other half of the accumulators, which
//   drained meanwhile, is free. To drain is to exchange halos, one value a cycle on each link, and to post-process
//   post_width outputs a cycle.
// The multipliers' pipeline is taken to be one cycle long. DRAM loads and stores of a tiled layer overlap computing.
class ScnnArray {
  public:
    struct Counts {
        u64 cycles = 0;
        u64 pairs = 0;                     // multiplier cycles of all PEs
        u64 products = 0;                  // of real entries
        u64 in_plane_products = 0;
        u64 placeholder_slots = 0;
        // PE-cycles without multiplication, by reason; with pairs they make up cycles * PEs.
        u64 bank_stall_cycles = 0, fifo_wait_cycles = 0, weight_wait_cycles = 0, barrier_cycles = 0,
            drain_stall_cycles = 0, dram_stall_cycles = 0, unused_pe_cycles = 0;
        u64 weight_fifo_writes = 0, activation_reads = 0;    // of vectors; FIFO reads are pairs
        u64 accumulator_updates = 0, accumulator_drains = 0; // a bank's read and write; a read
        u64 halo_values = 0, dram_values = 0;                // partial sums sent to neighbours, through DRAM
        u64 merged_products = 0;
        u64 weight_bits = 0;                                 // broadcast or dealt, from DRAM
    };

    ScnnArray(const ScnnMachine &machine, const std::string &bank_hash);

    // `sums` has one exact sum for every output of the layer and is only added to; empty: times only.
    void start_layer(const ScnnShape &shape, const ScnnTiling &tiling, const ScnnVectors &weights, std::span<i64> sums,
                     u32 product_shift);
    // Activations by PE, each with one block a channel. `bytes` is what the pass moves through DRAM besides weights.
    void run_pass(const ScnnPass &pass, std::span<const ScnnVectors> activations, u64 bytes);
    // A fully connected layer: channel c is PE c mod PEs's, weights are dealt, and sums are reduced over the PEs.
    // Weight blocks as in run_pass; `activations` has one block a channel.
    void run_dealt(const ScnnVectors &activations);
    void finish_layer();                   // the last group drains

    const Counts &counts() const { return counts_; }
    const std::vector<ScnnGroup> &groups() const { return groups_; }
    std::span<const u64> busy_cycles() const { return busy_; }   // multiplying, by PE

  private:
    struct Pe {
        u64 time = 0;
        const ScnnVectors *activations = nullptr;
        const ScnnTile *tile = nullptr;
        const u16 *table = nullptr;        // accumulator -> bank * 2 + 1, or bank * 2 where it is not in the plane
        u64 *bank_free = nullptr;          // of a bank: cycle of the last addition in its queue
        i64 *sums = nullptr;
        u32 merge_used = 0, merge_oldest = 0;
    };
    struct Merge {                         // entry of the product-merge buffer
        u32 address;
        i64 sum;
    };

    u32 bank(u32 accumulator) const;
    const u16 *table_of(const ScnnPass &pass, u32 pe);
    void start_pass(const ScnnPass &pass, std::span<const ScnnVectors> activations);
    void start_group();
    void end_group(const ScnnPass &pass, u32 group, u32 filters);
    void run_block(u32 block, u32 channel);
    void arrive(u32 vector, u32 count);
    template <bool kValues> void multiply(u32 index, u32 channel, u32 first_weight, u32 weights);
    template <bool kValues> u64 multiply_pair(Pe &pe, u32 weights, u32 activations, u64 time);
    template <bool kValues> u64 multiply_merging(Pe &pe, u32 weights, u32 activations, u64 time);
    void evict(Pe &pe, const Merge &entry, u64 time, u64 &latest);
    void empty_merge_buffer(Pe &pe);
    void drain(const Pe &pe, u32 group, u32 filters);

    const ScnnMachine machine_;
    const std::string bank_hash_;
    ScnnShape shape_{};
    ScnnTiling tiling_;
    const ScnnVectors *weights_ = nullptr;
    std::span<i64> layer_sums_;
    u32 shift_ = 0;
    i32 half_ = 0;                         // added before the shift

    std::vector<Pe> pes_;
    std::vector<u64> bank_free_;           // PEs * (banks + 1)
    std::vector<i64> sums_;                // PEs * accumulators in use
    std::vector<Merge> merge_;             // PEs * merge_entries
    std::vector<std::vector<u16>> tables_;
    std::vector<u32> table_tiles_;         // a PE with that table's clip

    u64 now_ = 0;                          // end of the last group
    u64 drained_ = 0, last_drained_ = 0;   // end of the last group's drain, and of the one before it
    // Weight FIFO: of vectors broadcast, by number modulo the ring's size, the cycle in which all PEs have freed them.
    std::vector<u64> freed_ring_;
    std::vector<u64> arrival_, freed_;     // of the vectors of the block at hand
    std::vector<u8> late_for_room_;        // arrival was put off by a full FIFO and not by DRAM or broadcaster
    u64 broadcasts_ = 0, last_arrival_ = 0;
    u64 dram_free_ = 0, broadcast_free_ = 0;   // in cycles * kTimeScale
    std::vector<u64> busy_;
    u32 pass_ = 0;
    std::vector<ScnnGroup> groups_;
    Counts counts_;
};

}  // namespace sim
