// SPDX-License-Identifier: BSD-3-Clause
// sim.scnn.encode_model and decode_model: whole networks as the bytes that a job takes.
#include <pybind11/stl.h>
#include <cstring>
#include "python/scnn_arrays.hh"

namespace sim {
namespace {

// Kc where the layer does not say: what the rule allows for the untiled plane, and at least one filter, since a tiled
// plane leaves more room.
u32 kc_of(const scnn_layer &layer, const ScnnMachine &machine) {
    if (layer.group_filters) return layer.group_filters;
    return std::max(1u, tiling_of_grid(folded_shape(layer), machine, 1, 1).group_filters);
}

// Layers as dictionaries: weights, and the options of run_layer. `input` is the shape of the first layer's input.
py::bytes encode_model(Component &component, const py::list &given, const std::array<u32, 3> &input) {
    const ScnnMachine &machine = scnn_of(component).machine();
    std::vector<ScnnModelLayer> layers;
    auto [channels, height, width] = input;
    for (const py::handle &row : given) {
        py::dict options = py::dict(py::reinterpret_borrow<py::dict>(row).attr("copy")());
        if (!options.contains("weights")) throw ConfigError("sim.scnn.encode_model: a layer needs weights");
        const Values weights = values_of(options.attr("pop")("weights"), "weights", 4);
        ScnnModelLayer made;
        made.layer = layer_of(weights, channels, height, width, options);
        const Sums bias = bias_of(options, made.layer.filters);
        made.bias.assign(bias.data(), bias.data() + bias.size());
        made.layer.group_filters = kc_of(made.layer, machine);
        made.weights = encode_weights(made.layer, view(weights), made.layer.group_filters, false);
        channels = made.layer.filters;
        height = pooled_height(made.layer);
        width = pooled_width(made.layer);
        layers.push_back(std::move(made));
    }
    if (layers.empty()) throw ConfigError("sim.scnn.encode_model: a model needs a layer");
    const std::vector<u8> bytes = write_scnn_model(std::move(layers));
    return py::bytes(reinterpret_cast<const char *>(bytes.data()), bytes.size());
}

py::list decode_model(const py::bytes &model) {
    const std::string_view text = model;
    std::vector<ScnnModelLayer> layers;
    const auto fault = read_scnn_model({reinterpret_cast<const u8 *>(text.data()), text.size()}, layers);
    if (!fault.empty()) throw ConfigError("sim.scnn.decode_model: " + fault);
    py::list rows;
    for (const ScnnModelLayer &one : layers) {
        const scnn_layer &layer = one.layer;
        std::vector<i16> folded;
        require(decode_weights(layer, one.weights, layer.group_filters, folded), "a checked model decodes");
        py::dict row;
        row["weights"] = array_of(unfolded_weights(layer, folded),
                                  {py::ssize_t(layer.filters), py::ssize_t(layer.channels / layer.groups),
                                   py::ssize_t(layer.kernel_height), py::ssize_t(layer.kernel_width)});
        row["bias"] = py::none();
        if (!one.bias.empty()) row["bias"] = array_of(one.bias, {py::ssize_t(one.bias.size())});
        row["stride"] = layer.stride, row["pad"] = layer.pad_top, row["pad_left"] = layer.pad_left;
        row["output_height"] = layer.output_height, row["output_width"] = layer.output_width;
        row["groups"] = layer.groups, row["group_filters"] = layer.group_filters;
        row["product_shift"] = layer.product_shift, row["output_shift"] = layer.output_shift;
        row["pool_size"] = layer.pool_size, row["pool_stride"] = layer.pool_stride;
        row["relu"] = bool(layer.flags & SCNN_RELU), row["average_pool"] = bool(layer.flags & SCNN_AVERAGE_POOL);
        row["output_density"] = layer.output_density / 1e6;
        rows.append(row);
    }
    return rows;
}

}  // namespace

void bind_scnn_models(py::module_ &scnn) {
    scnn.attr("RUN") = u32(SCNN_RUN);
    scnn.def("encode_model", &encode_model, py::arg("engine"), py::arg("layers"), py::arg("input"),
             "A model, as bytes, for this engine: layers as dictionaries with weights and the options of run_layer; input "
             "is (channels, rows, columns) of the first.");
    scnn.def("decode_model", &decode_model, py::arg("model"), "The layers that encode_model() was given.");
    scnn.def("fault", [](Component &engine) { return python_text(scnn_of(engine).fault()); }, py::arg("engine"),
             "What was wrong with the last job, in words; empty where nothing was.");
}

}  // namespace sim
