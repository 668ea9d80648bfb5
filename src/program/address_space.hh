// SPDX-License-Identifier: BSD-3-Clause
// Which parts of a Linux process's address space are taken, where the next mapping goes, and the program
// break. Layout, upwards: program, break, ... mappings (downwards from kMappingTop), stack, sigreturn code,
// guard.
#pragma once
#include <map>
#include "program/guest_memory.hh"

namespace sim {

class AddressSpace {
  public:
    static constexpr Address kSigreturnCode = GuestMemory::kSize - 2 * GuestMemory::kPageBytes;
    static constexpr Address kStackTop = GuestMemory::kSize - 64_KiB;
    static constexpr u64 kStackBytes = 8_MiB;
    static constexpr Address kMappingTop =
        kStackTop - kStackBytes - 1_MiB;   // 1 MiB below the stack stays unmapped
    static constexpr Address kLowest = 0x10000;   // of mappings that a program asks for by address

    explicit AddressSpace(GuestMemory &memory) : memory_(memory) {}

    // Whole pages. map() replaces what was there, contents zero.
    void map(Address a, u64 bytes, u8 flags);
    void unmap(Address a, u64 bytes);
    void protect(Address a, u64 bytes, u8 flags) { memory_.protect(a, bytes, flags); }
    void move(Address from, u64 bytes, Address to);   // contents and permissions; `to` is mapped already

    bool is_free(Address a, u64 bytes) const;
    bool is_mapped(Address a, u64 bytes) const;   // every page
    bool may_map(Address a, u64 bytes) const;   // a program may put or remove mappings there
    Address find_gap(u64 bytes) const;   // highest that fits; 0 where none does

    void start_break(Address a) { break_start_ = break_ = a; }
    Address set_break(Address a);   // the new break, or the old one where `a` cannot be had
    void keep_out(Address a, u64 bytes) {   // whole pages that belong to a device
        kept_.emplace_back(a, a + bytes);
        taken_[a] = a + bytes;
    }

  private:
    GuestMemory &memory_;
    std::map<Address, Address> taken_;   // start -> end; neighbours are merged
    Address break_start_ = 0, break_ = 0;
    std::vector<std::pair<Address, Address>> kept_;   // start, end
};

constexpr Address page_down(Address a) { return a & ~(GuestMemory::kPageBytes - 1); }
constexpr Address page_up(Address a) { return page_down(a + GuestMemory::kPageBytes - 1); }

}  // namespace sim
