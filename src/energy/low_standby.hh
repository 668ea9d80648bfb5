// SPDX-License-Identifier: BSD-3-Clause
// Caches whose memory cells are of low-standby-power transistors, with high-performance ones around them.
#pragma once
#include <vector>
#include "energy/price.hh"

namespace sim {

// mW of the cells of a cache with its tags, of transistors that leak so much at a supply.
double cell_leakage(const CacheGeometry &cache, u32 nanometres, double off_current_a_per_um, double supply_v);

// Changes what high-performance cells cost. `terms`, unless it is null, receives what was added.
void use_low_standby_cells(Price &price, const CacheGeometry &cache, u32 nanometres, std::vector<FormTerm> *terms);

}  // namespace sim
