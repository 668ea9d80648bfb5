// SPDX-License-Identifier: BSD-3-Clause
// Output methods: xml, html and text, each in UTF-8, Latin-1 or ASCII.
#pragma once
#include "dom.hh"
#include "parser.hh"

namespace xalan {

enum class Method { Xml, Html, Text };

// Appends to `out`.
std::unique_ptr<Handler> make_serializer(Method method, Encoding encoding, string& out);

// Adds line breaks and indentation around elements that hold only elements.
class Indenter final : public Filter {
public:
    using Filter::Filter;
    void start_element(const Name& name, const std::vector<AttributeEvent>& attributes) override;
    void end_element(const Name& name) override;
    void characters(string_view text) override;
    void comment(string_view text) override;
    void instruction(const Name& target, string_view data) override;

private:
    void new_line();
    std::vector<bool> mixed_{false};
    bool after_start_ = false;
};

}  // namespace xalan
