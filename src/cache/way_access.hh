// SPDX-License-Identifier: BSD-3-Clause
// How a cache finds the way that has its data when it does not predict it: all ways side by side, or tags first.
#pragma once
#include "sim/component.hh"

namespace sim {

class WayAccess : public Component {
  public:
    virtual bool reads_all_ways() const = 0;     // arrays, before the tags are known
    virtual bool drives_all_ways() const = 0;    // wires to the port, whichever way hits
    virtual u32 extra_latency() const = 0;       // cycles until data, beyond hit_latency
};

class ParallelAccess final : public Model<ParallelAccess, WayAccess> {
  public:
    struct Params : Described<Params> {
        PARAM(bool, late_select, false, "",
              "every way drives its wires to the port, where one is selected; else the bus is cut behind the way that "
              "hits");
    };
    struct Stats : Described<Stats> {};
    explicit ParallelAccess(const Params &params) : params_(params) {}
    bool reads_all_ways() const override { return true; }
    bool drives_all_ways() const override { return params_.late_select; }
    u32 extra_latency() const override { return 0; }
    const Params &params() const { return params_; }
    Stats stats;

  private:
    const Params params_;
};

class SequentialAccess final : public Model<SequentialAccess, WayAccess> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, tag_cycles, 1, "cycles",
              "to read and compare the tags, after which the array is read: data comes so much later than from ways "
              "side by side");
    };
    struct Stats : Described<Stats> {};
    explicit SequentialAccess(const Params &params) : params_(params) {}
    bool reads_all_ways() const override { return false; }
    bool drives_all_ways() const override { return false; }
    u32 extra_latency() const override { return params_.tag_cycles; }
    const Params &params() const { return params_; }
    Stats stats;

  private:
    const Params params_;
};

}  // namespace sim
