// SPDX-License-Identifier: BSD-3-Clause
// Prices at the nominal supply of what is not a memory array on the chip.
#pragma once
#include "energy/device.hh"
#include "energy/price.hh"

namespace sim {

Price logic_price(const WireGeometry &wire, const Node &node, const Technology &technology);
Price logic_price(const ArithmeticGeometry &unit, const Node &node, const Technology &technology);
Price logic_price(const LatchGeometry &latch, const Node &node, const Technology &technology);
Price logic_price(const ClockGeometry &clock, const Node &node, const Technology &technology);
// A memory chip has a supply of its own, which supply_scale leaves alone.
Price logic_price(const DramGeometry &channel, const Node &node, const Technology &technology);

// Throws ConfigError unless `holds`: "<what>: <why>".
void check_geometry(bool holds, const char *what, const char *why);

}  // namespace sim
