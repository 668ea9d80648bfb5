// SPDX-License-Identifier: BSD-3-Clause
// The ways of access, as names in a script.
#include "cache/way_access.hh"

namespace sim {

COMPONENT(ParallelAccess, "Reads the arrays of all ways while the tags are compared.");
COMPONENT(SequentialAccess, "Compares the tags first, then reads the array of the way that hits.");

}  // namespace sim
