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
                           {.register_segments = segments}).price.read_pj;
    };
    EXPECT_NEAR(segment_pj(3, 84), 3 * segment_pj(9, 28), 1e-9);   // the rule: whole / (2 x segments)
    EXPECT_LT(segment_pj(12, 21), segment_pj(9, 28));
}

}  // namespace
}  // namespace sim
