// SPDX-License-Identifier: BSD-3-Clause
// Replacement policies: after every access of a random sequence, a cache holds exactly the lines that an
// independent, slow model of the policy holds.
#include <list>
#include <set>
#include "cache/cache_rig.hh"

namespace sim::test {
namespace {

constexpr u32 kSets = 4;

u64 next_random(u64 &x) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    return x >> 33;
}

// One set of a reference model; ways are filled from 0 up before anything leaves.
class ReferenceSet {
  public:
    explicit ReferenceSet(u32 ways) : lines(ways, ~u64{0}) {}
    virtual ~ReferenceSet() = default;

    void access(u64 line) {
        for (u32 way = 0; way < lines.size(); ++way)
            if (lines[way] == line) return used(way, true);
        u32 way = 0;
        while (way < lines.size() && lines[way] != ~u64{0}) ++way;
        if (way == lines.size()) way = victim();
        lines[way] = line;
        used(way, false);
    }
    bool holds(u64 line) const { return std::find(lines.begin(), lines.end(), line) != lines.end(); }

    std::vector<u64> lines;

  private:
    virtual void used(u32 way, bool hit) = 0;
    virtual u32 victim() = 0;
};

class ReferenceLru final : public ReferenceSet {
  public:
    using ReferenceSet::ReferenceSet;

  private:
    void used(u32 way, bool) override {
        order_.remove(way);
        order_.push_back(way);
    }
    u32 victim() override { return order_.front(); }
    std::list<u32> order_;   // oldest first
};

// Each half of each aligned group of ways knows whether it was the half used last.
class ReferenceTree final : public ReferenceSet {
  public:
    using ReferenceSet::ReferenceSet;

  private:
    void used(u32 way, bool) override {
        for (u32 low = 0, high = u32(lines.size()); high - low > 1;) {
            const u32 middle = (low + high) / 2;
            const bool right = way >= middle;
            right_is_newer_[{low, high}] = right;
            (right ? low : high) = middle;
        }
    }
    u32 victim() override {
        u32 low = 0, high = u32(lines.size());
        while (high - low > 1) {
            const u32 middle = (low + high) / 2;
            (right_is_newer_[{low, high}] ? high : low) = middle;
        }
        return low;
    }
    std::map<std::pair<u32, u32>, bool> right_is_newer_;
};

class ReferenceNru final : public ReferenceSet {
  public:
    using ReferenceSet::ReferenceSet;

  private:
    void used(u32 way, bool) override {
        recent_.insert(way);
        if (recent_.size() == lines.size()) recent_ = {way};
    }
    u32 victim() override {
        u32 way = 0;
        while (recent_.count(way)) ++way;
        return way;
    }
    std::set<u32> recent_;
};

class ReferenceSrrip final : public ReferenceSet {
  public:
    explicit ReferenceSrrip(u32 ways) : ReferenceSet(ways), prediction_(ways, 3) {}

  private:
    void used(u32 way, bool hit) override { prediction_[way] = hit ? 0 : 2; }
    u32 victim() override {
        for (;;) {
            for (u32 way = 0; way < lines.size(); ++way)
                if (prediction_[way] == 3) return way;
            for (u32 &value : prediction_) ++value;
        }
    }
    std::vector<u32> prediction_;
};

template <class Reference> void compare(Replacement *policy, u32 ways, u32 universe) {
    CacheRig rig(
        [&](Cache::Params &p) { p.size = kSets * ways * kLine, p.ways = ways, p.replacement = policy; });
    std::vector<Reference> sets(kSets, Reference(ways));
    u64 x = ways + universe, last = 0;
    for (u32 i = 0; i < 4000; ++i) {
        const u64 line = next_random(x) % 4 ? next_random(x) % universe : last;   // some hits in a row
        last = line;
        rig.load(line * kLine);
        sets[line % kSets].access(line);
        for (u64 other = line % kSets; other < universe; other += kSets)
            ASSERT_EQ(rig.cache.probe(other * kLine), sets[line % kSets].holds(other)) << "access " << i;
    }
    EXPECT_GT(rig.cache.stats.evictions, 200u);
    EXPECT_GT(rig.cache.stats.hits, 200u);
}

TEST(Replacement, LruMatchesItsReference) {
    for (const u32 ways : {1u, 2u, 3u, 8u}) compare<ReferenceLru>(nullptr, ways, kSets * (ways + 3));
    Lru named({});
    compare<ReferenceLru>(&named, 4, kSets * 7);
}

TEST(Replacement, TreePlruMatchesItsReference) {
    TreePlru policy({});
    for (const u32 ways : {1u, 2u, 4u, 16u}) compare<ReferenceTree>(&policy, ways, kSets * (ways + 3));
}

TEST(Replacement, NruMatchesItsReference) {
    Nru policy({});
    for (const u32 ways : {2u, 3u, 8u, 16u}) compare<ReferenceNru>(&policy, ways, kSets * (ways + 3));
}

TEST(Replacement, SrripMatchesItsReference) {
    Srrip policy({});
    for (const u32 ways : {1u, 2u, 4u, 8u}) compare<ReferenceSrrip>(&policy, ways, kSets * (ways + 3));
}

TEST(Replacement, SrripKeepsUsedLinesThroughAScan) {
    Srrip policy({});
    CacheRig scanned([&](Cache::Params &p) { p.size = 4 * kLine, p.ways = 4, p.replacement = &policy; });
    CacheRig lru([&](Cache::Params &p) { p.size = 4 * kLine, p.ways = 4; });
    for (CacheRig *rig : {&scanned, &lru}) {
        for (const Address line : {0, 1, 0, 1, 10, 11, 12, 13}) rig->load(line * kLine);
    }
    EXPECT_TRUE(scanned.cache.probe(0));
    EXPECT_TRUE(scanned.cache.probe(kLine));
    EXPECT_FALSE(lru.cache.probe(0));
}

TEST(Replacement, RandomUsesEveryWayAboutEquallyAndRepeatsWithItsSeed) {
    RandomReplacement::Params first_seed, second_seed;
    second_seed.seed = 7;
    RandomReplacement policy(first_seed), other(second_seed);
    const auto a = policy.make(1, 8), b = policy.make(1, 8), c = other.make(1, 8);
    std::vector<u32> count(8);
    u32 differs = 0;
    for (u32 i = 0; i < 8000; ++i) {
        const u32 way = a->victim(0);
        ASSERT_LT(way, 8u);
        ++count[way];
        ASSERT_EQ(b->victim(0), way);
        differs += c->victim(0) != way;
    }
    for (const u32 n : count) EXPECT_NEAR(n, 1000, 150);
    EXPECT_GT(differs, 6000u);
}

TEST(Replacement, ImpossibleWaysAreRefused) {
    TreePlru tree({});
    Nru nru({});
    EXPECT_THROW(tree.make(4, 6), ConfigError);
    EXPECT_THROW(nru.make(4, 65), ConfigError);
    EXPECT_THROW(Srrip(params<Srrip>([](auto &p) { p.bits = 0; })), ConfigError);
}

}  // namespace
}  // namespace sim::test
