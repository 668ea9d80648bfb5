// SPDX-License-Identifier: BSD-3-Clause
// Decoded instructions by address: each static instruction is decoded once, until its page's code changes.
#pragma once
#include <cstdlib>
#include <memory>
#include <vector>
#include "isa/instruction.hh"
#include "program/guest_memory.hh"

namespace sim {

class DecodeCache final : public CodeListener {
  public:
    explicit DecodeCache(GuestMemory &memory);

    // The instruction at `pc`; null where the bytes may not be fetched. Bytes that are no instruction give
    // one for which is_illegal() holds. The pointer stays valid; its contents until the code changes.
    const Decoded *at(Address pc) {
        if (pc < GuestMemory::kSize) {
            const Page *page = pages_.get()[pc >> GuestMemory::kPageBits];
            if (page && page->slots[slot(pc)].length) return &page->slots[slot(pc)];
        }
        return fill(pc);
    }
    static bool is_illegal(const Decoded &d) { return d.row == kIllegalRow; }

    void code_changed(Address page) override;

  private:
    static constexpr u16 kIllegalRow = 0xffff;
    static constexpr unsigned kSlots = GuestMemory::kPageBytes / 2;
    struct Page {
        Decoded slots[kSlots];   // length 0: not decoded yet
    };
    struct Free {
        void operator()(Page **p) const { std::free(p); }
    };
    static unsigned slot(Address pc) { return (pc & (GuestMemory::kPageBytes - 1)) >> 1; }
    const Decoded *fill(Address pc);

    GuestMemory &memory_;
    std::unique_ptr<Page *, Free> pages_;          // by page number; untouched parts cost no memory
    std::vector<std::unique_ptr<Page>> owned_;
};

}  // namespace sim
