// SPDX-License-Identifier: BSD-3-Clause
// Instruction selection: tree patterns matched bottom up, largest first; phis leave SSA as parallel copies.
#include <algorithm>

#include "machine.hh"
#include "match.hh"

namespace compiler {
namespace {

using namespace match;

bool small(int64_t value) { return value >= -2048 && value < 2048; }

class Selector {
public:
    Selector(Function& function, const Module& module) : f_(function), module_(module) {
        split_critical_edges();
        Dominance dominance(f_);
        order_ = dominance.order;
        loops_ = find_loops(f_, dominance);
    }

    MachineFunction run() {
        out_.name = f_.name;
        out_.registers = static_cast<int>(f_.insts.size());   // one virtual register per value to begin with
        count_uses();
        out_.blocks.resize(order_.size());
        position_.assign(f_.blocks.size(), -1);
        for (size_t i = 0; i < order_.size(); ++i)
            position_[order_[i]] = static_cast<int>(i);
        for (size_t i = order_.size(); i-- > 0;)
            block(static_cast<int>(i));
        return std::move(out_);
    }

private:
    void split_critical_edges() {
        for (size_t b = 0; b < f_.blocks.size(); ++b) {
            if (f_.blocks[b].dead || f_.blocks[b].succs.size() < 2)
                continue;
            for (size_t side = 0; side < 2; ++side) {
                int from = static_cast<int>(b), to = f_.blocks[b].succs[side];
                if (f_.blocks[to].preds.size() < 2)
                    continue;
                int middle = f_.new_block(), index = f_.pred_index(to, from);
                f_.append(middle, Op::Jump, {});
                f_.blocks[middle].preds.push_back(from);
                f_.blocks[middle].succs.push_back(to);
                f_.blocks[from].succs[side] = middle;
                f_.blocks[to].preds[index] = middle;
            }
        }
    }

    // A value with a single use in its own block may disappear into the instruction that uses it.
    void count_uses() {
        uses_.assign(f_.insts.size(), 0);
        needed_.assign(f_.insts.size(), false);
        for (int b : order_)
            for (int inst : f_.blocks[b].insts)
                for (int arg : f_.insts[inst].args) {
                    ++uses_[arg];
                    if (f_.insts[inst].op == Op::Phi || f_.insts[arg].block != b || uses_[arg] > 1)
                        needed_[arg] = true;
                }
    }
    bool foldable(int value) const {
        return uses_[value] == 1 && !needed_[value] && is_pure(f_.insts[value].op);
    }

    template <class P> struct Once {
        const Selector& selector;
        P pattern;
        bool operator()(const Function& f, int value) const {
            return selector.foldable(value) && pattern(f, value);
        }
    };
    template <class P> Once<P> once(P pattern) const { return {*this, pattern}; }

    // ---- emission, backwards ----
    // Braced lists are evaluated from left to right, so registers get the same numbers everywhere.
    void put(M op, int d, std::initializer_list<int> sources) {
        MachineInst inst{op, d};
        int* const places[] = {&inst.a, &inst.b, &inst.c};
        size_t next = 0;
        for (int source : sources)
            *places[next++] = source;
        push(inst);
    }
    void put_i(M op, int d, int a, int64_t imm) { push({op, d, a, -1, -1, imm, -1, -1}); }
    void push(MachineInst inst) {
        code_->push_back(inst);
        // Constants the instruction needs go in front of it, that is, behind it for now.
        for (int value : constants_) {
            MachineInst load{M::li_, value_register(value), -1, -1, -1, pending_constant(value), -1, -1};
            code_->push_back(load);
        }
        constants_.clear();
        fresh_.clear();
    }
    int value_register(int slot) const { return fresh_[slot].first; }
    int64_t pending_constant(int slot) const { return fresh_[slot].second; }
    // The register that holds `value`; asks for its computation.
    int r(int value) {
        if (f_.is_constant(value)) {
            fresh_.emplace_back(out_.registers++, f_.insts[value].imm);
            constants_.push_back(static_cast<int>(fresh_.size()) - 1);
            return fresh_.back().first;
        }
        needed_[value] = true;
        return value;
    }

    void block(int index) {
        int b = order_[index];
        MachineBlock& made = out_.blocks[index];
        for (int next : f_.blocks[b].succs)
            made.succs.push_back(position_[next]);
        for (const Loop& loop : loops_)
            if (std::find(loop.body.begin(), loop.body.end(), b) != loop.body.end())
                made.weight *= 8;
        code_ = &made.code;
        const auto& list = f_.blocks[b].insts;
        terminator(b, list.back());
        if (f_.blocks[b].succs.size() == 1) {
            // Copies for the successor's phis stand right before the jump.
            std::vector<MachineInst> copies = phi_copies(b, f_.blocks[b].succs[0]);
            code_->insert(code_->end(), copies.rbegin(), copies.rend());
        }
        for (size_t i = list.size() - 1; i-- > 0;) {
            const Inst& inst = f_.insts[list[i]];
            if (inst.op != Op::Phi && (has_effect(inst.op) || inst.op == Op::Parameter || needed_[list[i]]))
                select(list[i]);
        }
        std::reverse(code_->begin(), code_->end());
    }

    std::vector<MachineInst> phi_copies(int from, int to) {
        struct Move { int target, source; };
        std::vector<Move> moves;
        std::vector<MachineInst> out, constants;
        int index = f_.pred_index(to, from);
        for (int inst : f_.blocks[to].insts) {
            if (f_.insts[inst].op != Op::Phi)
                break;
            int source = f_.insts[inst].args[index];
            if (f_.is_constant(source))
                constants.push_back({M::li_, inst, -1, -1, -1, f_.insts[source].imm, -1, -1});
            else if (source != inst)
                moves.push_back({inst, source});
        }
        while (!moves.empty()) {
            auto free = std::find_if(moves.begin(), moves.end(), [&](const Move& move) {
                return std::none_of(moves.begin(), moves.end(),
                                    [&](const Move& o) { return o.source == move.target; });
            });
            if (free == moves.end()) {          // a cycle: park one value
                int parked = out_.registers++;
                out.push_back({M::mov_, parked, moves[0].target, -1, -1, 0, -1, -1});
                for (Move& move : moves)
                    if (move.source == moves[0].target)
                        move.source = parked;
                continue;
            }
            out.push_back({M::mov_, free->target, free->source, -1, -1, 0, -1, -1});
            moves.erase(free);
        }
        out.insert(out.end(), constants.begin(), constants.end());
        return out;
    }

    int x = 0, y = 0, z = 0;
    int64_t c = 0, d = 0;
#define PATTERN(pattern, condition, action) if (pattern(f_, v) && (condition)) { action; return; }

    void branch_to(M op, std::initializer_list<int> sides, int label) {
        push({op, -1, sides.begin()[0], sides.begin()[1], -1, 0, -1, label});
    }
    void branch_to(M op, int a, int64_t imm, int label) { push({op, -1, a, -1, -1, imm, -1, label}); }

    void terminator(int b, int v) {
        const Inst& inst = f_.insts[v];
        if (inst.op == Op::Return) {
            if (f_.is_constant(inst.args[0]))
                put_i(M::reti_, -1, -1, f_.insts[inst.args[0]].imm);
            else
                put(M::ret_, -1, {r(inst.args[0])});
            return;
        }
        const auto& succs = f_.blocks[b].succs;
        push({M::jmp_, -1, -1, -1, -1, 0, -1, position_[succs.back()]});
        if (inst.op == Op::Branch)
            condition(inst.args[0], position_[succs[0]]);
    }
    void condition(int v, int yes) {
        if (foldable(v)) {
            PATTERN((bin<Op::Eq>(once(bin<Op::And>(any(x), con(c))), is<0>())), c == 1 || c == 2 || c == 4,
                    int flag = out_.registers++;
                    branch_to(M::bz_, flag, 0, yes); put_i(M::andi_, flag, r(x), c))
            PATTERN((bin<Op::Ne>(once(bin<Op::And>(any(x), con(c))), is<0>())), small(c),
                    branch_to(M::bbit_, r(x), c, yes))
            PATTERN((bin<Op::Eq>(any(x), is<0>())), true, branch_to(M::bz_, r(x), 0, yes))
            PATTERN((bin<Op::Ne>(any(x), is<0>())), true, branch_to(M::bnz_, r(x), 0, yes))
            PATTERN((bin<Op::Eq>(any(x), con(c))), small(c), branch_to(M::beqi_, r(x), c, yes))
            PATTERN((bin<Op::Ne>(any(x), con(c))), small(c), branch_to(M::bnei_, r(x), c, yes))
            PATTERN((bin<Op::Lt>(any(x), con(c))), small(c), branch_to(M::blti_, r(x), c, yes))
            PATTERN((bin<Op::Gt>(any(x), con(c))), small(c), branch_to(M::bgti_, r(x), c, yes))
            PATTERN((bin<Op::Eq>(any(x), any(y))), true, branch_to(M::beq_, {r(x), r(y)}, yes))
            PATTERN((bin<Op::Ne>(any(x), any(y))), true, branch_to(M::bne_, {r(x), r(y)}, yes))
            PATTERN((bin<Op::Lt>(any(x), any(y))), true, branch_to(M::blt_, {r(x), r(y)}, yes))
            PATTERN((bin<Op::Le>(any(x), any(y))), true, branch_to(M::ble_, {r(x), r(y)}, yes))
            PATTERN((bin<Op::Gt>(any(x), any(y))), true, branch_to(M::blt_, {r(y), r(x)}, yes))
            PATTERN((bin<Op::Ge>(any(x), any(y))), true, branch_to(M::ble_, {r(y), r(x)}, yes))
            PATTERN((bin<Op::And>(any(x), con(c))), small(c), branch_to(M::bbit_, r(x), c, yes))
            PATTERN((bin<Op::Sub>(any(x), any(y))), true, branch_to(M::bne_, {r(x), r(y)}, yes))
        }
        branch_to(M::bnz_, r(v), 0, yes);
    }

    void select(int v) {
        const Inst inst = f_.insts[v];
        switch (inst.op) {
        case Op::Add: return add(v);
        case Op::Sub: return sub(v);
        case Op::Mul: return with_immediate<Op::Mul, M::mul_, M::muli_>(v);
        case Op::Div: return with_immediate<Op::Div, M::div_, M::divi_>(v);
        case Op::Rem: return with_immediate<Op::Rem, M::rem_, M::remi_>(v);
        case Op::And: return logic<Op::And, M::and_, M::andi_, M::andn_>(v);
        case Op::Or: return logic<Op::Or, M::or_, M::ori_, M::orn_>(v);
        case Op::Xor: return logic<Op::Xor, M::xor_, M::xori_, M::xnor_>(v);
        case Op::Shl: return with_immediate<Op::Shl, M::shl_, M::shli_>(v);
        case Op::Shr: return with_immediate<Op::Shr, M::shr_, M::shri_>(v);
        case Op::Sar: return with_immediate<Op::Sar, M::sar_, M::sari_>(v);
        case Op::Min: return with_immediate<Op::Min, M::min_, M::mini_>(v);
        case Op::Max: return with_immediate<Op::Max, M::max_, M::maxi_>(v);
        case Op::Eq: return with_immediate<Op::Eq, M::seq_, M::seqi_>(v);
        case Op::Ne: return with_immediate<Op::Ne, M::sne_, M::snei_>(v);
        case Op::Lt: return with_immediate<Op::Lt, M::slt_, M::slti_>(v);
        case Op::Gt:
            PATTERN((bin<Op::Gt>(any(x), con(c))), small(c), put_i(M::sgti_, v, r(x), c))
            return put(M::slt_, v, {r(inst.args[1]), r(inst.args[0])});
        case Op::Le: return put(M::sle_, v, {r(inst.args[0]), r(inst.args[1])});
        case Op::Ge: return put(M::sle_, v, {r(inst.args[1]), r(inst.args[0])});
        case Op::Below: return put(M::sltu_, v, {r(inst.args[0]), r(inst.args[1])});
        case Op::Neg: return put(M::neg_, v, {r(inst.args[0])});
        case Op::Not:
            PATTERN((un<Op::Not>(once(bin<Op::Xor>(any(x), any(y))))), true, put(M::xnor_, v, {r(x), r(y)}))
            return put(M::not_, v, {r(inst.args[0])});
        case Op::Select: return choice(v);
        case Op::Load: return load(v);
        case Op::Store: return store(v);
        case Op::Parameter: return put_i(M::getarg_, v, -1, inst.imm);
        case Op::Call:
            push({M::call_, v, -1, -1, -1, 0, inst.symbol, -1});
            for (size_t i = inst.args.size(); i-- > 0;)
                put_i(M::arg_, -1, r(inst.args[i]), static_cast<int64_t>(i));
            return;
        default: throw CompileError(std::string("no instruction for ") + op_name(inst.op));
        }
    }
    template <Op Wanted, M Plain, M Immediate> void with_immediate(int v) {
        PATTERN((bin<Wanted>(any(x), con(c))), small(c), put_i(Immediate, v, r(x), c))
        const Inst inst = f_.insts[v];
        put(Plain, v, {r(inst.args[0]), r(inst.args[1])});
    }
    template <Op Wanted, M Plain, M Immediate, M Inverted> void logic(int v) {
        PATTERN((bin<Wanted>(any(x), once(un<Op::Not>(any(y))))), true, put(Inverted, v, {r(x), r(y)}))
        with_immediate<Wanted, Plain, Immediate>(v);
    }
    void add(int v) {
        constexpr Op A = Op::Add;
        PATTERN((bin<A>(any(x), once(bin<Op::Mul>(any(y), any(z))))), !f_.is_constant(x),
                put(M::madd_, v, {r(y), r(z), r(x)}))
        PATTERN((bin<A>(any(x), once(bin<Op::Shl>(any(y), is<1>())))), true, put(M::sh1add_, v, {r(x), r(y)}))
        PATTERN((bin<A>(any(x), once(bin<Op::Shl>(any(y), is<2>())))), true, put(M::sh2add_, v, {r(x), r(y)}))
        PATTERN((bin<A>(any(x), once(bin<Op::Shl>(any(y), is<3>())))), true, put(M::sh3add_, v, {r(x), r(y)}))
        PATTERN((bin<A>(any(x), once(un<Op::Neg>(any(y))))), true, put(M::sub_, v, {r(x), r(y)}))
        with_immediate<A, M::add_, M::addi_>(v);
    }
    void sub(int v) {
        constexpr Op S = Op::Sub;
        PATTERN((bin<S>(any(x), once(bin<Op::Mul>(any(y), any(z))))), true,
                put(M::msub_, v, {r(y), r(z), r(x)}))
        PATTERN((bin<S>(con(c), any(x))), small(c), put_i(M::rsubi_, v, r(x), c))
        PATTERN((bin<S>(any(x), con(c))), small(c) && c != -2048, put_i(M::addi_, v, r(x), -c))
        const Inst inst = f_.insts[v];
        put(M::sub_, v, {r(inst.args[0]), r(inst.args[1])});
    }
    void choice(int v) {
        PATTERN((sel(any(x), any(y), is<0>())), true, put(M::selz_, v, {r(x), r(y)}))
        PATTERN((sel(any(x), is<0>(), any(y))), true, put(M::seln_, v, {r(x), r(y)}))
        const Inst inst = f_.insts[v];
        put(M::sel_, v, {r(inst.args[0]), r(inst.args[1]), r(inst.args[2])});
    }
    // Indices wrap at the array length; addressing modes do that for free.
    bool wraps(int symbol) const { return c == module_.arrays[symbol].length - 1; }
    void load(int v) {
        const int symbol = f_.insts[v].symbol, index = f_.insts[v].args[0];
        auto access = [&](M op, int a, int64_t imm) { push({op, v, a, -1, -1, imm, symbol, -1}); };
        if (f_.is_constant(index))
            return access(M::ldi_, -1, f_.insts[index].imm);
        if (once(bin<Op::And>(once(bin<Op::Add>(any(x), con(d))), con(c)))(f_, index) && wraps(symbol) &&
            small(d))
            return access(M::ldmo_, r(x), d);
        if (once(bin<Op::And>(any(x), con(c)))(f_, index) && wraps(symbol))
            return access(M::ldm_, r(x), 0);
        access(M::ld_, r(index), 0);
    }
    void store(int v) {
        const int symbol = f_.insts[v].symbol, index = f_.insts[v].args[0], value = f_.insts[v].args[1];
        auto access = [&](M op, int a, int64_t imm) {
            int stored = r(value);
            push({op, -1, a, stored, -1, imm, symbol, -1});
        };
        if (f_.is_constant(index))
            return access(M::sti_, -1, f_.insts[index].imm);
        if (once(bin<Op::And>(once(bin<Op::Add>(any(x), con(d))), con(c)))(f_, index) && wraps(symbol) &&
            small(d))
            return access(M::stmo_, r(x), d);
        if (once(bin<Op::And>(any(x), con(c)))(f_, index) && wraps(symbol))
            return access(M::stm_, r(x), 0);
        access(M::st_, r(index), 0);
    }
#undef PATTERN

    Function& f_;
    const Module& module_;
    MachineFunction out_;
    std::vector<int> order_, position_, uses_;
    std::vector<bool> needed_;
    std::vector<Loop> loops_;
    std::vector<MachineInst>* code_ = nullptr;
    std::vector<std::pair<int, int64_t>> fresh_;
    std::vector<int> constants_;
};

}  // namespace

MachineFunction select_instructions(Function& function, const Module& module) {
    return Selector(function, module).run();
}

}  // namespace compiler
