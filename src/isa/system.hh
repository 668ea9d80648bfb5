// SPDX-License-Identifier: BSD-3-Clause
// Control and status register accesses (Zicsr), cache-block management (Zicbom), and the privileged instructions, which
// the core carries out.
#pragma once
#include "isa/instruction_row.hh"

namespace sim {

inline constexpr auto kSystemRows = [] {
    using enum OpClass;
    return std::to_array<Instruction>({
    //name           csr          rs1   f3  rd    opcode   operands
    {"csrrw",      "............ ..... 001 ..... 1110011",  "d,E,s", Csr},
    {"csrrs",      "............ ..... 010 ..... 1110011",  "d,E,s", Csr},
    {"csrrc",      "............ ..... 011 ..... 1110011",  "d,E,s", Csr},
    {"csrrwi",     "............ ..... 101 ..... 1110011",  "d,E,Z", Csr},
    {"csrrsi",     "............ ..... 110 ..... 1110011",  "d,E,Z", Csr},
    {"csrrci",     "............ ..... 111 ..... 1110011",  "d,E,Z", Csr},

    {"cbo.inval",  "000000000000 ..... 010 00000 0001111",  "(s)",   System},
    {"cbo.clean",  "000000000001 ..... 010 00000 0001111",  "(s)",   System},
    {"cbo.flush",  "000000000010 ..... 010 00000 0001111",  "(s)",   System},

    {"sret",       "000100000010 00000 000 00000 1110011",  "",      System},
    {"mret",       "001100000010 00000 000 00000 1110011",  "",      System},
    {"wfi",        "000100000101 00000 000 00000 1110011",  "",      System},
    {"sfence.vma", "0001001 ..... ..... 000 00000 1110011", "s,t",   System},
    });
}();

}  // namespace sim
