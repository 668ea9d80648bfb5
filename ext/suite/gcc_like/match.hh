// SPDX-License-Identifier: BSD-3-Clause
// Pattern matching over SSA values: patterns are types, so each rule compiles to its own straight-line test.
#pragma once
#include "ir.hh"

namespace compiler::match {

struct Any {
    int& out;
    bool operator()(const Function&, int value) const { out = value; return true; }
};
struct Constant {
    int64_t& out;
    bool operator()(const Function& f, int value) const {
        if (!f.is_constant(value))
            return false;
        out = f.insts[value].imm;
        return true;
    }
};
template <int64_t Wanted> struct Exactly {
    bool operator()(const Function& f, int value) const {
        return f.is_constant(value) && f.insts[value].imm == Wanted;
    }
};
struct Same {
    const int& wanted;
    bool operator()(const Function&, int value) const { return value == wanted; }
};
template <Op Wanted, class A> struct Unary {
    A a;
    bool operator()(const Function& f, int value) const {
        const Inst& inst = f.insts[value];
        return inst.op == Wanted && a(f, inst.args[0]);
    }
};
template <Op Wanted, class A, class B> struct Binary {
    A a;
    B b;
    bool operator()(const Function& f, int value) const {
        const Inst& inst = f.insts[value];
        if (inst.op != Wanted)
            return false;
        if (a(f, inst.args[0]) && b(f, inst.args[1]))
            return true;
        return is_commutative(Wanted) && a(f, inst.args[1]) && b(f, inst.args[0]);
    }
};
template <class A, class B, class C> struct Choice {
    A a;
    B b;
    C c;
    bool operator()(const Function& f, int value) const {
        const Inst& inst = f.insts[value];
        return inst.op == Op::Select && a(f, inst.args[0]) && b(f, inst.args[1]) && c(f, inst.args[2]);
    }
};

inline Any any(int& out) { return {out}; }
inline Constant con(int64_t& out) { return {out}; }
inline Same same(const int& wanted) { return {wanted}; }
template <int64_t Wanted> Exactly<Wanted> is() { return {}; }
template <Op Wanted, class A> Unary<Wanted, A> un(A a) { return {a}; }
template <Op Wanted, class A, class B> Binary<Wanted, A, B> bin(A a, B b) { return {a, b}; }
template <class A, class B, class C> Choice<A, B, C> sel(A a, B b, C c) { return {a, b, c}; }

}  // namespace compiler::match
