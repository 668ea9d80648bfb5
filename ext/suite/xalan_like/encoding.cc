// SPDX-License-Identifier: BSD-3-Clause
// Recognises and produces the encodings documents come in.
#include "parser.hh"

namespace xalan {
namespace {

template <int High> string to_utf16(string_view utf8) {
    string out(1, static_cast<char>(High ? 0xff : 0xfe));
    out += static_cast<char>(High ? 0xfe : 0xff);
    auto unit = [&](uint32_t value) {
        char high = static_cast<char>(value >> 8), low = static_cast<char>(value);
        out += High ? low : high;
        out += High ? high : low;
    };
    for (size_t at = 0; at < utf8.size();) {
        uint32_t code = next_utf8(utf8, at);
        if (code < 0x10000) {
            unit(code);
        } else {
            unit(0xd800 + ((code - 0x10000) >> 10));
            unit(0xdc00 + ((code - 0x10000) & 0x3ff));
        }
    }
    return out;
}

}  // namespace

Encoding detect_encoding(string_view bytes) {
    auto at = [&](size_t i) { return i < bytes.size() ? static_cast<uint8_t>(bytes[i]) : 0u; };
    if (at(0) == 0xff && at(1) == 0xfe)
        return Encoding::Utf16Le;
    if (at(0) == 0xfe && at(1) == 0xff)
        return Encoding::Utf16Be;
    string_view head = bytes.substr(0, 80);
    size_t end = head.find("?>");
    if (end != string_view::npos && head.substr(0, end).find("ISO-8859-1") != string_view::npos)
        return Encoding::Latin1;
    return Encoding::Utf8;
}

string encode(string_view utf8, Encoding encoding) {
    if (encoding == Encoding::Utf16Le)
        return to_utf16<1>(utf8);
    if (encoding == Encoding::Utf16Be)
        return to_utf16<0>(utf8);
    if (encoding == Encoding::Utf8)
        return string(utf8);
    string out;
    uint32_t limit = encoding == Encoding::Latin1 ? 256 : 128;
    for (size_t at = 0; at < utf8.size();) {
        uint32_t code = next_utf8(utf8, at);
        if (code < limit)
            out += static_cast<char>(code);
        else
            out += "&#" + std::to_string(code) + ";";
    }
    return out;
}

}  // namespace xalan
