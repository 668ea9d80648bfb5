// SPDX-License-Identifier: BSD-3-Clause
// Decoding: finds the row that bits belong to and takes the operands out of them.
#include "isa/rv64c.hh"

namespace sim {
namespace {

// Rows by the bits that tell most of them apart, so that few candidates remain to be compared.
template <std::size_t kBuckets, std::size_t kEntries>
struct RowIndex {
    std::array<u16, kBuckets + 1> first{};   // of a bucket's rows
    std::array<u16, kEntries> row{};

    constexpr std::span<const u16> candidates(unsigned bucket) const {
        return {&row[first[bucket]], std::size_t(first[bucket + 1] - first[bucket])};
    }
};

constexpr unsigned base_bucket(u32 bits) { return (bits >> 2 & 31) << 3 | (bits >> 12 & 7); }
constexpr unsigned short_bucket(u16 bits) { return (bits & 3u) << 3 | bits >> 13; }

// Whether some encoding that the row matches falls into the bucket.
constexpr bool may_hold(const Instruction &r, unsigned bucket) {
    unsigned mask = base_bucket(r.encoding.mask);
    return (bucket & mask) == (base_bucket(r.encoding.match) & mask);
}
constexpr bool may_hold(const CompressedInstruction &r, unsigned bucket) {
    unsigned mask = short_bucket(r.encoding.mask);
    return (bucket & mask) == (short_bucket(r.encoding.match) & mask);
}

template <std::size_t kBuckets, class Table>
consteval std::size_t entries(const Table &table) {
    std::size_t count = 0;
    for (const auto &r : table)
        for (unsigned bucket = 0; bucket < kBuckets; ++bucket) count += may_hold(r, bucket);
    return count;
}

template <std::size_t kBuckets, std::size_t kEntries, class Table>
consteval auto index_rows(const Table &table) {
    RowIndex<kBuckets, kEntries> index;
    u16 next = 0;
    for (unsigned bucket = 0; bucket < kBuckets; ++bucket) {
        index.first[bucket] = next;
        for (std::size_t row = 0; row < table.size(); ++row)
            if (may_hold(table[row], bucket)) index.row[next++] = u16(row);
    }
    index.first[kBuckets] = next;
    return index;
}

constexpr auto kBaseIndex = index_rows<256, entries<256>(kInstructionTable)>(kInstructionTable);
constexpr auto kShortIndex = index_rows<32, entries<32>(kCompressedTable)>(kCompressedTable);

constexpr u32 bits_of(u32 bits, unsigned high, unsigned low) {
    return bits >> low & ((u32{2} << (high - low)) - 1);
}
constexpr i64 sign_extended(u32 value, unsigned sign_bit) {
    return i64(u64{value} << (63 - sign_bit)) >> (63 - sign_bit);
}

constexpr i64 immediate(Immediate kind, u32 b) {
    switch (kind) {
    case Immediate::None: return 0;
    case Immediate::I: return sign_extended(b >> 20, 11);
    case Immediate::S: return sign_extended(bits_of(b, 31, 25) << 5 | bits_of(b, 11, 7), 11);
    case Immediate::B:
        return sign_extended(
            b >> 31 << 12 | bits_of(b, 7, 7) << 11 | bits_of(b, 30, 25) << 5 | bits_of(b, 11, 8) << 1, 12);
    case Immediate::U: return i64(i32(b & 0xfffff000));
    case Immediate::J:
        return sign_extended(
            b >> 31 << 20 | bits_of(b, 19, 12) << 12 | bits_of(b, 20, 20) << 11 | bits_of(b, 30, 21) << 1,
            20);
    case Immediate::Shift6: return bits_of(b, 25, 20);
    case Immediate::Shift5: return bits_of(b, 24, 20);
    case Immediate::Csr: return b >> 20;
    case Immediate::CsrImmediate: return b >> 20 | bits_of(b, 19, 15) << 12;
    }
    return 0;
}

constexpr u8 destination(u8 reg) { return reg == kZero ? u8{kNoRegister} : reg; }

Decoded begin(u16 row, u32 bits, u8 length) {
    const Instruction &r = kInstructionTable[row];
    Decoded d;
    d.meaning = r.meaning;
    d.row = row;
    d.length = length;
    d.op_class = r.op_class;
    d.memory_bytes = r.access.bytes;
    d.extend = r.access.extend;
    d.uses_rounding = r.operands.rounding;
    d.sets_flags = r.sets_flags;
    d.bits = bits;
    return d;
}

std::optional<Decoded> decode_base(u32 bits) {
    for (u16 row : kBaseIndex.candidates(base_bucket(bits))) {
        if (!kInstructionTable[row].encoding.matches(bits)) continue;
        const OperandFormat &format = kInstructionTable[row].operands;
        Decoded d = begin(row, bits, 4);
        auto reg = [&](u8 file, unsigned low) {
            return file == kNoRegister ? file : u8(file + (bits >> low & 31));
        };
        d.rd = destination(reg(format.rd, 7));
        d.rs1 = reg(format.rs1, 15);
        d.rs2 = reg(format.rs2, 20);
        d.rs3 = reg(format.rs3, 27);
        d.imm = immediate(format.immediate, bits);
        if (format.rounding) {
            d.rounding = u8(bits_of(bits, 14, 12));
            if (d.rounding == 5 || d.rounding == 6) return std::nullopt;   // reserved rounding modes
        }
        return d;
    }
    return std::nullopt;
}

i64 short_immediate(const CompressedInstruction &r, u16 bits) {
    u32 value = 0;
    for (unsigned i = 0; i < r.order.bits; ++i)
        value |= u32(bits >> r.encoding.immediate_at[i] & 1) << r.order.bit[i];
    return r.order.sign_bit ? sign_extended(value, r.order.sign_bit) : i64(value);
}

std::optional<Decoded> decode_short(u16 bits) {
    for (u16 row : kShortIndex.candidates(short_bucket(bits))) {
        const CompressedInstruction &r = kCompressedTable[row];
        if (!r.matches(bits)) continue;
        const OperandFormat &format = kInstructionTable[r.base].operands;
        Decoded d = begin(r.base, bits, 2);
        auto reg = [&](u8 file, ShortEncoding::Field field, u8 implied) {
            if (field.bits == 0) return implied;
            unsigned number = bits >> field.low & ((1u << field.bits) - 1);
            return u8(file + number + (field.bits == 3 ? 8 : 0));
        };
        d.rd = destination(reg(format.rd, r.encoding.rd, r.implied.rd));
        d.rs1 = reg(format.rs1, r.encoding.rs1, r.implied.rs1);
        d.rs2 = reg(format.rs2, r.encoding.rs2, r.implied.rs2);
        d.imm = short_immediate(r, bits);
        return d;
    }
    return std::nullopt;
}

}  // namespace

std::optional<Decoded> decode(u32 bits) {
    return (bits & 3) == 3 ? decode_base(bits) : decode_short(u16(bits));
}

std::string_view compressed_name(u16 bits) {
    for (u16 row : kShortIndex.candidates(short_bucket(bits)))
        if (kCompressedTable[row].matches(bits)) return kCompressedTable[row].name;
    return {};
}

}  // namespace sim
