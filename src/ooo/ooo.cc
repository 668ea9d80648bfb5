// SPDX-License-Identifier: BSD-3-Clause
#include "ooo/ooo.hh"
#include <bit>
#include <numeric>

namespace sim {
COMPONENT(OutOfOrderCore, "Out-of-order core: renames, schedules with speculative wake-up, commits in order.");

OutOfOrderCore::OutOfOrderCore(const Params &p)
    : params_(p), hit_latency_(counted_hit_latency(p.hit_latency, p.l1d)), mask_(std::bit_ceil(u64{p.rob_entries}) - 1) {
    for (auto [value, name] : {std::pair{p.fetch_width, "fetch_width"}, {p.dispatch_width, "dispatch_width"},
                               {p.issue_width, "issue_width"}, {p.commit_width, "commit_width"}})
        need(value >= 1 && value <= 32, name, value, "1 to 32");
    need(p.rob_entries >= 1 && p.rob_entries <= 2048, "rob_entries", p.rob_entries, "1 to 2048");
    need(p.scheduler_entries >= 1, "scheduler_entries", p.scheduler_entries, "at least 1");
    need(p.physical_registers > kRegisters && p.physical_registers < kNone, "physical_registers",
         p.physical_registers, "65 (64 architectural and one more) to 65534");
    need(p.schedule_to_execute >= 1 && p.schedule_to_execute <= 32, "schedule_to_execute", p.schedule_to_execute, "1 to 32");
    need(p.fetch_to_decode >= 1 && p.fetch_to_decode <= 64, "fetch_to_decode", p.fetch_to_decode, "1 to 64");
    need(p.decode_to_schedule >= 1 && p.decode_to_schedule <= 64, "decode_to_schedule", p.decode_to_schedule, "1 to 64");
    need(hit_latency_ <= 64, "hit_latency", hit_latency_, "1 to 64, or 0 for the l1d's own, which must not be longer");
    need(p.forward_latency >= 1 && p.forward_latency <= 64, "forward_latency", p.forward_latency, "1 to 64");
    need(p.load_queue_entries >= 1 && p.load_queue_entries <= 4096, "load_queue_entries", p.load_queue_entries, "1 to 4096");
    need(p.store_queue_entries >= 1 && p.store_queue_entries <= 4096, "store_queue_entries", p.store_queue_entries, "1 to 4096");
    need(p.load_ports >= 1, "load_ports", p.load_ports, "at least 1");
    need(p.store_ports >= 1, "store_ports", p.store_ports, "at least 1");
    need(p.taken_per_cycle >= 1, "taken_per_cycle", p.taken_per_cycle, "at least 1");
    need(p.fetch_queue_entries >= 1, "fetch_queue_entries", p.fetch_queue_entries, "at least 1");
    words_ = u32((mask_ + 64) / 64);
    ring_.resize(mask_ + 1);
    ready_.resize(words_);
    const u32 registers = p.physical_registers;
    value_.resize(registers);
    value_at_.assign(registers, 0);
    awake_.assign(registers, 1);
    waiters_.resize(u64{registers} * words_);
    scheduler_entries_ = {p.scheduler_entries, p.memory_scheduler_entries ? p.memory_scheduler_entries : p.scheduler_entries,
                          p.float_scheduler_entries ? p.float_scheduler_entries : p.scheduler_entries};
}

void OutOfOrderCore::start(const CoreStart &start) {
    make_parts(start, params_.rob_entries, params_.oracle_disambiguation);
    pool_ = std::make_unique<UnitPool>(*params_.units);
    connect(params_.load_queue_entries, params_.store_queue_entries, params_.speculate_memory || params_.oracle_disambiguation);
    std::iota(map_.begin(), map_.end(), u16{0});
    committed_map_ = map_;
    for (unsigned r = 0; r < kRegisters; ++r) value_[r] = hart_.reg[r];
    for (u32 r = params_.physical_registers; r-- > kRegisters;) free_.push_back(u16(r));
}

// Oldest stages first, so that what one frees another may use in the next cycle.
void OutOfOrderCore::tick(Cycle now) {
    ++stats.cycles;
    commit(now);
    if (!port_->queue.stores_empty()) progress_ |= port_->drain_stores(now);
    run_wheel(now);
    if (port_->loads_waiting()) progress_ |= port_->access_loads(now);
    issue(now);
    dispatch(now);
    front_->tick(now);
}

Cycle OutOfOrderCore::next_work(Cycle from, Cycle to) const {
    if (head_ != tail_) {
        if (at(head_).special) return from;
        if (at(head_).complete >= from) to = std::min(to, at(head_).complete);
    }
    return wheel_.next(from, to);
}

// What a squashed instruction had done until then.
inline void OutOfOrderCore::count_squashed(const Inflight &i) {
    if (i.fetch_reads) front_->count_squashed(i.fetch_reads);
    u32 sources = 0;
    for (u16 source : i.source) sources += source != kNone;
    stats.squashed_renamed_sources += sources;
    const u32 issues = (i.attempt % kLives + 1) / 2;   // each but the last was followed by a replay
    const bool executed = issues && !i.scheduled, accessed = executed && !i.faulted && !i.device;
    stats.squashed_scheduler_writes += i.scheduled || executed;
    if (!issues) return;
    stats.squashed_issues += issues;
    stats.squashed_executions += executed;
    stats.squashed_register_reads += i.early_reads + (executed ? sources : 0);
    params_.units->count_squashed(i.d.op_class, issues);
    const bool load = i.d.op_class == OpClass::Load;
    if (load && accessed) count_squashed_load(*port_, i.position, i.complete != kNever, stats);
    if (i.dest == kNone) {
        if (!accessed || i.d.op_class != OpClass::Store) return;
        ++stats.squashed_store_queue_writes;
        ++stats.squashed_load_queue_searches;
        ++stats.squashed_translations;
        return;
    }
    stats.squashed_wakeups += awake_[i.dest];
    if (value_at_[i.dest] != kNever) ++(load ? stats.squashed_load_writes : stats.squashed_unit_writes);
}

inline void OutOfOrderCore::undo(Inflight &i) {
    const u32 slot = u32(i.seq & mask_);
    if (i.dest != kNone) {
        map_[i.d.rd] = i.old;
        free_.push_back(i.dest);
        ++stats.map_restores;
    }
    if (i.scheduled) --scheduled_[i.queue];
    if (i.blocks) --blocking_;
    ready_[slot / 64] &= ~(u64{1} << (slot % 64));
    i.seq = 0;
    ++i.attempt;   // its events are void
}

std::string OutOfOrderCore::state_of(const Inflight &i) const {
    return "operands waiting: " + std::to_string(i.waiting) + ", issued " + std::to_string((i.attempt % kLives + 1) / 2) +
           " times";
}

template class TimingCore<OutOfOrderCore>;
template class InstructionCore<OutOfOrderCore>;

}  // namespace sim
