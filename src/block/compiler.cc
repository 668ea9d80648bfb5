// SPDX-License-Identifier: BSD-3-Clause
#include "block/compiler.hh"
#include <algorithm>

namespace sim {
namespace {

unsigned operand_fields(const Decoded &d) {
    return (d.rd != kNoRegister) + (d.rs1 != kNoRegister) + (d.rs2 != kNoRegister) + (d.rs3 != kNoRegister);
}

u32 head_size(const BlockLimits &limits, u32 fields) {
    return limits.free_heads ? 0 : (limits.head_fixed_bytes + (fields + 7) / 8 + 1) & ~1u;
}

}  // namespace

BlockCompiler::BlockCompiler(const Program &program, GuestMemory &memory, DecodeCache &code, const BlockLimits &limits)
    : limits_(limits), memory_(memory), code_(code), flow_(program, memory, code, limits.skippable_loads),
      pages_(static_cast<Page **>(std::calloc(GuestMemory::kSize >> GuestMemory::kPageBits, sizeof(Page *)))) {
    if (!pages_) throw std::bad_alloc();
    memory_.add_code_listener(*this);
    lay_out();
}

// Gives every block of the analysed code its place in the laid-out code, in program order.
void BlockCompiler::lay_out() {
    Address at = kLayoutBase;
    const auto &nodes = flow_.nodes();
    for (u32 n = 0; n < nodes.size(); ++n) {
        if (nodes[n].how == ControlFlow::End::Invalid) continue;
        for (Address start = nodes[n].start; start < nodes[n].end;) {
            u32 head_bytes = 0;
            const Address end = cut(start, head_bytes);
            if (end == start) break;
            placed_.push_back({start, end, at, head_bytes, n});
            at += head_bytes + (end - start);
            start = end;
        }
    }
}

// Blocks end at transfers, before serialising instructions, at leaders, and where the machine is full.
Address BlockCompiler::cut(Address start, u32 &head_bytes) const {
    u32 instructions = 0, loads = 0, stores = 0, writes = 0, fields = 0;
    Address pc = start;
    while (true) {
        const Decoded *d = code_.at(pc);
        if (!d || DecodeCache::is_illegal(*d)) break;
        if (pc != start && (flow_.is_leader(pc) || d->is_serializing())) break;
        const bool load = d->op_class == OpClass::Load, store = d->op_class == OpClass::Store;
        if (instructions + 1 > limits_.instructions || loads + load > limits_.loads || stores + store > limits_.stores ||
            writes + (d->rd != kNoRegister) > limits_.global_writes)
            break;
        ++instructions, loads += load, stores += store, writes += d->rd != kNoRegister;
        fields += operand_fields(*d);
        pc += d->length;
        if (d->is_control() || d->is_serializing()) break;
    }
    head_bytes = head_size(limits_, fields);
    return pc;
}

const Block *BlockCompiler::find_static(Address pc) {
    if (!analysis_holds_) return nullptr;
    const auto at = std::lower_bound(placed_.begin(), placed_.end(), pc,
                                     [](const Placed &p, Address a) { return p.start < a; });
    if (at == placed_.end() || at->start != pc) return nullptr;
    return keep(build(pc, at->end, live_at(flow_.nodes()[at->node], at->end), at->head, at->head_bytes));
}

const Block *BlockCompiler::compile(Address pc) {
    if (const Block *known = find(pc)) return known;
    ++counts.run_time_blocks;
    const Decoded *d = code_.at(pc);
    if (!d || DecodeCache::is_illegal(*d)) {
        auto b = std::make_unique<Block>();
        b->start = b->end = pc;
        b->head = run_time_end_;
        b->special = b->faulted = b->everything_live = true;
        b->code_bytes = 2;
        owned_.push_back(std::move(b));   // not kept by pc: the page may become executable
        return owned_.back().get();
    }
    u32 head_bytes = 0;
    const Address end = cut(pc, head_bytes);
    auto b = build(pc, end, kAllRegisters, run_time_end_, head_bytes);
    b->everything_live = true;
    run_time_end_ += head_bytes + (end - pc);
    return keep(std::move(b));
}

RegisterSet BlockCompiler::live_at(const ControlFlow::Node &node, Address pc) const {
    if (pc >= node.end) return node.live_out;
    std::vector<const Decoded *> rest;
    for (Address a = pc; a < node.end; a += rest.back()->length) rest.push_back(code_.at(a));
    RegisterSet live = node.live_out;
    for (std::size_t i = rest.size(); i-- > 0;) {
        const Decoded &d = *rest[i];
        if (flow_.ends_liveness(d)) live &= ~set_of(d.rd);
        live |= set_of(d.rs1) | set_of(d.rs2) | set_of(d.rs3);
    }
    return live;
}

std::unique_ptr<Block> BlockCompiler::build(Address start, Address end, RegisterSet live_out, Address head,
                                            u32 head_bytes) {
    ++counts.compiled_blocks;
    auto b = std::make_unique<Block>();
    b->start = start;
    b->end = end;
    b->head = head;
    b->head_bytes = head_bytes;
    b->code_bytes = u32(end - start);
    std::vector<Decoded> order;
    std::vector<u32> offsets;
    for (Address pc = start; pc < end; pc += order.back().length) {
        offsets.push_back(u32(pc - start));
        order.push_back(*code_.at(pc));
    }
    const Decoded &last = order.back();
    b->special = last.is_serializing();
    b->ends_in_control = last.is_control();
    if (b->ends_in_control) {
        b->kind = branch_kind(last);
        if (last.op_class != OpClass::JumpRegister) b->target = last.target(start + offsets.back());
    }
    ScheduledBlock s = schedule_block(order, b->special ? kAllRegisters : live_out, limits_);
    u32 place = 0;
    for (BlockInstruction &i : s.code) {
        i.offset = offsets[i.original];
        i.place = place;
        place += i.d.length;
    }
    b->code = std::move(s.code);
    b->reads = s.reads;
    b->left_stale = s.left_stale;
    b->written = s.written;
    b->global_writes = u16(s.global_writes);
    counts.spilled_values += s.spilled;
    for (u16 k = 0; k < b->code.size(); ++k) {
        const OpClass op = b->code[k].d.op_class;
        b->loads += op == OpClass::Load;
        b->stores += op == OpClass::Store;
        if (op == OpClass::Load || op == OpClass::Store) b->memory_order.push_back(k);
    }
    std::sort(b->memory_order.begin(), b->memory_order.end(),
              [&](u16 x, u16 y) { return b->code[x].original < b->code[y].original; });
    return b;
}

const Block *BlockCompiler::keep(std::unique_ptr<Block> block) {
    Page *&page = pages_.get()[block->start >> GuestMemory::kPageBits];
    if (!page) {
        owned_pages_.push_back(std::make_unique<Page>());
        page = owned_pages_.back().get();
    }
    page->blocks[slot(block->start)] = block.get();
    owned_.push_back(std::move(block));
    return owned_.back().get();
}

// A write to analysed code ends the analysis for its whole image: liveness crosses pages.
void BlockCompiler::code_changed(Address number) {
    if (analysis_holds_ && flow_.covers_page(number)) {
        analysis_holds_ = false;
        for (auto &page : owned_pages_) *page = Page{};
        return;
    }
    if (Page *page = pages_.get()[number]) *page = Page{};
    Page *before = number ? pages_.get()[number - 1] : nullptr;
    if (!before) return;
    for (const Block *&b : before->blocks)   // blocks that reach into the changed page
        if (b && (b->end - 1) >> GuestMemory::kPageBits == number) b = nullptr;
}

std::vector<std::pair<Address, Address>> BlockCompiler::layout() const {
    std::vector<std::pair<Address, Address>> all;
    for (const Placed &p : placed_) all.push_back({p.start, p.end});
    return all;
}

}  // namespace sim
