// SPDX-License-Identifier: BSD-3-Clause
// SCNN's compressed models as bytes: ext/accel/scnn_format.h from and to layers.
#pragma once
#include <string>
#include "accel/scnn_plan.hh"

namespace sim {

struct ScnnModelLayer {
    scnn_layer layer{};
    std::vector<i32> bias;       // one a filter, or none
    RunLengthCode weights;
};

// Fills in sizes, counts and the bias flag. Layers must have their Kc.
std::vector<u8> write_scnn_model(std::vector<ScnnModelLayer> layers);
// What is wrong with a model, in words; empty where `layers` has been filled. Reads nothing beyond `bytes`, and
// accepts no model that a machine could stumble over: every block decodes, every layer takes what the one before it
// makes.
std::string read_scnn_model(std::span<const u8> bytes, std::vector<ScnnModelLayer> &layers);

}  // namespace sim
