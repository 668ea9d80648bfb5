// SPDX-License-Identifier: BSD-3-Clause
// An LSTM in fixed point from its dense matrices, as ese_format.h defines it; shares no code with the device.
#pragma once
#include "accel/ese_encoder.hh"

namespace sim {

// One channel: `x` is steps x inputs; returns steps x outputs, from y = 0 and c = 0.
std::vector<i16> ese_reference(const EseLstm &lstm, std::span<const i16> x);

}  // namespace sim
