// SPDX-License-Identifier: BSD-3-Clause
// describe_blocks() in Python, for util/blocks.
#include "block/report.hh"
#include "python/binding.hh"

namespace sim {

void bind_blocks(py::module_ &module) {
    module.def(
        "describe_blocks",
        [](const std::string &program, const std::string &function, u32 instructions, u32 loads, u32 stores,
           u32 global_writes, u32 local_registers, bool use_locals, bool schedule, u32 head_fixed_bytes) {
            BlockLimits limits{instructions, loads, stores, global_writes, local_registers, use_locals, schedule,
                               head_fixed_bytes};
            return describe_blocks(program, limits, function);
        },
        py::arg("program"), py::kw_only(), py::arg("function") = "", py::arg("instructions") = 50, py::arg("loads") = 64,
        py::arg("stores") = 32, py::arg("global_writes") = 188, py::arg("local_registers") = 20,
        py::arg("use_locals") = true, py::arg("schedule") = true, py::arg("head_fixed_bytes") = 4,
        "What the block compiler makes of a static RV64 ELF, as text; `function` also lists that function's blocks.");
}

}  // namespace sim
