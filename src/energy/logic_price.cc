// SPDX-License-Identifier: BSD-3-Clause
// Wires, arithmetic, latches, clock tree and memory chips.
#include "energy/logic_price.hh"
#include <algorithm>
#include <cmath>
#include <string>
#include "sim/errors.hh"

namespace sim {

void check_geometry(bool holds, const char *what, const char *why) {
    if (!holds) throw ConfigError(std::string(what) + ": " + why);
}

Price logic_price(const WireGeometry &wire, const Node &node, const Technology &technology) {
    check_geometry(wire.millimetres >= 0 && wire.bits > 0, "wire",
                   "needs a length of 0 mm or more, and a bit or more");
    return {
        .use_pj = wire.bits * wire.millimetres * node.wire_pj_per_mm * technology.wire_activity,
        .leakage_mw = wire.bits * wire.millimetres * node.wire_leakage_uw_per_mm * 1e-3,
        .access_ns = wire.millimetres * node.wire_ps_per_mm * 1e-3};   // no area: it runs above the circuits
}

namespace {

// Energy and area at 45 nm of an operation on 32-bit operands, and the powers of the width that they grow
// with: through the values of 8 or 16 and of 32 bits of Horowitz (ISSCC 2014; areas from Dally's reprint). 64
// bits follow from the powers.
struct OperationCost {
    double pj, energy_power, um2, area_power;
};
constexpr OperationCost kIntegerAdd = {0.1, 1, 137, 1};
constexpr OperationCost kIntegerMultiply = {3.1, 1.977, 3495, 1.816};
constexpr OperationCost kFloatAdd = {0.9, 1.170, 4184, 1.621};
constexpr OperationCost kFloatMultiply = {3.7, 1.750, 7700, 2.231};
// A 32-bit comparator of 40 nm (Aladdin: 0.0295 pJ, 71 um2), with F and F^2 to 45 nm.
constexpr OperationCost kLogic = {0.0332, 1, 89.9, 1};

struct OperationPrice {
    double pj, um2;
    double adder_delays;   // estimate: no energy depends on it
};

OperationPrice scaled(const OperationCost &cost, double bits, double adder_delays) {
    return {cost.pj * std::pow(bits / 32, cost.energy_power), cost.um2 * std::pow(bits / 32, cost.area_power),
            adder_delays};
}

OperationPrice at_45nm(const ArithmeticGeometry &unit) {
    using enum ArithmeticGeometry::Operation;
    const OperationPrice add =
        scaled(unit.is_float ? kFloatAdd : kIntegerAdd, unit.bits, unit.is_float ? 3 : 1);
    const OperationPrice multiply =
        scaled(unit.is_float ? kFloatMultiply : kIntegerMultiply, unit.bits, unit.is_float ? 3.5 : 3);
    const OperationPrice step = scaled(kIntegerAdd, unit.bits, 0.5);
    switch (unit.operation) {
        case Add: return add;
        case Multiply: return multiply;
        case MultiplyAdd: return {multiply.pj + add.pj, multiply.um2 + add.um2, multiply.adder_delays + 1};
        // Two quotient bits a step, and a step is an addition: our estimate, no published value was at hand.
        case Divide: return {step.pj * unit.bits / 2, step.um2 * 3, step.adder_delays * unit.bits / 2};
        case Logic: break;
    }
    return scaled(kLogic, unit.bits, 0.2);
}

}  // namespace

Price logic_price(const ArithmeticGeometry &unit, const Node &node, const Technology &) {
    check_geometry(unit.bits > 0, "arithmetic unit", "operands have no bits; give their width");
    const OperationPrice price = at_45nm(unit);
    const double shrink = node.nanometres / 45.0;
    const double adder_ns =
        (4 + 1.5 * std::log2(unit.bits)) * node.fanout4_ps * 1e-3;   // parallel-prefix adder
    const double area = price.um2 * shrink * shrink * 1e-6;
    return {.use_pj = price.pj * node.logic_energy,
            .leakage_mw = area * logic_leakage_mw_per_mm2(node),
            .area_mm2 = area,
            .access_ns = price.adder_delays * adder_ns};
}

Price logic_price(const LatchGeometry &latch, const Node &node, const Technology &technology) {
    check_geometry(latch.bits > 0, "latch", "has no bits; give its width");
    // A register bit of 40 nm at 1.0 V that flips: 0.009 pJ, 5.98 um2 (Aladdin); other nodes with F V^2 and
    // F^2. Of the energy half is taken to be the clock's, which a clocking without new data costs too.
    const double shrink = node.nanometres / 40.0;
    const double bit_pj = 0.009 * shrink * node.supply_v * node.supply_v;
    const double area = latch.bits * 5.98e-6 * shrink * shrink;
    return {.use_pj = latch.bits * bit_pj * technology.latch_activity,
            .idle_pj = latch.bits * bit_pj / 2 * (1 - technology.clock_gating),
            .leakage_mw = area * logic_leakage_mw_per_mm2(node),
            .area_mm2 = area,
            .access_ns = 3 * node.fanout4_ps * 1e-3};
}

Price logic_price(const ClockGeometry &clock, const Node &node, const Technology &technology) {
    check_geometry(clock.area_mm2 > 0 && clock.leaf_pitch_mm > 0, "clock tree",
                   "needs an area and a leaf pitch above 0");
    // The H of level i has 1.5 side / 2^i of wire, and there are 4^i of it: 1.5 side (side / pitch - 1) in
    // all. Two transitions a cycle. The EIE paper's clock (0.64 mm2, 45 nm; 1.87 mW at 800 MHz: 2.3 pJ) comes
    // out as 2.7 pJ.
    const double side = std::sqrt(clock.area_mm2);
    const double millimetres = std::max(side, 1.5 * side * (side / clock.leaf_pitch_mm - 1));
    const double cycle_pj = 2 * millimetres * node.wire_pj_per_mm;
    return {.use_pj = cycle_pj,
            .idle_pj = cycle_pj * (1 - technology.clock_gating),
            .leakage_mw = millimetres * node.wire_leakage_uw_per_mm * 1e-3,
            .access_ns = side * node.wire_ps_per_mm * 1e-3};
}

namespace {

// Factor of DRAM nodes on 22 nm; CACTI's 28 nm lies on the line from 22 to 32 nm, and 16 nm scales with F
// V^2.
struct DramScale {
    double at_32, at_45, at_90;
    double of(u32 nanometres) const {
        switch (nanometres) {
            case 16: return 16.0 / 22.0;
            case 28: return 1 + 0.6 * (at_32 - 1);
            case 32: return at_32;
            case 45: return at_45;
            case 90: return at_90;
            default: return 1;
        }
    }
};

}  // namespace

Price logic_price(const DramGeometry &channel, const Node &node, const Technology &) {
    check_geometry(channel.bus_bits >= 8 && channel.bus_bits % 8 == 0 && channel.row_bytes > 0 &&
                       channel.burst > 0 && channel.chip_megabits > 0,
                   "DRAM channel",
                   "needs a bus of whole x8 chips, a row, a burst and a chip capacity above 0");
    // Least squares on CACTI 7.0's commodity dies of 0.5 to 4 Gbit, x8 and x16, pages of 1 and 2 KB: nJ a
    // chip. The chip is off the processor's die, so that there is no area.
    const double chips = channel.bus_bits / 8.0, page = channel.row_bytes / chips / 1024;
    const double gigabits = channel.chip_megabits / 1024.0, root = std::sqrt(gigabits);
    const u32 nm = node.nanometres;
    const double activate =
        (0.0012 + 0.0212 * page + 0.0009 * gigabits + 0.0079 * root) * DramScale{1.865, 2.997, 9.071}.of(nm);
    const double precharge = (0.0554 + 0.1839 * page) * DramScale{1.722, 2.555, 9.449}.of(nm);
    const double read =
        (0.00464 + 0.0811 * root) * DramScale{2.412, 4.143, 14.105}.of(nm) * channel.burst / 8;
    const double write =
        (0.0024 + 0.0824 * root) * DramScale{2.418, 4.161, 14.095}.of(nm) * channel.burst / 8;
    const double refresh_mw = 0.0611 * gigabits * DramScale{1.861, 2.633, 9.073}.of(nm);
    constexpr double kRefreshIntervalUs = 7.8;   // between refresh commands (JEDEC DDR3 and DDR4)
    const double interface_pj = double(channel.bus_bits) * channel.burst * channel.interface_pj_per_bit;
    return {.read_pj = chips * read * 1e3 + interface_pj,
            .write_pj = chips * write * 1e3 + interface_pj,
            .activate_pj = chips * activate * 1e3,
            .precharge_pj = chips * precharge * 1e3,
            .refresh_pj = chips * refresh_mw * kRefreshIntervalUs * 1e3,
            .leakage_mw = chips * (0.0018 + 0.0059 * page),
            .access_ns = (5.194 + 6.019 * root) * DramScale{1.265, 1.493, 2.523}.of(nm)};
}

}  // namespace sim
