// SPDX-License-Identifier: BSD-3-Clause
// The replacement policies.
#include "cache/replacement.hh"
#include <bit>
#include <string>
#include <vector>

namespace sim {

COMPONENT(Lru, "Least-recently-used replacement, the default of every cache.");
COMPONENT(TreePlru, "Replacement by a binary tree of bits that point away from recent use.");
COMPONENT(Nru, "Replacement of the first line that was not used recently, by one bit a line.");
COMPONENT(Srrip,
          "Static re-reference interval prediction: new lines must be used once before they are kept.");
COMPONENT(RandomReplacement, "Replacement of any line, by a seeded sequence.");

namespace {

// A tree of ways - 1 bits a set in heap order: node n has children 2n and 2n + 1, the root is 1; 1 means "go
// right".
class TreePlruState final : public ReplacementState {
  public:
    TreePlruState(u32 sets, u32 ways) : ways_(ways), bits_(u64(sets) * ways, 0) {}

    void touch(u32 set, u32 way) override {
        u8 *tree = &bits_[u64(set) * ways_];
        for (u32 node = way + ways_; node > 1; node /= 2) tree[node / 2] = node % 2 == 0;
    }
    void insert(u32 set, u32 way) override { touch(set, way); }
    u32 victim(u32 set) override {
        const u8 *tree = &bits_[u64(set) * ways_];
        u32 node = 1;
        while (node < ways_) node = 2 * node + tree[node];
        return node - ways_;
    }

  private:
    const u32 ways_;
    std::vector<u8> bits_;
};

// When the last line without its bit is used, all others lose theirs.
class NruState final : public ReplacementState {
  public:
    NruState(u32 sets, u32 ways) : all_(ways == 64 ? ~u64{0} : (u64{1} << ways) - 1), used_(sets, 0) {}

    void touch(u32 set, u32 way) override {
        const u64 bit = u64{1} << way;
        used_[set] |= bit;
        if (used_[set] == all_) used_[set] = bit;
    }
    void insert(u32 set, u32 way) override { touch(set, way); }
    u32 victim(u32 set) override {
        const u64 unused = ~used_[set] & all_;
        return unused ? u32(std::countr_zero(unused)) : 0;   // none is left only where there is one way
    }

  private:
    const u64 all_;
    std::vector<u64> used_;
};

// Jaleel et al. 2010, hit priority: a line enters with the last but one prediction and a hit makes it "soon"
// (0).
class SrripState final : public ReplacementState {
  public:
    SrripState(u32 sets, u32 ways, u32 bits)
        : ways_(ways), distant_(u8((1u << bits) - 1)), predictions_(u64(sets) * ways, distant_) {}

    void touch(u32 set, u32 way) override { predictions_[u64(set) * ways_ + way] = 0; }
    void insert(u32 set, u32 way) override { predictions_[u64(set) * ways_ + way] = u8(distant_ - 1); }
    u32 victim(u32 set) override {
        u8 *line = &predictions_[u64(set) * ways_];
        u32 oldest = 0;
        for (u32 way = 1; way < ways_; ++way)
            if (line[way] > line[oldest]) oldest = way;
        const u8 age = u8(distant_ - line[oldest]);   // as if all aged together until one is distant
        for (u32 way = 0; way < ways_; ++way) line[way] = u8(line[way] + age);
        return oldest;
    }

  private:
    const u32 ways_;
    const u8 distant_;
    std::vector<u8> predictions_;
};

// The splitmix64 sequence.
class RandomState final : public ReplacementState {
  public:
    RandomState(u32 ways, u64 seed) : ways_(ways), state_(seed) {}

    void touch(u32, u32) override {}
    void insert(u32, u32) override {}
    u32 victim(u32) override {
        u64 z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        z ^= z >> 31;
        return u32((z >> 32) * ways_ >> 32);
    }

  private:
    const u32 ways_;
    u64 state_;
};

}  // namespace

std::unique_ptr<ReplacementState> Lru::make(u32, u32) const { return nullptr; }

std::unique_ptr<ReplacementState> TreePlru::make(u32 sets, u32 ways) const {
    if (!std::has_single_bit(ways))
        throw ConfigError("TreePlru: the cache has ways=" + std::to_string(ways) +
                          "; a tree needs a power of two; change ways or use another policy");
    return std::make_unique<TreePlruState>(sets, ways);
}

std::unique_ptr<ReplacementState> Nru::make(u32 sets, u32 ways) const {
    if (ways > 64)
        throw ConfigError("Nru: the cache has ways=" + std::to_string(ways) + "; at most 64 are possible");
    return std::make_unique<NruState>(sets, ways);
}

Srrip::Srrip(const Params &params) : params_(params) {
    if (params.bits == 0 || params.bits > 7)
        throw ConfigError("Srrip: bits=" + std::to_string(params.bits) + "; it must be 1 to 7, 2 is usual");
}

std::unique_ptr<ReplacementState> Srrip::make(u32 sets, u32 ways) const {
    return std::make_unique<SrripState>(sets, ways, params_.bits);
}

std::unique_ptr<ReplacementState> RandomReplacement::make(u32, u32 ways) const {
    return std::make_unique<RandomState>(ways, params_.seed);
}

}  // namespace sim
