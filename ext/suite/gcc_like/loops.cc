// SPDX-License-Identifier: BSD-3-Clause
// Loop passes, inlining and the order in which everything runs.
#include <algorithm>

#include "passes.hh"

namespace compiler {
namespace {

bool contains(const Loop& loop, int block) {
    return std::find(loop.body.begin(), loop.body.end(), block) != loop.body.end();
}

// Gives the loop one entry edge from outside, so that hoisted code has a home. Returns that block.
int make_preheader(Function& f, const Loop& loop) {
    std::vector<int> outside;
    for (int pred : f.blocks[loop.header].preds)
        if (!contains(loop, pred))
            outside.push_back(pred);
    if (outside.size() == 1 && f.blocks[outside[0]].succs.size() == 1)
        return outside[0];
    int block = f.new_block();
    size_t phis = f.first_non_phi(loop.header);
    std::vector<int> merged;
    for (size_t i = 0; i < phis; ++i) {
        int phi = f.blocks[loop.header].insts[i];
        std::vector<int> args;
        for (int pred : outside)
            args.push_back(f.insts[phi].args[f.pred_index(loop.header, pred)]);
        if (args.size() == 1) {
            merged.push_back(args[0]);
        } else {
            int made = f.create(Op::Phi, std::move(args));
            f.insert(block, f.blocks[block].insts.size(), made);
            merged.push_back(made);
        }
    }
    for (int pred : outside)
        f.replace_edge(pred, loop.header, block);
    f.append(block, Op::Jump, {});
    f.link(block, loop.header);
    for (size_t i = 0; i < phis; ++i)
        f.insts[f.blocks[loop.header].insts[i]].args.push_back(merged[i]);
    return block;
}

bool hoist_loop(Function& f, const Loop& loop) {
    std::vector<bool> inside(f.insts.size() + 64, false);
    bool writes = false, calls = false;
    std::vector<bool> stored;
    for (int block : loop.body)
        for (int inst : f.blocks[block].insts) {
            inside[inst] = true;
            calls = calls || f.insts[inst].op == Op::Call;
            if (f.insts[inst].op == Op::Store) {
                writes = true;
                stored.resize(std::max<size_t>(stored.size(), f.insts[inst].symbol + 1), false);
                stored[f.insts[inst].symbol] = true;
            }
        }
    auto movable = [&](const Inst& inst) {
        if (inst.op == Op::Load) {
            size_t symbol = inst.symbol;
            if (calls || (writes && symbol < stored.size() && stored[symbol]))
                return false;
        } else if (!is_pure(inst.op)) {
            return false;
        }
        return std::none_of(inst.args.begin(), inst.args.end(), [&](int arg) { return inside[arg]; });
    };
    std::vector<int> moved;
    for (bool changed = true; changed;) {
        changed = false;
        for (int block : loop.body) {
            auto& list = f.blocks[block].insts;
            for (size_t at = 0; at < list.size(); ++at)
                if (inside[list[at]] && movable(f.insts[list[at]])) {
                    inside[list[at]] = false;
                    moved.push_back(list[at]);
                    list.erase(list.begin() + at--);
                    changed = true;
                }
        }
    }
    if (moved.empty())
        return false;
    int home = make_preheader(f, loop);
    for (int inst : moved)
        f.insert(home, f.blocks[home].insts.size() - 1, inst);
    return true;
}

// i = phi(start, i + step).
struct Induction {
    int phi, next;
    int64_t step;
};

bool is_induction(const Function& f, const Loop& loop, int phi, Induction& out) {
    const Inst& inst = f.insts[phi];
    if (inst.args.size() != 2 || loop.latches.size() != 1)
        return false;
    out.phi = phi;
    out.next = inst.args[f.pred_index(loop.header, loop.latches[0])];
    const Inst& next = f.insts[out.next];
    if (next.op != Op::Add || next.args[0] != phi || !f.is_constant(next.args[1]))
        return false;
    out.step = f.insts[next.args[1]].imm;
    return true;
}

// Replaces i * k and i << k inside the loop by a second induction variable.
bool reduce_product(Function& f, const Loop& loop, const Induction& induction, int product) {
    Op op = f.insts[product].op;
    int factor_value = f.insts[product].args[1];
    int64_t factor = f.insts[factor_value].imm;
    int home = make_preheader(f, loop);
    int first = f.insts[induction.phi].args[f.pred_index(loop.header, home)];
    int start = f.create(op, {first, factor_value});
    f.insert(home, f.blocks[home].insts.size() - 1, start);
    int64_t scaled = fold(op, induction.step, factor);
    int phi = f.create(Op::Phi, {start, start});
    int next = f.create(Op::Add, {phi, f.constant(scaled)});
    int latch = loop.latches[0];
    f.insert(latch, f.blocks[latch].insts.size() - 1, next);
    f.insert(loop.header, 0, phi);
    f.insts[phi].args[f.pred_index(loop.header, latch)] = next;
    std::vector<int> map(f.insts.size());
    for (size_t i = 0; i < map.size(); ++i)
        map[i] = static_cast<int>(i);
    map[product] = phi;
    f.rewrite(map);
    return true;
}

bool reduce_loop(Function& f, const Loop& loop) {
    size_t phis = f.first_non_phi(loop.header);
    for (size_t i = 0; i < phis; ++i) {
        Induction induction;
        if (!is_induction(f, loop, f.blocks[loop.header].insts[i], induction))
            continue;
        for (int block : loop.body)
            for (int inst : f.blocks[block].insts) {
                const Inst& candidate = f.insts[inst];
                if ((candidate.op == Op::Mul || candidate.op == Op::Shl) &&
                    candidate.args[0] == induction.phi && f.is_constant(candidate.args[1]))
                    return reduce_product(f, loop, induction, inst);
            }
    }
    return false;
}

// Copies the callee's blocks into the caller and splits the block around the call.
class Inliner {
public:
    Inliner(Function& caller, const Function& callee, int call) : f_(caller), g_(callee), call_(call) {}

    void run() {
        int block = f_.insts[call_].block;
        int after = split(block);
        value_map_.assign(g_.insts.size(), -1);
        block_map_.assign(g_.blocks.size(), -1);
        for (size_t b = 0; b < g_.blocks.size(); ++b)
            if (!g_.blocks[b].dead)
                block_map_[b] = f_.new_block();
        for (size_t b = 0; b < g_.blocks.size(); ++b)
            if (!g_.blocks[b].dead)
                copy_block(static_cast<int>(b));
        connect(block, after);
    }

private:
    int split(int block) {
        int after = f_.new_block();
        auto& list = f_.blocks[block].insts;
        auto place = std::find(list.begin(), list.end(), call_);
        for (auto it = place + 1; it != list.end(); ++it) {
            f_.insts[*it].block = after;
            f_.blocks[after].insts.push_back(*it);
        }
        list.erase(place, list.end());
        f_.insts[call_].block = -1;
        f_.blocks[after].succs = f_.blocks[block].succs;
        f_.blocks[block].succs.clear();
        for (int next : f_.blocks[after].succs)
            std::replace(f_.blocks[next].preds.begin(), f_.blocks[next].preds.end(), block, after);
        return after;
    }
    int mapped(int value) {
        if (g_.is_constant(value))
            return f_.constant(g_.insts[value].imm);
        if (value_map_[value] < 0)
            value_map_[value] = f_.create(Op::Copy, {});   // filled in when its definition is copied
        return value_map_[value];
    }
    void copy_block(int b) {
        int target = block_map_[b];
        for (int index : g_.blocks[b].insts) {
            const Inst& inst = g_.insts[index];
            if (inst.op == Op::Parameter) {
                int copy = mapped(index);
                f_.insts[copy].args = {f_.insts[call_].args[inst.imm]};
                f_.insert(target, f_.blocks[target].insts.size(), copy);
                continue;
            }
            std::vector<int> args;
            for (int arg : inst.args)
                args.push_back(mapped(arg));
            int copy = mapped(index);
            f_.insts[copy].op = inst.op;
            f_.insts[copy].symbol = inst.symbol;
            f_.insts[copy].imm = inst.imm;
            f_.insts[copy].args = std::move(args);
            f_.insert(target, f_.blocks[target].insts.size(), copy);
        }
        for (int next : g_.blocks[b].succs)
            f_.blocks[target].succs.push_back(block_map_[next]);
        for (int pred : g_.blocks[b].preds)
            f_.blocks[target].preds.push_back(block_map_[pred]);
    }
    void connect(int block, int after) {
        f_.append(block, Op::Jump, {});
        f_.link(block, block_map_[0]);
        std::vector<int> results;
        for (size_t b = 0; b < g_.blocks.size(); ++b) {
            if (g_.blocks[b].dead)
                continue;
            Inst& last = f_.insts[f_.terminator(block_map_[b])];
            if (last.op != Op::Return)
                continue;
            results.push_back(last.args[0]);
            last.op = Op::Jump;
            last.args.clear();
            f_.link(block_map_[b], after);
        }
        int result = results.empty() ? f_.constant(0) : results[0];
        if (results.size() > 1) {
            result = f_.create(Op::Phi, results);
            f_.insert(after, 0, result);
        }
        std::vector<int> map(f_.insts.size());
        for (size_t i = 0; i < map.size(); ++i)
            map[i] = static_cast<int>(i);
        map[call_] = result;
        for (const Block& b : f_.blocks)
            for (int inst : b.insts)
                if (f_.insts[inst].op == Op::Copy)
                    map[inst] = f_.insts[inst].args[0];
        f_.rewrite(map);
    }

    Function& f_;
    const Function& g_;
    int call_;
    std::vector<int> value_map_, block_map_;
};

}  // namespace

bool hoist_invariants(Function& function) {
    Dominance dominance(function);
    bool changed = false;
    for (const Loop& loop : find_loops(function, dominance))
        if (hoist_loop(function, loop)) {
            changed = true;
            break;      // a new preheader changes the loop forest: start over
        }
    return changed;
}

bool reduce_strength(Function& function) {
    Dominance dominance(function);
    for (const Loop& loop : find_loops(function, dominance))
        if (reduce_loop(function, loop))
            return true;
    return false;
}

bool inline_calls(Function& function, const Module& module) {
    bool changed = false;
    for (int budget = 3; budget > 0; --budget) {
        int found = -1;
        for (const Block& block : function.blocks)
            for (int inst : block.insts)
                if (found < 0 && function.insts[inst].op == Op::Call) {
                    const Function& callee = module.functions[function.insts[inst].symbol];
                    if (callee.size() <= 24 && callee.name != function.name)
                        found = inst;
                }
        if (found < 0)
            break;
        Inliner(function, module.functions[function.insts[found].symbol], found).run();
        clean_graph(function);
        changed = true;
    }
    return changed;
}

void optimise(Function& function, const Module& module) {
    build_ssa(function);
    simplify(function);
    inline_calls(function, module);
    for (int round = 0; round < 2; ++round) {
        propagate_constants(function);
        simplify(function);
        number_values(function);
        forward_memory(function);
        remove_dead(function);
        clean_graph(function);
        for (int i = 0; i < 4 && hoist_invariants(function); ++i)
            clean_graph(function);
        for (int i = 0; i < 4 && reduce_strength(function); ++i)
            remove_dead(function);
        convert_branches(function);
        simplify(function);
        remove_dead(function);
        clean_graph(function);
    }
    check_function(function);
}

}  // namespace compiler
