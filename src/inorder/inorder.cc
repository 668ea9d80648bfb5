// SPDX-License-Identifier: BSD-3-Clause
#include "inorder/inorder.hh"
#include <bit>

namespace sim {
COMPONENT(InOrderCore, "In-order core: issues in program order, stalls on the use of what is not there yet.");

InOrderCore::InOrderCore(const Params &p) : params_(p) {
    need_range("fetch_width", p.fetch_width, 1, 32);
    need_range("dispatch_width", p.dispatch_width, 1, 32);
    need_range("issue_width", p.issue_width, 1, 32);
    need_range("commit_width", p.commit_width, 1, 32);
    need_range("fetch_to_decode", p.fetch_to_decode, 1, 64);
    need_range("decode_to_schedule", p.decode_to_schedule, 1, 64);
    need_range("schedule_to_execute", p.schedule_to_execute, 1, 32);
    need_range("fetch_queue_entries", p.fetch_queue_entries, 1, 1024);
    need_range("taken_per_cycle", p.taken_per_cycle, 1, 32);
    need_range("issue_queue_entries", p.issue_queue_entries, 1, 1024);
    need_range("in_flight_entries", p.in_flight_entries, 1, 1024);
    need_range("store_buffer_entries", p.store_buffer_entries, 1, 1024);
    need_range("load_ports", p.load_ports, 1, 32);
    need_range("store_ports", p.store_ports, 1, 32);
    need_range("forward_latency", p.forward_latency, 1, 64);
    ring_.resize(std::bit_ceil(u64{p.issue_queue_entries} + p.in_flight_entries));
    mask_ = ring_.size() - 1;
}

void InOrderCore::start(const CoreStart &start) {
    make_parts(start, u32(ring_.size()), false);
    pool_ = std::make_unique<UnitPool>(*params_.units);
    connect(params_.in_flight_entries, params_.store_buffer_entries, true);
}

// Oldest stages first. Dispatch before issue: what arrives at the issue queue may leave it in the same cycle.
void InOrderCore::tick(Cycle now) {
    ++stats.cycles;
    commit(now);
    if (!port_->queue.stores_empty()) progress_ |= port_->drain_stores(now);
    execute(now);
    if (port_->loads_waiting()) progress_ |= port_->access_loads(now);
    dispatch(now);
    issue(now);
    front_->tick(now);
}

Cycle InOrderCore::next_work(Cycle from, Cycle to) const {
    if (issue_at_ >= from) to = std::min(to, issue_at_);
    if (head_ != tail_ && at(head_).complete >= from) to = std::min(to, at(head_).complete);
    if (execute_ != issue_) to = std::min(to, at(execute_).issued + params_.schedule_to_execute);
    return to;
}

// What a squashed instruction had done until then.
inline void InOrderCore::count_squashed(const Inflight &i) {
    if (i.fetch_reads) front_->count_squashed(i.fetch_reads);
    if (i.special || i.seq >= issue_) return;
    ++stats.squashed_issues;
    params_.units->count_squashed(i.d.op_class, 1);
    if (i.seq >= execute_) return;
    ++stats.squashed_executions;
    const u8 names[3] = {i.d.rs1, i.d.rs2, i.d.rs3};
    for (unsigned k = 0; k < 3; ++k)
        if (names[k] != kNoRegister) ++(i.source[k] ? stats.squashed_bypassed_operands : stats.squashed_register_reads);
    const bool accessed = !i.faulted && !i.device, returned = i.value_at != kNever;
    const bool writes = i.d.rd != kNoRegister;
    if (i.d.op_class == OpClass::Load) {
        if (accessed) count_squashed_load(*port_, i.position, returned, stats);
        stats.squashed_load_writes += writes && returned;
    } else if (i.d.op_class == OpClass::Store) {
        stats.squashed_store_queue_writes += accessed;
        stats.squashed_translations += accessed;
    } else {
        stats.squashed_unit_writes += writes;
    }
}

inline void InOrderCore::undo(const Inflight &i) {
    if (i.seq < issue_ && i.d.rd != kNoRegister) writer_[i.d.rd] = i.old;
    issue_ = std::min(issue_, i.seq);
    execute_ = std::min(execute_, i.seq);
    issue_at_ = 0;
}

template class TimingCore<InOrderCore>;
template class InstructionCore<InOrderCore>;

}  // namespace sim
