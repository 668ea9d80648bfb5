// SPDX-License-Identifier: BSD-3-Clause
// The circuits of the out-of-order core and the statistics that count their uses.
// Geometries and events are those of the CG-OoO papers (fact sheet 9.2 and 9.3) where a comment does not say otherwise.
#include "ooo/ooo.hh"

namespace sim {

void OutOfOrderCore::list_structures(StructureList &list) const {
    const Params &p = params_;
    const u32 width = p.dispatch_width, tag = index_bits(p.physical_registers);
    list_fetch(list, p.fetch_queue_entries, p.fetch_width);
    const u32 ports = p.load_ports + p.store_ports;
    list_load_queue(list, p.load_queue_entries, ports, "lq_cam", "lq_ram");
    list_store_queue(list, p.store_queue_entries, ports, "sq_cam", "sq_ram");
    list_rename(list, p.physical_registers, width, "rat", "free_list");
    // An entry is written at dispatch and read at every selection. Each broadcast tag searches two operands' tags, as
    // published; taking a speculative wake-up back, which the papers' loads never need, is a search, too.
    const u32 entries = p.scheduler_entries + p.memory_scheduler_entries + p.float_scheduler_entries;
    list.push_back({.name = "scheduler", .stage = Stage::Issue, .geometry = RamGeometry{entries, 166, width, width},
                    .actions = {{Verb::Write, "scheduler_writes", "squashed_scheduler_writes"},
                                {Verb::Read, "issued_instructions", "squashed_issues"}},
                    .published = "rs_ram"});
    list.push_back({.name = "wakeup", .stage = Stage::Issue, .geometry = CamGeometry{entries, tag, width, width},
                    .actions = {{Verb::Search, "wakeups", "squashed_wakeups", 2},
                                {Verb::Search, "wakeup_cancels", {}, 2}},
                    .published = "rs_wakeup_cam"});
    list.push_back({.name = "select", .stage = Stage::Issue, .geometry = CamGeometry{entries, 3, width, width},
                    .actions = {{Verb::Search, "select_scans"}}, .published = "rs_select_cam"});
    // 8 read and 4 write ports for a width of 4: what the published file has, and what one dispatch group needs.
    list.push_back({.name = "register_file", .stage = Stage::RegisterFile,
                    .geometry = RamGeometry{p.physical_registers, 64, 2 * width, width},
                    .actions = {{Verb::Read, "register_reads", "squashed_register_reads"},
                                {Verb::Write, "unit_writes", "squashed_unit_writes"},
                                {Verb::Write, "load_writes", "squashed_load_writes"}},
                    .published = "ooo_rf"});
    // An entry holds a name, the register that the name had before, and what became of the instruction. A squash reads
    // the entries that it undoes.
    list.push_back({.name = "reorder_buffer", .stage = Stage::Commit,
                    .geometry = RamGeometry{p.rob_entries, index_bits(kRegisters) + tag + 3, width, width},
                    .actions = {{Verb::Write, "dispatched_instructions", "squashed_instructions"},
                                {Verb::Write, "executed_instructions", "squashed_executions"},
                                {Verb::Read, "committed_instructions"},
                                {Verb::Read, "squashed_instructions", "squashed_instructions"}},
                    .published = "rob"});
    const u32 issue_width = std::min(p.issue_width, p.units->width());
    list_latches(list, {width, issue_width, p.fetch_to_decode, p.decode_to_schedule});
    list_latch(list, "schedule_latch", issue_width, p.schedule_to_execute,
               {{Verb::Use, "issued_instructions", "squashed_issues"}});
    list_wires(list);
}

void OutOfOrderCore::list_wires(StructureList &list) const {
    const u32 tag = index_bits(params_.rob_entries);
    list_fetch_wire(list, "ooo/predictor/cache");
    list_wire(list, "cache_to_rename", "ooo/cache/rename", kInstructionBits,
              {{Verb::Use, "fetched_instructions", "squashed_fetches"}}, "l1i", "rename_map");
    list_wire(list, "rename_to_scheduler", "ooo/rename/rs", kRenamedBits,
              {{Verb::Use, "scheduler_writes", "squashed_scheduler_writes"}}, "rename_map", "scheduler");
    list_wire(list, "rename_to_reorder_buffer", "ooo/rename/rob", kInstructionBits,
              {{Verb::Use, "dispatched_instructions", "squashed_instructions"}}, "rename_map", "reorder_buffer");
    list_wire(list, "scheduler_to_units", "ooo/rs/eu", kRenamedBits,
              {{Verb::Use, "issued_instructions", "squashed_issues"}}, "scheduler", "units.integer");
    list_wire(list, "units_to_registers", "ooo/eu/rf", kOperandBits,
              {{Verb::Use, "register_reads", "squashed_register_reads"},
               {Verb::Use, "unit_writes", "squashed_unit_writes"}}, "units.integer", "register_file");
    list_wire(list, "units_to_reorder_buffer", "ooo/eu/rob", tag,
              {{Verb::Use, "executed_instructions", "squashed_executions"}}, "units.integer", "reorder_buffer");
    list_wire(list, "queues_to_registers", "ooo/lsq/rf", kOperandBits,
              {{Verb::Use, "load_writes", "squashed_load_writes"}}, "load_queue", "register_file");
    list_wire(list, "queues_to_reorder_buffer", "ooo/lsq/rob", tag,
              {{Verb::Use, "load_writes", "squashed_load_writes"}}, "load_queue", "reorder_buffer");
    list_queue_wires(list, {"ooo/rename/lsq", "ooo/eu/lsq", "ooo/lsq/cache"});
}

// Those that follow from others need no counter in the cycle.
void OutOfOrderCore::derive_counts() {
    stats.scheduler_writes = stats.dispatched_instructions - unscheduled_;
    stats.unit_writes = stats.register_writes - stats.load_writes;
    const u64 in_use = params_.physical_registers - kRegisters - free_.size();
    stats.free_list_writes = stats.renamed_destinations - in_use;
}

}  // namespace sim
