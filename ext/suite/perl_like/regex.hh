// SPDX-License-Identifier: BSD-3-Clause
// Regular expressions: compiled to a program that runs by backtracking (captures) or as a set of states
// (tests only).
#pragma once
#include <bitset>

#include "value.hh"

namespace script {

enum class RegexOp : uint8_t {
    Char, CharNoCase, Any, Class, Split, SplitLazy, Jump, Save, Begin, End, WordEdge, NotWordEdge,
    RepeatChar, RepeatAny, RepeatClass, Reference, Match
};

struct RegexInst {
    RegexOp op;
    int x = 0, y = 0;          // targets, capture number, class index or repeat bounds
    uint8_t c = 0;
};

inline uint8_t lower(uint8_t c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }
inline bool word_char(uint8_t c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

inline bool word_edge(string_view text, size_t at) {
    bool before = at > 0 && word_char(static_cast<uint8_t>(text[at - 1]));
    bool after = at < text.size() && word_char(static_cast<uint8_t>(text[at]));
    return before != after;
}

struct Captures {
    std::vector<int> at;       // start and end of each group, -1 when unset
};

class Regex {
public:
    Regex(string_view pattern, string_view flags);
    bool search(string_view text, size_t from, Captures& captures) const;
    bool test(string_view text) const;     // runs all alternatives in step when the pattern allows it
    int groups() const { return groups_; }

private:
    friend class RegexCompiler;
    friend class Backtracker;
    bool run_states(string_view text) const;
    void add_state(std::vector<int>& list, std::vector<uint32_t>& mark, uint32_t stamp, int pc,
                   string_view text, size_t at) const;
    bool collect_first(int pc, std::vector<bool>& seen);
    std::vector<RegexInst> program_;
    std::bitset<256> first_;   // bytes a match can begin with
    bool use_first_ = false;
    std::vector<std::bitset<256>> classes_;
    string prefix_;            // every match begins with this
    int groups_ = 0;
    bool no_case_ = false, state_machine_ = true, anchored_ = false;
};

}  // namespace script
