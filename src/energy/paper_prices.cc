// SPDX-License-Identifier: BSD-3-Clause
// The published table and how a price is carried to another geometry.
//
// Source: energy tables of the CG-OoO authors' public simulator configuration (22 nm SPICE, 2 GHz; 2017, and
// 2015 where a value differs), and the areas and wires of its floorplans. Where no geometry was published, or
// sizes without ports, the reference is our reading of the machine: its register names, queue sizes and
// widths. The global register file has the area of the unified one, cut into its segments, as in the
// floorplan of four.
#include "energy/paper_prices.hh"
#include <string>
#include "sim/errors.hh"

namespace sim {
namespace {

using Ram = RamGeometry;
using Cam = CamGeometry;
using Cache = CacheGeometry;
using Arithmetic = ArithmeticGeometry;
constexpr auto kAdd = ArithmeticGeometry::Operation::Add;

// clang-format off
const PublishedPrice kPrices[] = {
    // key, what it is, geometry, is it published, pJ, pJ in 2015, leakage, mm2, words in 2015
    {"l1", "L1 without TLB; leakage with", Cache{32768, 8, 64, 64, 1, false}, true, 28.23, 0, 0.2135, 0.8247},
    {"l1_data", "data mats of an L1 access", Cache{32768, 8, 64, 64, 1, false}, true, 0.682},
    {"l1_wire", "wires of an L1 access", Cache{32768, 8, 64, 64, 1, false}, true, 5.731},
    {"l1_tags", "tags of all ways of an L1 access", TagGeometry{64, 8}, true, 21.8},
    {"l1_tlb", "TLB in the sum for an L1 access", Cam{64, 40, 1, 1}, false, 14.727, 0, 0, 0.0396},
    {"l2", "256 KB", Cache{262144, 16, 64, 512, 1, true}, true, 115.3, 0, 0.106, 6.598},
    {"l3", "4 MB", Cache{4194304, 16, 64, 512, 1, true}, true, 465.9, 0, 0.0986},
    {"dtlb_cam", "data TLB by itself", Cam{64, 40, 1, 1}, false, 2.133, 0, 0, 0.0396},
    {"itlb_cam", "instruction TLB by itself", Cam{64, 40, 1, 1}, false, 2.341, 0, 0, 0.0396},
    {"predictor", "one of four counter tables", Ram{8192, 2, 1, 1}, false, 0.406, 0, 0.0148, 0.0243},
    {"btb", "direct mapped, 16-bit tags", Cache{32768, 1, 8, 64, 1, false}, true, 87.13, 0, 0.0451, 0.8247},
    {"ras", "return addresses", Ram{16, 64, 1, 1}, false, 0.634},
    {"ino_rf", "in-order register file", Ram{70, 64, 4, 2}, true, 2.535, 0, 0.0049},
    {"ooo_rf", "out-of-order register file", Ram{256, 64, 8, 4}, true, 7.649, 0, 0.0148, 1.526},
    {"grf_segment", "one of 9 of the globals", Ram{28, 64, 2, 2}, true, 7.649 / 18, 0, 0.0148 / 9, 1.526 / 9},
    {"lrf", "local registers of a block window", Ram{20, 64, 2, 1}, true, 0.310, 0, 0.0011, 0.1314},
    {"rat", "out-of-order rename table", Ram{90, 8, 8, 4}, false, 1.171, 0, 0.0006},
    {"free_list", "out-of-order free registers", Ram{252, 8, 4, 4}, false, 0.677, 0, 0.0011},
    {"grat", "CG-OoO rename table of globals", Ram{90, 8, 8, 4}, false, 1.070, 0, 0.0006},
    {"gapr", "CG-OoO free global registers", Ram{252, 8, 4, 4}, false, 0.402, 0, 0.0011},
    {"rs_ram", "reservation stations", Ram{64, 166, 4, 4}, true, 4.844, 6.924, 0.0198, 0.2696, 120},
    {"rs_wakeup_cam", "of one tag; two per written register", Cam{64, 10, 4, 4}, true, 3.210},
    {"rs_select_cam", "of one select scan", Cam{64, 3, 4, 4}, false, 1.185},
    {"ino_window", "in-order issue queue", Ram{8, 64, 4, 4}, false, 0.439, 0.958, 0.0014, 0, 50},
    {"bw", "block window queue", Ram{8, 33, 1, 1}, true, 0.440, 0, 0.0007, 0.00077},
    {"hb_ram", "head buffer", Ram{4, 166, 4, 4}, false, 0.605, 0, 0.0015},
    {"hb_cam", "wake-up in the head buffer", Cam{4, 10, 4, 4}, false, 0.0471},
    {"rob", "reorder buffer", Ram{180, 17, 4, 4}, false, 4.066, 0.608, 0.0074, 0.0077},
    {"brob", "block reorder buffer, of a block", Ram{30, 17, 4, 4}, false, 3.334, 0, 0.0074, 0.00038},
    {"brob_completion", "of an instruction in it", Ram{30, 17, 4, 4}, false, 2.59, 0.112},
    // Area of both queues: 0.0555, shared out as the analytic areas are.
    {"lq_cam", "load queue, search", Cam{64, 48, 4, 4}, false, 2.204, 0, 0.0109, 0.0163},
    {"lq_ram", "load queue", Ram{64, 64, 4, 4}, false, 1.236, 0, 0, 0.0092},
    {"sq_cam", "store queue, search", Cam{32, 48, 4, 4}, false, 1.315, 0, 0.0078, 0.0122},
    {"sq_ram", "store queue", Ram{32, 128, 4, 4}, false, 1.621, 0, 0, 0.0178},
    {"store_buffer_ram", "in-order store buffer", Ram{20, 128, 1, 1}, false, 1.161, 0, 0.0011},
    {"store_buffer_cam", "in-order store buffer, search", Cam{20, 48, 1, 1}, false, 0.764},
    // Half the bits flip; a stage of a latency of n cycles has n of these.
    {"latch", "four groups of 64 flops", LatchGeometry{256}, true, 0.5864 / 2, 0, 0.0586},
    // Leakage: 1 % of two integer units, 4 % of one floating-point unit, in each cycle.
    {"eu_int", "integer unit", Arithmetic{kAdd, false, 64}, false, 1.04, 0, 0.01 * 2 * 1.04, 0.023},
    {"eu_fp", "floating-point unit", Arithmetic{kAdd, true, 64}, false, 8.8, 0, 0.04 * 8.8, 0.023},
    // 0.08 pJ/(bit mm), half of the wires switch; of the 64 of an operand one is charged.
    {"wire", "one operand, one millimetre", WireGeometry{1, 64}, true, 0.08 / 2},
};
// clang-format on

// pJ a bit of the authors' floorplans (HotFloorplan), at 0.08 pJ/(bit mm).
constexpr double mm(double pj) { return pj / 0.08; }
constexpr PublishedWire kWires[] = {
    {"inorder", "predictor", "cache", mm(.137)},
    {"inorder", "cache", "window", mm(.111)},
    {"inorder", "window", "eu", mm(.0685)},
    {"inorder", "eu", "rf", mm(.122)},
    {"inorder", "cache", "rf", mm(.238)},
    {"ooo", "predictor", "cache", mm(.375)},
    {"ooo", "cache", "rename", mm(.0842)},
    {"ooo", "rename", "rs", mm(.127)},
    {"ooo", "rename", "rob", mm(.0605)},
    {"ooo", "rename", "lsq", mm(.031)},
    {"ooo", "rs", "eu", mm(.0699)},
    {"ooo", "eu", "rf", mm(.102)},
    {"ooo", "eu", "rob", mm(.0202)},
    {"ooo", "eu", "lsq", mm(.0363)},
    {"ooo", "lsq", "rf", mm(.0968)},
    {"ooo", "lsq", "rob", mm(.0295)},
    {"ooo", "lsq", "cache", mm(.106)},
    {"cgooo", "predictor", "cache", mm(.328)},
    {"cgooo", "cache", "rename", mm(.243)},
    {"cgooo", "rename", "bw", mm(.0737)},
    {"cgooo", "rename", "brob", mm(.0558)},
    {"cgooo", "rename", "lsq", mm(.0686)},
    {"cgooo", "bw", "eu", mm(.005)},
    {"cgooo", "eu", "grf", mm(.089)},
    {"cgooo", "eu", "lrf", mm(.0385)},
    {"cgooo", "eu", "brob", mm(.0118)},
    {"cgooo", "eu", "lsq", mm(.029)},
    {"cgooo", "lsq", "grf", mm(.0688)},
    {"cgooo", "lsq", "lrf", mm(.057)},
    {"cgooo", "lsq", "brob", mm(.0302)},
    {"cgooo", "lsq", "cache", mm(.177)},
};

const PublishedPrice &row_of(std::string_view key) {
    std::string known;
    for (const PublishedPrice &row : kPrices) {
        if (row.key == key) return row;
        known += (known.empty() ? "" : ", ") + std::string(row.key);
    }
    throw ConfigError("paper price list: has no '" + std::string(key) + "'; it has " + known);
}

// The main use of a circuit, for verbs that the published circuit lacks.
double main_pj(const Price &price) {
    return price.read_pj > 0 ? price.read_pj : price.search_pj > 0 ? price.search_pj : price.use_pj;
}

constexpr double kMwOfPjPerCycle = 2;   // at 2 GHz

// Carries `pj` from the reference circuit to another, whose analytic prices are known.
Price carried(const PublishedPrice &row, double pj, const Price &from, const Price &to) {
    Price price;
    for (double Price::*verb : {&Price::read_pj, &Price::write_pj, &Price::search_pj, &Price::use_pj})
        price.*verb = pj * (from.*verb > 0 ? to.*verb / from.*verb
                            : to.*verb > 0 ? main_pj(to) / main_pj(from)
                                           : 0);
    if (to.use_pj > 0) price.idle_pj = price.use_pj * to.idle_pj / to.use_pj;
    price.leakage_mw = row.leakage_pj_per_cycle * kMwOfPjPerCycle * to.leakage_mw / from.leakage_mw;
    price.area_mm2 = row.area_mm2 > 0 ? row.area_mm2 * to.area_mm2 / from.area_mm2 : to.area_mm2;
    price.access_ns = to.access_ns;
    return price;
}

// The geometry whose analytic price tells how far from the published one this is.
Geometry comparable(const PublishedPrice &row, const Geometry &geometry, const PaperParameters &parameters) {
    Geometry made = geometry;
    if (auto *unit = std::get_if<ArithmeticGeometry>(&made)) {   // one price for any operation
        const auto &published = std::get<ArithmeticGeometry>(row.geometry);
        unit->operation = published.operation;
        unit->is_float = published.is_float;
    }
    if (auto *wire = std::get_if<WireGeometry>(&made)) wire->millimetres *= parameters.operand_wires;
    if (auto *cache = std::get_if<CacheGeometry>(&made)) cache->low_standby_cells = false;   // leakage is published
    return made;
}

// Segments of a global register file of another size or count follow the paper's rule, 1 / (2 x segments) of
// the whole file, and that is carried from the published one. This is the rule over what carried() does,
// which takes a segment for a RAM.
double segment_correction(const RamGeometry &segment, const PaperParameters &parameters) {
    const auto pj = [](u64 words, u32 bits, u32 read_ports, u32 write_ports) {
        return analytic_price(RamGeometry{words, bits, read_ports, write_ports}, Technology{}).read_pj;
    };
    const double whole =
        pj(segment.words * parameters.register_segments, segment.bits, 8, 4) / pj(9 * 28, 64, 8, 4);
    const double as_segment = pj(segment.words, segment.bits, 2, 2) / pj(28, 64, 2, 2);
    return 9.0 / parameters.register_segments * whole / as_segment;
}

}  // namespace

std::span<const PublishedPrice> published_prices() { return kPrices; }
std::span<const PublishedWire> published_wires() { return kWires; }

Geometry published_geometry(const PublishedPrice &row, PaperParameters::Variant variant) {
    Geometry made = row.geometry;
    if (variant == PaperParameters::Variant::Arxiv2016 && row.words_2015 > 0)
        std::get<RamGeometry>(made).words = row.words_2015;
    return made;
}

PaperPrice paper_price(std::string_view key, const Geometry &geometry, const Technology &technology,
                       const PaperParameters &parameters) {
    const PublishedPrice &row = row_of(key);
    if (row.geometry.index() != geometry.index() &&
        (std::holds_alternative<ArithmeticGeometry>(row.geometry) ||
         std::holds_alternative<WireGeometry>(row.geometry)))
        throw ConfigError("paper price list: '" + std::string(key) +
                          "' is the price of another kind of circuit");
    const bool is_2015 = parameters.variant == PaperParameters::Variant::Arxiv2016 && row.pj_2015 > 0;
    const Technology published{.nanometres = 22};
    const Geometry reference = published_geometry(row, parameters.variant);
    const Geometry compared = comparable(row, geometry, parameters);
    const Price from = analytic_price(reference, published);
    PaperPrice made;
    made.price = carried(row, is_2015 ? row.pj_2015 : row.pj, from,
                         analytic_price(compared, technology));
    made.has_published_area = row.area_mm2 > 0;
    const bool is_node = technology.nanometres == published.nanometres && technology.supply_scale == 1;
    const bool is_wire = std::holds_alternative<WireGeometry>(geometry);
    made.is_scaled = !is_node || !(geometry == reference || compared == reference || is_wire);
    if (key == "grf_segment" && std::holds_alternative<RamGeometry>(geometry)) {
        const double correction = segment_correction(std::get<RamGeometry>(geometry), parameters);
        made.price.read_pj *= correction;
        made.price.write_pj *= correction;
        made.is_scaled |= parameters.register_segments != 9;
    }
    return made;
}

std::optional<double> published_wire_mm(std::string_view machine, std::string_view from,
                                        std::string_view to) {
    for (const PublishedWire &wire : kWires)
        if (wire.machine == machine &&
            ((wire.from == from && wire.to == to) || (wire.from == to && wire.to == from)))
            return wire.millimetres;
    return std::nullopt;
}

}  // namespace sim
