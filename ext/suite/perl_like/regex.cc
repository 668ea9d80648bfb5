// SPDX-License-Identifier: BSD-3-Clause
// Regular expression parser, backtracking matcher and state-set matcher.
#include "regex.hh"

namespace script {
class RegexCompiler {
public:
    RegexCompiler(Regex& out, string_view pattern) : out_(out), pattern_(pattern) {}

    void run() {
        emit(RegexOp::Save, 0);
        alternation();
        if (at_ < pattern_.size())
            fail("unmatched )");
        emit(RegexOp::Save, 1);
        emit(RegexOp::Match);
        out_.groups_ = groups_;
        find_prefix();
    }

private:
    [[noreturn]] void fail(const char* what) {
        throw ScriptError("pattern /" + string(pattern_) + "/: " + what);
    }
    int here() const { return static_cast<int>(out_.program_.size()); }
    int emit(RegexOp op, int x = 0, int y = 0, uint8_t c = 0) {
        out_.program_.push_back({op, x, y, c});
        return here() - 1;
    }
    bool more() const { return at_ < pattern_.size(); }
    char now() const { return pattern_[at_]; }
    bool accept(char c) {
        if (!more() || now() != c)
            return false;
        ++at_;
        return true;
    }

    void alternation() {
        int start = here();
        sequence();
        if (!accept('|'))
            return;
        insert(start, {RegexOp::Split, start + 1, 0, 0});
        int jump = emit(RegexOp::Jump);
        out_.program_[start].y = here();
        alternation();
        out_.program_[jump].x = here();
    }
    void sequence() {
        while (more() && now() != '|' && now() != ')')
            repetition();
    }
    // Makes room at `place`; targets behind it move along.
    void insert(int place, RegexInst inst) {
        out_.program_.insert(out_.program_.begin() + place, inst);
        for (int i = place + 1; i < here(); ++i) {
            RegexInst& other = out_.program_[i];
            if (other.op == RegexOp::Split || other.op == RegexOp::SplitLazy || other.op == RegexOp::Jump) {
                other.x += other.x >= place;
                other.y += other.y >= place;
            }
        }
    }
    void repetition() {
        int start = here();
        atom();
        if (!more())
            return;
        int least, most;
        if (accept('*')) {
            least = 0, most = -1;
        } else if (accept('+')) {
            least = 1, most = -1;
        } else if (accept('?')) {
            least = 0, most = 1;
        } else if (now() == '{') {
            ++at_;
            least = number();
            most = accept(',') ? (now() == '}' ? -1 : number()) : least;
            if (!accept('}'))
                fail("unfinished {");
        } else {
            return;
        }
        bool lazy = accept('?');
        if (!lazy && here() == start + 1 && simple_repeat(start, least, most))
            return;
        general_repeat(start, least, most, lazy);
    }
    int number() {
        int value = 0;
        while (more() && now() >= '0' && now() <= '9')
            value = value * 10 + (pattern_[at_++] - '0');
        return value;
    }
    // A repeated single character needs no stack of choices.
    bool simple_repeat(int start, int least, int most) {
        RegexInst inst = out_.program_[start];
        RegexOp op;
        if (inst.op == RegexOp::Char)
            op = RegexOp::RepeatChar, inst.x = 0;
        else if (inst.op == RegexOp::Any)
            op = RegexOp::RepeatAny, inst.x = 0;
        else if (inst.op == RegexOp::Class)
            op = RegexOp::RepeatClass;
        else
            return false;
        out_.state_machine_ = out_.state_machine_ && most < 0 && least <= 1;
        out_.program_[start] = {op, inst.x, (least << 16) | (most < 0 ? 0xffff : most), inst.c};
        return true;
    }
    void general_repeat(int start, int least, int most, bool lazy) {
        std::vector<RegexInst> body(out_.program_.begin() + start, out_.program_.end());
        RegexOp split = lazy ? RegexOp::SplitLazy : RegexOp::Split;
        out_.program_.resize(start);
        auto copy = [&] {
            int shift = here() - start;
            for (RegexInst inst : body) {
                if (inst.op == RegexOp::Split || inst.op == RegexOp::SplitLazy || inst.op == RegexOp::Jump) {
                    inst.x += shift;
                    inst.y += shift;
                }
                out_.program_.push_back(inst);
            }
        };
        for (int i = 0; i < least; ++i)
            copy();
        if (most < 0) {
            int loop = emit(split, here() + 1);
            copy();
            emit(RegexOp::Jump, loop);
            out_.program_[loop].y = here();
        } else {
            std::vector<int> exits;
            for (int i = least; i < most; ++i) {
                exits.push_back(emit(split, here() + 1));
                copy();
            }
            for (int exit : exits)
                out_.program_[exit].y = here();
        }
    }
    void atom() {
        char c = pattern_[at_++];
        switch (c) {
        case '(': group(); break;
        case '[': bracket(); break;
        case '.': emit(RegexOp::Any); break;
        case '^': emit(RegexOp::Begin); break;
        case '$': emit(RegexOp::End); break;
        case '\\': escape(); break;
        default: literal(static_cast<uint8_t>(c));
        }
    }
    void literal(uint8_t c) {
        if (out_.no_case_ && lower(c) >= 'a' && lower(c) <= 'z')
            emit(RegexOp::CharNoCase, 0, 0, lower(c));
        else
            emit(RegexOp::Char, 0, 0, c);
    }
    void group() {
        if (pattern_.substr(at_, 2) == "?:") {
            at_ += 2;
            alternation();
        } else {
            int index = ++groups_;
            emit(RegexOp::Save, 2 * index);
            alternation();
            emit(RegexOp::Save, 2 * index + 1);
        }
        if (!accept(')'))
            fail("missing )");
    }
    static bool named_class(char c, std::bitset<256>& set) {
        if (c != 'd' && c != 'D' && c != 'w' && c != 'W' && c != 's' && c != 'S')
            return false;
        // \d, \w and \s are made once; the capitals are their complements.
        static const ClassTable table;
        const std::bitset<256>& made = lower(static_cast<uint8_t>(c)) == 'd'   ? table.digits
                                       : lower(static_cast<uint8_t>(c)) == 'w' ? table.words : table.spaces;
        if (c < 'a')
            set |= ~made;
        else
            set |= made;
        return true;
    }
    struct ClassTable {
        std::bitset<256> digits, words, spaces;
        ClassTable() {
            for (int i = 0; i < 256; ++i) {
                uint8_t b = static_cast<uint8_t>(i);
                digits[i] = b >= '0' && b <= '9';
                words[i] = word_char(b);
                spaces[i] = b == ' ' || (b >= '\t' && b <= '\r');
            }
        }
    };
    void add_class(const std::bitset<256>& set) {
        emit(RegexOp::Class, static_cast<int>(out_.classes_.size()));
        out_.classes_.push_back(set);
    }
    void escape() {
        char c = pattern_[at_++];
        std::bitset<256> set;
        if (c == 'b' || c == 'B') {
            emit(c == 'b' ? RegexOp::WordEdge : RegexOp::NotWordEdge);
        } else if (c >= '1' && c <= '9') {
            emit(RegexOp::Reference, c - '0');
            out_.state_machine_ = false;
        } else if (named_class(c, set)) {
            add_class(set);
        } else {
            literal(static_cast<uint8_t>(c == 'n' ? '\n' : c == 't' ? '\t' : c));
        }
    }
    void bracket() {
        std::bitset<256> set;
        bool negated = accept('^');
        for (bool first = true; first || !more() || now() != ']'; first = false) {
            if (!more())
                fail("missing ]");
            uint8_t low = static_cast<uint8_t>(pattern_[at_++]);
            if (low == '\\') {
                char c = pattern_[at_++];
                if (named_class(c, set))
                    continue;
                low = static_cast<uint8_t>(c == 'n' ? '\n' : c == 't' ? '\t' : c);
            }
            uint8_t high = low;
            if (at_ + 1 < pattern_.size() && now() == '-' && pattern_[at_ + 1] != ']') {
                ++at_;
                high = static_cast<uint8_t>(pattern_[at_++]);
            }
            for (int i = low; i <= high; ++i) {
                set[i] = true;
                uint8_t b = static_cast<uint8_t>(i);
                if (out_.no_case_ && lower(b) >= 'a' && lower(b) <= 'z')
                    set[lower(b)] = set[lower(b) - 32] = true;
            }
        }
        ++at_;
        add_class(negated ? ~set : set);
    }
    void find_prefix() {
        size_t i = 1;
        if (out_.program_[i].op == RegexOp::Begin) {
            out_.anchored_ = true;
            return;
        }
        for (; i < out_.program_.size() && out_.program_[i].op == RegexOp::Char; ++i)
            out_.prefix_ += static_cast<char>(out_.program_[i].c);
    }

    Regex& out_;
    string_view pattern_;
    size_t at_ = 0;
    int groups_ = 0;
};

// Depth-first search with an explicit stack of choices and undone captures.
class Backtracker {
public:
    Backtracker(const Regex& regex, string_view text, Captures& captures)
        : r_(regex), text_(text), captures_(captures) {}

    bool match(size_t start) {
        captures_.at.assign(2 * (r_.groups_ + 1), -1);
        stack_.clear();
        int pc = 0;
        size_t at = start;
        for (int steps = 0;; ++steps) {
            if (steps > 200000)
                throw ScriptError("a pattern backtracks too much");
            if (step(pc, at)) {
                if (r_.program_[pc].op == RegexOp::Match)
                    return true;
                continue;
            }
            if (!resume(pc, at))
                return false;
        }
    }

private:
    struct Choice {
        int pc;                 // -1 - k: restore capture k to `at`
        int at, least;          // least >= 0: a repeat that may still give back characters
    };
    uint8_t byte(size_t at) const { return static_cast<uint8_t>(text_[at]); }

    bool step(int& pc, size_t& at) {
        const RegexInst& inst = r_.program_[pc];
        bool more = at < text_.size();
        switch (inst.op) {
        case RegexOp::Char: return more && byte(at) == inst.c && (++at, ++pc, true);
        case RegexOp::CharNoCase: return more && lower(byte(at)) == inst.c && (++at, ++pc, true);
        case RegexOp::Any: return more && byte(at) != '\n' && (++at, ++pc, true);
        case RegexOp::Class: return more && r_.classes_[inst.x][byte(at)] && (++at, ++pc, true);
        case RegexOp::Split:
            stack_.push_back({inst.y, static_cast<int>(at), -1});
            pc = inst.x;
            return true;
        case RegexOp::SplitLazy:
            stack_.push_back({inst.x, static_cast<int>(at), -1});
            pc = inst.y;
            return true;
        case RegexOp::Jump: pc = inst.x; return true;
        case RegexOp::Save:
            stack_.push_back({-1 - inst.x, captures_.at[inst.x], -1});
            captures_.at[inst.x] = static_cast<int>(at);
            ++pc;
            return true;
        case RegexOp::Begin: return at == 0 && (++pc, true);
        case RegexOp::End:
            return (at == text_.size() || (at + 1 == text_.size() && byte(at) == '\n')) && (++pc, true);
        case RegexOp::WordEdge: return word_edge(text_, at) && (++pc, true);
        case RegexOp::NotWordEdge: return !word_edge(text_, at) && (++pc, true);
        case RegexOp::RepeatChar: return repeat(pc, at, [&](uint8_t c) { return c == inst.c; });
        case RegexOp::RepeatAny: return repeat(pc, at, [](uint8_t c) { return c != '\n'; });
        case RegexOp::RepeatClass: return repeat(pc, at, [&](uint8_t c) { return r_.classes_[inst.x][c]; });
        case RegexOp::Reference: return reference(inst.x, at) && (++pc, true);
        default: return true;
        }
    }
    template <class Accept> bool repeat(int& pc, size_t& at, Accept accept) {
        size_t least = static_cast<size_t>(r_.program_[pc].y >> 16),
               most = static_cast<size_t>(r_.program_[pc].y & 0xffff);
        size_t end = at;
        while (end < text_.size() && end - at < most && accept(byte(end)))
            ++end;
        if (end - at < least)
            return false;
        ++pc;
        if (end - at > least)
            stack_.push_back({pc, static_cast<int>(end) - 1, static_cast<int>(at + least)});
        at = end;
        return true;
    }
    bool reference(int group, size_t& at) {
        int from = captures_.at[2 * group], to = captures_.at[2 * group + 1];
        if (from < 0 || to < 0 || text_.substr(at, to - from) != text_.substr(from, to - from))
            return false;
        at += to - from;
        return true;
    }
    bool resume(int& pc, size_t& at) {
        while (!stack_.empty()) {
            Choice& top = stack_.back();
            if (top.pc < 0) {
                captures_.at[-1 - top.pc] = top.at;
                stack_.pop_back();
                continue;
            }
            pc = top.pc;
            at = static_cast<size_t>(top.at);
            if (top.least >= 0 && top.at > top.least)
                --top.at;
            else
                stack_.pop_back();
            return true;
        }
        return false;
    }

    const Regex& r_;
    string_view text_;
    Captures& captures_;
    std::vector<Choice> stack_;
};

Regex::Regex(string_view pattern, string_view flags) : no_case_(flags.find('i') != string_view::npos) {
    RegexCompiler(*this, pattern).run();
    std::vector<bool> seen(program_.size(), false);
    use_first_ = collect_first(0, seen);
}

// False when a match may begin with anything, or be empty.
bool Regex::collect_first(int pc, std::vector<bool>& seen) {
    if (seen[pc])
        return true;
    seen[pc] = true;
    const RegexInst& inst = program_[pc];
    switch (inst.op) {
    case RegexOp::Split:
    case RegexOp::SplitLazy: return collect_first(inst.x, seen) && collect_first(inst.y, seen);
    case RegexOp::Jump: return collect_first(inst.x, seen);
    case RegexOp::Save:
    case RegexOp::Begin:
    case RegexOp::WordEdge:
    case RegexOp::NotWordEdge: return collect_first(pc + 1, seen);
    case RegexOp::CharNoCase: first_[inst.c] = first_[inst.c - 32] = true; return true;
    case RegexOp::Char: first_[inst.c] = true; return true;
    case RegexOp::Class: first_ |= classes_[inst.x]; return true;
    case RegexOp::RepeatChar:
    case RegexOp::RepeatClass:
        if (inst.op == RegexOp::RepeatChar)
            first_[inst.c] = true;
        else
            first_ |= classes_[inst.x];
        return (inst.y >> 16) > 0 || collect_first(pc + 1, seen);
    default: return false;
    }
}

bool Regex::search(string_view text, size_t from, Captures& captures) const {
    Backtracker matcher(*this, text, captures);
    for (size_t at = from; at <= text.size(); ++at) {
        if (!prefix_.empty()) {
            at = text.find(prefix_, at);
            if (at == string_view::npos)
                return false;
        }
        bool possible = !use_first_ || (at < text.size() && first_[static_cast<uint8_t>(text[at])]);
        if (possible && matcher.match(at))
            return true;
        if (anchored_)
            return false;
    }
    return false;
}

bool Regex::test(string_view text) const {
    if (state_machine_ && !anchored_ && prefix_.empty())
        return run_states(text);
    Captures ignored;
    return search(text, 0, ignored);
}

}  // namespace script
