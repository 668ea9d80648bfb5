// SPDX-License-Identifier: BSD-3-Clause
// A guest program's file: a static RV64 ELF, its segments and symbols.
#pragma once
#include <string>
#include <vector>
#include "sim/types.hh"

namespace sim {

struct Segment {
    Address address;          // of the first byte
    u64 bytes;                // in memory; contents beyond data.size() are zero
    std::vector<u8> data;
    u8 flags;                 // PageFlag kRead, kWrite, kExecute
    Address load_address;     // where a bare program expects its data at reset (p_paddr), to copy it from there itself
};

struct Symbol {
    Address address;
    u64 bytes;                // 0 where the file does not say
    std::string name;
    bool is_function;
};

struct Program {
    std::string file;
    Address entry = 0;
    Address program_headers = 0;   // guest address (AT_PHDR), 0 where not loaded
    u32 program_header_count = 0;
    std::vector<Segment> segments;         // ascending
    std::vector<Symbol> symbols;           // functions and objects, ascending by address
    std::vector<std::pair<Address, u64>> code_sections;   // executable sections (address, bytes), ascending; segments where there are none
    u64 hash = 0;                          // FNV-1a of the whole file, for provenance

    // Reads and checks an ELF; throws ConfigError (missing, unreadable, not an ELF, truncated) or GuestError (32-bit,
    // big-endian, another machine, dynamic: needs an interpreter), each saying what to do.
    static Program load(const std::string &file);

    const Symbol *symbol_at(Address a) const;        // the function or object that covers `a`, else null
    const Symbol *symbol(std::string_view name) const;
    std::string where(Address a) const;              // "main+0x3c", or "0x10a3c" where no symbol covers it
};

}  // namespace sim
