// SPDX-License-Identifier: BSD-3-Clause
#include "core/decode_cache.hh"

namespace sim {

DecodeCache::DecodeCache(GuestMemory &memory)
    : memory_(memory),
      pages_(static_cast<Page **>(std::calloc(GuestMemory::kSize >> GuestMemory::kPageBits, sizeof(Page *)))) {
    if (!pages_) throw std::bad_alloc();
    memory_.add_code_listener(*this);
}

const Decoded *DecodeCache::fill(Address pc) {
    if ((pc & 1) || !memory_.allows(pc, 2, kExecute)) return nullptr;
    u32 bits = u32(memory_.load(pc, 2));
    const bool wide = (bits & 3) == 3;
    if (wide) {
        if (!memory_.allows(pc + 2, 2, kExecute)) return nullptr;
        bits |= u32(memory_.load(pc + 2, 2)) << 16;
        memory_.mark_code((pc + 2) >> GuestMemory::kPageBits);
    }
    const Address number = pc >> GuestMemory::kPageBits;
    memory_.mark_code(number);
    Page *&page = pages_.get()[number];
    if (!page) {
        owned_.push_back(std::make_unique<Page>());
        page = owned_.back().get();
        for (Decoded &d : page->slots) d.length = 0;
    }
    Decoded &entry = page->slots[slot(pc)];
    if (auto decoded = decode(bits)) {
        entry = *decoded;
    } else {
        entry = Decoded{};
        entry.length = wide ? 4 : 2;
        entry.row = kIllegalRow;
        entry.bits = bits;
    }
    return &entry;
}

void DecodeCache::code_changed(Address number) {
    if (Page *page = pages_.get()[number])
        for (Decoded &d : page->slots) d.length = 0;
    if (Page *before = number ? pages_.get()[number - 1] : nullptr) before->slots[kSlots - 1].length = 0;
}

}  // namespace sim
