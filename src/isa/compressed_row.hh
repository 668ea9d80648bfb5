// SPDX-License-Identifier: BSD-3-Clause
// The row type of the compressed table: a 16-bit encoding and the base instruction that it abbreviates.
#pragma once
#include "isa/instruction_table.hh"

namespace sim {

// Written as the manual prints it. Digits are fixed; runs of letters are operands of the base instruction: d
// (rd), s (rs1), t (rs2), x (rd and rs1), i (immediate). A register of three bits is one of x8-x15 or f8-f15.
struct ShortEncoding {
    struct Field { u8 low = 0, bits = 0; };

    u16 mask = 0, match = 0;
    Field rd, rs1, rs2;
    u8 immediate_bits = 0;
    std::array<u8, 16> immediate_at{};   // where the i's are, from the left

    consteval ShortEncoding(const char *pattern) {
        int at = 16;
        for (; *pattern; ++pattern) {
            if (*pattern == ' ') continue;
            if (--at < 0) throw "a compressed encoding must describe exactly 16 bits";
            add(*pattern, u8(at));
        }
        if (at != 0) throw "a compressed encoding must describe exactly 16 bits";
        if ((match & 3) == 3) throw "the two low bits 11 mean a longer instruction";
        for (Field f : {rd, rs1, rs2})
            if (f.bits != 0 && f.bits != 3 && f.bits != 5) throw "a register has three or five bits";
    }
    constexpr bool matches(u16 bits) const { return (bits & mask) == match; }

  private:
    consteval void extend(Field &field, u8 at) {
        if (field.bits && field.low != at + 1) throw "a register's bits are adjacent";
        field = {at, u8(field.bits + 1)};
    }
    consteval void add(char letter, u8 at) {
        switch (letter) {
        case '1': match |= u16(1u << at); [[fallthrough]];
        case '0': mask |= u16(1u << at); return;
        case 'd': return extend(rd, at);
        case 's': return extend(rs1, at);
        case 't': return extend(rs2, at);
        case 'x': return extend(rd, at), extend(rs1, at);
        case 'i': immediate_at[immediate_bits++] = at; return;
        default: throw "unknown letter in a compressed encoding";
        }
    }
};

// Which immediate bits the i's hold, from the left: "5:4|9:6|2|3". A minus in front: the highest is the sign.
struct ImmediateOrder {
    std::array<u8, 16> bit{};
    u8 bits = 0;
    u8 sign_bit = 0;   // 0: not negative

    consteval ImmediateOrder(const char *written) {
        bool is_signed = *written == '-';
        if (is_signed) ++written;
        while (*written) {
            unsigned high = number(written), low = high;
            if (*written == ':') low = number(++written);
            if (low > high) throw "a range runs from high to low";
            for (unsigned b = high + 1; b-- > low;) bit[bits++] = u8(b);
            if (*written == '|') ++written;
            else if (*written) throw "ranges are separated by |";
        }
        if (is_signed) sign_bit = bit[0];
    }

  private:
    static consteval unsigned number(const char *&written) {
        if (*written < '0' || *written > '9') throw "expected a bit number";
        unsigned value = 0;
        while (*written >= '0' && *written <= '9') value = value * 10 + unsigned(*written++ - '0');
        return value;
    }
};

// Registers that the encoding implies without naming them.
struct Implied { u8 rd = kNoRegister, rs1 = kNoRegister, rs2 = kNoRegister; };

// A pattern that a row would match but that is reserved or another row's: digits decide, dots do not.
struct Except {
    u16 mask = 0, match = 0;
    consteval Except() = default;
    consteval Except(const char *pattern) {
        int bits = 0;
        for (; *pattern; ++pattern) {
            if (*pattern == ' ') continue;
            mask = u16(mask << 1 | (*pattern != '.'));
            match = u16(match << 1 | (*pattern == '1'));
            ++bits;
        }
        if (bits != 16) throw "an exception must describe exactly 16 bits";
    }
    constexpr bool covers(u16 bits) const { return mask != 0 && (bits & mask) == match; }
    constexpr bool covers(const ShortEncoding &e) const {
        return mask != 0 && (e.mask & mask) == mask && (e.match & mask) == match;
    }
};

struct CompressedInstruction {
    std::string_view name;
    ShortEncoding encoding;
    u16 base;                 // row of kInstructionTable
    ImmediateOrder order;
    Implied implied;
    Except first, second;

    consteval CompressedInstruction(const char *n, ShortEncoding e, std::string_view base_name,
                                    ImmediateOrder o = "", Implied i = {}, Except a = {}, Except b = {})
        : name(n), encoding(e), base(row_of(base_name)), order(o), implied(i), first(a), second(b) {
        const OperandFormat &format = kInstructionTable[base].operands;
        if (e.immediate_bits != o.bits) throw "as many immediate bits as i's";
        check(format.rd, e.rd, i.rd);
        check(format.rs1, e.rs1, i.rs1);
        check(format.rs2, e.rs2, i.rs2);
    }
    constexpr bool matches(u16 bits) const {
        return encoding.matches(bits) && !first.covers(bits) && !second.covers(bits);
    }
    constexpr bool excludes(const CompressedInstruction &other) const {
        return first.covers(other.encoding) || second.covers(other.encoding);
    }

  private:
    static consteval void check(u8 file, ShortEncoding::Field field, u8 implied) {
        bool needed = file != kNoRegister, given = field.bits != 0 || implied != kNoRegister;
        if (needed != given || (field.bits != 0 && implied != kNoRegister))
            throw "each register of the base instruction is given once";
    }
};

template <std::size_t N>
consteval bool disjoint(const std::array<CompressedInstruction, N> &rows) {
    for (std::size_t i = 0; i < N; ++i)
        for (std::size_t j = i + 1; j < N; ++j) {
            u16 both = rows[i].encoding.mask & rows[j].encoding.mask;
            bool meet = (rows[i].encoding.match & both) == (rows[j].encoding.match & both);
            if (meet && !rows[i].excludes(rows[j]) && !rows[j].excludes(rows[i])) return false;
        }
    return true;
}

}  // namespace sim
