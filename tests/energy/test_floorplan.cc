// SPDX-License-Identifier: BSD-3-Clause
// The placer: what every floorplan keeps to, and that it is worth having.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include "energy/floorplan.hh"
#include "sim/errors.hh"

namespace sim {
namespace {

namespace fs = std::filesystem;

struct Input {
    std::vector<FloorplanBlock> blocks;
    std::vector<FloorplanNet> nets;
};

// Areas spread over three powers of ten, as a machine's structures are, each joined to one before it.
Input spread(u32 count) {
    Input made;
    u32 state = count;
    for (u32 i = 0; i < count; ++i) {
        state = state * 1103515245 + 12345;
        made.blocks.push_back({"b" + std::to_string(i), 0.001 * double(1 + (state >> 16) % (i % 4 == 0 ? 1000 : 50))});
        if (i > 0) made.nets.push_back({i, (state >> 8) % i, double(1 + i % 64)});
    }
    return made;
}

// Areas of the CG-OoO authors' plan for four windows, and what it joins (fact sheet, 9.4 and 9.5).
Input published_block_core() {
    Input made;
    const auto add = [&](const char *name, double area, u32 copies) {
        for (u32 i = 0; i < copies; ++i) made.blocks.push_back({name + std::to_string(i), area});
    };
    add("l1i", 0.8247, 1), add("l1d", 0.8247, 1), add("btb", 0.8247, 1), add("l2", 6.598, 1), add("tlb", 0.0396, 2);
    add("predictor", 0.0243, 1), add("rename", 0.063, 1), add("lsq", 0.0555, 1), add("brob", 0.00038, 1);
    add("grf", 0.3815, 4), add("lrf", 0.1314, 4), add("window", 0.00077, 4), add("eu", 0.023, 4);
    for (u32 i = 0; i < 4; ++i) {
        const u32 grf = 10 + i, lrf = 14 + i, window = 18 + i, unit = 22 + i;
        for (u32 other : {grf, lrf, window}) made.nets.push_back({unit, other, 64});
        made.nets.push_back({8, grf, 16});
    }
    return made;
}

void expect_legal(const Floorplan &plan) {
    constexpr double slack = 1e-9;   // mm
    ASSERT_EQ(plan.places.size(), plan.blocks.size());
    for (u32 i = 0; i < plan.places.size(); ++i) {
        const PlacedBlock &a = plan.places[i];
        const FloorplanBlock &block = plan.blocks[i];
        EXPECT_GE(a.x, 0);
        EXPECT_GE(a.y, 0);
        EXPECT_LE(a.x + a.width, plan.width + slack);
        EXPECT_LE(a.y + a.height, plan.height + slack);
        EXPECT_NEAR(a.width * a.height, block.area_mm2, 0.01 * block.area_mm2) << block.name;
        EXPECT_GE(a.height / a.width, block.least_aspect * 0.99) << block.name;
        EXPECT_LE(a.height / a.width, block.most_aspect * 1.01) << block.name;
        for (u32 j = 0; j < i; ++j) {
            const PlacedBlock &b = plan.places[j];
            const bool apart = a.x + a.width <= b.x + slack || b.x + b.width <= a.x + slack ||
                               a.y + a.height <= b.y + slack || b.y + b.height <= a.y + slack;
            EXPECT_TRUE(apart) << block.name << " lies on " << plan.blocks[j].name;
        }
    }
}

bool same(const Floorplan &a, const Floorplan &b) {
    if (a.places.size() != b.places.size() || a.width != b.width || a.height != b.height) return false;
    for (std::size_t i = 0; i < a.places.size(); ++i) {
        const PlacedBlock &p = a.places[i], &q = b.places[i];
        if (p.x != q.x || p.y != q.y || p.width != q.width || p.height != q.height) return false;
    }
    return true;
}

// A cache folder of its own for one test.
class FloorplanCache : public testing::Test {
  protected:
    FloorplanCache() : folder_(fs::path(testing::TempDir()) / ("floorplans-" + std::to_string(getpid()))) {
        if (const char *set = std::getenv("SKIPAHEAD_CACHE")) before_ = set;
        setenv("SKIPAHEAD_CACHE", folder_.c_str(), 1);
    }
    ~FloorplanCache() override {
        if (before_.empty()) unsetenv("SKIPAHEAD_CACHE");
        else setenv("SKIPAHEAD_CACHE", before_.c_str(), 1);
        fs::remove_all(folder_);
    }
    std::vector<fs::path> files() const {
        std::vector<fs::path> found;
        if (fs::exists(folder_))
            for (const auto &entry : fs::recursive_directory_iterator(folder_))
                if (entry.is_regular_file()) found.push_back(entry.path());
        return found;
    }
    fs::path folder_;
    std::string before_;
};

TEST(Floorplan, BlocksNeverOverlapAndStayInsideTheOutline) {
    for (u32 count : {1, 2, 3, 7, 12, 30}) {
        const Input input = spread(count);
        expect_legal(place(input.blocks, input.nets, 1, 500));
        expect_legal(place(input.blocks, input.nets, 1, 0));
    }
}

TEST(Floorplan, LittleSpaceIsLeftUnused) {
    for (const Input &input : {spread(8), spread(15), spread(30), published_block_core()}) {
        const Floorplan plan = place(input.blocks, input.nets);
        expect_legal(plan);
        EXPECT_LT(plan.dead_space(), 0.12) << input.blocks.size() << " blocks";
        EXPECT_LT(std::max(plan.width, plan.height), 2 * std::min(plan.width, plan.height));
    }
}

TEST(Floorplan, PlacingShortensTheWires) {
    for (const Input &input : {spread(12), spread(30), published_block_core()}) {
        const double in_a_row = place(input.blocks, input.nets, 1, 0).wire_length(input.nets);
        const double blind = place(input.blocks, {}).wire_length(input.nets);
        const double placed = place(input.blocks, input.nets).wire_length(input.nets);
        EXPECT_LT(placed, 0.6 * in_a_row);
        EXPECT_LT(placed, 0.8 * blind);
    }
}

TEST(Floorplan, WhatAHeavyNetJoinsLiesCloser) {
    const Input input = spread(20);
    std::vector<FloorplanNet> nets = input.nets;
    const double loose = place(input.blocks, nets).distance(3, 17);
    nets.push_back({3, 17, 5000});
    EXPECT_LT(place(input.blocks, nets).distance(3, 17), 0.7 * loose);
}

TEST(Floorplan, DistancesAreSymmetricAndZeroToOneself) {
    const Input input = spread(9);
    const Floorplan plan = place(input.blocks, input.nets, 3, 100);
    for (u32 a = 0; a < 9; ++a) {
        EXPECT_EQ(plan.distance(a, a), 0);
        for (u32 b = 0; b < a; ++b) EXPECT_EQ(plan.distance(a, b), plan.distance(b, a));
    }
}

TEST(Floorplan, TheSeedAloneTellsTwoRunsApart) {
    const Input input = spread(15);
    const Floorplan first = place(input.blocks, input.nets, 5, 200);
    EXPECT_TRUE(same(first, place(input.blocks, input.nets, 5, 200)));
    EXPECT_FALSE(same(first, place(input.blocks, input.nets, 6, 200)));
}

TEST(Floorplan, ScalingEveryAreaScalesThePlan) {
    Input input = spread(15);
    const Floorplan small = place(input.blocks, input.nets, 1, 300);
    for (FloorplanBlock &block : input.blocks) block.area_mm2 *= 4;
    const Floorplan large = place(input.blocks, input.nets, 1, 300);
    for (u32 i = 0; i < 15; ++i) EXPECT_NEAR(large.places[i].x, 2 * small.places[i].x, 1e-9);
}

TEST(Floorplan, NonsenseIsRefusedWithTheBlocksName) {
    EXPECT_THROW(place({{"nothing", 0}}, {}), ConfigError);
    EXPECT_THROW(place({{"needle", 1, 2, 1}}, {}), ConfigError);
    EXPECT_THROW(place({{"a", 1}, {"b", 1}}, {{0, 2}}), ConfigError);
    EXPECT_THROW(place({{"a", 1}, {"b", 1}}, {{0, 1, -1}}), ConfigError);
    EXPECT_TRUE(place({}, {}).places.empty());
    try {
        place({{"infinite", 1.0 / 0.0}}, {});
    } catch (const ConfigError &e) {
        EXPECT_NE(std::string(e.what()).find("'infinite'"), std::string::npos);
    }
}

TEST_F(FloorplanCache, AHitEqualsAFreshRun) {
    const Input input = spread(10);
    const Floorplan fresh = place(input.blocks, input.nets, 1, 100);
    EXPECT_TRUE(same(fresh, place_cached(input.blocks, input.nets, 1, 100)));
    ASSERT_EQ(files().size(), 1u);
    const auto written = fs::last_write_time(files()[0]);
    EXPECT_TRUE(same(fresh, place_cached(input.blocks, input.nets, 1, 100)));
    EXPECT_EQ(fs::last_write_time(files()[0]), written);
    place_cached(input.blocks, input.nets, 2, 100);
    EXPECT_EQ(files().size(), 2u);
}

TEST_F(FloorplanCache, WhatIsKeptIsUsed) {
    const Input input = spread(10);
    const Floorplan other = place_cached(input.blocks, input.nets, 2, 100);
    const fs::path of_other = files()[0];
    place_cached(input.blocks, input.nets, 1, 100);
    ASSERT_EQ(files().size(), 2u);
    const fs::path of_first = files()[0] == of_other ? files()[1] : files()[0];
    // A file whose places are another's, and whose hash is right, is believed: so it is really read.
    std::ifstream first(of_first), second(of_other);
    std::string a{std::istreambuf_iterator<char>(first), {}}, b{std::istreambuf_iterator<char>(second), {}};
    std::ofstream(of_first) << a.substr(0, a.find("outline")) << b.substr(b.find("outline"));
    EXPECT_TRUE(same(other, place_cached(input.blocks, input.nets, 1, 100)));
}

TEST_F(FloorplanCache, ADamagedFileIsPlacedAnew) {
    const Input input = spread(10);
    const Floorplan fresh = place_cached(input.blocks, input.nets, 1, 100);
    const fs::path file = files()[0];
    std::ifstream in(file);
    const std::string whole{std::istreambuf_iterator<char>(in), {}};
    for (std::size_t keep : {std::size_t{0}, whole.size() / 2, whole.size() - 1}) {
        std::ofstream(file, std::ios::trunc) << whole.substr(0, keep);
        EXPECT_TRUE(same(fresh, place_cached(input.blocks, input.nets, 1, 100))) << keep;
    }
    std::string changed = whole;
    changed[whole.rfind("place") + 10] ^= 1;
    std::ofstream(file, std::ios::trunc) << changed;
    EXPECT_TRUE(same(fresh, place_cached(input.blocks, input.nets, 1, 100)));
    std::ifstream again(file);
    EXPECT_EQ(whole, std::string(std::istreambuf_iterator<char>(again), {}));
}

TEST_F(FloorplanCache, NowhereToWriteIsNoError) {
    setenv("SKIPAHEAD_CACHE", "/proc/no/such/folder", 1);
    const Input input = spread(6);
    EXPECT_TRUE(same(place(input.blocks, input.nets, 1, 50), place_cached(input.blocks, input.nets, 1, 50)));
}

TEST(Floorplan, ThePictureNamesEveryBlockAndTheScale) {
    const Input input = spread(12);
    const std::string svg = place(input.blocks, input.nets, 1, 100).svg("A <plan>", input.nets);
    for (const FloorplanBlock &block : input.blocks)
        EXPECT_NE(svg.find("<title>" + block.name + ": "), std::string::npos);
    EXPECT_NE(svg.find("A &lt;plan&gt;"), std::string::npos);
    EXPECT_NE(svg.find(" mm</text>"), std::string::npos);
    std::size_t lines = 0;
    for (std::size_t at = 0; (at = svg.find("<line", at)) != std::string::npos; ++at) ++lines;
    EXPECT_EQ(lines, input.nets.size());
}

}  // namespace
}  // namespace sim
