// SPDX-License-Identifier: BSD-3-Clause
// HoLiSwap: the cache with swaps behaves like its twin without them, swaps take time and ports, and hot lines are found.
#include <cstring>
#include "cache/cache_rig.hh"

namespace sim::test {
namespace {

constexpr u32 kTwinSets = 4, kTwinWays = 4, kTwinLines = 40;

// Prefetches the next line of misses, and notes every line that arrives.
class NotingPrefetcher final : public Model<NotingPrefetcher, Prefetcher> {
  public:
    struct Params : Described<Params> {};
    struct Stats : Described<Stats> {};
    void observe(const PrefetchTrigger &trigger, PrefetchList &wanted) override {
        if (!trigger.hit || trigger.first_use) wanted.add(trigger.address + kLine);
    }
    void filled(Address address, bool, Cycle now) override {
        if (on_fill) on_fill(address, now);
    }
    const Params &params() const { return params_; }
    Stats stats;
    std::function<void(Address, Cycle)> on_fill;

  private:
    const Params params_{};
};

// Answers a line only when told to.
class ObedientMemory final : public Model<ObedientMemory, Memory> {
  public:
    struct Params : Described<Params> {};
    struct Stats : Described<Stats> {};
    Cycle access(const MemoryRequest &request, Cycle) override {
        if (request.kind == AccessKind::Writeback) written.push_back(request.address);
        else waiting.push_back(request);
        return kMiss;
    }
    void answer(Address address, Cycle now) {
        for (std::size_t n = 0; n < waiting.size(); ++n) {
            if (waiting[n].address / kLine != address / kLine) continue;
            const MemoryRequest request = waiting[n];
            waiting.erase(waiting.begin() + n);
            return request.client->memory_done(request.tag, now);
        }
        FAIL() << "the twin did not ask for " << address;
    }
    const Params &params() const { return params_; }
    Stats stats;
    std::vector<MemoryRequest> waiting;
    std::vector<Address> written;

  private:
    const Params params_{};
};

struct Pair {
    explicit Pair(Replacement *policy, u32 write_buffer)
        : swapped(parameters(policy, write_buffer, memory, &prefetcher, true)),
          twin(parameters(policy, write_buffer, obedient, &twin_prefetcher, false)) {
        for (Component *part : std::initializer_list<Component *>{&memory, &obedient, &swapped, &twin}) part->attach(clock);
        memory.latency = 37;
        prefetcher.on_fill = [this](Address address, Cycle now) { obedient.answer(address, now); };
    }
    Cache::Params parameters(Replacement *policy, u32 write_buffer, Memory &next, Prefetcher *own, bool swaps) {
        return params<Cache>([&](auto &p) {
            p.size = kTwinSets * kTwinWays * kLine, p.ways = kTwinWays, p.hit_latency = 3, p.tag_latency = 1;
            p.ports = 1, p.mshrs = 8, p.write_buffer_entries = write_buffer;
            p.replacement = policy, p.prefetcher = own, p.next = &next;
            if (swaps) p.layout = &layout, p.swap = &swap, p.hot_lines = &hot_lines, p.way_prediction = &prediction;
        });
    }
    // What the cache with swaps takes, its twin takes in the same cycle, with the same outcome.
    void ask(Address address, AccessKind kind) {
        const Cycle answer = source.ask(swapped, address, kind);
        if (answer == kBusy) return;
        const Cycle other = twin_source.ask(twin, address, kind);
        ASSERT_NE(other, kBusy) << "cycle " << clock.now;
        ASSERT_EQ(other == kMiss, answer == kMiss) << "address " << address << " in cycle " << clock.now;
    }
    void expect_same_contents() {
        for (Address line = 0; line < kTwinLines; ++line)
            ASSERT_EQ(swapped.probe(line * kLine), twin.probe(line * kLine)) << "line " << line << " cycle " << clock.now;
    }
    void take_back(Address address) {
        u64 version = 0;
        ASSERT_EQ(swapped.give_up(address, version), twin.give_up(address, version));
    }

    Clock clock;
    Source source{clock}, twin_source{clock};
    Sink memory;
    ObedientMemory obedient;
    NotingPrefetcher prefetcher, twin_prefetcher;
    LinearRow layout{{}};
    HotLineSwap swap{params<HotLineSwap>([](auto &p) {
        p.threshold = 4, p.window = 8, p.keep = 2, p.line_cycles = 2, p.patience = 3, p.confidence_bits = 2;
    })};
    HotLines hot_lines{params<HotLines>([](auto &p) { p.threshold = 4, p.window = 8; })};
    MruWay prediction{{}};
    Cache swapped, twin;
};

// Traffic that dwells on some lines and moves on, with everything that can happen to a line in between.
void run_twins(Replacement *policy, u32 write_buffer, u64 x, bool disturbs) {
    Pair pair(policy, write_buffer);
    Address favourite = 0;
    for (u32 i = 0; i < 30000; ++i) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        if ((x >> 33) % 50 == 0) favourite = (x >> 40) % kTwinLines * kLine;
        const Address address = (x >> 30) % 3 ? favourite : (x >> 45) % kTwinLines * kLine;
        const u32 what = (x >> 20) % 32;
        pair.ask(address, what < 20   ? AccessKind::Read
                          : what < 28 ? AccessKind::Write
                          : what < 30 ? AccessKind::Fetch
                          : what < 31 ? AccessKind::Writeback
                                      : AccessKind::Prefetch);
        if (disturbs && (x >> 50) % 200 == 0) pair.take_back(favourite);
        if (disturbs && (x >> 50) % 3001 == 0) pair.swapped.invalidate_all(pair.clock.now), pair.twin.invalidate_all(pair.clock.now);
        pair.source.run((x >> 58) % 4);
        if (i % 8 == 0) pair.expect_same_contents();
        if (::testing::Test::HasFatalFailure()) return;
    }
    pair.source.run_until_idle();
    pair.expect_same_contents();
    const auto &a = pair.swapped.stats, &b = pair.twin.stats;
    EXPECT_EQ(a.hits, b.hits);
    EXPECT_EQ(a.misses, b.misses);
    EXPECT_EQ(a.evictions, b.evictions);
    EXPECT_EQ(a.fills, b.fills);
    EXPECT_EQ(a.writebacks, b.writebacks);
    EXPECT_EQ(a.prefetches_useful, b.prefetches_useful);
    EXPECT_EQ(a.write_buffer_hits, b.write_buffer_hits);
    const auto &s = pair.swap.stats;
    EXPECT_GT(s.swaps, 100u);
    EXPECT_GT(s.set_rejections, 100u);
    EXPECT_GT(s.fill_waits, 10u);
    EXPECT_GT(s.port_conflicts, 10u);
    EXPECT_GT(s.forced_ports, 0u);
    if (disturbs) {
        EXPECT_GT(s.abandoned_swaps, 0u);
        EXPECT_GT(s.hurried_swaps, 0u);
    }
    EXPECT_GT(a.prefetches_useful * a.writebacks * a.evictions, 0u);
}

TEST(HotLineSwap, CacheEqualsItsTwinWithoutSwapsUnderEveryPolicy) {
    Lru lru({});
    TreePlru tree({});
    Nru nru({});
    Srrip srrip({});
    RandomReplacement random({});
    for (Replacement *policy : std::initializer_list<Replacement *>{nullptr, &lru, &tree, &nru, &srrip, &random})
        for (const bool disturbs : {false, true}) {
            SCOPED_TRACE(policy ? std::string(policy->type_name()) : "default");
            run_twins(policy, 64, 1 + disturbs, disturbs);
        }
}

struct SwapParts {   // built before the cache
    LinearRow layout{{}};
    HotLineSwap swap{params<HotLineSwap>([](auto &p) { p.threshold = 8, p.window = 16, p.keep = 4; })};
    HotLines hot_lines{params<HotLines>([](auto &p) { p.threshold = 8, p.window = 16; })};
};

struct SwapRig : SwapParts, CacheRig {
    explicit SwapRig(const std::function<void(Cache::Params &)> &change = {})
        : CacheRig([&](Cache::Params &p) {
              p.size = 4 * 4 * kLine, p.ways = 4, p.layout = &layout, p.swap = &swap, p.hot_lines = &hot_lines;
              if (change) change(p);
          }) {}
    void hit(Address address, u32 times) {
        for (u32 n = 0; n < times; ++n) source.wait_for(cache, address);
    }
};

TEST(HotLineSwap, HotLineMovesToTheNearWayAndIsServedFromThere) {
    SwapRig rig;
    rig.load(rig.rival(0));
    rig.load(rig.rival(1));   // lies in way 1
    rig.hit(rig.rival(1), 8);
    EXPECT_EQ(rig.swap.stats.requests, 1u);
    EXPECT_EQ(rig.layout.stats.words[1], 8u);
    rig.source.run_until_idle();
    EXPECT_EQ(rig.swap.stats.swaps, 1u);
    rig.hit(rig.rival(1), 4);
    EXPECT_EQ(rig.layout.stats.words[0], 4u);
    EXPECT_EQ(rig.layout.stats.near_accesses, 4u);
    EXPECT_EQ(rig.swap.stats.home_words[1], 12u);   // as if it had not moved
    rig.hit(rig.rival(0), 1);
    EXPECT_EQ(rig.layout.stats.words[1], 9u);
}

TEST(HotLineSwap, SwapTakesFourIdlePortCyclesAndTurnsItsSetAwayUntilThen) {
    SwapRig rig;
    rig.load(rig.rival(0));
    rig.load(rig.rival(1));
    rig.load(kLine);   // of another set
    rig.hit(rig.rival(1), 7);
    const Cycle begin = rig.clock.now;
    ASSERT_NE(rig.ask(rig.rival(1)), kBusy);
    EXPECT_EQ(rig.ask(rig.rival(1)), kBusy);
    for (Cycle c = begin + 1; c < begin + 5; ++c) {   // the steps take cycles begin + 1 to begin + 4
        rig.source.run_to(c);
        EXPECT_EQ(rig.ask(rig.rival(0)), kBusy) << c - begin;
        EXPECT_NE(rig.ask(kLine), kBusy);   // the second port stays idle
    }
    rig.source.run_to(begin + 5);
    EXPECT_NE(rig.ask(rig.rival(0)), kBusy);
    EXPECT_EQ(rig.swap.stats.swaps, 1u);
    EXPECT_EQ(rig.swap.stats.line_moves, 4u);
    EXPECT_EQ(rig.swap.stats.swap_lines[0], 2u);
    EXPECT_EQ(rig.swap.stats.swap_lines[1], 2u);
    EXPECT_EQ(rig.swap.stats.set_rejections, 5u);
    EXPECT_EQ(rig.layout.stats.array_line_reads, 2u);
    EXPECT_EQ(rig.layout.stats.array_line_writes, 2u + 3);   // and three fills
}

TEST(HotLineSwap, EngineWaitsForABusyPortAndForcesOneWhenItsPatienceEnds) {
    SwapRig rig([](Cache::Params &p) { p.ports = 1; });
    rig.load(rig.rival(0));
    rig.load(rig.rival(1));
    rig.load(kLine);
    rig.hit(rig.rival(1), 8);
    u32 refused = 0;
    for (u32 n = 0; n < 80; ++n) {
        rig.source.run(1);
        refused += rig.ask(kLine) == kBusy;   // the port is wanted in every cycle
    }
    EXPECT_EQ(rig.swap.stats.swaps, 1u);
    EXPECT_EQ(rig.swap.stats.forced_ports, 4u - 3);   // three steps fell into the idle cycles before
    EXPECT_EQ(rig.swap.stats.port_conflicts, 16u);
    EXPECT_EQ(refused, 1u);
    EXPECT_EQ(rig.cache.stats.port_rejections, 1u);
}

TEST(HotLineSwap, LineBelowTheThresholdStays) {
    SwapRig rig;
    rig.load(rig.rival(0));
    rig.load(rig.rival(1));
    for (u32 n = 0; n < 200; ++n) rig.hit(rig.rival(n % 5 < 2 ? 1 : 2 + n % 2), 1);   // 40 %
    EXPECT_EQ(rig.swap.stats.requests, 0u);
    EXPECT_EQ(rig.hot_lines.stats.hot_accesses, 0u);
}

TEST(HotLineSwap, EvictionOfTheHotLineClearsWhatTheSetRemembers) {
    SwapRig rig;
    rig.load(rig.rival(0));
    rig.load(rig.rival(1));
    rig.hit(rig.rival(1), 8);
    rig.source.run_until_idle();
    EXPECT_TRUE(rig.swap.near_is_hot(0));
    for (u32 i = 2; i < 6; ++i) rig.load(rig.rival(i));
    EXPECT_FALSE(rig.cache.probe(rig.rival(1)));
    EXPECT_FALSE(rig.swap.near_is_hot(0));
    EXPECT_EQ(rig.swap.stats.hot_ends, 1u);
    EXPECT_EQ(rig.hot_lines.stats.dead_hot_lines, 1u);
}

TEST(HotLineSwap, CheapCounterNeverCallsALineHotThatTheOracleDoesNot) {
    for (u64 seed = 1; seed < 6; ++seed) {
        HotLineSwap cheap({}), exact(params<HotLineSwap>([](auto &p) { p.exact = true; }));
        cheap.begin(1, 8, "test");
        exact.begin(1, 8, "test");
        u64 x = seed, cheap_count = 0, exact_count = 0;
        for (u32 i = 0; i < 128 * 400; ++i) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            const u32 share = i / 128 % 11;   // of ten accesses to the favoured line
            const u32 way = (x >> 33) % 10 < share ? 3 : u32(x >> 60) % 8;
            const bool says = cheap.accessed(0, way), knows = exact.accessed(0, way);
            ASSERT_LE(says, knows) << i;
            cheap_count += says, exact_count += knows;
        }
        EXPECT_GT(cheap_count, exact_count * 8 / 10);
    }
}

TEST(HotLines, OracleCountsAllHitsOfALineFromTheWindowsBeginning) {
    HotLines oracle({});
    oracle.begin(1, 2, "test");
    oracle.arrived(0, 0);
    oracle.arrived(0, 1);
    for (u32 n = 0; n < 128; ++n) oracle.accessed(0, n % 2);        // 64 each: a tie makes two
    EXPECT_EQ(oracle.stats.hot_accesses, 128u);
    for (u32 n = 0; n < 128; ++n) oracle.accessed(0, n % 128 < 63);   // 63 and 65
    EXPECT_EQ(oracle.stats.hot_accesses, 128u + 65);
    for (u32 n = 0; n < 128; ++n) oracle.accessed(0, n < 40 ? 0 : HotLines::kNoWay);
    EXPECT_EQ(oracle.stats.hot_windows, 3u);
    EXPECT_EQ(oracle.stats.hot_lives, 2u);
    EXPECT_EQ(oracle.stats.hot_life(), 1.5 * 128);
    oracle.left(0, 0);
    EXPECT_EQ(oracle.stats.active_hot(), 2 * 128 + 40);
}

TEST(WayParts, ImpossibleCombinationsAreRefused) {
    LinearRow layout({}), other({});
    NearWay near({});
    ParallelAccess parallel({});
    HotLineSwap swap({});
    EXPECT_THROW(CacheRig([&](Cache::Params &p) { p.swap = &swap; }), ConfigError);
    EXPECT_THROW(CacheRig([&](Cache::Params &p) { p.layout = &layout, p.way_prediction = &near, p.way_access = &parallel; }),
                 ConfigError);
    CacheRig first([&](Cache::Params &p) { p.layout = &other; });
    EXPECT_THROW(CacheRig([&](Cache::Params &p) { p.layout = &other; }), ConfigError);
    LinearRow wide({});
    EXPECT_THROW(CacheRig([&](Cache::Params &p) { p.size = 32 * kLine, p.ways = 32, p.layout = &wide; }), ConfigError);
}

}  // namespace
}  // namespace sim::test
