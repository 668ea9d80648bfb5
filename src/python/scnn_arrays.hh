// SPDX-License-Identifier: BSD-3-Clause
// Numpy arrays and options of SCNN layers, as the files of its binding share them.
#pragma once
#include <pybind11/numpy.h>
#include "accel/scnn.hh"
#include "python/binding.hh"

namespace sim {

using Values = py::array_t<i16, py::array::c_style>;
using Sums = py::array_t<i32, py::array::c_style>;

// Throws ConfigError for other types and other numbers of dimensions.
Values values_of(const py::handle &object, const char *name, py::ssize_t dimensions);
// A layer with weights [filters][channels / groups][rows][columns] on an input of this shape, and its options by name.
scnn_layer layer_of(const Values &weights, u32 channels, u32 height, u32 width, const py::dict &options);
Sums bias_of(const py::dict &options, u32 filters);   // empty: none
Scnn &scnn_of(Component &component);
void bind_scnn_models(py::module_ &scnn);             // encode_model, decode_model

template <class T> std::span<const T> view(const py::array_t<T, py::array::c_style> &array) {
    return {array.data(), u64(array.size())};
}
template <class T> py::array_t<T> array_of(const std::vector<T> &values, std::vector<py::ssize_t> shape) {
    py::array_t<T> made(std::move(shape));
    std::copy(values.begin(), values.end(), made.mutable_data());
    return made;
}

}  // namespace sim
