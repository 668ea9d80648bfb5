// SPDX-License-Identifier: BSD-3-Clause
// The row type of the instruction table: encoding and operands are strings that the compiler checks.
#pragma once
#include <array>
#include "isa/instruction.hh"

namespace sim {

// Written as the manual prints it: digits are fixed bits, dots belong to operands, dashes are ignored.
struct Encoding {
    u32 mask = 0, match = 0;
    u32 operand_bits = 0;

    consteval Encoding(const char *pattern) {
        int bits = 0;
        for (; *pattern; ++pattern) {
            if (*pattern == ' ') continue;
            if (*pattern != '0' && *pattern != '1' && *pattern != '.' && *pattern != '-')
                throw "an encoding is made of 0, 1, dot and dash";
            mask = mask << 1 | (*pattern == '0' || *pattern == '1');
            match = match << 1 | (*pattern == '1');
            operand_bits = operand_bits << 1 | (*pattern == '.');
            ++bits;
        }
        if (bits != 32) throw "an encoding must describe exactly 32 bits";
        if ((match & 3) != 3) throw "the two low bits of a 32-bit encoding are 11";
    }
    constexpr bool matches(u32 bits) const { return (bits & mask) == match; }
};

enum class Immediate : u8 { None, I, S, B, U, J, Shift6, Shift5, Csr, CsrImmediate };

// Says which operands there are, where their bits lie, and how they print:
//   d s t     integer rd rs1 rs2             D S T R   float rd rs1 rs2 rs3
//   j q       offset of loads, of stores     p a       target of branches, of jal
//   u         upper immediate                > <       shift amount of 6 or 5 bits
//   E Z       csr number, its 5-bit value    P Q       what a fence orders
//   m M       rounding mode; silent           o         .aq and .rl, printed behind the name
// Any other character of "(),": itself.
struct OperandFormat {
    std::string_view text;
    u32 bits = 0;                          // that operands occupy
    u8 rd = kNoRegister, rs1 = kNoRegister, rs2 = kNoRegister, rs3 = kNoRegister;   // kZero or kFirstFloat
    Immediate immediate = Immediate::None;
    bool rounding = false, ordering = false;

    consteval OperandFormat(const char *written) : text(written) {
        for (char letter : text) add(letter);
    }

  private:
    consteval void field(unsigned high, unsigned low) {
        u32 add = (u32{2} << high) - (u32{1} << low);
        if (bits & add) throw "two operands share bits";
        bits |= add;
    }
    consteval void reg(u8 &operand, u8 file, unsigned low) {
        operand = file;
        field(low + 4, low);
    }
    consteval void imm(Immediate kind) {
        if (immediate != Immediate::None) throw "an instruction has one immediate";
        immediate = kind;
    }
    consteval void add(char letter) {
        switch (letter) {
        case 'd': return reg(rd, kZero, 7);
        case 's': return reg(rs1, kZero, 15);
        case 't': return reg(rs2, kZero, 20);
        case 'D': return reg(rd, kFirstFloat, 7);
        case 'S': return reg(rs1, kFirstFloat, 15);
        case 'T': return reg(rs2, kFirstFloat, 20);
        case 'R': return reg(rs3, kFirstFloat, 27);
        case 'j': return imm(Immediate::I), field(31, 20);
        case 'q': return imm(Immediate::S), field(31, 25), field(11, 7);
        case 'p': return imm(Immediate::B), field(31, 25), field(11, 7);
        case 'u': return imm(Immediate::U), field(31, 12);
        case 'a': return imm(Immediate::J), field(31, 12);
        case '>': return imm(Immediate::Shift6), field(25, 20);
        case '<': return imm(Immediate::Shift5), field(24, 20);
        case 'E': return imm(Immediate::Csr), field(31, 20);
        case 'Z':
            if (immediate != Immediate::Csr) throw "Z follows E";
            immediate = Immediate::CsrImmediate;
            return field(19, 15);
        case 'P': return field(27, 24);
        case 'Q': return field(23, 20);
        case 'm': case 'M': rounding = true; return field(14, 12);
        case 'o': ordering = true; return field(26, 25);
        case '(': case ')': case ',': return;
        default: throw "unknown operand letter";
        }
    }
};

// Columns that only some rows have.
struct Access {                  // of memory
    u8 bytes;
    Extend extend = Extend::None;
};
struct Raises {};                // may set fflags

struct Instruction {
    std::string_view name;
    Encoding encoding;
    OperandFormat operands;
    OpClass op_class;
    Meaning meaning = nullptr;
    Access access{0};
    bool sets_flags = false;

    consteval Instruction(const char *n, Encoding e, OperandFormat o, OpClass c)
        : name(n), encoding(e), operands(o), op_class(c) { check(false); }
    consteval Instruction(const char *n, Encoding e, OperandFormat o, OpClass c, Meaning m)
        : name(n), encoding(e), operands(o), op_class(c), meaning(m) { check(true); }
    consteval Instruction(const char *n, Encoding e, OperandFormat o, OpClass c, Access a, Meaning m)
        : name(n), encoding(e), operands(o), op_class(c), meaning(m), access(a) { check(true); }
    consteval Instruction(const char *n, Encoding e, OperandFormat o, OpClass c, Raises, Meaning m)
        : name(n), encoding(e), operands(o), op_class(c), meaning(m), sets_flags(true) { check(true); }

  private:
    consteval void check(bool has_meaning) const {
        if (name.empty()) throw "a row needs a name";
        if (encoding.operand_bits != operands.bits)
            throw "the dots of the encoding are not the operands' bits";
        bool memory = op_class >= OpClass::Load && op_class <= OpClass::StoreConditional;
        if (memory != (access.bytes != 0)) throw "loads, stores and atomics, and only they, access memory";
        if ((op_class >= OpClass::Csr) == has_meaning) throw "the core carries out Csr, Fence and System";
    }
};

constexpr bool overlap(const Instruction &a, const Instruction &b) {
    u32 both = a.encoding.mask & b.encoding.mask;
    return (a.encoding.match & both) == (b.encoding.match & both);
}

template <std::size_t N>
consteval bool disjoint(const std::array<Instruction, N> &rows) {
    for (std::size_t i = 0; i < N; ++i)
        for (std::size_t j = i + 1; j < N; ++j)
            if (overlap(rows[i], rows[j]) || rows[i].name == rows[j].name) return false;
    return true;
}

// What a 32-bit result becomes in a register.
constexpr u64 word(u64 value) { return u64(i64(i32(value))); }

}  // namespace sim
