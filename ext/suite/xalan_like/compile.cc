// SPDX-License-Identifier: BSD-3-Clause
// XPath lexer and recursive-descent compiler for expressions and match patterns.
#include "xpath.hh"

namespace xalan {
namespace {

enum class Token : uint8_t { End, Name, Number, Literal, Variable, Symbol };

class Compiler {
public:
    Compiler(string_view text, Scope& scope) : text_(text), scope_(scope) { advance(); }

    ExpressionPtr expression() {
        ExpressionPtr result = or_expression();
        finish();
        return result;
    }

    Pattern pattern() {
        Pattern result;
        do
            result.alternatives.push_back(alternative());
        while (accept("|"));
        finish();
        return result;
    }

private:
    [[noreturn]] void fail(const string& what) {
        throw SyntaxError("XPath '" + string(text_) + "' at " + std::to_string(start_) + ": " + what);
    }
    void finish() {
        if (token_ != Token::End)
            fail("nothing more may follow");
    }

    // ---- lexer ----
    static bool name_char(char c, bool first) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
               (!first && ((c >= '0' && c <= '9') || c == '-' || c == '.'));
    }
    static bool digit(char c) { return c >= '0' && c <= '9'; }
    char at(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

    void advance() {
        operand_before_ = token_ == Token::Name || token_ == Token::Number || token_ == Token::Literal ||
                          token_ == Token::Variable || spelling_ == ")" || spelling_ == "]" ||
                          spelling_ == "." || spelling_ == ".." || (spelling_ == "*" && star_is_name_);
        while (is_space(static_cast<uint8_t>(at(cursor_))))
            ++cursor_;
        start_ = cursor_;
        char c = at(cursor_);
        if (cursor_ >= text_.size()) {
            token_ = Token::End;
            spelling_ = {};
        } else if (name_char(c, true)) {
            take_name(Token::Name);
        } else if (digit(c) || (c == '.' && digit(at(cursor_ + 1)))) {
            while (digit(at(cursor_)) || at(cursor_) == '.')
                ++cursor_;
            set(Token::Number, start_, cursor_);
        } else if (c == '"' || c == '\'') {
            size_t end = text_.find(c, cursor_ + 1);
            if (end == string_view::npos)
                fail("unfinished literal");
            set(Token::Literal, cursor_ + 1, end);
            cursor_ = end + 1;
        } else if (c == '$') {
            ++cursor_;
            take_name(Token::Variable);
        } else {
            symbol(c);
        }
    }
    void set(Token token, size_t from, size_t to) {
        token_ = token;
        spelling_ = text_.substr(from, to - from);
    }
    void take_name(Token token) {
        size_t from = cursor_;
        while (name_char(at(cursor_), cursor_ == from))
            ++cursor_;
        // One colon makes a qualified name or a namespace test, two make an axis.
        if (at(cursor_) == ':' && at(cursor_ + 1) != ':') {
            ++cursor_;
            if (at(cursor_) == '*')
                ++cursor_;
            else
                while (name_char(at(cursor_), false))
                    ++cursor_;
        }
        set(token, from, cursor_);
    }
    void symbol(char c) {
        static const char* kTwo[] = {"//", "..", "::", "<=", ">=", "!="};
        size_t length = 1;
        for (const char* two : kTwo)
            if (c == two[0] && at(cursor_ + 1) == two[1])
                length = 2;
        star_is_name_ = c == '*' && !operand_before_;
        set(Token::Symbol, cursor_, cursor_ + length);
        cursor_ += length;
    }
    bool is(string_view symbol) const { return token_ == Token::Symbol && spelling_ == symbol; }
    bool accept(string_view symbol) {
        if (!is(symbol))
            return false;
        advance();
        return true;
    }
    void expect(string_view symbol) {
        if (!accept(symbol))
            fail("expected '" + string(symbol) + "'");
    }
    bool accept_word(string_view word) {
        if (token_ != Token::Name || spelling_ != word)
            return false;
        advance();
        return true;
    }

    // ---- expressions ----
    ExpressionPtr or_expression() {
        ExpressionPtr left = and_expression();
        while (accept_word("or"))
            left = make_logic(false, std::move(left), and_expression());
        return left;
    }
    ExpressionPtr and_expression() {
        ExpressionPtr left = equality();
        while (accept_word("and"))
            left = make_logic(true, std::move(left), equality());
        return left;
    }
    ExpressionPtr equality() {
        ExpressionPtr left = relation();
        for (;;) {
            if (accept("="))
                left = make_comparison(Relation::Equal, std::move(left), relation());
            else if (accept("!="))
                left = make_comparison(Relation::NotEqual, std::move(left), relation());
            else
                return left;
        }
    }
    ExpressionPtr relation() {
        ExpressionPtr left = sum();
        for (;;) {
            if (accept("<"))
                left = make_comparison(Relation::Less, std::move(left), sum());
            else if (accept("<="))
                left = make_comparison(Relation::LessEqual, std::move(left), sum());
            else if (accept(">"))
                left = make_comparison(Relation::Greater, std::move(left), sum());
            else if (accept(">="))
                left = make_comparison(Relation::GreaterEqual, std::move(left), sum());
            else
                return left;
        }
    }
    ExpressionPtr sum() {
        ExpressionPtr left = product();
        for (;;) {
            if (accept("+"))
                left = make_arithmetic(Operator::Add, std::move(left), product());
            else if (accept("-"))
                left = make_arithmetic(Operator::Subtract, std::move(left), product());
            else
                return left;
        }
    }
    ExpressionPtr product() {
        ExpressionPtr left = unary();
        for (;;) {
            if (is("*") && !star_is_name_) {
                advance();
                left = make_arithmetic(Operator::Multiply, std::move(left), unary());
            } else if (accept_word("div")) {
                left = make_arithmetic(Operator::Divide, std::move(left), unary());
            } else if (accept_word("mod")) {
                left = make_arithmetic(Operator::Modulo, std::move(left), unary());
            } else {
                return left;
            }
        }
    }
    ExpressionPtr unary() {
        if (accept("-"))
            return make_negation(unary());
        ExpressionPtr left = path();
        while (accept("|"))
            left = make_union(std::move(left), path());
        return left;
    }

    bool starts_primary() {
        if (token_ == Token::Number || token_ == Token::Literal || token_ == Token::Variable || is("("))
            return true;
        if (token_ != Token::Name || !next_is('('))
            return false;
        return spelling_ != "node" && spelling_ != "text" && spelling_ != "comment" &&
               spelling_ != "processing-instruction";
    }
    bool next_is(char wanted) const {
        size_t i = cursor_;
        while (is_space(static_cast<uint8_t>(at(i))))
            ++i;
        return at(i) == wanted;
    }

    ExpressionPtr path() {
        if (starts_primary()) {
            ExpressionPtr base = primary();
            std::vector<PredicatePtr> predicates;
            read_predicates(predicates);
            if (!predicates.empty())
                base = make_filter(std::move(base), std::move(predicates));
            if (!is("/") && !is("//"))
                return base;
            std::vector<StepPtr> steps;
            continue_path(steps);
            return make_path(std::move(base), false, std::move(steps));
        }
        std::vector<StepPtr> steps;
        bool absolute = is("/") || is("//");
        if (accept("/")) {
            if (!starts_step())
                return make_path(nullptr, true, {});
        } else if (accept("//")) {
            steps.push_back(make_step(Axis::DescendantOrSelf, {}));
        }
        steps.push_back(step());
        continue_path(steps);
        return make_path(nullptr, absolute, std::move(steps));
    }
    bool starts_step() const {
        return token_ == Token::Name || is("@") || is(".") || is("..") || is("*");
    }
    void continue_path(std::vector<StepPtr>& steps) {
        for (;;) {
            if (accept("//"))
                steps.push_back(make_step(Axis::DescendantOrSelf, {}));
            else if (!accept("/"))
                return;
            steps.push_back(step());
        }
    }

    ExpressionPtr primary() {
        string spelling(spelling_);
        switch (token_) {
        case Token::Number:
            advance();
            return make_number(text_to_number(spelling));
        case Token::Literal:
            advance();
            return make_text(std::move(spelling));
        case Token::Variable: {
            auto found = scope_.variables.find(spelling);
            if (found == scope_.variables.end())
                fail("variable is not declared");
            advance();
            return make_variable(found->second);
        }
        case Token::Name:
            return call(std::move(spelling));
        default:
            expect("(");
            ExpressionPtr inner = or_expression();
            expect(")");
            return inner;
        }
    }
    ExpressionPtr call(string name) {
        advance();
        expect("(");
        std::vector<ExpressionPtr> arguments;
        if (!is(")"))
            do
                arguments.push_back(or_expression());
            while (accept(","));
        expect(")");
        return make_function(name, std::move(arguments));
    }

    // ---- steps ----
    void read_predicates(std::vector<PredicatePtr>& predicates) {
        while (accept("[")) {
            predicates.push_back(make_predicate(or_expression()));
            expect("]");
        }
    }
    Axis axis_name() {
        static const struct { const char* name; Axis axis; } kAxes[] = {
            {"self", Axis::Self}, {"child", Axis::Child}, {"parent", Axis::Parent},
            {"descendant", Axis::Descendant}, {"descendant-or-self", Axis::DescendantOrSelf},
            {"ancestor", Axis::Ancestor}, {"ancestor-or-self", Axis::AncestorOrSelf},
            {"following", Axis::Following}, {"following-sibling", Axis::FollowingSibling},
            {"preceding", Axis::Preceding}, {"preceding-sibling", Axis::PrecedingSibling},
            {"attribute", Axis::Attribute}};
        for (const auto& row : kAxes)
            if (spelling_ == row.name) {
                advance();
                return row.axis;
            }
        fail("there is no such axis");
    }
    StepPtr step() {
        if (accept("."))
            return make_step(Axis::Self, {});
        if (accept(".."))
            return make_step(Axis::Parent, {});
        Axis axis = Axis::Child;
        if (accept("@")) {
            axis = Axis::Attribute;
        } else if (token_ == Token::Name && next_is(':')) {
            axis = axis_name();
            expect("::");
        }
        test_ = node_test(axis);
        StepPtr result = make_step(axis, test_);
        read_predicates(result->predicates);
        return result;
    }
    NodeTest node_test(Axis axis) {
        if (is("*")) {
            advance();
            return {TestKind::AnyName, 0};
        }
        if (token_ != Token::Name)
            fail("a node test must stand here");
        string name(spelling_);
        bool call = next_is('(');
        advance();
        if (call)
            return type_test(name);
        size_t colon = name.find(':');
        string prefix = colon == string::npos ? string() : name.substr(0, colon);
        string local = colon == string::npos ? name : name.substr(colon + 1);
        // Unprefixed element names belong to the default namespace of the query; attributes never do.
        string uri;
        if (!prefix.empty() || axis != Axis::Attribute) {
            auto found = scope_.namespaces.find(prefix);
            if (found == scope_.namespaces.end() && !prefix.empty())
                fail("prefix '" + prefix + "' is not declared");
            if (found != scope_.namespaces.end())
                uri = found->second;
        }
        int uri_id = scope_.names.text_id(uri);
        if (local == "*")
            return {TestKind::Namespace, uri_id};
        return {TestKind::Name, scope_.names.expanded_id(uri_id, scope_.names.text_id(local))};
    }
    NodeTest type_test(const string& name) {
        expect("(");
        NodeTest test{TestKind::AnyNode, -1};
        if (name == "text")
            test.kind = TestKind::Text;
        else if (name == "comment")
            test.kind = TestKind::Comment;
        else if (name == "processing-instruction")
            test.kind = TestKind::Instruction;
        else if (name != "node")
            fail("unknown node type");
        if (token_ == Token::Literal) {
            test.id = scope_.names.text_id(spelling_);
            advance();
        }
        expect(")");
        return test;
    }

    // ---- patterns ----
    Pattern::Alternative alternative() {
        Pattern::Alternative result;
        result.absolute = is("/") || is("//");
        bool deep = is("//");
        if (result.absolute) {
            advance();
            if (!starts_step()) {
                result.priority = 0.5;
                return result;
            }
        }
        for (;;) {
            result.steps.push_back(step());
            result.deep.push_back(deep);
            deep = is("//");
            if (!accept("/") && !accept("//"))
                break;
        }
        const Step& last = *result.steps.back();
        if (result.steps.size() > 1 || !last.predicates.empty() || result.absolute)
            result.priority = 0.5;
        else
            result.priority = test_.kind == TestKind::Name        ? 0
                              : test_.kind == TestKind::Namespace ? -0.25
                                                                  : -0.5;
        return result;
    }

    string_view text_;
    Scope& scope_;
    size_t cursor_ = 0, start_ = 0;
    Token token_ = Token::End;
    string_view spelling_;
    bool operand_before_ = false, star_is_name_ = true;
    NodeTest test_;
};

}  // namespace

ExpressionPtr compile_expression(string_view text, Scope& scope) {
    return Compiler(text, scope).expression();
}
Pattern compile_pattern(string_view text, Scope& scope) { return Compiler(text, scope).pattern(); }

}  // namespace xalan
