// SPDX-License-Identifier: BSD-3-Clause
// sim.eie in Python: encoder, decoder, reference and profile, from and to numpy arrays.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>
#include "accel/eie.hh"
#include "accel/eie_encoder.hh"
#include "accel/eie_reference.hh"
#include "python/binding.hh"

namespace sim {
namespace {

using Codes = py::array_t<u8, py::array::c_style>;
using Numbers = py::array_t<i32, py::array::c_style | py::array::forcecast>;
using Floats = py::array_t<float, py::array::c_style | py::array::forcecast>;

constexpr const char *kArithmetic[] = {"round", "truncate", "wide", "float32"};

u32 arithmetic_named(const std::string &name) {
    for (u32 i = 0; i < std::size(kArithmetic); ++i)
        if (name == kArithmetic[i]) return i;
    throw ConfigError("sim.eie: arithmetic cannot be '" + name + "'; it is round, truncate, wide or float32");
}

std::span<const u8> view(const py::bytes &bytes) {
    const std::string_view text = bytes;
    return {reinterpret_cast<const u8 *>(text.data()), text.size()};
}

i32 number(const py::handle &value, bool is_float) {
    return is_float ? std::bit_cast<i32>(value.cast<float>()) : value.cast<i32>();
}

// A layer as Python gives it; the arrays are kept alive beside it.
struct GivenLayer {
    Codes codes, bias_codes;
    EieDenseLayer layer;
};

Codes matrix(const py::handle &object, const char *name) {
    if (!py::isinstance<Codes>(object))
        throw ConfigError(std::string("sim.eie: ") + name + " must be a C-ordered numpy array of uint8");
    return py::reinterpret_borrow<Codes>(object);
}

GivenLayer given_layer(const py::dict &given) {
    static const char *const known[] = {"codes", "bias_codes", "codebook", "arithmetic", "shift", "one", "relu"};
    for (const auto &[key, value] : given) {
        const std::string name = py::str(key);
        if (std::find(std::begin(known), std::end(known), name) == std::end(known))
            throw ConfigError("sim.eie: a layer has no '" + name +
                              "'; it has codes, bias_codes, codebook, arithmetic, shift, one and relu");
    }
    if (!given.contains("codes") || !given.contains("codebook"))
        throw ConfigError("sim.eie: a layer needs codes (outputs x inputs, uint8) and codebook (16 numbers)");
    GivenLayer made;
    made.codes = matrix(given["codes"], "codes");
    if (made.codes.ndim() != 2) throw ConfigError("sim.eie: codes must have two dimensions, outputs x inputs");
    EieDenseLayer &layer = made.layer;
    layer.outputs = u32(made.codes.shape(0));
    layer.inputs = u32(made.codes.shape(1));
    layer.codes = {made.codes.data(), u64(made.codes.size())};
    if (given.contains("bias_codes") && !given["bias_codes"].is_none()) {
        made.bias_codes = matrix(given["bias_codes"], "bias_codes");
        layer.bias_codes = {made.bias_codes.data(), u64(made.bias_codes.size())};
    }
    const auto text = [&](const char *key, const char *other) {
        return given.contains(key) ? std::string(py::str(given[key])) : std::string(other);
    };
    layer.arithmetic = arithmetic_named(text("arithmetic", "round"));
    const bool is_float = layer.arithmetic == EIE_FLOAT32;
    const auto codebook = py::list(given["codebook"]);
    if (codebook.size() != EIE_CODES) throw ConfigError("sim.eie: a codebook has 16 numbers");
    for (u32 i = 0; i < EIE_CODES; ++i) layer.codebook[i] = number(codebook[i], is_float);
    layer.shift = given.contains("shift") ? given["shift"].cast<u32>() : 0;
    layer.one = given.contains("one") ? number(given["one"], is_float) : 0;
    layer.relu = given.contains("relu") && given["relu"].cast<bool>();
    return made;
}

py::bytes encode(const py::list &given, u32 pes, u32 registers, u32 most_entries, u32 most_columns) {
    std::vector<GivenLayer> kept;
    std::vector<EieDenseLayer> layers;
    for (const py::handle &layer : given) kept.push_back(given_layer(layer.cast<py::dict>()));
    for (const GivenLayer &layer : kept) layers.push_back(layer.layer);
    if (layers.empty()) throw ConfigError("sim.eie: a model needs a layer");
    const auto model = encode_eie(layers, {pes, registers, most_entries, most_columns});
    return py::bytes(reinterpret_cast<const char *>(model.data()), model.size());
}

py::array codes_array(const std::vector<u8> &codes, std::vector<py::ssize_t> shape) {
    Codes made(std::move(shape));
    std::copy(codes.begin(), codes.end(), made.mutable_data());
    return made;
}

py::list decode(const py::bytes &model) {
    py::list layers;
    for (const EieDecodedLayer &layer : decode_eie(view(model))) {
        py::dict made;
        const bool is_float = layer.header.arithmetic == EIE_FLOAT32;
        const auto value = [&](i32 bits) -> py::object {
            if (is_float) return py::float_(std::bit_cast<float>(bits));
            return py::int_(bits);
        };
        made["codes"] = codes_array(layer.codes, {layer.header.outputs, layer.header.inputs});
        made["bias_codes"] = py::none();
        if (layer.header.flags & EIE_BIAS) made["bias_codes"] = codes_array(layer.bias_codes, {layer.header.outputs});
        py::list codebook;
        for (i32 bits : layer.header.codebook) codebook.append(value(bits));
        made["codebook"] = codebook;
        made["arithmetic"] = kArithmetic[layer.header.arithmetic];
        made["shift"] = layer.header.shift;
        made["one"] = value(layer.header.one);
        made["relu"] = (layer.header.flags & EIE_RELU) != 0;
        layers.append(made);
    }
    return layers;
}

// One dictionary a section: what lies in the model, unpacked.
py::list sections(const py::bytes &bytes) {
    const auto model = view(bytes);
    const EieTables tables = read_model(model);
    py::list made;
    for (u32 index = 0; index < tables.layers.size(); ++index) {
        const eie_layer_header &layer = tables.layers[index];
        for (u32 i = layer.first_section; i < layer.first_section + layer.sections; ++i) {
            const eie_section_header &header = tables.sections[i];
            const EieSection section(header, tables.model.pes, model.subspan(header.offset, header.bytes));
            py::list pointers, entries;
            for (u32 pe = 0; pe < tables.model.pes; ++pe) {
                py::array_t<u16> of_pe(header.columns + 1);
                for (u32 c = 0; c <= header.columns; ++c) of_pe.mutable_at(c) = u16(section.pointer(pe, c));
                pointers.append(of_pe);
                const u32 count = section.pointer(pe, header.columns);
                entries.append(codes_array({section.entries(pe), section.entries(pe) + count}, {py::ssize_t(count)}));
            }
            py::dict row;
            row["layer"] = index;
            row["row_block"] = header.row_block;
            row["first_column"] = header.first_column;
            row["columns"] = header.columns;
            row["entries"] = header.entries;
            row["most_entries"] = header.most_entries;
            row["pointers"] = pointers;
            row["entry_bytes"] = entries;
            made.append(row);
        }
    }
    return made;
}

// The first and last layer's sizes, and what the whole model takes in the fullest PE.
py::dict describe_model(const py::bytes &bytes) {
    const auto model = view(bytes);
    const EieTables tables = read_model(model);
    u64 entries = 0, pointers = 0, all = 0, fillers = 0;
    for (const eie_section_header &section : tables.sections) {
        entries += section.most_entries;
        pointers += 2 * (u64(section.columns) + 1);
        all += section.entries;
    }
    for (u32 i = 0; i < tables.layers.size(); ++i) fillers += count_eie(model, i).fillers;
    py::dict made;
    made["pes"] = tables.model.pes;
    made["registers"] = tables.model.registers;
    made["layers"] = tables.layers.size();
    made["sections"] = tables.sections.size();
    made["inputs"] = tables.layers.front().inputs;
    made["outputs"] = tables.layers.back().outputs;
    made["arithmetic"] = kArithmetic[tables.layers.front().arithmetic];
    made["entries"] = all;
    made["fillers"] = fillers;
    made["spmat_bytes"] = entries;
    made["pointer_bytes"] = pointers;
    return made;
}

py::array reference(const py::dict &given, const py::array &inputs) {
    const GivenLayer layer = given_layer(given);
    const bool is_float = layer.layer.arithmetic == EIE_FLOAT32;
    std::vector<i32> values(inputs.size());
    if (is_float) {
        const Floats numbers(inputs);
        for (u32 i = 0; i < values.size(); ++i) values[i] = std::bit_cast<i32>(numbers.data()[i]);
    } else {
        const Numbers numbers(inputs);
        std::copy_n(numbers.data(), values.size(), values.begin());
    }
    if (values.size() != layer.layer.inputs) throw ConfigError("sim.eie.reference: not one number an input");
    const auto outputs = eie_reference(layer.layer, values);
    if (!is_float) {
        py::array_t<i16> made(outputs.size());
        for (u32 i = 0; i < outputs.size(); ++i) made.mutable_at(i) = i16(outputs[i]);
        return made;
    }
    Floats made(outputs.size());
    for (u32 i = 0; i < outputs.size(); ++i) made.mutable_at(i) = std::bit_cast<float>(outputs[i]);
    return made;
}

Eie &eie_of(Component &component) {
    auto *eie = dynamic_cast<Eie *>(&component);
    if (!eie) throw ConfigError("sim.eie: " + std::string(component.type_name()) + " is no Eie");
    return *eie;
}

py::array samples(const EieProfile &profile) {
    py::array_t<u64> made({py::ssize_t(profile.samples.size()), py::ssize_t(4)});
    for (u32 i = 0; i < profile.samples.size(); ++i) {
        const EieSample &sample = profile.samples[i];
        const u64 row[] = {sample.cycle, sample.entries, sample.occupancy, sample.blocked_cycles};
        std::copy_n(row, 4, made.mutable_data(i, 0));
    }
    return made;
}

py::list events(const EieProfile &profile) {
    constexpr const char *names[] = {"registers", "section"};
    py::list made;
    for (const EieEvent &event : profile.events)
        made.append(py::make_tuple(names[u32(event.kind)], event.layer, event.row_block, event.first_column, event.begin,
                                   event.end));
    return made;
}

}  // namespace

void bind_eie(py::module_ &sim) {
    auto module = sim.def_submodule("eie", "EIE's compressed models: encoder, decoder, reference, profile.");
    module.attr("LOAD") = u32(EIE_LOAD);
    module.attr("RUN") = u32(EIE_RUN);
    module.attr("RUN_RESIDENT") = u32(EIE_RUN_RESIDENT);
    module.def("encode", &encode, py::arg("layers"), py::kw_only(), py::arg("pes") = 64, py::arg("registers") = 64,
               py::arg("most_entries") = 65535, py::arg("most_columns") = 16383,
               "A model, as bytes, of layers given as dictionaries: codes (outputs x inputs, uint8, 0 pruned), "
               "bias_codes, codebook (16 numbers), arithmetic (round, truncate, wide, float32), shift, one, relu.");
    module.def("decode", &decode, py::arg("model"), "The layers that encode() was given.");
    module.def("sections", &sections, py::arg("model"), "Pointers and entries of every PE, section by section.");
    module.def("describe", &describe_model, py::arg("model"), "Sizes, and what the fullest PE's memories must hold.");
    module.def("reference", &reference, py::arg("layer"), py::arg("inputs"), "A layer's outputs, from its dense matrix.");
    py::class_<EieProfile, std::shared_ptr<EieProfile>>(module, "Profile", "What happened during a job.")
        .def(py::init([](u64 interval) {
                 if (interval == 0) throw ConfigError("sim.eie.Profile: interval cannot be 0; it is 1 cycle or more");
                 auto made = std::make_shared<EieProfile>();
                 made->interval = interval;
                 return made;
             }),
             py::arg("interval") = 64)
        .def_readonly("interval", &EieProfile::interval)
        .def_property_readonly("samples", &samples,
                               "rows of cycle, entries so far, activations in all queues, blocked cycles so far")
        .def_property_readonly("events", &events, "tuples of kind, layer, row block, first column, begin, end")
        .def_property_readonly("entries_by_pe", [](const EieProfile &p) { return py::array(py::cast(p.entries_by_pe)); });
    module.def(
        "observe",
        [](Component &engine, EieProfile *profile) { eie_of(engine).observe(profile); }, py::arg("engine"),
        py::arg("profile"), py::keep_alive<1, 2>(), "Fills the profile from the next job on; None ends that.");
    module.def("fault", [](Component &engine) { return python_text(eie_of(engine).fault()); }, py::arg("engine"),
               "What was wrong with the last job, in words; empty where nothing was.");
}

}  // namespace sim
