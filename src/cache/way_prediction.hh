// SPDX-License-Identifier: BSD-3-Clause
// Guesses which way has the data, so that one array is read and not all: a wrong guess costs a second probe.
#pragma once
#include <vector>
#include "sim/component.hh"

namespace sim {

// One access to be guessed. `near_is_hot`: the nearest way holds a line that was found hot.
struct WayQuestion {
    Address pc;
    u32 set;
    bool near_is_hot;
};

class WayPrediction : public Component {
  public:
    struct Counts : Described<Counts> {
        STAT(right, "accesses", "hits in the way that was guessed");
        STAT(wrong, "accesses", "hits in another way, which a second probe read");
        STAT(wasted, "accesses", "misses, for which a way was read in vain");
        STAT(table_reads, "accesses", "lookups of a table of guesses");
        STAT(table_writes, "accesses", "updates of a table of guesses");
        FORMULA(accuracy, "", "share of hits whose way was guessed", ratio(right, right + wrong));
    };

    // Called once, by the cache that it belongs to.
    void begin(u32 sets, u32 ways, const std::string &owner);
    virtual u32 guess(const WayQuestion &question) = 0;
    virtual void used(const WayQuestion &, u32 /*way*/) {}       // by a hit
    virtual void filled(u32 /*set*/, u32 /*way*/) {}
    virtual void swapped(u32 /*set*/, u32 /*way*/, u32 /*other*/) {}   // their lines changed places
    virtual Counts &counts() = 0;
    virtual u32 second_probe_cycles() const { return 1; }

  protected:
    virtual void prepare(u32 /*sets*/, u32 /*ways*/, const std::string & /*owner*/) {}
    u32 way_bits() const;
    u32 sets_ = 0, ways_ = 0;
};

// What every kind of prediction declares alike.
#define WAY_PREDICTION(type)                                                                                          \
    using Stats = Counts;                                                                                             \
    explicit type(const Params &params);                                                                              \
    u32 guess(const WayQuestion &question) override;                                                                  \
    Counts &counts() override { return stats; }                                                                       \
    const Params &params() const { return params_; }                                                                  \
    Stats stats;                                                                                                      \
                                                                                                                      \
  private:                                                                                                            \
    const Params params_

// Always the nearest way: no table. Right where swaps have brought the hot lines there.
class NearWay final : public Model<NearWay, WayPrediction> {
  public:
    struct Params : Described<Params> {};
    WAY_PREDICTION(NearWay);
};

// The way of the set that was used last.
class MruWay final : public Model<MruWay, WayPrediction> {
  public:
    struct Params : Described<Params> {};
    void used(const WayQuestion &question, u32 way) override { remember(question.set, way); }
    void filled(u32 set, u32 way) override { remember(set, way); }
    void swapped(u32 set, u32 way, u32 other) override;
    void list_structures(std::vector<Structure> &list) const override;   // way_structures.cc
    WAY_PREDICTION(MruWay);
    void prepare(u32 sets, u32, const std::string &) override { last_.assign(sets, 0); }
    void remember(u32 set, u32 way);
    std::vector<u8> last_;   // by set
};

// The way that the same instruction used last.
class PcWayTable final : public Model<PcWayTable, WayPrediction> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, entries, 1024, "entries", "ways remembered, by low bits of the instruction's address");
    };
    void used(const WayQuestion &question, u32 way) override;
    void list_structures(std::vector<Structure> &list) const override;
    WAY_PREDICTION(PcWayTable);
    u32 index(Address pc) const { return u32(pc >> 1) & (params_.entries - 1); }
    void prepare(u32, u32, const std::string &) override { last_.assign(params_.entries, 0); }
    std::vector<u8> last_;
};

// The nearest way where it holds a hot line, else what another prediction says.
class NearIfHot final : public Model<NearIfHot, WayPrediction> {
  public:
    struct Params : Described<Params> {
        CHILD(WayPrediction, otherwise, required, "guesses where the nearest way holds no hot line");
    };
    void used(const WayQuestion &question, u32 way) override { params_.otherwise->used(question, way); }
    void filled(u32 set, u32 way) override { params_.otherwise->filled(set, way); }
    void swapped(u32 set, u32 way, u32 other) override { params_.otherwise->swapped(set, way, other); }
    WAY_PREDICTION(NearIfHot);
    void prepare(u32 sets, u32 ways, const std::string &owner) override { params_.otherwise->begin(sets, ways, owner); }
};

// One of two predictions, whichever was right more often for the instruction.
class ChosenWay final : public Model<ChosenWay, WayPrediction> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, entries, 1024, "entries", "two-bit counters, by low bits of the instruction's address");
        CHILD(WayPrediction, first, required, "one prediction");
        CHILD(WayPrediction, second, required, "the other");
    };
    void used(const WayQuestion &question, u32 way) override;
    void filled(u32 set, u32 way) override;
    void swapped(u32 set, u32 way, u32 other) override;
    void list_structures(std::vector<Structure> &list) const override;
    WAY_PREDICTION(ChosenWay);
    u32 index(Address pc) const { return u32(pc >> 1) & (params_.entries - 1); }
    void prepare(u32 sets, u32 ways, const std::string &owner) override;
    std::vector<u8> counters_;   // 2 and 3: the second
    u32 first_guess_ = 0, second_guess_ = 0;   // of the question asked last
    bool was_asked_ = false;                   // and not yet answered
};
#undef WAY_PREDICTION

}  // namespace sim
