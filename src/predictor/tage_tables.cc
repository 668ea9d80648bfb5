// SPDX-License-Identifier: BSD-3-Clause
// TAGE: look-up with alternate, and training, allocation and ageing at commit.
#include "predictor/tage_tables.hh"

namespace sim {

namespace {

constexpr int kCounterBits = 3;
constexpr u32 kUsefulBits = 2;
constexpr u8 kUsefulTop = (1 << kUsefulBits) - 1;
constexpr int kDistrustBits = 4;
constexpr u16 kNoTag = 0xffff;   // wider than any tag: matches none
constexpr u32 kAgeAfter = 1024;   // allocations that failed for want of a useless entry

}   // namespace

TageTables::TageTables(const Shape &shape)
    : tables_(shape.tables),
      table_entries_(shape.table_entries),
      least_tag_bits_(shape.least_tag_bits),
      most_tag_bits_(shape.most_tag_bits) {
    require_range("Tage", "tables", shape.tables, 2, kMostTables);
    require_power_of_two("Tage", "table_entries", shape.table_entries, 1 << 15);
    require_range("Tage", "table_entries", shape.table_entries, 16, 1 << 15);
    require_power_of_two("Tage", "base_entries", shape.base_entries, 1 << 24);
    require_range("Tage", "most_tag_bits", shape.most_tag_bits, 4, 15);
    require_range("Tage", "least_tag_bits", shape.least_tag_bits, 4, shape.most_tag_bits);
    require_range("Tage", "most_history", shape.most_history, shape.tables, 4096);
    require_range("Tage", "least_history", shape.least_history, 1, shape.most_history / shape.tables);
    const auto lengths = geometric_lengths(tables_, shape.least_history, shape.most_history);
    for (u32 t = 0; t < tables_; ++t)
        history_.add_table(lengths[t], u32(std::bit_width(table_entries_)) - 1, tag_bits(t));
    tags_.assign(size_t(tables_) * table_entries_, kNoTag);
    counter_.assign(tags_.size(), 0);
    useful_.assign(tags_.size(), 0);
    base_.assign(shape.base_entries, 1);
}

u64 TageTables::storage_bits() const {
    u64 bits = base_.size() * 2;
    for (u32 t = 0; t < tables_; ++t)
        bits += u64{table_entries_} * (tag_bits(t) + kCounterBits + kUsefulBits);
    return bits + history_bits() + kDistrustBits + 10 + 16;
}

TageTables::Answer TageTables::search(Address pc, const Lookup &l) const {
    u32 matches = 0;
    for (u32 t = 0; t < tables_; ++t) matches |= u32(tags_[slot(t, l)] == l.tag[t]) << t;
    Answer a;
    a.provider = i8(31 - std::countl_zero(matches));
    a.alternate = -1;
    a.provider_taken = a.alternate_taken = base_taken(pc);
    if (a.provider < 0) return a;
    const u32 shorter = matches ^ 1u << a.provider;
    a.provider_taken = counter_[slot(u32(a.provider), l)] >= 0;
    if (!shorter) return a;
    a.alternate = i8(31 - std::countl_zero(shorter));
    a.alternate_taken = counter_[slot(u32(a.alternate), l)] >= 0;
    return a;
}

TageTables::Lookup TageTables::predict(Address pc) {
    Lookup l;
    l.history = history_.now();
    l.conditional = conditional_ = true;
    history_.place(u32(pc_key(pc)), l.index, l.tag);
    l.answer = search(pc, l);
    l.taken = l.answer.provider_taken;
    if (l.answer.provider >= 0) {
        const size_t entry = slot(u32(l.answer.provider), l);
        if (distrust_new_ >= 0 && is_new(entry)) l.taken = l.answer.alternate_taken;
        const int strength = std::abs(2 * counter_[entry] + 1);
        l.confidence = strength == 7   ? Confidence::High
                       : strength >= 3 ? Confidence::Medium
                                       : Confidence::Low;
    } else {
        const u8 counter = base(pc);
        l.confidence = counter == 0 || counter == 3 ? Confidence::High : Confidence::Low;
    }
    return l;
}

TageTables::Lookup TageTables::save() {
    Lookup l{};
    l.history = history_.now();
    conditional_ = false;
    return l;
}

// A conditional branch is one bit. Another transfer is two bits of where it stands and goes, because which
// target an indirect jump or a return took tells as much as a direction does.
void TageTables::speculate(Address pc, Address next, bool taken) {
    const u32 place = u32(pc_key(pc) ^ pc_key(pc) >> 5);
    if (conditional_) return history_.push(taken, place);
    const u64 way = (pc_key(pc) ^ pc_key(next) * 3) * 0x9e3779b97f4a7c15;
    history_.push(way >> 63, place);
    history_.push(way >> 62 & 1, place >> 1);
}

void TageTables::restore(const Lookup &l) {
    history_.restore(l.history);
    conditional_ = l.conditional;
}

u32 TageTables::train(Address pc, bool taken, const Lookup &then) {
    // The tables are searched again: in-flight instances of one branch must see each other's training.
    const Answer now = search(pc, then);
    bool allocates = then.taken != taken && now.provider < i8(tables_ - 1);
    if (now.provider >= 0 && is_new(slot(u32(now.provider), then))) {
        // The new entry was right: had it been believed, no other would be wanted.
        if (now.provider_taken == taken) allocates = false;
        if (now.provider_taken != now.alternate_taken)
            count_signed(distrust_new_, now.alternate_taken == taken, kDistrustBits);
    }
    const u32 allocated = allocates ? allocate(taken, then, now.provider) : 0;
    train_provider(pc, taken, then, now);
    return allocated;
}

void TageTables::train_provider(Address pc, bool taken, const Lookup &then, const Answer &now) {
    if (now.provider < 0) return count(base(pc), taken);
    const size_t entry = slot(u32(now.provider), then);
    if (now.provider_taken != now.alternate_taken)
        count(useful_[entry], now.provider_taken == taken, kUsefulTop);
    // While the provider is not established, whoever it might be replaced by learns as well.
    if (useful_[entry] == 0) {
        if (now.alternate >= 0) count_signed(counter_[slot(u32(now.alternate), then)], taken, kCounterBits);
        else count(base(pc), taken);
    }
    count_signed(counter_[entry], taken, kCounterBits);
}

// Takes up to two useless entries with longer histories than the provider's, not in neighbouring tables.
u32 TageTables::allocate(bool taken, const Lookup &then, i8 provider) {
    u32 allocated = 0, failed = 0;
    u32 table = u32(provider + 1);
    if (table + 1 < tables_ && random() % 4 == 0)
        ++table;   // spreads branches that would fight for one table
    for (; table < tables_ && allocated < 2; ++table) {
        const size_t entry = slot(table, then);
        if (useful_[entry]) {
            ++failed;
            continue;
        }
        tags_[entry] = then.tag[table];
        counter_[entry] = taken ? 0 : -1;
        ++allocated;
        ++table;
    }
    failed_allocations_ += failed;
    failed_allocations_ -= failed_allocations_ < allocated ? failed_allocations_ : allocated;
    if (failed_allocations_ >= kAgeAfter) age();
    return allocated;
}

void TageTables::age() {
    for (u8 &useful : useful_) useful >>= 1;
    failed_allocations_ = 0;
}

u32 TageTables::random() {
    random_ ^= random_ << 13;
    random_ ^= random_ >> 17;
    random_ ^= random_ << 5;
    return random_;
}

}   // namespace sim
