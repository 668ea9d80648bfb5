// SPDX-License-Identifier: BSD-3-Clause
// Which registers are live where: which functions never return, and three backward fixed points over all code.
#include <utility>
#include "block/control_flow.hh"

namespace sim {
namespace {

using Convention = CallingConvention;

}  // namespace

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
