// SPDX-License-Identifier: BSD-3-Clause
#include "block/control_flow.hh"
#include <algorithm>
#include <utility>

namespace sim {
namespace {

using Convention = CallingConvention;

bool ends_node(const Decoded &d) { return d.is_control() || d.is_serializing(); }

bool is_ecall(const Decoded &d) { return d.op_class == OpClass::System && d.bits == 0x73; }

// mret and sret go on wherever a trap was taken, with every register that the handler restored.
bool is_trap_return(const Decoded &d) {
    return d.op_class == OpClass::System && (d.bits == 0x30200073 || d.bits == 0x10200073);
}

}  // namespace

ControlFlow::ControlFlow(const Program &program, GuestMemory &memory, DecodeCache &code, bool skippable_loads)
    : program_(program), memory_(memory), code_(code), skippable_loads_(skippable_loads) {
    if (program.code_sections.empty()) return;
    base_ = program.code_sections.front().first & ~Address{1};
    limit_ = program.code_sections.back().first + program.code_sections.back().second;
    const std::size_t slots = (limit_ - base_) / 2 + 2;
    leader_.resize(slots);
    seen_.resize(slots);
    node_of_.resize(slots);
    is_entry_.resize(slots);
    find_code();
    build_nodes();
    infer_returns();
    compute_liveness();
}

bool ControlFlow::in_code(Address pc) const {
    if (pc < base_ || pc >= limit_ || (pc & 1)) return false;
    for (const auto &[start, bytes] : program_.code_sections)
        if (pc >= start && pc < start + bytes) return true;
    return false;
}

void ControlFlow::mark(Address pc) {
    if (!in_code(pc) || leader_[(pc - base_) >> 1]) return;
    leader_[(pc - base_) >> 1] = 1;
    work_.push_back(pc);
}

void ControlFlow::find_code() {
    bool symbols = false;
    const auto entry = [&](Address pc, bool function) {
        if (!in_code(pc)) return;
        is_entry_[(pc - base_) >> 1] |= function;
        mark(pc);
    };
    entry(program_.entry, true);
    for (const Symbol &s : program_.symbols)
        if (s.is_function) entry(s.address, true), symbols = true;
    // Words in data that point at code: labels of absolute jump tables and, where no symbols say which they are,
    // functions whose address is taken.
    for (const Segment &s : program_.segments)
        if (!(s.flags & kExecute))
            for (std::size_t i = 0; i + 8 <= s.data.size(); i += 8) {
                Address value;
                std::memcpy(&value, &s.data[i], 8);
                if (value) entry(value, !symbols);
            }
    while (!work_.empty()) {
        const Address pc = work_.back();
        work_.pop_back();
        walk(pc);
    }
}

// Decodes straight on from a leader until control leaves or known code begins.
void ControlFlow::walk(Address pc) {
    std::vector<Address> before;   // recent instructions of this stretch, for jump tables and code addresses
    while (in_code(pc) && !seen_[(pc - base_) >> 1]) {
        const Decoded *d = code_.at(pc);
        if (!d || DecodeCache::is_illegal(*d)) return;
        seen_[(pc - base_) >> 1] = 1;
        const Address next = pc + d->length;
        if (d->op_class == OpClass::IntAlu && !before.empty() && d->rd != kNoRegister) {
            // auipc + addi: a code address in a register is a place that somebody may jump to.
            const Decoded *high = code_.at(before.back());
            if ((high->bits & 0x7f) == 0x17 && high->length == 4 && d->rs1 == high->rd && (d->bits & 0x707f) == 0x13) {
                const Address a = before.back() + Address(high->imm) + Address(d->imm);
                if (in_code(a) && code_.at(a)) mark(a);
            }
        }
        if (ends_node(*d)) {
            if (d->op_class == OpClass::Branch) mark(d->target(pc)), mark(next);
            else if (d->op_class == OpClass::Jump) {
                mark(d->target(pc));
                if (d->is_call()) {
                    if (in_code(d->target(pc))) is_entry_[(d->target(pc) - base_) >> 1] = 1;
                    mark(next);
                }
            } else if (d->op_class == OpClass::JumpRegister) {
                std::vector<Address> targets;
                if (d->is_call()) mark(next);
                else if (!d->is_return() && jump_table(before, *d, targets)) {
                    table_of_[pc] = u32(tables_.size());
                    for (Address t : targets) mark(t);
                    tables_.push_back(std::move(targets));
                }
            } else {
                mark(pc);   // serialising: a block of its own
                mark(next);
            }
            return;
        }
        before.push_back(pc);
        pc = next;
    }
}

void ControlFlow::build_nodes() {
    for (std::size_t i = 0; i < leader_.size(); ++i) {
        if (!leader_[i]) continue;
        Node n;
        n.start = n.end = base_ + 2 * i;
        for (bool first = true;; first = false) {
            const Decoded *d = in_code(n.end) ? code_.at(n.end) : nullptr;
            if (!d || DecodeCache::is_illegal(*d)) {
                n.how = first ? End::Invalid : End::FallThrough;
                break;
            }
            if (!first && (is_leader(n.end) || (d->is_serializing() && n.end != n.start))) {
                n.how = End::FallThrough;
                break;
            }
            for (u8 r : {d->rs1, d->rs2, d->rs3}) n.reads |= set_of(r) & ~n.writes;
            if (ends_liveness(*d)) n.writes |= set_of(d->rd);
            if (is_ecall(*d)) {   // passes everything; the kernel reads the arguments and writes a0
                n.reads |= register_range(10, 17) & ~n.writes;
                n.writes |= set_of(kA0);
            }
            const Address pc = n.end;
            n.end += d->length;
            if (!ends_node(*d)) continue;
            if (d->op_class == OpClass::Branch) n.how = End::Branch, n.target = d->target(pc);
            else if (d->op_class == OpClass::Jump) n.how = d->is_call() ? End::Call : End::Jump, n.target = d->target(pc);
            else if (is_trap_return(*d)) n.how = End::Unresolved;
            else if (d->op_class != OpClass::JumpRegister) n.how = End::Special;
            else if (d->is_return()) n.how = End::Return;
            else if (d->is_call()) n.how = End::IndirectCall;
            else if (auto t = table_of_.find(pc); t != table_of_.end()) n.how = End::JumpTable, n.table = t->second;
            else n.how = End::Unresolved;
            break;
        }
        nodes_.push_back(n);
        node_of_[i] = u32(nodes_.size());
    }
}

std::size_t ControlFlow::index_of(Address pc) const {
    const std::size_t i = (pc - base_) >> 1;
    return pc >= base_ && i < node_of_.size() && node_of_[i] && !(pc & 1) ? node_of_[i] - 1 : ~std::size_t{0};
}

const ControlFlow::Node *ControlFlow::at(Address pc) const {
    const std::size_t i = index_of(pc);
    return i == ~std::size_t{0} ? nullptr : &nodes_[i];
}

template <class F> void ControlFlow::successors(const Node &n, F &&f) const {
    const auto go = [&](Address pc) {
        if (const std::size_t i = index_of(pc); i != ~std::size_t{0}) f(i);
    };
    switch (n.how) {
        case End::FallThrough:
        case End::Special:
        case End::Call:
        case End::IndirectCall: go(n.end); break;
        case End::Branch: go(n.end), go(n.target); break;
        case End::Jump: go(n.target); break;
        case End::JumpTable:
            for (Address t : tables_[n.table]) go(t);
            break;
        default: break;
    }
}

// A node can return if some path reaches a return; behind a call only if the callee can. Least fixed point, by
// propagating from returns to predecessors.
void ControlFlow::infer_returns() {
    std::vector<std::vector<u32>> predecessors(nodes_.size());
    for (u32 i = 0; i < nodes_.size(); ++i) {
        successors(nodes_[i], [&](std::size_t s) { predecessors[s].push_back(i); });
        if (nodes_[i].how == End::Call)
            if (const std::size_t callee = index_of(nodes_[i].target); callee != ~std::size_t{0})
                predecessors[callee].push_back(i);
    }
    std::vector<u32> work;
    const auto returns = [&](u32 i) {
        if (nodes_[i].can_return) return;
        nodes_[i].can_return = true;
        work.push_back(i);
    };
    const auto can = [&](Address pc) {
        const std::size_t i = index_of(pc);
        return i == ~std::size_t{0} || nodes_[i].can_return;   // unknown code may return
    };
    for (u32 i = 0; i < nodes_.size(); ++i) {
        const Node &n = nodes_[i];
        bool leaves = n.how == End::Return || n.how == End::Unresolved;
        leaves |= (n.how == End::Jump || n.how == End::Branch) && index_of(n.target) == ~std::size_t{0};
        if (leaves) returns(i);
    }
    while (!work.empty()) {
        const u32 done = work.back();
        work.pop_back();
        for (u32 p : predecessors[done]) {
            const Node &n = nodes_[p];
            if (n.how != End::Call || (can(n.target) && can(n.end))) returns(p);
        }
    }
    for (const Node &n : nodes_)
        never_return_ += is_entry_[(n.start - base_) >> 1] && n.how != End::Invalid && !n.can_return;
}

RegisterSet ControlFlow::live_out_of(const Node &n, Question q) const {
    constexpr RegisterSet kept = Convention::kSaved | Convention::kFixed;
    constexpr RegisterSet unresolved[] = {kept | set_of(kRa), kept | set_of(kRa) | Convention::kArguments, kAllRegisters};
    const RegisterSet unknown = unresolved[unsigned(q)];
    const auto live = [&](Address pc) {
        const Node *s = at(pc);
        return s ? answer(const_cast<Node &>(*s), q) : unknown;
    };
    const auto callee_needs = [&](Address pc) {
        const Node *s = at(pc);
        if (q == Question::AfterReturn)   // arguments are set behind the return point, or meaningless
            return s ? s->return_needs & ~Convention::kArguments : 0;
        return s ? s->entry_needs : Convention::kArguments;
    };
    const auto needs_after = [&](Address pc) {
        const Node *s = at(pc);
        return s ? s->return_needs : RegisterSet{0};
    };
    const RegisterSet call = kept | (q == Question::Full ? set_of(kRa) : 0);   // of the arguments, what the callee reads
    switch (n.how) {
        case End::FallThrough:
        case End::Special: return live(n.end);
        case End::Branch: return live(n.end) | live(n.target);
        case End::Jump: return live(n.target);
        case End::Call: {
            const Node *callee = at(n.target);
            return call | callee_needs(n.target) | (!callee || callee->can_return ? needs_after(n.end) : 0);
        }
        case End::IndirectCall:
            if (q == Question::AfterReturn) return call | needs_after(n.end);
            return call | Convention::kArguments | entries_need_[unsigned(Question::AtEntry)] | needs_after(n.end);
        case End::Return: return n.live_behind;
        case End::JumpTable: {
            RegisterSet all = 0;
            for (Address t : tables_[n.table]) all |= live(t);
            return all;
        }
        default: return unknown;
    }
}

// Backward fixed point over all nodes.
void ControlFlow::solve(Question q) {
    for (Node &n : nodes_) answer(n, q) = n.how == End::Invalid ? 0 : n.reads;
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t i = nodes_.size(); i-- > 0;) {
            Node &n = nodes_[i];
            if (n.how == End::Invalid) continue;
            n.live_out = live_out_of(n, q);
            const RegisterSet in = n.reads | (n.live_out & ~n.writes);
            if (in != answer(n, q)) answer(n, q) = in, changed = true;
            RegisterSet &entries = entries_need_[unsigned(q)];
            if (is_entry_[(n.start - base_) >> 1] && (in & ~entries)) entries |= in, changed = true;
        }
        if (q != Question::AfterReturn) continue;
        changed |= flow_to_returns();
    }
}

// Which returns each function has: what is reached from its start without following calls.
void ControlFlow::find_returns() {
    returns_of_.resize(nodes_.size());
    std::vector<u32> seen(nodes_.size()), work;
    std::vector<u8> in_function(nodes_.size());
    u32 stamp = 0;
    for (u32 entry = 0; entry < nodes_.size(); ++entry) {
        if (!is_entry_[(nodes_[entry].start - base_) >> 1]) continue;
        work.assign(1, entry);
        seen[entry] = ++stamp;
        while (!work.empty()) {
            const u32 i = work.back();
            work.pop_back();
            if (nodes_[i].how == End::Return) returns_of_[entry].push_back(i), in_function[i] = 1;
            successors(nodes_[i], [&](std::size_t s) {
                if (std::exchange(seen[s], stamp) != stamp) work.push_back(u32(s));
            });
        }
    }
    for (u32 i = 0; i < nodes_.size(); ++i) {
        if (nodes_[i].how != End::Return) continue;
        every_return_.push_back(i);
        if (!in_function[i]) stray_returns_.push_back(i);
    }
}

// What a return point reads flows to the returns of the function called there; behind an indirect call to all, and
// always to returns of no known function.
bool ControlFlow::flow_to_returns() {
    bool grew = false;
    RegisterSet everywhere = 0, anywhere = 0;
    const auto flow = [&](const std::vector<u32> &returns, RegisterSet needs) {
        for (u32 r : returns) {
            grew |= (needs & ~nodes_[r].live_behind) != 0;
            nodes_[r].live_behind |= needs;
        }
    };
    for (const Node &n : nodes_) {
        if (n.how != End::IndirectCall && n.how != End::Call) continue;
        const std::size_t callee = n.how == End::Call ? index_of(n.target) : ~std::size_t{0};
        const Node *point = at(n.end);
        if (!point || (callee != ~std::size_t{0} && !nodes_[callee].can_return)) continue;
        if (callee == ~std::size_t{0}) everywhere |= point->return_needs;
        else flow(returns_of_[callee], point->return_needs);
        const RegisterSet more = point->return_needs & ~live_at_returns_;
        if (more) causes_.push_back({n.end, more});
        live_at_returns_ |= more;
        anywhere |= point->return_needs;
    }
    flow(every_return_, everywhere);
    flow(stray_returns_, anywhere);
    return grew;
}

void ControlFlow::compute_liveness() {
    live_at_returns_ = Convention::kResults | Convention::kSaved | Convention::kFixed;
    find_returns();
    for (u32 r : every_return_) nodes_[r].live_behind = live_at_returns_;
    for (const Question q : {Question::AfterReturn, Question::AtEntry, Question::Full}) solve(q);
}

}  // namespace sim
