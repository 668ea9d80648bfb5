// SPDX-License-Identifier: BSD-3-Clause
#include "block/cgooo.hh"
#include <bit>
#include "block/block_functional.hh"

namespace sim {
COMPONENT(CgOooCore, "Coarse-grain out-of-order core: block fetch, block windows with Skipahead issue, block commit.");

namespace {

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

CgOooCore::CgOooCore(const Params &p) : params_(p), hit_latency_(counted_hit_latency(p.hit_latency, p.l1d)) {
    need(p.physical_registers > kRegisters && p.physical_registers <= 8192, "physical_registers", p.physical_registers,
         "65 (64 architectural and one more) to 8192");
    checked_limits(limits_of(p));
    for (auto [value, name] : {std::pair{p.fetch_width, "fetch_width"}, {p.dispatch_width, "dispatch_width"},
                               {p.blocks_per_cycle, "blocks_per_cycle"}, {p.commit_blocks, "commit_blocks"},
                               {p.rollback_blocks, "rollback_blocks"}})
        need(value >= 1 && value <= 32, name, value, "1 to 32");
    for (auto [value, name] : {std::pair{p.schedule_to_execute, "schedule_to_execute"},
                               {p.local_schedule_to_execute, "local_schedule_to_execute"},
                               {hit_latency_, "hit_latency"}, {p.forward_latency, "forward_latency"},
                               {p.fetch_to_decode, "fetch_to_decode"}, {p.decode_to_schedule, "decode_to_schedule"}})
        need(value >= 1 && value <= 64, name, value, "1 to 64");
    need(p.windows >= 1 && p.windows <= 256, "windows", p.windows, "1 to 256");
    need(p.clusters >= 1 && p.clusters <= p.windows, "clusters", p.clusters, "1 to the number of windows");
    need(p.skipahead >= 1 && p.skipahead <= 64, "skipahead", p.skipahead, "1 to 64");
    need(p.brob_entries >= 1 && p.brob_entries <= 1024, "brob_entries", p.brob_entries, "1 to 1024");
    need(p.segments >= 1 && p.segments <= p.windows, "segments", p.segments, "1 to the number of windows");
    need(p.far_register_delay <= 100, "far_register_delay", p.far_register_delay, "0 to 100");
    need(p.head_fixed_bytes <= 64, "head_fixed_bytes", p.head_fixed_bytes, "0 to 64");
    need(p.load_queue_entries <= 4096, "load_queue_entries", p.load_queue_entries, "1 to 4096");
    need(p.store_queue_entries <= 4096, "store_queue_entries", p.store_queue_entries, "1 to 4096");
    need(p.load_ports >= 1, "load_ports", p.load_ports, "at least 1");
    need(p.store_ports >= 1, "store_ports", p.store_ports, "at least 1");
    brob_mask_ = std::bit_ceil(p.brob_entries) - 1;
    brob_.resize(brob_mask_ + 1);
    instructions_.resize(brob_.size() * p.max_block_instructions);
    wake_at_.resize(brob_.size());
    window_entry_.resize(p.windows);
    for (u32 w = 0; w < p.windows; ++w) {
        segment_of_window_.push_back(u16(w * p.segments / p.windows));
        cluster_of_window_.push_back(u16(w * p.clusters / p.windows));
    }
    for (u32 r = 0; r < p.physical_registers; ++r)
        segment_of_register_.push_back(u16(r * p.segments / p.physical_registers));
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
    begin(start);
    compiler_ = std::make_unique<BlockCompiler>(*start.program, *memory_, *code_, limits_of(params_));
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
    connect(params_.load_queue_entries, params_.store_queue_entries, params_.speculate_memory || params_.oracle_disambiguation);
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
}

// Fetch stands before code that no block is known for. With nothing older in flight it is the correct path: compile.
void CgOooCore::unknown_block(Cycle now) {
    if (head_ != tail_ || precise_ || !front_->empty() || front_->pc() != hart_.pc) return;
    const Block *block = compiler_->compile(hart_.pc);
    progress_ = true;
    if (!block->faulted) return front_->block_made();
    if (!port_->drained()) return;
    const Decoded *d = code_->at(hart_.pc);
    call_environment(true, {}, d ? Fault::IllegalInstruction : Fault::FetchFault, hart_.pc, now);
}

Cycle CgOooCore::next_work(Cycle from, Cycle to) const {
    if (precise_) to = std::min(to, std::max(from, precise_next_));
    if (head_ != tail_) {
        const Brob &b = at(head_);
        if (b.block->special || b.wants_precise) return from;
        if (b.executed == b.block->code.size())
            for (u32 k = 0; k < b.executed; ++k) {
                const Cycle c = instruction(entry_of(b), k).complete;
                if (c != kNever && c >= from) to = std::min(to, c);
            }
    } else if (front_->wants_block()) {
        return from;
    }
    if (rollback_until_ >= from) to = std::min(to, rollback_until_);
    to = std::min(to, std::max(from, next_issue()));
    return wheel_.next(from, to);
}

// First cycle in which a block may issue without any further event.
Cycle CgOooCore::next_issue() const {
    Cycle next = kNever;
    for (u64 s = head_; s != tail_; ++s)
        if (at(s).first != kNone && !at(s).wants_precise) next = std::min(next, wake_at_[entry_of(at(s))]);
    return next;
}

void CgOooCore::release_window(Brob &b) {
    if (!b.windowed) return;
    b.windowed = false;
    free_windows_.push_back(u16(b.window));
    --busy_windows_;
}

std::string CgOooCore::oldest() const {
    if (head_ == tail_)
        return "Nothing is in flight; fetch is at " + start_.program->where(front_->pc()) +
               (front_->wants_block() ? ", which no block is known for" : "") + "; free windows " +
               std::to_string(free_windows_.size()) + ", registers " + std::to_string(free_count_) + ", loads " +
               std::to_string(port_->queue.free_loads()) + ", stores " + std::to_string(port_->queue.free_stores()) +
               ", serialising blocks " + std::to_string(blocking_);
    const Brob &b = at(head_);
    std::string text = "Oldest: block #" + std::to_string(b.seq) + " at " + start_.program->where(b.block->start) + ", " +
                       std::to_string(b.dispatched) + " of " + std::to_string(b.block->code.size()) + " dispatched, " +
                       std::to_string(b.executed) + " executed";
    if (b.first == kNone) return text;
    const Instruction &i = instruction(entry_of(b), b.first);
    return text + "; first unissued: " + disassemble(i.code->d, b.block->start + i.code->offset);
}

template class TimingCore<CgOooCore>;

}  // namespace sim
