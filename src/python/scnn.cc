// SPDX-License-Identifier: BSD-3-Clause
// sim.scnn in Python: layers from numpy arrays on an Scnn, and its run-length code.
#include <pybind11/stl.h>
#include "accel/dcnn.hh"
#include "accel/scnn_products.hh"
#include "python/scnn_arrays.hh"

namespace sim {
namespace {

// A layer and its operands as Python gives them.
struct Given {
    Values weights, activations;
    Sums bias;
    ScnnWork work;
};

// Activations [channels][rows][columns].
Given given_layer(const py::handle &weights, const py::handle &activations, const py::dict &options) {
    Given given{values_of(weights, "weights", 4), values_of(activations, "activations", 3), Sums(0), {}};
    const auto &a = given.activations;
    given.work.layer = layer_of(given.weights, u32(a.shape(0)), u32(a.shape(1)), u32(a.shape(2)), options);
    given.bias = bias_of(options, given.work.layer.filters);
    given.work.bias = view(given.bias);
    given.work.activations = view(given.activations);
    return given;
}

py::dict shown(const ScnnTiling &tiling) {
    py::dict made;
    made["passes"] = tiling.passes();
    made["tiles_down"] = tiling.down;
    made["tiles_across"] = tiling.across;
    made["tile_height"] = tiling.tile_height;
    made["tile_width"] = tiling.tile_width;
    made["group_filters"] = tiling.group_filters;
    return made;
}

py::dict plan(Component &component, const py::array &weights, const py::array &activations, bool dense_activations,
              const py::kwargs &options) {
    const Given given = given_layer(weights, activations, options);
    const ScnnPlan plan =
        plan_layer(given.work.layer, scnn_of(component).machine(), given.work.activations, dense_activations);
    py::dict made = shown(plan.tiling);
    made["stored_activations"] = plan.stored_activations;
    return made;
}

template <class Stats> void add_differences(py::dict &to, const Stats &before, const Stats &after) {
    for (const Field &field : Stats::schema())
        if (field.kind == Field::Kind::Stat)
            to[python_text(field.name)] = std::get<i64>(field.get(&after)) - std::get<i64>(field.get(&before));
}

// Rows of pass, output-channel group, begin, end, drained, pairs, bank stalls.
py::array_t<u64> group_rows(const std::vector<ScnnGroup> &groups) {
    py::array_t<u64> made({py::ssize_t(groups.size()), py::ssize_t(7)});
    for (u32 i = 0; i < groups.size(); ++i) {
        const ScnnGroup &one = groups[i];
        const u64 row[] = {one.pass, one.group, one.begin, one.end, one.drained, one.pairs, one.bank_stalls};
        std::copy_n(row, 7, made.mutable_data(i, 0));
    }
    return made;
}

Values output_array(const scnn_layer &layer, const ScnnOutput &output) {
    return array_of(output.values, {py::ssize_t(layer.filters), py::ssize_t(pooled_height(layer)),
                                    py::ssize_t(pooled_width(layer))});
}

py::dict run_layer(Component &component, const py::array &weights, const py::array &activations, bool values,
                   bool dense_weights, bool dense_activations, bool input_from_dram, bool output_to_dram,
                   const py::kwargs &options) {
    Scnn &scnn = scnn_of(component);
    Given given = given_layer(weights, activations, options);
    ScnnWork &work = given.work;
    work.computes_values = values;
    work.dense_activations = dense_activations;
    work.input_from_dram = input_from_dram;
    work.output_to_dram = output_to_dram;
    if (!work.layer.group_filters)
        work.layer.group_filters =
            plan_layer(work.layer, scnn.machine(), work.activations, dense_activations).tiling.group_filters;
    const RunLengthCode code =
        encode_weights(work.layer, view(given.weights), work.layer.group_filters, dense_weights);
    work.weights = &code;
    const Scnn::Stats before = scnn.stats;
    const ScnnResult result = scnn.run_layer(work);
    py::dict made = shown(result.tiling);
    add_differences(made, before, scnn.stats);
    made["load_cycles"] = result.load_cycles;
    made["compute_cycles"] = result.counts.cycles;
    made["store_cycles"] = result.store_cycles;
    made["products"] = result.counts.products;
    made["stored_activations"] = result.stored_activations;
    made["stored_outputs"] = result.stored_outputs;
    made["stored_weights"] = code.entries();
    made["partial_sums_through_dram"] = result.counts.dram_values;
    made["busy_cycles"] = array_of(result.busy_cycles, {py::ssize_t(result.busy_cycles.size())});
    made["groups"] = group_rows(result.groups);
    made["output"] = py::none();
    if (values) made["output"] = output_array(work.layer, result.output);
    return made;
}

py::dict run_dense(Component &component, const py::array &weights, const py::array &activations, bool values,
                   const py::kwargs &options) {
    auto *dcnn = dynamic_cast<Dcnn *>(&component);
    if (!dcnn) throw ConfigError("sim.scnn: " + std::string(component.type_name()) + " is no Dcnn");
    const Given given = given_layer(weights, activations, options);
    const Dcnn::Stats before = dcnn->stats;
    const DcnnResult result = dcnn->run_layer(given.work.layer, view(given.weights), given.work.bias,
                                              given.work.activations, values);
    py::dict made;
    made["passes"] = result.passes;
    made["compute_cycles"] = result.cycles;
    add_differences(made, before, dcnn->stats);
    made["accumulator_wraps"] = result.output.wraps;
    made["output"] = py::none();
    if (values) made["output"] = output_array(given.work.layer, result.output);
    return made;
}

py::dict encode_blocks(const py::array &blocks) {
    const Values dense = values_of(blocks, "blocks", 2);
    RunLengthCode code;
    for (py::ssize_t b = 0; b < dense.shape(0); ++b)
        code.add_block({dense.data(b, 0), u64(dense.shape(1))});
    py::dict made;
    made["start"] = array_of(code.start, {py::ssize_t(code.start.size())});
    made["value"] = array_of(code.value, {py::ssize_t(code.value.size())});
    made["run"] = array_of(code.run, {py::ssize_t(code.run.size())});
    return made;
}

Values decode_blocks(const py::dict &given, u32 length) {
    RunLengthCode code;
    code.start = given["start"].cast<std::vector<u32>>();
    code.value = given["value"].cast<std::vector<i16>>();
    code.run = given["run"].cast<std::vector<u8>>();
    const u64 entries = code.value.size();
    if (code.run.size() != entries || code.start.empty() || code.start.front() != 0 || code.start.back() != entries ||
        !std::is_sorted(code.start.begin(), code.start.end()))
        throw ConfigError("sim.scnn.decode: start, value and run do not belong together");
    Values dense({py::ssize_t(code.blocks()), py::ssize_t(length)});
    for (u32 b = 0; b < code.blocks(); ++b)
        if (!code.decode_block(b, {dense.mutable_data(b, 0), length}))
            throw ConfigError("sim.scnn.decode: block " + std::to_string(b) + " has more than " +
                              std::to_string(length) + " values");
    return dense;
}

py::dict count_products(const py::array &weights, const py::array &activations, const py::kwargs &options) {
    const Given given = given_layer(weights, activations, options);
    const ScnnShape shape = folded_shape(given.work.layer);
    py::dict made;
    NonzeroProducts found;
    for (u32 g = 0; g < given.work.layer.groups; ++g) {
        const NonzeroProducts part =
            nonzero_products(shape, folded_weights(given.work.layer, view(given.weights), g),
                             folded_activations(given.work.layer, given.work.activations, g));
        found.all += part.all;
        found.in_plane += part.in_plane;
    }
    made["dense"] = shape.dense_multiplies() * given.work.layer.groups;
    made["nonzero"] = found.all;
    made["nonzero_in_plane"] = found.in_plane;
    return made;
}

u32 safe_shift(const py::array &weights, const py::array &activations, const py::kwargs &options) {
    const Given given = given_layer(weights, activations, options);
    const scnn_layer &layer = given.work.layer;
    const u64 plane = u64(layer.height) * layer.width;
    std::vector<u32> largest(layer.channels);
    for (u64 i = 0; i < given.work.activations.size(); ++i)
        largest[i / plane] = std::max(largest[i / plane], u32(std::abs(i32(given.work.activations[i]))));
    return safe_product_shift(layer, view(given.weights), largest);
}

}  // namespace

void bind_scnn(py::module_ &sim) {
    auto module = sim.def_submodule("scnn", "Convolutions on an Scnn, from numpy arrays; its run-length code.");
    module.def("run_layer", &run_layer, py::arg("engine"), py::arg("weights"), py::arg("activations"), py::kw_only(),
               py::arg("values") = true, py::arg("dense_weights") = false, py::arg("dense_activations") = false,
               py::arg("input_from_dram") = false, py::arg("output_to_dram") = false,
               "Runs a layer: weights [filters][channels / groups][rows][columns] and activations [channels][rows]"
               "[columns] of int16. Returns its statistics and output [filters][rows][columns], None without values.");
    module.def("run_dense", &run_dense, py::arg("engine"), py::arg("weights"), py::arg("activations"), py::kw_only(),
               py::arg("values") = true, "The same on a Dcnn.");
    module.def("plan", &plan, py::arg("engine"), py::arg("weights"), py::arg("activations"), py::kw_only(),
               py::arg("dense_activations") = false, "How run_layer would lay the layer out.");
    module.def("safe_product_shift", &safe_shift, py::arg("weights"), py::arg("activations"),
               "The least product_shift with which no sum of these weights with activations as large as these can wrap.");
    bind_scnn_models(module);
    module.def("encode", &encode_blocks, py::arg("blocks"),
               "The run-length code of blocks [blocks][values] of int16: start, value and run.");
    module.def("decode", &decode_blocks, py::arg("code"), py::arg("length"), "The dense blocks that encode() was given.");
    module.def("count_products", &count_products, py::arg("weights"), py::arg("activations"),
               "Multiplications of a layer: dense, of two non-zeros, and of these the ones that an output needs.");
}

}  // namespace sim
