// SPDX-License-Identifier: BSD-3-Clause
// energy_price() and the published price list in Python, for util/energy_price.
#include <array>
#include "energy/paper_prices.hh"
#include "python/binding.hh"
#include "sim/errors.hh"

namespace sim {
namespace {

using Arithmetic = ArithmeticGeometry;

// The kinds in the order of Geometry, each with what holds where a script says nothing; 0 must be said.
struct Kind {
    const char *name;
    Geometry usual;
};
const std::array<Kind, std::variant_size_v<Geometry>> &kinds() {
    static const std::array<Kind, std::variant_size_v<Geometry>> made = {{
        {"ram", RamGeometry{0, 64, 1, 1}},
        {"cam", CamGeometry{0, 0, 1, 1}},
        {"cache", CacheGeometry{0, 8, 64, 64, 1, false}},
        {"scratchpad", ScratchpadGeometry{0, 64, false}},
        {"wire", WireGeometry{1, 64}},
        {"arithmetic", Arithmetic{Arithmetic::Operation::Add, false, 64}},
        {"latch", LatchGeometry{64}},
        {"dram", DramGeometry{64, 8192, 8}},
        {"tags", TagGeometry{0, 8}},
        {"clock", ClockGeometry{0}},
    }};
    return made;
}
constexpr std::array kOperations = {"add", "multiply", "multiply_add", "divide", "logic"};

// Calls field(name, value) of every quantity of a geometry, under its own name.
template <class Field>
void each_field(Geometry &geometry, Field &&field) {
    if (auto *g = std::get_if<RamGeometry>(&geometry)) {
        field("words", g->words), field("bits", g->bits);
        field("read_ports", g->read_ports), field("write_ports", g->write_ports);
    } else if (auto *g = std::get_if<CamGeometry>(&geometry)) {
        field("entries", g->entries), field("key_bits", g->key_bits);
        field("search_ports", g->search_ports), field("write_ports", g->write_ports);
    } else if (auto *g = std::get_if<CacheGeometry>(&geometry)) {
        field("bytes", g->bytes), field("ways", g->ways), field("line_bytes", g->line_bytes);
        field("output_bits", g->output_bits), field("ports", g->ports),
            field("is_sequential", g->is_sequential), field("low_standby_cells", g->low_standby_cells);
    } else if (auto *g = std::get_if<ScratchpadGeometry>(&geometry)) {
        field("bytes", g->bytes), field("bits", g->bits), field("has_two_ports", g->has_two_ports);
    } else if (auto *g = std::get_if<WireGeometry>(&geometry)) {
        field("millimetres", g->millimetres), field("bits", g->bits);
    } else if (auto *g = std::get_if<Arithmetic>(&geometry)) {
        field("operation", g->operation), field("is_float", g->is_float), field("bits", g->bits);
    } else if (auto *g = std::get_if<LatchGeometry>(&geometry)) {
        field("bits", g->bits);
    } else if (auto *g = std::get_if<DramGeometry>(&geometry)) {
        field("bus_bits", g->bus_bits), field("row_bytes", g->row_bytes), field("burst", g->burst);
        field("chip_megabits", g->chip_megabits), field("interface_pj_per_bit", g->interface_pj_per_bit);
    } else if (auto *g = std::get_if<TagGeometry>(&geometry)) {
        field("sets", g->sets), field("ways", g->ways), field("bits", g->bits);
    } else if (auto *g = std::get_if<ClockGeometry>(&geometry)) {
        field("area_mm2", g->area_mm2), field("leaf_pitch_mm", g->leaf_pitch_mm);
    }
}

void read_field(py::handle from, double &to) { to = from.cast<double>(); }
void read_field(py::handle from, bool &to) { to = from.cast<bool>(); }
void read_field(py::handle from, u32 &to) { to = from.cast<u32>(); }
void read_field(py::handle from, u64 &to) { to = from.cast<u64>(); }
void read_field(py::handle from, Arithmetic::Operation &to) {
    const std::string name = from.cast<std::string>();
    for (u32 i = 0; i < kOperations.size(); ++i)
        if (name == kOperations[i]) return void(to = Arithmetic::Operation(i));
    throw ConfigError("energy_price: operation='" + name +
                      "'; add, multiply, multiply_add, divide and logic are known");
}

template <class T>
py::object shown(const T &value) {
    return py::cast(value);
}
py::object shown(const Arithmetic::Operation &value) { return py::str(kOperations[u32(value)]); }

Geometry geometry_from(const std::string &kind, const py::kwargs &given) {
    Geometry geometry;
    std::string known;
    for (const Kind &row : kinds()) {
        known += (known.empty() ? "" : ", ") + std::string(row.name);
        if (kind == row.name) {
            geometry = row.usual;
            std::string names;
            std::size_t taken = 0;
            each_field(geometry, [&](const char *name, auto &value) {
                names += (names.empty() ? "" : ", ") + std::string(name);
                if (!given.contains(name)) return;
                ++taken;
                try {
                    read_field(given[name], value);
                } catch (const py::cast_error &) {
                    throw ConfigError("energy_price: " + std::string(name) + "=" +
                                      std::string(py::repr(given[name])) + " is no value for it");
                }
            });
            if (taken != given.size())
                throw ConfigError("energy_price: " + kind + " has " + names + "; given were " +
                                  std::string(py::str(py::list(given))));
            return geometry;
        }
    }
    throw ConfigError("energy_price: no kind '" + kind + "'; the kinds are " + known);
}

py::dict to_dict(const Price &price) {
    py::dict made;
    made["read_pj"] = price.read_pj, made["write_pj"] = price.write_pj, made["search_pj"] = price.search_pj;
    made["use_pj"] = price.use_pj, made["idle_pj"] = price.idle_pj, made["activate_pj"] = price.activate_pj;
    made["precharge_pj"] = price.precharge_pj, made["refresh_pj"] = price.refresh_pj;
    made["leakage_mw"] = price.leakage_mw, made["area_mm2"] = price.area_mm2,
    made["access_ns"] = price.access_ns;
    return made;
}

py::dict energy_price(const std::string &kind, u32 node, double supply_scale, double wire_activity,
                      double latch_activity, double clock_gating, const std::string &published,
                      const std::string &variant, u32 register_segments, u32 operand_wires,
                      const py::kwargs &geometry) {
    const Geometry circuit = geometry_from(kind, geometry);
    const Technology technology{node, supply_scale, wire_activity, latch_activity, clock_gating};
    if (published.empty()) return to_dict(analytic_price(circuit, technology));
    PaperParameters parameters{.register_segments = register_segments, .operand_wires = operand_wires};
    if (variant == "arxiv16") parameters.variant = PaperParameters::Variant::Arxiv2016;
    else if (variant != "taco17")
        throw ConfigError("energy_price: variant='" + variant + "'; arxiv16 and taco17 are known");
    const PaperPrice paper = paper_price(published, circuit, technology, parameters);
    py::dict made = to_dict(paper.price);
    made["is_scaled"] = paper.is_scaled;
    made["has_published_area"] = paper.has_published_area;
    return made;
}

py::list published_list() {
    py::list made;
    for (const PublishedPrice &row : published_prices()) {
        py::dict fields, geometry;
        Geometry circuit = row.geometry;
        each_field(circuit, [&](const char *name, auto &value) { geometry[name] = shown(value); });
        fields["key"] = python_text(row.key), fields["description"] = python_text(row.description);
        fields["kind"] = kinds()[circuit.index()].name, fields["geometry"] = geometry;
        fields["is_geometry_published"] = row.is_geometry_published;
        fields["words_2015"] = row.words_2015;
        fields["pj"] = row.pj, fields["pj_2015"] = row.pj_2015 > 0 ? row.pj_2015 : row.pj;
        fields["leakage_pj_per_cycle"] = row.leakage_pj_per_cycle, fields["area_mm2"] = row.area_mm2;
        made.append(fields);
    }
    return made;
}

py::dict kind_fields() {
    py::dict made;
    for (const Kind &row : kinds()) {
        py::dict fields;
        Geometry circuit = row.usual;
        each_field(circuit, [&](const char *name, auto &value) { fields[name] = shown(value); });
        made[row.name] = fields;
    }
    return made;
}

}  // namespace

void bind_prices(py::module_ &module) {
    module.def(
        "energy_price", &energy_price, py::arg("kind"), py::kw_only(), py::arg("node") = 22,
        py::arg("supply_scale") = 1.0, py::arg("wire_activity") = 0.5, py::arg("latch_activity") = 0.5,
        py::arg("clock_gating") = 1.0, py::arg("published") = "", py::arg("variant") = "taco17",
        py::arg("register_segments") = 9, py::arg("operand_wires") = 1,
        "Energy in pJ, leakage in mW, area in mm2 and access time in ns of a circuit, from its geometry: "
        "energy_price('ram', words=256, bits=64, read_ports=8, write_ports=4, node=22). The analytic list, "
        "or, with "
        "published=KEY, the CG-OoO papers' list. circuit_kinds() names the kinds and their quantities.");
    module.def(
        "energy_terms",
        [](const std::string &kind, u32 node, const py::kwargs &geometry) {
            py::list made;
            for (const FormTerm &term : price_terms(geometry_from(kind, geometry), Technology{.nanometres = node}))
                made.append(py::make_tuple(python_text(term.form), python_text(term.value),
                                           python_text(term.product), term.amount));
            return made;
        },
        py::arg("kind"), py::kw_only(), py::arg("node") = 22,
        "(form, value, product, amount) of every summand of the fitted forms behind energy_price(), at the nominal supply.");
    module.def("circuit_kinds", &kind_fields,
               "{kind: {quantity: usual value}} of energy_price(); 0 must be given.");
    module.def("published_prices", &published_list, "The CG-OoO papers' prices: a dictionary a structure.");
    module.def(
        "published_wires",
        [] {
            py::list made;
            for (const PublishedWire &wire : published_wires())
                made.append(py::make_tuple(python_text(wire.machine), python_text(wire.from),
                                           python_text(wire.to), wire.millimetres));
            return made;
        },
        "(machine, from, to, mm) of the CG-OoO authors' floorplans.");
}

}  // namespace sim
