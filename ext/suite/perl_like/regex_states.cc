// SPDX-License-Identifier: BSD-3-Clause
// Runs a pattern as a set of states: all alternatives advance together, one character at a time.
#include "regex.hh"

namespace script {

// Follows all paths that take no character.
void Regex::add_state(std::vector<int>& list, std::vector<uint32_t>& mark, uint32_t stamp, int pc,
                      string_view text, size_t at) const {
    if (mark[pc] == stamp)
        return;
    mark[pc] = stamp;
    const RegexInst& inst = program_[pc];
    switch (inst.op) {
    case RegexOp::Split:
    case RegexOp::SplitLazy:
        add_state(list, mark, stamp, inst.x, text, at);
        add_state(list, mark, stamp, inst.y, text, at);
        break;
    case RegexOp::Jump: add_state(list, mark, stamp, inst.x, text, at); break;
    case RegexOp::Save: add_state(list, mark, stamp, pc + 1, text, at); break;
    case RegexOp::Begin:
        if (at == 0)
            add_state(list, mark, stamp, pc + 1, text, at);
        break;
    case RegexOp::End:
        if (at == text.size())
            add_state(list, mark, stamp, pc + 1, text, at);
        break;
    case RegexOp::WordEdge:
        if (word_edge(text, at))
            add_state(list, mark, stamp, pc + 1, text, at);
        break;
    case RegexOp::NotWordEdge:
        if (!word_edge(text, at))
            add_state(list, mark, stamp, pc + 1, text, at);
        break;
    case RegexOp::RepeatChar:
    case RegexOp::RepeatAny:
    case RegexOp::RepeatClass:
        list.push_back(pc);
        if ((inst.y >> 16) == 0)
            add_state(list, mark, stamp, pc + 1, text, at);
        break;
    default: list.push_back(pc);
    }
}

bool Regex::run_states(string_view text) const {
    std::vector<int> now, next, pending;
    std::vector<uint32_t> mark(program_.size(), 0);
    uint32_t stamp = 1;
    for (size_t at = 0;; ++at) {
        ++stamp;
        pending.swap(now);
        now.clear();
        // States carried over keep their place in front of a new attempt that starts here.
        for (int pc : pending)
            add_state(now, mark, stamp, pc, text, at);
        if (!use_first_ || (at < text.size() && first_[static_cast<uint8_t>(text[at])]))
            add_state(now, mark, stamp, 0, text, at);
        next.clear();
        for (int pc : now) {
            const RegexInst& inst = program_[pc];
            if (inst.op == RegexOp::Match)
                return true;
            if (at >= text.size())
                continue;
            uint8_t c = static_cast<uint8_t>(text[at]);
            switch (inst.op) {
            case RegexOp::Char: if (c == inst.c) next.push_back(pc + 1); break;
            case RegexOp::CharNoCase: if (lower(c) == inst.c) next.push_back(pc + 1); break;
            case RegexOp::Any: if (c != '\n') next.push_back(pc + 1); break;
            case RegexOp::Class: if (classes_[inst.x][c]) next.push_back(pc + 1); break;
            case RegexOp::RepeatChar: if (c == inst.c) { next.push_back(pc); next.push_back(pc + 1); } break;
            case RegexOp::RepeatAny: if (c != '\n') { next.push_back(pc); next.push_back(pc + 1); } break;
            case RegexOp::RepeatClass:
                if (classes_[inst.x][c]) {
                    next.push_back(pc);
                    next.push_back(pc + 1);
                }
                break;
            default: break;
            }
        }
        if (at >= text.size())
            return false;
        now.swap(next);
    }
}

}  // namespace script
