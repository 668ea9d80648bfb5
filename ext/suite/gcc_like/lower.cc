// SPDX-License-Identifier: BSD-3-Clause
// Lowers syntax trees to three-address code; variables stay ReadLocal and WriteLocal until SSA is built.
#include "front.hh"

namespace compiler {
namespace {

class Lowering {
public:
    Lowering(const FunctionTree& tree, const Module& module) : module_(module) {
        function_.name = tree.name;
        function_.parameters = tree.parameters;
        function_.locals = tree.locals;
        block_ = function_.new_block();
        for (int i = 0; i < tree.parameters; ++i)
            emit(Op::WriteLocal, {emit(Op::Parameter, {}, i)}, 0, i);
        statement(*tree.body);
        finish(Op::Return, {function_.constant(0)});
    }
    Function take() { return std::move(function_); }

private:
    int emit(Op op, Args args, int64_t imm = 0, int symbol = -1) {
        return function_.append(block_, op, std::move(args), imm, symbol);
    }
    // Ends the current block; what follows is reachable only if something jumps to it.
    void finish(Op op, Args args, int first = -1, int second = -1) {
        emit(op, std::move(args));
        if (first >= 0)
            function_.link(block_, first);
        if (second >= 0)
            function_.link(block_, second);
        block_ = function_.new_block();
    }
    void jump(int target) { finish(Op::Jump, {}, target); }
    void start(int block) {
        // The block opened by finish() stays behind, empty: give it a terminator so that every block has one.
        emit(Op::Return, {function_.constant(0)});
        block_ = block;
    }

    void body(const Stmt& statement_list) {
        for (const StmtPtr& child : statement_list.body)
            statement(*child);
    }

    void statement(const Stmt& s) {
        switch (s.kind) {
        case St::Expression: value(*s.first); break;
        case St::Block: body(s); break;
        case St::If: lower_if(s); break;
        case St::While: loop(s, s.first.get(), nullptr, false); break;
        case St::DoWhile: loop(s, s.first.get(), nullptr, true); break;
        case St::For:
            if (s.first)
                value(*s.first);
            loop(s, s.second.get(), s.third.get(), false);
            break;
        case St::Switch: lower_switch(s); break;
        case St::Break: jump(break_targets_.back()); break;
        case St::Continue: jump(continue_targets_.back()); break;
        case St::Return: finish(Op::Return, {value(*s.first)}); break;
        default: throw CompileError("a case label stands outside of a switch");
        }
    }

    void lower_if(const Stmt& s) {
        int then_block = function_.new_block(), after = function_.new_block();
        int else_block = s.body.size() > 1 ? function_.new_block() : after;
        condition(*s.first, then_block, else_block);
        start(then_block);
        statement(*s.body[0]);
        jump(after);
        if (s.body.size() > 1) {
            start(else_block);
            statement(*s.body[1]);
            jump(after);
        }
        start(after);
    }

    void loop(const Stmt& s, const Expr* test, const Expr* step, bool test_last) {
        int head = function_.new_block(), inside = function_.new_block();
        int next = function_.new_block(), after = function_.new_block();
        jump(test_last ? inside : head);
        start(head);
        condition(*test, inside, after);
        break_targets_.push_back(after);
        continue_targets_.push_back(next);
        start(inside);
        body(s);
        jump(next);
        break_targets_.pop_back();
        continue_targets_.pop_back();
        start(next);
        if (step)
            value(*step);
        jump(head);
        start(after);
    }

    void lower_switch(const Stmt& s) {
        int selector = value(*s.first);
        const std::vector<StmtPtr>& list = s.body[0]->body;
        int after = function_.new_block(), fallback = after;
        std::vector<int> labels(list.size(), -1);
        for (size_t i = 0; i < list.size(); ++i)
            if (list[i]->kind == St::Case || list[i]->kind == St::Default) {
                labels[i] = function_.new_block();
                if (list[i]->kind == St::Default)
                    fallback = labels[i];
            }
        for (size_t i = 0; i < list.size(); ++i)
            if (list[i]->kind == St::Case) {
                int next = function_.new_block();
                int equal = emit(Op::Eq, {selector, function_.constant(list[i]->value)});
                finish(Op::Branch, {equal}, labels[i], next);
                start(next);
            }
        jump(fallback);
        break_targets_.push_back(after);
        for (size_t i = 0; i < list.size(); ++i) {
            if (labels[i] < 0) {
                statement(*list[i]);
                continue;
            }
            jump(labels[i]);
            start(labels[i]);
        }
        break_targets_.pop_back();
        jump(after);
        start(after);
    }

    // Branches on an expression without making a 0/1 value of && || and !.
    void condition(const Expr& e, int yes, int no) {
        if (e.kind == Ex::LogicNot)
            return condition(*e.parts[0], no, yes);
        if (e.kind == Ex::LogicAnd || e.kind == Ex::LogicOr) {
            int middle = function_.new_block();
            if (e.kind == Ex::LogicAnd)
                condition(*e.parts[0], middle, no);
            else
                condition(*e.parts[0], yes, middle);
            start(middle);
            return condition(*e.parts[1], yes, no);
        }
        int test = value(e);
        if (yes == no)
            jump(yes);
        else
            finish(Op::Branch, {test}, yes, no);
    }

    int temporary() { return function_.locals++; }

    int choose(const Expr& test, const Expr* yes, const Expr* no) {
        int then_block = function_.new_block(), else_block = function_.new_block(),
            after = function_.new_block();
        int result = temporary();
        condition(test, then_block, else_block);
        start(then_block);
        emit(Op::WriteLocal, {yes ? value(*yes) : function_.constant(1)}, 0, result);
        jump(after);
        start(else_block);
        emit(Op::WriteLocal, {no ? value(*no) : function_.constant(0)}, 0, result);
        jump(after);
        start(after);
        return emit(Op::ReadLocal, {}, 0, result);
    }

    int element_index(const Expr& e) {
        int64_t mask = module_.arrays[e.symbol].length - 1;
        return emit(Op::And, {value(*e.parts[0]), function_.constant(mask)});
    }
    int read(const Expr& target, int index) {
        if (target.kind == Ex::Variable)
            return emit(Op::ReadLocal, {}, 0, target.symbol);
        return emit(Op::Load, {index}, 0, target.symbol);
    }
    void write(const Expr& target, int index, int result) {
        if (target.kind == Ex::Variable)
            emit(Op::WriteLocal, {result}, 0, target.symbol);
        else
            emit(Op::Store, {index, result}, 0, target.symbol);
    }

    int value(const Expr& e) {
        switch (e.kind) {
        case Ex::Number: return function_.constant(e.value);
        case Ex::Variable: return read(e, -1);
        case Ex::Element: return read(e, element_index(e));
        case Ex::Unary: return emit(e.op, {value(*e.parts[0])});
        case Ex::Binary: {
            int left = value(*e.parts[0]);
            int right = value(*e.parts[1]);
            return emit(e.op, {left, right});
        }
        case Ex::LogicNot: return emit(Op::Eq, {value(*e.parts[0]), function_.constant(0)});
        case Ex::LogicAnd:
        case Ex::LogicOr: return choose(e, nullptr, nullptr);
        case Ex::Conditional: return choose(*e.parts[0], e.parts[1].get(), e.parts[2].get());
        case Ex::Assign: {
            const Expr& target = *e.parts[0];
            int index = target.kind == Ex::Element ? element_index(target) : -1;
            int old = e.compound ? read(target, index) : -1;
            int result = value(*e.parts[1]);
            if (e.compound)
                result = emit(e.op, {old, result});
            write(target, index, result);
            return result;
        }
        case Ex::Increment: {
            const Expr& target = *e.parts[0];
            int index = target.kind == Ex::Element ? element_index(target) : -1;
            int old = read(target, index);
            int result = emit(Op::Add, {old, function_.constant(e.value)});
            write(target, index, result);
            return e.prefix ? result : old;
        }
        default: {
            Args args;
            for (const ExprPtr& part : e.parts)
                args.push_back(value(*part));
            return emit(Op::Call, std::move(args), 0, e.symbol);
        }
        }
    }

    const Module& module_;
    Function function_;
    int block_ = 0;
    std::vector<int> break_targets_, continue_targets_;
};

}  // namespace

Function lower(const FunctionTree& tree, const Module& module) { return Lowering(tree, module).take(); }

}  // namespace compiler
