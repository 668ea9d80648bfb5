// SPDX-License-Identifier: BSD-3-Clause
// Binary and assignment operators, stamped out for each operator and each shape of operand.
#include "nodes.hh"

namespace script {
namespace {

struct Constant final : Node {
    explicit Constant(Value v) : value(std::move(v)) {}
    Value eval(Interpreter&) const override { return value; }
    bool truth(Interpreter&) const override { return value.truth(); }
    void append(Interpreter&, string& out) const override { value.append_to(out); }
    Shape shape() const override { return Shape::Constant; }
    Value value;
};

struct Local final : Node {
    explicit Local(int s) : index(s) {}
    Value& place(Interpreter& in) const override { return in.stack[in.frame + index]; }
    Value eval(Interpreter& in) const override { return place(in); }
    bool truth(Interpreter& in) const override { return place(in).truth(); }
    void append(Interpreter& in, string& out) const override { place(in).append_to(out); }
    Shape shape() const override { return Shape::Local; }
    int slot() const override { return index; }
    int index;
};

// Operands: how to get at a value without copying it when that is possible.
struct LocalOperand {
    explicit LocalOperand(NodePtr node) : slot(node->slot()) {}
    const Value& get(Interpreter& in) const { return in.stack[in.frame + slot]; }
    int slot;
};
struct ConstantOperand {
    explicit ConstantOperand(NodePtr node) : value(static_cast<Constant&>(*node).value) {}
    const Value& get(Interpreter&) const { return value; }
    Value value;
};
struct OtherOperand {
    explicit OtherOperand(NodePtr n) : node(std::move(n)) {}
    Value get(Interpreter& in) const { return node->eval(in); }
    NodePtr node;
};

// Arithmetic stays in integers while it can.
using Kind = Type;
#define ARITHMETIC(Name, on_integers, on_numbers)                                                            \
    struct Name {                                                                                            \
        static constexpr bool kTruth = false;                                                                \
        static Value of(const Value& x, const Value& y) {                                                    \
            if (x.type == Kind::Integer && y.type == Kind::Integer) {                                        \
                [[maybe_unused]] uint64_t a = static_cast<uint64_t>(x.integer),                              \
                                          b = static_cast<uint64_t>(y.integer);                              \
                on_integers                                                                                  \
            }                                                                                                \
            if (x.type == Kind::Text || y.type == Kind::Text || x.type == Kind::Undefined ||                 \
                y.type == Kind::Undefined)                                                                   \
                return of(x.numeric(), y.numeric());                                                         \
            double a = x.num(), b = y.num();                                                                 \
            on_numbers                                                                                       \
        }                                                                                                    \
    };
ARITHMETIC(AddOp, return static_cast<int64_t>(a + b);, return a + b;)
ARITHMETIC(SubtractOp, return static_cast<int64_t>(a - b);, return a - b;)
ARITHMETIC(MultiplyOp, return static_cast<int64_t>(a * b);, return a * b;)
ARITHMETIC(DivideOp,
    if (y.integer == 0) throw ScriptError("division by zero");
    if (y.integer != -1 && x.integer % y.integer == 0) return x.integer / y.integer;
    return static_cast<double>(x.integer) / static_cast<double>(y.integer);, return a / b;)

struct ModuloOp {
    static constexpr bool kTruth = false;
    static Value of(const Value& x, const Value& y) {
        int64_t a = x.whole(), b = y.whole();
        if (b == 0)
            throw ScriptError("modulus zero");
        int64_t rest = b == -1 ? 0 : a % b;
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;     // the sign follows the right side
    }
};
struct PowerOp {
    static constexpr bool kTruth = false;
    static Value of(const Value& x, const Value& y) {
        uint64_t base = static_cast<uint64_t>(x.whole()), result = 1;
        for (int64_t n = y.whole(); n > 0; n >>= 1, base *= base)
            if (n & 1)
                result *= base;
        return static_cast<int64_t>(result);
    }
};
struct ConcatOp {
    static constexpr bool kTruth = false;
    static Value of(const Value& x, const Value& y) {
        string out;
        x.append_to(out);
        y.append_to(out);
        return out;
    }
};
struct RepeatOp {
    static constexpr bool kTruth = false;
    static Value of(const Value& x, const Value& y) {
        string unit = x.str(), out;
        for (int64_t n = y.whole(); n > 0; --n)
            out += unit;
        return out;
    }
};
#define BITS(Name, expression)                                              \
    struct Name {                                                           \
        static constexpr bool kTruth = false;                               \
        static Value of(const Value& x, const Value& y) {                   \
            uint64_t a = static_cast<uint64_t>(x.whole()), b = static_cast<uint64_t>(y.whole()); \
            return static_cast<int64_t>(expression);                        \
        }                                                                   \
    };
BITS(BitAndOp, a & b)
BITS(BitOrOp, a | b)
BITS(BitXorOp, a ^ b)
BITS(ShiftLeftOp, a << (b & 63))
BITS(ShiftRightOp, a >> (b & 63))

#define COMPARISON(Name, relation)                                          \
    struct Name {                                                           \
        static constexpr bool kTruth = true;                                \
        static bool holds(const Value& x, const Value& y) {                 \
            if (x.type == Type::Integer && y.type == Type::Integer)         \
                return x.integer relation y.integer;                        \
            return x.num() relation y.num();                                \
        }                                                                   \
        static Value of(const Value& x, const Value& y) { return holds(x, y); } \
    };
COMPARISON(EqualOp, ==)
COMPARISON(NotEqualOp, !=)
COMPARISON(LessOp, <)
COMPARISON(GreaterOp, >)
COMPARISON(LessEqualOp, <=)
COMPARISON(GreaterEqualOp, >=)

int compare_text(const Value& x, const Value& y) {
    int order =
        x.type == Type::Text && y.type == Type::Text ? x.text.compare(y.text) : x.str().compare(y.str());
    return order < 0 ? -1 : order > 0;
}
#define TEXT_COMPARISON(Name, relation)                                     \
    struct Name {                                                           \
        static constexpr bool kTruth = true;                                \
        static bool holds(const Value& x, const Value& y) {                 \
            if (x.type == Type::Text && y.type == Type::Text)               \
                return x.text relation y.text;                              \
            return x.str() relation y.str();                                \
        }                                                                   \
        static Value of(const Value& x, const Value& y) { return holds(x, y); } \
    };
TEXT_COMPARISON(TextEqualOp, ==)
TEXT_COMPARISON(TextNotEqualOp, !=)
TEXT_COMPARISON(TextLessOp, <)
TEXT_COMPARISON(TextGreaterOp, >)
TEXT_COMPARISON(TextLessEqualOp, <=)
TEXT_COMPARISON(TextGreaterEqualOp, >=)

struct CompareOp {
    static constexpr bool kTruth = false;
    static Value of(const Value& x, const Value& y) {
        return LessOp::holds(x, y) ? -1 : GreaterOp::holds(x, y) ? 1 : 0;
    }
};
struct TextCompareOp {
    static constexpr bool kTruth = false;
    static Value of(const Value& x, const Value& y) { return compare_text(x, y); }
};

template <class Op, class Left, class Right> struct BinaryNode final : Node {
    BinaryNode(NodePtr l, NodePtr r) : left(std::move(l)), right(std::move(r)) {}
    Value eval(Interpreter& in) const override {
        ++in.operations;
        const Value& x = left.get(in);
        return Op::of(x, right.get(in));
    }
    bool truth(Interpreter& in) const override {
        ++in.operations;
        const Value& x = left.get(in);
        if constexpr (Op::kTruth)
            return Op::holds(x, right.get(in));
        else
            return Op::of(x, right.get(in)).truth();
    }
    Left left;
    Right right;
};

// Concatenation appends in place; no intermediate scalars.
template <class Left, class Right> struct BinaryNode<ConcatOp, Left, Right> final : Node {
    BinaryNode(NodePtr l, NodePtr r) : left(std::move(l)), right(std::move(r)) {}
    Value eval(Interpreter& in) const override {
        string out;
        append(in, out);
        return out;
    }
    void append(Interpreter& in, string& out) const override {
        ++in.operations;
        left.get(in).append_to(out);
        right.get(in).append_to(out);
    }
    Left left;
    Right right;
};

template <class Op, class Left> NodePtr with_left(NodePtr left, NodePtr right) {
    switch (right->shape()) {
    case Shape::Local:
        return std::make_unique<BinaryNode<Op, Left, LocalOperand>>(std::move(left), std::move(right));
    case Shape::Constant:
        return std::make_unique<BinaryNode<Op, Left, ConstantOperand>>(std::move(left), std::move(right));
    default: return std::make_unique<BinaryNode<Op, Left, OtherOperand>>(std::move(left), std::move(right));
    }
}
struct MakeBinary {
    template <class Op> static NodePtr make(NodePtr left, NodePtr right) {
        switch (left->shape()) {
        case Shape::Local: return with_left<Op, LocalOperand>(std::move(left), std::move(right));
        case Shape::Constant: return with_left<Op, ConstantOperand>(std::move(left), std::move(right));
        default: return with_left<Op, OtherOperand>(std::move(left), std::move(right));
        }
    }
};

template <class Op, class Right> struct UpdateNode final : Node {
    UpdateNode(NodePtr t, NodePtr r) : target(std::move(t)), right(std::move(r)) {}
    Value& place(Interpreter& in) const override {
        ++in.operations;
        Value operand = right.get(in);       // first: it may make the target move
        Value& value = target->place(in);
        if constexpr (std::is_same_v<Op, ConcatOp>) {
            if (value.type != Type::Text)
                value = value.str();
            operand.append_to(value.text);
        } else {
            value = Op::of(value, operand);
        }
        return value;
    }
    Value eval(Interpreter& in) const override { return place(in); }
    Flow run(Interpreter& in) const override { place(in); return Flow::Normal; }
    NodePtr target;
    Right right;
};
struct MakeUpdate {
    template <class Op> static NodePtr make(NodePtr target, NodePtr value) {
        switch (value->shape()) {
        case Shape::Local:
            return std::make_unique<UpdateNode<Op, LocalOperand>>(std::move(target), std::move(value));
        case Shape::Constant:
            return std::make_unique<UpdateNode<Op, ConstantOperand>>(std::move(target), std::move(value));
        default: return std::make_unique<UpdateNode<Op, OtherOperand>>(std::move(target), std::move(value));
        }
    }
};

template <class Maker> NodePtr choose(Binary op, NodePtr l, NodePtr r) {
    switch (op) {
#define CASE(Name) case Binary::Name: return Maker::template make<Name##Op>(std::move(l), std::move(r));
        CASE(Add)
        CASE(Subtract) CASE(Multiply) CASE(Divide) CASE(Modulo) CASE(Power) CASE(Concat) CASE(Repeat)
            CASE(Equal) CASE(NotEqual) CASE(Less) CASE(Greater) CASE(LessEqual) CASE(GreaterEqual)
                CASE(Compare) CASE(TextEqual) CASE(TextNotEqual) CASE(TextLess) CASE(TextGreater)
                    CASE(TextLessEqual) CASE(TextGreaterEqual) CASE(TextCompare) CASE(BitAnd) CASE(BitOr)
                        CASE(BitXor) CASE(ShiftLeft) CASE(ShiftRight)
#undef CASE
    }
    throw ScriptError("unknown operator");
}

struct AssignLocal final : Node {
    AssignLocal(int s, NodePtr v) : index(s), value(std::move(v)) {}
    Value& place(Interpreter& in) const override {
        Value made = value->eval(in);
        return in.stack[in.frame + index] = std::move(made);
    }
    Value eval(Interpreter& in) const override { return place(in); }
    Flow run(Interpreter& in) const override { place(in); return Flow::Normal; }
    int index;
    NodePtr value;
};
struct AssignPlace final : Node {
    AssignPlace(NodePtr t, NodePtr v) : target(std::move(t)), value(std::move(v)) {}
    Value& place(Interpreter& in) const override {
        Value made = value->eval(in);
        return target->place(in) = std::move(made);
    }
    Value eval(Interpreter& in) const override { return place(in); }
    Flow run(Interpreter& in) const override { place(in); return Flow::Normal; }
    NodePtr target, value;
};

}  // namespace

NodePtr make_constant(Value value) { return std::make_unique<Constant>(std::move(value)); }
NodePtr make_local(int slot) { return std::make_unique<Local>(slot); }
NodePtr make_binary(Binary op, NodePtr left, NodePtr right) {
    return choose<MakeBinary>(op, std::move(left), std::move(right));
}
NodePtr make_update(Binary op, NodePtr target, NodePtr value) {
    return choose<MakeUpdate>(op, std::move(target), std::move(value));
}
NodePtr make_assign(NodePtr target, NodePtr value) {
    if (target->shape() == Shape::Local)
        return std::make_unique<AssignLocal>(target->slot(), std::move(value));
    return std::make_unique<AssignPlace>(std::move(target), std::move(value));
}

}  // namespace script
