// SPDX-License-Identifier: BSD-3-Clause
// Circuits that the timing cores share (fetch, queues, latches), with the statistics that count their uses.
#pragma once
#include <bit>
#include "core/data_port.hh"
#include "energy/structures.hh"
#include "isa/hart.hh"
#include "isa/instruction.hh"
#include "sim/schema.hh"

// What fetch spent on instructions that came to nothing.
#define FETCH_ENERGY_STATS                                                                                            \
    STAT(dropped_decoded, "instructions", "decoded, but dropped before dispatch");                                    \
    STAT(squashed_fetches, "instructions", "fetched, but dropped or squashed");                                       \
    STAT(squashed_line_reads, "accesses", "instruction-cache reads for instructions dropped or squashed later");      \
    STAT(squashed_groups, "lookups", "fetch groups, or blocks, that began with an instruction dropped or squashed");

// Uses of the load and store queues that other statistics do not count.
#define QUEUE_ENERGY_STATS                                                                                            \
    STAT(queue_allocations, "instructions", "loads and stores entered into the queues");                              \
    STAT(load_queue_writes, "writes", "load addresses written into the load queue");                                  \
    STAT(store_queue_writes, "writes", "store addresses and data written into the store queue");                      \
    STAT(store_queue_reads, "reads", "stores read out to be written");                                                \
    STAT(returned_loads, "loads", "loads whose data came");                                                           \
    STAT(squashed_queue_allocations, "instructions", "of instructions squashed later");                               \
    STAT(squashed_load_queue_writes, "writes", "of loads squashed later");                                            \
    STAT(squashed_store_queue_writes, "writes", "of stores squashed later");                                          \
    STAT(squashed_store_queue_searches, "searches", "of loads squashed later");                                       \
    STAT(squashed_cache_reads, "accesses", "data-cache reads of loads squashed later");                               \
    STAT(squashed_translations, "requests", "data translations of loads and stores squashed later");                  \
    STAT(squashed_returned_loads, "loads", "of loads squashed later");

namespace sim {

// Bits that name one of `count`.
constexpr u32 index_bits(u64 count) { return u32(std::bit_width(count > 1 ? count - 1 : 1)); }

// How the papers describe a core's pipeline: instructions that pass side by side, and cycles that they take.
struct PipelineShape {
    u32 width, issue_width;
    u32 fetch_to_decode, decode_to_schedule;
};

void list_fetch(StructureList &list, u32 queue_entries, u32 width);
// For `registers` physical ones; the last two are the published names.
void list_rename(StructureList &list, u32 registers, u32 width, std::string_view map, std::string_view free_list);
void list_load_queue(StructureList &list, u32 entries, u32 ports, std::string_view cam, std::string_view ram);
void list_store_queue(StructureList &list, u32 entries, u32 ports, std::string_view cam, std::string_view ram);
// The latches from fetch to dispatch, and behind the units; those between selection and execution are the core's own.
void list_latches(StructureList &list, const PipelineShape &shape);
void list_latch(StructureList &list, const char *name, u32 width, u32 cycles, std::vector<Action> actions);
// A wire's length is not the core's to know: it follows from the structures that it joins.
void list_wire(StructureList &list, const char *name, const char *published, u32 bits, std::vector<Action> actions,
               const char *from, const char *to);
void list_fetch_wire(StructureList &list, const char *published);
struct QueueWires { const char *from_rename, *from_units, *to_cache; };   // published names
void list_queue_wires(StructureList &list, const QueueWires &published);

inline constexpr u32 kPcBits = 48, kInstructionBits = 32, kOperandBits = 64, kRenamedBits = 64;

template <class Counts, class Stats> void copy_fetch_counts(const Counts &counts, Stats &stats) {
    stats.fetched_instructions = counts.fetched_instructions;
    stats.fetch_line_reads = counts.line_reads;
    stats.decode_redirects = counts.decode_redirects;
    stats.dropped_decoded = counts.dropped_decoded;
    stats.squashed_fetches = counts.dropped_fetches + stats.squashed_instructions;
    stats.squashed_line_reads = counts.squashed_line_reads;
    stats.squashed_groups = counts.squashed_groups;
}
template <class Stats> void copy_queue_counts(const DataPort &port, Stats &stats) {
    stats.forwarded_loads = port.counts.forwarded_loads;
    stats.load_retries = port.counts.load_retries;
    stats.store_queue_searches = port.counts.store_queue_searches;
    stats.load_queue_writes = port.counts.load_queue_writes;
    stats.store_queue_reads = port.queue.store_head();   // positions only grow
    stats.squashed_queue_allocations = port.counts.squashed_allocations;
    stats.queue_allocations = port.queue.load_tail() + port.queue.store_tail() + port.counts.squashed_allocations;
}
// A load that was given to the port at queue `position` has been squashed.
template <class Stats> void count_squashed_load(const DataPort &port, u64 position, bool returned, Stats &stats) {
    ++stats.squashed_load_queue_writes;
    stats.squashed_returned_loads += returned;
    stats.squashed_store_queue_searches += port.searches(position);
    stats.squashed_cache_reads += port.cache_reads(position);
    stats.squashed_translations += port.cache_reads(position) != 0;
}

}  // namespace sim
