// SPDX-License-Identifier: BSD-3-Clause
// XPath operators: comparisons for every pair of operand types, arithmetic, logic, literals and variables.
#include <algorithm>
#include <cmath>

#include "xpath.hh"

namespace xalan {

void Expression::nodes(Context&, NodeList&) const {
    throw SyntaxError("this expression does not yield nodes");
}
double Expression::count(Context&) const { throw SyntaxError("only nodes can be counted"); }
const Node* Expression::first(Context&) const { throw SyntaxError("this expression does not yield a node"); }

double NodesExpression::number(Context& context) const {
    string out;
    text(context, out);
    return text_to_number(out);
}

const Node* NodesExpression::first(Context& context) const {
    NodeList list;
    nodes(context, list);
    return list.empty() ? nullptr : list.front();
}

bool is_integer(double value, int limit) {
    return value >= -limit && value <= limit && value == static_cast<double>(static_cast<int>(value));
}

// Only + - * / on doubles, so every machine gets the same bits.
double text_to_number(string_view text) {
    size_t at = 0, end = text.size();
    auto digit = [&] { return at < end && text[at] >= '0' && text[at] <= '9'; };
    while (at < end && is_space(static_cast<uint8_t>(text[at])))
        ++at;
    while (end > at && is_space(static_cast<uint8_t>(text[end - 1])))
        --end;
    bool negative = at < end && text[at] == '-';
    at += negative;
    if (!digit() && !(at + 1 < end && text[at] == '.'))
        return std::nan("");
    double value = 0, scale = 1;
    for (; digit(); ++at)
        value = value * 10 + (text[at] - '0');
    if (at < end && text[at] == '.')
        for (++at; digit(); ++at, scale *= 10)
            value = value * 10 + (text[at] - '0');
    if (at != end)
        return std::nan("");
    return (negative ? -value : value) / scale;
}

// Six decimals at most: enough for the stylesheets and exact in 64-bit integers.
void append_number(string& out, double value) {
    if (value != value) {
        out += "NaN";
        return;
    }
    if (value < 0) {
        out += '-';
        value = -value;
    }
    if (value >= 9e12) {
        out += value > 1e300 ? "Infinity" : std::to_string(static_cast<int64_t>(value < 9e18 ? value : 9e18));
        return;
    }
    uint64_t scaled = static_cast<uint64_t>(value * 1e6 + 0.5);
    out += std::to_string(scaled / 1000000);
    uint64_t fraction = scaled % 1000000;
    if (fraction == 0)
        return;
    out += '.';
    for (uint64_t unit = 100000; fraction; fraction %= unit, unit /= 10)
        out += static_cast<char>('0' + fraction / unit);
}

double round_number(double value) {
    if (value != value || value > 1e15 || value < -1e15)
        return value;
    double down = static_cast<double>(static_cast<int64_t>(value + 0.5));
    return down > value + 0.5 ? down - 1 : down;
}

namespace {

struct IsEqual {
    template <class T> static bool of(const T& a, const T& b) { return a == b; }
    static constexpr bool kOrdered = false;
};
struct IsNotEqual {
    template <class T> static bool of(const T& a, const T& b) { return a != b; }
    static constexpr bool kOrdered = false;
};
struct IsLess {
    template <class T> static bool of(const T& a, const T& b) { return a < b; }
    static constexpr bool kOrdered = true;
};
struct IsLessEqual {
    template <class T> static bool of(const T& a, const T& b) { return a <= b; }
    static constexpr bool kOrdered = true;
};
struct IsGreater {
    template <class T> static bool of(const T& a, const T& b) { return a > b; }
    static constexpr bool kOrdered = true;
};
struct IsGreaterEqual {
    template <class T> static bool of(const T& a, const T& b) { return a >= b; }
    static constexpr bool kOrdered = true;
};

// XPath 1.0 section 3.4: what is compared depends on both operand types.
template <class Relate, Kind Left, Kind Right> class Comparison final : public BooleanExpression {
public:
    Comparison(ExpressionPtr left, ExpressionPtr right) : left_(std::move(left)), right_(std::move(right)) {}

    bool boolean(Context& context) const override {
        if constexpr (Left == Kind::Nodes && Right == Kind::Nodes)
            return nodes_with_nodes(context);
        else if constexpr (Left == Kind::Boolean || Right == Kind::Boolean)
            return booleans(context);
        else if constexpr (Left == Kind::Nodes)
            return nodes_with_value<Right, false>(context, *left_, *right_);
        else if constexpr (Right == Kind::Nodes)
            return nodes_with_value<Left, true>(context, *right_, *left_);
        else if constexpr (Left == Kind::Text && Right == Kind::Text && !Relate::kOrdered)
            return Relate::of(left_->text(context), right_->text(context));
        else
            return Relate::of(left_->number(context), right_->number(context));
    }

private:
    bool booleans(Context& context) const {
        return Relate::of(static_cast<int>(left_->boolean(context)),
                          static_cast<int>(right_->boolean(context)));
    }
    template <class T> static bool relate(bool swapped, const T& node_side, const T& value_side) {
        return swapped ? Relate::of(value_side, node_side) : Relate::of(node_side, value_side);
    }
    template <Kind Other, bool Swapped>
    static bool nodes_with_value(Context& context, const Expression& set, const Expression& other) {
        NodeList list;
        set.nodes(context, list);
        string text;
        if constexpr (Other == Kind::Text && !Relate::kOrdered) {
            string wanted = other.text(context);
            for (const Node* node : list) {
                text.clear();
                node->text(text);
                if (relate(Swapped, text, wanted))
                    return true;
            }
        } else {
            double wanted = other.number(context);
            for (const Node* node : list) {
                text.clear();
                node->text(text);
                if (relate(Swapped, text_to_number(text), wanted))
                    return true;
            }
        }
        return false;
    }
    bool nodes_with_nodes(Context& context) const {
        NodeList left, right;
        left_->nodes(context, left);
        right_->nodes(context, right);
        std::vector<string> texts;
        for (const Node* node : right)
            texts.push_back(node->text());
        for (const Node* node : left) {
            string text = node->text();
            for (const string& other : texts) {
                bool holds;
                if constexpr (Relate::kOrdered)
                    holds = Relate::of(text_to_number(text), text_to_number(other));
                else
                    holds = Relate::of(text, other);
                if (holds)
                    return true;
            }
        }
        return false;
    }
    ExpressionPtr left_, right_;
};

template <class Relate, Kind Left> ExpressionPtr compare_left(ExpressionPtr left, ExpressionPtr right) {
    switch (right->kind()) {
    case Kind::Nodes:
        return std::make_unique<Comparison<Relate, Left, Kind::Nodes>>(std::move(left), std::move(right));
    case Kind::Number:
        return std::make_unique<Comparison<Relate, Left, Kind::Number>>(std::move(left), std::move(right));
    case Kind::Text:
        return std::make_unique<Comparison<Relate, Left, Kind::Text>>(std::move(left), std::move(right));
    default:
        return std::make_unique<Comparison<Relate, Left, Kind::Boolean>>(std::move(left), std::move(right));
    }
}

template <class Relate> ExpressionPtr compare(ExpressionPtr left, ExpressionPtr right) {
    switch (left->kind()) {
    case Kind::Nodes: return compare_left<Relate, Kind::Nodes>(std::move(left), std::move(right));
    case Kind::Number: return compare_left<Relate, Kind::Number>(std::move(left), std::move(right));
    case Kind::Text: return compare_left<Relate, Kind::Text>(std::move(left), std::move(right));
    default: return compare_left<Relate, Kind::Boolean>(std::move(left), std::move(right));
    }
}

// Truncating remainder without fmod, whose speed and code differ between libraries.
double modulo(double a, double b) {
    if (b == 0 || a != a || b != b || a / b > 1e15 || a / b < -1e15)
        return std::nan("");
    return a - b * static_cast<double>(static_cast<int64_t>(a / b));
}

struct Plus { static double of(double a, double b) { return a + b; } };
struct Minus { static double of(double a, double b) { return a - b; } };
struct Times { static double of(double a, double b) { return a * b; } };
struct Over { static double of(double a, double b) { return a / b; } };
struct Mod { static double of(double a, double b) { return modulo(a, b); } };

template <class Op, bool LeftIsNodes, bool RightIsNodes> class Arithmetic final : public NumberExpression {
public:
    Arithmetic(ExpressionPtr left, ExpressionPtr right) : left_(std::move(left)), right_(std::move(right)) {}
    double number(Context& context) const override {
        return Op::of(operand<LeftIsNodes>(context, *left_), operand<RightIsNodes>(context, *right_));
    }

private:
    // The first node's text is enough; the general route would build the whole set.
    template <bool IsNodes> static double operand(Context& context, const Expression& side) {
        if constexpr (!IsNodes)
            return side.number(context);
        const Node* node = side.first(context);
        return node ? text_to_number(node->text()) : std::nan("");
    }
    ExpressionPtr left_, right_;
};

template <class Op> ExpressionPtr arithmetic(ExpressionPtr left, ExpressionPtr right) {
    bool left_nodes = left->kind() == Kind::Nodes, right_nodes = right->kind() == Kind::Nodes;
    if (left_nodes && right_nodes)
        return std::make_unique<Arithmetic<Op, true, true>>(std::move(left), std::move(right));
    if (left_nodes)
        return std::make_unique<Arithmetic<Op, true, false>>(std::move(left), std::move(right));
    if (right_nodes)
        return std::make_unique<Arithmetic<Op, false, true>>(std::move(left), std::move(right));
    return std::make_unique<Arithmetic<Op, false, false>>(std::move(left), std::move(right));
}

template <bool And> class Logic final : public BooleanExpression {
public:
    Logic(ExpressionPtr left, ExpressionPtr right) : left_(std::move(left)), right_(std::move(right)) {}
    bool boolean(Context& context) const override {
        return And ? left_->boolean(context) && right_->boolean(context)
                   : left_->boolean(context) || right_->boolean(context);
    }

private:
    ExpressionPtr left_, right_;
};

class Negation final : public NumberExpression {
public:
    explicit Negation(ExpressionPtr inner) : inner_(std::move(inner)) {}
    double number(Context& context) const override { return 0 - inner_->number(context); }

private:
    ExpressionPtr inner_;
};

class NumberLiteral final : public NumberExpression {
public:
    explicit NumberLiteral(double value) : value_(value) {}
    double number(Context&) const override { return value_; }
    int literal_position() const override {
        return is_integer(value_, 10000) && value_ > 0 ? int(value_) : 0;
    }

private:
    double value_;
};

class TextLiteral final : public TextExpression {
public:
    explicit TextLiteral(string value) : value_(std::move(value)) {}
    using Expression::text;
    void text(Context&, string& out) const override { out += value_; }
    double number(Context&) const override { return text_to_number(value_); }
    bool boolean(Context&) const override { return !value_.empty(); }

private:
    string value_;
};

// A variable's type is only known when it runs; comparing it as text is what the stylesheets here need.
class Variable final : public TextExpression {
public:
    explicit Variable(int slot) : slot_(slot) {}
    using Expression::text;
    void text(Context& context, string& out) const override {
        const Value& value = get(context);
        switch (value.kind) {
        case Kind::Nodes: if (!value.nodes.empty()) value.nodes.front()->text(out); break;
        case Kind::Number: append_number(out, value.number); break;
        case Kind::Boolean: out += value.boolean ? "true" : "false"; break;
        case Kind::Text: out += value.text; break;
        }
    }
    double number(Context& context) const override {
        const Value& value = get(context);
        return value.kind == Kind::Number    ? value.number
               : value.kind == Kind::Boolean ? static_cast<double>(value.boolean)
                                             : TextExpression::number(context);
    }
    bool boolean(Context& context) const override {
        const Value& value = get(context);
        switch (value.kind) {
        case Kind::Nodes: return !value.nodes.empty();
        case Kind::Number: return value.number < 0 || value.number > 0;
        case Kind::Boolean: return value.boolean;
        default: return !value.text.empty();
        }
    }
    void nodes(Context& context, NodeList& out) const override {
        const Value& value = get(context);
        if (value.kind != Kind::Nodes)
            throw SyntaxError("a variable that holds no nodes is used as a path");
        out.insert(out.end(), value.nodes.begin(), value.nodes.end());
    }
    double count(Context& context) const override { return double(get(context).nodes.size()); }
    const Node* first(Context& context) const override {
        const Value& value = get(context);
        return value.nodes.empty() ? nullptr : value.nodes.front();
    }

private:
    const Value& get(Context& context) const { return (*context.variables)[context.frame + slot_]; }
    int slot_;
};

}  // namespace

ExpressionPtr make_comparison(Relation relation, ExpressionPtr left, ExpressionPtr right) {
    switch (relation) {
    case Relation::Equal: return compare<IsEqual>(std::move(left), std::move(right));
    case Relation::NotEqual: return compare<IsNotEqual>(std::move(left), std::move(right));
    case Relation::Less: return compare<IsLess>(std::move(left), std::move(right));
    case Relation::LessEqual: return compare<IsLessEqual>(std::move(left), std::move(right));
    case Relation::Greater: return compare<IsGreater>(std::move(left), std::move(right));
    default: return compare<IsGreaterEqual>(std::move(left), std::move(right));
    }
}

ExpressionPtr make_arithmetic(Operator op, ExpressionPtr left, ExpressionPtr right) {
    switch (op) {
    case Operator::Add: return arithmetic<Plus>(std::move(left), std::move(right));
    case Operator::Subtract: return arithmetic<Minus>(std::move(left), std::move(right));
    case Operator::Multiply: return arithmetic<Times>(std::move(left), std::move(right));
    case Operator::Divide: return arithmetic<Over>(std::move(left), std::move(right));
    default: return arithmetic<Mod>(std::move(left), std::move(right));
    }
}

ExpressionPtr make_logic(bool is_and, ExpressionPtr left, ExpressionPtr right) {
    if (is_and)
        return std::make_unique<Logic<true>>(std::move(left), std::move(right));
    return std::make_unique<Logic<false>>(std::move(left), std::move(right));
}

ExpressionPtr make_negation(ExpressionPtr inner) { return std::make_unique<Negation>(std::move(inner)); }
ExpressionPtr make_number(double value) { return std::make_unique<NumberLiteral>(value); }
ExpressionPtr make_text(string value) { return std::make_unique<TextLiteral>(std::move(value)); }
ExpressionPtr make_variable(int slot) { return std::make_unique<Variable>(slot); }

}  // namespace xalan
