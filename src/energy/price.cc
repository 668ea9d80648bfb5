// SPDX-License-Identifier: BSD-3-Clause
// The analytic price list: which fitted form an array takes, and what lies outside of the fitted ranges.
#include "energy/price.hh"
#include <algorithm>
#include <cmath>
#include "energy/circuit_forms.hh"
#include "energy/logic_price.hh"
#include "energy/low_standby.hh"

namespace sim {
namespace {

using enum CircuitClass;

// The forms of a node; `terms` collects what they add up, for explanations.
struct Forms {
    u32 nanometres;
    std::vector<FormTerm> *terms;
};

// A cell grows by five features in both directions for every port after the first, as in the runs.
constexpr double kPortPitch = 5;

ArrayShape shape_of(double capacity_bits, double access_bits, double ports) {
    ArrayShape shape;
    shape.bits = access_bits;
    shape.ports = ports;
    shape.capacity_bits = std::max(2.0, capacity_bits);
    shape.cell_width = 10 + kPortPitch * (ports - 1);
    shape.cell_height = 14.6 + kPortPitch * (ports - 1);
    shape.side = std::sqrt(capacity_bits * shape.cell_width * shape.cell_height) / 1e3;
    shape.kibibytes = capacity_bits / 8192;
    return shape;
}

// What of a price the forms give.
struct Part {
    Target target;
    double Price::*value;
};
constexpr Part kParts[] = {{Target::Read, &Price::read_pj},     {Target::Write, &Price::write_pj},
                           {Target::Search, &Price::search_pj}, {Target::Leakage, &Price::leakage_mw},
                           {Target::Area, &Price::area_mm2},    {Target::Access, &Price::access_ns}};

// The forms of a class at a shape. Forms fitted to cells of `fitted_ports` get area and leakage of larger
// cells through the capacity: area as that of the cell; leakage by 21.5 % a port, the step between the forms
// of one and two ports.
Price price_of(CircuitClass circuit, const ArrayShape &shape, const Forms &forms, double fitted_ports) {
    ArrayShape large = shape, leaky = shape;
    const double fitted_cell =
        (10 + kPortPitch * (fitted_ports - 1)) * (14.6 + kPortPitch * (fitted_ports - 1));
    large.kibibytes *= shape.cell_width * shape.cell_height / fitted_cell;
    leaky.kibibytes *= 1 + 0.215 * (shape.ports - fitted_ports);
    Price price;
    for (const auto &[target, value] : kParts) {
        const ArrayShape &fit = target == Target::Area ? large : target == Target::Leakage ? leaky : shape;
        price.*value = evaluate_form(circuit, target, fit, forms.nanometres, forms.terms);
    }
    return price;
}

Price combine(const Price &a, const Price &b, double (*choose)(double, double)) {
    Price made;
    for (const auto &[target, value] : kParts) made.*value = choose(a.*value, b.*value);
    return made;
}
double cheaper(double a, double b) { return std::min(a, b); }
double dearer(double a, double b) { return std::max(a, b); }
double sum(double a, double b) { return a + b; }

Price flat_ram(double words, const RamGeometry &ram, const Forms &forms) {
    const double ports = ram.read_ports + ram.write_ports;
    ArrayShape shape = shape_of(words * ram.bits, ram.bits, ports);
    shape.words = words;
    return price_of(MultiPortRam, shape, forms, ports);
}

// One port, up to 8 bits and above 128 words, which predictors are: fitted to 32768 bytes, beyond which it
// grows as a memory macro does.
constexpr double kLeastTableWords = 128;
Price byte_table(double words, u32 bits, const Forms &forms) {
    constexpr double kFittedBits = 32768 * 8;
    const RamGeometry one_port{0, bits, 1, 0};
    const double capacity = words * bits, fitted = std::min(capacity, kFittedBits);
    Price price = price_of(OnePortSram, shape_of(capacity, bits, 1), forms, 1);
    const Price macro = price_of(OnePortSram, shape_of(fitted, bits, 1), forms, 1);
    const Price bytes = price_of(ByteTable, shape_of(fitted, 8, 1), forms, 1);
    price.read_pj *= bytes.read_pj / macro.read_pj;
    price.write_pj *= bytes.write_pj / macro.write_pj;
    price.area_mm2 *= bytes.area_mm2 / macro.area_mm2;
    return combine(flat_ram(kLeastTableWords, one_port, forms), price, dearer);
}

// Register files, queues and tables. The form for many ports keeps one row a word and is fitted to 256 words;
// beyond, a designer would fold the array, so that it costs what a memory macro does where that is less.
// Nothing is cheaper than the table of bytes that it contains.
Price array_price(const RamGeometry &ram, const Forms &forms) {
    check_geometry(ram.words > 0 && ram.bits > 0 && ram.read_ports + ram.write_ports > 0, "RAM",
                   "needs a word, a bit and a port or more");
    constexpr double kFlatWords = 256;
    const double words = double(ram.words), ports = ram.read_ports + ram.write_ports;
    if (words <= kLeastTableWords) return flat_ram(words, ram, forms);
    const Price bytes = byte_table(words, std::min(8u, ram.bits), forms);
    if (ram.bits <= 8 && ports == 1) return bytes;
    Price price = flat_ram(words, ram, forms);
    if (words > kFlatWords) {
        const double fitted_ports = ports == 1 ? 1 : 2;
        const Price folded = price_of(ports == 1 ? OnePortSram : TwoPortSram,
                                      shape_of(words * ram.bits, ram.bits, ports), forms, fitted_ports);
        price = combine(flat_ram(kFlatWords, ram, forms), combine(folded, price, cheaper), dearer);
    }
    return combine(price, bytes, dearer);
}

Price array_price(const CamGeometry &cam, const Forms &forms) {
    check_geometry(cam.entries > 0 && cam.key_bits > 0 && cam.search_ports > 0 && cam.write_ports > 0, "CAM",
                   "needs an entry, a key bit, a search port and a write port or more");
    ArrayShape shape;
    shape.words = double(cam.entries);
    shape.key_bits = cam.key_bits;
    shape.ports = cam.write_ports;
    shape.search_ports = cam.search_ports;
    const double growth = kPortPitch * (cam.write_ports - 1 + cam.search_ports - 1);
    shape.cell_width = 10 + growth;
    shape.cell_height = 29.2 + growth;   // two rows of RAM cells
    Price price = price_of(Cam, shape, forms, shape.ports);
    price.read_pj =
        price.write_pj;   // reading a key back: no run has a read port, a write drives the same lines
    return price;
}

Price array_price(const ScratchpadGeometry &pad, const Forms &forms) {
    check_geometry(pad.bytes > 0 && pad.bits > 0 && pad.bits <= pad.bytes * 8, "scratchpad",
                   "needs a byte or more, and a word of no more bits than it has");
    const double ports = pad.has_two_ports ? 2 : 1;
    return price_of(pad.has_two_ports ? TwoPortSram : OnePortSram, shape_of(pad.bytes * 8.0, pad.bits, ports),
                    forms, ports);
}

Price array_price(const TagGeometry &tags, const Forms &forms) {
    check_geometry(tags.sets > 0 && tags.ways > 0 && tags.bits > 0, "tags",
                   "need a set, a way and a bit or more");
    ArrayShape shape;
    shape.ways = tags.ways;
    shape.sets = double(tags.sets);
    // The form has lookups only, with the tags of 42-bit addresses: about 30 bits. The rest is that of a RAM
    // of sets.
    Price price = array_price(RamGeometry{tags.sets, tags.ways * tags.bits, 1, 0}, forms);
    price.write_pj /= tags.ways;   // one tag
    constexpr double kFittedBits = 30;
    const double lookup_pj = evaluate_form(Tags, Target::Read, shape, forms.nanometres, forms.terms);
    price.read_pj = price.search_pj = lookup_pj * tags.bits / kFittedBits;
    return price;
}

// Tables of targets or translations: 8-byte entries beside their tags.
Price small_entry_price(const CacheGeometry &cache, const Forms &forms) {
    ArrayShape shape = shape_of(cache.bytes * 8.0, cache.output_bits, cache.ports);
    shape.ways = cache.ways;
    if (cache.bytes > u64(cache.ways) * cache.line_bytes) return price_of(TargetBuffer, shape, forms, 1);
    shape.words = cache.ways;
    shape.search_ports = cache.ports;
    Price price = price_of(FullyAssociative, shape, forms, shape.ports);
    price.read_pj = price.search_pj;   // a lookup searches and reads
    return price;
}

// All lines in one set: a CAM of tags beside a RAM of lines.
Price associative_price(const CacheGeometry &cache, const Forms &forms) {
    constexpr u32 kTagBits = 40;
    const Price tags = array_price(CamGeometry{cache.ways, kTagBits, cache.ports, cache.ports}, forms);
    const Price data = array_price(RamGeometry{cache.ways, cache.output_bits, cache.ports, 0}, forms);
    const double slices =
        std::max(1.0, cache.line_bytes * 8.0 / cache.output_bits);   // of a line beside each other
    Price price = combine(tags, data, sum);
    price.read_pj = tags.search_pj + data.read_pj;
    price.leakage_mw = tags.leakage_mw + slices * data.leakage_mw;
    price.area_mm2 = tags.area_mm2 + slices * data.area_mm2;
    return price;
}

// First-level forms, which tell output widths apart; leakage and area do not depend on the order of tags and
// data.
Price first_level_price(const ArrayShape &shape, bool is_sequential, const Forms &forms) {
    Price price = price_of(ParallelCache, shape, forms, 1);
    if (!is_sequential) return price;
    const Price late = price_of(SequentialCache, shape, forms, 1);
    price.read_pj = late.read_pj;
    price.write_pj = late.write_pj;
    price.access_ns = late.access_ns;
    return price;
}

// Above 128 KB the form of large caches holds, which reads whole lines after the tags; another access costs
// relative to that what it does in the first-level forms.
Price large_cache_price(const CacheGeometry &cache, const ArrayShape &shape, const Forms &forms) {
    ArrayShape whole_line = shape;
    whole_line.bits = 512;
    const Price here = first_level_price(shape, cache.is_sequential, forms);
    const Price reference = first_level_price(whole_line, true, forms);
    Price price = price_of(LargeCache, shape, forms, 1);
    price.read_pj *= here.read_pj / reference.read_pj;
    price.write_pj *= here.write_pj / reference.write_pj;
    price.access_ns *= here.access_ns / reference.access_ns;
    return price;
}

// Of 64-byte lines in sets. The first-level forms are fitted to 128 KB.
Price set_associative_price(const CacheGeometry &cache, const Forms &forms) {
    constexpr double kFirstLevelBytes = 128 * 1024;
    ArrayShape shape = shape_of(cache.bytes * 8.0, cache.output_bits, cache.ports);
    shape.ways = cache.ways;
    if (double(cache.bytes) <= kFirstLevelBytes)
        return first_level_price(shape, cache.is_sequential, forms);
    ArrayShape fitted = shape_of(kFirstLevelBytes * 8, cache.output_bits, cache.ports);
    fitted.ways = cache.ways;
    return combine(first_level_price(fitted, cache.is_sequential, forms),
                   large_cache_price(cache, shape, forms), dearer);
}

// Ways side by side that read out more than 128 bits each: on the line between the forms for 128 bits and for
// whole lines.
Price wide_parallel_price(CacheGeometry cache, const Forms &forms) {
    constexpr double kNarrowBits = 128, kLineBits = 512;
    ArrayShape shape = shape_of(cache.bytes * 8.0, kLineBits, cache.ports);
    shape.ways = cache.ways;
    const double share = (cache.output_bits - kNarrowBits) / (kLineBits - kNarrowBits);
    cache.output_bits = u32(kNarrowBits);
    const Price narrow = set_associative_price(cache, forms);
    const Price wide = combine(narrow, price_of(WholeLineCache, shape, forms, 1), dearer);
    Price price;
    for (const auto &[target, value] : kParts)
        price.*value = narrow.*value + share * (wide.*value - narrow.*value);
    return price;
}

Price array_price(const CacheGeometry &cache, const Forms &forms) {
    check_geometry(
        cache.bytes > 0 && cache.ways > 0 && cache.line_bytes > 0 && cache.output_bits > 0 && cache.ports > 0,
        "cache", "needs a byte, a way, a line, an output bit and a port or more");
    const u64 set_bytes = u64(cache.ways) * cache.line_bytes;
    check_geometry(cache.bytes >= set_bytes, "cache", "is smaller than one set: bytes < ways * line_bytes");
    check_geometry(cache.output_bits <= set_bytes * 8, "cache", "reads out more bits than a set has");
    check_geometry(!cache.low_standby_cells || (cache.line_bytes > 16 && cache.bytes > set_bytes), "cache",
                   "has low_standby_cells, which only sets of whole lines have; leave it out");
    if (cache.line_bytes <= 16) return small_entry_price(cache, forms);
    if (cache.bytes == set_bytes && cache.ways > 1) return associative_price(cache, forms);
    Price price = !cache.is_sequential && cache.output_bits > 128 ? wide_parallel_price(cache, forms)
                                                                  : set_associative_price(cache, forms);
    price.search_pj = array_price(TagGeometry{cache.bytes / set_bytes, cache.ways}, forms).search_pj;
    if (cache.low_standby_cells) use_low_standby_cells(price, cache, forms.nanometres, forms.terms);
    return price;
}

}  // namespace

double Price::of(Verb verb) const {
    switch (verb) {
        case Verb::Read: return read_pj;
        case Verb::Write: return write_pj;
        case Verb::Search: return search_pj;
        case Verb::Use: return use_pj;
        case Verb::Activate: return activate_pj;
        case Verb::Precharge: return precharge_pj;
        case Verb::Refresh: return refresh_pj;
        default: return idle_pj;
    }
}

std::vector<FormTerm> price_terms(const Geometry &geometry, const Technology &technology) {
    std::vector<FormTerm> terms;
    const Forms forms{node_of(technology).nanometres, &terms};
    std::visit(
        [&](const auto &g) {
            if constexpr (requires { array_price(g, forms); }) array_price(g, forms);
        },
        geometry);
    return terms;
}

Price analytic_price(const Geometry &geometry, const Technology &technology) {
    const Node &node = node_of(technology);
    const SupplyFactors supply = supply_factors(technology);
    Price price = std::visit(
        [&](const auto &g) {
            if constexpr (requires { logic_price(g, node, technology); })
                return logic_price(g, node, technology);
            else return array_price(g, Forms{node.nanometres, nullptr});
        },
        geometry);
    if (std::holds_alternative<DramGeometry>(geometry)) return price;
    for (double *pj : {&price.read_pj, &price.write_pj, &price.search_pj, &price.use_pj, &price.idle_pj})
        *pj *= supply.energy;
    price.leakage_mw *= supply.leakage;
    price.access_ns *= supply.delay;
    return price;
}

}  // namespace sim
