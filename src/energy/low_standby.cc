// SPDX-License-Identifier: BSD-3-Clause
// Leakage and delay of low-standby-power cells, from the devices that CACTI assumes.
#include "energy/low_standby.hh"
#include <algorithm>
#include "energy/device.hh"

namespace sim {

// A cell has two inverters of 2.08 and 1.23 features, half of whose transistors are off, and two pass transistors of
// 1.31, of which one leaks half of the time (CACTI's cell). That is 62 to 97 % of what CACTI's caches leak.
double cell_leakage(const CacheGeometry &cache, u32 nanometres, double off_current_a_per_um, double supply_v) {
    constexpr double kLeakingWidth = 2.08 + 1.23 + 1.31 / 2, kTagBits = 30;
    const double cells = cache.bytes * 8.0 * (1 + kTagBits / (cache.line_bytes * 8.0));
    const double micrometres = cells * kLeakingWidth * nanometres * 1e-3;
    return micrometres * off_current_a_per_um * supply_v * 1e3;
}

// What is around the cells leaks as before: the rest of the form, but no less than a tenth of the whole, the least that
// CACTI runs with such cells gave (0.1 to 0.23). Dynamic energy stays: at 22 nm the supply of the cells is the same;
// elsewhere it is up to 11 % higher, which would add 6 % at most, since bit lines take a quarter of an access or less.
// They are slower by the drive of the cells, and take a fifth of the access time, or less where arrays grow by more of
// them.
void use_low_standby_cells(Price &price, const CacheGeometry &cache, u32 nanometres, std::vector<FormTerm> *terms) {
    constexpr double kLeastAround = 0.1, kBitLineShare = 0.2;
    const Node &node = node_of({.nanometres = nanometres});
    const LowStandby &slow = node.low_standby;
    const Price fast = price;
    const double cells = cell_leakage(cache, nanometres, node.off_current_a_per_um, node.supply_v);
    const double around = std::max(fast.leakage_mw - cells, kLeastAround * fast.leakage_mw);
    price.leakage_mw = around + cell_leakage(cache, nanometres, slow.off_current_a_per_um, slow.supply_v);
    const double bit_lines = std::min(kBitLineShare * fast.access_ns, slow.bit_line_ns);
    price.access_ns += bit_lines * (1 / slow.drive - 1);
    if (!terms) return;
    terms->push_back({"low-standby cells", "leakage_mw", "cells", price.leakage_mw - fast.leakage_mw});
    terms->push_back({"low-standby cells", "access_ns", "bit lines", price.access_ns - fast.access_ns});
}

}  // namespace sim
