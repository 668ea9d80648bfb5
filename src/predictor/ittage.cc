// SPDX-License-Identifier: BSD-3-Clause
// Ittage: look-up, target replacement by confidence, allocation.
#include "predictor/ittage.hh"

namespace sim {
COMPONENT(Ittage, "Indirect targets in tagged tables with geometrically longer histories.");

namespace {

constexpr u8 kMostConfidence = 3;
constexpr int kDistrustBits = 4;
constexpr u32 kAgeAfter = 256;   // allocations that failed for want of a useless entry

}   // namespace

Ittage::Ittage(const Params &params) : params_(params) {
    require_range("Ittage", "tables", params.tables, 2, kMostTables);
    require_power_of_two("Ittage", "table_entries", params.table_entries, 1 << 15);
    require_range("Ittage", "table_entries", params.table_entries, 16, 1 << 15);
    require_range("Ittage", "tag_bits", params.tag_bits, 4, 15);
    require_range("Ittage", "most_history", params.most_history, params.tables, 4096);
    require_range("Ittage", "least_history", params.least_history, 1, params.most_history / params.tables);
    const u32 index_bits = u32(std::bit_width(params.table_entries)) - 1;
    history_.add_table(0, index_bits, params.tag_bits);
    for (u32 length : geometric_lengths(params.tables - 1, params.least_history, params.most_history))
        history_.add_table(length, index_bits, params.tag_bits);
    entries_.resize(size_t(params.tables) * params.table_entries);
}

void Ittage::find(Lookup &l) {
    l.provider = l.alternate = -1;
    for (i8 table = i8(params_.tables - 1); table >= 0 && l.alternate < 0; --table) {
        if (entry(table, l).tag != l.tag[size_t(table)]) continue;
        (l.provider < 0 ? l.provider : l.alternate) = table;
    }
}

Address Ittage::predict(Address pc, PredictorState &state) {
    ++stats.lookups;
    Lookup l{};
    l.history = history_.now();
    l.indirect = indirect_ = true;
    history_.place(u32(pc_key(pc)), l.index, l.tag);
    find(l);
    if (l.provider >= 0) {
        l.uses_alternate = l.alternate >= 0 && distrust_new_ >= 0 && entry(l.provider, l).confidence == 0;
        l.target = entry(l.uses_alternate ? l.alternate : l.provider, l).target;
    } else {
        ++stats.unknown;
    }
    store(l, state);
    return l.target;
}

void Ittage::save(PredictorState &state) {
    Lookup l{};
    l.history = history_.now();
    indirect_ = false;
    store(l, state);
}

void Ittage::speculate(Address pc, Address next, bool taken) {
    const u32 place = u32(pc_key(pc) ^ pc_key(pc) >> 5);
    if (!indirect_) return history_.push((std::popcount(place & 0xffu) & 1) != taken, place);
    const u64 way = pc_key(next) * 0x9e3779b97f4a7c15;
    for (u32 bit = 60; bit < 64; ++bit) history_.push(way >> bit & 1, place >> (bit - 60));
}

void Ittage::restore(const PredictorState &state) {
    const Lookup l = load<Lookup>(state);
    history_.restore(l.history);
    indirect_ = l.indirect;
}

void Ittage::learn(Entry &e, Address target) {
    if (e.target == target) {
        e.confidence = u8(e.confidence + (e.confidence < kMostConfidence));
    } else if (e.confidence) {
        --e.confidence;
    } else {
        e.target = target;
        e.useful = false;
    }
}

void Ittage::train(Address, Address target, const PredictorState &state) {
    // Searched again: in-flight instances of one jump must see each other's training.
    Lookup now = load<Lookup>(state);
    find(now);
    const bool was_right = now.target == target;
    if (now.provider >= 0) {
        Entry &provider = entry(now.provider, now);
        const bool provider_right = provider.target == target;
        if (now.alternate >= 0) {
            Entry &alternate = entry(now.alternate, now);
            const bool alternate_right = alternate.target == target;
            if (provider_right != alternate_right) {
                if (provider.confidence == 0) count_signed(distrust_new_, alternate_right, kDistrustBits);
                provider.useful = provider_right;
            }
            if (provider.confidence == 0) learn(alternate, target);
        }
        learn(provider, target);
        if (provider_right) return;   // had it been believed, no other entry would be wanted
    }
    if (!was_right) allocate(target, now);
}

void Ittage::allocate(Address target, const Lookup &now) {
    for (i8 table = i8(now.provider + 1); table < i8(params_.tables); ++table) {
        Entry &e = entry(table, now);
        if (e.useful) continue;
        e = {target, now.tag[size_t(table)], 0, false};
        ++stats.allocations;
        return;
    }
    if (now.provider + 1 >= i8(params_.tables) || ++failed_allocations_ < kAgeAfter) return;
    failed_allocations_ = 0;
    for (Entry &e : entries_) e.useful = false;
}

}   // namespace sim
