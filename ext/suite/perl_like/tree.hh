// SPDX-License-Identifier: BSD-3-Clause
// Nodes for variables, regular expressions, lists and control flow.
#pragma once
#include <algorithm>

#include "nodes.hh"

namespace script {

struct Special final : Node {              // $_ $a $b
    explicit Special(Value Interpreter::*m) : member(m) {}
    Value& place(Interpreter& in) const override { return in.*member; }
    Value eval(Interpreter& in) const override { return in.*member; }
    bool truth(Interpreter& in) const override { return (in.*member).truth(); }
    void append(Interpreter& in, string& out) const override { (in.*member).append_to(out); }
    Value Interpreter::*member;
};
struct GroupText final : Node {            // $1
    explicit GroupText(size_t i) : index(i) {}
    Value eval(Interpreter& in) const override {
        return index < in.groups.size() ? Value(in.groups[index]) : Value();
    }
    size_t index;
};
struct Element final : Node {              // $x[..]; array -1 is @_
    Element(int a, NodePtr i) : array(a), index(std::move(i)) {}
    Array& whole(Interpreter& in) const { return array < 0 ? in.arguments.back() : in.arrays[array]; }
    Value& place(Interpreter& in) const override {
        int64_t i = index->eval(in).whole();
        Array& list = whole(in);
        if (i < 0)
            i += static_cast<int64_t>(list.size());
        if (i < 0 || i > 100000)
            throw ScriptError("array index out of range");
        if (static_cast<size_t>(i) >= list.size())
            list.resize(i + 1);
        return list[i];
    }
    Value eval(Interpreter& in) const override {
        int64_t i = index->eval(in).whole();
        const Array& list = whole(in);
        if (i < 0)
            i += static_cast<int64_t>(list.size());
        return i >= 0 && static_cast<size_t>(i) < list.size() ? list[i] : Value();
    }
    int array;
    NodePtr index;
};
struct HashElement final : Node {
    HashElement(int h, NodePtr k) : hash(h), key(std::move(k)) {}
    Value& place(Interpreter& in) const override {
        string text;
        key->append(in, text);
        return in.hashes[hash][text];
    }
    Value eval(Interpreter& in) const override {
        string text;
        key->append(in, text);
        const Value* found = in.hashes[hash].find(text);
        return found ? *found : Value();
    }
    int hash;
    NodePtr key;
};
struct WholeArray final : Node {
    explicit WholeArray(int a) : array(a) {}
    const Array& whole(Interpreter& in) const { return array < 0 ? in.arguments.back() : in.arrays[array]; }
    Value eval(Interpreter& in) const override { return whole(in).size(); }
    void list(Interpreter& in, Array& out) const override {
        const Array& from = whole(in);
        out.insert(out.end(), from.begin(), from.end());
    }
    int array;
};
struct LastIndexOf final : Node {          // $#x
    explicit LastIndexOf(int a) : array(a) {}
    Value eval(Interpreter& in) const override { return static_cast<int64_t>(in.arrays[array].size()) - 1; }
    int array;
};
struct ListNode final : Node {
    explicit ListNode(NodeList i) : items(std::move(i)) {}
    Value eval(Interpreter& in) const override { return items.empty() ? Value() : items.back()->eval(in); }
    void list(Interpreter& in, Array& out) const override {
        for (const NodePtr& item : items)
            item->list(in, out);
    }
    NodeList items;
};
struct Range final : Node {
    Range(NodePtr f, NodePtr t) : from(std::move(f)), to(std::move(t)) {}
    Value eval(Interpreter& in) const override { return from->eval(in); }
    void list(Interpreter& in, Array& out) const override {
        for (int64_t i = from->eval(in).whole(), end = to->eval(in).whole(); i <= end; ++i)
            out.push_back(i);
    }
    NodePtr from, to;
};
struct AssignArray final : Node {
    AssignArray(int a, NodePtr v) : array(a), value(std::move(v)) {}
    Value eval(Interpreter& in) const override {
        Array made;
        if (value)
            value->list(in, made);
        in.arrays[array].swap(made);
        return in.arrays[array].size();
    }
    int array;
    NodePtr value;
};
struct AssignHash final : Node {
    AssignHash(int h, NodePtr v) : hash(h), value(std::move(v)) {}
    Value eval(Interpreter& in) const override {
        Array made;
        if (value)
            value->list(in, made);
        in.hashes[hash].clear();
        for (size_t i = 0; i + 1 < made.size(); i += 2)
            in.hashes[hash][made[i].str()] = made[i + 1];
        return in.hashes[hash].size();
    }
    int hash;
    NodePtr value;
};
struct AssignList final : Node {           // my ($x, $y) = ...
    AssignList(NodeList t, NodePtr v) : targets(std::move(t)), value(std::move(v)) {}
    Value eval(Interpreter& in) const override {
        Array made;
        value->list(in, made);
        for (size_t i = 0; i < targets.size(); ++i)
            targets[i]->place(in) = i < made.size() ? made[i] : Value();
        return made.size();
    }
    NodeList targets;
    NodePtr value;
};
struct Interpolate final : Node {
    explicit Interpolate(NodeList p) : parts(std::move(p)) {}
    Value eval(Interpreter& in) const override { string out; append(in, out); return out; }
    void append(Interpreter& in, string& out) const override {
        for (const NodePtr& part : parts)
            part->append(in, out);
    }
    NodeList parts;
};
struct JoinedArray final : Node {          // "@x"
    explicit JoinedArray(int a) : array(a) {}
    Value eval(Interpreter& in) const override {
        string out;
        const Array& list = array < 0 ? in.arguments.back() : in.arrays[array];
        for (size_t i = 0; i < list.size(); ++i) {
            if (i)
                out += ' ';
            list[i].append_to(out);
        }
        return out;
    }
    int array;
};
template <bool And> struct Logic final : Node {
    Logic(NodePtr l, NodePtr r) : left(std::move(l)), right(std::move(r)) {}
    Value eval(Interpreter& in) const override {
        Value value = left->eval(in);
        return value.truth() == And ? right->eval(in) : value;
    }
    bool truth(Interpreter& in) const override {
        return And ? left->truth(in) && right->truth(in) : left->truth(in) || right->truth(in);
    }
    NodePtr left, right;
};
struct Not final : Node {
    explicit Not(NodePtr i) : inner(std::move(i)) {}
    Value eval(Interpreter& in) const override { return !inner->truth(in); }
    bool truth(Interpreter& in) const override { return !inner->truth(in); }
    NodePtr inner;
};
struct Ternary final : Node {
    Ternary(NodePtr c, NodePtr y, NodePtr n) : test(std::move(c)), yes(std::move(y)), no(std::move(n)) {}
    Value eval(Interpreter& in) const override { return (test->truth(in) ? yes : no)->eval(in); }
    void list(Interpreter& in, Array& out) const override { (test->truth(in) ? yes : no)->list(in, out); }
    NodePtr test, yes, no;
};
struct Step final : Node {                 // ++ and --
    Step(NodePtr t, int b, bool p) : target(std::move(t)), by(b), prefix(p) {}
    Value eval(Interpreter& in) const override {
        Value& value = target->place(in);
        Value old = value.numeric();
        if (old.type == Type::Number)
            value = old.number + by;
        else
            value = old.integer + by;
        return prefix ? value : old;
    }
    NodePtr target;
    int by;
    bool prefix;
};
struct Call final : Node {
    Call(int s, NodeList a) : sub(s), items(std::move(a)) {}
    Value eval(Interpreter& in) const override {
        Array passed;
        for (const NodePtr& item : items)
            item->list(in, passed);
        return in.call(sub, std::move(passed));
    }
    int sub;
    NodeList items;
};

// ---- regular expressions ----
struct MatchNode final : Node {
    MatchNode(NodePtr s, std::unique_ptr<Regex> r, bool n, bool g)
        : subject(std::move(s)), regex(std::move(r)), negated(n), all(g) {}
    Value eval(Interpreter& in) const override { return truth(in); }
    bool truth(Interpreter& in) const override {
        ++in.operations;
        string text;
        subject->append(in, text);
        if (regex->groups() == 0)
            return regex->test(text) != negated;
        Captures captures;
        bool found = regex->search(text, 0, captures);
        if (found)
            remember(in, text, captures);
        return found != negated;
    }
    static void remember(Interpreter& in, const string& text, const Captures& captures) {
        in.groups.assign(captures.at.size() / 2, string());
        for (size_t i = 0; i < in.groups.size(); ++i)
            if (captures.at[2 * i] >= 0)
                in.groups[i].assign(text, captures.at[2 * i], captures.at[2 * i + 1] - captures.at[2 * i]);
    }
    // In list context: the groups, or with /g all matches.
    void list(Interpreter& in, Array& out) const override {
        string text;
        subject->append(in, text);
        Captures captures;
        for (size_t from = 0; from <= text.size() && regex->search(text, from, captures);) {
            remember(in, text, captures);
            for (size_t i = regex->groups() > 0; i < in.groups.size(); ++i)
                out.push_back(in.groups[i]);
            from = captures.at[1] > captures.at[0] ? captures.at[1] : captures.at[1] + 1;
            if (!all)
                break;
        }
    }
    NodePtr subject;
    std::unique_ptr<Regex> regex;
    bool negated, all;
};
struct SubstituteNode final : Node {
    SubstituteNode(NodePtr s, std::unique_ptr<Regex> r, NodePtr t, bool g)
        : subject(std::move(s)), regex(std::move(r)), replacement(std::move(t)), all(g) {}
    Value eval(Interpreter& in) const override {
        ++in.operations;
        string text = subject->eval(in).str(), out;
        Captures captures;
        size_t from = 0;
        int count = 0;
        while (from <= text.size() && regex->search(text, from, captures)) {
            MatchNode::remember(in, text, captures);
            size_t start = captures.at[0], end = captures.at[1];
            out.append(text, from, start - from);
            replacement->append(in, out);
            from = end;
            ++count;
            if (start == end) {
                if (from < text.size())
                    out += text[from];
                ++from;
            }
            if (!all)
                break;
        }
        if (count == 0)
            return 0;
        if (from < text.size())
            out.append(text, from, string::npos);
        subject->place(in) = std::move(out);
        return count;
    }
    NodePtr subject;
    std::unique_ptr<Regex> regex;
    NodePtr replacement;
    bool all;
};
struct Transliterate final : Node {        // tr/a-z/A-Z/
    Transliterate(NodePtr s, string f, string t)
        : subject(std::move(s)), from(std::move(f)), to(std::move(t)) {}
    Value eval(Interpreter& in) const override {
        string text = subject->eval(in).str();
        int count = 0;
        for (char& c : text) {
            size_t at = from.find(c);
            if (at == string::npos)
                continue;
            ++count;
            if (!to.empty())
                c = to[std::min(at, to.size() - 1)];
        }
        if (!to.empty())
            subject->place(in) = std::move(text);
        return count;
    }
    NodePtr subject;
    string from, to;
};
struct Split final : Node {
    Split(std::unique_ptr<Regex> r, NodePtr s) : regex(std::move(r)), subject(std::move(s)) {}
    Value eval(Interpreter& in) const override { Array out; list(in, out); return out.size(); }
    void list(Interpreter& in, Array& out) const override {
        ++in.operations;
        string text;
        subject->append(in, text);
        Captures captures;
        size_t from = 0, start = out.size();
        while (from < text.size() && regex->search(text, from, captures)) {
            size_t at = captures.at[0], end = captures.at[1];
            if (end == at)
                end = ++at;
            if (at >= text.size() && captures.at[0] == captures.at[1])
                break;
            out.push_back(text.substr(from, at - from));
            from = end;
        }
        out.push_back(from < text.size() ? text.substr(from) : string());
        while (out.size() > start && out.back().text.empty())
            out.pop_back();
    }
    std::unique_ptr<Regex> regex;
    NodePtr subject;
};

// ---- list functions with a block ----
struct SortNode final : Node {
    SortNode(NodePtr c, NodePtr i) : compare(std::move(c)), items(std::move(i)) {}
    Value eval(Interpreter& in) const override { Array out; list(in, out); return out.size(); }
    void list(Interpreter& in, Array& out) const override {
        Array work;
        items->list(in, work);
        std::stable_sort(work.begin(), work.end(), [&](const Value& x, const Value& y) {
            if (!compare)
                return x.str() < y.str();
            in.left = x;
            in.right = y;
            return compare->eval(in).whole() < 0;
        });
        out.insert(out.end(), work.begin(), work.end());
    }
    NodePtr compare, items;
};
template <bool Keep> struct EachNode final : Node {      // grep keeps, map transforms
    EachNode(NodePtr b, NodePtr i) : body(std::move(b)), items(std::move(i)) {}
    Value eval(Interpreter& in) const override { Array out; list(in, out); return out.size(); }
    void list(Interpreter& in, Array& out) const override {
        Array work;
        items->list(in, work);
        Value saved = in.topic;
        for (Value& item : work) {
            in.topic = item;
            if (!Keep)
                body->list(in, out);
            else if (body->truth(in))
                out.push_back(item);
        }
        in.topic = std::move(saved);
    }
    NodePtr body, items;
};

// ---- statements ----
struct Block final : Node {
    explicit Block(NodeList s) : statements(std::move(s)) {}
    Value eval(Interpreter& in) const override { run(in); return Value(); }
    Flow run(Interpreter& in) const override {
        for (const NodePtr& statement : statements) {
            Flow flow = statement->run(in);
            if (flow != Flow::Normal)
                return flow;
        }
        return Flow::Normal;
    }
    NodeList statements;
};
struct If final : Node {
    If(NodePtr c, NodePtr y, NodePtr n) : test(std::move(c)), yes(std::move(y)), no(std::move(n)) {}
    Value eval(Interpreter& in) const override { run(in); return Value(); }
    Flow run(Interpreter& in) const override {
        if (test->truth(in))
            return yes->run(in);
        return no ? no->run(in) : Flow::Normal;
    }
    NodePtr test, yes, no;
};
struct Loop final : Node {                 // while and three-part for
    Loop(NodePtr f, NodePtr c, NodePtr s, NodePtr b)
        : first(std::move(f)), test(std::move(c)), step(std::move(s)), body(std::move(b)) {}
    Value eval(Interpreter& in) const override { run(in); return Value(); }
    Flow run(Interpreter& in) const override {
        if (first)
            first->eval(in);
        while (test->truth(in)) {
            Flow flow = body->run(in);
            if (flow == Flow::Last)
                break;
            if (flow == Flow::Return)
                return flow;
            if (step)
                step->eval(in);
        }
        return Flow::Normal;
    }
    NodePtr first, test, step, body;
};
struct ForEach final : Node {
    ForEach(NodePtr v, NodePtr i, NodePtr b)
        : variable(std::move(v)), items(std::move(i)), body(std::move(b)) {}
    Value eval(Interpreter& in) const override { run(in); return Value(); }
    Flow run(Interpreter& in) const override {
        Array work;
        items->list(in, work);
        for (Value& item : work) {
            variable->place(in) = std::move(item);
            Flow flow = body->run(in);
            if (flow == Flow::Last)
                break;
            if (flow == Flow::Return)
                return flow;
        }
        return Flow::Normal;
    }
    NodePtr variable, items, body;
};
struct Leave final : Node {
    Leave(Flow f, NodePtr v) : flow(f), value(std::move(v)) {}
    Value eval(Interpreter& in) const override { run(in); return Value(); }
    Flow run(Interpreter& in) const override {
        if (flow == Flow::Return)
            in.result = value ? value->eval(in) : Value();
        return flow;
    }
    Flow flow;
    NodePtr value;
};

}  // namespace script
