// SPDX-License-Identifier: BSD-3-Clause
// Statement parser, the compiler entry point and subroutine calls.
#include "expressions.hh"

namespace script {
namespace {

class Parser final : public ExpressionParser {
public:
    using ExpressionParser::ExpressionParser;

    void run() {
        declare_subs();
        NodeList statements;
        for (space(); at_ < source_.size(); space())
            statement(statements);
        Subroutine& main_sub = in_.subs[find_sub(in_, "main")];
        main_sub.body = std::make_unique<Block>(std::move(statements));
        main_sub.slots = slots_;
    }

private:
    void declare_subs() {
        in_.subs.push_back({"main", nullptr, 0});
        for (size_t at = 0; (at = source_.find("\nsub ", at)) != string_view::npos; ++at) {
            size_t start = at + 5, end = start;
            while (name_char(source_[end]))
                ++end;
            in_.subs.push_back({string(source_.substr(start, end - start)), nullptr, 0});
        }
    }
    NodePtr block() {
        NodeList list;
        expect("{");
        while (!accept("}"))
            statement(list);
        return std::make_unique<Block>(std::move(list));
    }
    void subroutine() {
        Subroutine& sub = in_.subs[find_sub(in_, name())];
        std::map<string, int> outer;
        outer.swap(scalars_);
        int outer_slots = slots_;
        slots_ = 0;
        sub.body = block();
        sub.slots = slots_;
        scalars_.swap(outer);
        slots_ = outer_slots;
    }
    NodePtr if_rest(bool unless) {
        NodePtr test = parenthesised();
        if (unless)
            test = std::make_unique<Not>(std::move(test));
        NodePtr yes = block(), no;
        if (accept("elsif"))
            no = if_rest(false);
        else if (accept("else"))
            no = block();
        return std::make_unique<If>(std::move(test), std::move(yes), std::move(no));
    }
    NodePtr for_rest() {
        if (accept("my") || peek("$")) {
            expect("$");
            NodePtr variable = make_local(scalar(name()));
            NodePtr items = list_in_parentheses(), body = block();
            return std::make_unique<ForEach>(std::move(variable), std::move(items), std::move(body));
        }
        size_t start = at_;
        expect("(");
        NodePtr first = expression();
        if (!accept(";")) {
            at_ = start;
            NodePtr items = list_in_parentheses(), body = block();
            return std::make_unique<ForEach>(std::make_unique<Special>(&Interpreter::topic), std::move(items),
                                             std::move(body));
        }
        NodePtr test = expression();
        expect(";");
        NodePtr step = expression();
        expect(")");
        NodePtr body = block();
        return std::make_unique<Loop>(std::move(first), std::move(test), std::move(step), std::move(body));
    }
    void statement(NodeList& out) {
        space();
        if (now() == '$' || now() == '@' || !keyword_statement(out))
            modified_statement(out);
    }
    // Statements with blocks; false when this is none of them.
    bool keyword_statement(NodeList& out) {
        if (accept("sub")) {
            subroutine();
        } else if (accept("if")) {
            out.push_back(if_rest(false));
        } else if (accept("unless")) {
            out.push_back(if_rest(true));
        } else if (accept("while")) {
            NodePtr test = parenthesised(), body = block();
            out.push_back(std::make_unique<Loop>(nullptr, std::move(test), nullptr, std::move(body)));
        } else if (accept("foreach") || accept("for")) {
            out.push_back(for_rest());
        } else {
            return false;
        }
        return true;
    }
    void modified_statement(NodeList& out) {
        NodePtr made = simple_statement();
        if (accept("if"))
            made = std::make_unique<If>(expression(), std::move(made), nullptr);
        else if (accept("unless"))
            made = std::make_unique<If>(std::make_unique<Not>(expression()), std::move(made), nullptr);
        else if (accept("for"))
            made = std::make_unique<ForEach>(std::make_unique<Special>(&Interpreter::topic), expression(),
                                             std::move(made));
        expect(";");
        out.push_back(std::move(made));
    }
    NodePtr simple_statement() {
        if (accept("return")) {
            NodePtr value = peek(";") || peek("if") || peek("unless") ? nullptr : expression();
            return std::make_unique<Leave>(Flow::Return, std::move(value));
        }
        if (accept("next"))
            return std::make_unique<Leave>(Flow::Next, nullptr);
        if (accept("last"))
            return std::make_unique<Leave>(Flow::Last, nullptr);
        return expression();
    }
};

}  // namespace

int find_sub(const Interpreter& interpreter, const string& name) {
    for (size_t i = 0; i < interpreter.subs.size(); ++i)
        if (interpreter.subs[i].name == name)
            return static_cast<int>(i);
    return -1;
}

void compile_script(string_view source, Interpreter& interpreter) { Parser(source, interpreter).run(); }

Value Interpreter::call(int index, Array passed) {
    const Subroutine& sub = subs[index];
    if (top + sub.slots > stack.size() || arguments.size() > 300)
        throw ScriptError("subroutines nest too deeply");
    size_t saved = frame;
    frame = top;
    top += sub.slots;
    for (size_t i = frame; i < top; ++i)
        stack[i] = Value();
    arguments.push_back(std::move(passed));
    result = Value();
    std::vector<string> outer_groups = groups;      // $1 and on belong to the caller again afterwards
    sub.body->run(*this);
    groups.swap(outer_groups);
    arguments.pop_back();
    top = frame;
    frame = saved;
    return std::move(result);
}

}  // namespace script
