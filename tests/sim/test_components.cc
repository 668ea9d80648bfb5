// SPDX-License-Identifier: BSD-3-Clause
// Component trees: paths, shared parts, order of attachment; copies of statistics and their differences.
#include <gtest/gtest.h>
#include "sim/statistics.hh"

namespace sim {
namespace {

std::vector<std::string> attached;

// A node with up to two children; counts what it is told to.
class Node final : public Model<Node, Component> {
  public:
    struct Params : Described<Params> {
        CHILD(Node, left, optional, "one child");
        CHILD(Node, right, optional, "another");
    };
    struct Stats : Described<Stats> {
        STAT(hits, "accesses", "lookups that found their line");
        STAT(misses, "accesses", "lookups that did not");
        STAT_VECTOR(ways, 3, "accesses", "hits in a way");
        FORMULA(miss_rate, "misses/access", "share of lookups that missed", ratio(misses, hits + misses));
    };
    explicit Node(const Params &params) : params_(params) {}
    const Params &params() const { return params_; }
    void attach(Clock &clock) override {
        Component::attach(clock);
        attached.push_back(path);
    }
    Stats stats;

  private:
    const Params params_;
};
COMPONENT(Node, "A node of a test's tree.");

Node::Params with(Node *left, Node *right) {
    Node::Params p;
    p.left = left;
    p.right = right;
    return p;
}

struct SharedTree : ::testing::Test {
    Node shared{with(nullptr, nullptr)}, deep{with(&shared, nullptr)}, wide{with(nullptr, &shared)};
    Node root{with(&deep, &wide)};
    std::vector<TreeNode> tree = component_tree(root, "core");
};

TEST_F(SharedTree, ASharedComponentStandsOnceUnderItsFirstShortestPath) {
    std::vector<std::string> paths;
    for (const TreeNode &node : tree) paths.push_back(node.path);
    EXPECT_EQ(paths, (std::vector<std::string>{"core", "core.left", "core.right", "core.left.left"}));
    EXPECT_EQ(tree[2].children.at(0).second, 3u);
}

TEST_F(SharedTree, AShorterPathWinsOverAnEarlierOne) {
    Node top{with(&deep, &shared)};
    EXPECT_EQ(component_tree(top, "core").at(2).path, "core.right");
}

TEST_F(SharedTree, ChildrenAttachBeforeAllTheirParents) {
    Clock clock;
    attached.clear();
    for (TreeNode &node : tree) node.component->path = node.path;
    for (u32 index : children_first(tree)) tree[index].component->attach(clock);
    EXPECT_EQ(attached, (std::vector<std::string>{"core.left.left", "core.left", "core.right", "core"}));
}

TEST_F(SharedTree, ACopyOfStatisticsDoesNotMoveOn) {
    const Statistics before(tree);
    shared.stats.hits = 5;
    const auto *copied = static_cast<const Node::Stats *>(before.groups()[3].values.get());
    EXPECT_EQ(copied->hits, 0u);
}

TEST_F(SharedTree, FormulasHoldOnADifference) {
    shared.stats.hits = 90;
    shared.stats.misses = 10;
    const Statistics before(tree);
    shared.stats.hits = 91;
    shared.stats.misses = 13;
    const Statistics difference = Statistics(tree).minus(before);
    const auto *phase = static_cast<const Node::Stats *>(difference.groups()[3].values.get());
    EXPECT_EQ(phase->hits, 1u);
    EXPECT_EQ(phase->misses, 3u);
    EXPECT_DOUBLE_EQ(phase->miss_rate(), 0.75);
}

TEST_F(SharedTree, EveryCounterOfAVectorIsSubtracted) {
    shared.stats.ways = {5, 0, 7};
    const Statistics before(tree);
    shared.stats.ways = {6, 0, 10};
    const Statistics phase = Statistics(tree).minus(before);
    const Statistics::Group &group = phase.groups().at(3);
    EXPECT_EQ(static_cast<const Node::Stats *>(group.values.get())->ways, (std::array<u64, 3>{1, 0, 3}));
    const Field &field = *std::find_if(group.schema->begin(), group.schema->end(), [](const Field &f) { return f.name == "ways"; });
    EXPECT_EQ(field.length, 3u);
    EXPECT_EQ(std::get<CountList>(field.get(group.values.get())), (CountList{1, 0, 3}));
    try {
        before.minus(Statistics(tree));
        FAIL();
    } catch (const ConfigError &error) {
        EXPECT_NE(std::string(error.what()).find("core.left.left.ways[0] would be -1"), std::string::npos) << error.what();
    }
}

TEST_F(SharedTree, TheLaterCopyIsNotSubtractedFromTheEarlier) {
    const Statistics before(tree);
    shared.stats.hits = 1;
    EXPECT_THROW(before.minus(Statistics(tree)), ConfigError);
}

TEST_F(SharedTree, StatisticsOfDifferentMachinesAreNotSubtracted) {
    EXPECT_THROW(Statistics(tree).minus(Statistics(component_tree(deep, "core"))), ConfigError);
}

TEST(Statistics, TextIsAlignedAndKeepsZeroLines) {
    Node node{with(nullptr, nullptr)};
    node.stats.hits = 1204331;
    node.stats.ways[1] = 12;
    EXPECT_EQ(Statistics(component_tree(node, "core")).text(),
              "core (Node)\n"
              "  hits       1 204 331 accesses        lookups that found their line\n"
              "  misses             0 accesses        lookups that did not\n"
              "  ways[0]            0 accesses        hits in a way\n"
              "  ways[1]           12 accesses        hits in a way\n"
              "  ways[2]            0 accesses        hits in a way\n"
              "  miss_rate     0.0000 misses/access   share of lookups that missed\n");
}

TEST(Clock, EventsRunInOrderOfCycleThenOfScheduling) {
    struct Recorder final : EventHandler {
        std::vector<u64> seen;
        void event(u64 argument, Cycle) override { seen.push_back(argument); }
    } recorder;
    Clock clock;
    clock.schedule(20, recorder, 1);
    clock.schedule(10, recorder, 2);
    clock.schedule(20, recorder, 3);
    clock.schedule(30, recorder, 4);
    EXPECT_EQ(clock.next_event(), 10u);
    clock.now = 20;
    clock.run_due();
    EXPECT_EQ(recorder.seen, (std::vector<u64>{2, 1, 3}));
    EXPECT_EQ(clock.next_event(), 30u);
}

}  // namespace
}  // namespace sim
