// SPDX-License-Identifier: BSD-3-Clause
// SCNN layers from numpy arrays and options.
#include "python/scnn_arrays.hh"

namespace sim {
namespace {

template <class T> T option(const py::dict &options, const char *name, T otherwise) {
    return options.contains(name) ? options[name].cast<T>() : otherwise;
}

void check_names(const py::dict &options) {
    static const char *const known[] = {"stride",       "pad",         "pad_left",   "output_height", "output_width",
                                        "groups",       "product_shift", "output_shift", "relu",      "pool_size",
                                        "pool_stride",  "average_pool", "output_density", "bias",     "group_filters"};
    for (const auto &[key, value] : options) {
        const std::string name = py::str(key);
        if (std::find(std::begin(known), std::end(known), name) == std::end(known))
            throw ConfigError("sim.scnn: a layer has no '" + name +
                              "'; it has stride, pad, pad_left, output_height, output_width, groups, product_shift, "
                              "output_shift, relu, pool_size, pool_stride, average_pool, output_density, bias and "
                              "group_filters");
    }
}

}  // namespace

Values values_of(const py::handle &object, const char *name, py::ssize_t dimensions) {
    if (!py::isinstance<Values>(object))
        throw ConfigError(std::string("sim.scnn: ") + name + " must be a C-ordered numpy array of int16");
    const auto array = py::reinterpret_borrow<Values>(object);
    if (array.ndim() != dimensions)
        throw ConfigError(std::string("sim.scnn: ") + name + " has " + std::to_string(array.ndim()) +
                          " dimensions; it must have " + std::to_string(dimensions));
    return array;
}

scnn_layer layer_of(const Values &weights, u32 channels, u32 height, u32 width, const py::dict &options) {
    check_names(options);
    scnn_layer layer = plain_layer(channels, height, width, u32(weights.shape(0)), u32(weights.shape(2)),
                                   u32(weights.shape(3)));
    layer.stride = option<u32>(options, "stride", 1);
    layer.pad_top = option<u32>(options, "pad", 0);
    layer.pad_left = option<u32>(options, "pad_left", layer.pad_top);
    if (layer.stride == 0) throw ConfigError("sim.scnn: stride is 0; it may be 1 to 16");
    const auto natural = [&](u32 size, u32 pad, u32 kernel) {
        return size + 2 * pad >= kernel ? (size + 2 * pad - kernel) / layer.stride + 1 : 0;
    };
    layer.output_height = option<u32>(options, "output_height", natural(layer.height, layer.pad_top, layer.kernel_height));
    layer.output_width = option<u32>(options, "output_width", natural(layer.width, layer.pad_left, layer.kernel_width));
    layer.groups = option<u32>(options, "groups", 1);
    layer.product_shift = option<u32>(options, "product_shift", 0);
    layer.output_shift = option<u32>(options, "output_shift", 0);
    layer.pool_size = option<u32>(options, "pool_size", 1);
    layer.pool_stride = option<u32>(options, "pool_stride", layer.pool_size);
    layer.output_density = u32(option<double>(options, "output_density", 0.5) * 1e6 + 0.5);
    layer.group_filters = option<u32>(options, "group_filters", 0);
    if (option<bool>(options, "relu", false)) layer.flags |= SCNN_RELU;
    if (option<bool>(options, "average_pool", false)) layer.flags |= SCNN_AVERAGE_POOL;
    check_layer(layer, "sim.scnn");
    if (u64(weights.shape(1)) * layer.groups != layer.channels)
        throw ConfigError("sim.scnn: weights have " + std::to_string(weights.shape(1)) + " channels in " +
                          std::to_string(layer.groups) + " groups, activations " + std::to_string(layer.channels));
    return layer;
}

Sums bias_of(const py::dict &options, u32 filters) {
    if (!options.contains("bias") || options["bias"].is_none()) return Sums(0);
    const Sums bias = py::array_t<i32, py::array::c_style | py::array::forcecast>(py::object(options["bias"]));
    if (bias.size() != filters) throw ConfigError("sim.scnn: bias must have one number a filter");
    return bias;
}

Scnn &scnn_of(Component &component) {
    auto *scnn = dynamic_cast<Scnn *>(&component);
    if (!scnn) throw ConfigError("sim.scnn: " + std::string(component.type_name()) + " is no Scnn");
    return *scnn;
}

}  // namespace sim
