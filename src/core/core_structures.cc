// SPDX-License-Identifier: BSD-3-Clause
#include "core/core_structures.hh"

namespace sim {
namespace {

constexpr u32 kAddressBits = 48;
// Four 64-bit groups of flip-flops an instruction (fact sheet 9.2).
constexpr u32 kLatchBits = 256;

}  // namespace

// Instructions wait between decode and dispatch; the papers have no such queue.
void list_fetch(StructureList &list, u32 queue_entries, u32 width) {
    list.push_back({.name = "fetch_queue", .stage = Stage::Fetch,
                    .geometry = RamGeometry{queue_entries, kRenamedBits, width, width},
                    .actions = {{Verb::Write, "dispatched_instructions", "squashed_instructions"},
                                {Verb::Write, "dropped_decoded", "dropped_decoded"},
                                {Verb::Read, "dispatched_instructions", "squashed_instructions"}}});
}

// Sources are read, destinations written; the register that a name had before is read to be freed at commit.
void list_rename(StructureList &list, u32 registers, u32 width, std::string_view map, std::string_view free_list) {
    const u32 tag = index_bits(registers);
    list.push_back({.name = "rename_map", .stage = Stage::DecodeRename,
                    .geometry = RamGeometry{kRegisters, tag, 2 * width, width},
                    .actions = {{Verb::Read, "renamed_sources", "squashed_renamed_sources"},
                                {Verb::Read, "renamed_destinations", "map_restores"},
                                {Verb::Write, "renamed_destinations", "map_restores"},
                                {Verb::Write, "map_restores", "map_restores"}},
                    .published = map});
    list.push_back({.name = "free_list", .stage = Stage::DecodeRename,
                    .geometry = RamGeometry{registers, tag, width, width},
                    .actions = {{Verb::Read, "renamed_destinations", "map_restores"},
                                {Verb::Write, "free_list_writes", "map_restores"}},
                    .published = free_list});
}

// An address is written when it is known; a store's search for younger loads goes through all of them. The other
// fields are read when the data comes.
void list_load_queue(StructureList &list, u32 entries, u32 ports, std::string_view cam, std::string_view ram) {
    list.push_back({.name = "load_queue", .stage = Stage::Memory,
                    .geometry = CamGeometry{entries, kAddressBits, ports, ports},
                    .actions = {{Verb::Write, "load_queue_writes", "squashed_load_queue_writes"},
                                {Verb::Search, "load_queue_searches", "squashed_load_queue_searches"}},
                    .published = cam});
    list.push_back({.name = "load_queue_fields", .stage = Stage::Memory,
                    .geometry = RamGeometry{entries, kOperandBits, ports, ports},
                    .actions = {{Verb::Write, "load_queue_writes", "squashed_load_queue_writes"},
                                {Verb::Read, "returned_loads", "squashed_returned_loads"}},
                    .published = ram});
}

// Data is read where a load takes it, and when the store is written to the cache.
void list_store_queue(StructureList &list, u32 entries, u32 ports, std::string_view cam, std::string_view ram) {
    list.push_back({.name = "store_queue", .stage = Stage::Memory,
                    .geometry = CamGeometry{entries, kAddressBits, ports, ports},
                    .actions = {{Verb::Write, "store_queue_writes", "squashed_store_queue_writes"},
                                {Verb::Search, "store_queue_searches", "squashed_store_queue_searches"}},
                    .published = cam});
    list.push_back({.name = "store_queue_data", .stage = Stage::Memory,
                    .geometry = RamGeometry{entries, 2 * kOperandBits, ports, ports},
                    .actions = {{Verb::Write, "store_queue_writes", "squashed_store_queue_writes"},
                                {Verb::Read, "forwarded_loads"},
                                {Verb::Read, "store_queue_reads"}},
                    .published = ram});
}

// An instruction clocks a stage's latch once in every cycle that the stage takes.
void list_latch(StructureList &list, const char *name, u32 width, u32 cycles, std::vector<Action> actions) {
    for (Action &action : actions) action.times *= cycles;
    list.push_back({.name = name, .stage = Stage::StageRegisters, .geometry = LatchGeometry{kLatchBits},
                    .actions = std::move(actions), .published = "latch", .copies = width * cycles});
}

void list_latches(StructureList &list, const PipelineShape &shape) {
    list_latch(list, "fetch_latch", shape.width, shape.fetch_to_decode,
               {{Verb::Use, "fetched_instructions", "squashed_fetches"}});
    list_latch(list, "decode_latch", shape.width, shape.decode_to_schedule,
               {{Verb::Use, "dispatched_instructions", "squashed_instructions"},
                {Verb::Use, "dropped_decoded", "dropped_decoded"}});
    list_latch(list, "execute_latch", shape.issue_width, 1,
               {{Verb::Use, "executed_instructions", "squashed_executions"}});
    list_latch(list, "memory_latch", shape.width, 1, {{Verb::Use, "load_queue_writes", "squashed_load_queue_writes"}});
    list_latch(list, "commit_latch", shape.width, 1, {{Verb::Use, "committed_instructions"}});
}

void list_fetch_wire(StructureList &list, const char *published) {
    list_wire(list, "predictor_to_cache", published, kPcBits, {{Verb::Use, "fetch_line_reads", "squashed_line_reads"}},
              "predictor", "l1i");
}

void list_queue_wires(StructureList &list, const QueueWires &published) {
    list_wire(list, "rename_to_queues", published.from_rename, kInstructionBits,
              {{Verb::Use, "queue_allocations", "squashed_queue_allocations"}}, "rename_map", "load_queue");
    list_wire(list, "units_to_queues", published.from_units, kOperandBits,
              {{Verb::Use, "load_queue_writes", "squashed_load_queue_writes"},
               {Verb::Use, "store_queue_writes", "squashed_store_queue_writes", 2}}, "units.integer", "load_queue");
    list_wire(list, "queues_to_cache", published.to_cache, kOperandBits,
              {{Verb::Use, "load_queue_writes", "squashed_load_queue_writes", 2},   // an address, and data back
               {Verb::Use, "store_queue_reads", {}, 2}}, "load_queue", "l1d");
}

void list_wire(StructureList &list, const char *name, const char *published, u32 bits, std::vector<Action> actions,
               const char *from, const char *to) {
    list.push_back({.name = name, .stage = Stage::Wire, .geometry = WireGeometry{0, bits}, .actions = std::move(actions),
                    .published = published, .from = from, .to = to});
}

}  // namespace sim
