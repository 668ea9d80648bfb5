// SPDX-License-Identifier: BSD-3-Clause
// LoopPredictor: iteration counting at fetch, trip counts at commit.
#include "predictor/loop_predictor.hh"

namespace sim {

namespace {

constexpr u32 kWays = 4;
constexpr u32 kTagBits = 14;
constexpr u32 kMostTrips = 1023;
constexpr u8 kConfident = 4, kMostConfidence = 7, kMostAge = 7;
constexpr u32 kAllocateEvery = 4;   // only one in so many candidates: most mispredicted branches are no loops

}   // namespace

LoopPredictor::LoopPredictor(u32 entries) : loops_(entries), iterations_(entries) {
    require_power_of_two("TageScl", "loop_entries", entries, 128);
    require_range("TageScl", "loop_entries", entries, kWays, 128);
}

u64 LoopPredictor::storage_bits() const {
    const u64 loop = kTagBits + 10 + 3 + 3 + 1, count = kTagBits + 10;
    return loops_.size() * (loop + count) + 2;
}

u32 LoopPredictor::set(Address pc) const { return u32(pc_key(pc)) & (u32(loops_.size()) / kWays - 1); }
u16 LoopPredictor::tag(Address pc) const {
    return u16((pc_key(pc) ^ pc_key(pc) >> kTagBits) >> 4 & ((1u << kTagBits) - 1));
}

u8 LoopPredictor::find(Address pc) const {
    const u32 first = set(pc) * kWays;
    for (u32 entry = first; entry < first + kWays; ++entry)
        if (loops_[entry].age && loops_[entry].tag == tag(pc)) return u8(entry);
    return kNone;
}

u32 LoopPredictor::iterations(u8 entry) const {
    const u32 value = iterations_.read(entry);
    return value >> 16 == loops_[entry].tag ? value & 0xffff : 0;   // else left by the entry's former owner
}

LoopPredictor::Lookup LoopPredictor::predict(Address pc) const {
    Lookup l{mark(), 0, find(pc), false, false};
    if (l.entry == kNone) return l;
    const Loop &loop = loops_[l.entry];
    l.iterations = u16(iterations(l.entry));
    l.confident = loop.confidence >= kConfident;
    l.taken = (l.iterations >= loop.trips) != loop.body_taken;
    return l;
}

void LoopPredictor::speculate(Address pc, bool taken) {
    const u8 entry = find(pc);
    if (entry == kNone) return;
    const u32 before = iterations(entry), more = before < kMostTrips ? before + 1 : before;
    iterations_.write(entry, u32(loops_[entry].tag) << 16 | (taken == loops_[entry].body_taken ? more : 0));
}

void LoopPredictor::train(Address pc, bool taken, const Lookup &then, bool others_wrong) {
    const u8 entry = find(pc);
    if (entry != kNone && entry == then.entry) train_known(loops_[entry], taken, then, others_wrong);
    else if (entry == kNone && others_wrong) allocate(pc, taken);
}

void LoopPredictor::train_known(Loop &loop, bool taken, const Lookup &then, bool others_wrong) {
    if (then.confident) {
        if (then.taken != taken) loop.age = 0;
        else if (others_wrong && loop.age < kMostAge) ++loop.age;
        if (loop.age == 0) return;
    }
    if (taken == loop.body_taken) {
        if (then.iterations == kMostTrips) loop.age = 0;   // too long to be counted
        if (loop.trips && then.iterations >= loop.trips) loop.confidence = 0;
        return;
    }
    if (then.iterations == 0) {
        loop.age = 0;   // two exits in a row
    } else if (then.iterations == loop.trips) {
        loop.confidence = u8(loop.confidence + (loop.confidence < kMostConfidence));
    } else {
        loop.trips = then.iterations;
        loop.confidence = 0;
    }
}

void LoopPredictor::allocate(Address pc, bool taken) {
    if (++skipped_ % kAllocateEvery) return;
    const u32 first = set(pc) * kWays;
    for (u32 entry = first; entry < first + kWays; ++entry) {
        if (loops_[entry].age) continue;
        loops_[entry] = {tag(pc), 0, 0, kMostAge, !taken};
        return;
    }
    for (u32 entry = first; entry < first + kWays; ++entry) --loops_[entry].age;
}

}   // namespace sim
