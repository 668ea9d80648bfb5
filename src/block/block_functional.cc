// SPDX-License-Identifier: BSD-3-Clause
#include "block/block_functional.hh"
#include "block/report.hh"

namespace sim {
COMPONENT(BlockFunctionalCore, "Runs compiled blocks in scheduled order from local and global registers; no timing.");

namespace {

constexpr u64 kPoison = 0xdead'0bad'dead'0badull;

}  // namespace

BlockLimits checked_limits(BlockLimits l) {
    const auto need = [](bool holds, const char *name, u64 value, const char *allowed) {
        if (!holds) throw ConfigError(std::string(name) + ": " + std::to_string(value) + " is out of range; " + allowed);
    };
    need(l.instructions >= 1 && l.instructions <= 250, "max_block_instructions", l.instructions, "1 to 250");
    need(l.loads >= 1, "load_queue_entries", l.loads, "a block may hold a load, so at least 1");
    need(l.stores >= 1, "store_queue_entries", l.stores, "a block may hold a store, so at least 1");
    need(l.global_writes >= 1, "global_writes", l.global_writes, "a block may define a global register, so at least 1");
    need(l.local_registers <= 64, "local_registers", l.local_registers, "0 to 64");
    return l;
}

BlockFunctionalCore::BlockFunctionalCore(const Params &params) : params_(params) {
    checked_limits({params.max_block_instructions, params.load_queue_entries, params.store_queue_entries,
                    params.global_writes, params.local_registers});
}

void BlockFunctionalCore::start(const CoreStart &start) {
    start_ = start;
    hart_ = start.hart;
    GuestMemory &memory = start.environment->memory();
    code_ = std::make_unique<DecodeCache>(memory);
    BlockLimits limits{params_.max_block_instructions, params_.load_queue_entries, params_.store_queue_entries,
                       params_.global_writes, params_.local_registers, params_.use_locals, params_.schedule};
    compiler_ = std::make_unique<BlockCompiler>(*start.program, memory, *code_, limits);
    if (start.check) checker_ = std::make_unique<Checker>(start, path);
}

void BlockFunctionalCore::run(u64 instructions) {
    Environment &env = *start_.environment;
    const u64 first = hart_.committed;
    const u64 end = instructions > ~u64{0} - first ? ~u64{0} : first + instructions;
    while (!env.exited() && hart_.committed < end) {
        time_.advance(hart_, *clock_);
        if (env.asleep()) time_.sleep(hart_, *clock_, env);
        if (env.asleep() || hart_.committed >= env.next_interrupt()) {
            if (checker_) checker_->begin_environment(hart_, stale_);
            const Address pc = hart_.pc;
            env.interrupt(hart_);
            if (hart_.pc != pc) stale_ = 0;
            ++stats.environment_calls;
            if (checker_) checker_->end_environment(hart_);
            continue;
        }
        const Block &block = *compiler_->compile(hart_.pc);
        if (block.special) run_special(block);
        else if (exact_stop && hart_.committed + block.code.size() > end) run_precise(block.end, end - hart_.committed);
        else if (!run_block(block)) run_precise(block.end, ~u64{0});
    }
    time_.advance(hart_, *clock_);
    stats.committed_instructions = hart_.committed;
    stats.cycles = hart_.cycle;
}

u64 BlockFunctionalCore::read(u8 operand) {
    if (operand == kNoRegister) return 0;
    if (is_local(operand)) return ++stats.local_reads, local_[operand - kLocal];
    return ++stats.global_reads, global_[operand];
}

void BlockFunctionalCore::write(u8 operand, u64 value) {
    if (operand == kNoRegister) return;
    if (is_local(operand)) ++stats.local_writes, local_[operand - kLocal] = value;
    else ++stats.global_writes, global_[operand] = value;
}

bool BlockFunctionalCore::run_block(const Block &block) {
    if (block.reads & stale_) throw reads_lost_values(path, *start_.program, block, stale_);
    global_ = hart_.reg;
    if (params_.poison) local_.fill(kPoison);
    done_.resize(block.code.size());
    stores_.clear();
    const Stats before = stats;
    for (const BlockInstruction &i : block.code)
        if (!run_instruction(block, i)) {
            stats = before;
            return false;
        }
    finish_block(block);
    return true;
}

bool BlockFunctionalCore::run_instruction(const Block &block, const BlockInstruction &i) {
    const Decoded &d = i.d;
    Done &out = done_[i.original];
    out = Done{};
    Effect &e = out.effect;
    e.pc = block.start + i.offset;
    e.next = e.pc + d.length;
    const u8 rounding = d.uses_rounding ? effective_rounding(d, hart_.frm) : u8{0};
    if (rounding == 5) return false;
    const Operands x{read(i.rs1), read(i.rs2), read(i.rs3), u64(d.imm), e.pc, rounding};
    u64 value = 0;
    switch (d.op_class) {
        case OpClass::Load:
            e.address = x.rs1 + x.imm;
            if (!load(i, e)) return false;
            value = e.value;
            break;
        case OpClass::Store:
            e.address = x.rs1 + x.imm;
            if (!start_.environment->memory().allows(e.address, d.memory_bytes, kWrite)) return false;
            e.store_bytes = d.memory_bytes;
            e.store_value = d.memory_bytes == 8 ? x.rs2 : x.rs2 & ((u64{1} << (8 * d.memory_bytes)) - 1);
            stores_.push_back({e.address, e.store_value, i.original, d.memory_bytes});
            break;
        case OpClass::Branch:
            e.taken = d.meaning(x, out.flags);
            if (e.taken) e.next = d.target(e.pc);
            break;
        case OpClass::Jump:
        case OpClass::JumpRegister:
            value = e.next;
            e.next = d.meaning(x, out.flags);
            break;
        default: value = d.meaning(x, out.flags);
    }
    if (i.rd != kNoRegister) {
        e.rd = d.rd;
        e.value = value;
        write(i.rd, value);
    }
    return true;
}

// Bytes come from the block's older stores where they have them, else from memory.
bool BlockFunctionalCore::load(const BlockInstruction &i, Effect &e) {
    GuestMemory &memory = start_.environment->memory();
    const unsigned bytes = i.d.memory_bytes;
    if (!memory.allows(e.address, bytes, kRead)) return false;
    u64 raw = memory.load(e.address, bytes);
    std::array<u16, 8> from{};   // program position of the store that gave each byte, + 1
    for (const PendingStore &s : stores_) {
        if (s.original > i.original) continue;
        for (unsigned b = 0; b < bytes; ++b) {
            const Address at = e.address + b;
            if (at < s.address || at >= s.address + s.bytes || from[b] > s.original) continue;
            from[b] = u16(s.original + 1);
            raw = (raw & ~(u64{255} << (8 * b))) | (s.value >> (8 * (at - s.address)) & 255) << (8 * b);
        }
    }
    e.value = extend(raw, bytes, i.d.extend);
    return true;
}

void BlockFunctionalCore::finish_block(const Block &block) {
    GuestMemory &memory = start_.environment->memory();
    hart_.reg = global_;
    for (const Done &d : done_) {
        const Effect &e = d.effect;
        if (e.store_bytes) memory.store(e.address, e.store_bytes, e.store_value);
        hart_.fflags |= d.flags;
        hart_.pc = e.next;
        ++hart_.committed;
        if (checker_) checker_->committed(e, hart_.fflags, hart_.cycle);
    }
    stale_ = (stale_ & ~block.written) | block.left_stale;
    if (params_.poison)
        for (unsigned r = 1; r < kRegisters; ++r)
            if (block.left_stale >> r & 1) hart_.reg[r] = kPoison;
    ++stats.committed_blocks;
    if (block.everything_live) stats.run_time_block_instructions += block.code.size();
}

// Original instructions in program order, each to architectural registers, up to `end` or a fault.
void BlockFunctionalCore::run_precise(Address end, u64 most) {
    ++stats.precise_blocks;
    for (u64 n = 0; n < most && hart_.pc != end; ++n) {
        Effect e;
        const Address pc = hart_.pc;
        time_.advance(hart_, *clock_);
        const Step result = step(hart_, start_.environment->memory(), *code_, e);
        if (result.end == StepEnd::Faulted) return environment(true, {}, result.fault, result.fault_address);
        if (result.end == StepEnd::System) return;   // code under our feet changed: its own block now
        if (e.rd != kNoRegister) stale_ &= ~set_of(e.rd);
        if (checker_) checker_->committed(e, hart_.fflags, hart_.cycle);
        if (e.next < pc || e.next > end) return;
    }
}

void BlockFunctionalCore::run_special(const Block &block) {
    const Decoded *d = code_->at(hart_.pc);
    if (!d || DecodeCache::is_illegal(*d))
        return environment(true, {}, d ? Fault::IllegalInstruction : Fault::FetchFault, hart_.pc);
    ++stats.committed_blocks;
    if (block.everything_live) ++stats.run_time_block_instructions;
    if (d->op_class < OpClass::Csr) return run_precise(block.end, 1);   // atomics
    const Decoded copy = *d;
    Effect e;
    if (copy.op_class == OpClass::Csr) {
        Hart trial = hart_;
        if (!execute_csr(trial, copy, e)) return environment(false, copy, Fault::IllegalInstruction, hart_.pc);
        hart_ = trial;
        stale_ &= ~set_of(copy.rd);
    } else if (copy.op_class != OpClass::System) {
        execute_system(hart_, copy, *start_.environment, e);
    } else {
        return environment(false, copy, Fault::IllegalInstruction, hart_.pc);
    }
    if (checker_) checker_->committed(e, hart_.fflags, hart_.cycle);
}

void BlockFunctionalCore::environment(bool faulted, const Decoded &d, Fault fault, Address address) {
    ++stats.environment_calls;
    if (checker_) checker_->begin_environment(hart_, stale_);
    const Address next = hart_.pc + d.length;
    Effect e;
    if (faulted) start_.environment->fault(hart_, fault, address);
    else execute_system(hart_, d, *start_.environment, e);
    stale_ &= ~set_of(kA0);
    if (faulted || hart_.pc != next) stale_ = 0;   // a handler, a restored context, another thread: other registers
    if (checker_) checker_->end_environment(hart_);
}

}  // namespace sim
