// SPDX-License-Identifier: BSD-3-Clause
// The landscape that both path finders search: heights, lakes, terrain kinds, roads and step costs.
#pragma once
#include <cstdint>
#include <vector>

namespace astar {

enum Terrain : std::uint8_t { kRoad, kGrass, kSand, kForest, kHill, kWater, kTerrains };

// Who walks: the same map costs different movers differently.
enum Mover { kFoot, kCart, kMovers };

class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed * 2685821657736338717ull + 1442695040888963407ull) {}
    std::uint32_t next()
    {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return static_cast<std::uint32_t>(state_ >> 32);
    }
    int below(int limit) { return static_cast<int>((static_cast<std::uint64_t>(next()) * limit) >> 32); }

  private:
    std::uint64_t state_;
};

// A square grid with a border of water one cell wide, so that neighbour look-ups need no bounds checks.
class GridMap {
  public:
    GridMap(int side, std::uint64_t seed);

    // Raises or lowers the lakes: every cell whose height is below the level becomes water.
    void set_water_level(int level);
    // Lays a road in random straight runs; roads bridge no water.
    void build_road(Random &random);

    int side() const { return side_; }
    int stride() const { return side_ + 2; }
    int cells() const { return stride() * stride(); }
    int cell(int x, int y) const { return (y + 1) * stride() + x + 1; }
    int column(int cell) const { return cell % stride(); }
    int row(int cell) const { return cell / stride(); }
    Terrain terrain(int cell) const { return static_cast<Terrain>(terrain_[cell]); }
    bool is_land(int cell) const { return terrain_[cell] != kWater; }
    int random_land(Random &random) const;
    // Cost per tenth of a cell's width of crossing the cell; 0 marks water.
    const std::vector<std::uint8_t> &costs(Mover mover) const { return costs_[mover]; }

    int offset(int direction) const { return offsets_[direction]; }
    static int length(int direction) { return direction < 4 ? 10 : 14; }

  private:
    void smooth_heights(int step, int amplitude, Random &random);

    int side_;
    int offsets_[8];
    std::vector<std::uint8_t> height_;
    std::vector<std::uint8_t> roads_;
    std::vector<std::uint8_t> terrain_;
    std::vector<std::uint8_t> costs_[kMovers];
};

}  // namespace astar
