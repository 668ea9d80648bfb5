// SPDX-License-Identifier: BSD-3-Clause
// Control-flow clean-up, SSA construction, structural checks and the reference interpreter.
#include <algorithm>

#include "passes.hh"

namespace compiler {
namespace {

bool remove_unreachable(Function& function) {
    std::vector<bool> seen(function.blocks.size(), false);
    std::vector<int> work{0};
    seen[0] = true;
    while (!work.empty()) {
        int block = work.back();
        work.pop_back();
        for (int next : function.blocks[block].succs)
            if (!seen[next]) {
                seen[next] = true;
                work.push_back(next);
            }
    }
    bool changed = false;
    for (size_t i = 0; i < function.blocks.size(); ++i) {
        Block& block = function.blocks[i];
        if (seen[i] || block.dead)
            continue;
        while (!block.succs.empty())
            function.unlink(static_cast<int>(i), block.succs.back());
        for (int inst : block.insts)
            function.insts[inst].block = -1;
        block.insts.clear();
        block.dead = changed = true;
    }
    return changed;
}

// A constant condition, or two equal targets, leave one way to go.
bool fold_branch(Function& function, int block) {
    Inst& last = function.insts[function.terminator(block)];
    if (last.op != Op::Branch || !function.is_constant(last.args[0]))
        return false;
    int keep = function.insts[last.args[0]].imm ? 0 : 1;
    int drop = function.blocks[block].succs[1 - keep];
    function.unlink(block, drop);
    last.op = Op::Jump;
    last.args.clear();
    return true;
}

// Joins a block with its only successor when nobody else leads there.
bool merge_chain(Function& function, int block) {
    Block& upper = function.blocks[block];
    if (upper.succs.size() != 1 || upper.succs[0] == block || upper.succs[0] == 0)
        return false;
    int next = upper.succs[0];
    Block& lower = function.blocks[next];
    if (lower.preds.size() != 1 || function.insts[lower.insts[0]].op == Op::Phi)
        return false;
    function.insts[upper.insts.back()].block = -1;
    upper.insts.pop_back();
    for (int inst : lower.insts) {
        function.insts[inst].block = block;
        upper.insts.push_back(inst);
    }
    upper.succs = lower.succs;
    for (int target : upper.succs)
        std::replace(function.blocks[target].preds.begin(), function.blocks[target].preds.end(), next, block);
    lower = Block();
    lower.dead = true;
    return true;
}

// Phis whose arguments agree are copies.
bool trivial_phis(Function& function) {
    std::vector<int> replacement(function.insts.size());
    for (size_t i = 0; i < replacement.size(); ++i)
        replacement[i] = static_cast<int>(i);
    auto find = [&](int v) { while (replacement[v] != v) v = replacement[v]; return v; };
    bool any = false;
    for (bool changed = true; changed;) {
        changed = false;
        for (const Block& block : function.blocks)
            for (int inst : block.insts) {
                const Inst& phi = function.insts[inst];
                if (phi.op != Op::Phi)
                    break;
                if (replacement[inst] != inst)
                    continue;
                int same = -1;
                bool trivial = true;
                for (int arg : phi.args) {
                    int value = find(arg);
                    if (value == inst || value == same)
                        continue;
                    trivial = same < 0 && trivial;
                    same = value;
                }
                if (trivial && same >= 0) {
                    replacement[inst] = same;
                    any = changed = true;
                }
            }
    }
    if (any)
        function.rewrite(replacement);
    return any;
}

class SsaBuilder {
public:
    explicit SsaBuilder(Function& function) : function_(function), dominance_(function) {}

    void run() {
        place_phis();
        // A variable read before any write holds zero.
        std::vector<int> values(function_.locals, function_.constant(0));
        replacement_.resize(function_.insts.size());
        for (size_t i = 0; i < replacement_.size(); ++i)
            replacement_[i] = static_cast<int>(i);
        rename(0, values);
        function_.rewrite(replacement_);
        for (Block& block : function_.blocks)
            block.insts.erase(std::remove_if(block.insts.begin(), block.insts.end(), [&](int inst) {
                return function_.insts[inst].op == Op::WriteLocal; }), block.insts.end());
    }

private:
    void place_phis() {
        std::vector<std::vector<int>> writers(function_.locals);
        std::vector<bool> crosses(function_.locals, false);
        for (int block : dominance_.order) {
            std::vector<bool> written(function_.locals, false);
            for (int inst : function_.blocks[block].insts) {
                const Inst& i = function_.insts[inst];
                if (i.op == Op::WriteLocal) {
                    if (!written[i.symbol])
                        writers[i.symbol].push_back(block);
                    written[i.symbol] = true;
                } else if (i.op == Op::ReadLocal && !written[i.symbol]) {
                    crosses[i.symbol] = true;   // only such variables can need a phi
                }
            }
        }
        for (int local = 0; local < function_.locals; ++local) {
            if (!crosses[local])
                continue;
            std::vector<bool> placed(function_.blocks.size(), false);
            std::vector<int> work = writers[local];
            while (!work.empty()) {
                int block = work.back();
                work.pop_back();
                for (int join : dominance_.frontier[block]) {
                    if (placed[join])
                        continue;
                    placed[join] = true;
                    work.push_back(join);
                    std::vector<int> args(function_.blocks[join].preds.size(), -1);
                    int phi = function_.create(Op::Phi, std::move(args), 0, local);
                    function_.insert(join, 0, phi);
                }
            }
        }
    }
    void rename(int block, std::vector<int> values) {
        for (int inst : function_.blocks[block].insts) {
            Inst& i = function_.insts[inst];
            if (i.op == Op::Phi)
                values[i.symbol] = inst;
            else if (i.op == Op::WriteLocal)
                values[i.symbol] = i.args[0];
            else if (i.op == Op::ReadLocal)
                replacement_[inst] = values[i.symbol];
        }
        for (int next : function_.blocks[block].succs) {
            int index = function_.pred_index(next, block);
            for (int inst : function_.blocks[next].insts) {
                Inst& i = function_.insts[inst];
                if (i.op != Op::Phi)
                    break;
                i.args[index] = values[i.symbol];
            }
        }
        for (int child : dominance_.children[block])
            rename(child, values);
    }

    Function& function_;
    Dominance dominance_;
    std::vector<int> replacement_;
};

}  // namespace

bool clean_graph(Function& function) {
    bool changed = false;
    for (size_t i = 0; i < function.blocks.size(); ++i)
        if (!function.blocks[i].dead)
            changed |= fold_branch(function, static_cast<int>(i));
    changed |= remove_unreachable(function);
    changed |= trivial_phis(function);
    for (size_t i = 0; i < function.blocks.size(); ++i)
        while (!function.blocks[i].dead && merge_chain(function, static_cast<int>(i)))
            changed = true;
    return changed;
}

void build_ssa(Function& function) {
    remove_unreachable(function);
    SsaBuilder(function).run();
    clean_graph(function);
}

void check_function(const Function& function) {
    Dominance dominance(function);
    auto fail = [&](const char* what) { throw CompileError(function.name + ": " + what); };
    for (int b : dominance.order) {
        const Block& block = function.blocks[b];
        if (block.dead || block.insts.empty() || !is_terminator(function.insts[block.insts.back()].op))
            fail("a reachable block has no terminator");
        for (size_t at = 0; at < block.insts.size(); ++at) {
            const Inst& inst = function.insts[block.insts[at]];
            if (inst.block != b)
                fail("an instruction does not know its block");
            if (is_terminator(inst.op) != (at + 1 == block.insts.size()))
                fail("a terminator stands in the middle of a block");
            if (inst.op == Op::Phi && inst.args.size() != block.preds.size())
                fail("a phi has the wrong number of arguments");
            for (size_t k = 0; k < inst.args.size(); ++k) {
                const Inst& source = function.insts[inst.args[k]];
                if (source.op == Op::Constant)
                    continue;
                int use_block = inst.op == Op::Phi ? block.preds[k] : b;
                if (source.block < 0 ||
                    (dominance.number[use_block] >= 0 && !dominance.dominates(source.block, use_block)))
                    fail("a use is not dominated by its definition");
            }
        }
    }
}

Interpreter::Interpreter(const Module& module) : module_(module) {
    for (const Array& array : module.arrays)
        memory.emplace_back(array.length, 0);
}

int64_t Interpreter::call(int id, const std::vector<int64_t>& args, int depth) {
    const Function& function = module_.functions[id];
    if (depth > 60)
        throw CompileError("the program recurses too deeply");
    std::vector<int64_t> values(function.insts.size(), 0), locals(function.locals, 0);
    for (const auto& [constant, inst] : function.constants)
        values[inst] = constant;
    for (int block = 0, previous = -1;;) {
        std::vector<std::pair<int, int64_t>> phis;
        int next = -1;
        for (int index : function.blocks[block].insts) {
            const Inst& inst = function.insts[index];
            auto arg = [&](size_t k) { return values[inst.args[k]]; };
            ++steps;
            if (inst.op != Op::Phi) {       // all phis of a block read before any of them writes
                for (const auto& [phi, value] : phis)
                    values[phi] = value;
                phis.clear();
            }
            switch (inst.op) {
            case Op::Phi: phis.emplace_back(index, arg(function.pred_index(block, previous))); continue;
            case Op::Parameter: values[index] = args[inst.imm]; break;
            case Op::Copy: values[index] = arg(0); break;
            case Op::Load: values[index] = memory[inst.symbol][arg(0)]; break;
            case Op::Store: memory[inst.symbol][arg(0)] = arg(1); break;
            case Op::ReadLocal: values[index] = locals[inst.symbol]; break;
            case Op::WriteLocal: locals[inst.symbol] = arg(0); break;
            case Op::Call: {
                std::vector<int64_t> passed;
                for (size_t k = 0; k < inst.args.size(); ++k)
                    passed.push_back(arg(k));
                values[index] = call(inst.symbol, passed, depth + 1);
                break;
            }
            case Op::Return: return arg(0);
            case Op::Jump: next = function.blocks[block].succs[0]; break;
            case Op::Branch: next = function.blocks[block].succs[arg(0) ? 0 : 1]; break;
            case Op::Select: values[index] = fold(inst.op, arg(0), arg(1), arg(2)); break;
            case Op::Neg:
            case Op::Not: values[index] = fold(inst.op, arg(0), 0); break;
            default:
                values[index] = fold(inst.op, arg(0), arg(1));
            }
        }
        previous = block;
        block = next;
    }
}

}  // namespace compiler
