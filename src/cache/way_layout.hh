// SPDX-License-Identifier: BSD-3-Clause
// Where the ways of a cache lie: each is a memory macro at a distance from the port, and a transfer pays for its wires.
// Macros are counted outwards, 0 being the nearest.
#pragma once
#include "sim/component.hh"

namespace sim {

inline constexpr u32 kMaxPlacedWays = 16;   // ways that have counters of their own

struct MacroSize {
    double height, width;   // mm
};

// The cache whose ways are laid out.
struct WayGeometry {
    u64 way_bytes;
    u32 ways, sets;
};

class WayLayout : public Component {
  public:
    struct Common {
        u32 access_bits, address_bits;
        double macro_height, macro_width, aspect, common_run;
    };
    struct Counts : Described<Counts> {
        STAT(accesses, "accesses", "loads, stores and fetches served by the arrays");
        STAT(near_accesses, "accesses", "those served by way 0");
        STAT(array_reads, "accesses", "reads of a word from the array of one way");
        STAT(array_writes, "accesses", "writes of a word to the array of one way");
        STAT(array_line_reads, "lines", "reads of a whole line from the array of one way, for swaps too");
        STAT(array_line_writes, "lines", "writes of a whole line to the array of one way, for swaps too");
        STAT_VECTOR(words, kMaxPlacedWays, "transfers", "words moved over the wires between the port and this way");
        STAT_VECTOR(lines, kMaxPlacedWays, "transfers",
                    "whole lines moved over the wires between the port and this way");
        FORMULA(near_share, "", "share of accesses that way 0 served", ratio(near_accesses, accesses));
    };

    // Called once, by the cache that it belongs to.
    void begin(const WayGeometry &geometry, const std::string &owner);

    virtual Counts &counts() = 0;
    // mm of wire from the port to every way at a node (nm), nearest first. Sizes that the price model gives follow the
    // node that is priced; those given as parameters hold at every node.
    std::vector<double> distances(u32 node) const;
    const WayGeometry &geometry() const { return geometry_; }
    u32 word_bits() const { return common().access_bits + common().address_bits; }
    u32 line_bits() const { return 8 * kLineBytes + common().address_bits; }
    void list_structures_at(u32 node, std::vector<Structure> &list) const override;   // way_structures.cc

  protected:
    virtual Common common() const = 0;
    // Distances of all ways without the common run, in any order.
    virtual std::vector<double> place(u32 ways, const MacroSize &macro) const = 0;

  private:
    MacroSize macro_size(u32 node) const;   // way_structures.cc

    WayGeometry geometry_{};
};

// The parameters of every layout.
#define LAYOUT_PARAMS                                                                                                 \
    PARAM(u32, access_bits, 64, "bits", "data that one access moves");                                                \
    PARAM(u32, address_bits, 12, "bits", "address and control that go with every transfer");                          \
    PARAM(double, macro_height, 0, "mm", "one way's macro; 0: from the price model's area");                          \
    PARAM(double, macro_width, 0, "mm", "one way's macro; 0: from the price model's area");                           \
    PARAM(double, aspect, 0.78, "", "height / width of a macro from the model (CACTI: a 4 KiB macro at 22 nm)");      \
    PARAM(double, common_run, 0, "mm", "wire between the core and the port, paid by every transfer")

#define LAYOUT(type)                                                                                                  \
    class type final : public Model<type, WayLayout> {                                                                \
      public:                                                                                                         \
        struct Params : Described<Params> {                                                                           \
            LAYOUT_PARAMS;                                                                                            \
        };                                                                                                            \
        using Stats = Counts;                                                                                         \
        explicit type(const Params &params) : params_(params) {}                                                      \
        Counts &counts() override { return stats; }                                                                   \
        const Params &params() const { return params_; }                                                              \
                                                                                                                      \
        Stats stats;                                                                                                  \
                                                                                                                      \
      private:                                                                                                        \
        Common common() const override {                                                                              \
            return {params_.access_bits, params_.address_bits, params_.macro_height, params_.macro_width,             \
                    params_.aspect, params_.common_run};                                                \
        }                                                                                                             \
        std::vector<double> place(u32 ways, const MacroSize &macro) const override;                                   \
                                                                                                                      \
        const Params params_;                                                                                         \
    }

LAYOUT(LinearRow);        // the port at the end of a row
LAYOUT(CentredRow);       // the port in the middle of a row
LAYOUT(TwoColumnSpine);   // a bus between two columns, the port at its end
LAYOUT(CornerGrid);       // two columns, the port at a corner, wires to the macros' centres
LAYOUT(HTree);            // all wires equally long
#undef LAYOUT

}  // namespace sim
