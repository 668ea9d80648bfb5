// SPDX-License-Identifier: BSD-3-Clause
// Front end: lexer, syntax tree, parser and the lowering of trees to the intermediate representation.
#pragma once
#include <memory>
#include <string_view>

#include "ir.hh"

namespace compiler {

enum class Tok : uint8_t {
    End,
    Name,
    Number,
    KwLong,
    KwIf,
    KwElse,
    KwWhile,
    KwDo,
    KwFor,
    KwSwitch,
    KwCase,
    KwDefault,
    KwBreak,
    KwContinue,
    KwReturn,
    Punct
};

struct Token {
    Tok kind = Tok::End;
    std::string_view text;
    int64_t value = 0;
    int line = 0;
};

std::vector<Token> lex(std::string_view source);

enum class Ex : uint8_t {
    Number,
    Variable,
    Element,
    Unary,
    Binary,
    LogicAnd,
    LogicOr,
    LogicNot,
    Conditional,
    Assign,
    Increment,
    Call
};

struct Expr {
    Ex kind = Ex::Number;
    Op op = Op::Add;                      // Unary, Binary and compound Assign
    bool compound = false, prefix = false;
    int64_t value = 0;
    int symbol = -1;                      // local, array or function
    std::vector<std::unique_ptr<Expr>> parts;
};
using ExprPtr = std::unique_ptr<Expr>;

enum class St : uint8_t {
    Expression,
    Block,
    If,
    While,
    DoWhile,
    For,
    Switch,
    Case,
    Default,
    Break,
    Continue,
    Return
};

struct Stmt {
    St kind = St::Block;
    ExprPtr first, second, third;
    int64_t value = 0;                    // case label
    std::vector<std::unique_ptr<Stmt>> body;
};
using StmtPtr = std::unique_ptr<Stmt>;

struct FunctionTree {
    std::string name;
    int parameters = 0, locals = 0;
    StmtPtr body;
};

// Parses one translation unit and hands each function, lowered, to `module`.
void parse_unit(std::string_view source, Module& module, std::vector<FunctionTree>& trees);
Function lower(const FunctionTree& tree, const Module& module);

}  // namespace compiler
