// SPDX-License-Identifier: BSD-3-Clause
// The placer: anneals a sequence pair. All decisions are made on whole numbers, with a random generator of its own, and
// what floating point there is (square roots, quotients) is rounded alike by every IEEE host.
#include "energy/floorplan.hh"
#include <algorithm>
#include <bit>
#include <cmath>
#include "energy/sequence_pair.hh"
#include "sim/errors.hh"

namespace sim {
namespace {

// The square root of the blocks' areas together is this many units long.
constexpr u32 kSideBits = 22;
constexpr u32 kWeightBits = 16;   // weights of all nets together
constexpr u32 kStages = 192;      // of the cooling; each is 15/16 as hot as the one before

class Random {
  public:
    explicit Random(u64 seed) : state_(seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) {
        for (u32 i = 0; i < 4; ++i) next();
    }
    u64 next() {   // 64-bit congruential generator, whose high half decides how its own bits are mixed
        state_ = state_ * 6364136223846793005 + 1442695040888963407;
        return std::rotr(state_ ^ (state_ >> 29), int(state_ >> 58));
    }
    u32 below(u32 bound) { return u32(((next() >> 32) * bound) >> 32); }
    // Exponentially distributed with mean 1, in 1/65536: -ln of a uniform number, from its leading zeros and, between
    // powers of two, a straight line.
    u64 exponential() {
        const u64 drawn = next() | 1;
        const u32 zeros = u32(std::countl_zero(drawn));
        const u64 fraction = (drawn << zeros << 1) >> 48;
        return (((u64{zeros} + 1) << 16) - fraction) * 45426 >> 16;   // ln 2 in 1/65536
    }

  private:
    u64 state_;
};

class Placer {
  public:
    Placer(const std::vector<FloorplanBlock> &blocks, const std::vector<FloorplanNet> &nets, u64 seed)
        : count_(u32(blocks.size())), random_(seed), packing_(count_) {
        double area = 0;
        for (const FloorplanBlock &block : blocks) area += block.area_mm2;
        unit_ = std::sqrt(area) / double(u32{1} << kSideBits);
        for (const FloorplanBlock &block : blocks) add_shapes(block);
        add_wires(nets);
        for (u32 i = 0; i < count_; ++i) best_.first.push_back(i);
        best_.second = best_.first;
        best_.shape.assign(count_, Packing::kShapes / 2);
    }

    void anneal(u32 effort) {
        if (count_ < 2 || effort == 0) return;
        SequencePair now = best_;
        i64 now_cost = cost(now), best_cost = now_cost;
        i64 heat = first_heat();
        const u32 moves = std::max(1u, u32(u64{effort} * count_ / kStages));
        SequencePair tried = now;
        for (u32 stage = 0; stage < kStages; ++stage, heat -= heat / 16)
            for (u32 i = 0; i < moves; ++i) {
                tried = now;
                move(tried);
                const i64 tried_cost = cost(tried);
                const i64 worse = tried_cost - now_cost;
                if (worse > 0 && worse > i64(u64(heat) * random_.exponential() >> 16)) continue;
                std::swap(now, tried);
                now_cost = tried_cost;
                if (now_cost >= best_cost) continue;
                best_cost = now_cost;
                best_ = now;
            }
    }

    void put(Floorplan &plan) {
        packing_.pack(best_, shapes_);
        for (u32 i = 0; i < count_; ++i) {
            const Shape shape = shapes_[i * Packing::kShapes + best_.shape[i]];
            plan.places.push_back({double(packing_.x[i]) * unit_, double(packing_.y[i]) * unit_,
                                   double(shape.width) * unit_, double(shape.height) * unit_});
        }
        plan.width = double(packing_.width) * unit_;
        plan.height = double(packing_.height) * unit_;
    }

  private:
    struct Wire {
        u32 from, to;
        i64 weight;
    };

    // Aspects in even steps of a ratio, found by halving it.
    void add_shapes(const FloorplanBlock &block) {
        static_assert(Packing::kShapes == 9, "three square roots make eight steps");
        const double step = std::sqrt(std::sqrt(std::sqrt(block.most_aspect / block.least_aspect)));
        const double area = block.area_mm2 / unit_ / unit_;
        double aspect = block.least_aspect;
        for (u32 i = 0; i < Packing::kShapes; ++i, aspect *= step) {
            const i64 width = std::max(i64{1}, i64(std::llround(std::sqrt(area / aspect))));
            shapes_.push_back({width, std::max(i64{1}, i64(std::ceil(area / double(width))))});
        }
    }

    void add_wires(const std::vector<FloorplanNet> &nets) {
        double total = 0;
        for (const FloorplanNet &net : nets) total += net.weight;
        for (const FloorplanNet &net : nets)
            if (net.weight > 0 && net.from != net.to)
                wires_.push_back({net.from, net.to,
                                  1 + i64(std::llround(net.weight / total * double(u32{1} << kWeightBits)))});
    }

    // Near 2^20 for what is area and for what is wire; a long outline counts as the square around it, by half.
    i64 cost(const SequencePair &pair) {
        packing_.pack(pair, shapes_);
        const i64 wide = packing_.width, high = packing_.height, longer = wide - high;
        const i64 area = (wide * high + longer * longer / 4) >> (2 * kSideBits - 20);
        i64 wire = 0;
        for (const Wire &w : wires_) wire += w.weight * (centre_to_centre(pair, w));
        return area + (wire >> (kSideBits + kWeightBits - 20));
    }

    i64 centre_to_centre(const SequencePair &pair, const Wire &w) const {   // in half units
        const Shape a = shapes_[w.from * Packing::kShapes + pair.shape[w.from]];
        const Shape b = shapes_[w.to * Packing::kShapes + pair.shape[w.to]];
        return std::abs(2 * (packing_.x[w.from] - packing_.x[w.to]) + a.width - b.width) +
               std::abs(2 * (packing_.y[w.from] - packing_.y[w.to]) + a.height - b.height);
    }

    void move(SequencePair &pair) {
        const u32 a = random_.below(count_);
        const u32 b = (a + 1 + random_.below(count_ - 1)) % count_;
        switch (random_.below(4)) {
            case 0: std::swap(pair.first[a], pair.first[b]); break;
            case 1:
                std::swap(*std::find(pair.first.begin(), pair.first.end(), a),
                          *std::find(pair.first.begin(), pair.first.end(), b));
                std::swap(*std::find(pair.second.begin(), pair.second.end(), a),
                          *std::find(pair.second.begin(), pair.second.end(), b));
                break;
            case 2:
                shift(pair.first, a, random_.below(count_));
                shift(pair.second, a, random_.below(count_));
                break;
            default: pair.shape[a] = random_.below(Packing::kShapes);
        }
    }

    static void shift(std::vector<u32> &order, u32 block, u32 place) {
        order.erase(std::find(order.begin(), order.end(), block));
        order.insert(order.begin() + place, block);
    }

    // Mean change of cost over a random walk, which also leaves the row that blocks start in.
    i64 first_heat() {
        SequencePair walk = best_;
        i64 before = cost(walk), changes = 0;
        const i64 steps = 4 * i64(count_);
        for (i64 i = 0; i < steps; ++i) {
            move(walk);
            const i64 after = cost(walk);
            changes += std::abs(after - before);
            before = after;
        }
        return changes / steps + 16;
    }

    u32 count_;
    Random random_;
    Packing packing_;
    double unit_ = 1;             // mm
    std::vector<Shape> shapes_;   // Packing::kShapes a block
    std::vector<Wire> wires_;
    SequencePair best_;
};

void check(const std::vector<FloorplanBlock> &blocks, const std::vector<FloorplanNet> &nets) {
    for (const FloorplanBlock &block : blocks) {
        if (!(block.area_mm2 > 0 && block.area_mm2 <= 1e6))
            throw ConfigError("floorplan: block '" + block.name + "' has an area of " + std::to_string(block.area_mm2) +
                              " mm2; it takes more than 0 and at most 1000000");
        if (!(block.least_aspect >= 0.01 && block.least_aspect <= block.most_aspect && block.most_aspect <= 100))
            throw ConfigError("floorplan: block '" + block.name + "' has aspects from " +
                              std::to_string(block.least_aspect) + " to " + std::to_string(block.most_aspect) +
                              "; they take an ascending range within 0.01 and 100");
    }
    for (const FloorplanNet &net : nets) {
        if (net.from >= blocks.size() || net.to >= blocks.size())
            throw ConfigError("floorplan: a net joins blocks " + std::to_string(net.from) + " and " +
                              std::to_string(net.to) + " of " + std::to_string(blocks.size()));
        if (!(net.weight >= 0 && net.weight <= 1e12))
            throw ConfigError("floorplan: a net has weight " + std::to_string(net.weight) +
                              "; it takes 0 to 1e12");
    }
}

double centre_x(const PlacedBlock &p) { return p.x + p.width / 2; }
double centre_y(const PlacedBlock &p) { return p.y + p.height / 2; }

}  // namespace

double Floorplan::distance(u32 a, u32 b) const {
    return std::abs(centre_x(places[a]) - centre_x(places[b])) + std::abs(centre_y(places[a]) - centre_y(places[b]));
}

double Floorplan::dead_space() const {
    double covered = 0;
    for (const PlacedBlock &p : places) covered += p.width * p.height;
    return places.empty() ? 0 : 1 - covered / (width * height);
}

double Floorplan::wire_length(const std::vector<FloorplanNet> &nets) const {
    double total = 0;
    for (const FloorplanNet &net : nets) total += net.weight * distance(net.from, net.to);
    return total;
}

Floorplan place(std::vector<FloorplanBlock> blocks, const std::vector<FloorplanNet> &nets, u64 seed, u32 effort) {
    check(blocks, nets);
    Floorplan plan;
    plan.blocks = std::move(blocks);
    Placer placer(plan.blocks, nets, seed);
    placer.anneal(effort);
    placer.put(plan);
    return plan;
}

}  // namespace sim
