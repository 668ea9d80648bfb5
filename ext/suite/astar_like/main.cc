// SPDX-License-Identifier: BSD-3-Clause
// A* way finding over landscapes with terrain, roads and lakes, on cells and on regions, like SPEC's
// 473.astar: several maps, two movers, and a water level that changes between rounds of queries.
#include <cstdio>
#include <cstring>

#include "grid_map.h"
#include "grid_search.h"
#include "region_search.h"

namespace {

using namespace astar;

struct Size {
    const char *name;
    int side;
    int maps;
    int seasons;       // water levels a map goes through
    int cell_queries;  // ways sought cell by cell, each season
    int region_queries;
};

constexpr Size kSizes[] = {
    {"test", 64, 1, 1, 3, 2},
    {"train", 192, 2, 2, 3, 7},
    {"ref", 512, 2, 4, 5, 10},
};

struct Totals {
    std::uint64_t checksum = 0xcbf29ce484222325ull;
    std::uint64_t cells = 0, expanded = 0, cost = 0;
    int found = 0, sought = 0;

    void mix(std::uint64_t value) { checksum = (checksum ^ value) * 0x100000001b3ull; }

    void add(const GridMap &map, const Path &path)
    {
        ++sought;
        found += path.found;
        cost += path.cost;
        expanded += path.expanded;
        cells += path.cells.size();
        mix(path.cost);
        mix(path.expanded);
        for (const int cell : path.cells)
            mix(static_cast<std::uint64_t>(cell) * kTerrains + map.terrain(cell));
    }
};

void run_season(const Size &size, const GridMap &map, GridSearch &grid, Mover mover, Random &random,
                Totals &by_cell, Totals &by_region)
{
    for (int query = 0; query < size.cell_queries; ++query) {
        const int start = map.random_land(random);
        const int goal = map.random_land(random);
        by_cell.add(map, grid.find(start, goal, query % 2 ? kCart : kFoot));
    }
    // The land is divided anew for the season's mover, as what is rough ground depends on who walks.
    RegionSearch regions(map);
    regions.divide(48 << mover, mover, random);
    by_region.mix(regions.digest());
    for (int query = 0; query < size.region_queries; ++query) {
        const int start = map.random_land(random);
        const int goal = map.random_land(random);
        by_region.add(map, regions.find(grid, start, goal, mover));
    }
    std::printf("  regions %d links %d\n", regions.regions(), regions.links());
}

void report(const char *name, const Totals &totals)
{
    std::printf("%s: found %d of %d, cells %llu, expanded %llu, cost %llu\n", name, totals.found,
                totals.sought, static_cast<unsigned long long>(totals.cells),
                static_cast<unsigned long long>(totals.expanded),
                static_cast<unsigned long long>(totals.cost));
}

int run(const Size &size)
{
    Totals by_cell, by_region;
    for (int number = 0; number < size.maps; ++number) {
        std::printf("map %d, %d by %d\n", number, size.side, size.side);
        GridMap map(size.side, 1000 + number);
        GridSearch grid(map);
        Random random(77 + number);
        for (int season = 0; season < size.seasons; ++season) {
            map.set_water_level(96 + season % 3 * 9 - number % 2 * 6);
            map.build_road(random);
            run_season(size, map, grid, static_cast<Mover>(season % kMovers), random, by_cell, by_region);
        }
    }
    report("by cell", by_cell);
    report("by region", by_region);
    by_cell.mix(by_region.checksum);
    std::printf("checksum 0x%016llx\n", static_cast<unsigned long long>(by_cell.checksum));
    return 0;
}

}  // namespace

int main(int argc, char **argv)
{
    if (argc == 2)
        for (const Size &size : kSizes)
            if (!std::strcmp(argv[1], size.name))
                return run(size);
    std::fprintf(stderr, "usage: %s test|train|ref\n", argv[0]);
    return 2;
}
