// SPDX-License-Identifier: BSD-3-Clause
// gcc_like (after SPEC CPU2006 403.gcc): the intermediate representation shared by all passes.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace compiler {

struct CompileError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Every value is a 64-bit integer that wraps. Shifts use the low six bits; x / 0 is 0 and x % 0 is x.
enum class Op : uint8_t {
    Constant, Parameter, Phi, Copy,
    Add, Sub, Mul, Div, Rem, And, Or, Xor, Shl, Shr, Sar,
    Eq, Ne, Lt, Le, Gt, Ge, Below,                     // Below: unsigned less
    Neg, Not, Select, Min, Max,
    Load, Store,                                       // global array `symbol`, args: index [, value]
    ReadLocal, WriteLocal,                             // only before SSA; `symbol` is the variable
    Call,                                              // `symbol` is the function
    Jump, Branch, Return
};

inline bool is_binary(Op op) { return op >= Op::Add && op <= Op::Below; }
inline bool is_compare(Op op) { return op >= Op::Eq && op <= Op::Below; }
inline bool is_terminator(Op op) { return op >= Op::Jump; }
inline bool is_commutative(Op op) {
    return op == Op::Add || op == Op::Mul || op == Op::And || op == Op::Or || op == Op::Xor || op == Op::Eq ||
           op == Op::Ne || op == Op::Min || op == Op::Max;
}
inline bool has_effect(Op op) {
    return op == Op::Store || op == Op::Call || op == Op::WriteLocal || is_terminator(op);
}
inline bool is_pure(Op op) { return op >= Op::Add && op <= Op::Max; }

int64_t fold(Op op, int64_t a, int64_t b, int64_t c = 0);
const char* op_name(Op op);

// A list of operands: nearly all have at most three, which live inside the object.
class Args {
public:
    Args() = default;
    Args(std::initializer_list<int> list) { append(list.begin(), list.end()); }
    Args(const std::vector<int>& list) { append(list.data(), list.data() + list.size()); }
    Args(const Args& other) { append(other.begin(), other.end()); }
    Args(Args&& other) noexcept { swap(other); }
    Args& operator=(Args other) { swap(other); return *this; }
    ~Args() { delete[] heap_; }

    int* begin() { return heap_ ? heap_ : inside_; }
    int* end() { return begin() + size_; }
    const int* begin() const { return heap_ ? heap_ : inside_; }
    const int* end() const { return begin() + size_; }
    size_t size() const { return static_cast<size_t>(size_); }
    bool empty() const { return size_ == 0; }
    int& operator[](size_t i) { return begin()[i]; }
    int operator[](size_t i) const { return begin()[i]; }
    void clear() { size_ = 0; }
    void push_back(int value) {
        if (size_ == capacity_)
            grow();
        begin()[size_++] = value;
    }
    void erase(int* place) {
        for (; place + 1 < end(); ++place)
            *place = place[1];
        --size_;
    }
    void assign(size_t count, int value) {
        clear();
        for (; count > 0; --count)
            push_back(value);
    }

private:
    void append(const int* from, const int* to) {
        for (; from != to; ++from)
            push_back(*from);
    }
    void grow() {
        int* larger = new int[capacity_ * 2];
        for (int i = 0; i < size_; ++i)
            larger[i] = begin()[i];
        delete[] heap_;
        heap_ = larger;
        capacity_ *= 2;
    }
    void swap(Args& other) {
        std::swap(heap_, other.heap_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
        std::swap(inside_, other.inside_);
    }
    int* heap_ = nullptr;
    int size_ = 0, capacity_ = 3;
    int inside_[3] = {0, 0, 0};
};

struct Inst {
    Op op = Op::Constant;
    int block = -1;                 // -1: constants and removed instructions
    int symbol = -1;
    int64_t imm = 0;
    Args args;                      // phi: one per predecessor, in the same order
};

struct Block {
    std::vector<int> insts;         // phis first, a terminator last
    std::vector<int> preds, succs;  // Branch: succs[0] when the condition is not zero
    bool dead = false;
};

struct Function {
    std::string name;
    int parameters = 0, locals = 0;
    std::vector<Inst> insts;
    std::vector<Block> blocks;      // block 0 is the entry
    std::map<int64_t, int> constants;

    int constant(int64_t value);
    bool is_constant(int value) const { return insts[value].op == Op::Constant; }
    int create(Op op, Args args, int64_t imm = 0, int symbol = -1);
    int append(int block, Op op, Args args, int64_t imm = 0, int symbol = -1);
    void insert(int block, size_t place, int inst);
    int new_block();
    void link(int from, int to);
    void unlink(int from, int to);                  // drops the phi arguments too
    int terminator(int block) const { return blocks[block].insts.back(); }
    size_t first_non_phi(int block) const;
    int pred_index(int block, int pred) const;
    void replace_edge(int from, int old_to, int new_to);   // leaves phis of new_to to the caller
    void rewrite(const std::vector<int>& replacement);  // replacement[v] != v: use that instead, and drop v
    int size() const;
};

struct Array {
    std::string name;
    int64_t length;                 // a power of two
};

struct Module {
    std::vector<Array> arrays;
    std::vector<Function> functions;
    std::map<std::string, int> array_ids, function_ids;
};

// Dominators, dominance frontiers and the loop forest of one function.
struct Dominance {
    explicit Dominance(const Function& function);
    bool dominates(int a, int b) const { return enter[a] <= enter[b] && leave[b] <= leave[a]; }
    std::vector<int> order;                         // reverse postorder of reachable blocks
    std::vector<int> number;                        // position in `order`, -1 when unreachable
    std::vector<int> parent;                        // immediate dominator
    std::vector<std::vector<int>> children, frontier;
    std::vector<int> enter, leave;                  // tree intervals
};

struct Loop {
    int header, depth = 1;
    std::vector<int> body;                          // header included
    std::vector<int> latches;
};
std::vector<Loop> find_loops(const Function& function, const Dominance& dominance);

}  // namespace compiler
