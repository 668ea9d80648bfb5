// SPDX-License-Identifier: BSD-3-Clause
// What EIE is built of, for the analytic prices: the circuits of one PE, as many times as there are PEs.
#include "accel/eie.hh"
#include "energy/structures.hh"

namespace sim {

void Eie::list_structures(std::vector<Structure> &list) const {
    using Operation = ArithmeticGeometry::Operation;
    const u32 pes = params_.pes;
    const double all = pes;   // an activation that is broadcast is written to every queue
    const auto add = [&](const char *name, Stage stage, Geometry geometry, std::vector<Action> actions, u32 copies) {
        list.push_back(
            {.name = name, .stage = stage, .geometry = geometry, .actions = std::move(actions), .copies = copies});
    };
    // 16 bits of activation and 16 of column index.
    add("queues", Stage::Issue, RamGeometry{params_.queue_depth, 32, 1, 1},
        {{Verb::Write, "broadcasts", {}, all}, {Verb::Read, "column_visits"}}, pes);
    // Both pointers of a column, one from each bank.
    add("pointer_banks", Stage::Fetch, ScratchpadGeometry{params_.pointer_bytes / 2, 16, false},
        {{Verb::Read, "column_visits", {}, 2}}, 2 * pes);
    add("weight_memory", Stage::Fetch, ScratchpadGeometry{params_.spmat_bytes, params_.spmat_width, false},
        {{Verb::Read, "spmat_reads"}}, pes);
    add("codebook", Stage::DecodeRename, RamGeometry{EIE_CODES, 16, 1, 1}, {{Verb::Read, "weights"}}, pes);
    add("multiplier", Stage::Execute, ArithmeticGeometry{Operation::Multiply, false, 16},
        {{Verb::Use, "weights"}}, pes);
    add("adder", Stage::Execute, ArithmeticGeometry{Operation::Add, false, 16}, {{Verb::Use, "weights"}}, pes);
    add("source_registers", Stage::RegisterFile, RamGeometry{params_.registers, 16, 1, 1},
        {{Verb::Read, "row_scans", {}, all}, {Verb::Write, "register_writes"}}, pes);
    add("destination_registers", Stage::RegisterFile, RamGeometry{params_.registers, 16, 1, 1},
        {{Verb::Read, "weights"}, {Verb::Write, "weights"}}, pes);
    add("activation_memory", Stage::Memory, ScratchpadGeometry{params_.activation_bytes, 16, false},
        {{Verb::Read, "activation_memory_reads"}, {Verb::Write, "activation_memory_writes"}}, pes);
}

}  // namespace sim
