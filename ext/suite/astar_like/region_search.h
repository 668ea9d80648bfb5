// SPDX-License-Identifier: BSD-3-Clause
// Second way finder: divides the land into regions, searches the graph of regions, and then refines that
// coarse way with a grid search that may only enter the regions on it.
#pragma once
#include <cstdint>
#include <vector>
#include "grid_map.h"
#include "grid_search.h"
#include "open_heap.h"

namespace astar {

class RegionSearch {
  public:
    explicit RegionSearch(const GridMap &map) : map_(map) {}

    // Grows regions of about target_size cells from scattered seeds, then links those that touch.
    void divide(int target_size, Mover mover, Random &random);
    Path find(GridSearch &grid, int start, int goal, Mover mover);

    int regions() const { return static_cast<int>(regions_.size()); }
    int links() const { return links_; }
    std::uint64_t digest() const;

  private:
    struct Link {
        std::int32_t to;
        std::uint32_t border;  // cell pairs that touch across the border
        std::uint32_t cost;
    };
    struct Region {
        std::int64_t column_sum = 0, row_sum = 0, cost_sum = 0;
        std::int32_t size = 0;
        std::int32_t column = 0, row = 0;  // centre
        std::uint32_t mean_cost = 0;       // in sixteenths
        std::vector<Link> links;
    };
    struct Node {
        std::uint32_t cost;
        std::int32_t from;
        bool is_closed;
    };

    void scatter_seeds(int target_size, Random &random);
    void grow(const std::vector<std::uint8_t> &costs);
    void claim(int cell, int region, int cost);
    void adopt_leftovers(const std::vector<std::uint8_t> &costs);
    void link_regions();
    void touch(int one, int other);
    std::uint32_t link_cost(const Region &from, const Region &to, std::uint32_t border) const;
    std::uint32_t estimate(const Region &from, const Region &to) const;
    bool find_corridor(int start, int goal);

    const GridMap &map_;
    std::vector<Region> regions_;
    std::vector<std::int32_t> region_of_;
    std::vector<std::int32_t> frontier_;
    std::vector<std::uint8_t> corridor_;
    std::vector<Node> nodes_;
    int links_ = 0;
    std::uint32_t cheapest_ = 0;
};

}  // namespace astar
