// SPDX-License-Identifier: BSD-3-Clause
// Division of the land into regions, the region graph, and the two-level search over it.
#include "region_search.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace astar {

namespace {

constexpr std::uint32_t kUnreached = std::numeric_limits<std::uint32_t>::max();

}  // namespace

void RegionSearch::claim(int cell, int region, int cost)
{
    region_of_[cell] = region;
    Region &owner = regions_[region];
    owner.column_sum += map_.column(cell);
    owner.row_sum += map_.row(cell);
    owner.cost_sum += cost;
    ++owner.size;
    frontier_.push_back(cell);
}

void RegionSearch::scatter_seeds(int target_size, Random &random)
{
    const int seeds = map_.side() * map_.side() / target_size;
    for (int seed = 0; seed < seeds; ++seed) {
        const int here = map_.random_land(random);
        if (region_of_[here] >= 0 || !map_.is_land(here))
            continue;
        regions_.emplace_back();
        claim(here, static_cast<int>(regions_.size()) - 1, map_.costs(kFoot)[here]);
    }
}

// All regions grow at once, one ring a round; rough ground resists a region for some rounds.
void RegionSearch::grow(const std::vector<std::uint8_t> &costs)
{
    std::vector<std::int32_t> now;
    for (unsigned round = 1; !frontier_.empty(); ++round) {
        now.swap(frontier_);
        frontier_.clear();
        for (const int here : now) {
            bool has_open_side = false;
            for (int direction = 0; direction < 4; ++direction) {
                const int next = here + map_.offset(direction);
                if (!costs[next] || region_of_[next] >= 0)
                    continue;
                if (round % (1 + costs[next] / 6) == 0)
                    claim(next, region_of_[here], costs[next]);
                else
                    has_open_side = true;
            }
            if (has_open_side)
                frontier_.push_back(here);
        }
    }
}

// Land that no seed reached (islands, pockets between lakes) becomes regions of its own.
void RegionSearch::adopt_leftovers(const std::vector<std::uint8_t> &costs)
{
    for (int y = 0; y < map_.side(); ++y)
        for (int x = 0; x < map_.side(); ++x) {
            const int here = map_.cell(x, y);
            if (!costs[here] || region_of_[here] >= 0)
                continue;
            regions_.emplace_back();
            claim(here, static_cast<int>(regions_.size()) - 1, costs[here]);
            grow(costs);
        }
}

void RegionSearch::touch(int one, int other)
{
    for (Link &link : regions_[one].links)
        if (link.to == other) {
            ++link.border;
            return;
        }
    regions_[one].links.push_back({other, 1, 0});
    ++links_;
}

std::uint32_t RegionSearch::estimate(const Region &from, const Region &to) const
{
    const int across = std::abs(from.column - to.column);
    const int down = std::abs(from.row - to.row);
    return (10 * std::max(across, down) + 4 * std::min(across, down)) * cheapest_ / 8;
}

// Centre to centre at the mean terrain of both, dearer across a narrow border.
std::uint32_t RegionSearch::link_cost(const Region &from, const Region &to, std::uint32_t border) const
{
    const std::uint32_t across = std::abs(from.column - to.column);
    const std::uint32_t down = std::abs(from.row - to.row);
    const std::uint32_t distance = 10 * std::max(across, down) + 4 * std::min(across, down);
    return (distance + 40 / border) * (from.mean_cost + to.mean_cost) / 16 + 1;
}

void RegionSearch::link_regions()
{
    for (Region &region : regions_) {
        region.column = static_cast<std::int32_t>(region.column_sum / region.size);
        region.row = static_cast<std::int32_t>(region.row_sum / region.size);
        region.mean_cost = static_cast<std::uint32_t>(region.cost_sum * 16 / region.size);
        cheapest_ = std::min(cheapest_, region.mean_cost);
    }
    for (int y = 0; y < map_.side(); ++y)
        for (int x = 0; x < map_.side(); ++x) {
            const int here = map_.cell(x, y);
            const int mine = region_of_[here];
            if (mine < 0)
                continue;
            for (int direction = 0; direction < 8; ++direction) {
                const int theirs = region_of_[here + map_.offset(direction)];
                if (theirs >= 0 && theirs != mine)
                    touch(mine, theirs);
            }
        }
    for (Region &region : regions_)
        for (Link &link : region.links)
            link.cost = link_cost(region, regions_[link.to], link.border);
}

void RegionSearch::divide(int target_size, Mover mover, Random &random)
{
    const std::vector<std::uint8_t> &costs = map_.costs(mover);
    regions_.clear();
    frontier_.clear();
    links_ = 0;
    cheapest_ = kUnreached;
    region_of_.assign(map_.cells(), -1);
    scatter_seeds(target_size, random);
    grow(costs);
    adopt_leftovers(costs);
    link_regions();
    nodes_.resize(regions_.size());
    corridor_.resize(regions_.size());
}

// Leaves the regions of the coarse way, and those that touch it along a wide border, marked in corridor_.
bool RegionSearch::find_corridor(int start, int goal)
{
    for (Node &node : nodes_)
        node = {kUnreached, -1, false};
    std::fill(corridor_.begin(), corridor_.end(), 0);
    OpenHeap open(regions());
    nodes_[start].cost = 0;
    open.push(start, 0);
    while (!open.empty()) {
        const int here = open.pop();
        if (here == goal)
            break;
        nodes_[here].is_closed = true;
        for (const Link &link : regions_[here].links) {
            Node &to = nodes_[link.to];
            const std::uint32_t cost = nodes_[here].cost + link.cost;
            if (to.is_closed || to.cost <= cost)
                continue;
            to.cost = cost;
            to.from = here;
            open.push(link.to, cost + estimate(regions_[link.to], regions_[goal]));
        }
    }
    if (nodes_[goal].cost == kUnreached)
        return false;
    for (int here = goal; here >= 0; here = nodes_[here].from) {
        corridor_[here] = 1;
        for (const Link &link : regions_[here].links)
            if (link.border >= 8)
                corridor_[link.to] = 1;
    }
    return true;
}

Path RegionSearch::find(GridSearch &grid, int start, int goal, Mover mover)
{
    if (!find_corridor(region_of_[start], region_of_[goal]))
        return Path();
    return grid.find(start, goal, mover, &region_of_, &corridor_);
}

std::uint64_t RegionSearch::digest() const
{
    std::uint64_t sum = regions_.size();
    for (const Region &region : regions_) {
        sum = sum * 31 + region.size * 4096ull + region.column * 64ull + region.row;
        for (const Link &link : region.links)
            sum = sum * 31 + link.to * 1024ull + link.cost;
    }
    return sum;
}

}  // namespace astar
