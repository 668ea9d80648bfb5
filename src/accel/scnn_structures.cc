// SPDX-License-Identifier: BSD-3-Clause
// What SCNN is built of, for the analytic prices: the circuits of one PE, as many times as there are PEs.
#include "accel/scnn.hh"
#include "energy/structures.hh"

namespace sim {

void Scnn::list_structures(std::vector<Structure> &list) const {
    using Operation = ArithmeticGeometry::Operation;
    constexpr u32 kEntryBits = 20, kSumBits = 24, kValueBits = 16;
    constexpr double kScatterMillimetres = 0.161;   // side of the 0.026 mm2 network (SCNN, table III)
    const u32 pes = machine_.pes(), multipliers = pes * machine_.multipliers();
    const auto add = [&](const char *name, Stage stage, Geometry geometry, std::vector<Action> actions,
                         u32 copies) {
        list.push_back({.name = name, .stage = stage, .geometry = geometry, .actions = std::move(actions),
                        .copies = copies});
    };
    add("activation_memories", Stage::Memory,
        ScratchpadGeometry{u64(params_.activation_ram_entries) * kEntryBits / 8,
                           params_.activations_wide * kEntryBits, false},
        {{Verb::Read, "iaram_reads"}, {Verb::Write, "oaram_writes"}}, 2 * pes);
    add("weight_fifos", Stage::Fetch, RamGeometry{params_.weight_fifo_vectors, params_.weights_wide * kEntryBits, 1, 1},
        {{Verb::Read, "weight_fifo_reads"}, {Verb::Write, "weight_fifo_writes"}}, pes);
    add("multipliers", Stage::Execute, ArithmeticGeometry{Operation::Multiply, false, kValueBits},
        {{Verb::Use, "useful_products"}, {Verb::Use, "out_of_plane_products"}, {Verb::Use, "zero_products"}},
        multipliers);
    add("crossbar", Stage::Issue, WireGeometry{kScatterMillimetres, kSumBits}, {{Verb::Use, "crossbar_transfers"}},
        pes);
    add("accumulators", Stage::RegisterFile, RamGeometry{params_.bank_entries, kSumBits, 1, 1},
        {{Verb::Read, "accumulator_reads"}, {Verb::Write, "accumulator_writes"}}, 2 * pes * params_.banks);
    add("adders", Stage::Execute, ArithmeticGeometry{Operation::Add, false, kSumBits},
        {{Verb::Use, "accumulator_writes"}, {Verb::Use, "halo_values"}, {Verb::Use, "post_processed_outputs"}},
        pes * params_.banks);
}

}  // namespace sim
