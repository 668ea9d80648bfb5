// SPDX-License-Identifier: BSD-3-Clause
// Decoders: each turns bytes of one encoding into code points for the parser stamped out for it.
#pragma once
#include "dom.hh"

namespace xalan {

// Shared cursor handling; Decode::one(text, at) reads one code point and moves on.
template <class Decode> class Source {
public:
    explicit Source(string_view bytes, size_t start = 0) : bytes_(bytes), at_(start) { advance(); }
    uint32_t peek() const { return current_; }   // 0 at the end
    bool ended() const { return ended_; }
    int line() const { return line_; }
    uint32_t take() {
        uint32_t code = current_;
        line_ += code == '\n';
        advance();
        return code;
    }
    // A light lookahead: literals are ASCII, so a saved cursor is cheap to restore.
    bool accept(string_view literal) {
        Source saved = *this;
        for (char c : literal) {
            if (current_ != static_cast<uint8_t>(c)) {
                *this = saved;
                return false;
            }
            take();
        }
        return true;
    }

private:
    void advance() {
        if (at_ >= bytes_.size()) {
            ended_ = true;
            current_ = 0;
            return;
        }
        current_ = Decode::one(bytes_, at_);
        if (current_ == '\r') {          // line ends are normalised before anything looks at them
            size_t next = at_;
            if (next < bytes_.size() && Decode::one(bytes_, next) == '\n')
                at_ = next;
            current_ = '\n';
        }
        if (current_ < ' ' && current_ != '\n' && current_ != '\t')
            throw SyntaxError("control character in document");
    }
    string_view bytes_;
    size_t at_;
    uint32_t current_ = 0;
    int line_ = 1;
    bool ended_ = false;
};

struct DecodeUtf8 {
    static uint32_t one(string_view text, size_t& at) {
        uint32_t lead = static_cast<uint8_t>(text[at]);
        if (lead < 0x80) {
            ++at;
            return lead;
        }
        return next_utf8(text, at);
    }
};

struct DecodeLatin1 {
    static uint32_t one(string_view text, size_t& at) { return static_cast<uint8_t>(text[at++]); }
};

template <int High> struct DecodeUtf16 {
    static uint32_t unit(string_view text, size_t& at) {
        if (at + 1 >= text.size())
            throw SyntaxError("half a UTF-16 unit");
        uint32_t high = static_cast<uint8_t>(text[at + High]),
                 low = static_cast<uint8_t>(text[at + 1 - High]);
        at += 2;
        return (high << 8) | low;
    }
    static uint32_t one(string_view text, size_t& at) {
        uint32_t first = unit(text, at);
        if (first < 0xd800 || first > 0xdfff)
            return first;
        uint32_t second = unit(text, at);
        if (first > 0xdbff || second < 0xdc00 || second > 0xdfff)
            throw SyntaxError("unpaired surrogate");
        return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    }
};

}  // namespace xalan
