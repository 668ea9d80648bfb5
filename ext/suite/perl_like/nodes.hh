// SPDX-License-Identifier: BSD-3-Clause
// The executable tree: each node type answers in scalar, Boolean, text and list context, and statements say
// what follows.
#pragma once
#include <map>
#include <memory>

#include "regex.hh"

namespace script {

struct Interpreter;

enum class Flow : uint8_t { Normal, Next, Last, Return };
enum class Shape : uint8_t { Local, Constant, Other };   // what operand specialisation can see

class Node {
public:
    virtual ~Node() = default;
    virtual Value eval(Interpreter&) const = 0;
    virtual bool truth(Interpreter& in) const { return eval(in).truth(); }
    virtual void append(Interpreter& in, string& out) const { eval(in).append_to(out); }
    virtual void list(Interpreter& in, Array& out) const { out.push_back(eval(in)); }
    virtual Value& place(Interpreter&) const { throw ScriptError("this cannot be assigned"); }
    virtual Flow run(Interpreter& in) const { eval(in); return Flow::Normal; }
    virtual Shape shape() const { return Shape::Other; }
    virtual int slot() const { return -1; }
};
using NodePtr = std::unique_ptr<Node>;
using NodeList = std::vector<NodePtr>;

struct Subroutine {
    string name;
    NodePtr body;
    int slots = 0;
};

struct Interpreter {
    std::vector<Value> stack = std::vector<Value>(512);
    size_t frame = 0, top = 0;
    std::vector<Array> arrays;
    std::vector<Hash> hashes;
    std::vector<Array> arguments = std::vector<Array>(1);
    std::vector<Subroutine> subs;
    Value topic, left, right, result;       // $_ $a $b and what return leaves
    std::vector<string> groups;             // $1 and on
    std::vector<string> input;              // lines that readline() hands out
    size_t next_line = 0;
    string output;
    uint64_t operations = 0;

    Value call(int sub, Array arguments_in);
};

enum class Binary : uint8_t {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Concat,
    Repeat,
    Equal,
    NotEqual,
    Less,
    Greater,
    LessEqual,
    GreaterEqual,
    Compare,
    TextEqual,
    TextNotEqual,
    TextLess,
    TextGreater,
    TextLessEqual,
    TextGreaterEqual,
    TextCompare,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight
};

NodePtr make_constant(Value value);
NodePtr make_local(int slot);
NodePtr make_binary(Binary op, NodePtr left, NodePtr right);
NodePtr make_update(Binary op, NodePtr target, NodePtr value);    // $x op= value
NodePtr make_assign(NodePtr target, NodePtr value);
// Null when there is no such function.
NodePtr make_builtin(const string& name, NodeList arguments, int array, int hash);

string format_text(const Array& arguments);

// Compiles a script; its file-level statements become the subroutine "main".
void compile_script(string_view source, Interpreter& interpreter);
int find_sub(const Interpreter& interpreter, const string& name);

}  // namespace script
