// SPDX-License-Identifier: BSD-3-Clause
// What ESE is built of, for the analytic prices: as a chip's circuits, though the published one is an FPGA. Its DRAM,
// a card of its own, is priced by configs/ese.py.
#include "accel/ese.hh"
#include "energy/structures.hh"

namespace sim {

void Ese::list_structures(std::vector<Structure> &list) const {
    using Operation = ArithmeticGeometry::Operation;
    constexpr u32 kMostRows = 32;   // of a matrix in a PE, in the paper's LSTM
    const u32 pes = params_.pes, all = pes * params_.channels;
    const double both_pointers = 2.0 * pes;
    const auto add = [&](const char *name, Stage stage, Geometry geometry, std::vector<Action> actions, u32 copies) {
        list.push_back(
            {.name = name, .stage = stage, .geometry = geometry, .actions = std::move(actions), .copies = copies});
    };
    // Two banks; what comes from DRAM, pointers included, is written 16 bits at a time.
    add("weight_buffers", Stage::Fetch, ScratchpadGeometry{2 * u64(params_.weight_entries), 16, false},
        {{Verb::Read, "weights"}, {Verb::Read, "fillers"}, {Verb::Write, "dram_bytes", {}, 0.5}}, 2 * pes);
    add("pointer_buffers", Stage::Fetch, ScratchpadGeometry{2 * (u64(params_.pointer_columns) + 1), 16, false},
        {{Verb::Read, "broadcasts", {}, both_pointers}}, 2 * pes);
    add("queues", Stage::Issue, RamGeometry{params_.queue_depth, 16, 1, 1},
        {{Verb::Write, "queue_writes"}, {Verb::Read, "multiplications"}}, all);
    add("multipliers", Stage::Execute, ArithmeticGeometry{Operation::Multiply, false, 16},
        {{Verb::Use, "multiplications"}}, all);
    add("adders", Stage::Execute, ArithmeticGeometry{Operation::Add, false, 32}, {{Verb::Use, "multiplications"}}, all);
    // Two sets, of which the element-wise units read one.
    add("accumulators", Stage::RegisterFile, RamGeometry{2 * kMostRows, 32, 1, 1},
        {{Verb::Read, "multiplications"}, {Verb::Write, "multiplications"}, {Verb::Read, "element_operations"}}, all);
    add("element_multipliers", Stage::Execute, ArithmeticGeometry{Operation::Multiply, false, 16},
        {{Verb::Use, "element_operations"}}, params_.channels * params_.element_multipliers);
    add("tables", Stage::Execute, ScratchpadGeometry{4 * u64(ESE_TABLE), 16, false},
        {{Verb::Read, "element_operations"}},
        params_.channels);
}

}  // namespace sim
