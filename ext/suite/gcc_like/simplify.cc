// SPDX-License-Identifier: BSD-3-Clause
// Algebraic simplification: about 150 rewrite rules in the manner of a match.pd file.
#include <algorithm>

#include "match.hh"
#include "passes.hh"

namespace compiler {
namespace {

using namespace match;

bool power_of_two(int64_t value) { return value > 0 && (value & (value - 1)) == 0; }
int log_two(int64_t value) {
    int shift = 0;
    while ((int64_t{1} << shift) < value)
        ++shift;
    return shift;
}

class Simplifier {
public:
    explicit Simplifier(Function& function) : f_(function) {}

    bool run() {
        bool any = false;
        for (int round = 0; round < 4 && sweep(); ++round)
            any = true;
        return any;
    }

private:
    bool sweep() {
        replacement_.clear();
        for (size_t i = 0; i < f_.insts.size(); ++i)
            replacement_.push_back(static_cast<int>(i));
        bool changed = false;
        for (size_t b = 0; b < f_.blocks.size(); ++b) {
            std::vector<int> old;
            old.swap(f_.blocks[b].insts);
            for (int inst : old) {
                block_ = static_cast<int>(b);
                for (int& arg : f_.insts[inst].args)
                    arg = find(arg);
                int better = is_pure(f_.insts[inst].op) ? visit(inst) : -1;
                if (better >= 0 && better != inst) {
                    grow();
                    replacement_[inst] = better;
                    changed = true;
                }
                f_.blocks[b].insts.push_back(inst);
            }
        }
        if (changed)
            f_.rewrite(replacement_);
        return changed;
    }
    int find(int value) const {
        while (value < static_cast<int>(replacement_.size()) && replacement_[value] != value)
            value = replacement_[value];
        return value;
    }
    void grow() {
        while (replacement_.size() < f_.insts.size())
            replacement_.push_back(static_cast<int>(replacement_.size()));
    }

    int k(int64_t value) { return f_.constant(value); }
    // Braced lists are evaluated from left to right, so every compiler creates the same values in the same
    // order.
    int make(Op op, std::initializer_list<int> args) { return f_.append(block_, op, args); }

    int visit(int v) {
        Inst& inst = f_.insts[v];
        bool constant = true;
        for (int arg : inst.args)
            constant = constant && f_.is_constant(arg);
        if (constant) {
            int64_t values[3] = {0, 0, 0};
            for (size_t i = 0; i < inst.args.size(); ++i)
                values[i] = f_.insts[inst.args[i]].imm;
            return k(fold(inst.op, values[0], values[1], values[2]));
        }
        // Constants stand on the right of commutative operations, as the rules below expect.
        if (is_commutative(inst.op) && f_.is_constant(inst.args[0]))
            std::swap(inst.args[0], inst.args[1]);
        switch (inst.op) {
        case Op::Add: return add(v);
        case Op::Sub: return sub(v);
        case Op::Mul: return mul(v);
        case Op::Div: return div(v);
        case Op::Rem: return rem(v);
        case Op::And: return bit_and(v);
        case Op::Or: return bit_or(v);
        case Op::Xor: return bit_xor(v);
        case Op::Shl: return shift_left(v);
        case Op::Shr: return shift_right<Op::Shr>(v);
        case Op::Sar: return shift_right<Op::Sar>(v);
        case Op::Eq: return equal<Op::Eq, Op::Ne>(v, 1);
        case Op::Ne: return equal<Op::Ne, Op::Eq>(v, 0);
        case Op::Lt: return order<Op::Lt, Op::Gt>(v, 0);
        case Op::Le: return order<Op::Le, Op::Ge>(v, 1);
        case Op::Gt: return order<Op::Gt, Op::Lt>(v, 0);
        case Op::Ge: return order<Op::Ge, Op::Le>(v, 1);
        case Op::Neg: return negate(v);
        case Op::Not: return complement(v);
        case Op::Select: return select(v);
        case Op::Min: return extreme<Op::Min, Op::Max>(v);
        case Op::Max: return extreme<Op::Max, Op::Min>(v);
        default: return -1;
        }
    }

    // Captures of the rule being tried.
    int x = 0, y = 0, z = 0;
    int64_t c = 0, d = 0;

#define RULE(pattern, ...) if (pattern(f_, v)) return __VA_ARGS__;
#define RULE_IF(pattern, condition, ...) if (pattern(f_, v) && (condition)) return __VA_ARGS__;

    int add(int v) {
        constexpr Op A = Op::Add, S = Op::Sub, M = Op::Mul;
        RULE((bin<A>(any(x), is<0>())), x)
        RULE((bin<A>(bin<A>(any(x), con(c)), con(d))), make(A, {x, k(fold(A, c, d))}))
        RULE((bin<A>(bin<S>(any(x), con(c)), con(d))), make(A, {x, k(fold(S, d, c))}))
        RULE((bin<A>(bin<S>(con(c), any(x)), con(d))), make(S, {k(fold(A, c, d)), x}))
        RULE((bin<A>(un<Op::Neg>(any(x)), any(y))), make(S, {y, x}))
        RULE((bin<A>(bin<S>(any(x), any(y)), same(y))), x)
        RULE((bin<A>(bin<S>(any(x), any(y)), bin<S>(same(y), any(z)))), make(S, {x, z}))
        RULE((bin<A>(any(x), same(x))), make(Op::Shl, {x, k(1)}))
        RULE((bin<A>(bin<M>(any(x), con(c)), same(x))), make(M, {x, k(fold(A, c, 1))}))
        RULE((bin<A>(bin<M>(any(x), con(c)), bin<M>(same(x), con(d)))), make(M, {x, k(fold(A, c, d))}))
        RULE((bin<A>(bin<Op::Shl>(any(x), con(c)), same(x))),
             make(M, {x, k(fold(A, fold(Op::Shl, 1, c), 1))}))
        RULE((bin<A>(un<Op::Not>(any(x)), is<1>())), make(Op::Neg, {x}))
        RULE((bin<A>(un<Op::Not>(any(x)), same(x))), k(-1))
        RULE((bin<A>(bin<Op::And>(any(x), any(y)), bin<Op::Or>(same(x), same(y)))), make(A, {x, y}))
        RULE((bin<A>(bin<Op::And>(any(x), any(y)), bin<Op::Xor>(same(x), same(y)))), make(Op::Or, {x, y}))
        RULE((bin<A>(bin<A>(any(x), con(c)), bin<A>(any(y), con(d)))),
             make(A, {make(A, {x, y}), k(fold(A, c, d))}))
        RULE((bin<A>(bin<M>(any(x), any(y)), bin<M>(same(x), any(z)))), make(M, {x, make(A, {y, z})}))
        RULE((bin<A>(bin<Op::Min>(any(x), any(y)), bin<Op::Max>(same(x), same(y)))), make(A, {x, y}))
        return -1;
    }
    int sub(int v) {
        constexpr Op A = Op::Add, S = Op::Sub, M = Op::Mul;
        RULE((bin<S>(any(x), is<0>())), x)
        RULE((bin<S>(any(x), same(x))), k(0))
        RULE((bin<S>(is<0>(), any(x))), make(Op::Neg, {x}))
        RULE((bin<S>(is<-1>(), any(x))), make(Op::Not, {x}))
        RULE((bin<S>(any(x), con(c))), make(A, {x, k(fold(Op::Neg, c, 0))}))
        RULE((bin<S>(bin<A>(any(x), any(y)), same(y))), x)
        RULE((bin<S>(bin<A>(any(y), any(x)), same(y))), x)
        RULE((bin<S>(any(x), bin<A>(same(x), any(y)))), make(Op::Neg, {y}))
        RULE((bin<S>(any(x), bin<S>(same(x), any(y)))), y)
        RULE((bin<S>(bin<S>(any(x), any(y)), same(x))), make(Op::Neg, {y}))
        RULE((bin<S>(any(x), un<Op::Neg>(any(y)))), make(A, {x, y}))
        RULE((bin<S>(con(c), bin<A>(any(x), con(d)))), make(S, {k(fold(S, c, d)), x}))
        RULE((bin<S>(con(c), bin<S>(con(d), any(x)))), make(A, {x, k(fold(S, c, d))}))
        RULE((bin<S>(bin<M>(any(x), con(c)), same(x))), make(M, {x, k(fold(S, c, 1))}))
        RULE((bin<S>(bin<M>(any(x), con(c)), bin<M>(same(x), con(d)))), make(M, {x, k(fold(S, c, d))}))
        RULE((bin<S>(bin<Op::Shl>(any(x), con(c)), same(x))),
             make(M, {x, k(fold(S, fold(Op::Shl, 1, c), 1))}))
        RULE((bin<S>(bin<Op::Or>(any(x), any(y)), bin<Op::And>(same(x), same(y)))), make(Op::Xor, {x, y}))
        RULE((bin<S>(bin<Op::Or>(any(x), any(y)), bin<Op::Xor>(same(x), same(y)))), make(Op::And, {x, y}))
        RULE((bin<S>(bin<A>(any(x), con(c)), bin<A>(any(y), con(d)))),
             make(A, {make(S, {x, y}), k(fold(S, c, d))}))
        RULE((bin<S>(bin<A>(any(x), any(y)), bin<A>(same(x), any(z)))), make(S, {y, z}))
        RULE((bin<S>(un<Op::Not>(any(x)), un<Op::Not>(any(y)))), make(S, {y, x}))
        return -1;
    }
    int mul(int v) {
        constexpr Op M = Op::Mul;
        RULE((bin<M>(any(x), is<0>())), k(0))
        RULE((bin<M>(any(x), is<1>())), x)
        RULE((bin<M>(any(x), is<-1>())), make(Op::Neg, {x}))
        RULE((bin<M>(bin<M>(any(x), con(c)), con(d))), make(M, {x, k(fold(M, c, d))}))
        RULE((bin<M>(bin<Op::Shl>(any(x), con(c)), con(d))), make(M, {x, k(fold(M, fold(Op::Shl, 1, c), d))}))
        RULE((bin<M>(bin<Op::Add>(any(x), con(c)), con(d))),
             make(Op::Add, {make(M, {x, k(d)}), k(fold(M, c, d))}))
        RULE((bin<M>(un<Op::Neg>(any(x)), con(c))), make(M, {x, k(fold(Op::Neg, c, 0))}))
        RULE((bin<M>(un<Op::Neg>(any(x)), un<Op::Neg>(any(y)))), make(M, {x, y}))
        RULE_IF((bin<M>(any(x), con(c))), power_of_two(c), make(Op::Shl, {x, k(log_two(c))}))
        RULE_IF((bin<M>(any(x), con(c))), c < -1 && power_of_two(fold(Op::Neg, c, 0)),
                make(Op::Neg, {make(Op::Shl, {x, k(log_two(-c))})}))
        RULE((bin<M>(bin<Op::Shl>(any(x), con(c)), any(y))), make(Op::Shl, {make(M, {x, y}), k(c)}))
        RULE((bin<M>(bin<Op::Eq>(any(x), is<0>()), any(y))), make(Op::Select, {x, k(0), y}))
        return -1;
    }
    int div(int v) {
        constexpr Op D = Op::Div;
        RULE((bin<D>(any(x), is<1>())), x)
        RULE((bin<D>(any(x), is<0>())), k(0))
        RULE((bin<D>(any(x), is<-1>())), make(Op::Neg, {x}))
        RULE((bin<D>(is<0>(), any(x))), k(0))
        RULE_IF((bin<D>(bin<D>(any(x), con(c)), con(d))), c > 1 && d > 1 && c < 100000 && d < 100000,
                make(D, {x, k(c * d)}))
        RULE_IF((bin<D>(bin<Op::And>(any(x), con(c)), con(d))), c >= 0 && power_of_two(d),
                make(Op::Shr, {make(Op::And, {x, k(c)}), k(log_two(d))}))
        RULE_IF((bin<D>(any(x), con(c))), power_of_two(c), signed_division(x, log_two(c)))
        RULE_IF((bin<D>(un<Op::Neg>(any(x)), con(c))), c == 3 || c == 5, make(Op::Neg, {make(D, {x, k(c)})}))
        return -1;
    }
    // Rounds towards zero: negative values get 2^n - 1 added before the shift.
    int signed_division(int value, int shift) {
        int sign = make(Op::Sar, {value, k(63)});
        int bias = make(Op::Shr, {sign, k(64 - shift)});
        return make(Op::Sar, {make(Op::Add, {value, bias}), k(shift)});
    }
    int rem(int v) {
        constexpr Op R = Op::Rem;
        RULE((bin<R>(any(x), is<1>())), k(0))
        RULE((bin<R>(any(x), is<-1>())), k(0))
        RULE((bin<R>(any(x), is<0>())), x)
        RULE((bin<R>(is<0>(), any(x))), k(0))
        RULE((bin<R>(any(x), same(x))), make(Op::Select, {x, k(0), x}))
        RULE_IF((bin<R>(bin<Op::And>(any(x), con(c)), con(d))), c >= 0 && power_of_two(d),
                make(Op::And, {x, k(c & (d - 1))}))
        RULE_IF((bin<R>(bin<R>(any(x), con(c)), con(d))), c == d, make(R, {x, k(c)}))
        RULE_IF((bin<R>(any(x), con(c))), power_of_two(c),
                make(Op::Sub, {x, make(Op::Shl, {signed_division(x, log_two(c)), k(log_two(c))})}))
        RULE_IF((bin<R>(any(x), con(c))), c < -1 && c > -100000, make(R, {x, k(-c)}))
        return -1;
    }
    int bit_and(int v) {
        constexpr Op N = Op::And, O = Op::Or;
        RULE((bin<N>(any(x), is<0>())), k(0))
        RULE((bin<N>(any(x), is<-1>())), x)
        RULE((bin<N>(any(x), same(x))), x)
        RULE((bin<N>(bin<N>(any(x), con(c)), con(d))), make(N, {x, k(c & d)}))
        RULE((bin<N>(un<Op::Not>(any(x)), same(x))), k(0))
        RULE((bin<N>(bin<O>(any(x), any(y)), same(x))), x)
        RULE((bin<N>(bin<O>(un<Op::Not>(any(x)), any(y)), same(x))), make(N, {x, y}))
        RULE((bin<N>(un<Op::Not>(any(x)), un<Op::Not>(any(y)))), make(Op::Not, {make(O, {x, y})}))
        RULE((bin<N>(bin<O>(any(x), any(y)), bin<O>(same(x), any(z)))), make(O, {x, make(N, {y, z})}))
        RULE_IF((bin<N>(bin<O>(any(x), con(c)), con(d))), (c & d) == 0, make(N, {x, k(d)}))
        RULE_IF((bin<N>(bin<Op::Shl>(any(x), con(c)), con(d))), c < 63 && d >= 0 && (d >> c << c) == 0, k(0))
        RULE_IF((bin<N>(bin<Op::Shr>(any(x), con(c)), con(d))), c > 0 && d == fold(Op::Shr, -1, c),
                make(Op::Shr, {x, k(c)}))
        RULE_IF((bin<N>(bin<Op::Eq>(any(x), any(y)), con(c))), c == 1, make(Op::Eq, {x, y}))
        RULE_IF((bin<N>(bin<Op::Lt>(any(x), any(y)), con(c))), c == 1, make(Op::Lt, {x, y}))
        RULE_IF((bin<N>(bin<Op::Add>(any(x), con(c)), con(d))), power_of_two(d + 1) && (c & d) == 0 && c != 0,
                make(N, {x, k(d)}))
        RULE_IF((bin<N>(bin<Op::Sub>(any(x), bin<Op::Shl>(any(y), con(c))), con(d))),
                c < 60 && power_of_two(d + 1) && (int64_t{1} << c) > d, make(N, {x, k(d)}))
        RULE_IF((bin<N>(bin<Op::Sar>(any(x), con(c)), con(d))), c < 32 && d >= 0 && d < (int64_t{1} << 30),
                make(N, {make(Op::Shr, {x, k(c)}), k(d)}))
        RULE((bin<N>(bin<Op::Le>(any(x), any(y)), bin<Op::Ge>(same(x), same(y)))), make(Op::Eq, {x, y}))
        return -1;
    }
    int bit_or(int v) {
        constexpr Op N = Op::And, O = Op::Or;
        RULE((bin<O>(any(x), is<0>())), x)
        RULE((bin<O>(any(x), is<-1>())), k(-1))
        RULE((bin<O>(any(x), same(x))), x)
        RULE((bin<O>(bin<O>(any(x), con(c)), con(d))), make(O, {x, k(c | d)}))
        RULE((bin<O>(un<Op::Not>(any(x)), same(x))), k(-1))
        RULE((bin<O>(bin<N>(any(x), any(y)), same(x))), x)
        RULE((bin<O>(bin<N>(un<Op::Not>(any(x)), any(y)), same(x))), make(O, {x, y}))
        RULE((bin<O>(un<Op::Not>(any(x)), un<Op::Not>(any(y)))), make(Op::Not, {make(N, {x, y})}))
        RULE((bin<O>(bin<N>(any(x), any(y)), bin<N>(same(x), any(z)))), make(N, {x, make(O, {y, z})}))
        RULE_IF((bin<O>(bin<N>(any(x), con(c)), con(d))), (c | d) == -1, make(O, {x, k(d)}))
        RULE((bin<O>(bin<Op::Lt>(any(x), any(y)), bin<Op::Eq>(same(x), same(y)))), make(Op::Le, {x, y}))
        RULE((bin<O>(bin<Op::Gt>(any(x), any(y)), bin<Op::Eq>(same(x), same(y)))), make(Op::Ge, {x, y}))
        RULE((bin<O>(bin<Op::Lt>(any(x), any(y)), bin<Op::Gt>(same(x), same(y)))), make(Op::Ne, {x, y}))
        RULE((bin<O>(bin<Op::Xor>(any(x), any(y)), same(x))), make(O, {x, y}))
        return -1;
    }
    int bit_xor(int v) {
        constexpr Op X = Op::Xor;
        RULE((bin<X>(any(x), is<0>())), x)
        RULE((bin<X>(any(x), same(x))), k(0))
        RULE((bin<X>(any(x), is<-1>())), make(Op::Not, {x}))
        RULE((bin<X>(bin<X>(any(x), con(c)), con(d))), make(X, {x, k(c ^ d)}))
        RULE((bin<X>(bin<X>(any(x), any(y)), same(y))), x)
        RULE((bin<X>(bin<X>(any(y), any(x)), same(y))), x)
        RULE((bin<X>(un<Op::Not>(any(x)), un<Op::Not>(any(y)))), make(X, {x, y}))
        RULE((bin<X>(un<Op::Not>(any(x)), con(c))), make(X, {x, k(~c)}))
        RULE((bin<X>(bin<Op::And>(any(x), any(y)), bin<Op::Or>(same(x), same(y)))), make(X, {x, y}))
        RULE((bin<X>(bin<Op::And>(any(x), any(y)), same(x))), make(Op::And, {x, make(Op::Not, {y})}))
        RULE((bin<X>(bin<Op::Eq>(any(x), any(y)), is<1>())), make(Op::Ne, {x, y}))
        RULE((bin<X>(bin<Op::Lt>(any(x), any(y)), is<1>())), make(Op::Ge, {x, y}))
        RULE((bin<X>(bin<Op::Gt>(any(x), any(y)), is<1>())), make(Op::Le, {x, y}))
        return -1;
    }
    int shift_left(int v) {
        constexpr Op L = Op::Shl;
        RULE((bin<L>(any(x), is<0>())), x)
        RULE((bin<L>(is<0>(), any(x))), k(0))
        RULE_IF((bin<L>(any(x), con(c))), c < 0 || c > 63, make(L, {x, k(c & 63)}))
        RULE_IF((bin<L>(bin<L>(any(x), con(c)), con(d))), c >= 0 && d >= 0 && c + d < 64,
                make(L, {x, k(c + d)}))
        RULE_IF((bin<L>(bin<Op::Shr>(any(x), con(c)), con(d))), c == d, make(Op::And, {x, k(fold(L, -1, c))}))
        RULE_IF((bin<L>(bin<Op::Sar>(any(x), con(c)), con(d))), c == d, make(Op::And, {x, k(fold(L, -1, c))}))
        RULE((bin<L>(bin<Op::Add>(any(x), con(c)), con(d))),
             make(Op::Add, {make(L, {x, k(d)}), k(fold(L, c, d))}))
        RULE((bin<L>(any(x), bin<Op::And>(any(y), is<63>()))), make(L, {x, y}))
        RULE_IF((bin<L>(bin<Op::Mul>(any(x), con(c)), con(d))), d < 32, make(Op::Mul, {x, k(fold(L, c, d))}))
        return -1;
    }
    template <Op R> int shift_right(int v) {
        RULE((bin<R>(any(x), is<0>())), x)
        RULE((bin<R>(is<0>(), any(x))), k(0))
        RULE_IF((bin<R>(any(x), con(c))), c < 0 || c > 63, make(R, {x, k(c & 63)}))
        RULE_IF((bin<R>(bin<R>(any(x), con(c)), con(d))), c >= 0 && d >= 0 && c + d < 64,
                make(R, {x, k(c + d)}))
        RULE_IF((bin<R>(bin<Op::Shl>(any(x), con(c)), con(d))), R == Op::Shr && c == d,
                make(Op::And, {x, k(fold(Op::Shr, -1, c))}))
        RULE((bin<R>(any(x), bin<Op::And>(any(y), is<63>()))), make(R, {x, y}))
        RULE_IF((bin<R>(bin<Op::And>(any(x), con(c)), con(d))), R == Op::Sar && c >= 0,
                make(Op::Shr, {make(Op::And, {x, k(c)}), k(d)}))
        RULE_IF((bin<R>(bin<Op::And>(any(x), con(c)), con(d))), c >= 0 && d >= 0 && d < 63 && (c >> d) == 0,
                k(0))
        return -1;
    }
    template <Op E, Op Opposite> int equal(int v, int64_t when_same) {
        constexpr bool kIsEq = E == Op::Eq;
        RULE((bin<E>(any(x), same(x))), k(when_same))
        RULE((bin<E>(bin<Op::Add>(any(x), con(c)), con(d))), make(E, {x, k(fold(Op::Sub, d, c))}))
        RULE((bin<E>(bin<Op::Sub>(any(x), any(y)), is<0>())), make(E, {x, y}))
        RULE((bin<E>(bin<Op::Xor>(any(x), any(y)), is<0>())), make(E, {x, y}))
        RULE((bin<E>(un<Op::Neg>(any(x)), con(c))), make(E, {x, k(fold(Op::Neg, c, 0))}))
        RULE((bin<E>(un<Op::Not>(any(x)), con(c))), make(E, {x, k(~c)}))
        RULE((bin<E>(bin<Op::Xor>(any(x), con(c)), con(d))), make(E, {x, k(c ^ d)}))
        RULE((bin<E>(bin<Op::Add>(any(x), any(y)), same(x))), make(E, {y, k(0)}))
        RULE((bin<E>(bin<Op::Eq>(any(x), any(y)), is<0>())), make(kIsEq ? Op::Ne : Op::Eq, {x, y}))
        RULE((bin<E>(bin<Op::Ne>(any(x), any(y)), is<0>())), make(kIsEq ? Op::Eq : Op::Ne, {x, y}))
        RULE((bin<E>(bin<Op::Lt>(any(x), any(y)), is<0>())), make(kIsEq ? Op::Ge : Op::Lt, {x, y}))
        RULE((bin<E>(bin<Op::Le>(any(x), any(y)), is<0>())), make(kIsEq ? Op::Gt : Op::Le, {x, y}))
        RULE((bin<E>(bin<Op::Gt>(any(x), any(y)), is<0>())), make(kIsEq ? Op::Le : Op::Gt, {x, y}))
        RULE((bin<E>(bin<Op::Ge>(any(x), any(y)), is<0>())), make(kIsEq ? Op::Lt : Op::Ge, {x, y}))
        RULE_IF((bin<E>(bin<Op::And>(any(x), con(c)), con(d))), (d & ~c) != 0, k(!when_same))
        RULE_IF((bin<E>(bin<Op::Shl>(any(x), con(c)), con(d))),
                c > 0 && c < 63 && (d & (fold(Op::Shl, 1, c) - 1)) != 0, k(!when_same))
        RULE_IF((bin<E>(bin<Op::Or>(any(x), con(c)), is<0>())), c != 0, k(!when_same))
        RULE((bin<E>(bin<Op::Add>(any(x), any(y)), bin<Op::Add>(same(x), any(z)))), make(E, {y, z}))
        return -1;
    }
    template <Op R, Op Mirror> int order(int v, int64_t when_same) {
        RULE((bin<R>(any(x), same(x))), k(when_same))
        RULE((bin<R>(con(c), any(x))), make(Mirror, {x, k(c)}))
        RULE_IF((bin<R>(bin<Op::And>(any(x), con(c)), is<0>())), c >= 0 && R == Op::Lt, k(0))
        RULE_IF((bin<R>(bin<Op::And>(any(x), con(c)), is<0>())), c >= 0 && R == Op::Ge, k(1))
        RULE_IF((bin<R>(bin<Op::And>(any(x), con(c)), con(d))), c >= 0 && d > c && R == Op::Lt, k(1))
        RULE_IF((bin<R>(bin<Op::And>(any(x), con(c)), con(d))), c >= 0 && d >= c && R == Op::Gt, k(0))
        RULE_IF((bin<R>(bin<Op::Shr>(any(x), con(c)), is<0>())), c > 0 && R == Op::Lt, k(0))
        RULE_IF((bin<R>(any(x), con(c))), R == Op::Le && c < 1000000000, make(Op::Lt, {x, k(c + 1)}))
        RULE_IF((bin<R>(any(x), con(c))), R == Op::Ge && c > -1000000000, make(Op::Gt, {x, k(c - 1)}))
        RULE((bin<R>(un<Op::Not>(any(x)), un<Op::Not>(any(y)))), make(R, {y, x}))
        RULE((bin<R>(un<Op::Not>(any(x)), con(c))), make(Mirror, {x, k(~c)}))
        return -1;
    }
    int negate(int v) {
        RULE((un<Op::Neg>(un<Op::Neg>(any(x)))), x)
        RULE((un<Op::Neg>(bin<Op::Sub>(any(x), any(y)))), make(Op::Sub, {y, x}))
        RULE((un<Op::Neg>(bin<Op::Mul>(any(x), con(c)))), make(Op::Mul, {x, k(fold(Op::Neg, c, 0))}))
        RULE((un<Op::Neg>(un<Op::Not>(any(x)))), make(Op::Add, {x, k(1)}))
        RULE((un<Op::Neg>(bin<Op::Add>(any(x), con(c)))), make(Op::Sub, {k(fold(Op::Neg, c, 0)), x}))
        RULE((un<Op::Neg>(bin<Op::Sar>(any(x), is<63>()))), make(Op::Shr, {x, k(63)}))
        RULE((un<Op::Neg>(bin<Op::Shr>(any(x), is<63>()))), make(Op::Sar, {x, k(63)}))
        return -1;
    }
    int complement(int v) {
        RULE((un<Op::Not>(un<Op::Not>(any(x)))), x)
        RULE((un<Op::Not>(un<Op::Neg>(any(x)))), make(Op::Add, {x, k(-1)}))
        RULE((un<Op::Not>(bin<Op::Add>(any(x), con(c)))), make(Op::Sub, {k(~c), x}))
        RULE((un<Op::Not>(bin<Op::Xor>(any(x), con(c)))), make(Op::Xor, {x, k(~c)}))
        RULE((un<Op::Not>(bin<Op::Xor>(un<Op::Not>(any(x)), any(y)))), make(Op::Xor, {x, y}))
        RULE((un<Op::Not>(bin<Op::Sub>(any(x), any(y)))), make(Op::Add, {make(Op::Not, {x}), y}))
        return -1;
    }
    int select(int v) {
        RULE((sel(con(c), any(x), any(y))), c ? x : y)
        RULE((sel(any(z), any(x), same(x))), x)
        RULE((sel(bin<Op::Eq>(any(z), is<0>()), any(x), any(y))), make(Op::Select, {z, y, x}))
        RULE((sel(bin<Op::Ne>(any(z), is<0>()), any(x), any(y))), make(Op::Select, {z, x, y}))
        RULE((sel(bin<Op::Lt>(any(x), any(y)), same(x), same(y))), make(Op::Min, {x, y}))
        RULE((sel(bin<Op::Lt>(any(x), any(y)), same(y), same(x))), make(Op::Max, {x, y}))
        RULE((sel(bin<Op::Gt>(any(x), any(y)), same(x), same(y))), make(Op::Max, {x, y}))
        RULE((sel(bin<Op::Gt>(any(x), any(y)), same(y), same(x))), make(Op::Min, {x, y}))
        RULE((sel(bin<Op::Le>(any(x), any(y)), same(x), same(y))), make(Op::Min, {x, y}))
        RULE((sel(bin<Op::Ge>(any(x), any(y)), same(x), same(y))), make(Op::Max, {x, y}))
        RULE((sel(bin<Op::Eq>(any(x), any(y)), same(x), same(y))), y)
        RULE((sel(bin<Op::Lt>(any(x), any(y)), is<1>(), is<0>())), make(Op::Lt, {x, y}))
        RULE((sel(bin<Op::Lt>(any(x), any(y)), is<0>(), is<1>())), make(Op::Ge, {x, y}))
        RULE((sel(bin<Op::Eq>(any(x), any(y)), is<1>(), is<0>())), make(Op::Eq, {x, y}))
        RULE((sel(bin<Op::Eq>(any(x), any(y)), is<0>(), is<1>())), make(Op::Ne, {x, y}))
        RULE((sel(bin<Op::Lt>(any(x), is<0>()), un<Op::Neg>(same(x)), same(x))),
             make(Op::Max, {x, make(Op::Neg, {x})}))
        RULE((sel(any(z), bin<Op::Add>(any(x), any(y)), same(x))),
             make(Op::Add, {x, make(Op::Select, {z, y, k(0)})}))
        RULE((sel(any(z), is<1>(), is<0>())), make(Op::Ne, {z, k(0)}))
        RULE((sel(any(z), is<0>(), is<1>())), make(Op::Eq, {z, k(0)}))
        RULE((sel(any(z), any(x), sel(same(z), any(y), any(y)))), make(Op::Select, {z, x, y}))
        return -1;
    }
    template <Op E, Op Other> int extreme(int v) {
        RULE((bin<E>(any(x), same(x))), x)
        RULE((bin<E>(bin<E>(any(x), con(c)), con(d))), make(E, {x, k(fold(E, c, d))}))
        RULE((bin<E>(bin<E>(any(x), any(y)), same(x))), make(E, {x, y}))
        RULE((bin<E>(bin<Other>(any(x), any(y)), same(x))), x)
        RULE_IF((bin<E>(bin<Op::And>(any(x), con(c)), con(d))), c >= 0 && d >= c,
                E == Op::Min ? make(Op::And, {x, k(c)}) : k(d))
        return -1;
    }
#undef RULE
#undef RULE_IF

    Function& f_;
    int block_ = 0;
    std::vector<int> replacement_;
};

}  // namespace

bool simplify(Function& function) { return Simplifier(function).run(); }

}  // namespace compiler
