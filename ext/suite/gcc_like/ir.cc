// SPDX-License-Identifier: BSD-3-Clause
// Intermediate representation: editing primitives, constant arithmetic, dominators, frontiers and loops.
#include "ir.hh"

#include <algorithm>

namespace compiler {

int64_t fold(Op op, int64_t a, int64_t b, int64_t c) {
    uint64_t x = static_cast<uint64_t>(a), y = static_cast<uint64_t>(b);
    switch (op) {
    case Op::Add: return static_cast<int64_t>(x + y);
    case Op::Sub: return static_cast<int64_t>(x - y);
    case Op::Mul: return static_cast<int64_t>(x * y);
    case Op::Div: return b == 0 ? 0 : b == -1 ? static_cast<int64_t>(0 - x) : a / b;
    case Op::Rem: return b == 0 ? a : b == -1 ? 0 : a % b;
    case Op::And: return a & b;
    case Op::Or: return a | b;
    case Op::Xor: return a ^ b;
    case Op::Shl: return static_cast<int64_t>(x << (y & 63));
    case Op::Shr: return static_cast<int64_t>(x >> (y & 63));
    case Op::Sar: return a >> (y & 63);
    case Op::Eq: return a == b;
    case Op::Ne: return a != b;
    case Op::Lt: return a < b;
    case Op::Le: return a <= b;
    case Op::Gt: return a > b;
    case Op::Ge: return a >= b;
    case Op::Below: return x < y;
    case Op::Neg: return static_cast<int64_t>(0 - x);
    case Op::Not: return ~a;
    case Op::Select: return a ? b : c;
    case Op::Min: return a < b ? a : b;
    case Op::Max: return a > b ? a : b;
    default: throw CompileError("this operation has no constant value");
    }
}

const char* op_name(Op op) {
    static const char* const kNames[] = {
        "const",  "param", "phi", "copy", "add",   "sub",  "mul",   "div",  "rem",  "and",    "or",    "xor",
        "shl",    "shr",   "sar", "eq",   "ne",    "lt",   "le",    "gt",   "ge",   "below",  "neg",   "not",
        "select", "min",   "max", "load", "store", "read", "write", "call", "jump", "branch", "return"};
    return kNames[static_cast<int>(op)];
}

int Function::constant(int64_t value) {
    auto [place, is_new] = constants.try_emplace(value, static_cast<int>(insts.size()));
    if (is_new) {
        Inst inst;
        inst.imm = value;
        insts.push_back(std::move(inst));
    }
    return place->second;
}

int Function::create(Op op, Args args, int64_t imm, int symbol) {
    Inst inst;
    inst.op = op;
    inst.args = std::move(args);
    inst.imm = imm;
    inst.symbol = symbol;
    insts.push_back(std::move(inst));
    return static_cast<int>(insts.size()) - 1;
}

int Function::append(int block, Op op, Args args, int64_t imm, int symbol) {
    int inst = create(op, std::move(args), imm, symbol);
    insts[inst].block = block;
    blocks[block].insts.push_back(inst);
    return inst;
}

void Function::insert(int block, size_t place, int inst) {
    insts[inst].block = block;
    blocks[block].insts.insert(blocks[block].insts.begin() + place, inst);
}

int Function::new_block() {
    blocks.emplace_back();
    return static_cast<int>(blocks.size()) - 1;
}

void Function::link(int from, int to) {
    blocks[from].succs.push_back(to);
    blocks[to].preds.push_back(from);
}

int Function::pred_index(int block, int pred) const {
    const auto& preds = blocks[block].preds;
    return static_cast<int>(std::find(preds.begin(), preds.end(), pred) - preds.begin());
}

void Function::unlink(int from, int to) {
    int index = pred_index(to, from);
    auto& succs = blocks[from].succs;
    succs.erase(std::find(succs.begin(), succs.end(), to));
    blocks[to].preds.erase(blocks[to].preds.begin() + index);
    for (int inst : blocks[to].insts) {
        if (insts[inst].op != Op::Phi)
            break;
        insts[inst].args.erase(insts[inst].args.begin() + index);
    }
}

void Function::replace_edge(int from, int old_to, int new_to) {
    int index = pred_index(old_to, from);
    *std::find(blocks[from].succs.begin(), blocks[from].succs.end(), old_to) = new_to;
    blocks[old_to].preds.erase(blocks[old_to].preds.begin() + index);
    for (int inst : blocks[old_to].insts)
        if (insts[inst].op == Op::Phi)
            insts[inst].args.erase(insts[inst].args.begin() + index);
    blocks[new_to].preds.push_back(from);
}

size_t Function::first_non_phi(int block) const {
    size_t place = 0;
    while (insts[blocks[block].insts[place]].op == Op::Phi)
        ++place;
    return place;
}

void Function::rewrite(const std::vector<int>& replacement) {
    auto find = [&](int value) {
        while (value < static_cast<int>(replacement.size()) && replacement[value] != value)
            value = replacement[value];
        return value;
    };
    for (Block& block : blocks) {
        if (block.dead)
            continue;
        size_t kept = 0;
        for (int inst : block.insts) {
            if (find(inst) != inst) {
                insts[inst].block = -1;
                continue;
            }
            for (int& arg : insts[inst].args)
                arg = find(arg);
            block.insts[kept++] = inst;
        }
        block.insts.resize(kept);
    }
}

int Function::size() const {
    int total = 0;
    for (const Block& block : blocks)
        if (!block.dead)
            total += static_cast<int>(block.insts.size());
    return total;
}

namespace {

void postorder(const Function& function, int block, std::vector<int>& state, std::vector<int>& out) {
    state[block] = 1;
    for (int next : function.blocks[block].succs)
        if (state[next] == 0)
            postorder(function, next, state, out);
    out.push_back(block);
}

void number_tree(Dominance& dominance, int block, int& clock) {
    dominance.enter[block] = clock++;
    for (int child : dominance.children[block])
        number_tree(dominance, child, clock);
    dominance.leave[block] = clock++;
}

}  // namespace

// Cooper, Harvey and Kennedy's iteration over reverse postorder.
Dominance::Dominance(const Function& function) {
    size_t count = function.blocks.size();
    std::vector<int> state(count, 0);
    postorder(function, 0, state, order);
    std::reverse(order.begin(), order.end());
    number.assign(count, -1);
    for (size_t i = 0; i < order.size(); ++i)
        number[order[i]] = static_cast<int>(i);
    parent.assign(count, -1);
    parent[0] = 0;
    for (bool changed = true; changed;) {
        changed = false;
        for (int block : order) {
            if (block == 0)
                continue;
            int best = -1;
            for (int pred : function.blocks[block].preds) {
                if (number[pred] < 0 || parent[pred] < 0)
                    continue;
                int other = pred;
                if (best < 0) {
                    best = other;
                    continue;
                }
                while (best != other) {
                    while (number[best] > number[other])
                        best = parent[best];
                    while (number[other] > number[best])
                        other = parent[other];
                }
            }
            if (parent[block] != best) {
                parent[block] = best;
                changed = true;
            }
        }
    }
    children.resize(count);
    frontier.resize(count);
    enter.assign(count, 0);
    leave.assign(count, -1);
    for (int block : order)
        if (block != 0)
            children[parent[block]].push_back(block);
    int clock = 0;
    number_tree(*this, 0, clock);
    for (int block : order) {
        if (function.blocks[block].preds.size() < 2)
            continue;
        for (int runner : function.blocks[block].preds)
            for (; number[runner] >= 0 && runner != parent[block]; runner = parent[runner])
                if (frontier[runner].empty() || frontier[runner].back() != block)
                    frontier[runner].push_back(block);
    }
}

std::vector<Loop> find_loops(const Function& function, const Dominance& dominance) {
    std::vector<Loop> loops;
    for (int header : dominance.order) {
        Loop loop{header, 1, {header}, {}};
        std::vector<int> work;
        for (int pred : function.blocks[header].preds)
            if (dominance.number[pred] >= 0 && dominance.dominates(header, pred)) {
                loop.latches.push_back(pred);
                work.push_back(pred);
            }
        if (loop.latches.empty())
            continue;
        while (!work.empty()) {
            int block = work.back();
            work.pop_back();
            if (std::find(loop.body.begin(), loop.body.end(), block) != loop.body.end())
                continue;
            loop.body.push_back(block);
            for (int pred : function.blocks[block].preds)
                work.push_back(pred);
        }
        loops.push_back(std::move(loop));
    }
    for (Loop& inner : loops)
        for (const Loop& outer : loops)
            if (inner.header != outer.header &&
                std::find(outer.body.begin(), outer.body.end(), inner.header) != outer.body.end())
                ++inner.depth;
    std::stable_sort(loops.begin(), loops.end(),
                     [](const Loop& a, const Loop& b) { return a.depth > b.depth; });
    return loops;
}

}  // namespace compiler
