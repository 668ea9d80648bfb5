// SPDX-License-Identifier: BSD-3-Clause
// First way finder: A* over the cells of the grid with eight directions and terrain-dependent step costs.
#pragma once
#include <cstdint>
#include <vector>
#include "grid_map.h"
#include "open_heap.h"

namespace astar {

struct Path {
    bool found = false;
    std::uint32_t cost = 0;
    std::uint32_t expanded = 0;
    std::vector<std::int32_t> cells;  // from start to goal
};

class GridSearch {
  public:
    explicit GridSearch(const GridMap &map);

    // When a corridor is given, only cells whose region is marked in it may be entered.
    Path find(int start, int goal, Mover mover, const std::vector<std::int32_t> *region_of = nullptr,
              const std::vector<std::uint8_t> *corridor = nullptr);

  private:
    std::uint32_t estimate(int from, int goal_column, int goal_row, int cheapest) const;
    void expand(int here, const std::vector<std::uint8_t> &costs);
    Path trace(int start, int goal) const;

    struct Node {
        std::uint32_t cost;      // best known cost from the start
        std::uint32_t visit;     // search number that wrote this node; stale nodes count as unseen
        std::uint8_t direction;  // step that led here
        std::uint8_t is_closed;
    };

    const GridMap &map_;
    OpenHeap open_;
    std::vector<Node> nodes_;
    std::uint32_t visit_ = 0;
    int goal_column_ = 0;
    int goal_row_ = 0;
    int cheapest_ = 1;
    const std::vector<std::int32_t> *region_of_ = nullptr;
    const std::vector<std::uint8_t> *corridor_ = nullptr;
};

}  // namespace astar
