// SPDX-License-Identifier: BSD-3-Clause
// A global history of thousands of bits, and its folds: the few bits, kept up to date one shift at a time,
// that stand for a long history in a table index or a tag.
#pragma once
#include <array>
#include <vector>
#include "predictor/history.hh"

namespace sim {

// The bits lie in a circle that is never copied: a snapshot is the position in it, the folds, and the
// youngest bits. The circle is large enough that the transfers in flight cannot overwrite what a snapshot
// still needs. All per-table state is in lanes of 16 bits, and the loops over lanes have fixed lengths: the
// compiler makes them vector code, which is what makes a prediction cheap.
template <u32 kLanes>
class LongHistory {
    static_assert(kLanes <= 16);

  public:
    static constexpr u32 kBitsATransfer = 4;   // most bits that one transfer may push
    using Lanes = std::array<u16, kLanes>;   // one for each table

    struct Snapshot {
        u64 recent;   // the 64 youngest bits
        u32 head, path;
        Lanes index, tag, twist;   // folds; two of different width for the tag
    };

    // The next table sees the `length` youngest bits. Longer ones come later.
    void add_table(u32 length, u32 index_bits, u32 tag_bits) {
        lengths_[tables_] = length;
        index_.add(tables_, length, index_bits);
        tag_.add(tables_, length, tag_bits);
        twist_.add(tables_, length, tag_bits - 1);
        steps_[tables_] = u16(length < 16 ? (1u << length) - 1 : 0xffff);
        factor_[tables_] = u16(0x9e37 + 0x3c6e * tables_);   // odd, and different in each table
        ++tables_;
        bits_.assign(std::bit_ceil(u64{length} + u64{kMaxInFlight} * kBitsATransfer + 1), 0);
    }

    // Shifts in one bit; `path` says where the transfer stands.
    void push(bool bit, u32 path) {
        const u64 mask = bits_.size() - 1;
        bits_[++now_.head & mask] = bit;
        now_.recent = now_.recent << 1 | bit;
        now_.path = (now_.path << 1 | (path & 1)) & 0xffff;
        u32 leaving = 0;   // bit t: what leaves table t's history
        for (u32 t = 0; t < tables_; ++t) leaving |= u32(bits_[(now_.head - lengths_[t]) & mask]) << t;
        index_.shift(now_.index, bit, u16(leaving));
        tag_.shift(now_.tag, bit, u16(leaving));
        twist_.shift(now_.twist, bit, u16(leaving));
    }

    // Where in the tables, and under which tags, the present history puts `key`.
    void place(u32 key, Lanes &index, Lanes &tag) const {
        const u16 index_key = u16(key ^ key >> 11), tag_key = u16(key ^ key >> 7), path = u16(now_.path);
        for (u32 t = 0; t < kLanes; ++t) {
            u16 steps = path & steps_[t];
            steps = u16((steps ^ steps >> 9) * factor_[t]);
            index[t] = u16(index_key ^ now_.index[t] ^ steps) & index_.mask[t];
            tag[t] = u16(tag_key ^ now_.tag[t] ^ now_.twist[t] << 1) & tag_.mask[t];
        }
    }

    u32 length(u32 table) const { return lengths_[table]; }
    const Snapshot &now() const { return now_; }
    void restore(const Snapshot &snapshot) { now_ = snapshot; }

  private:
    struct Folding {
        Lanes mask{}, over{},
            leave{};   // of the fold's width; the bit above it; where the oldest bit drops out
        Lanes table{};   // bit t in lane t
        void add(u32 t, u32 length, u32 width) {
            mask[t] = u16((1u << width) - 1);
            over[t] = u16(1u << width);
            leave[t] = u16(1u << length % width);
            table[t] = u16(1u << t);
        }
        void shift(Lanes &fold, u16 bit, u16 leaving) const {
            for (u32 t = 0; t < kLanes; ++t) {
                const u16 leaves = (leaving & table[t]) != 0;
                const u16 moved = u16(u16(fold[t] << 1 | bit) ^ leaves * leave[t]);
                const u16 carry = (moved & over[t]) != 0;   // leaves at the top, comes in at the bottom
                fold[t] = u16((moved ^ carry) & mask[t]);
            }
        }
    };
    std::vector<u8> bits_;   // power of two; one bit an element
    u32 tables_ = 0;
    std::array<u32, kLanes> lengths_{};
    Folding index_, tag_, twist_;
    Lanes steps_{}, factor_{};
    Snapshot now_{};
};

// The `count` history lengths from `least` to `most` in a geometric series, strictly growing.
std::vector<u32> geometric_lengths(u32 count, u32 least, u32 most);

}   // namespace sim
