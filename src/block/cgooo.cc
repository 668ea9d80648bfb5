// SPDX-License-Identifier: BSD-3-Clause
#include "block/cgooo.hh"
#include <bit>
#include "block/block_functional.hh"
#include "core/sleep.hh"

namespace sim {
COMPONENT(CgOooCore, "Coarse-grain out-of-order core: block fetch, block windows with Skipahead issue, block commit.");

namespace {

void need(bool holds, const char *name, u64 value, const char *allowed) {
    if (!holds) throw ConfigError(std::string(name) + ": " + std::to_string(value) + " is out of range; " + allowed);
}

BlockLimits limits_of(const CgOooCore::Params &p) {
    BlockLimits l;
    l.instructions = p.max_block_instructions;
    l.loads = p.load_queue_entries;
    l.stores = p.store_queue_entries;
    l.global_writes = p.physical_registers - kRegisters;
    l.local_registers = p.local_registers;
    l.use_locals = p.use_locals;
    l.schedule = p.schedule;
    l.head_fixed_bytes = p.head_fixed_bytes;
    l.free_heads = p.free_heads;
    l.skippable_loads = p.skippable_loads;
    return l;
}

}  // namespace

CgOooCore::CgOooCore(const Params &p) : params_(p) {
    need(p.physical_registers > kRegisters && p.physical_registers <= 8192, "physical_registers", p.physical_registers,
         "65 (64 architectural and one more) to 8192");
    checked_limits(limits_of(p));
    for (auto [value, name] : {std::pair{p.fetch_width, "fetch_width"}, {p.dispatch_width, "dispatch_width"},
                               {p.blocks_per_cycle, "blocks_per_cycle"}, {p.commit_blocks, "commit_blocks"},
                               {p.rollback_blocks, "rollback_blocks"}})
        need(value >= 1 && value <= 32, name, value, "1 to 32");
    for (auto [value, name] : {std::pair{p.schedule_to_execute, "schedule_to_execute"},
                               {p.local_schedule_to_execute, "local_schedule_to_execute"},
                               {p.hit_latency, "hit_latency"}, {p.forward_latency, "forward_latency"},
                               {p.fetch_to_decode, "fetch_to_decode"}, {p.decode_to_schedule, "decode_to_schedule"}})
        need(value >= 1 && value <= 64, name, value, "1 to 64");
    need(p.windows >= 1 && p.windows <= 256, "windows", p.windows, "1 to 256");
    need(p.clusters >= 1 && p.clusters <= p.windows, "clusters", p.clusters, "1 to the number of windows");
    need(p.skipahead >= 1 && p.skipahead <= 64, "skipahead", p.skipahead, "1 to 64");
    need(p.brob_entries >= 1 && p.brob_entries <= 1024, "brob_entries", p.brob_entries, "1 to 1024");
    need(p.segments >= 1 && p.segments <= p.windows, "segments", p.segments, "1 to the number of windows");
    need(p.load_queue_entries <= 4096, "load_queue_entries", p.load_queue_entries, "1 to 4096");
    need(p.store_queue_entries <= 4096, "store_queue_entries", p.store_queue_entries, "1 to 4096");
    need(p.load_ports >= 1, "load_ports", p.load_ports, "at least 1");
    need(p.store_ports >= 1, "store_ports", p.store_ports, "at least 1");
    brob_mask_ = std::bit_ceil(p.brob_entries) - 1;
    brob_.resize(brob_mask_ + 1);
    code_.resize(brob_.size() * p.max_block_instructions);
    window_entry_.resize(p.windows);
    const u64 values = p.physical_registers + u64{p.windows} * p.local_registers;
    need(values < kNone, "windows x local_registers", values, "together with physical_registers below 65535");
    value_.resize(values);
    value_at_.resize(values);
    expected_at_.resize(values);
    readers_.resize(values);
    sleepers_.resize(values);
    writer_.assign(values, ~0u);
    free_.resize(p.segments);
}

void CgOooCore::start(const CoreStart &start) {
    start_ = start;
    hart_ = start.hart;
    memory_ = &start.environment->memory();
    decoded_ = std::make_unique<DecodeCache>(*memory_);
    compiler_ = std::make_unique<BlockCompiler>(*start.program, *memory_, *decoded_, limits_of(params_));
    BlockFetch::Wiring wiring{params_.l1i, params_.itlb, params_.predictor, params_.fetch_width, params_.blocks_per_cycle,
                              params_.fetch_to_decode, params_.decode_to_schedule, params_.fetch_queue_entries,
                              params_.ideal_icache, params_.predict_blocks};
    if (params_.oracle_disambiguation || params_.predictor->params().perfect) {
        const u64 blocks = params_.brob_entries + BlockFetch::capacity_of(wiring);
        oracle_ = std::make_unique<Oracle>(start, blocks * params_.max_block_instructions);
        wiring.oracle = oracle_.get();
    }
    front_ = std::make_unique<BlockFetch>(wiring, start, *compiler_);
    params_.predictor->set_capacity(params_.brob_entries + front_->capacity());
    if (start.check) checker_ = std::make_unique<Checker>(start, path);
    port_ = std::make_unique<DataPort>(
        DataPort::Wiring{params_.l1d, params_.dtlb, memory_, clock_, params_.load_ports, params_.store_ports,
                         params_.forward_latency, params_.speculate_memory || params_.oracle_disambiguation},
        *this, params_.load_queue_entries, params_.store_queue_entries);
    for (u32 c = 0; c < params_.clusters; ++c) pools_.emplace_back(*params_.units, params_.clusters);
    for (u16 w = 0; w < params_.windows; ++w) free_windows_.push_back(w);
    // Architectural names start spread over the segments, so that none begins full.
    u16 next = 0;
    for (unsigned r = 0; r < kRegisters; ++r) {
        map_[r] = u16(u64{r} * params_.physical_registers / kRegisters);
        value_[map_[r]] = hart_.reg[r];
    }
    for (u16 phys = 0; phys < params_.physical_registers; ++phys) {
        if (next < kRegisters && map_[next] == phys) ++next;
        else free_[segment_of(phys)].push_back(phys), ++free_count_;
    }
    committed_map_ = map_;
}

void CgOooCore::run(u64 instructions) {
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
    stats.fetched_instructions = front_->counts.instructions;
    stats.fetched_heads = front_->counts.heads;
    stats.fetch_line_reads = front_->counts.line_reads;
    stats.block_lookups = front_->counts.block_lookups;
    stats.decode_redirects = front_->counts.decode_redirects;
    stats.forwarded_loads = port_->counts.forwarded_loads;
    stats.load_retries = port_->counts.load_retries;
    stats.store_queue_searches = port_->counts.store_queue_searches;
    stats.squashed_heads = front_->counts.squashed_heads;
    copy_fetch_counts(front_->counts, stats);
    copy_queue_counts(*port_, stats);
    derive_counts();
    if (!precise_) publish_registers();
    hart_.cycle = clock.now;
}

void CgOooCore::tick(Cycle now) {
    ++stats.cycles;
    commit(now);
    if (!port_->queue.stores_empty()) progress_ |= port_->drain_stores(now);
    run_wheel(now);
    if (port_->loads_waiting()) progress_ |= port_->access_loads(now);
    issue(now);
    allocate(now);
    if (front_->wants_block()) unknown_block(now);
    if (!precise_) front_->tick(now);
    if (now - last_commit_ > 200'000) [[unlikely]] check_progress(now);
}

// Fetch stands before code that no block is known for. With nothing older in flight it is the correct path: compile.
void CgOooCore::unknown_block(Cycle now) {
    if (head_ != tail_ || precise_ || !front_->empty() || front_->pc() != hart_.pc) return;
    const Block *block = compiler_->compile(hart_.pc);
    progress_ = true;
    if (!block->faulted) return front_->block_made();
    if (!port_->drained()) return;
    const Decoded *d = decoded_->at(hart_.pc);
    call_environment(true, {}, d ? Fault::IllegalInstruction : Fault::FetchFault, hart_.pc, now);
}

void CgOooCore::sleep_until_woken() {
    const Cycle slept = sleep(*clock_, *start_.environment, hart_);
    stats.cycles += slept;
    slot_counter(stats, Slot::Asleep) += slept * params_.dispatch_width;
    take_interrupt(clock_->now);
}

void CgOooCore::skip_idle() {
    const Cycle from = clock_->now;
    Cycle to = std::min(clock_->next_event(), front_->next_work(from - 1));
    if (precise_) to = std::min(to, std::max(from, precise_next_));
    if (head_ != tail_) {
        const Brob &b = at(head_);
        if (b.block->special || b.wants_precise) to = from;
        else if (b.executed == b.block->code.size())
            for (u32 k = 0; k < b.executed; ++k) {
                const Cycle c = instruction(entry_of(b), k).complete;
                if (c != kNever && c >= from) to = std::min(to, c);
            }
    }
    if (rollback_until_ >= from) to = std::min(to, rollback_until_);
    if (port_->loads_waiting()) to = std::min(to, std::max(from, port_->next_load()));
    if (head_ == tail_ && front_->wants_block()) to = from;
    to = std::min(to, std::max(from, next_issue()));
    if (wheel_count_)
        for (Cycle c = from; c < std::min(to, from + kWheel); ++c)
            if (!wheel_[c % kWheel].empty()) {
                to = c;
                break;
            }
    to = std::min(to, last_commit_ + 200'001);
    if (to <= from || to == kNever) return;
    stats.cycles += to - from;
    slot_counter(stats, lost_to_) += (to - from) * params_.dispatch_width;
    clock_->now = to;
}

// First cycle in which a block may issue without any further event.
Cycle CgOooCore::next_issue() const {
    Cycle next = kNever;
    for (u64 s = head_; s != tail_; ++s)
        if (at(s).first != kNone && !at(s).wants_precise) next = std::min(next, at(s).sleep_until);
    return next;
}

void CgOooCore::release_window(Brob &b) {
    if (!b.windowed) return;
    b.windowed = false;
    free_windows_.push_back(u16(b.window));
    --busy_windows_;
}

// Searches for its result are told from how many windows hold blocks now.
inline void CgOooCore::count_squashed(const Brob &b, const Instruction &i) {
    const u16 local = u16(params_.physical_registers);
    u32 global_sources = 0, local_sources = 0;
    for (const Operand &o : i.source) global_sources += o.place < local;
    stats.squashed_renamed_sources += global_sources;
    const u32 attempts = i.attempt % kLives, issues = (attempts + 1) / 2;   // each issue but the last led to a replay
    if (!issues) return;
    for (const Operand &o : i.source) local_sources += o.place >= local && o.place != kNone;
    const u32 executions = attempts / 2 + i.executed;   // with missing operands, too
    stats.squashed_global_reads += global_sources * executions;
    stats.squashed_local_reads += local_sources * executions;
    ++stats.squashed_window_reads;
    (i.local_only ? stats.squashed_local_issues : stats.squashed_global_issues) += issues;
    params_.units->count_squashed(i.op_class, issues);
    const bool load = i.op_class == OpClass::Load, store = i.op_class == OpClass::Store;
    if (i.dest != kNone) {
        stats.squashed_head_buffer_searches += issues * searched_buffers(i.dest);
        const bool is_local = i.dest >= local, mine = !is_local || writer_[i.dest] == u32(&i - code_.data());
        const bool written = mine && value_at_[i.dest] != kNever && i.executed;
        if (is_local) (load ? stats.squashed_load_local_writes : stats.squashed_unit_local_writes) += written;
        else (load ? stats.squashed_load_global_writes : stats.squashed_unit_global_writes) += written;
    }
    if (!i.executed) return;
    ++stats.squashed_executions;
    if (load && i.accessed)
        count_squashed_load(*port_, b.load_base + i.code->memory_ordinal, i.complete != kNever, stats);
    if (store && i.accessed) {
        ++stats.squashed_store_queue_writes;
        ++stats.squashed_load_queue_searches;
        ++stats.squashed_translations;
    }
}

// What a squashed block had done until then.
void CgOooCore::count_squashed(const Brob &b) {
    const Block &block = *b.block;
    front_->count_squashed(b.fetched, true);
    for (u32 p = 0; p < b.dispatched; ++p) count_squashed(b, instruction(entry_of(b), p));
    if (block.special) return;
    stats.squashed_window_writes += b.dispatched;
}

// Undoes every block from `seq` on and fetches from `pc`. `resolved`: the predictor has been told already.
void CgOooCore::squash(u64 seq, Address pc, Cycle now, Bubble why, bool resolved) {
    progress_ = true;
    u64 ticket = front_->redirect(pc, now, why);
    if (oracle_) {
        const FetchedBlock *before = seq > head_ ? &at(seq - 1).fetched : nullptr;
        oracle_->fetch_from(before ? before->number + before->block->code.size() : hart_.committed);
    }
    u64 order = ~u64{0};
    for (u64 s = tail_; s-- > seq;) {
        Brob &b = at(s);
        const u32 entry = entry_of(b);
        if (s != carried_out_) count_squashed(b);
        for (u32 p = b.dispatched; p-- > 0;) {
            Instruction &i = instruction(entry, p);
            ++i.attempt;   // its events are void, also where no instruction takes its slot before they are due
            if (i.dest == kNone) continue;
            if (i.dest >= params_.physical_registers) {   // perhaps a load that its window did not wait for
                if (writer_[i.dest] != u32(&i - code_.data())) continue;
                value_at_[i.dest] = expected_at_[i.dest] = 0;
                writer_[i.dest] = ~0u;
                continue;
            }
            map_[i.code->rd] = i.old;
            free_[segment_of(i.dest)].push_back(i.dest);
            ++free_count_;
            ++stats.map_restores;
        }
        if (b.windowed)   // its local registers are free of pending writes and reads
            for (u32 l = 0; l < params_.local_registers; ++l) {
                const u32 place = params_.physical_registers + b.window * params_.local_registers + l;
                value_at_[place] = expected_at_[place] = 0;
                readers_[place] = 0;
                writer_[place] = ~0u;   // a late load of an earlier block writes no more
            }
        release_window(b);
        if (b.block->ends_in_control) ticket = b.fetched.ticket;
        if (b.block->special && !(b.block->code[0].d.op_class == OpClass::Csr && csr_is_float(u32(b.block->code[0].d.imm) & 0xfff)))
            --blocking_;
        stats.squashed_instructions += b.dispatched;
        stats.slots_squashed += b.dispatched;
        ++stats.squashed_blocks;
        if (start_.trace && s != carried_out_) trace_end(b, now, false);
        b.seq = 0;
        order = s << 8;
    }
    const u64 undone = tail_ - std::max(seq, head_);
    if (undone) {
        rollback_until_ = now + 1 + undone / params_.rollback_blocks;
        port_->squash(order);
    }
    tail_ = std::max(seq, head_);
    if (!resolved && ticket != ~u64{0}) params_.predictor->squash(ticket);
    if (seq <= head_) port_->forget_line();
}

void CgOooCore::publish_registers() {
    for (unsigned r = 0; r < kRegisters; ++r) hart_.reg[r] = value_[committed_map_[r]];
}

// With nothing in flight: hart_ is the truth.
void CgOooCore::adopt_registers(Cycle now) {
    for (unsigned r = 1; r < kRegisters; ++r) {
        value_[map_[r]] = hart_.reg[r];
        value_at_[map_[r]] = expected_at_[map_[r]] = now;
    }
    const u64 ticket = front_->redirect(hart_.pc, now, Bubble::Squash);
    if (oracle_) oracle_->fetch_from(hart_.committed);
    if (ticket != ~u64{0}) params_.predictor->squash(ticket);
}

void CgOooCore::check_progress(Cycle now) const {
    std::string text = path + ": nothing has committed for " + std::to_string(now - last_commit_) + " cycles. ";
    if (head_ == tail_) {
        text += "Nothing is in flight; fetch is at " + start_.program->where(front_->pc()) +
                (front_->wants_block() ? ", which no block is known for" : "") + "; free windows " +
                std::to_string(free_windows_.size()) + ", registers " + std::to_string(free_count_) + ", loads " +
                std::to_string(port_->queue.free_loads()) + ", stores " + std::to_string(port_->queue.free_stores()) +
                ", serialising blocks " + std::to_string(blocking_);
    } else {
        const Brob &b = at(head_);
        text += "Oldest: block #" + std::to_string(b.seq) + " at " + start_.program->where(b.block->start) + ", " +
                std::to_string(b.dispatched) + " of " + std::to_string(b.block->code.size()) + " dispatched, " +
                std::to_string(b.executed) + " executed";
        if (b.first != kNone) {
            const Instruction &i = instruction(entry_of(b), b.first);
            text += "; first unissued: " + disassemble(i.code->d, b.block->start + i.code->offset);
        }
    }
    throw SimulatorBug(text);
}

}  // namespace sim
