// SPDX-License-Identifier: BSD-3-Clause
// Prices of circuits: how they move with geometry, node and voltage, and what the published list says.
#include <gtest/gtest.h>
#include "energy/paper_prices.hh"
#include "sim/errors.hh"

namespace sim {
namespace {

constexpr u32 kNodes[] = {16, 22, 28, 32, 45, 90};

double paper_pj(std::string_view key) {
    for (const PublishedPrice &row : published_prices())
        if (row.key == key) {
            const Price price = paper_price(key, row.geometry, Technology{}).price;
            return price.read_pj > 0 ? price.read_pj : price.search_pj > 0 ? price.search_pj : price.use_pj;
        }
    throw ConfigError("no such row");
}

TEST(PaperPrices, PublishedGeometryCostsThePublishedEnergyInEveryRow) {
    for (const PublishedPrice &row : published_prices()) {
        const PaperPrice paper = paper_price(row.key, row.geometry, Technology{});
        EXPECT_FALSE(paper.is_scaled) << row.key;
        EXPECT_NEAR(paper_pj(row.key), row.pj, row.pj * 1e-9) << row.key;
        EXPECT_NEAR(paper.price.leakage_mw, row.leakage_pj_per_cycle * 2, 1e-9) << row.key;
        if (row.area_mm2 > 0) {
            EXPECT_NEAR(paper.price.area_mm2, row.area_mm2, 1e-9) << row.key;
        }
    }
}

TEST(PaperPrices, SmallStructuresOfTheBlockCoreAreAsMuchCheaperAsPublished) {
    EXPECT_NEAR(paper_pj("ooo_rf") / paper_pj("lrf"), 24.7, 0.05);
    EXPECT_NEAR(paper_pj("ooo_rf") / paper_pj("grf_segment"), 18, 0.05);
    EXPECT_NEAR(paper_pj("rs_ram") / paper_pj("bw"), 11, 0.05);
    EXPECT_NEAR(paper_pj("rs_wakeup_cam") / paper_pj("hb_cam"), 68, 0.2);
}

TEST(PaperPrices, MoreSegmentsMakeARegisterReadCheaper) {
    const auto segment_pj = [](u32 segments, u64 words) {
        return paper_price("grf_segment", RamGeometry{words, 64, 2, 2}, Technology{},
                           {.register_segments = segments})
            .price.read_pj;
    };
    EXPECT_NEAR(segment_pj(3, 84), 3 * segment_pj(9, 28), 1e-9);   // the rule: whole / (2 x segments)
    EXPECT_LT(segment_pj(12, 21), segment_pj(9, 28));
}

// The parts of a price that must not fall when a circuit grows; access time may, where a larger one is
// organised anew.
void expect_no_cheaper(const Price &large, const Price &small, const std::string &what) {
    constexpr double kRounding = 1 - 1e-9;
    EXPECT_GE(large.read_pj, small.read_pj * kRounding) << "read of " << what;
    EXPECT_GE(large.write_pj, small.write_pj * kRounding) << "write of " << what;
    EXPECT_GE(large.search_pj, small.search_pj * kRounding) << "search of " << what;
    EXPECT_GE(large.use_pj, small.use_pj * kRounding) << "use of " << what;
    EXPECT_GE(large.leakage_mw, small.leakage_mw * kRounding) << "leakage of " << what;
    EXPECT_GE(large.area_mm2, small.area_mm2 * kRounding) << "area of " << what;
}

Price price(const Geometry &geometry, u32 node = 22, double supply = 1) {
    return analytic_price(geometry, {.nanometres = node, .supply_scale = supply});
}

TEST(AnalyticPrices, NoRamBecomesCheaperWithMoreWordsBitsOrPorts) {
    for (u64 words : {1, 2, 8, 20, 100, 128, 129, 200, 255, 256, 257, 400, 1024, 8192, 1 << 20})
        for (u32 bits : {1, 2, 7, 8, 9, 16, 33, 64, 166, 512})
            for (u32 reads : {1, 2, 4, 8, 12})
                for (u32 writes : {0, 1, 4}) {
                    const RamGeometry ram{words, bits, reads, writes};
                    const std::string what = std::to_string(words) + " x " + std::to_string(bits) + ", " +
                                             std::to_string(reads) + "R" + std::to_string(writes) + "W";
                    const Price here = price(ram);
                    expect_no_cheaper(price(RamGeometry{words + 1, bits, reads, writes}), here,
                                      what + " and a word");
                    expect_no_cheaper(price(RamGeometry{words * 2, bits, reads, writes}), here,
                                      what + ", twice");
                    expect_no_cheaper(price(RamGeometry{words, bits + 1, reads, writes}), here,
                                      what + " and a bit");
                    expect_no_cheaper(price(RamGeometry{words, bits, reads + 1, writes}), here,
                                      what + " and a reader");
                }
}

TEST(AnalyticPrices, TwiceTheWordsCostMoreEnergyLeakageAndArea) {
    const Price small = price(RamGeometry{64, 64, 4, 2}), large = price(RamGeometry{128, 64, 4, 2});
    EXPECT_GT(large.read_pj, 1.2 * small.read_pj);
    EXPECT_GT(large.write_pj, 1.2 * small.write_pj);
    EXPECT_NEAR(large.leakage_mw / small.leakage_mw, 2, 0.3);
    EXPECT_GT(large.area_mm2, 1.5 * small.area_mm2);   // decoders, drivers and amplifiers do not double
    EXPECT_GT(large.access_ns, small.access_ns);
}

TEST(AnalyticPrices, PortsMakeCellsLargerInBothDirections) {
    const double one = price(RamGeometry{256, 64, 1, 0}).area_mm2,
                 twelve = price(RamGeometry{256, 64, 8, 4}).area_mm2;
    EXPECT_NEAR(twelve / one, 65.0 / 10 * 69.6 / 14.6,
                8);   // cells, in features; decoders and amplifiers beside them
}

TEST(AnalyticPrices, NoCamBecomesCheaperWithMoreEntriesKeyBitsOrPorts) {
    for (u64 entries : {1, 4, 8, 64, 256, 1000})
        for (u32 bits : {1, 3, 10, 40, 64})
            for (u32 searches : {1, 2, 4, 8}) {
                const std::string what = std::to_string(entries) + " x " + std::to_string(bits);
                const Price here = price(CamGeometry{entries, bits, searches, 2});
                expect_no_cheaper(price(CamGeometry{entries + 1, bits, searches, 2}), here,
                                  what + " and an entry");
                expect_no_cheaper(price(CamGeometry{entries, bits + 1, searches, 2}), here,
                                  what + " and a bit");
                expect_no_cheaper(price(CamGeometry{entries, bits, searches + 1, 2}), here,
                                  what + " and a searcher");
                expect_no_cheaper(price(CamGeometry{entries, bits, searches, 3}), here,
                                  what + " and a writer");
            }
}

TEST(AnalyticPrices, NoCacheBecomesCheaperWithMoreBytesOutputOrPorts) {
    for (bool is_sequential : {false, true})
        for (u32 ways : {1, 4, 8, 16})
            for (u32 output : {32, 64, 128, 256, 512})
                for (u64 kib = 4; kib <= 16384; kib *= 2) {
                    const CacheGeometry cache{kib * 1024, ways, 64, output, 1, is_sequential};
                    const std::string what = std::to_string(kib) + " KiB, " + std::to_string(ways) +
                                             " ways, " + std::to_string(output) + " bits" +
                                             (is_sequential ? ", sequential" : "");
                    CacheGeometry large = cache, wide = cache, ported = cache;
                    large.bytes *= 2, wide.output_bits += ways * 512 > output ? 32 : 0, ported.ports = 2;
                    expect_no_cheaper(price(large), price(cache), what + ", twice");
                    expect_no_cheaper(price(ported), price(cache), what + " and a port");
                    expect_no_cheaper(price(wide), price(cache), what + " and a word");
                }
}

TEST(AnalyticPrices, SequentialReadsOfAssociativeCachesAreCheaperAndSlower) {
    const Price parallel = price(CacheGeometry{32768, 8, 64, 512, 1, false});
    const Price sequential = price(CacheGeometry{32768, 8, 64, 512, 1, true});
    EXPECT_LT(sequential.read_pj, parallel.read_pj / 2);
    EXPECT_GT(sequential.access_ns, price(CacheGeometry{32768, 8, 64, 64, 1, false}).access_ns);
}

// CACTI with low-standby cells and high-performance transistors around them leaks 0.1 to 0.23 of what it does otherwise.
TEST(AnalyticPrices, LowStandbyCellsLeakLittleInLargeCachesAndAreSlower) {
    for (u32 node : kNodes)
        for (u64 kib : {128, 256, 1024, 4096, 8192}) {
            CacheGeometry cache{kib * 1024, 16, 64, 512, 1, true};
            const Price fast = price(cache, node);
            cache.low_standby_cells = true;
            const Price slow = price(cache, node);
            const std::string what = std::to_string(kib) + " KiB at " + std::to_string(node);
            EXPECT_GE(slow.leakage_mw / fast.leakage_mw, 0.1) << what;
            EXPECT_LE(slow.leakage_mw / fast.leakage_mw, 0.23) << what;
            EXPECT_GT(slow.access_ns / fast.access_ns, 1.05) << what;
            EXPECT_LT(slow.access_ns / fast.access_ns, 1.6) << what;
            EXPECT_EQ(slow.read_pj, fast.read_pj) << what;
            EXPECT_EQ(slow.area_mm2, fast.area_mm2) << what;
        }
}

TEST(PaperPrices, ThePublishedLeakageOfACacheIsOfWhateverCellsItHas) {
    CacheGeometry cache{4194304, 16, 64, 512, 1, true};
    const PaperPrice fast = paper_price("l3", cache, {});
    cache.low_standby_cells = true;
    const PaperPrice slow = paper_price("l3", cache, {});
    EXPECT_FALSE(slow.is_scaled);
    EXPECT_EQ(slow.price.leakage_mw, fast.price.leakage_mw);
}

TEST(AnalyticPrices, SmallerNodesCostLessDynamicEnergyAndArea) {
    using Operation = ArithmeticGeometry::Operation;
    const Geometry circuits[] = {RamGeometry{128, 64, 4, 2},
                                 RamGeometry{4096, 2, 1, 0},
                                 CamGeometry{64, 10, 4, 4},
                                 CacheGeometry{32768, 8, 64, 64, 1, false},
                                 CacheGeometry{1 << 20, 16, 64, 512, 1, true},
                                 ScratchpadGeometry{4096, 64, true},
                                 ArithmeticGeometry{Operation::Multiply, true, 64},
                                 LatchGeometry{64},
                                 TagGeometry{64, 8}};
    for (const Geometry &circuit : circuits)
        for (u32 i = 1; i < std::size(kNodes); ++i) {
            const Price small = price(circuit, kNodes[i - 1]), large = price(circuit, kNodes[i]);
            const std::string what = std::to_string(circuit.index()) + " at " + std::to_string(kNodes[i]);
            EXPECT_LT(small.area_mm2, large.area_mm2) << what;
            for (double Price::*verb : {&Price::read_pj, &Price::write_pj, &Price::search_pj, &Price::use_pj})
                EXPECT_TRUE(large.*verb == 0 || small.*verb < large.*verb) << what;
        }
}

TEST(AnalyticPrices, DynamicEnergyGoesWithTheSquareOfTheSupplyAndLeakageFaster) {
    const RamGeometry ram{128, 64, 4, 2};
    const Price nominal = price(ram), low = price(ram, 22, 0.8);
    EXPECT_NEAR(low.read_pj / nominal.read_pj, 0.64, 1e-9);
    EXPECT_NEAR(low.write_pj / nominal.write_pj, 0.64, 1e-9);
    EXPECT_LT(low.leakage_mw / nominal.leakage_mw, 0.64);
    EXPECT_GT(low.access_ns, nominal.access_ns);
    for (double supply = 0.5; supply < 1.24; supply += 0.05) {
        const Price here = price(ram, 22, supply), more = price(ram, 22, supply + 0.05);
        EXPECT_LT(here.read_pj, more.read_pj);
        EXPECT_LT(here.leakage_mw, more.leakage_mw);
        EXPECT_GT(here.access_ns, more.access_ns);
    }
}

TEST(AnalyticPrices, WiresCostTheirLengthWidthAndActivity) {
    const auto pj = [](double mm, u32 bits, double activity) {
        return analytic_price(WireGeometry{mm, bits}, {.wire_activity = activity}).use_pj;
    };
    EXPECT_NEAR(pj(1, 1, 1), 0.08, 1e-12);   // 1/2 C V^2 at 22 nm
    EXPECT_NEAR(pj(2, 64, 0.5), 64 * 0.08, 1e-9);
    EXPECT_EQ(pj(0, 64, 0.5), 0);
}

TEST(AnalyticPrices, ArithmeticAt45NmCostsThePublishedEnergy) {
    using enum ArithmeticGeometry::Operation;
    const auto pj = [](ArithmeticGeometry::Operation operation, bool is_float, u32 bits) {
        return price(ArithmeticGeometry{operation, is_float, bits}, 45).use_pj;
    };
    // Horowitz, ISSCC 2014.
    EXPECT_NEAR(pj(Add, false, 8), 0.03, 0.006);
    EXPECT_NEAR(pj(Add, false, 32), 0.1, 1e-9);
    EXPECT_NEAR(pj(Multiply, false, 8), 0.2, 0.01);
    EXPECT_NEAR(pj(Multiply, false, 32), 3.1, 1e-9);
    EXPECT_NEAR(pj(Add, true, 16), 0.4, 0.01);
    EXPECT_NEAR(pj(Add, true, 32), 0.9, 1e-9);
    EXPECT_NEAR(pj(Multiply, true, 16), 1.1, 0.01);
    EXPECT_NEAR(pj(Multiply, true, 32), 3.7, 1e-9);
    EXPECT_NEAR(pj(MultiplyAdd, true, 64), pj(Add, true, 64) + pj(Multiply, true, 64), 1e-9);
    EXPECT_GT(pj(Divide, false, 64), pj(Add, false, 64));
    EXPECT_LT(pj(Logic, false, 64), pj(Add, false, 64));
}

TEST(AnalyticPrices, GatedLatchesAndClocksCostNothingWhileIdle) {
    EXPECT_EQ(Price{.idle_pj = 3}.of(Verb::Idle), 3);
    const Technology gated{}, half{.clock_gating = 0.5}, free_running{.clock_gating = 0};
    EXPECT_EQ(analytic_price(LatchGeometry{256}, gated).idle_pj, 0);
    EXPECT_GT(analytic_price(LatchGeometry{256}, half).idle_pj, 0);
    EXPECT_EQ(analytic_price(ClockGeometry{3}, free_running).idle_pj,
              analytic_price(ClockGeometry{3}, gated).use_pj);
    EXPECT_NEAR(2 * analytic_price(ClockGeometry{3}, half).idle_pj,
                analytic_price(ClockGeometry{3}, half).use_pj, 1e-9);
}

TEST(AnalyticPrices, DramRowsAndBurstsCostTheirSizeAndChipsKeepTheirSupply) {
    const Price usual = price(DramGeometry{64, 8192, 8}), long_burst = price(DramGeometry{64, 8192, 16});
    EXPECT_NEAR(long_burst.read_pj, 2 * usual.read_pj, 1e-6);
    EXPECT_GT(price(DramGeometry{64, 16384, 8}).activate_pj, usual.activate_pj);
    EXPECT_EQ(price(DramGeometry{64, 8192, 8}, 22, 0.8).read_pj, usual.read_pj);
    // A whole access at 45 nm: the published 20 pJ/bit (EIE, table I).
    EXPECT_NEAR(price(DramGeometry{64, 8192, 8}, 45).read_pj / 512, 20, 0.3);
}

std::string refusal(const Geometry &geometry, const Technology &technology = {}) {
    try {
        analytic_price(geometry, technology);
    } catch (const ConfigError &error) {
        return error.what();
    }
    return "";
}

TEST(AnalyticPrices, ImpossibleCircuitsNodesAndSuppliesAreRefusedByName) {
    EXPECT_EQ(refusal(RamGeometry{0, 64, 1, 1}).find("RAM: "), 0u);
    EXPECT_EQ(refusal(RamGeometry{8, 64, 0, 0}).find("RAM: "), 0u);
    EXPECT_EQ(refusal(CamGeometry{8, 0, 1, 1}).find("CAM: "), 0u);
    EXPECT_EQ(refusal(CacheGeometry{256, 8, 64, 64, 1, false}).find("cache: is smaller than one set"), 0u);
    EXPECT_EQ(refusal(CacheGeometry{4096, 1, 64, 1024, 1, false}).find("cache: reads out more bits"), 0u);
    EXPECT_NE(refusal(CacheGeometry{4096, 64, 64, 64, 1, false, true}).find("low_standby_cells"), std::string::npos);
    EXPECT_EQ(refusal(ScratchpadGeometry{1, 64, false}).find("scratchpad: "), 0u);
    EXPECT_EQ(refusal(WireGeometry{-1, 64}).find("wire: "), 0u);
    EXPECT_EQ(refusal(DramGeometry{4, 8192, 8}).find("DRAM channel: "), 0u);
    EXPECT_EQ(refusal(ClockGeometry{0}).find("clock tree: "), 0u);
    EXPECT_NE(refusal(LatchGeometry{1}, {.nanometres = 14}).find("16, 22, 28, 32, 45 and 90"),
              std::string::npos);
    EXPECT_NE(refusal(LatchGeometry{1}, {.supply_scale = 0.3}).find("0.5 to 1.3"), std::string::npos);
}

TEST(PaperPrices, OtherGeometriesCostThePublishedValueTimesTheAnalyticRatio) {
    const Geometry published = RamGeometry{256, 64, 8, 4}, large = RamGeometry{512, 64, 8, 4};
    const PaperPrice paper = paper_price("ooo_rf", large, Technology{});
    EXPECT_TRUE(paper.is_scaled);
    EXPECT_NEAR(paper.price.read_pj, 7.649 * price(large).read_pj / price(published).read_pj, 1e-9);
    EXPECT_NEAR(paper.price.write_pj, 7.649 * price(large).write_pj / price(published).write_pj, 1e-9);
    EXPECT_NEAR(paper.price.area_mm2, 1.526 * price(large).area_mm2 / price(published).area_mm2, 1e-9);
    const PaperPrice node = paper_price("ooo_rf", published, {.nanometres = 45});
    EXPECT_TRUE(node.is_scaled);
    EXPECT_NEAR(node.price.read_pj, 7.649 * price(published, 45).read_pj / price(published).read_pj, 1e-9);
}

TEST(PaperPrices, TheConfigurationOf2015IsAVariant) {
    const PaperParameters arxiv{.variant = PaperParameters::Variant::Arxiv2016};
    const PaperPrice stations =
        paper_price("rs_ram", RamGeometry{120, 166, 4, 4}, {}, arxiv);   // that machine's size
    EXPECT_NEAR(stations.price.read_pj, 6.924, 1e-9);
    EXPECT_FALSE(stations.is_scaled);
    EXPECT_TRUE(paper_price("rs_ram", RamGeometry{64, 166, 4, 4}, {}, arxiv).is_scaled);
    EXPECT_NEAR(paper_price("rob", RamGeometry{180, 17, 4, 4}, {}, arxiv).price.read_pj, 0.608, 1e-9);
    EXPECT_NEAR(paper_price("lrf", RamGeometry{20, 64, 2, 1}, {}, arxiv).price.read_pj, 0.310, 1e-9);
}

TEST(PaperPrices, AWireChargesOneBitOfAnOperandUnlessToldOtherwise) {
    const WireGeometry wire{2, 64};
    EXPECT_NEAR(paper_price("wire", wire, {}).price.use_pj, 2 * 0.04, 1e-12);
    EXPECT_NEAR(paper_price("wire", wire, {.wire_activity = 1}).price.use_pj, 2 * 0.08, 1e-12);
    EXPECT_NEAR(paper_price("wire", wire, {}, {.operand_wires = 64}).price.use_pj, 64 * 2 * 0.04, 1e-9);
    EXPECT_NEAR(*published_wire_mm("ooo", "eu", "rf"), 1.275, 1e-9);
    EXPECT_FALSE(published_wire_mm("ooo", "eu", "lrf"));
}

TEST(PaperPrices, LatchesPayForIdleCyclesOnlyWhereTheyAreNotGated) {
    EXPECT_EQ(paper_price("latch", LatchGeometry{256}, {}).price.idle_pj, 0);
    const Price ungated = paper_price("latch", LatchGeometry{256}, {.clock_gating = 0}).price;
    EXPECT_NEAR(ungated.use_pj, 0.2932, 1e-9);
    EXPECT_NEAR(ungated.idle_pj, 0.2932,
                1e-9);   // the clock's half, which half the bits flipping cost as well
}

TEST(PaperPrices, AnExecutionUnitCostsTheSameForEveryOperation) {
    using enum ArithmeticGeometry::Operation;
    EXPECT_EQ(paper_price("eu_int", ArithmeticGeometry{Multiply, false, 64}, {}).price.use_pj, 1.04);
    EXPECT_EQ(paper_price("eu_fp", ArithmeticGeometry{Divide, true, 64}, {}).price.use_pj, 8.8);
}

TEST(PaperPrices, UnknownKeysAreRefusedWithTheKnownOnes) {
    try {
        paper_price("oo_rf", RamGeometry{1, 1, 1, 1}, {});
        FAIL();
    } catch (const ConfigError &error) {
        EXPECT_NE(std::string(error.what()).find("ooo_rf"), std::string::npos);
    }
}

}  // namespace
}  // namespace sim
