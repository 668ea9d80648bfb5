// SPDX-License-Identifier: BSD-3-Clause
// Expression parser: precedence climbing over characters; every rule returns an executable node.
#pragma once
#include <cstring>

#include "scanner.hh"

namespace script {

struct OperatorRow {
    const char* spelling;
    int level;
    Binary op;
};
// Longer spellings first.
inline const OperatorRow kOperators[] = {
    {"<=>", 4, Binary::Compare},    {"**", 10, Binary::Power},        {"<<", 6, Binary::ShiftLeft},
    {">>", 6, Binary::ShiftRight},  {"==", 4, Binary::Equal},         {"!=", 4, Binary::NotEqual},
    {"<=", 5, Binary::LessEqual},   {">=", 5, Binary::GreaterEqual},  {"cmp", 4, Binary::TextCompare},
    {"eq", 4, Binary::TextEqual},   {"ne", 4, Binary::TextNotEqual},  {"lt", 5, Binary::TextLess},
    {"gt", 5, Binary::TextGreater}, {"le", 5, Binary::TextLessEqual}, {"ge", 5, Binary::TextGreaterEqual},
    {"<", 5, Binary::Less},         {">", 5, Binary::Greater},        {"|", 2, Binary::BitOr},
    {"^", 2, Binary::BitXor},       {"&", 3, Binary::BitAnd},         {"+", 7, Binary::Add},
    {"-", 7, Binary::Subtract},     {".", 7, Binary::Concat},         {"*", 8, Binary::Multiply},
    {"/", 8, Binary::Divide},       {"%", 8, Binary::Modulo},         {"x", 8, Binary::Repeat}};

class ExpressionParser : public Scanner {
public:
    using Scanner::Scanner;

protected:
    NodePtr parenthesised() {
        expect("(");
        NodePtr inner = expression();
        expect(")");
        return inner;
    }
    NodePtr list_in_parentheses() {
        expect("(");
        return std::make_unique<ListNode>(arguments());
    }
    NodeList arguments() {
        NodeList list;
        while (!accept(")")) {
            list.push_back(expression());
            if (!accept("=>"))
                accept(",");
        }
        return list;
    }
    NodePtr expression() {
        space();
        if (accept("my"))
            return declaration();
        if (now() == '@' && name_char(now(1)))
            if (NodePtr made = array_assignment())
                return made;
        if (now() == '%' && name_char(now(1))) {
            ++at_;
            int target = hash(name());
            expect("=");
            return std::make_unique<AssignHash>(target, expression());
        }
        NodePtr left = ternary();
        if (ends())
            return left;
        if (peek("==") || peek("=~") || peek("=>"))
            return left;
        if (accept("="))
            return make_assign(std::move(left), expression());
        static const struct { const char* spelling; Binary op; } kUpdates[] = {
            {"**=", Binary::Power}, {"+=", Binary::Add}, {"-=", Binary::Subtract}, {"*=", Binary::Multiply},
            {"/=", Binary::Divide}, {".=", Binary::Concat}, {"%=", Binary::Modulo}, {"x=", Binary::Repeat},
            {"|=", Binary::BitOr}, {"&=", Binary::BitAnd}, {"^=", Binary::BitXor}, {"<<=", Binary::ShiftLeft},
            {">>=", Binary::ShiftRight}};
        for (const auto& row : kUpdates)
            if (row.spelling[0] == now() && accept(row.spelling))
                return make_update(row.op, std::move(left), expression());
        return left;
    }
    NodePtr declaration() {
        if (accept("@")) {
            int target = array(name());
            return std::make_unique<AssignArray>(target, accept("=") ? expression() : nullptr);
        }
        if (accept("%")) {
            int target = hash(name());
            return std::make_unique<AssignHash>(target, accept("=") ? expression() : nullptr);
        }
        if (accept("(")) {
            NodeList targets;
            while (!accept(")")) {
                expect("$");
                targets.push_back(make_local(scalar(name())));
                accept(",");
            }
            expect("=");
            return std::make_unique<AssignList>(std::move(targets), expression());
        }
        expect("$");
        NodePtr target = make_local(scalar(name()));
        return make_assign(std::move(target), accept("=") ? expression() : make_constant(Value()));
    }
    NodePtr array_assignment() {
        size_t start = at_++;
        int target = array(name());
        if (!peek("==") && accept("="))
            return std::make_unique<AssignArray>(target, expression());
        at_ = start;
        return nullptr;
    }
    NodePtr ternary() {
        NodePtr test = logic_or();
        if (ends())
            return test;
        if (accept("..")) {
            NodePtr end = logic_or();
            return std::make_unique<Range>(std::move(test), std::move(end));
        }
        if (!accept("?"))
            return test;
        NodePtr yes = expression();
        expect(":");
        NodePtr no = expression();
        return std::make_unique<Ternary>(std::move(test), std::move(yes), std::move(no));
    }
    NodePtr logic_or() {
        NodePtr left = logic_and();
        while (!ends() && (accept("||") || accept("or"))) {
            NodePtr right = logic_and();
            left = std::make_unique<Logic<false>>(std::move(left), std::move(right));
        }
        return left;
    }
    NodePtr logic_and() {
        NodePtr left = binary(2);
        while (!ends() && (accept("&&") || accept("and"))) {
            NodePtr right = binary(2);
            left = std::make_unique<Logic<true>>(std::move(left), std::move(right));
        }
        return left;
    }
    const OperatorRow* binary_operator(int level) {
        space();
        if (ends())
            return nullptr;
        char c = now();
        for (const OperatorRow& row : kOperators) {
            if (row.spelling[0] != c)
                continue;
            size_t length = std::strlen(row.spelling);
            if (source_.compare(at_, length, row.spelling) != 0)
                continue;
            char after = now(length);
            if (name_char(row.spelling[0]) ? name_char(after) && row.op != Binary::Repeat : false)
                continue;
            if (row.op == Binary::Repeat && (name_char(after) || after == '='))
                continue;
            // Not an update, a logical operator or a range.
            if (after == '=' && row.level != 4 && row.level != 5)
                return nullptr;
            if ((row.spelling[0] == '|' || row.spelling[0] == '&' || row.spelling[0] == '.') &&
                after == row.spelling[0])
                return nullptr;
            return row.level >= level ? &row : nullptr;
        }
        return nullptr;
    }
    NodePtr binary(int level) {
        NodePtr left = bound();
        while (const OperatorRow* row = binary_operator(level)) {
            at_ += std::strlen(row->spelling);
            NodePtr right = binary(row->op == Binary::Power ? row->level : row->level + 1);
            left = make_binary(row->op, std::move(left), std::move(right));
        }
        return left;
    }
    // =~ and !~ bind tighter than all binary operators.
    NodePtr bound() {
        NodePtr left = unary();
        if (ends())
            return left;
        bool negated = false;
        if (accept("!~"))
            negated = true;
        else if (!accept("=~"))
            return left;
        space();
        if (accept("s"))
            return substitution(std::move(left));
        if (accept("tr"))
            return transliteration(std::move(left));
        accept("m");
        space();
        return match(std::move(left), negated);
    }
    static char closing(char open) { return open == '{' ? '}' : open == '(' ? ')' : open; }
    NodePtr match(NodePtr subject, bool negated) {
        char open = source_[at_++];
        string pattern = delimited(closing(open)), how = flags();
        return std::make_unique<MatchNode>(std::move(subject), std::make_unique<Regex>(pattern, how), negated,
                                           how.find('g') != string::npos);
    }
    NodePtr substitution(NodePtr subject) {
        char open = source_[at_++];
        string pattern = delimited(closing(open));
        string text = delimited(closing(open)), how = flags();
        return std::make_unique<SubstituteNode>(std::move(subject), std::make_unique<Regex>(pattern, how),
                                                interpolated(text), how.find('g') != string::npos);
    }
    static string expand(const string& text) {
        string out;
        for (size_t i = 0; i < text.size(); ++i)
            if (i + 2 < text.size() && text[i + 1] == '-') {
                for (int c = text[i]; c <= text[i + 2]; ++c)
                    out += static_cast<char>(c);
                i += 2;
            } else {
                out += text[i];
            }
        return out;
    }
    NodePtr transliteration(NodePtr subject) {
        char open = source_[at_++];
        string from = delimited(open), to = delimited(open);
        return std::make_unique<Transliterate>(std::move(subject), expand(from), expand(to));
    }
    NodePtr unary() {
        space();
        if (now() == '!' && now(1) != '~') {
            ++at_;
            return std::make_unique<Not>(unary());
        }
        if (now() == '-' && now(1) == '-') {
            at_ += 2;
            return std::make_unique<Step>(unary(), -1, true);
        }
        if (now() == '+' && now(1) == '+') {
            at_ += 2;
            return std::make_unique<Step>(unary(), 1, true);
        }
        if (accept("-"))
            return make_binary(Binary::Subtract, make_constant(0), unary());
        NodePtr made = primary();
        if (ends())
            return made;
        if (accept("++"))
            return std::make_unique<Step>(std::move(made), 1, false);
        if (peek("--")) {
            at_ += 2;
            return std::make_unique<Step>(std::move(made), -1, false);
        }
        return made;
    }

    // ---- primaries ----
    NodePtr variable() {
        ++at_;
        if (now() == '#') {
            ++at_;
            return std::make_unique<LastIndexOf>(array(name()));
        }
        if (is_digit(now()))
            return std::make_unique<GroupText>(source_[at_++] - '0');
        string id = name();
        if (now() == '[') {
            ++at_;
            NodePtr index = expression();
            expect("]");
            return std::make_unique<Element>(array(id), std::move(index));
        }
        if (now() == '{') {
            ++at_;
            NodePtr key = hash_key();
            return std::make_unique<HashElement>(hash(id), std::move(key));
        }
        if (id == "_")
            return std::make_unique<Special>(&Interpreter::topic);
        if (id == "a")
            return std::make_unique<Special>(&Interpreter::left);
        if (id == "b")
            return std::make_unique<Special>(&Interpreter::right);
        return make_local(scalar(id));
    }
    NodePtr hash_key() {
        space();
        size_t end = at_;
        while (end < source_.size() && name_char(source_[end]))
            ++end;
        if (end > at_ && end < source_.size() && source_[end] == '}') {
            NodePtr key = make_constant(string(source_.substr(at_, end - at_)));
            at_ = end + 1;
            return key;
        }
        NodePtr key = expression();
        expect("}");
        return key;
    }
    NodePtr number() {
        size_t start = at_;
        while (is_digit(now()))
            ++at_;
        if (now() == '.' && is_digit(now(1)))
            for (++at_; is_digit(now());)
                ++at_;
        return make_constant(parse_number(source_.substr(start, at_ - start)));
    }
    static string unescape(const string& text) {
        string out;
        for (size_t i = 0; i < text.size(); ++i) {
            if (text[i] != '\\' || i + 1 == text.size()) {
                out += text[i];
                continue;
            }
            ++i;
            out += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
        }
        return out;
    }
    // "text $x $h{key} @list": variables are parsed by a parser of their own over the text.
    NodePtr interpolated(const string& text) {
        NodeList parts;
        string plain;
        string_view outer = source_;
        size_t outer_at = at_;
        source_ = text;
        for (at_ = 0; at_ < text.size();) {
            bool starts = (now() == '$' || now() == '@') && (name_char(now(1)));
            if (now() == '\\') {
                plain += unescape(string(source_.substr(at_, 2)));
                at_ += 2;
            } else if (!starts) {
                plain += source_[at_++];
            } else {
                if (!plain.empty())
                    parts.push_back(make_constant(plain));
                plain.clear();
                if (now() == '$') {
                    parts.push_back(variable());
                } else {
                    ++at_;
                    parts.push_back(std::make_unique<JoinedArray>(array(name())));
                }
            }
        }
        source_ = outer;
        at_ = outer_at;
        if (parts.empty())
            return make_constant(plain);
        if (!plain.empty())
            parts.push_back(make_constant(plain));
        return std::make_unique<Interpolate>(std::move(parts));
    }
    NodePtr primary() {
        space();
        char c = now();
        if (c == '$')
            return variable();
        if (c == '@') {
            ++at_;
            return std::make_unique<WholeArray>(array(name()));
        }
        if (is_digit(c))
            return number();
        if (c == '"') {
            ++at_;
            return interpolated(delimited('"'));
        }
        if (c == '\'') {
            ++at_;
            return make_constant(delimited('\''));
        }
        if (c == '(')
            return list_in_parentheses_or_value();
        if (c == '/')
            return match(std::make_unique<Special>(&Interpreter::topic), false);
        return call();
    }
    NodePtr list_in_parentheses_or_value() {
        ++at_;
        NodeList items = arguments();
        if (items.size() == 1)
            return std::move(items[0]);
        return std::make_unique<ListNode>(std::move(items));
    }
    NodePtr call() {
        string id = name();
        if (id == "qw") {
            expect("(");
            string words = delimited(')');
            NodeList items;
            for (size_t from = 0; from < words.size();) {
                size_t end = std::min(words.find(' ', from), words.size());
                if (end > from)
                    items.push_back(make_constant(words.substr(from, end - from)));
                from = end + 1;
            }
            return std::make_unique<ListNode>(std::move(items));
        }
        if (id == "sort" || id == "map" || id == "grep")
            return block_function(id);
        if (id == "split") {
            expect("(");
            space();
            char open = source_[at_++];
            auto regex = std::make_unique<Regex>(delimited(open), "");
            expect(",");
            NodePtr subject = expression();
            expect(")");
            return std::make_unique<Split>(std::move(regex), std::move(subject));
        }
        if (peek("=>"))
            return make_constant(id);
        int sub = find_sub(in_, id);
        expect("(");
        if (sub >= 0)
            return std::make_unique<Call>(sub, arguments());
        return builtin(id);
    }
    NodePtr block_function(const string& id) {
        NodePtr body;
        bool parens = accept("(");
        if (accept("{")) {
            body = expression();
            expect("}");
        }
        NodePtr items = expression();
        if (parens)
            expect(")");
        if (id == "sort")
            return std::make_unique<SortNode>(std::move(body), std::move(items));
        if (id == "map")
            return std::make_unique<EachNode<false>>(std::move(body), std::move(items));
        return std::make_unique<EachNode<true>>(std::move(body), std::move(items));
    }
    NodePtr builtin(const string& id) {
        int array_index = -1, hash_index = -1;
        NodeList list;
        bool wants_array = id == "push" || id == "pop" || id == "shift" || id == "unshift" || id == "scalar";
        bool wants_hash = id == "keys" || id == "values" || id == "hsize";
        if (wants_array && !peek(")")) {
            expect("@");
            array_index = array(name());
            accept(",");
        } else if (wants_hash) {
            expect("%");
            hash_index = hash(name());
        } else if (id == "exists" || id == "delete") {
            expect("$");
            hash_index = hash(name());
            expect("{");
            list.push_back(hash_key());
        }
        for (NodePtr& node : arguments())
            list.push_back(std::move(node));
        NodePtr made = make_builtin(id, std::move(list), array_index, hash_index);
        if (!made)
            fail("there is no function " + id);
        return made;
    }
};

}  // namespace script
