// SPDX-License-Identifier: BSD-3-Clause
// The circuits of the CG-OoO core and the statistics that count their uses. Geometries and events are the papers' (fact
// sheet 9.2 and 9.3) where a comment does not say otherwise. Instructions of precise mode, a block run again after a fault,
// a device access or an exact stop, are not charged.
#include "block/cgooo.hh"

namespace sim {

void CgOooCore::list_structures(StructureList &list) const {
    const Params &p = params_;
    const u32 width = p.dispatch_width, ports = p.load_ports + p.store_ports;
    list_fetch(list, p.fetch_queue_entries, p.fetch_width);
    list_load_queue(list, p.load_queue_entries, ports, "lq_cam", "lq_ram");
    list_store_queue(list, p.store_queue_entries, ports, "sq_cam", "sq_ram");
    list_rename(list, p.physical_registers, width, "grat", "gapr");   // only global operands come here
    list_block_structures(list);
    const u32 issue_width = p.units->width();
    list_latches(list, {width, issue_width, p.fetch_to_decode, p.decode_to_schedule});
    list_latch(list, "head_latch", width, p.fetch_to_decode, {{Verb::Use, "fetched_heads", "squashed_heads"}});
    list.back().copies = 0;   // heads go through the latches of instructions
    list_latch(list, "schedule_latch", issue_width, p.schedule_to_execute,
               {{Verb::Use, "global_issues", "squashed_global_issues"}});
    list_latch(list, "local_schedule_latch", issue_width, p.local_schedule_to_execute,
               {{Verb::Use, "local_issues", "squashed_local_issues"}});
    list.back().copies = 0;   // local instructions take a part of the same way
    list_wires(list);
}

// Windows with their head buffers and local registers, segments of global registers, block reorder buffer.
void CgOooCore::list_block_structures(StructureList &list) const {
    const Params &p = params_;
    const u32 tag = index_bits(p.physical_registers);
    // The queue holds a block of the greatest size; the papers' windows do too, but are priced as 8 entries.
    list.push_back({.name = "window_queue", .stage = Stage::Issue, .geometry = RamGeometry{p.max_block_instructions, 33, 1, 1},
                    .actions = {{Verb::Write, "window_writes", "squashed_window_writes"},
                                {Verb::Read, "window_reads", "squashed_window_reads"}},
                    .published = "bw", .copies = p.windows});
    // Written when an instruction moves up or is sent back, read when it issues.
    list.push_back({.name = "head_buffer", .stage = Stage::Issue,
                    .geometry = RamGeometry{p.skipahead, 166, p.skipahead, p.skipahead},
                    .actions = {{Verb::Write, "local_issues", "squashed_local_issues"},
                                {Verb::Write, "global_issues", "squashed_global_issues"},
                                {Verb::Read, "local_issues", "squashed_local_issues"},
                                {Verb::Read, "global_issues", "squashed_global_issues"}},
                    .published = "hb_ram", .copies = p.windows});
    // Two operands an entry. A global name is looked for in the windows that hold a block, a local one in its own; also
    // where a load's speculative announcement is taken back.
    list.push_back({.name = "wakeup", .stage = Stage::Issue, .geometry = CamGeometry{p.skipahead, tag, p.skipahead, p.skipahead},
                    .actions = {{Verb::Search, "head_buffer_searches", "squashed_head_buffer_searches", 2}},
                    .published = "hb_cam", .copies = p.windows});
    if (p.local_registers)
        list.push_back({.name = "local_registers", .stage = Stage::RegisterFile,
                        .geometry = RamGeometry{p.local_registers, 64, 2, 1},
                        .actions = {{Verb::Read, "local_reads", "squashed_local_reads"},
                                    {Verb::Write, "unit_local_writes", "squashed_unit_local_writes"},
                                    {Verb::Write, "load_local_writes", "squashed_load_local_writes"}},
                        .published = "lrf", .copies = p.windows});
    list.push_back({.name = "global_registers", .stage = Stage::RegisterFile,
                    .geometry = RamGeometry{(p.physical_registers + p.segments - 1) / p.segments, 64, 2, 2},
                    .actions = {{Verb::Read, "global_reads", "squashed_global_reads"},
                                {Verb::Write, "unit_global_writes", "squashed_unit_global_writes"},
                                {Verb::Write, "load_global_writes", "squashed_load_global_writes"}},
                    .published = "grf_segment", .copies = p.segments});
    constexpr u32 kEntryBits = 17;
    list.push_back({.name = "block_reorder_buffer", .stage = Stage::Commit,
                    .geometry = RamGeometry{p.brob_entries, kEntryBits, 4, 4},
                    .actions = {{Verb::Write, "allocated_blocks", "squashed_blocks"},
                                {Verb::Read, "committed_blocks"},
                                {Verb::Read, "squashed_blocks", "squashed_blocks"}},
                    .published = "brob"});
    list.push_back({.name = "block_counters", .stage = Stage::Commit,
                    .geometry = RamGeometry{p.brob_entries, kEntryBits, 4, 4},
                    .actions = {{Verb::Write, "executed_instructions", "squashed_executions"}},
                    .published = "brob_completion", .copies = 0});   // in the same array
    // What commit frees and a squash puts back: a name, the register it got and the one before. The papers charge nothing
    // for it.
    list.push_back({.name = "rename_log", .stage = Stage::Commit,
                    .geometry = RamGeometry{p.physical_registers - kRegisters, index_bits(kRegisters) + 2 * tag, 4, 4},
                    .actions = {{Verb::Write, "renamed_destinations", "map_restores"},
                                {Verb::Read, "free_list_writes", "map_restores"}}});
}

void CgOooCore::list_wires(StructureList &list) const {
    const u32 tag = index_bits(params_.physical_registers), block = index_bits(params_.brob_entries);
    list_fetch_wire(list, "cgooo/predictor/cache");
    list_wire(list, "cache_to_rename", "cgooo/cache/rename", kInstructionBits,
              {{Verb::Use, "fetched_instructions", "squashed_fetches"}, {Verb::Use, "fetched_heads", "squashed_heads"}},
              "l1i", "rename_map");
    list_wire(list, "rename_to_windows", "cgooo/rename/bw", kRenamedBits,
              {{Verb::Use, "window_writes", "squashed_window_writes"}}, "rename_map", "window_queue");
    list_wire(list, "rename_to_block_reorder_buffer", "cgooo/rename/brob", kInstructionBits,
              {{Verb::Use, "allocated_blocks", "squashed_blocks"}}, "rename_map", "block_reorder_buffer");
    list_wire(list, "windows_to_units", "cgooo/bw/eu", kRenamedBits,
              {{Verb::Use, "local_issues", "squashed_local_issues"}, {Verb::Use, "global_issues", "squashed_global_issues"}},
              "window_queue", "units.integer");
    list_wire(list, "wakeup_to_windows", "cgooo/bw/eu", tag,
              {{Verb::Use, "head_buffer_searches", "squashed_head_buffer_searches"}}, "window_queue", "units.integer");
    list_wire(list, "units_to_global_registers", "cgooo/eu/grf", kOperandBits,
              {{Verb::Use, "global_reads", "squashed_global_reads"},
               {Verb::Use, "unit_global_writes", "squashed_unit_global_writes"}}, "units.integer", "global_registers");
    if (params_.local_registers)
        list_wire(list, "units_to_local_registers", "cgooo/eu/lrf", kOperandBits,
                  {{Verb::Use, "local_reads", "squashed_local_reads"},
                   {Verb::Use, "unit_local_writes", "squashed_unit_local_writes"}}, "units.integer", "local_registers");
    list_wire(list, "units_to_block_reorder_buffer", "cgooo/eu/brob", block,
              {{Verb::Use, "executed_instructions", "squashed_executions"}}, "units.integer", "block_reorder_buffer");
    list_wire(list, "queues_to_global_registers", "cgooo/lsq/grf", kOperandBits,
              {{Verb::Use, "load_global_writes", "squashed_load_global_writes"}}, "load_queue", "global_registers");
    if (params_.local_registers)
        list_wire(list, "queues_to_local_registers", "cgooo/lsq/lrf", kOperandBits,
                  {{Verb::Use, "load_local_writes", "squashed_load_local_writes"}}, "load_queue", "local_registers");
    list_wire(list, "queues_to_block_reorder_buffer", "cgooo/lsq/brob", block,
              {{Verb::Use, "returned_loads", "squashed_returned_loads"}}, "load_queue", "block_reorder_buffer");
    list_queue_wires(list, {"cgooo/rename/lsq", "cgooo/eu/lsq", "cgooo/lsq/cache"});
}

// Instructions issued, each once: those executed, and those issued that are squashed or in flight without.
u64 CgOooCore::first_issues() const {
    u64 issues = stats.executed_instructions + stats.squashed_window_reads - stats.squashed_executions;
    for (u64 s = head_; s != tail_; ++s)
        for (u32 p = 0; p < at(s).dispatched; ++p) {
            const Instruction &i = instruction(entry_of(at(s)), p);
            issues += i.attempt % kLives != 0 && !i.executed;
        }
    return issues;
}

// Those that follow from others need no counter in the cycle.
void CgOooCore::derive_counts() {
    stats.fetched_heads = front_->counts.heads;
    stats.squashed_heads = front_->counts.squashed_heads;
    stats.block_lookups = front_->counts.block_lookups;
    stats.global_issues = stats.issued_instructions - stats.local_issues;
    stats.window_writes = stats.dispatched_instructions - unwindowed_;
    stats.window_reads = first_issues();
    stats.unit_local_writes = stats.local_writes - stats.load_local_writes;
    stats.unit_global_writes = stats.global_writes - stats.load_global_writes;
    const u64 in_use = params_.physical_registers - kRegisters - free_count_;
    stats.free_list_writes = stats.renamed_destinations - in_use;
}

}  // namespace sim
