// SPDX-License-Identifier: BSD-3-Clause
// Which line of a full set makes room for a new one.
#pragma once
#include <memory>
#include "sim/component.hh"

namespace sim {

// What one cache remembers about its sets; made by a Replacement.
class ReplacementState {
  public:
    virtual ~ReplacementState() = default;
    virtual void touch(u32 set,
                       u32 way) = 0;   // a hit; a second one in a row to the same way changes nothing
    virtual void insert(u32 set, u32 way) = 0;   // a line was put there
    virtual u32 victim(u32 set) = 0;             // of a set whose ways are all in use
};

// A policy and its parameters. It has no state of its own, so several caches may share one.
class Replacement : public Component {
  public:
    // Null: the cache's own least-recently-used, which needs no call.
    virtual std::unique_ptr<ReplacementState> make(u32 sets, u32 ways) const = 0;
};

// The Cache has least-recently-used built in; this names it in a script.
class Lru final : public Model<Lru, Replacement> {
  public:
    struct Params : Described<Params> {};
    struct Stats : Described<Stats> {};
    explicit Lru(const Params &params) : params_(params) {}
    std::unique_ptr<ReplacementState> make(u32 sets, u32 ways) const override;
    const Params &params() const { return params_; }
    Stats stats;

  private:
    const Params params_;
};

class TreePlru final : public Model<TreePlru, Replacement> {
  public:
    struct Params : Described<Params> {};
    struct Stats : Described<Stats> {};
    explicit TreePlru(const Params &params) : params_(params) {}
    std::unique_ptr<ReplacementState> make(u32 sets, u32 ways) const override;
    const Params &params() const { return params_; }
    Stats stats;

  private:
    const Params params_;
};

class Nru final : public Model<Nru, Replacement> {
  public:
    struct Params : Described<Params> {};
    struct Stats : Described<Stats> {};
    explicit Nru(const Params &params) : params_(params) {}
    std::unique_ptr<ReplacementState> make(u32 sets, u32 ways) const override;
    const Params &params() const { return params_; }
    Stats stats;

  private:
    const Params params_;
};

class Srrip final : public Model<Srrip, Replacement> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, bits, 2, "bits", "width of a line's re-reference prediction");
    };
    struct Stats : Described<Stats> {};
    explicit Srrip(const Params &params);
    std::unique_ptr<ReplacementState> make(u32 sets, u32 ways) const override;
    const Params &params() const { return params_; }
    Stats stats;

  private:
    const Params params_;
};

class RandomReplacement final : public Model<RandomReplacement, Replacement> {
  public:
    struct Params : Described<Params> {
        PARAM(u64, seed, 1, "", "start of the sequence of random ways");
    };
    struct Stats : Described<Stats> {};
    explicit RandomReplacement(const Params &params) : params_(params) {}
    std::unique_ptr<ReplacementState> make(u32 sets, u32 ways) const override;
    const Params &params() const { return params_; }
    Stats stats;

  private:
    const Params params_;
};

}  // namespace sim
