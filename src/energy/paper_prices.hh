// SPDX-License-Identifier: BSD-3-Clause
// The CG-OoO papers' prices, structure by structure: the published price list.
#pragma once
#include <optional>
#include <span>
#include <string_view>
#include "energy/price.hh"

namespace sim {

struct PaperParameters {
    // Configurations of the authors' simulator: of 2015 (thesis and arXiv paper) and of 2017 (TACO). They
    // differ in the reservation stations, the in-order window, the reorder buffer and the completion of
    // blocks.
    enum class Variant : u8 { Arxiv2016, Taco2017 } variant = Variant::Taco2017;
    u32 register_segments = 9;   // a segment of the global register file costs the whole / (2 x segments)
    u32 operand_wires =
        1;   // charged for a 64-bit operand: 1 as released after April 2015; 64 before, and in truth
};

struct PaperPrice {
    Price price;
    bool is_scaled = false;   // elsewhere than published: published x analytic(this) / analytic(published)
    bool has_published_area = false;   // otherwise the area is analytic; access time always is
};

// One row of the published table.
struct PublishedPrice {
    std::string_view key, description;
    Geometry geometry;   // at which it was published
    // Otherwise words, bits or ports are our reading of the machine that the price was published for.
    bool is_geometry_published;
    double pj;   // of an access of any kind
    double pj_2015 = 0;   // where the configuration of 2015 differs; 0 where it does not
    double leakage_pj_per_cycle = 0;   // at 2 GHz
    double area_mm2 = 0;   // 0: not published
    u64 words_2015 = 0;   // of the RAM that pj_2015 was charged for, where it was another; otherwise 0
};
std::span<const PublishedPrice> published_prices();
Geometry published_geometry(const PublishedPrice &row, PaperParameters::Variant variant);

// Throws ConfigError for a key that is not in the table.
PaperPrice paper_price(std::string_view key, const Geometry &geometry, const Technology &technology,
                       const PaperParameters &parameters = {});

// Length of the wire between two structures in the authors' floorplan: machine "inorder", "ooo" or "cgooo".
struct PublishedWire {
    std::string_view machine, from, to;
    double millimetres;
};
std::span<const PublishedWire> published_wires();
std::optional<double> published_wire_mm(std::string_view machine, std::string_view from, std::string_view to);

}  // namespace sim
