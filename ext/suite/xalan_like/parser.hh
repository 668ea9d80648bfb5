// SPDX-License-Identifier: BSD-3-Clause
// XML parser entry points: bytes in any supported encoding become handler events.
#pragma once
#include "dom.hh"

namespace xalan {

enum class Encoding { Utf8, Latin1, Utf16Le, Utf16Be, Ascii };

// Recognises the encoding from the byte order mark or the XML declaration.
Encoding detect_encoding(string_view bytes);

// Parses one document; throws SyntaxError with the place of the fault.
void parse_document(string_view bytes, NamePool& names, Handler& out);

// Turns UTF-8 text into the given encoding (for the input generator).
string encode(string_view utf8, Encoding encoding);

}  // namespace xalan
