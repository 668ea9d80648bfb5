// SPDX-License-Identifier: BSD-3-Clause
// Program generator: nested statements, short loops and the idioms that real code and macros produce.
#include "generate.hh"

#include <iterator>
#include <vector>

namespace compiler {
namespace {

// A and B stand for expressions, C for a small constant.
const char* const kIdioms[] = {"((A << 3) >> 3)",
                               "(A * 8 + A)",
                               "((A & B) + (A | B))",
                               "((A ^ B) ^ B)",
                               "((A - B) + B)",
                               "(-(A - B))",
                               "(~(~A ^ B))",
                               "(A < B ? A : B)",
                               "(A > B ? A : B)",
                               "(!(A == B))",
                               "((A & 255) / 16)",
                               "((A & 255) % 8)",
                               "(A % 16)",
                               "(A / 4)",
                               "(A * C + A * 3)",
                               "((A + C) * 4)",
                               "((A | B) - (A & B))",
                               "((A + C) + (B + 5))",
                               "(A * 3 - A)",
                               "(A < 0 ? -A : A)",
                               "(A * B + C)",
                               "(A - B * C)",
                               "(A & ~B)",
                               "(A | ~B)",
                               "(A + (B << 2))",
                               "((A & 15) < 16)",
                               "((A >> 2) & 63)",
                               "((A == C) | (A < C))",
                               "(A == B ? 1 : 0)",
                               "(~(A + C))",
                               "(-(A * C))",
                               "((A & C) == 64)",
                               "((A + C) == (B + C))",
                               "((A - B) == 0)",
                               "((A ^ B) == 0)",
                               "(A % C)",
                               "(A / C)",
                               "((A % 7) % 7)",
                               "(A & (A | B))",
                               "((A & B) | (A & C))",
                               "(~A + 1)",
                               "((A + B) - A)",
                               "(A * 16 / 16)",
                               "((A << 2) << 3)",
                               "((A & 1023) >> 4)",
                               "(A * -4)",
                               "(C - (A + 9))",
                               "(A ? B : 0)",
                               "(A ? 0 : B)",
                               "((A < B) ^ 1)",
                               "(A && B)",
                               "(A || B)",
                               "(A <= C)",
                               "(A >= C)",
                               "((A & 1) != 0 ? A + B : A)",
                               "(-A < -B)",
                               "(~A < C)",
                               "((A + 64) & 31)",
                               "(A * C * 5)",
                               "(A + A)",
                               "((A << 1) + A)",
                               "((A & B) ^ A)",
                               "(A - -B)",
                               "(~A - ~B)",
                               "((A | 12) & 3)",
                               "(A * B - B * A)",
                               "((A ^ 255) == C)"};

class Generator {
public:
    Generator(Random& random, int statements) : random_(random), statements_(statements) {}

    std::string unit(int functions) {
        out_ = "long table[64];\nlong grid[32];\nlong state[16];\nlong total;\n";
        for (int i = 0; i < functions; ++i)
            function(i);
        entry(functions);
        return std::move(out_);
    }

private:
    uint32_t below(uint32_t limit) { return random_.below(limit); }
    // Braced lists are evaluated from left to right; the operands of + are not.
    static std::string join(std::initializer_list<std::string> parts) {
        std::string text;
        for (const std::string& part : parts)
            text += part;
        return text;
    }
    void line(const std::string& text) {
        out_.append(4 * (depth_ + 1), ' ');
        out_ += text;
        out_ += '\n';
    }

    void function(int index) {
        int parameters = 1 + below(3);
        arity_.push_back(parameters);
        bool tiny = below(3) == 0;
        variables_.clear();
        next_ = depth_ = loops_ = 0;
        calls_left_ = index > 0 ? 2 : 0;
        out_ += "long f" + std::to_string(index) + "(";
        for (int i = 0; i < parameters; ++i) {
            variables_.push_back("p" + std::to_string(i));
            out_ += (i ? ", long " : "long ") + variables_.back();
        }
        out_ += ") {\n";
        if (!tiny) {
            declare();
            declare();
            for (int i = 0; i < statements_; ++i)
                statement();
        }
        line("return " + expression(2) + ";");
        out_ += "}\n";
    }

    void entry(int functions) {
        variables_ = {"seed"};
        next_ = depth_ = loops_ = 0;
        out_ += "long entry(long seed) {\n    long i, sum = seed;\n";
        out_ += "    for (i = 0; i < 64; ++i) table[i] = (seed + i * 37) % 211 - 50;\n";
        out_ += "    for (i = 0; i < 32; i++) grid[i] = table[i * 2] ^ (seed >> (i & 7));\n";
        for (int f = 0; f < functions; ++f) {
            out_ += "    sum = sum * 31 + f" + std::to_string(f) + "(";
            for (int i = 0; i < arity_[f]; ++i)
                out_ += std::string(i ? ", " : "") + (i == 0   ? "sum & 1023"
                                                      : i == 1 ? "seed - sum % 77"
                                                               : "table[sum]");
            out_ += ");\n    total ^= sum;\n";
        }
        out_ +=
            "    for (i = 0; i < 16; i++) sum = sum * 33 + state[i] + grid[i + 3];\n"
             "    return sum + total;\n}\n";
    }

    std::string declare() {
        std::string name = "v" + std::to_string(next_++);
        line("long " + name + " = " + expression(2) + ";");
        variables_.push_back(name);
        return name;
    }
    const std::string& variable() { return variables_[below(static_cast<uint32_t>(variables_.size()))]; }
    std::string number() { return std::to_string(below(3) ? below(20) : below(5000)); }
    std::string element() {
        static const char* const kArrays[] = {"table", "grid", "state"};
        std::string index =
            below(3) ? join({variable(), below(2) ? " + " + std::to_string(below(9)) : ""}) : number();
        return join({kArrays[below(3)], "[", index, "]"});
    }
    std::string call() {
        --calls_left_;
        uint32_t callee = below(static_cast<uint32_t>(arity_.size()) - 1);
        std::string text = "f" + std::to_string(callee) + "(";
        for (int i = 0; i < arity_[callee]; ++i)
            text += (i ? ", " : "") + expression(1);
        return text + ")";
    }
    std::string expression(int depth) {
        uint32_t kind = below(depth > 0 ? 12 : 4);
        if (kind < 2)
            return variable();
        if (kind == 2)
            return number();
        if (kind == 3)
            return below(2) ? element() : variable();
        if (kind == 4 && calls_left_ > 0 && loops_ == 0 && arity_.size() > 1)
            return call();
        if (kind < 7) {
            static const char* const kOperators[] = {"+",  "-", "*",  "&", "|", "^", "<<",
                                                     ">>", "<", "==", "/", "%", ">="};
            std::string left = expression(depth - 1);
            const char* op = kOperators[below(std::size(kOperators))];
            return "(" + left + " " + op + " " + expression(depth - 1) + ")";
        }
        std::string a = expression(depth - 1), b = variable(), text;
        for (const char* c = kIdioms[below(std::size(kIdioms))]; *c; ++c)
            text += *c == 'A' ? a : *c == 'B' ? b : *c == 'C' ? number() : std::string(1, *c);
        return text;
    }
    std::string condition() {
        static const char* const kRelations[] = {"<", ">", "<=", ">=", "==", "!="};
        std::string text =
            join({variable(), " ", kRelations[below(6)], " ", below(2) ? number() : expression(1)});
        if (below(4) == 0)
            text += join({below(2) ? " && " : " || ", variable(), " & ", std::to_string(1u << below(5))});
        return text;
    }

    void block() {
        size_t visible = variables_.size();
        ++depth_;
        for (int i = 1 + below(2); i > 0; --i)
            statement();
        --depth_;
        variables_.resize(visible);
    }
    void statement() {
        uint32_t kind = below(depth_ < 3 ? 14 : 7);
        static const char* const kAssign[] = {"=", "+=", "-=", "*=", "^=", "|=", "&=", "<<=", ">>="};
        if (kind < 2) {
            line(join({assignable(), " ", kAssign[below(9)], " ", expression(2), ";"}));
        } else if (kind < 4) {
            line(join({element(), " ", kAssign[below(5)], " ", expression(2), ";"}));
        } else if (kind == 4) {
            declare();
        } else if (kind == 5) {
            line(join({assignable(), below(2) ? "++;" : "--;"}));
        } else if (kind == 6) {
            line(join({element(), " += ", element(), " - ", element(), ";"}));
        } else if (kind < 10) {
            line("if (" + condition() + ") {");
            block();
            if (below(2)) {
                line("} else {");
                block();
            }
            line("}");
        } else if (kind == 10) {
            choose();
        } else if (loops_ < 2) {
            loop(kind);
        }
    }
    // Loop counters are never assigned: that is what makes every program end.
    std::string assignable() {
        for (int i = 0; i < 8; ++i) {
            const std::string& name = variable();
            if (name[0] != 'i')
                return name;
        }
        return "total";
    }
    void loop(uint32_t kind) {
        std::string name = "i" + std::to_string(next_++), count = std::to_string(2 + below(4));
        line("long " + name + " = 0;");
        ++loops_;
        if (kind == 11) {
            line("for (" + name + " = 0; " + name + " < " + count + "; " + name + "++) {");
            body(name, true);
            line("}");
        } else if (kind == 12) {
            line("while (" + name + " < " + count + ") {");
            line("    " + name + " += 1;");
            body(name, true);
            line("}");
        } else {
            line("do {");
            body(name, false);
            line("    " + name + "++;");
            line("} while (" + name + " < " + count + ");");
        }
        --loops_;
    }
    void body(const std::string& counter, bool may_leave) {
        size_t visible = variables_.size();
        variables_.push_back(counter);
        ++depth_;
        line("state[" + counter + " + 2] += table[" + counter + " * 4 + " + number() + "] * " + counter +
             ";");
        if (may_leave && below(3) == 0)
            line(join({"if (", condition(), ") ", below(2) ? "break;" : "continue;"}));
        statement();
        statement();
        --depth_;
        variables_.resize(visible);
    }
    void choose() {
        line("switch (" + variable() + " & 7) {");
        ++depth_;
        for (int label = below(2); label < 6; label += 1 + below(3)) {
            line("case " + std::to_string(label) + ":");
            line(join({"    ", assignable(), " += ", expression(1), ";"}));
            if (below(4))
                line("    break;");
        }
        line("default:");
        line(join({"    ", assignable(), " ^= ", number(), ";"}));
        --depth_;
        line("}");
    }

    Random& random_;
    int statements_, depth_ = 0, loops_ = 0, next_ = 0, calls_left_ = 0;
    std::vector<std::string> variables_;
    std::vector<int> arity_;
    std::string out_;
};

}  // namespace

std::string generate_unit(Random& random, int functions, int statements) {
    return Generator(random, statements).unit(functions);
}

}  // namespace compiler
