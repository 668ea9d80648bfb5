// SPDX-License-Identifier: BSD-3-Clause
#include "ooo/ooo.hh"
#include <bit>
#include <numeric>
#include "core/sleep.hh"

namespace sim {
COMPONENT(OutOfOrderCore, "Out-of-order core: renames, schedules with speculative wake-up, commits in order.");

namespace {

void need(bool holds, const char *name, u64 value, const char *allowed) {
    if (!holds) throw ConfigError(std::string(name) + ": " + std::to_string(value) + " is out of range; " + allowed);
}

}  // namespace

OutOfOrderCore::OutOfOrderCore(const Params &p)
    : params_(p), rob_mask_(std::bit_ceil(u64{p.rob_entries}) - 1) {
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
    need(p.hit_latency >= 1 && p.hit_latency <= 64, "hit_latency", p.hit_latency, "1 to 64");
    need(p.forward_latency >= 1 && p.forward_latency <= 64, "forward_latency", p.forward_latency, "1 to 64");
    need(p.load_queue_entries >= 1 && p.load_queue_entries <= 4096, "load_queue_entries", p.load_queue_entries, "1 to 4096");
    need(p.store_queue_entries >= 1 && p.store_queue_entries <= 4096, "store_queue_entries", p.store_queue_entries, "1 to 4096");
    need(p.load_ports >= 1, "load_ports", p.load_ports, "at least 1");
    need(p.store_ports >= 1, "store_ports", p.store_ports, "at least 1");
    need(p.taken_per_cycle >= 1, "taken_per_cycle", p.taken_per_cycle, "at least 1");
    need(p.fetch_queue_entries >= 1, "fetch_queue_entries", p.fetch_queue_entries, "at least 1");
    words_ = u32((rob_mask_ + 64) / 64);
    rob_.resize(rob_mask_ + 1);
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
    start_ = start;
    hart_ = start.hart;
    memory_ = &start.environment->memory();
    code_ = std::make_unique<DecodeCache>(*memory_);
    FrontEnd::Wiring wiring{params_.l1i, params_.itlb, params_.predictor, params_.fetch_width, params_.fetch_to_decode,
                            params_.decode_to_schedule, params_.fetch_queue_entries, params_.taken_per_cycle};
    if (params_.oracle_disambiguation || params_.predictor->params().perfect) {
        oracle_ = std::make_unique<Oracle>(start, params_.rob_entries + FrontEnd::capacity_of(wiring));
        wiring.oracle = oracle_.get();
    }
    front_ = std::make_unique<FrontEnd>(wiring, start, *code_);
    params_.predictor->set_capacity(params_.rob_entries + front_->capacity());
    if (start.check) checker_ = std::make_unique<Checker>(start, path);
    pool_ = std::make_unique<UnitPool>(*params_.units);
    port_ = std::make_unique<DataPort>(
        DataPort::Wiring{params_.l1d, params_.dtlb, memory_, clock_, params_.load_ports, params_.store_ports,
                         params_.forward_latency, params_.speculate_memory || params_.oracle_disambiguation},
        *this, params_.load_queue_entries, params_.store_queue_entries);
    std::iota(map_.begin(), map_.end(), u16{0});
    committed_map_ = map_;
    for (unsigned r = 0; r < kRegisters; ++r) value_[r] = hart_.reg[r];
    for (u32 r = params_.physical_registers; r-- > kRegisters;) free_.push_back(u16(r));
}

void OutOfOrderCore::run(u64 instructions) {
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
    derive_counts();
    publish_registers();
    hart_.cycle = clock.now;
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
    if (now - last_commit_ > 200'000) [[unlikely]] check_progress(now);
}

void OutOfOrderCore::sleep_until_woken() {
    const Cycle slept = sleep(*clock_, *start_.environment, hart_);
    stats.cycles += slept;
    slot_counter(stats, Slot::Asleep) += slept * params_.dispatch_width;
    take_interrupt(clock_->now);
}

// Nothing changed in the cycle before: jumps to the next one in which something can.
void OutOfOrderCore::skip_idle() {
    const Cycle from = clock_->now;
    Cycle to = std::min(clock_->next_event(), front_->next_work(from - 1));
    if (head_ != tail_) {
        const Cycle complete = slot_of_seq(head_).complete;
        if (complete >= from) to = std::min(to, complete);
        if (slot_of_seq(head_).special) to = from;
    }
    if (port_->loads_waiting()) to = std::min(to, std::max(from, port_->next_load()));
    if (wheel_count_)
        for (Cycle c = from; c < std::min(to, from + kWheel); ++c)
            if (!wheel_[c % kWheel].empty()) {
                to = c;
                break;
            }
    to = std::min(to, last_commit_ + 200'001);
    if (to <= from || to == kNever) return;
    stats.cycles += to - from;
    slot_counter(stats, lost_to_) += (to - from) * lost_;
    clock_->now = to;
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

// Undoes everything from `seq` on and fetches from `pc`. `resolved`: the predictor has been told already.
void OutOfOrderCore::squash(u64 seq, Address pc, Cycle now, Bubble why, bool resolved) {
    progress_ = true;
    u64 ticket = front_->redirect(pc, now, why);
    if (oracle_) oracle_->fetch_from(number(std::max(seq, head_)));
    for (u64 s = tail_; s-- > seq;) {
        Inflight &i = slot_of_seq(s);
        const u32 slot = u32(s & rob_mask_);
        if (s != carried_out_) count_squashed(i);
        if (i.is_control) ticket = i.ticket;
        if (i.dest != kNone) {
            map_[i.d.rd] = i.old;
            free_.push_back(i.dest);
            ++stats.map_restores;
        }
        if (i.scheduled) --scheduled_[i.queue];
        if (i.blocks) --blocking_;
        ready_[slot / 64] &= ~(u64{1} << (slot % 64));
        i.seq = 0;
        ++stats.squashed_instructions;
        ++stats.slots_squashed;
        if (start_.trace && s != carried_out_) trace_end(i, now, false);
    }
    tail_ = std::max(seq, head_);
    port_->squash(seq);
    if (!resolved && ticket != ~u64{0}) params_.predictor->squash(ticket);
    if (seq <= head_) port_->forget_line();
}

void OutOfOrderCore::publish_registers() {
    for (unsigned r = 0; r < kRegisters; ++r) hart_.reg[r] = value_[committed_map_[r]];
}

// After an environment call with nothing in flight: its registers and pc are the truth.
void OutOfOrderCore::adopt_registers(Cycle now) {
    for (unsigned r = 1; r < kRegisters; ++r) {
        value_[map_[r]] = hart_.reg[r];
        value_at_[map_[r]] = now;
        awake_[map_[r]] = 1;
    }
    if (checker_) checker_->end_environment(hart_);
    if (oracle_) oracle_->end_environment(hart_);
    front_->redirect(hart_.pc, now, Bubble::Squash);
}

void OutOfOrderCore::check_progress(Cycle now) const {
    std::string text = path + ": nothing has committed for " + std::to_string(now - last_commit_) + " cycles. ";
    if (head_ == tail_) {
        text += "Nothing is in flight; fetch is at " + start_.program->where(hart_.pc);
    } else {
        const Inflight &i = rob_[head_ & rob_mask_];
        text += "Oldest: #" + std::to_string(i.seq) + " " + disassemble(i.d, i.pc) + " at " +
                start_.program->where(i.pc) + ", operands waiting: " + std::to_string(i.waiting) + ", issued " +
                std::to_string((i.attempt % kLives + 1) / 2) + " times" + (i.missed ? ", waits for data from beyond the L1" : "");
    }
    throw SimulatorBug(text);
}

}  // namespace sim
