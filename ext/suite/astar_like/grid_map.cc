// SPDX-License-Identifier: BSD-3-Clause
// Builds the landscape: midpoint displacement for the heights, then water, terrain kinds and roads.
#include "grid_map.h"

namespace astar {

namespace {

// Rows are movers, columns terrain kinds; water is impassable and stays 0.
constexpr std::uint8_t kStepCost[kMovers][kTerrains] = {{4, 5, 8, 9, 12, 0}, {3, 6, 14, 18, 25, 0}};

constexpr int kCoarsestStep = 32;

std::uint8_t clamp_height(int height)
{
    return static_cast<std::uint8_t>(height < 0 ? 0 : height > 255 ? 255 : height);
}

}  // namespace

GridMap::GridMap(int side, std::uint64_t seed)
    : side_(side),
      offsets_{1, -1, side + 2, -(side + 2), side + 3, side + 1, -(side + 1), -(side + 3)},
      height_((side + 2) * (side + 2)),
      roads_((side + 2) * (side + 2)),
      terrain_((side + 2) * (side + 2), kWater)
{
    for (auto &table : costs_)
        table.assign(cells(), 0);
    Random random(seed);
    for (int y = 0; y < side; y += kCoarsestStep)
        for (int x = 0; x < side; x += kCoarsestStep)
            height_[cell(x, y)] = clamp_height(40 + random.below(176));
    int amplitude = 64;
    for (int step = kCoarsestStep; step > 1; step /= 2, amplitude = amplitude * 5 / 8 + 2)
        smooth_heights(step, amplitude, random);
}

// One round of midpoint displacement: doubles the resolution of the known heights. The map wraps round,
// so the side must be a multiple of the coarsest step.
void GridMap::smooth_heights(int step, int amplitude, Random &random)
{
    const int half = step / 2;
    const auto noise = [&] { return random.below(2 * amplitude + 1) - amplitude; };
    for (int y = 0; y < side_; y += step)
        for (int x = 0; x < side_; x += step) {
            const int right = x + step < side_ ? x + step : 0;
            const int below = y + step < side_ ? y + step : 0;
            const int corner = height_[cell(x, y)];
            const int corner_right = height_[cell(right, y)];
            const int corner_below = height_[cell(x, below)];
            const int opposite = height_[cell(right, below)];
            height_[cell(x + half, y)] = clamp_height((corner + corner_right) / 2 + noise());
            height_[cell(x, y + half)] = clamp_height((corner + corner_below) / 2 + noise());
            height_[cell(x + half, y + half)] =
                clamp_height((corner + corner_right + corner_below + opposite) / 4 + noise());
        }
}

void GridMap::set_water_level(int level)
{
    for (int y = 0; y < side_; ++y)
        for (int x = 0; x < side_; ++x) {
            const int here = cell(x, y);
            const int above = height_[here] - level;
            Terrain kind = kHill;
            if (above < 0)
                kind = kWater;
            else if (roads_[here])
                kind = kRoad;
            else if (above < 8)
                kind = kSand;
            else if (above < 50)
                kind = kGrass;
            else if (above < 90)
                kind = kForest;
            terrain_[here] = kind;
            for (int mover = 0; mover < kMovers; ++mover)
                costs_[mover][here] = kStepCost[mover][kind];
        }
}

void GridMap::build_road(Random &random)
{
    int here = random_land(random);
    for (int run = 0; run < 12; ++run) {
        const int direction = random.below(4);
        for (int length = 4 + random.below(side_ / 6); length > 0; --length) {
            const int next = here + offsets_[direction];
            if (!is_land(next))
                break;
            here = next;
            roads_[here] = 1;
            terrain_[here] = kRoad;
            for (int mover = 0; mover < kMovers; ++mover)
                costs_[mover][here] = kStepCost[mover][kRoad];
        }
    }
}

int GridMap::random_land(Random &random) const
{
    for (int attempt = 0; attempt < 10000; ++attempt) {
        const int x = random.below(side_);
        const int y = random.below(side_);
        const int here = cell(x, y);
        if (is_land(here))
            return here;
    }
    return cell(0, 0);
}

}  // namespace astar
