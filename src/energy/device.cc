// SPDX-License-Identifier: BSD-3-Clause
// The nodes and what a supply voltage other than the nominal one changes.
#include "energy/device.hh"
#include <cmath>
#include <string>
#include "sim/errors.hh"

namespace sim {
namespace {

// Supply, threshold, delay of an inverter that drives four, off-current and density: high-performance devices
// of CACTI 7.0 (ITRS), 28 nm interpolated there. Wire energy: C V^2 / 2 per transition; 22 nm is the CG-OoO
// paper's number, 45 nm that of SLIP (ISCA 2015), the others lie between as CACTI's capacitances do. Wire
// delay and leakage: CACTI, repeaters 10 % slower than the fastest. Logic energy: Stillmaker and Baas
// (Integration 2017). There are no runs at 16 nm: its devices are those of 22 nm at the same supply, shrunk;
// a repeated wire's delay goes as sqrt(R C fanout4), R as 1 / F^2. Last: itrs-lstp devices, and the greatest bit-line
// delay of the runs.
// clang-format off
constexpr Node kNodes[] = {
    //nm  supply threshold fo4   off-current density  wire pJ, ps, uW     logic
    //                                                     low standby: supply, off-current, drive, bit-line ns
    {16, 0.80, 0.13950, 2.309,  2.152e-07, 4.82310, 0.08, 276.7, 3.89291, 0.118, {0.80, 7.73e-10, 0.277, 0.20}},
    {22, 0.80, 0.13950, 3.17506, 2.152e-07, 2.55102, 0.08, 235.988, 3.89291, 0.181, {0.80, 7.73e-10, 0.277, 0.28}},
    {28, 0.86, 0.18681, 4.78474, 2.4748e-07, 2.09183, 0.10, 218.901, 4.70581, 0.352, {0.92, 4.106e-10, 0.295, 0.31}},
    {32, 0.90, 0.21835, 6.11843, 2.69e-07, 1.78571, 0.11, 208.547, 5.45245, 0.532, {1.00, 1.69e-10, 0.309, 0.31}},
    {45, 1.00, 0.18035, 9.06329, 5.69e-07, 1.25, 0.16, 177.393, 11.4964, 1, {1.10, 9.02e-11, 0.326, 0.59}},
    {90, 1.20, 0.23707, 23.278, 8.38e-08, 0.6125, 0.22, 151.515, 1.46204, 3.156, {1.30, 2.94e-11, 0.468, 1.12}},
};
// clang-format on

}  // namespace

const Node &node_of(const Technology &technology) {
    for (const Node &node : kNodes)
        if (node.nanometres == technology.nanometres) return node;
    throw ConfigError("technology: nanometres=" + std::to_string(technology.nanometres) +
                      " is no node with data; 16, 22, 28, 32, 45 and 90 are");
}

double feature_um(const Node &node) { return node.nanometres * 1e-3; }

double logic_leakage_mw_per_mm2(const Node &node) {
    const double amperes_per_um2 =
        node.transistors_per_um2 * 3 * feature_um(node) * node.off_current_a_per_um / 2;
    return amperes_per_um2 * node.supply_v * 1e9;
}

SupplyFactors supply_factors(const Technology &technology) {
    const double scale = technology.supply_scale;
    if (!(scale >= 0.5 && scale <= 1.3))
        throw ConfigError("technology: supply_scale=" + std::to_string(scale) +
                          " is outside of 0.5 to 1.3; give the supply relative to the node's nominal one");
    const Node &node = node_of(technology);
    // Leakage power is V x I; the off-current grows as exp(DIBL dV / (n kT/q)), with drain-induced barrier
    // lowering of 0.1 V/V and n = 1.5, textbook values of planar devices, at 350 K. Delay follows the
    // alpha-power law (Sakurai and Newton, 1990), alpha 1.3.
    constexpr double kBarrierLowering = 0.1, kSlope = 1.5, kThermalV = 0.0302, kAlpha = 1.3;
    const double current = std::exp(kBarrierLowering * node.supply_v * (scale - 1) / (kSlope * kThermalV));
    const auto delay = [&](double v) { return v / std::pow(v - node.threshold_v, kAlpha); };
    return {scale * scale, scale * current, delay(scale * node.supply_v) / delay(node.supply_v)};
}

}  // namespace sim
