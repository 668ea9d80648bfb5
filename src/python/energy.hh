// SPDX-License-Identifier: BSD-3-Clause
// The energy of a machine's run, for Machine's class in Python.
#pragma once
#include "core/machine.hh"
#include "python/binding.hh"

namespace sim {

// `stats`: a copy of the machine's statistics or a difference of two; None: all until now.
py::dict energy(const Machine &machine, const py::object &stats, const py::kwargs &settings);
std::string energy_help();

}  // namespace sim
