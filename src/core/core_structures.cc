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

void list_wire(StructureList &list, const char *name, const char *published, u32 bits, std::vector<Action> actions,
               const char *from, const char *to) {
    list.push_back({.name = name, .stage = Stage::Wire, .geometry = WireGeometry{0, bits}, .actions = std::move(actions),
                    .published = published, .from = from, .to = to});
}

}  // namespace sim
