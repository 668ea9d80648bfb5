// SPDX-License-Identifier: BSD-3-Clause
// SCNN's hot loop: pairs of vectors through multipliers and crossbar into bank queues and accumulators.
#include <algorithm>
#include "accel/scnn_array.hh"

namespace sim {

// One activation block of a PE with `weights` vectors of weights in its FIFO.
template <bool kValues> void ScnnArray::multiply(u32 index, u32 channel, u32 first_weight, u32 weights) {
    Pe &pe = pes_[index];
    const ScnnVectors &activations = *pe.activations;
    const u32 from = activations.block[channel], to = activations.block[channel + 1];
    u64 time = pe.time, waited = 0, waited_for_room = 0;
    for (u32 a = from; a < to; ++a)
        for (u32 w = 0; w < weights; ++w) {
            if (a == from && arrival_[w] > time) {
                waited += arrival_[w] - time;
                waited_for_room += late_for_room_[w] ? arrival_[w] - time : 0;
                time = arrival_[w];
            }
            time = machine_.merge_entries ? multiply_merging<kValues>(pe, first_weight + w, a, time)
                                          : multiply_pair<kValues>(pe, first_weight + w, a, time);
            if (a + 1 == to) freed_[w] = std::max(freed_[w], time);
        }
    if (from == to)
        for (u32 w = 0; w < weights; ++w) freed_[w] = std::max(freed_[w], time);
    const u64 pairs = u64(to - from) * weights;
    const u64 weight_entries = weights_->first[first_weight + weights] - weights_->first[first_weight];
    const u64 products = weight_entries * activations.entries(channel);
    const u64 weights_stored = weights_->stored[first_weight + weights] - weights_->stored[first_weight];
    counts_.products += products;
    if (machine_.placeholders_take_slots)
        counts_.placeholder_slots += weights_stored * activations.all_stored(channel) - products;
    counts_.activation_reads += weights ? to - from : 0;
    counts_.fifo_wait_cycles += waited_for_room;
    counts_.weight_wait_cycles += waited - waited_for_room;
    counts_.pairs += pairs;
    counts_.bank_stall_cycles += time - pe.time - waited - pairs;
    busy_[index] += pairs;
    pe.time = time;
}
template void ScnnArray::multiply<true>(u32, u32, u32, u32);
template void ScnnArray::multiply<false>(u32, u32, u32, u32);

// Returns the cycle in which the multipliers are free again. A bank's queue at `time` holds bank_free - time products;
// the pair waits until none exceeds its depth. Products outside of the plane go nowhere.
template <bool kValues>
inline u64 ScnnArray::multiply_pair(Pe &pe, u32 weight_vector, u32 activation_vector, u64 time) {
    const ScnnVectors &acts = *pe.activations, &weights = *weights_;
    const u32 w_from = weights.first[weight_vector], w_to = weights.first[weight_vector + 1];
    const u32 a_to = acts.first[activation_vector + 1];
    const u16 *table = pe.table;
    u64 *bank_free = pe.bank_free;
    u64 latest = time;
    u32 in_plane = 0;
    for (u32 a = acts.first[activation_vector]; a < a_to; ++a) {
        const u32 base = acts.address[a];
        const i32 activation = acts.value[a];
        for (u32 w = w_from; w < w_to; ++w) {
            const u32 address = base + weights.address[w];
            if constexpr (kValues) pe.sums[address] += (i32(weights.value[w]) * activation + half_) >> shift_;
            const u32 entry = table[address], enters = entry & 1;
            u64 &free = bank_free[entry >> 1];
            free = std::max(free, time) + enters;
            latest = std::max(latest, free);
            in_plane += enters;
        }
    }
    counts_.in_plane_products += in_plane;
    counts_.accumulator_updates += in_plane;
    const u64 limit = time + machine_.bank_queue_entries;
    return (latest > limit ? time + (latest - limit) : time) + 1;
}

void ScnnArray::evict(Pe &pe, const Merge &entry, u64 time, u64 &latest) {
    pe.sums[entry.address] += entry.sum;
    u64 &free = pe.bank_free[pe.table[entry.address] >> 1];
    free = std::max(free, time) + 1;
    latest = std::max(latest, free);
    ++counts_.accumulator_updates;
}

// With the product-merge buffer: a product is added to a waiting sum for the same accumulator, or takes the place of
// the oldest one, which goes to its bank.
template <bool kValues>
u64 ScnnArray::multiply_merging(Pe &pe, u32 weight_vector, u32 activation_vector, u64 time) {
    const ScnnVectors &acts = *pe.activations, &weights = *weights_;
    Merge *buffer = &merge_[u64(&pe - pes_.data()) * machine_.merge_entries];
    u64 latest = time;
    for (u32 a = acts.first[activation_vector]; a < acts.first[activation_vector + 1]; ++a)
        for (u32 w = weights.first[weight_vector]; w < weights.first[weight_vector + 1]; ++w) {
            const u32 address = acts.address[a] + weights.address[w];
            if (!(pe.table[address] & 1)) continue;
            ++counts_.in_plane_products;
            const i64 product =
                kValues ? i64((i32(weights.value[w]) * i32(acts.value[a]) + half_) >> shift_) : 0;
            u32 at = 0;
            while (at < pe.merge_used && buffer[at].address != address) ++at;
            if (at < pe.merge_used) {
                buffer[at].sum += product;
                ++counts_.merged_products;
            } else if (pe.merge_used < machine_.merge_entries) {
                buffer[pe.merge_used++] = {address, product};
            } else {
                evict(pe, buffer[pe.merge_oldest], time, latest);
                buffer[pe.merge_oldest] = {address, product};
                if (++pe.merge_oldest == machine_.merge_entries) pe.merge_oldest = 0;
            }
        }
    const u64 limit = time + machine_.bank_queue_entries;
    return (latest > limit ? time + (latest - limit) : time) + 1;
}

void ScnnArray::empty_merge_buffer(Pe &pe) {
    const Merge *buffer = &merge_[u64(&pe - pes_.data()) * machine_.merge_entries];
    u64 latest = pe.time;
    for (u32 i = 0; i < pe.merge_used; ++i) evict(pe, buffer[i], pe.time, latest);
    pe.merge_used = pe.merge_oldest = 0;
}

}  // namespace sim
