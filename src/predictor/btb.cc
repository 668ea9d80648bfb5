// SPDX-License-Identifier: BSD-3-Clause
// Btb: search, and move-to-front replacement.
#include "predictor/btb.hh"
#include <algorithm>
#include "predictor/history.hh"

namespace sim {

namespace {

u64 checked_sets(u32 entries, u32 ways) {
    require_range("BranchPredictor", "btb_ways", ways, 1, entries);
    if (entries % ways || !std::has_single_bit(entries / ways))
        throw ConfigError("BranchPredictor: btb_entries=" + std::to_string(entries) +
                          " in sets of btb_ways=" + std::to_string(ways) +
                          "; a power of two of whole sets is allowed");
    return entries / ways;
}

}   // namespace

Btb::Btb(u32 entries, u32 ways, u32 tag_bits)
    : ways_(ways),
      set_mask_(checked_sets(entries, ways) - 1),
      tag_shift_(1 + u32(std::bit_width(set_mask_))),
      tag_mask_(u32((u64{1} << tag_bits) - 1)),
      entries_(entries) {
    require_range("BranchPredictor", "btb_tag_bits", tag_bits, 1, 32);
}

const Btb::Entry *Btb::find(Address pc) const {
    const Entry *entry = &entries_[set(pc)];
    for (u32 way = 0; way < ways_; ++way, ++entry)
        if (entry->valid && entry->tag == tag(pc)) return entry;
    return nullptr;
}

bool Btb::learn(Address pc, BranchKind kind, Address target) {
    const auto first = entries_.begin() + i64(set(pc)), end = first + ways_;
    auto entry = std::find_if(first, end, [&](const Entry &e) { return e.valid && e.tag == tag(pc); });
    const bool known = entry != end;
    if (!known) --entry;
    std::rotate(first, entry, entry + 1);
    if (known && first->kind == kind && first->target == target) return false;
    *first = {target, tag(pc), kind, true};
    return true;
}

}   // namespace sim
