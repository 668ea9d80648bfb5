// SPDX-License-Identifier: BSD-3-Clause
#include "inorder/inorder.hh"
#include <bit>
#include "core/sleep.hh"

namespace sim {
COMPONENT(InOrderCore, "In-order core: issues in program order, stalls on the use of what is not there yet.");

namespace {

void need(const char *name, u32 value, u32 most) {
    if (value < 1 || value > most)
        throw ConfigError(std::string(name) + ": " + std::to_string(value) + " is out of range; 1 to " +
                          std::to_string(most) + " are possible");
}

constexpr Cycle kPatience = 200'000;   // cycles without a commit that no legal machine needs

}  // namespace

InOrderCore::InOrderCore(const Params &p) : params_(p) {
    need("fetch_width", p.fetch_width, 32);
    need("dispatch_width", p.dispatch_width, 32);
    need("issue_width", p.issue_width, 32);
    need("commit_width", p.commit_width, 32);
    need("fetch_to_decode", p.fetch_to_decode, 64);
    need("decode_to_schedule", p.decode_to_schedule, 64);
    need("schedule_to_execute", p.schedule_to_execute, 32);
    need("fetch_queue_entries", p.fetch_queue_entries, 1024);
    need("taken_per_cycle", p.taken_per_cycle, 32);
    need("issue_queue_entries", p.issue_queue_entries, 1024);
    need("in_flight_entries", p.in_flight_entries, 1024);
    need("store_buffer_entries", p.store_buffer_entries, 1024);
    need("load_ports", p.load_ports, 32);
    need("store_ports", p.store_ports, 32);
    need("forward_latency", p.forward_latency, 64);
    ring_.resize(std::bit_ceil(u64{p.issue_queue_entries} + p.in_flight_entries));
    mask_ = ring_.size() - 1;
}

void InOrderCore::start(const CoreStart &start) {
    start_ = start;
    hart_ = start.hart;
    memory_ = &start.environment->memory();
    code_ = std::make_unique<DecodeCache>(*memory_);
    FrontEnd::Wiring wiring{params_.l1i,
                            params_.itlb,
                            params_.predictor,
                            params_.fetch_width,
                            params_.fetch_to_decode,
                            params_.decode_to_schedule,
                            params_.fetch_queue_entries,
                            params_.taken_per_cycle};
    if (params_.predictor->params().perfect) {
        oracle_ = std::make_unique<Oracle>(start, ring_.size() + FrontEnd::capacity_of(wiring));
        wiring.oracle = oracle_.get();
    }
    front_ = std::make_unique<FrontEnd>(wiring, start, *code_);
    params_.predictor->set_capacity(u32(ring_.size()) + front_->capacity());
    if (start.check) checker_ = std::make_unique<Checker>(start, path);
    pool_ = std::make_unique<UnitPool>(*params_.units);
    const DataPort::Wiring data{params_.l1d,
                                params_.dtlb,
                                memory_,
                                clock_,
                                params_.load_ports,
                                params_.store_ports,
                                params_.forward_latency,
                                true};
    port_ = std::make_unique<DataPort>(data, *this, params_.in_flight_entries, params_.store_buffer_entries);
}

void InOrderCore::run(u64 instructions) {
    Clock &clock = *clock_;
    stop_at_ = instructions > ~u64{0} - hart_.committed ? ~u64{0} : hart_.committed + instructions;
    while (!start_.environment->exited() && hart_.committed < stop_at_) {
        while (start_.environment->asleep()) [[unlikely]] sleep_until_woken();
        progress_ = false;
        clock.run_due();
        tick(clock.now);
        ++clock.now;
        if (!progress_) skip_idle();
    }
    stats.fetched_instructions = front_->counts.fetched_instructions;
    stats.fetch_line_reads = front_->counts.line_reads;
    stats.decode_redirects = front_->counts.decode_redirects;
    stats.forwarded_loads = port_->counts.forwarded_loads;
    stats.load_retries = port_->counts.load_retries;
    stats.store_queue_searches = port_->counts.store_queue_searches;
    copy_fetch_counts(front_->counts, stats);
    copy_queue_counts(*port_, stats);
    params_.units->derive_counts();
    hart_.cycle = clock.now;
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
    if (now - last_commit_ > kPatience) [[unlikely]] check_progress(now);
}

void InOrderCore::sleep_until_woken() {
    const Cycle slept = sleep(*clock_, *start_.environment, hart_);
    stats.cycles += slept;
    slot_counter(stats, Slot::Asleep) += slept * params_.dispatch_width;
    take_interrupt(clock_->now);
}

// Nothing changed in the cycle before: jumps to the next one in which something can.
void InOrderCore::skip_idle() {
    const Cycle from = clock_->now;
    Cycle to = std::min({clock_->next_event(), front_->next_work(from - 1), last_commit_ + kPatience + 1});
    if (issue_at_ >= from) to = std::min(to, issue_at_);
    if (head_ != tail_ && at(head_).complete >= from) to = std::min(to, at(head_).complete);
    if (execute_ != issue_) to = std::min(to, at(execute_).issued + params_.schedule_to_execute);
    if (port_->loads_waiting()) to = std::min(to, std::max(from, port_->next_load()));
    if (to <= from || to == kNever) return;
    stats.cycles += to - from;
    slot_counter(stats, lost_to(from)) += (to - from) * params_.dispatch_width;
    clock_->now = to;
}

// Undoes everything from `seq` on and fetches from `pc`. `resolved`: the predictor has been told already.
void InOrderCore::squash(u64 seq, Address pc, Cycle now, Bubble why, bool resolved) {
    progress_ = true;
    u64 ticket = front_->redirect(pc, now, why);
    if (oracle_) oracle_->fetch_from(number(seq));
    for (u64 s = tail_; s-- > seq;) {
        const Inflight &i = at(s);
        if (s != carried_out_) count_squashed(i);
        if (i.is_control) ticket = i.ticket;
        if (s < issue_ && i.d.rd != kNoRegister) writer_[i.d.rd] = i.old;
        ++stats.squashed_instructions;
        ++stats.slots_squashed;
        if (start_.trace && s != carried_out_) trace_end(i, now, false);
    }
    tail_ = seq;
    issue_ = std::min(issue_, seq);
    issue_at_ = 0;
    execute_ = std::min(execute_, seq);
    port_->squash(seq);
    if (!resolved && ticket != ~u64{0}) params_.predictor->squash(ticket);
    if (seq == head_) port_->forget_line();
}

void InOrderCore::check_progress(Cycle now) const {
    std::string text =
        path + ": nothing has committed for " + std::to_string(now - last_commit_) + " cycles. ";
    if (head_ == tail_) {
        text += "Nothing is in flight; fetch is at " + start_.program->where(hart_.pc);
    } else {
        const Inflight &i = at(head_);
        text += "Oldest: #" + std::to_string(i.seq) + " " + disassemble(i.d, i.pc) + " at " +
                start_.program->where(i.pc) + (head_ == issue_ ? ", not issued" : ", issued") +
                (i.missed ? ", waits for data from beyond the L1" : "") + ", stores not written: " +
                std::to_string(port_->queue.store_tail() - port_->queue.store_head());
    }
    throw SimulatorBug(text);
}

}  // namespace sim
