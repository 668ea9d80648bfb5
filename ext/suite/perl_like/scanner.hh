// SPDX-License-Identifier: BSD-3-Clause
// Character-level part of the parser: white space, names, delimited text and variable numbering.
#pragma once
#include "tree.hh"

namespace script {

inline bool name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Scanner {
public:
    Scanner(string_view source, Interpreter& in) : source_(source), in_(in) {}

protected:
    [[noreturn]] void fail(const string& what) {
        throw ScriptError(what + " near '" + string(source_.substr(at_, 30)) + "'");
    }
    // ---- characters ----
    char now(size_t ahead = 0) const { return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0'; }
    void space() {
        if (now() > ' ' && now() != '#')
            return;
        for (;; ++at_) {
            if (now() == '#')
                while (now() && now() != '\n')
                    ++at_;
            if (now() != ' ' && now() != '\n' && now() != '\t')
                return;
        }
    }
    bool peek(string_view text) {
        space();
        if (now() != text[0] || source_.substr(at_, text.size()) != text)
            return false;
        return !name_char(text.back()) || !name_char(now(text.size()));
    }
    // Most expressions stop here; no operator needs to be tried.
    bool ends() {
        space();
        return now() == ';' || now() == ')' || now() == ',' || now() == '}' || now() == ']';
    }
    bool accept(string_view text) {
        if (!peek(text))
            return false;
        at_ += text.size();
        return true;
    }
    void expect(string_view text) {
        if (!accept(text))
            fail("expected " + string(text));
    }
    string name() {
        space();
        size_t start = at_;
        while (name_char(now()))
            ++at_;
        if (at_ == start)
            fail("expected a name");
        return string(source_.substr(start, at_ - start));
    }
    // Reads to the closing delimiter; a backslash keeps the next character.
    string delimited(char close) {
        string text;
        while (now() != close) {
            if (at_ >= source_.size())
                fail("unfinished text");
            if (now() == '\\' && now(1))
                text += source_[at_++];
            text += source_[at_++];
        }
        ++at_;
        return text;
    }
    string flags() {
        string text;
        while (now() == 'g' || now() == 'i')
            text += source_[at_++];
        return text;
    }

    // ---- names ----
    int scalar(const string& name) {
        auto [place, is_new] = scalars_.try_emplace(name, slots_);
        slots_ += is_new;
        return place->second;
    }
    int array(const string& name) {
        if (name == "_")
            return -1;
        auto [place, is_new] = arrays_.try_emplace(name, static_cast<int>(in_.arrays.size()));
        if (is_new)
            in_.arrays.emplace_back();
        return place->second;
    }
    int hash(const string& name) {
        auto [place, is_new] = hashes_.try_emplace(name, static_cast<int>(in_.hashes.size()));
        if (is_new)
            in_.hashes.emplace_back();
        return place->second;
    }

    string_view source_;
    Interpreter& in_;
    size_t at_ = 0;
    std::map<string, int> scalars_, arrays_, hashes_;
    int slots_ = 0;
};

}  // namespace script
