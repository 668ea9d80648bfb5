// SPDX-License-Identifier: BSD-3-Clause
// What one use of a circuit costs, from its geometry and the technology: the analytic price list.
#pragma once
#include <string_view>
#include <vector>
#include "energy/geometry.hh"

namespace sim {

struct Price {
    double read_pj = 0, write_pj = 0, search_pj = 0;   // of one port, one access
    double use_pj = 0;   // arithmetic, latch, wire, clock
    double idle_pj = 0;   // latch, clock: of a cycle without use, after gating
    double activate_pj = 0, precharge_pj = 0, refresh_pj = 0;
    double leakage_mw = 0, area_mm2 = 0, access_ns = 0;

    double of(Verb verb) const;
};

// Throws ConfigError for an impossible geometry, an unknown node, or a supply below threshold. Outside the
// range that the forms were fitted to they are extrapolated: never cheaper for more words, bits, ways, ports
// or length.
Price analytic_price(const Geometry &geometry, const Technology &technology);

// One summand of a fitted form at a geometry and node, before the supply: "W*N*h" of the read energy of a RAM.
struct FormTerm {
    std::string_view form, value;   // which form, and of what: "multi-port RAM", "read_pj"
    std::string_view product;
    double amount;
};
// The summands of every form that the price of an array was made from, those compared and not taken included; none for
// circuits without forms.
std::vector<FormTerm> price_terms(const Geometry &geometry, const Technology &technology);

}  // namespace sim
