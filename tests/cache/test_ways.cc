// SPDX-License-Identifier: BSD-3-Clause
// Layouts and way prediction: distances, what is read and driven, and what a wrong guess costs.
#include "cache/cache_rig.hh"
#include "energy/price.hh"
#include "energy/structures.hh"

namespace sim::test {
namespace {

template <class Layout> typename Layout::Params macro() {   // 32 KiB 8-way at 22 nm: CACTI's 4 KiB macro
    return params<Layout>([](auto &p) { p.macro_height = 0.0524, p.macro_width = 0.0672; });
}

template <class Layout> std::vector<double> distances(u32 ways) {
    Layout layout(macro<Layout>());
    layout.begin({4096, ways, 64}, "test");
    return layout.distances(22);
}

void expect_near(const std::vector<double> &found, const std::vector<double> &wanted) {
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t n = 0; n < found.size(); ++n) EXPECT_NEAR(found[n], wanted[n], 1e-4) << n;
}

TEST(WayLayout, DistancesAreThoseOfTheFloorplans) {
    expect_near(distances<LinearRow>(8), {.0262, .0786, .1310, .1834, .2358, .2882, .3406, .3930});
    expect_near(distances<CentredRow>(8), {.0262, .0262, .0786, .0786, .1310, .1310, .1834, .1834});
    expect_near(distances<TwoColumnSpine>(8), {.0262, .0262, .0786, .0786, .1310, .1310, .1834, .1834});
    expect_near(distances<CornerGrid>(8), {.0598, .1122, .1270, .1646, .1794, .2170, .2318, .2842});
    expect_near(distances<HTree>(8), std::vector<double>(8, .1720));
}

TEST(WayLayout, FarToNearIsAsPublishedForEveryLayout) {
    const auto ratio_of = [](const std::vector<double> &d) { return d.back() / d.front(); };
    EXPECT_NEAR(ratio_of(distances<LinearRow>(8)), 15, 1e-9);
    EXPECT_NEAR(ratio_of(distances<CentredRow>(8)), 7, 1e-9);      // the paper: over 6
    EXPECT_NEAR(ratio_of(distances<TwoColumnSpine>(4)), 3, 1e-9);
    EXPECT_NEAR(ratio_of(distances<CornerGrid>(8)), 4.75, 0.01);
    EXPECT_EQ(ratio_of(distances<HTree>(8)), 1);
}

TEST(WayLayout, MacroOfTheModelIsAsLargeAsCactis) {
    TwoColumnSpine layout({});
    layout.begin({4096, 8, 64}, "test");
    EXPECT_NEAR(layout.distances(22)[0] * 2, 0.0524, 0.0524 * 0.15);
}

// A machine's node is given once, where it is priced: a floorplan of one node with wires of another cannot be asked for.
TEST(WayLayout, ModelsMacrosGrowWithTheNodeThatIsPricedAndGivenOnesDoNot) {
    TwoColumnSpine modelled({}), given(macro<TwoColumnSpine>());
    for (WayLayout *layout : {static_cast<WayLayout *>(&modelled), static_cast<WayLayout *>(&given)})
        layout->begin({4096, 8, 64}, "test");
    for (u32 way = 0; way < 8; ++way) {
        EXPECT_NEAR(modelled.distances(45)[way] / modelled.distances(22)[way], 45.0 / 22, 0.1);
        EXPECT_EQ(given.distances(45)[way], given.distances(22)[way]);
    }
    StructureList list;
    modelled.list_structures_at(45, list);
    const auto wire = std::find_if(list.begin(), list.end(), [](const Structure &s) { return s.name == "wire_words7"; });
    ASSERT_NE(wire, list.end());
    EXPECT_EQ(std::get<WireGeometry>(wire->geometry).millimetres, modelled.distances(45)[7]);
}

TEST(WayLayout, EnergyIsCountsTimesPriceOfEveryWiresLength) {
    TwoColumnSpine layout(macro<TwoColumnSpine>());
    layout.begin({4096, 8, 64}, "test");
    layout.stats.words[7] = 10;
    StructureList list;
    layout.list_structures_at(22, list);
    double pj = 0;
    u32 wires = 0;
    for (const Structure &structure : list) {
        const auto *wire = std::get_if<WireGeometry>(&structure.geometry);
        if (!wire) continue;
        ++wires;
        EXPECT_EQ(wire->bits, structure.name.starts_with("wire_words") ? 64u + 12 : 512u + 12);
        if (structure.actions[0].stat == "words" && structure.actions[0].element == 7)
            pj += 10 * analytic_price(structure.geometry, {}).of(structure.actions[0].verb);
    }
    EXPECT_EQ(wires, 16u);
    EXPECT_NEAR(pj, 10 * 76 * 0.1834 * 0.08 * 0.5, 0.1 * pj);   // 0.08 pJ/bit/mm, half of the wires switch
}

struct Laid {   // built before the cache
    LinearRow layout{{}};
};

struct PredictionRig : Laid, CacheRig {
    PredictionRig(WayPrediction *prediction, WayAccess *access, u32 ports = 2)
        : CacheRig([&](Cache::Params &p) {
              p.size = 4 * 4 * kLine, p.ways = 4, p.ports = ports;
              p.layout = &layout, p.way_prediction = prediction, p.way_access = access;
          }) {}
};

TEST(WayPrediction, WrongGuessCostsACycleAPortAndASecondRead) {
    NearWay near({});
    PredictionRig rig(&near, nullptr, 1);
    rig.load(rig.rival(0));
    rig.load(rig.rival(1));
    const u64 reads = rig.layout.stats.array_reads;
    Cycle now = rig.clock.now;
    EXPECT_EQ(rig.ask(rig.rival(0)), now + 3);
    EXPECT_EQ(rig.layout.stats.array_reads, reads + 1);
    rig.source.run(1);
    now = rig.clock.now;
    EXPECT_EQ(rig.ask(rig.rival(1)), now + 4);
    EXPECT_EQ(rig.layout.stats.array_reads, reads + 3);
    rig.source.run(1);
    EXPECT_EQ(rig.ask(rig.rival(0)), kBusy);   // the second probe has the port
    rig.source.run(1);
    EXPECT_NE(rig.ask(rig.rival(0)), kBusy);
    EXPECT_EQ(near.stats.right, 2u);
    EXPECT_EQ(near.stats.wrong, 1u);
    EXPECT_EQ(near.stats.wasted, 2u);
    EXPECT_EQ(rig.layout.stats.words[0], 2u + 1 + 2);   // the wrong guess and the misses drove it too
}

TEST(WayPrediction, StoresNeedNoGuess) {
    NearWay near({});
    PredictionRig rig(&near, nullptr);
    rig.load(rig.rival(0));
    rig.load(rig.rival(1));
    const Cycle now = rig.clock.now;
    EXPECT_EQ(rig.ask(rig.rival(1), AccessKind::Write), now + 3);
    EXPECT_EQ(near.stats.wrong, 0u);
    EXPECT_EQ(rig.layout.stats.array_writes, 1u);
    EXPECT_EQ(rig.layout.stats.words[1], 1u);
}

TEST(WayPrediction, EachPolicyLearnsWhatItIsNamedFor) {
    MruWay mru({});
    PcWayTable by_pc({});
    mru.begin(4, 4, "test");
    by_pc.begin(4, 4, "test");
    mru.used({0x100, 2, false}, 3);
    by_pc.used({0x100, 2, false}, 3);
    EXPECT_EQ(mru.guess({0x200, 2, false}), 3u);
    EXPECT_EQ(mru.guess({0x100, 1, false}), 0u);
    EXPECT_EQ(by_pc.guess({0x100, 1, false}), 3u);
    EXPECT_EQ(by_pc.guess({0x200, 2, false}), 0u);
    mru.swapped(2, 0, 3);
    EXPECT_EQ(mru.guess({0x200, 2, false}), 0u);   // the line moved, and the guess with it
}

TEST(WayPrediction, NearIfHotAsksTheOtherWhereNothingIsHot) {
    MruWay mru({});
    NearIfHot both(params<NearIfHot>([&](auto &p) { p.otherwise = &mru; }));
    both.begin(4, 4, "test");
    both.used({0x100, 2, true}, 3);
    EXPECT_EQ(both.guess({0x100, 2, true}), 0u);
    EXPECT_EQ(both.guess({0x100, 2, false}), 3u);
}

TEST(WayPrediction, ChosenWayFollowsTheOneThatIsRight) {
    NearWay near({});
    PcWayTable by_pc({});
    ChosenWay chosen(params<ChosenWay>([&](auto &p) { p.first = &near, p.second = &by_pc; }));
    chosen.begin(4, 4, "test");
    for (u32 n = 0; n < 4; ++n) chosen.guess({0x100, 0, false}), chosen.used({0x100, 0, false}, 2);
    EXPECT_EQ(chosen.guess({0x100, 0, false}), 2u);
    for (u32 n = 0; n < 4; ++n) {   // alternates between ways 0 and 1: the table is always wrong, way 0 every other time
        chosen.guess({0x300, 0, false}), chosen.used({0x300, 0, false}, n % 2);
    }
    EXPECT_EQ(chosen.guess({0x300, 0, false}), 0u);
}

TEST(WayAccess, SequentialAccessReadsOneWayLaterAndParallelAccessAllAtOnce) {
    SequentialAccess sequential({});
    ParallelAccess parallel({}), late(params<ParallelAccess>([](auto &p) { p.late_select = true; }));
    PredictionRig one(nullptr, &sequential), all(nullptr, &parallel), driven(nullptr, &late), plain(nullptr, nullptr);
    for (PredictionRig *rig : {&one, &all, &driven, &plain}) rig->load(rig->rival(0));
    const Cycle now = one.clock.now;
    EXPECT_EQ(one.ask(one.rival(0)), now + 4);
    EXPECT_EQ(all.ask(all.rival(0)), now + 3);
    EXPECT_EQ(one.layout.stats.array_reads, 1u);          // the miss read none
    EXPECT_EQ(all.layout.stats.array_reads, 2u * 4);
    driven.ask(driven.rival(0));
    EXPECT_EQ(driven.layout.stats.words[3], 2u);
    plain.ask(plain.rival(0));
    EXPECT_EQ(plain.layout.stats.array_reads, all.layout.stats.array_reads);
    EXPECT_EQ(all.layout.stats.words[3], 0u);
}

}  // namespace
}  // namespace sim::test
