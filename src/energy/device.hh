// SPDX-License-Identifier: BSD-3-Clause
// Transistors and wires of each node: what prices of logic scale with.
#pragma once
#include "energy/geometry.hh"

namespace sim {

// Low-standby-power transistors, for memory cells only.
struct LowStandby {
    double supply_v, off_current_a_per_um;   // at 350 K
    double drive;            // on-current relative to that of the high-performance ones
    double bit_line_ns;      // of high-performance cells in arrays of 1 MiB and more: the longest bit lines
};

struct Node {
    u32 nanometres;
    double supply_v, threshold_v;   // nominal
    double fanout4_ps;
    double off_current_a_per_um;   // at 350 K
    double transistors_per_um2;   // of logic
    double wire_pj_per_mm;   // of one wire and transition: C V^2 / 2, semi-global, with repeaters
    double wire_ps_per_mm, wire_leakage_uw_per_mm;
    double logic_energy;   // of an operation relative to 45 nm
    LowStandby low_standby;
};

// Throws ConfigError for a node of which nothing is known.
const Node &node_of(const Technology &technology);

double feature_um(const Node &node);
// Of logic at the nominal supply: half of the transistors are off, and are three features wide on average
// (estimate).
double logic_leakage_mw_per_mm2(const Node &node);

// Factors on prices at the nominal supply.
struct SupplyFactors {
    double energy, leakage, delay;
};
// Throws ConfigError for a scale at which the circuits would not work as fitted.
SupplyFactors supply_factors(const Technology &technology);

}  // namespace sim
