// SPDX-License-Identifier: BSD-3-Clause
// The accounting itself: sums, prices that follow parameters, leakage, clock gating, phases; and what all components list.
#include <gtest/gtest.h>
#include "block/cgooo.hh"
#include "cache/cache.hh"
#include "energy/uses.hh"
#include "inorder/inorder.hh"
#include "memory/bus.hh"
#include "memory/dram.hh"
#include "ooo/ooo_rig.hh"
#include "predictor/gshare.hh"
#include "predictor/gskew_direction.hh"
#include "predictor/ittage.hh"
#include "predictor/tage.hh"
#include "predictor/tage_scl.hh"

namespace sim::test {
namespace {

using namespace assembler;

// Loads, multiplications, a loop, and all that hangs off a core in earnest.
struct LoopRig {
    explicit LoopRig(const Change &change = {}) : cache([&] {
        Cache::Params p;
        p.next = &memory;
        return p;
    }()), rig(code(), [&](OooSettings &s) {
        s.core.l1i = s.core.l1d = &cache;
        if (change) change(s);
    }) {}
    static Code code() {
        Code code = {addi(5, 0, 50)};
        const Code body = {ld(6, 10, 0), mul(7, 6, 5), sd(7, 10, 8), addi(5, 5, -1), bne(5, 0, -16)};
        code.insert(code.end(), body.begin(), body.end());
        code.push_back(kEcall);
        return code;
    }
    EnergyReport report(const EnergyOptions &options = {}) {
        rig.run();
        return report_of(*rig.core, options);
    }
    FixedLatencyMemory memory{FixedLatencyMemory::Params{}};
    Cache cache;
    OooRig rig;
};

EnergyOptions paper() {
    EnergyOptions options;
    options.prices = PriceList::Paper;
    return options;
}
const PricedStructure &structure(const EnergyReport &report, const std::string &name) {
    for (const PricedStructure &s : report.structures)
        if (s.component == "core" && s.name == name) return s;
    throw std::runtime_error("no structure " + name);
}
double pj_of(const EnergyReport &report, const std::string &name, const std::string &action) {
    for (const EnergyRow &row : report.rows)
        if (row.structure == name && row.action == action) return row.pj;
    return 0;
}

TEST(Accounting, RowsStagesAndPartsSumToTheTotalToTheLastDigit) {
    for (const EnergyOptions &options : {EnergyOptions{}, paper()}) {
        const EnergyReport report = LoopRig().report(options);
        double rows = 0, backwards = 0, stages = 0, squashed = 0, squashed_stages = 0, leakage = 0, core = 0;
        for (const EnergyRow &row : report.rows) {
            rows += row.pj;
            squashed += row.squashed_pj;
            if (row.is_leakage) leakage += row.pj;
            if (!row.is_cache) core += row.pj;
            EXPECT_NEAR(row.pj, double(row.count) * row.pj_each, kEnergyGrain) << row.structure << " " << row.action;
            EXPECT_LE(row.squashed_pj, row.pj) << row.structure << " " << row.action;
        }
        for (auto row = report.rows.rbegin(); row != report.rows.rend(); ++row) backwards += row->pj;
        for (double pj : report.stages) stages += pj;
        for (double pj : report.squashed_stages) squashed_stages += pj;
        EXPECT_EQ(rows, report.total_pj);
        EXPECT_EQ(backwards, report.total_pj);
        EXPECT_EQ(stages, report.total_pj);
        EXPECT_EQ(report.dynamic_pj() + report.leakage_pj, report.total_pj);
        EXPECT_EQ(leakage, report.leakage_pj);
        EXPECT_EQ(core, report.core_pj);
        EXPECT_EQ(squashed, report.squashed_pj);
        EXPECT_EQ(squashed_stages, report.squashed_pj);
        EXPECT_GT(report.squashed_pj, 0);   // the loop's exit was predicted wrong
        EXPECT_GT(report.leakage_pj, 0);
        EXPECT_LT(report.core_pj, report.total_pj);
    }
}

const EnergyRow *row_of(const EnergyReport &report, const std::string &name, const std::string &action) {
    for (const EnergyRow &row : report.rows)
        if (row.structure == name && row.action == action) return &row;
    return nullptr;
}

// An instruction may be squashed in another phase than it was at work in: it is counted where it is squashed.
TEST(Accounting, PhasesAddUpAlsoWhereOneSquashesWhatTheOneBeforeUsed) {
    LoopRig rig;
    rig.rig.run();
    OutOfOrderCore::Stats &stats = rig.rig.core->stats;
    const std::vector<TreeNode> tree = component_tree(*rig.rig.core, "core");
    const u64 squashed_then = stats.squashed_register_reads;
    ASSERT_GT(stats.register_reads, squashed_then + 7);
    const Statistics before(tree);
    stats.register_reads += 2, stats.squashed_register_reads += 7;
    stats.cycles += 10;
    const Statistics after(tree);
    const std::string action = "read register_reads";
    const EnergyReport phase = account(tree, after.minus(before), {}), first = account(tree, before, {}),
                       whole = account(tree, after, {});
    const EnergyRow *row = row_of(phase, "register_file", action);
    ASSERT_TRUE(row);
    EXPECT_EQ(row->count, 2u);
    EXPECT_EQ(row->squashed, 7u);
    EXPECT_EQ(row_of(first, "register_file", action)->squashed + 7, row_of(whole, "register_file", action)->squashed);
    EXPECT_NEAR(first.squashed_pj + phase.squashed_pj, whole.squashed_pj, 2 * kEnergyGrain);
}

TEST(Accounting, MoreSquashedUsesThanUsesFromTheStartAreABugOfTheSimulator) {
    LoopRig rig;
    rig.rig.run();
    OutOfOrderCore::Stats &stats = rig.rig.core->stats;
    const std::vector<TreeNode> tree = component_tree(*rig.rig.core, "core");
    const Statistics before(tree);
    stats.squashed_register_reads = stats.register_reads;   // as many are possible
    EXPECT_NO_THROW(account(tree, Statistics(tree), {}));
    ++stats.squashed_register_reads;
    EXPECT_THROW(account(tree, Statistics(tree), {}), SimulatorBug);
    EXPECT_THROW(account(tree, Statistics(tree).minus(before), {}), SimulatorBug);
}

TEST(Accounting, DoublingAStructureChangesItsPriceAndNoOther) {
    for (const EnergyOptions &options : {EnergyOptions{}, paper()}) {
        const EnergyReport small = LoopRig().report(options);
        const EnergyReport large = LoopRig([](OooSettings &s) { s.core.rob_entries *= 2; }).report(options);
        EXPECT_GT(structure(large, "reorder_buffer").price.read_pj, structure(small, "reorder_buffer").price.read_pj);
        EXPECT_GT(structure(large, "reorder_buffer").price.area_mm2, structure(small, "reorder_buffer").price.area_mm2);
        EXPECT_EQ(structure(large, "scheduler").price.read_pj, structure(small, "scheduler").price.read_pj);
    }
}

TEST(Accounting, ThePapersPricesStandAtThePapersGeometry) {
    const EnergyReport report = LoopRig([](OooSettings &s) {
        s.core.physical_registers = 256;
        s.core.scheduler_entries = 64;
    }).report(paper());
    EXPECT_NEAR(structure(report, "register_file").price.read_pj, 7.649, 1e-9);
    EXPECT_FALSE(structure(report, "register_file").is_scaled);
    EXPECT_NEAR(structure(report, "scheduler").price.read_pj, 4.844, 1e-9);
    EXPECT_NEAR(structure(report, "reorder_buffer").price.write_pj, 4.066, 1e-9);
    const EnergyReport other = LoopRig().report(paper());
    EXPECT_TRUE(structure(other, "register_file").is_scaled);
}

TEST(Accounting, LeakageIsPowerTimesTime) {
    EnergyOptions slow;
    slow.clock_ghz = 1;
    const EnergyReport fast = LoopRig().report(), half = LoopRig().report(slow);
    const PricedStructure &file = structure(fast, "register_file");
    EXPECT_NEAR(pj_of(fast, "register_file", "leakage"), file.price.leakage_mw * 1e-3 * fast.seconds * 1e12, kEnergyGrain);
    EXPECT_NEAR(pj_of(half, "register_file", "leakage"), 2 * pj_of(fast, "register_file", "leakage"), 2 * kEnergyGrain);
    EXPECT_EQ(fast.dynamic_pj(), half.dynamic_pj());
}

TEST(Accounting, WithoutClockGatingEveryLatchIsClockedInEveryCycle) {
    EnergyOptions ungated;
    ungated.technology.clock_gating = 0;
    const EnergyReport gated = LoopRig().report(), report = LoopRig().report(ungated);
    EXPECT_EQ(pj_of(gated, "fetch_latch", "idle"), 0);
    const PricedStructure &latch = structure(report, "fetch_latch");
    u64 idle = 0, used = 0;
    for (const EnergyRow &row : report.rows) {
        if (row.structure != "fetch_latch" || row.is_leakage) continue;
        (row.action == "idle" ? idle : used) += row.count * (row.action == "idle" ? 1 : 3);   // 3 cycles an instruction
    }
    EXPECT_EQ(latch.copies, 4u * 3u);
    EXPECT_EQ(idle + used, report.cycles * latch.copies);
}

TEST(Accounting, WiresAreChargedForTheWidthThatIsAskedFor) {
    EnergyOptions narrow, wide_paper = paper();
    narrow.wire_bits = 1;
    wide_paper.wire_bits = 64;
    const auto wire = [](const EnergyOptions &options) {
        return pj_of(LoopRig().report(options), "units_to_registers", "use register_reads");
    };
    EXPECT_NEAR(wire({}) / wire(narrow), 64, 0.1);
    EXPECT_NEAR(wire(wide_paper) / wire(paper()), 64, 0.1);
    // 0.102 pJ a bit at an activity of 1 (fact sheet 9.4).
    EXPECT_NEAR(wire(paper()), double(LoopRig().rig.run().register_reads) * 0.102 / 2, 0.01);
}

TEST(Accounting, PhasesSumToTheWholeRun) {
    LoopRig loop;
    const std::vector<TreeNode> tree = component_tree(*loop.rig.core, "core");
    const Statistics start(tree);
    loop.rig.bench->run(100);
    const Statistics middle(tree);
    loop.rig.bench->run();
    const Statistics end(tree);
    const EnergyReport first = account(tree, middle.minus(start), {}), second = account(tree, end.minus(middle), {}),
                       whole = account(tree, end, {});
    EXPECT_EQ(first.instructions + second.instructions, whole.instructions);
    EXPECT_NEAR(first.total_pj + second.total_pj, whole.total_pj, kEnergyGrain * double(whole.rows.size()));
}

TEST(Accounting, ACoreWithoutTimeHasNoEnergy) {
    Cache::Params p;
    FixedLatencyMemory memory{FixedLatencyMemory::Params{}};
    p.next = &memory;
    Cache cache(p);
    EXPECT_THROW(report_of(cache), ConfigError);
}

// ---- what components list

// All there is to hang off a core.
template <class Core, class Direction> struct Full {
    Full() {
        Cache::Params level;
        level.next = &bus;
        l3 = std::make_unique<Cache>(level);
        level.next = l3.get();
        l2 = std::make_unique<Cache>(level);
        level.next = l2.get();
        l1i = std::make_unique<Cache>(level);
        l1d = std::make_unique<Cache>(level);
        BranchPredictor::Params guesses;
        guesses.direction = &direction;
        guesses.indirect = &indirect;
        predictor = std::make_unique<BranchPredictor>(guesses);
        typename Core::Params p;
        p.l1i = l1i.get();
        p.l1d = l1d.get();
        p.itlb = &itlb;
        p.dtlb = &dtlb;
        p.predictor = predictor.get();
        p.units = &units;
        if constexpr (requires { p.memory_dependence; }) p.memory_dependence = &dependence;
        core = std::make_unique<Core>(p);
        tree = component_tree(*core, "core");
        for (const TreeNode &node : tree) node.component->path = node.path;
    }
    static Bus::Params behind(Dram &dram) {
        Bus::Params p;
        p.next = &dram;
        return p;
    }
    Dram dram{Dram::Params{}};
    Bus bus{behind(dram)};
    Direction direction{typename Direction::Params{}};
    Ittage indirect{Ittage::Params{}};
    Tlb itlb{Tlb::Params{}}, dtlb{Tlb::Params{}};
    ExecutionUnits units{ExecutionUnits::Params{}};
    StoreSets dependence{StoreSets::Params{}};
    std::unique_ptr<Cache> l1i, l1d, l2, l3;
    std::unique_ptr<BranchPredictor> predictor;
    std::unique_ptr<Core> core;
    std::vector<TreeNode> tree;
};

const Component *above(const std::vector<TreeNode> &tree, const std::string &path) {
    for (const TreeNode &node : tree)
        if (node.path == path.substr(0, path.rfind('.'))) return node.component;
    return nullptr;
}

bool counts(const std::vector<TreeNode> &tree, std::string path, std::string_view stat) {
    while (stat.starts_with("../")) {
        stat.remove_prefix(3);
        if (!above(tree, path)) return false;
        path = path.substr(0, path.rfind('.'));
    }
    for (const TreeNode &node : tree)
        if (node.path == path)
            for (const Field &field : node.component->stat_schema())
                if (field.name == stat) return field.kind == Field::Kind::Stat;
    return false;
}

template <class Machine> void check_lists(const Machine &machine) {
    for (const EnergyOptions &options : {EnergyOptions{}, paper()}) {
        const std::vector<StructureList> lists = list_tree(machine.tree, options);
        std::set<std::string> names;
        for (std::size_t n = 0; n < lists.size(); ++n)
            for (const Structure &s : lists[n]) {
                const std::string &path = machine.tree[n].path;
                EXPECT_TRUE(names.insert(path + "." + s.name).second) << path << " lists " << s.name << " twice";
                EXPECT_FALSE(s.actions.empty()) << path << " " << s.name;
                for (const Action &a : s.actions) {
                    EXPECT_TRUE(counts(machine.tree, path, a.stat)) << path << " " << s.name << " " << a.stat;
                    EXPECT_TRUE(a.squashed.empty() || counts(machine.tree, path, a.squashed))
                        << path << " " << s.name << " " << a.squashed;
                    EXPECT_GT(a.times, 0) << path << " " << s.name << " " << a.stat;
                }
            }
        for (const PricedStructure &s : price_structures(machine.tree, lists, options)) {
            if (const auto *wire = std::get_if<WireGeometry>(&s.geometry)) {
                EXPECT_GT(wire->millimetres, 0) << s.component << " " << s.name;
            }
            EXPECT_GT(s.price.read_pj + s.price.search_pj + s.price.use_pj + s.price.activate_pj, 0)
                << s.component << " " << s.name;
        }
    }
}

TEST(Structures, EveryListedStatisticIsThereAndEveryNameIsUnique) {
    check_lists(Full<OutOfOrderCore, GskewDirection>());
    check_lists(Full<OutOfOrderCore, Tage>());
    check_lists(Full<InOrderCore, TageScl>());
    check_lists(Full<InOrderCore, Bimodal>());
    check_lists(Full<CgOooCore, GskewDirection>());
    check_lists(Full<CgOooCore, Gshare>());
}

// Children of a core that have circuits list them; what lists nothing has a reason.
TEST(Structures, OnlyWhatHasNoCircuitOfItsOwnListsNone) {
    const Full<OutOfOrderCore, GskewDirection> machine;
    const std::vector<StructureList> lists = list_tree(machine.tree, {});
    for (std::size_t n = 0; n < lists.size(); ++n)
        EXPECT_EQ(lists[n].empty(), machine.tree[n].component->type_name() == "Bus") << machine.tree[n].path;
}

}  // namespace
}  // namespace sim::test
