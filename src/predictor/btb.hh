// SPDX-License-Identifier: BSD-3-Clause
// The branch target buffer: says at fetch that a control transfer stands at an address, of which kind, and
// where to.
#pragma once
#include <vector>
#include "predictor/predictor.hh"

namespace sim {

// Set-associative with partial tags, so two transfers may be taken for one another. Written and aged at
// commit only: the wrong path leaves no mark. False hits on instructions that are no transfers are not
// modelled.
class Btb {
  public:
    struct Entry {
        Address target = 0;
        u32 tag = 0;
        BranchKind kind = BranchKind::Conditional;
        bool valid = false;
    };
    Btb(u32 entries, u32 ways, u32 tag_bits);

    const Entry *find(Address pc) const;

    // The transfer at `pc` was taken to `target`. Returns whether the entry had to be written.
    bool learn(Address pc, BranchKind kind, Address target);

  private:
    u32 tag(Address pc) const { return u32(pc >> tag_shift_) & tag_mask_; }
    size_t set(Address pc) const { return size_t(pc >> 1 & set_mask_) * ways_; }

    const u32 ways_;
    const u64 set_mask_;
    const u32 tag_shift_, tag_mask_;
    std::vector<Entry> entries_;   // sets * ways, most recently committed first in each set
};

}   // namespace sim
