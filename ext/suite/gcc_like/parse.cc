// SPDX-License-Identifier: BSD-3-Clause
// Lexer and recursive-descent parser with constant folding of syntax trees.
#include "front.hh"

namespace compiler {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

Tok keyword(std::string_view word) {
    static constexpr struct { std::string_view word; Tok kind;
    } kWords[] = {{"long", Tok::KwLong},
                  {"if", Tok::KwIf},
                  {"else", Tok::KwElse},
                  {"while", Tok::KwWhile},
                  {"do", Tok::KwDo},
                  {"for", Tok::KwFor},
                  {"switch", Tok::KwSwitch},
                  {"case", Tok::KwCase},
                  {"default", Tok::KwDefault},
                  {"break", Tok::KwBreak},
                  {"continue", Tok::KwContinue},
                  {"return", Tok::KwReturn}};
    for (const auto& row : kWords)
        if (word == row.word)
            return row.kind;
    return Tok::Name;
}

size_t punctuation_length(std::string_view rest) {
    static constexpr std::string_view kLong[] = {
        "<<=", ">>=", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||",
        "++",  "--",  "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="};
    for (std::string_view spelling : kLong)
        if (rest.substr(0, spelling.size()) == spelling)
            return spelling.size();
    return 1;
}

}  // namespace

std::vector<Token> lex(std::string_view source) {
    std::vector<Token> tokens;
    size_t at = 0;
    int line = 1;
    while (at < source.size()) {
        char c = source[at];
        size_t start = at;
        if (c == '\n' || c == ' ' || c == '\t') {
            line += c == '\n';
            ++at;
            continue;
        }
        if (c == '/' && source.compare(at, 2, "/*") == 0) {
            at = source.find("*/", at) + 2;
            continue;
        }
        Token token;
        token.line = line;
        if (is_letter(c)) {
            while (at < source.size() && (is_letter(source[at]) || is_digit(source[at])))
                ++at;
            token.text = source.substr(start, at - start);
            token.kind = keyword(token.text);
        } else if (is_digit(c)) {
            uint64_t value = 0;
            bool hex = source.compare(at, 2, "0x") == 0;
            for (at += hex ? 2 : 0;
                 at < source.size() && (is_digit(source[at]) || (hex && is_letter(source[at]))); ++at)
                value = value * (hex ? 16 : 10) +
                        (is_digit(source[at]) ? source[at] - '0' : source[at] - 'a' + 10);
            token.kind = Tok::Number;
            token.value = static_cast<int64_t>(value);
        } else {
            token.kind = Tok::Punct;
            at += punctuation_length(source.substr(at));
            token.text = source.substr(start, at - start);
        }
        tokens.push_back(token);
    }
    tokens.emplace_back();
    tokens.back().line = line;
    return tokens;
}

namespace {

struct BinaryLevel {
    std::string_view spelling;
    int level;
    Op op;
};
constexpr BinaryLevel kBinary[] = {
    {"||", 1, Op::Or},  {"&&", 2, Op::And}, {"|", 3, Op::Or},   {"^", 4, Op::Xor}, {"&", 5, Op::And},
    {"==", 6, Op::Eq},  {"!=", 6, Op::Ne},  {"<", 7, Op::Lt},   {"<=", 7, Op::Le}, {">", 7, Op::Gt},
    {">=", 7, Op::Ge},  {"<<", 8, Op::Shl}, {">>", 8, Op::Sar}, {"+", 9, Op::Add}, {"-", 9, Op::Sub},
    {"*", 10, Op::Mul}, {"/", 10, Op::Div}, {"%", 10, Op::Rem}};
constexpr BinaryLevel kCompound[] = {{"=", 0, Op::Copy},  {"+=", 0, Op::Add}, {"-=", 0, Op::Sub},
                                     {"*=", 0, Op::Mul},  {"/=", 0, Op::Div}, {"%=", 0, Op::Rem},
                                     {"&=", 0, Op::And},  {"|=", 0, Op::Or},  {"^=", 0, Op::Xor},
                                     {"<<=", 0, Op::Shl}, {">>=", 0, Op::Sar}};

class Parser {
public:
    Parser(std::string_view source, Module& module) : tokens_(lex(source)), module_(module) {}

    void unit(std::vector<FunctionTree>& trees) {
        while (now().kind != Tok::End) {
            if (now().kind != Tok::KwLong)
                fail("expected a declaration");
            ++at_;
            std::string name = identifier();
            if (is("("))
                trees.push_back(function(std::move(name)));
            else
                array(std::move(name));
        }
    }

private:
    const Token& now() const { return tokens_[at_]; }
    bool is(std::string_view text) const { return now().kind == Tok::Punct && now().text == text; }
    bool accept(std::string_view text) {
        if (!is(text))
            return false;
        ++at_;
        return true;
    }
    bool accept(Tok kind) {
        if (now().kind != kind)
            return false;
        ++at_;
        return true;
    }
    void expect(std::string_view text) {
        if (!accept(text))
            fail("expected '" + std::string(text) + "'");
    }
    [[noreturn]] void fail(const std::string& what) {
        throw CompileError("line " + std::to_string(now().line) + ": " + what);
    }
    std::string identifier() {
        if (now().kind != Tok::Name)
            fail("expected a name");
        return std::string(tokens_[at_++].text);
    }

    // ---- declarations ----
    void array(std::string name) {
        int64_t length = 1;
        if (accept("[")) {
            length = now().value;
            ++at_;
            expect("]");
        }
        expect(";");
        if (length <= 0 || (length & (length - 1)))
            fail("array lengths are powers of two");
        module_.array_ids[name] = static_cast<int>(module_.arrays.size());
        module_.arrays.push_back({std::move(name), length});
    }
    FunctionTree function(std::string name) {
        FunctionTree tree;
        int id = static_cast<int>(module_.function_ids.size());
        module_.function_ids[name] = id;
        tree.name = std::move(name);
        scopes_.assign(1, {});
        locals_ = 0;
        expect("(");
        while (!accept(")")) {
            accept(Tok::KwLong);
            declare(identifier());
            ++tree.parameters;
            accept(",");
        }
        tree.body = block();
        tree.locals = locals_;
        return tree;
    }
    int declare(std::string name) {
        scopes_.back()[std::move(name)] = locals_;
        return locals_++;
    }
    int find_local(const std::string& name) const {
        for (size_t i = scopes_.size(); i-- > 0;) {
            auto found = scopes_[i].find(name);
            if (found != scopes_[i].end())
                return found->second;
        }
        return -1;
    }

    // ---- statements ----
    static StmtPtr make(St kind) {
        auto result = std::make_unique<Stmt>();
        result->kind = kind;
        return result;
    }
    StmtPtr block() {
        StmtPtr result = make(St::Block);
        expect("{");
        scopes_.emplace_back();
        while (!accept("}"))
            statement(result->body);
        scopes_.pop_back();
        return result;
    }
    StmtPtr single() {
        std::vector<StmtPtr> list;
        statement(list);
        return std::move(list.back());
    }
    ExprPtr parenthesised() {
        expect("(");
        ExprPtr result = expression();
        expect(")");
        return result;
    }
    void declaration(std::vector<StmtPtr>& out) {
        do {
            ExprPtr target = node(Ex::Variable);
            target->symbol = declare(identifier());
            StmtPtr statement = make(St::Expression);
            statement->first = node(Ex::Assign);
            statement->first->op = Op::Copy;
            statement->first->parts.push_back(std::move(target));
            statement->first->parts.push_back(accept("=") ? conditional() : number(0));
            out.push_back(std::move(statement));
        } while (accept(","));
        expect(";");
    }
    void statement(std::vector<StmtPtr>& out) {
        Tok kind = now().kind;
        if (is("{")) {
            out.push_back(block());
            return;
        }
        if (kind == Tok::Name || kind == Tok::Number || kind == Tok::Punct) {
            StmtPtr result = make(St::Expression);
            result->first = expression();
            expect(";");
            out.push_back(std::move(result));
            return;
        }
        ++at_;
        switch (kind) {
        case Tok::KwLong: declaration(out); break;
        case Tok::KwIf: out.push_back(if_statement()); break;
        case Tok::KwWhile: {
            StmtPtr result = make(St::While);
            result->first = parenthesised();
            result->body.push_back(single());
            out.push_back(std::move(result));
            break;
        }
        case Tok::KwDo: {
            StmtPtr result = make(St::DoWhile);
            result->body.push_back(single());
            if (!accept(Tok::KwWhile))
                fail("do without while");
            result->first = parenthesised();
            expect(";");
            out.push_back(std::move(result));
            break;
        }
        case Tok::KwFor: out.push_back(for_statement()); break;
        case Tok::KwSwitch: {
            StmtPtr result = make(St::Switch);
            result->first = parenthesised();
            result->body.push_back(block());
            out.push_back(std::move(result));
            break;
        }
        case Tok::KwCase: {
            StmtPtr result = make(St::Case);
            result->value = now().value;
            ++at_;
            expect(":");
            out.push_back(std::move(result));
            break;
        }
        case Tok::KwDefault: expect(":"); out.push_back(make(St::Default)); break;
        case Tok::KwBreak: expect(";"); out.push_back(make(St::Break)); break;
        case Tok::KwContinue: expect(";"); out.push_back(make(St::Continue)); break;
        case Tok::KwReturn: {
            StmtPtr result = make(St::Return);
            result->first = is(";") ? number(0) : expression();
            expect(";");
            out.push_back(std::move(result));
            break;
        }
        default: fail("a statement cannot start here");
        }
    }
    StmtPtr if_statement() {
        StmtPtr result = make(St::If);
        result->first = parenthesised();
        result->body.push_back(single());
        if (accept(Tok::KwElse))
            result->body.push_back(single());
        return result;
    }
    StmtPtr for_statement() {
        StmtPtr result = make(St::For);
        expect("(");
        if (!is(";"))
            result->first = expression();
        expect(";");
        result->second = is(";") ? number(1) : expression();
        expect(";");
        if (!is(")"))
            result->third = expression();
        expect(")");
        result->body.push_back(single());
        return result;
    }

    // ---- expressions ----
    static ExprPtr node(Ex kind) {
        auto result = std::make_unique<Expr>();
        result->kind = kind;
        return result;
    }
    static ExprPtr number(int64_t value) {
        ExprPtr result = node(Ex::Number);
        result->value = value;
        return result;
    }
    ExprPtr expression() {
        ExprPtr left = conditional();
        if (now().kind != Tok::Punct)
            return left;
        for (const BinaryLevel& row : kCompound)
            if (now().text == row.spelling) {
                if (left->kind != Ex::Variable && left->kind != Ex::Element)
                    fail("only variables and elements can be assigned");
                ++at_;
                ExprPtr result = node(Ex::Assign);
                result->op = row.op;
                result->compound = row.op != Op::Copy;
                result->parts.push_back(std::move(left));
                result->parts.push_back(expression());
                return result;
            }
        return left;
    }
    ExprPtr conditional() {
        ExprPtr test = binary(1);
        if (!accept("?"))
            return test;
        ExprPtr result = node(Ex::Conditional);
        result->parts.push_back(std::move(test));
        result->parts.push_back(expression());
        expect(":");
        result->parts.push_back(conditional());
        return result;
    }
    ExprPtr binary(int level) {
        ExprPtr left = unary();
        for (;;) {
            const BinaryLevel* found = nullptr;
            if (now().kind == Tok::Punct)
                for (const BinaryLevel& row : kBinary)
                    if (now().text == row.spelling && row.level >= level)
                        found = &row;
            if (!found)
                return left;
            ++at_;
            ExprPtr right = binary(found->level + 1);
            left = combine(*found, std::move(left), std::move(right));
        }
    }
    static ExprPtr combine(const BinaryLevel& row, ExprPtr left, ExprPtr right) {
        if (row.level > 2 && left->kind == Ex::Number && right->kind == Ex::Number)
            return number(fold(row.op, left->value, right->value));
        ExprPtr result = node(row.level == 1 ? Ex::LogicOr : row.level == 2 ? Ex::LogicAnd : Ex::Binary);
        result->op = row.op;
        result->parts.push_back(std::move(left));
        result->parts.push_back(std::move(right));
        return result;
    }
    ExprPtr with_operand(Ex kind, Op op, ExprPtr inner) {
        ExprPtr result = node(kind);
        result->op = op;
        result->parts.push_back(std::move(inner));
        return result;
    }
    ExprPtr unary() {
        if (accept("-")) {
            ExprPtr inner = unary();
            return inner->kind == Ex::Number ? number(fold(Op::Neg, inner->value, 0))
                                             : with_operand(Ex::Unary, Op::Neg, std::move(inner));
        }
        if (accept("~")) {
            ExprPtr inner = unary();
            return inner->kind == Ex::Number ? number(~inner->value)
                                             : with_operand(Ex::Unary, Op::Not, std::move(inner));
        }
        if (accept("!"))
            return with_operand(Ex::LogicNot, Op::Eq, unary());
        for (int step = -1; step <= 1; step += 2)
            if (accept(step < 0 ? "--" : "++")) {
                ExprPtr result = with_operand(Ex::Increment, Op::Add, unary());
                result->prefix = true;
                result->value = step;
                return result;
            }
        ExprPtr result = primary();
        for (int step = -1; step <= 1; step += 2)
            if (accept(step < 0 ? "--" : "++")) {
                result = with_operand(Ex::Increment, Op::Add, std::move(result));
                result->value = step;
            }
        return result;
    }
    ExprPtr primary() {
        if (now().kind == Tok::Number)
            return number(tokens_[at_++].value);
        if (is("("))
            return parenthesised();
        std::string name = identifier();
        if (accept("(")) {
            auto found = module_.function_ids.find(name);
            if (found == module_.function_ids.end())
                fail("function " + name + " is not declared");
            ExprPtr result = node(Ex::Call);
            result->symbol = found->second;
            while (!accept(")")) {
                result->parts.push_back(expression());
                accept(",");
            }
            return result;
        }
        int local = find_local(name);
        if (local >= 0) {
            ExprPtr result = node(Ex::Variable);
            result->symbol = local;
            return result;
        }
        auto found = module_.array_ids.find(name);
        if (found == module_.array_ids.end())
            fail("variable " + name + " is not declared");
        ExprPtr result = node(Ex::Element);
        result->symbol = found->second;
        if (accept("[")) {
            result->parts.push_back(expression());
            expect("]");
        } else {
            result->parts.push_back(number(0));
        }
        return result;
    }

    std::vector<Token> tokens_;
    Module& module_;
    size_t at_ = 0;
    std::vector<std::map<std::string, int>> scopes_;
    int locals_ = 0;
};

}  // namespace

void parse_unit(std::string_view source, Module& module, std::vector<FunctionTree>& trees) {
    Parser(source, module).unit(trees);
}

}  // namespace compiler
