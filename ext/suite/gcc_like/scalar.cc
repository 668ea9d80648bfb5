// SPDX-License-Identifier: BSD-3-Clause
// Scalar passes: conditional constant propagation, value numbering, dead code, memory forwarding,
// if-conversion.
#include <algorithm>

#include "passes.hh"

namespace compiler {
namespace {

std::vector<int> identity(const Function& function) {
    std::vector<int> map(function.insts.size());
    for (size_t i = 0; i < map.size(); ++i)
        map[i] = static_cast<int>(i);
    return map;
}

// Wegman and Zadeck: values rise from unknown through constant to varying; only executable edges count.
class ConstantPropagation {
public:
    explicit ConstantPropagation(Function& function)
        : f_(function), state_(function.insts.size(), Unknown), value_(function.insts.size(), 0),
          users_(function.insts.size()), reached_(function.blocks.size(), false),
          edges_(function.blocks.size()) {
        for (const Block& block : f_.blocks)
            for (int inst : block.insts)
                for (int arg : f_.insts[inst].args)
                    users_[arg].push_back(inst);
        for (const auto& [value, inst] : f_.constants) {
            state_[inst] = Known;
            value_[inst] = value;
        }
    }

    bool run() {
        enter(0);
        while (!blocks_.empty() || !values_.empty()) {
            if (!values_.empty()) {
                int inst = values_.back();
                values_.pop_back();
                if (f_.insts[inst].block >= 0 && reached_[f_.insts[inst].block])
                    visit(inst);
                continue;
            }
            int block = blocks_.back();
            blocks_.pop_back();
            for (int inst : f_.blocks[block].insts)
                visit(inst);
        }
        return apply();
    }

private:
    enum State : uint8_t { Unknown, Known, Varying };

    void enter(int block) {
        if (!reached_[block]) {
            reached_[block] = true;
            blocks_.push_back(block);
        }
    }
    void edge(int from, int to) {
        auto& done = edges_[to];
        if (std::find(done.begin(), done.end(), from) != done.end())
            return;
        done.push_back(from);
        if (!reached_[to]) {
            enter(to);
            return;
        }
        for (int inst : f_.blocks[to].insts)
            if (f_.insts[inst].op == Op::Phi)
                values_.push_back(inst);
    }
    void set(int inst, State state, int64_t value) {
        if (state_[inst] == state && (state != Known || value_[inst] == value))
            return;
        if (state_[inst] == Varying)
            return;
        if (state_[inst] == Known)
            state = Varying;
        state_[inst] = state;
        value_[inst] = value;
        values_.insert(values_.end(), users_[inst].begin(), users_[inst].end());
    }
    void visit(int index) {
        const Inst& inst = f_.insts[index];
        int block = inst.block;
        if (inst.op == Op::Phi) {
            visit_phi(index);
        } else if (inst.op == Op::Jump) {
            edge(block, f_.blocks[block].succs[0]);
        } else if (inst.op == Op::Branch) {
            State state = state_[inst.args[0]];
            for (int side = 0; side < 2; ++side)
                if (state == Varying || (state == Known && (value_[inst.args[0]] == 0) == (side == 1)))
                    edge(block, f_.blocks[block].succs[side]);
        } else if (is_pure(inst.op)) {
            visit_operation(index);
        } else if (inst.op != Op::Return && inst.op != Op::Store) {
            set(index, Varying, 0);
        }
    }
    void visit_phi(int index) {
        const Inst& inst = f_.insts[index];
        bool known = false;
        int64_t value = 0;
        for (size_t i = 0; i < inst.args.size(); ++i) {
            const auto& done = edges_[inst.block];
            if (std::find(done.begin(), done.end(), f_.blocks[inst.block].preds[i]) == done.end())
                continue;
            int arg = inst.args[i];
            if (state_[arg] == Unknown)
                continue;
            if (state_[arg] == Varying || (known && value != value_[arg]))
                return set(index, Varying, 0);
            known = true;
            value = value_[arg];
        }
        if (known)
            set(index, Known, value);
    }
    void visit_operation(int index) {
        const Inst& inst = f_.insts[index];
        int64_t values[3] = {0, 0, 0};
        bool varying = false;
        for (size_t i = 0; i < inst.args.size(); ++i) {
            State state = state_[inst.args[i]];
            bool absorbs =
                state == Known && value_[inst.args[i]] == 0 && (inst.op == Op::Mul || inst.op == Op::And);
            if (absorbs)
                return set(index, Known, 0);
            if (state == Unknown)
                return;
            varying = varying || state == Varying;
            values[i] = value_[inst.args[i]];
        }
        if (varying)
            set(index, Varying, 0);
        else
            set(index, Known, fold(inst.op, values[0], values[1], values[2]));
    }
    bool apply() {
        std::vector<int> map = identity(f_);
        bool changed = false;
        for (size_t i = 0; i < state_.size(); ++i)
            if (state_[i] == Known && f_.insts[i].op != Op::Constant && f_.insts[i].block >= 0) {
                map[i] = f_.constant(value_[i]);
                changed = true;
            }
        if (changed)
            f_.rewrite(map);
        return clean_graph(f_) || changed;
    }

    Function& f_;
    std::vector<State> state_;
    std::vector<int64_t> value_;
    std::vector<std::vector<int>> users_;
    std::vector<bool> reached_;
    std::vector<std::vector<int>> edges_;
    std::vector<int> blocks_, values_;
};

struct Key {
    Op op;
    int a, b, c;
    bool operator<(const Key& other) const {
        if (op != other.op)
            return op < other.op;
        if (a != other.a)
            return a < other.a;
        return b != other.b ? b < other.b : c < other.c;
    }
};

class ValueNumbering {
public:
    explicit ValueNumbering(Function& function)
        : f_(function), dominance_(function), map_(identity(function)) {}
    bool run() {
        walk(0);
        if (changed_)
            f_.rewrite(map_);
        return changed_;
    }

private:
    int find(int value) const {
        while (map_[value] != value)
            value = map_[value];
        return value;
    }
    // Equal keys for a < b and b > a, and for swapped commutative operands.
    Key key_of(const Inst& inst) const {
        Key key{inst.op, find(inst.args[0]), inst.args.size() > 1 ? find(inst.args[1]) : -1,
                inst.args.size() > 2 ? find(inst.args[2]) : -1};
        if (key.op == Op::Gt || key.op == Op::Ge) {
            key.op = key.op == Op::Gt ? Op::Lt : Op::Le;
            std::swap(key.a, key.b);
        } else if (is_commutative(key.op) && key.a > key.b) {
            std::swap(key.a, key.b);
        }
        return key;
    }
    void walk(int block) {
        std::vector<Key> added;
        std::map<std::vector<int>, int> phis;
        for (int index : f_.blocks[block].insts) {
            const Inst& inst = f_.insts[index];
            if (inst.op == Op::Phi) {
                std::vector<int> args;
                for (int arg : inst.args)
                    args.push_back(find(arg));
                auto [place, is_new] = phis.try_emplace(std::move(args), index);
                merge(index, place->second, is_new);
            } else if (is_pure(inst.op)) {
                Key key = key_of(inst);
                auto [place, is_new] = table_.try_emplace(key, index);
                merge(index, place->second, is_new);
                if (is_new)
                    added.push_back(key);
            }
        }
        for (int child : dominance_.children[block])
            walk(child);
        for (const Key& key : added)
            table_.erase(key);
    }
    void merge(int index, int first, bool is_new) {
        if (is_new)
            return;
        map_[index] = first;
        changed_ = true;
    }

    Function& f_;
    Dominance dominance_;
    std::vector<int> map_;
    std::map<Key, int> table_;
    bool changed_ = false;
};

// What is known about memory while walking down one block.
struct Known {
    int symbol, index, value;
};

bool may_alias(const Function& f, int a, int b) {
    if (a == b)
        return true;
    return !(f.is_constant(a) && f.is_constant(b));
}

void forget(const Function& f, std::vector<Known>& known, int symbol, int index) {
    known.erase(std::remove_if(known.begin(), known.end(), [&](const Known& k) {
        return k.symbol == symbol && may_alias(f, k.index, index); }), known.end());
}

bool forward_block(Function& f, const Block& block, std::vector<int>& map) {
    std::vector<Known> known;
    bool changed = false;
    auto find = [&](int v) { while (map[v] != v) v = map[v]; return v; };
    for (int index : block.insts) {
        const Inst& inst = f.insts[index];
        if (inst.op == Op::Call) {
            known.clear();
        } else if (inst.op == Op::Load) {
            int at = find(inst.args[0]);
            auto hit = std::find_if(known.begin(), known.end(), [&](const Known& k) {
                return k.symbol == inst.symbol && k.index == at; });
            if (hit != known.end()) {
                map[index] = hit->value;
                changed = true;
            } else {
                known.push_back({inst.symbol, at, index});
            }
        } else if (inst.op == Op::Store) {
            int at = find(inst.args[0]);
            forget(f, known, inst.symbol, at);
            known.push_back({inst.symbol, at, find(inst.args[1])});
        }
    }
    return changed;
}

// A store is dead when the same place is written again before anything could read it.
bool dead_stores(Function& f, Block& block) {
    std::vector<std::pair<int, int>> overwritten;
    bool changed = false;
    for (size_t at = block.insts.size(); at-- > 0;) {
        int index = block.insts[at];
        Inst& inst = f.insts[index];
        if (inst.op == Op::Call || inst.op == Op::Load) {
            overwritten.erase(std::remove_if(overwritten.begin(), overwritten.end(),
                                             [&](const auto& entry) {
                                                 return inst.op == Op::Call ||
                                                        (entry.first == inst.symbol &&
                                                         may_alias(f, entry.second, inst.args[0]));
                                             }),
                              overwritten.end());
        } else if (inst.op == Op::Store) {
            std::pair<int, int> place{inst.symbol, inst.args[0]};
            if (std::find(overwritten.begin(), overwritten.end(), place) != overwritten.end()) {
                block.insts.erase(block.insts.begin() + at);
                inst.block = -1;
                changed = true;
            } else {
                overwritten.push_back(place);
            }
        }
    }
    return changed;
}

// True when the block does nothing but a few cheap operations and then jumps to `after`.
bool convertible(const Function& f, int block, int from, int after) {
    const Block& b = f.blocks[block];
    if (b.preds.size() != 1 || b.preds[0] != from || b.succs.size() != 1 || b.succs[0] != after ||
        b.insts.size() > 4)
        return false;
    return std::all_of(b.insts.begin(), b.insts.end() - 1, [&](int inst) {
        Op op = f.insts[inst].op;
        return is_pure(op) && op != Op::Div && op != Op::Rem && op != Op::Mul;
    });
}

void hoist_all(Function& f, int from, int to) {
    std::vector<int> moved(f.blocks[from].insts.begin(), f.blocks[from].insts.end() - 1);
    f.blocks[from].insts.erase(f.blocks[from].insts.begin(), f.blocks[from].insts.end() - 1);
    for (int inst : moved)
        f.insert(to, f.blocks[to].insts.size() - 1, inst);
}

bool convert_at(Function& f, int head) {
    if (f.blocks[head].dead || f.blocks[head].succs.size() != 2)
        return false;
    int yes = f.blocks[head].succs[0], no = f.blocks[head].succs[1], after;
    bool yes_arm, no_arm;
    if (convertible(f, yes, head, no)) {
        after = no, yes_arm = true, no_arm = false;
    } else if (convertible(f, no, head, yes)) {
        after = yes, yes_arm = false, no_arm = true;
    } else if (f.blocks[yes].succs.size() == 1 && convertible(f, yes, head, f.blocks[yes].succs[0]) &&
               convertible(f, no, head, f.blocks[yes].succs[0])) {
        after = f.blocks[yes].succs[0], yes_arm = no_arm = true;
    } else {
        return false;
    }
    if (after == head || f.blocks[after].preds.size() != 2 || f.first_non_phi(after) > 2)
        return false;
    int yes_index = f.pred_index(after, yes_arm ? yes : head),
        no_index = f.pred_index(after, no_arm ? no : head);
    if (yes_arm)
        hoist_all(f, yes, head);
    if (no_arm)
        hoist_all(f, no, head);
    int test = f.insts[f.terminator(head)].args[0];
    size_t phis = f.first_non_phi(after);
    for (size_t i = 0; i < phis; ++i) {
        int phi = f.blocks[after].insts[i];
        int a = f.insts[phi].args[yes_index], b = f.insts[phi].args[no_index];
        int chosen = f.create(Op::Select, {test, a, b});
        f.insert(head, f.blocks[head].insts.size() - 1, chosen);
        f.insts[phi].args.assign(2, chosen);
    }
    // Only one way is left; clean_graph removes the arms.
    int side = f.constant(yes_arm ? 1 : 0);
    f.insts[f.terminator(head)].args[0] = side;
    return true;
}

}  // namespace

bool propagate_constants(Function& function) { return ConstantPropagation(function).run(); }
bool number_values(Function& function) { return ValueNumbering(function).run(); }

bool remove_dead(Function& function) {
    std::vector<bool> live(function.insts.size(), false);
    std::vector<int> work;
    for (const Block& block : function.blocks)
        for (int inst : block.insts)
            if (has_effect(function.insts[inst].op)) {
                live[inst] = true;
                work.push_back(inst);
            }
    while (!work.empty()) {
        int inst = work.back();
        work.pop_back();
        for (int arg : function.insts[inst].args)
            if (!live[arg]) {
                live[arg] = true;
                work.push_back(arg);
            }
    }
    bool changed = false;
    for (Block& block : function.blocks) {
        auto end = std::remove_if(block.insts.begin(), block.insts.end(), [&](int inst) {
            if (live[inst])
                return false;
            function.insts[inst].block = -1;
            return true;
        });
        changed = changed || end != block.insts.end();
        block.insts.erase(end, block.insts.end());
    }
    return changed;
}

bool forward_memory(Function& function) {
    std::vector<int> map = identity(function);
    bool changed = false;
    for (const Block& block : function.blocks)
        changed |= forward_block(function, block, map);
    if (changed)
        function.rewrite(map);
    for (Block& block : function.blocks)
        changed |= dead_stores(function, block);
    return changed;
}

bool convert_branches(Function& function) {
    bool changed = false;
    for (size_t i = 0; i < function.blocks.size(); ++i)
        if (convert_at(function, static_cast<int>(i))) {
            clean_graph(function);
            changed = true;
        }
    return changed;
}

}  // namespace compiler
