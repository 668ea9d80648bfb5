// SPDX-License-Identifier: BSD-3-Clause
// Disassembly: prints a decoded instruction the way the operand string of its row says.
#include "isa/csr.hh"
#include "isa/instruction_table.hh"

namespace sim {
namespace {

constexpr std::array<std::string_view, kRegisters> kRegisterNames = {
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
    "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
    "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3",
    "fa4", "fa5", "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11",
    "ft8", "ft9", "ft10", "ft11"};

constexpr std::array<std::string_view, 8> kRoundingNames = {"rne", "rtz", "rdn", "rup", "rmm", "", "", "dyn"};

std::string hexadecimal(u64 value) {
    std::string text;
    do text.insert(text.begin(), "0123456789abcdef"[value & 15]);
    while (value >>= 4);
    return "0x" + text;
}

std::string csr(u16 number) {
    std::string_view known = csr_name(number);
    return known.empty() ? hexadecimal(number) : std::string(known);
}

std::string fence_set(u32 bits) {
    std::string text;
    for (int i = 0; i < 4; ++i)
        if (bits >> (3 - i) & 1) text += "iorw"[i];
    return text.empty() ? "0" : text;
}

// What one letter of an operand string prints; punctuation prints itself.
std::string operand(char letter, const Decoded &d, Address pc) {
    switch (letter) {
    case 'd': case 'D': return std::string(register_name(d.rd == kNoRegister ? u8(kZero) : d.rd));
    case 's': case 'S': return std::string(register_name(d.rs1));
    case 't': case 'T': return std::string(register_name(d.rs2));
    case 'R': return std::string(register_name(d.rs3));
    case 'j': case 'q': return std::to_string(d.imm);
    case 'p': case 'a': return hexadecimal(d.target(pc));
    case 'u': return hexadecimal(u64(d.imm) >> 12 & 0xfffff);
    case '>': case '<': return hexadecimal(u64(d.imm));
    case 'E': return csr(u16(d.imm & 0xfff));
    case 'Z': return std::to_string(d.imm >> 12);
    case 'P': return fence_set(d.bits >> 24);
    case 'Q': return fence_set(d.bits >> 20);
    case 'm': return std::string(kRoundingNames[d.rounding]);
    case 'M': return {};
    default: return std::string(1, letter);
    }
}

}  // namespace

std::string_view register_name(u8 reg) { return reg < kRegisters ? kRegisterNames[reg] : std::string_view(); }

std::string_view name(const Decoded &d) { return kInstructionTable[d.row].name; }

std::string disassemble(const Decoded &d, Address pc) {
    const OperandFormat &format = kInstructionTable[d.row].operands;
    std::string text(name(d));
    std::string_view letters = format.text;
    if (format.ordering) {
        letters.remove_suffix(1);
        if (d.bits >> 25 & 3) text += d.bits >> 26 & 1 ? (d.bits >> 25 & 1 ? ".aqrl" : ".aq") : ".rl";
    }
    if (letters.ends_with(",m") && d.rounding == 7) letters.remove_suffix(2);   // dynamic goes without saying
    if (!letters.empty()) text += ' ';
    for (char letter : letters) text += operand(letter, d, pc);
    return text;
}

}  // namespace sim
