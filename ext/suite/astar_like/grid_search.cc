// SPDX-License-Identifier: BSD-3-Clause
// A* over grid cells. Costs are in twentieths of a road-cell unit: length (10 or 14) times the sum of both
// cells' terrain costs, so the estimate doubles the cheapest terrain.
#include "grid_search.h"

#include <algorithm>
#include <cstdlib>

namespace astar {

GridSearch::GridSearch(const GridMap &map) : map_(map), open_(map.cells()), nodes_(map.cells()) {}

// Octile distance at the cheapest terrain: never more than the true cost, so the first way found is best.
std::uint32_t GridSearch::estimate(int from, int goal_column, int goal_row, int cheapest) const
{
    const int across = std::abs(map_.column(from) - goal_column);
    const int down = std::abs(map_.row(from) - goal_row);
    const int longer = std::max(across, down);
    const int shorter = std::min(across, down);
    return static_cast<std::uint32_t>((10 * longer + 4 * shorter) * 2 * cheapest);
}

void GridSearch::expand(int here, const std::vector<std::uint8_t> &costs)
{
    const Node &from = nodes_[here];
    for (int direction = 0; direction < 8; ++direction) {
        const int next = here + map_.offset(direction);
        if (!costs[next])
            continue;
        if (corridor_ && !(*corridor_)[(*region_of_)[next]])
            continue;
        Node &to = nodes_[next];
        const std::uint32_t cost = from.cost + GridMap::length(direction) * (costs[here] + costs[next]);
        if (to.visit == visit_ && (to.is_closed || to.cost <= cost))
            continue;
        to = {cost, visit_, static_cast<std::uint8_t>(direction), 0};
        open_.push(next, cost + estimate(next, goal_column_, goal_row_, cheapest_));
    }
}

Path GridSearch::find(int start, int goal, Mover mover, const std::vector<std::int32_t> *region_of,
                      const std::vector<std::uint8_t> *corridor)
{
    const std::vector<std::uint8_t> &costs = map_.costs(mover);
    region_of_ = region_of;
    corridor_ = corridor;
    goal_column_ = map_.column(goal);
    goal_row_ = map_.row(goal);
    cheapest_ = mover == kFoot ? 4 : 3;
    ++visit_;
    open_.clear();
    nodes_[start] = {0, visit_, 0, 0};
    open_.push(start, 0);
    std::uint32_t expanded = 0;
    while (!open_.empty()) {
        const int here = open_.pop();
        nodes_[here].is_closed = 1;
        ++expanded;
        if (here == goal) {
            Path path = trace(start, goal);
            path.expanded = expanded;
            return path;
        }
        expand(here, costs);
    }
    Path none;
    none.expanded = expanded;
    return none;
}

Path GridSearch::trace(int start, int goal) const
{
    Path path;
    path.found = true;
    path.cost = nodes_[goal].cost;
    for (int here = goal; here != start; here -= map_.offset(nodes_[here].direction))
        path.cells.push_back(here);
    path.cells.push_back(start);
    std::reverse(path.cells.begin(), path.cells.end());
    return path;
}

}  // namespace astar
