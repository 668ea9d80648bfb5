// SPDX-License-Identifier: BSD-3-Clause
// StatisticalCorrector: the vote, its weighing against TAGE, and training at commit.
#include "predictor/statistical_corrector.hh"
#include <cstdlib>

namespace sim {

namespace {

constexpr int kCounterBits = 6, kSlowBits = 7;
constexpr u32 kGlobalLengths[] = {3, 6, 10, 16, 25, 40}, kLocalLengths[] = {5, 10, 16};
constexpr u32 kMostIterations = 1023;
constexpr i32 kBiasWeight = 2, kLeastThreshold = 12, kMostThreshold = 255;

constexpr u64 low_bits(u64 value, u32 count) { return value & ((u64{1} << count) - 1); }

}   // namespace

StatisticalCorrector::StatisticalCorrector(u32 table_entries, u32 local_entries)
    : table_entries_(table_entries), local_entries_(local_entries), local_(local_entries) {
    require_power_of_two("TageScl", "corrector_entries", table_entries, 1 << 16);
    require_range("TageScl", "corrector_entries", table_entries, 8, 1 << 16);
    require_power_of_two("TageScl", "local_entries", local_entries, 1 << 16);
    counters_.assign(size_t(kTables) * table_entries, 0);
    // At first the vote is TAGE's: bit 0 of a bias slot is TAGE's answer.
    for (u32 i = 0; i < kBias * table_entries; ++i) counters_[i] = i & 1 ? 8 : -9;
}

u64 StatisticalCorrector::storage_bits() const {
    return counters_.size() * kCounterBits + u64{local_entries_} * 16 + 32 + 10 + 8 + 3 * kSlowBits;
}

u32 StatisticalCorrector::local_slot(Address pc) const {
    return u32(pc_key(pc) ^ pc_key(pc) >> 6) & (local_entries_ - 1);
}

StatisticalCorrector::Slots StatisticalCorrector::slots(Address pc, const TageTables::Lookup &tage,
                                                        const Lookup &l) const {
    const u32 last = table_entries_ - 1;
    const u64 key = pc_key(pc);
    Slots slots;
    u32 t = 0;
    const auto add = [&](u64 index) {
        slots[t] = t * table_entries_ + (u32(index) & last);
        ++t;
    };
    add(key << 1 | tage.taken);
    add((key << 3) ^ (key >> 4 << 3) ^ (u64(tage.confidence) << 1 | tage.taken));
    const auto add_hashed = [&](u64 history) {
        add(((history + (u64{t} << 58)) * 0x9e3779b97f4a7c15 >> 40) ^ key ^ key >> (t + 3));
    };
    for (u32 length : kGlobalLengths) add_hashed(low_bits(tage.history.recent, length));
    for (u32 length : kLocalLengths) add_hashed(low_bits(l.local, length));
    add_hashed(l.iteration);
    return slots;
}

// A vote that disagrees with TAGE but is not strong enough to overrule it without further evidence.
bool StatisticalCorrector::in_doubt(i32 strength, TageTables::Confidence confidence) const {
    if (confidence == TageTables::Confidence::High) return strength < threshold_ / 2;
    return confidence == TageTables::Confidence::Medium && strength < threshold_ / 4;
}

StatisticalCorrector::Lookup StatisticalCorrector::predict(Address pc, const TageTables::Lookup &tage) const {
    Lookup l = save();
    l.local = u16(local_.read(local_slot(pc)));
    const Slots where = slots(pc, tage, l);
    for (u32 t = 0; t < kTables; ++t) l.sum += (2 * counters_[where[t]] + 1) * (t < kBias ? kBiasWeight : 1);
    l.taken = l.sum >= 0;
    if (l.taken != tage.taken && in_doubt(std::abs(l.sum), tage.confidence)) {
        const bool high = tage.confidence == TageTables::Confidence::High;
        if ((high ? high_trust_ : medium_trust_) >= 0) l.taken = tage.taken;
    }
    return l;
}

void StatisticalCorrector::speculate(Address pc, Address next, bool taken) {
    const u32 slot = local_slot(pc);
    local_.write(slot, (local_.read(slot) << 1 | u32(taken)) & 0xffff);
    const u32 loop = u32(pc_key(pc));
    if (next <= pc) {
        iteration_ = loop == loop_ ? iteration_ + (iteration_ < kMostIterations) : 1;
        loop_ = loop;
    } else if (loop == loop_) {
        iteration_ = 0;
    }
}

void StatisticalCorrector::train(Address pc, bool taken, const TageTables::Lookup &tage, const Lookup &then) {
    const bool vote = then.sum >= 0;
    const i32 strength = std::abs(then.sum);
    if (vote != tage.taken && in_doubt(strength, tage.confidence)) {
        const bool high = tage.confidence == TageTables::Confidence::High;
        count_signed(high ? high_trust_ : medium_trust_, tage.taken == taken, kSlowBits);
    }
    if (vote == taken && strength >= threshold_) return;
    count_signed(threshold_drift_, vote != taken, kSlowBits);
    if (threshold_drift_ == 63 || threshold_drift_ == -64) {
        threshold_ += threshold_drift_ > 0 ? threshold_ < kMostThreshold : -(threshold_ > kLeastThreshold);
        threshold_drift_ = 0;
    }
    for (u32 slot : slots(pc, tage, then)) count_signed(counters_[slot], taken, kCounterBits);
}

}   // namespace sim
