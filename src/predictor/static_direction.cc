// SPDX-License-Identifier: BSD-3-Clause
// Declares StaticDirection.
#include "predictor/static_direction.hh"

namespace sim {
COMPONENT(StaticDirection, "Predicts every conditional branch taken, or every one not taken.");
}   // namespace sim
