// SPDX-License-Identifier: BSD-3-Clause
// Floorplans of machines: from what components list to wire lengths.
#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include "energy/floorplan_machine.hh"
#include "sim/errors.hh"

namespace sim {
namespace {

// A component that lists what a test puts into it.
class Lister final : public Model<Lister, Component> {
  public:
    struct Params : Described<Params> {
        CHILD(Component, near, optional, "a child");
        CHILD(Component, far, optional, "another");
    };
    struct Stats : Described<Stats> {
        STAT(uses, "uses", "nothing counts them");
    };
    explicit Lister(const Params &params) : params_(params) {}
    const Params &params() const { return params_; }
    void list_structures(std::vector<Structure> &list) const override { list = given; }
    Stats stats;
    StructureList given;

  private:
    const Params params_;
};

Structure ram(const char *name, u64 words, u32 copies = 1, Stage stage = Stage::Issue) {
    return {.name = name, .stage = stage, .geometry = RamGeometry{words, 64, 2, 2}, .actions = {}, .copies = copies};
}
Structure wire(const char *name, const char *from, const char *to, u32 bits = 64) {
    return {.name = name, .stage = Stage::Wire, .geometry = WireGeometry{0, bits}, .actions = {}, .from = from, .to = to};
}

struct TwoLevels {
    TwoLevels() : child({}), core([this] {
        Lister::Params params;
        params.near = &child;
        return params;
    }()) {
        core.given = {ram("queue", 64), ram("file", 256, 4, Stage::RegisterFile), ram("units", 32, 4, Stage::Execute),
                      ram("forgotten", 16, 1, Stage::Commit), wire("queue_to_file", "queue", "file"),
                      wire("file_to_units", "file", "units"), wire("queue_to_child", "queue", "near.table")};
        child.given = {ram("table", 1024), ram("beside", 128)};
    }
    MachineFloorplan plan(const FloorplanOptions &options = {}) { return floorplan_of(component_tree(core, "core"), options); }
    Lister child, core;
};

std::vector<std::string> names(const MachineFloorplan &made) {
    std::vector<std::string> found;
    for (const FloorplanBlock &block : made.plan.blocks) found.push_back(block.name);
    std::sort(found.begin(), found.end());
    return found;
}

TEST(MachineFloorplan, WhatAWireNamesHasABlockACopy) {
    TwoLevels machine;
    EXPECT_EQ(names(machine.plan()),
              (std::vector<std::string>{"core.file[0]", "core.file[1]", "core.file[2]", "core.file[3]", "core.near.table",
                                        "core.other", "core.queue", "core.units[0]", "core.units[1]", "core.units[2]",
                                        "core.units[3]"}));
}

TEST(MachineFloorplan, AStructureThatNoWireNamesSharesTheBlockOfItsStage) {
    TwoLevels machine;
    const auto table_area = [&] {
        const Floorplan plan = machine.plan().plan;
        return std::ranges::find(plan.blocks, "core.near.table", &FloorplanBlock::name)->area_mm2;
    };
    const double with = table_area();
    machine.child.given.pop_back();
    EXPECT_LT(table_area(), with);
}

TEST(MachineFloorplan, CopiesThatWorkTogetherLieTogether) {
    TwoLevels machine;
    const MachineFloorplan made = machine.plan();
    const auto at = [&](const std::string &name) {
        return u32(std::ranges::find(made.plan.blocks, name, &FloorplanBlock::name) - made.plan.blocks.begin());
    };
    double paired = 0, crossed = 0;
    for (u32 i = 0; i < 4; ++i)
        for (u32 j = 0; j < 4; ++j) {
            const double distance = made.plan.distance(at("core.file[" + std::to_string(i) + "]"),
                                                       at("core.units[" + std::to_string(j) + "]"));
            (i == j ? paired : crossed) += distance / (i == j ? 4 : 12);
        }
    EXPECT_NEAR(paired, made.length("core.file_to_units"), 1e-12);
    EXPECT_LT(paired, 0.7 * crossed);
}

TEST(MachineFloorplan, AWireIsAsLongAsItsEndsAreApart) {
    TwoLevels machine;
    const MachineFloorplan made = machine.plan();
    ASSERT_EQ(made.wires.size(), 3u);
    EXPECT_EQ(made.wires[2].from, "core.queue");
    EXPECT_EQ(made.wires[2].to, "core.near.table");
    const auto at = [&](const char *name) {
        return u32(std::ranges::find(made.plan.blocks, name, &FloorplanBlock::name) - made.plan.blocks.begin());
    };
    EXPECT_EQ(made.length("core.queue_to_child"), made.plan.distance(at("core.queue"), at("core.near.table")));
    EXPECT_THROW(made.length("core.no_such"), SimulatorBug);
}

TEST(MachineFloorplan, EndsAreFoundFromTheWiresOwnComponentOrFromTheRoot) {
    TwoLevels machine;
    machine.child.given.push_back(wire("up", "table", "core.queue"));
    machine.core.given.push_back(wire("to_all_of_it", "queue", "near"));
    const MachineFloorplan made = machine.plan();
    EXPECT_EQ(made.length("core.near.up"), made.length("core.queue_to_child"));
    EXPECT_EQ(made.length("core.to_all_of_it"), made.length("core.queue_to_child"));
    machine.core.given.push_back(wire("nowhere", "queue", "near.chair"));
    EXPECT_THROW(machine.plan(), SimulatorBug);
}

TEST(MachineFloorplan, ALargerStructureMakesALargerPlan) {
    TwoLevels machine;
    const Floorplan small = machine.plan().plan;
    machine.core.given[1] = ram("file", 2048, 4, Stage::RegisterFile);
    const Floorplan large = machine.plan().plan;
    EXPECT_GT(large.width * large.height, 2 * small.width * small.height);
}

class LengthsFile : public testing::Test {
  protected:
    LengthsFile() : name_(testing::TempDir() + "lengths-" + std::to_string(getpid()) + ".csv") {}
    ~LengthsFile() override { std::remove(name_.c_str()); }
    FloorplanOptions holding(const std::string &text) {
        std::ofstream(name_) << text;
        FloorplanOptions options;
        options.fixed = WireTable(name_);
        return options;
    }
    std::string name_;
};

TEST_F(LengthsFile, ReplacesThePlacementsLengths) {
    TwoLevels machine;
    const double placed = machine.plan().length("core.queue_to_file");
    const MachineFloorplan made =
        machine.plan(holding("# published\nfrom,to,mm\ncore.units, core.file, 1.25\ncore.queue,core.near.table,0\n"));
    EXPECT_EQ(made.length("core.file_to_units"), 1.25);
    EXPECT_EQ(made.length("core.queue_to_child"), 0);
    EXPECT_EQ(made.length("core.queue_to_file"), placed);
}

TEST_F(LengthsFile, ThatFitsNoWireOrIsNoTableIsRefusedWithItsLine) {
    TwoLevels machine;
    try {
        machine.plan(holding("from,to,mm\ncore.queue,core.chair,1\n"));
        FAIL();
    } catch (const ConfigError &e) {
        EXPECT_NE(std::string(e.what()).find(":2: no wire of this machine joins core.queue and core.chair"),
                  std::string::npos);
    }
    for (const char *bad : {"", "a,b,1\n", "from,to,mm\na,b\n", "from,to,mm\na,b,long\n", "from,to,mm\na,b,-1\n",
                            "from,to,mm\na,b,1mm\n", "from,to,mm\na,b,nan\n"})
        EXPECT_THROW(holding(bad), ConfigError) << bad;
    EXPECT_THROW(WireTable("/no/such/file.csv"), ConfigError);
}

}  // namespace
}  // namespace sim
