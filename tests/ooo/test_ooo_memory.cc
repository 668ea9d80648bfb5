// SPDX-License-Identifier: BSD-3-Clause
// OutOfOrderCore: loads and stores: latencies at every level, replays, forwarding, order violations.
#include "cache/cache.hh"
#include "core/random_words.hh"
#include "ooo/ooo_rig.hh"

namespace sim::test {
namespace {

using namespace assembler;

// Every word of the chain points to the next, `stride` bytes further, `count` of them in a ring.
void link_ring(OooRig &rig, u64 count, u64 stride) {
    for (u64 i = 0; i < count; ++i)
        rig.board.memory().store(kDataAt + i * stride, 8, kDataAt + (i + 1) % count * stride);
}
// Cycles that a load costs in a chain once around the ring, after two warming laps.
double chase(u64 count, u64 stride, const Change &change, OutOfOrderCore::Stats *last_lap = nullptr) {
    Cycle laps[2];
    OutOfOrderCore::Stats stats[2];
    for (u64 lap : {0, 1}) {
        OooRig rig(straight({}, {ld(10, 10, 0)}, (lap + 2) * count), change);
        link_ring(rig, count, stride);
        laps[lap] = rig.run().cycles;
        stats[lap] = rig.core->stats;
    }
    if (last_lap) {
        *last_lap = stats[1];
        last_lap->replays -= stats[0].replays;
    }
    return double(laps[1] - laps[0]) / double(count);
}

TEST(OutOfOrderCore, LoadsThatHitFollowEachOtherAfterTheAddressAndTheHitLatency) {
    for (u32 latency : {1u, 3u, 4u, 7u}) {
        OutOfOrderCore::Stats stats;
        EXPECT_EQ(chase(64, 64, [&](OooSettings &s) { s.l1d_latency = latency; }, &stats), 1 + latency);
        EXPECT_EQ(stats.replays, 0u);
    }
}

// Two caches over a memory; the settings that put them before a core.
struct TwoLevels {
    TwoLevels() {
        FixedLatencyMemory::Params slow;
        slow.latency = 80;
        memory = std::make_unique<FixedLatencyMemory>(slow);
        Cache::Params p;
        p.size = 16_KiB, p.ways = 4, p.hit_latency = 9, p.next = memory.get();
        l2 = std::make_unique<Cache>(p);
        p.size = 1_KiB, p.ways = 2, p.hit_latency = 3, p.next = l2.get();
        l1 = std::make_unique<Cache>(p);
    }
    std::unique_ptr<Memory> memory, l2, l1;
};
double chase_levels(u64 count, bool ideal, u32 to_execute, OutOfOrderCore::Stats *stats = nullptr) {
    std::vector<std::unique_ptr<TwoLevels>> machines;   // one a run
    return chase(count, 64, [&](OooSettings &s) {
        machines.push_back(std::make_unique<TwoLevels>());
        s.core.l1d = machines.back()->l1.get();
        s.core.hit_latency = 0;   // the cache's own
        s.core.ideal_wakeup = ideal;
        s.core.schedule_to_execute = to_execute;
    }, stats);
}

// A cache that compares tags for `tags` cycles before it reads one way's array; 0: it reads all ways side by side.
struct SequentialL1 {
    static SequentialAccess::Params compared_in(u32 cycles) {
        SequentialAccess::Params p;
        p.tag_cycles = cycles;
        return p;
    }
    explicit SequentialL1(u32 tags) : access(compared_in(tags)) {
        Cache::Params p;
        p.hit_latency = 3, p.next = &memory, p.layout = &layout;
        if (tags) p.way_access = &access;
        l1 = std::make_unique<Cache>(p);
    }
    FixedLatencyMemory memory{{}};
    LinearRow layout{{}};
    SequentialAccess access;
    std::unique_ptr<Cache> l1;
};
double chase_sequential(u32 tags, u32 counted_on, OutOfOrderCore::Stats &stats) {
    std::vector<std::unique_ptr<SequentialL1>> machines;
    return chase(64, 64, [&](OooSettings &s) {
        machines.push_back(std::make_unique<SequentialL1>(tags));
        s.core.l1d = machines.back()->l1.get();
        s.core.hit_latency = counted_on;
    }, &stats);
}

TEST(OutOfOrderCore, WakeupCountsOnTheTagsThatAreComparedBeforeTheDataIsReadWithoutBeingTold) {
    for (u32 tags : {0u, 1u, 2u}) {
        OutOfOrderCore::Stats own, less, more;
        EXPECT_EQ(chase_sequential(tags, 0, own), 1 + 3 + tags);
        EXPECT_EQ(own.replays, 0u);
        chase_sequential(tags, 3 + tags - 1, less);   // the data is not there one cycle earlier
        EXPECT_GT(less.replays, 32u);
        EXPECT_EQ(chase_sequential(tags, 3 + tags + 1, more), 1 + 3 + tags + 1);
        EXPECT_EQ(more.replays, 0u);
    }
}

// A miss's data is announced when it is there, so its consumer still has the way to execution before it.
TEST(OutOfOrderCore, UnloadedLoadLatencyIsTheSumOfTheLevelsPassed) {
    for (u32 to_execute : {1u, 2u, 4u}) {
        EXPECT_EQ(chase_levels(16, false, to_execute), 1 + 3);                              // 1 KiB: L1
        EXPECT_EQ(chase_levels(128, false, to_execute), 1 + 3 + 9 + to_execute);            // 8 KiB: L2
        EXPECT_EQ(chase_levels(512, false, to_execute), 1 + 3 + 9 + 80 + to_execute);       // 32 KiB: memory
    }
}

TEST(OutOfOrderCore, EveryLoadThatMissesSendsItsOneConsumerBackOnce) {
    OutOfOrderCore::Stats stats;
    chase_levels(128, false, 2, &stats);
    EXPECT_EQ(stats.replays, 128u);
    chase_levels(128, true, 2, &stats);
    EXPECT_EQ(stats.replays, 0u);
}

TEST(OutOfOrderCore, EveryConsumerIssuedInTheShadowOfAMissIsReplayed) {
    for (u32 consumers = 0; consumers <= 4; ++consumers) {
        TwoLevels levels;
        Code body = {ld(5, 10, 0)};
        for (u32 i = 0; i < consumers; ++i) body.push_back(add(20 + i, 5, 5));
        OooRig rig(straight({}, body, 1), [&](OooSettings &s) {
            s.core.l1d = levels.l1.get();
            s.core.hit_latency = 3;
            s.width(8);
        });
        EXPECT_EQ(rig.run().replays, consumers);
    }
}

// The load, long ready, finds the store in the cycle in which that executes. Its consumer, the next store,
// still has the way to execution before it.
TEST(OutOfOrderCore, StoreToLoadForwardingTakesTheForwardLatencyOrTheWayToExecution) {
    for (u32 forward : {1u, 2u, 4u, 9u})
        for (u32 to_execute : {1u, 2u, 4u})
            EXPECT_EQ(cost({sd(5, 10, 0), ld(5, 10, 0)}, [&](OooSettings &s) {
                          s.core.forward_latency = forward;
                          s.core.schedule_to_execute = to_execute;
                          s.core.speculate_memory = false;
                      }), std::max(to_execute + 1, forward));
}

TEST(OutOfOrderCore, CountsForwardedLoads) {
    OooRig rig(straight({}, {sd(5, 10, 0), load(0, 6, 10, 3), ld(7, 10, 128)}, 40));
    const OutOfOrderCore::Stats &stats = rig.run();
    EXPECT_EQ(stats.forwarded_loads, 40u);
    EXPECT_EQ(stats.committed_loads, 80u);
    EXPECT_EQ(stats.committed_stores, 40u);
}

// Every byte of the load from the youngest older store that has it, else from memory.
TEST(OutOfOrderCore, ALoadAssemblesItsBytesFromSeveralStoresAndMemory) {
    for (bool speculates : {false, true}) {
        Code code;
        load_constant(code, 5, 0x11111111);
        load_constant(code, 6, 0x22222222);
        load_constant(code, 7, 0x33333333);
        code.insert(code.end(), {store(2, 5, 10, 0), store(1, 6, 10, 2), store(0, 7, 10, 3)});
        code.insert(code.end(), {ld(8, 10, 0), kEcall});
        OooRig rig(code, [&](OooSettings &s) { s.core.speculate_memory = speculates; });
        rig.board.memory().store(kDataAt, 8, 0xaaaa'aaaa'aaaa'aaaa);
        rig.run();
        EXPECT_EQ(rig.core->hart().reg[8], 0xaaaa'aaaa'3322'1111u);
    }
}

TEST(OutOfOrderCore, ALoadAcrossTwoLinesGetsBothParts) {
    OooRig rig(straight({}, {ld(5, 10, 60), store(2, 5, 10, 64), ld(6, 10, 60)}, 1));
    rig.board.memory().store(kDataAt + 60, 8, 0x1122'3344'5566'7788);
    rig.run();
    EXPECT_EQ(rig.core->hart().reg[5], 0x1122'3344'5566'7788u);
    EXPECT_EQ(rig.core->hart().reg[6], 0x5566'7788'5566'7788u);
}

// A store whose address comes out of a division, and a load from that address right behind it.
Code late_store_loop(u32 rounds, i32 distance) {
    Code code;
    load_constant(code, 11, rounds);
    code.push_back(addi(7, 0, 1));
    const Code body = {div(6, 0, 7), add(6, 6, 10), sd(11, 6, 0), ld(9, 10, distance), addi(11, 11, -1)};
    code.insert(code.end(), body.begin(), body.end());
    code.push_back(bne(11, 0, -i32(body.size()) * 4));
    code.push_back(kEcall);
    return code;
}
void one_round_at_a_time(OooSettings &s) {
    s.learns = true;
    s.core.rob_entries = 6;   // no load of the next round passes this round's store
}

TEST(OutOfOrderCore, ALoadThatPassedAnOlderStoreToItsBytesIsSquashed) {
    OooRig rig(late_store_loop(50, 0), one_round_at_a_time);
    const OutOfOrderCore::Stats &stats = rig.run();
    EXPECT_EQ(stats.memory_violations, 50u);
    EXPECT_EQ(rig.core->hart().reg[9], 1u);
    OooRig apart(late_store_loop(50, 8), one_round_at_a_time);
    EXPECT_EQ(apart.run().memory_violations, 0u);
}

TEST(OutOfOrderCore, ALoadServedByAYoungerStoreIsNotSquashedByAnOlderOne) {
    const Code code = {addi(7, 0, 1), div(6, 0, 7),  add(6, 6, 10), sd(5, 6, 0),
                       sd(7, 10, 0),  ld(9, 10, 0), kEcall};
    OooRig rig(code);
    EXPECT_EQ(rig.run().memory_violations, 0u);
    EXPECT_EQ(rig.core->stats.forwarded_loads, 1u);
    EXPECT_EQ(rig.core->hart().reg[9], 1u);
}

TEST(OutOfOrderCore, LoadsThatDoNotSpeculateNeverViolate) {
    OooRig rig(late_store_loop(50, 0), [](OooSettings &s) { s.core.speculate_memory = false; });
    EXPECT_EQ(rig.run().memory_violations, 0u);
}

TEST(OutOfOrderCore, StoreSetsLearnFromOneViolation) {
    StoreSets sets({});
    OooRig rig(late_store_loop(50, 0), [&](OooSettings &s) {
        one_round_at_a_time(s);
        s.core.memory_dependence = &sets;
    });
    EXPECT_EQ(rig.run().memory_violations, 1u);
    EXPECT_GE(sets.stats.waiting_loads, 48u);
    EXPECT_EQ(rig.core->hart().reg[9], 1u);
}

TEST(OutOfOrderCore, LoadAndStorePortsBoundTheirThroughput) {
    const auto per_access = [](u32 word, u32 ports, u32 units) {
        return cost(Code(8, word), [&](OooSettings &s) {
                   s.width(8);
                   s.core.load_ports = s.core.store_ports = ports;
                   s.units.address = units;
               }) / 8;
    };
    EXPECT_DOUBLE_EQ(per_access(ld(5, 10, 0), 1, 4), 1.0);
    EXPECT_DOUBLE_EQ(per_access(ld(5, 10, 0), 2, 4), 0.5);
    EXPECT_DOUBLE_EQ(per_access(ld(5, 10, 0), 4, 2), 0.5);
    EXPECT_DOUBLE_EQ(per_access(sd(5, 10, 0), 1, 4), 1.0);
    EXPECT_DOUBLE_EQ(per_access(sd(5, 10, 0), 2, 4), 0.5);
}

// Loads of lines that nothing has touched: as many at a time as there are MSHRs.
TEST(OutOfOrderCore, MissesOverlapAsFarAsMshrsAllow) {
    const auto cycles = [](u32 mshrs) {
        FixedLatencyMemory::Params slow;
        slow.latency = 100;
        FixedLatencyMemory memory(slow);
        Cache::Params p;
        p.mshrs = mshrs, p.hit_latency = 4, p.ports = 2, p.next = &memory;
        Cache cache(p);
        Code code;
        for (u32 i = 0; i < 32; ++i) code.push_back(ld(5, 10, i32(64 * i)));
        code.push_back(kEcall);
        OooRig rig(code, [&](OooSettings &s) { s.core.l1d = &cache; });
        return rig.run().cycles;
    };
    const double one = double(cycles(1)), four = double(cycles(4)), many = double(cycles(32));
    EXPECT_NEAR(one, 32 * 104, 100);
    EXPECT_NEAR(four, 8 * 104, 60);
    EXPECT_LT(many, 104 + 60);
}

TEST(OutOfOrderCore, RandomStoresAndLoadsOfAFewLinesAreExact) {
    for (u32 seed = 1; seed <= 20; ++seed)
        for (bool speculates : {false, true}) {
            RandomWords words(seed);
            OooRig rig(words.program(150, 20), [&](OooSettings &s) {
                s.core.speculate_memory = speculates;
                s.learns = true;
            });
            rig.run();   // the checker throws at the first difference
        }
}

}  // namespace
}  // namespace sim::test
