// SPDX-License-Identifier: BSD-3-Clause
// The circuits of the in-order core and the statistics that count their uses.
// Geometries and events are those of the CG-OoO papers' in-order baseline where a comment does not say otherwise.
#include "inorder/inorder.hh"

namespace sim {

void InOrderCore::list_structures(StructureList &list) const {
    const Params &p = params_;
    const u32 width = p.issue_width;
    list_fetch(list, p.fetch_queue_entries, p.fetch_width);
    list_store_queue(list, p.store_buffer_entries, 1, "store_buffer_cam", "store_buffer_ram");
    list.push_back({.name = "issue_queue", .stage = Stage::Issue,
                    .geometry = RamGeometry{p.issue_queue_entries, kRenamedBits, width, width},
                    .actions = {{Verb::Write, "dispatched_instructions", "squashed_instructions"},
                                {Verb::Read, "issued_instructions", "squashed_issues"}},
                    .published = "ino_window"});
    // 4 read and 2 write ports for a width of 4, as published.
    list.push_back({.name = "register_file", .stage = Stage::RegisterFile,
                    .geometry = RamGeometry{kRegisters, 64, width, std::max(1u, width / 2)},
                    .actions = {{Verb::Read, "register_reads", "squashed_register_reads"},
                                {Verb::Write, "register_writes"}},
                    .published = "ino_rf"});
    // Results wait for their commit in order and are read by consumers until then; the papers' baseline writes registers
    // as soon as it has a result.
    list.push_back({.name = "result_buffer", .stage = Stage::Commit,
                    .geometry = RamGeometry{p.in_flight_entries, 64, width, width},
                    .actions = {{Verb::Write, "unit_writes", "squashed_unit_writes"},
                                {Verb::Write, "load_writes", "squashed_load_writes"},
                                {Verb::Read, "bypassed_operands", "squashed_bypassed_operands"},
                                {Verb::Read, "register_writes"}}});
    list_latches(list, {width, width, p.fetch_to_decode, p.decode_to_schedule});
    list_latch(list, "schedule_latch", width, p.schedule_to_execute,
               {{Verb::Use, "issued_instructions", "squashed_issues"}});
    list_wires(list);
}

void InOrderCore::list_wires(StructureList &list) const {
    list_fetch_wire(list, "inorder/predictor/cache");
    list_wire(list, "cache_to_window", "inorder/cache/window", kInstructionBits,
              {{Verb::Use, "fetched_instructions", "squashed_fetches"}}, "l1i", "issue_queue");
    list_wire(list, "window_to_units", "inorder/window/eu", kRenamedBits,
              {{Verb::Use, "issued_instructions", "squashed_issues"}}, "issue_queue", "units.integer");
    list_wire(list, "units_to_registers", "inorder/eu/rf", kOperandBits,
              {{Verb::Use, "register_reads", "squashed_register_reads"},
               {Verb::Use, "bypassed_operands", "squashed_bypassed_operands"},
               {Verb::Use, "unit_writes", "squashed_unit_writes"}}, "units.integer", "register_file");
    // An address and data for each; the store buffer lies beside the cache.
    list_wire(list, "cache_to_registers", "inorder/cache/rf", kOperandBits,
              {{Verb::Use, "load_queue_writes", "squashed_load_queue_writes", 2},
               {Verb::Use, "store_queue_writes", "squashed_store_queue_writes", 2}}, "l1d", "register_file");
}

}  // namespace sim
