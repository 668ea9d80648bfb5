// SPDX-License-Identifier: BSD-3-Clause
// The heart of TAGE (Seznec and Michaud): a bimodal base and partially tagged tables with geometrically
// longer histories; the longest one whose tag matches provides the prediction.
#pragma once
#include <vector>
#include "predictor/long_history.hh"

namespace sim {

class TageTables {
  public:
    static constexpr u32 kMostTables = 16;
    using History = LongHistory<kMostTables>;

    struct Shape {
        u32 tables, table_entries, base_entries;
        u32 least_tag_bits, most_tag_bits;   // short histories need fewer
        u32 least_history, most_history;   // bits
    };
    enum class Confidence : u8 { Low, Medium, High };

    // What the tables say: the provider is the longest history whose tag matches, the alternate the next one.
    struct Answer {
        i8 provider, alternate;   // tables; -1: the base
        bool provider_taken, alternate_taken;
    };
    // What a prediction leaves behind.
    struct Lookup {
        History::Snapshot history;
        History::Lanes index, tag;
        Answer answer;
        bool conditional;   // false: only `history` is meaningful
        bool taken;   // the prediction
        Confidence confidence;
    };

    explicit TageTables(const Shape &);

    Lookup predict(Address pc);
    Lookup save();
    // Shifts in the transfer that predict(), save() or restore() was last about.
    void speculate(Address pc, Address next, bool taken);
    void restore(const Lookup &);

    // At commit. Returns how many tagged entries were allocated.
    u32 train(Address pc, bool taken, const Lookup &);

    // Whether the next speculate() is about a conditional branch.
    bool conditional() const { return conditional_; }
    u64 recent() const { return history_.now().recent; }   // youngest 64 bits of history

    u64 storage_bits() const;
    u32 history_bits() const { return history_.length(tables_ - 1); }

  private:
    size_t slot(u32 table, const Lookup &l) const { return size_t(table) * table_entries_ + l.index[table]; }
    Answer search(Address pc, const Lookup &) const;
    bool is_new(size_t slot) const {
        return useful_[slot] == 0 && (counter_[slot] == 0 || counter_[slot] == -1);
    }
    void train_provider(Address pc, bool taken, const Lookup &, const Answer &now);
    u32 allocate(bool taken, const Lookup &, i8 provider);
    void age();
    u8 &base(Address pc) { return base_[pc_key(pc) & (base_.size() - 1)]; }
    bool base_taken(Address pc) const { return base_[pc_key(pc) & (base_.size() - 1)] >= 2; }
    u32 random();

    u32 tag_bits(u32 table) const {
        return least_tag_bits_ + (most_tag_bits_ - least_tag_bits_) * table / (tables_ - 1);
    }

    const u32 tables_, table_entries_, least_tag_bits_, most_tag_bits_;
    History history_;
    bool conditional_ = false;

    // Entry of table t: t * table_entries_ + index.
    std::vector<u16> tags_;
    std::vector<i8> counter_;   // 3 bits: taken when >= 0
    std::vector<u8> useful_;   // 2 bits: was right where the alternate was wrong
    std::vector<u8> base_;   // 2-bit counters
    i8 distrust_new_ = 0;   // 4 bits; >= 0: the alternate is believed, not a newly allocated entry
    u32 failed_allocations_ = 0;   // balance of failures over successes since the last ageing
    u32 random_ = 0x2545f491;
};

}   // namespace sim
