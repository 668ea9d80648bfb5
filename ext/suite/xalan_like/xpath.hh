// SPDX-License-Identifier: BSD-3-Clause
// XPath: compiled expressions, steps and patterns. Each node type answers number, boolean, text and node
// questions.
#pragma once
#include <functional>
#include <map>

#include "dom.hh"

namespace xalan {

using NodeList = std::vector<const Node*>;

enum class Kind : uint8_t { Nodes, Number, Text, Boolean };

struct Value {
    Kind kind = Kind::Text;
    double number = 0;
    bool boolean = false, is_set = false;   // is_set: a parameter the caller gave
    string text;
    NodeList nodes;
};

// Tables of xsl:key, built per document.
class KeySource {
public:
    virtual ~KeySource() = default;
    virtual const NodeList& find(string_view key, string_view value) = 0;
};

struct Context {
    const Node* node = nullptr;
    const Node* current = nullptr;             // the node the template runs for
    int position = 1, size = 1;
    std::vector<Value>* variables = nullptr;   // indexed by slot
    size_t frame = 0;                          // first slot of the running template
    KeySource* keys = nullptr;
};

class Expression {
public:
    virtual ~Expression() = default;
    virtual Kind kind() const = 0;
    virtual double number(Context&) const = 0;
    virtual bool boolean(Context&) const = 0;
    virtual void text(Context&, string& out) const = 0;        // appends
    virtual void nodes(Context&, NodeList&) const;             // appends, in document order
    virtual Value value(Context&) const = 0;
    virtual double count(Context&) const;
    virtual const Node* first(Context&) const;
    virtual int literal_position() const { return 0; }  // > 0 for a literal that can select by position
    string text(Context& context) const { string out; text(context, out); return out; }
};
using ExpressionPtr = std::unique_ptr<Expression>;

double text_to_number(string_view text);
void append_number(string& out, double value);
double round_number(double value);
bool is_integer(double value, int limit);

// The four families; each defines one conversion and inherits the others.
class NumberExpression : public Expression {
public:
    Kind kind() const final { return Kind::Number; }
    bool boolean(Context& c) const final { double v = number(c); return v < 0 || v > 0; }
    using Expression::text;
    void text(Context& c, string& out) const final { append_number(out, number(c)); }
    Value value(Context& c) const final { Value v; v.kind = Kind::Number; v.number = number(c); return v; }
};
class BooleanExpression : public Expression {
public:
    Kind kind() const final { return Kind::Boolean; }
    double number(Context& c) const final { return boolean(c); }
    using Expression::text;
    void text(Context& c, string& out) const final { out += boolean(c) ? "true" : "false"; }
    Value value(Context& c) const final { Value v; v.kind = Kind::Boolean; v.boolean = boolean(c); return v; }
};
class TextExpression : public Expression {
public:
    Kind kind() const final { return Kind::Text; }
    double number(Context& c) const override { string s; text(c, s); return text_to_number(s); }
    bool boolean(Context& c) const override { string s; text(c, s); return !s.empty(); }
    Value value(Context& c) const final { Value v; v.kind = Kind::Text; text(c, v.text); return v; }
};
class NodesExpression : public Expression {
public:
    Kind kind() const final { return Kind::Nodes; }
    double number(Context& c) const override;
    bool boolean(Context& c) const override { return first(c) != nullptr; }
    using Expression::text;
    void text(Context& c, string& out) const override { if (const Node* node = first(c)) node->text(out); }
    Value value(Context& c) const final { Value v; v.kind = Kind::Nodes; nodes(c, v.nodes); return v; }
    double count(Context& c) const override { NodeList list; nodes(c, list); return double(list.size()); }
    const Node* first(Context& c) const override;
};

// Decides whether the node at `position` of `size` stays.
class Predicate {
public:
    virtual ~Predicate() = default;
    virtual bool keeps(Context& context) const = 0;
    virtual int fixed_position() const { return 0; }   // > 0: only this one
};
using PredicatePtr = std::unique_ptr<Predicate>;
PredicatePtr make_predicate(ExpressionPtr expression);
void filter(Context& context, NodeList& list, size_t start, const Predicate& predicate);

enum class Axis : uint8_t {
    Self, Child, Parent, Descendant, DescendantOrSelf, Ancestor, AncestorOrSelf, Following, FollowingSibling,
    Preceding, PrecedingSibling, Attribute
};
enum class TestKind : uint8_t { AnyNode, Text, Comment, Instruction, AnyName, Namespace, Name };
struct NodeTest {
    TestKind kind = TestKind::AnyNode;
    int id = 0;                       // expanded name, namespace or instruction target
};

// One location step, stamped out for each axis and node test.
class Step {
public:
    virtual ~Step() = default;
    virtual void collect(const Node* origin, NodeList& out) const = 0;      // in axis order
    virtual const Node* nth(const Node* origin, int wanted) const = 0;
    virtual int count(const Node* origin) const = 0;
    virtual bool accepts(const Node& node) const = 0;                       // test only, for patterns
    virtual bool reverse() const = 0;
    std::vector<PredicatePtr> predicates;
    Axis axis = Axis::Child;
};
using StepPtr = std::unique_ptr<Step>;
StepPtr make_step(Axis axis, NodeTest test);

enum class Relation : uint8_t { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual };
enum class Operator : uint8_t { Add, Subtract, Multiply, Divide, Modulo };
ExpressionPtr make_comparison(Relation relation, ExpressionPtr left, ExpressionPtr right);
ExpressionPtr make_arithmetic(Operator op, ExpressionPtr left, ExpressionPtr right);
ExpressionPtr make_logic(bool is_and, ExpressionPtr left, ExpressionPtr right);
ExpressionPtr make_negation(ExpressionPtr inner);
ExpressionPtr make_number(double value);
ExpressionPtr make_text(string value);
ExpressionPtr make_variable(int slot);
ExpressionPtr make_union(ExpressionPtr left, ExpressionPtr right);
// A null base means the path starts at the context node (or at the root when absolute).
ExpressionPtr make_path(ExpressionPtr base, bool absolute, std::vector<StepPtr> steps);
ExpressionPtr make_filter(ExpressionPtr base, std::vector<PredicatePtr> predicates);
ExpressionPtr make_function(const string& name, std::vector<ExpressionPtr> arguments);
void sort_unique(NodeList& list);

// What a compiler must know about its surroundings.
struct Scope {
    NamePool& names;
    std::map<string, string> namespaces;   // prefix to URI
    std::map<string, int> variables;       // name to slot
};

// A match pattern: steps read from the right.
struct Pattern {
    struct Alternative {
        std::vector<StepPtr> steps;
        std::vector<bool> deep;            // deep[i]: '//' stands before step i
        bool absolute = false;
        double priority = 0;
        bool matches(Context& context, const Node* node, size_t last) const;
    };
    std::vector<Alternative> alternatives;
};

ExpressionPtr compile_expression(string_view text, Scope& scope);
Pattern compile_pattern(string_view text, Scope& scope);

}  // namespace xalan
