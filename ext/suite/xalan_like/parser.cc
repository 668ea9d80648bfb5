// SPDX-License-Identifier: BSD-3-Clause
// XML 1.0 parser with namespaces, internal entities and attribute defaults, stamped out once per encoding.
#include "parser.hh"

#include <algorithm>

#include "source.hh"

namespace xalan {
namespace {

struct Binding {
    string prefix, uri;
};

struct Entity {
    string name, text;
    bool open = false;   // guards against entities that contain themselves
};

struct AttributeDefault {
    string element, attribute, value;
};

struct RawAttribute {
    string prefix, local, value;
};

// What survives the switch from the document to the replacement text of an entity.
struct ParseState {
    NamePool& names;
    Handler& out;
    std::vector<Binding> bindings;
    std::vector<Entity> entities;
    std::vector<AttributeDefault> defaults;
    int depth = 0;
};

bool is_name_start(uint32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c >= 0xc0 && c != 0xd7 && c != 0xf7);
}
bool is_name_part(uint32_t c) {
    return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == 0xb7;
}

const string& lookup_uri(const ParseState& state, string_view prefix) {
    for (size_t i = state.bindings.size(); i-- > 0;)
        if (state.bindings[i].prefix == prefix)
            return state.bindings[i].uri;
    throw SyntaxError("prefix '" + string(prefix) + "' is not bound to a namespace");
}

template <class Decode> class Parser {
public:
    Parser(ParseState& state, string_view text, size_t start) : state_(state), in_(text, start) {}

    void document() {
        state_.out.start_document();
        if (in_.accept("<?xml "))
            declaration();
        bool seen_root = false;
        for (skip_space(); !in_.ended(); skip_space()) {
            if (in_.accept("<!--"))
                comment();
            else if (in_.accept("<!DOCTYPE"))
                document_type();
            else if (in_.accept("<?"))
                processing_instruction();
            else if (!seen_root && in_.accept("<"))
                seen_root = true, element();
            else
                fail("only one root element may stand here");
        }
        if (!seen_root)
            fail("there is no root element");
        state_.out.end_document();
    }

    // Content up to an end tag, or to the end of an entity's text.
    void content(bool inside_entity) {
        string text;
        for (;;) {
            uint32_t c = in_.peek();
            if (in_.ended()) {
                if (!inside_entity)
                    fail("the document ends inside an element");
                break;
            } else if (c == '<') {
                in_.take();
                if (in_.peek() == '/' && !inside_entity)
                    break;
                flush(text);
                markup();
            } else if (c == '&') {
                in_.take();
                reference(text);
            } else {
                append_utf8(text, in_.take());
            }
        }
        flush(text);
    }

private:
    [[noreturn]] void fail(const string& what) {
        throw SyntaxError("line " + std::to_string(in_.line()) + ": " + what);
    }
    void flush(string& text) {
        if (!text.empty())
            state_.out.characters(text);
        text.clear();
    }
    void skip_space() {
        while (is_space(in_.peek()))
            in_.take();
    }
    void expect(uint32_t wanted, const char* where) {
        if (in_.peek() != wanted)
            fail(string("expected '") + static_cast<char>(wanted) + "' " + where);
        in_.take();
    }

    string name() {
        if (!is_name_start(in_.peek()))
            fail("a name must start here");
        string result;
        while (is_name_part(in_.peek()))
            append_utf8(result, in_.take());
        return result;
    }
    void qualified_name(string& prefix, string& local) {
        prefix.clear();
        local = name();
        if (in_.peek() == ':') {
            in_.take();
            prefix = std::move(local);
            local = name();
        }
    }

    string full_name() {
        string prefix, local;
        qualified_name(prefix, local);
        return prefix.empty() ? local : prefix + ":" + local;
    }

    void declaration() {
        for (skip_space(); !in_.accept("?>"); skip_space()) {
            string key = name();
            skip_space();
            expect('=', "in the XML declaration");
            skip_space();
            string value = quoted_literal();
            if (key == "version" && value != "1.0")
                fail("only version 1.0 is known");
        }
    }

    string quoted_literal() {
        uint32_t quote = in_.take();
        if (quote != '"' && quote != '\'')
            fail("a quoted literal must start here");
        string result;
        while (in_.peek() != quote) {
            if (in_.ended())
                fail("unfinished literal");
            append_utf8(result, in_.take());
        }
        in_.take();
        return result;
    }

    void document_type() {
        skip_space();
        full_name();
        skip_space();
        if (in_.accept("SYSTEM")) {
            skip_space();
            quoted_literal();
            skip_space();
        }
        if (in_.peek() == '[') {
            in_.take();
            for (skip_space(); in_.peek() != ']'; skip_space()) {
                if (in_.accept("<!ENTITY"))
                    entity_declaration();
                else if (in_.accept("<!ATTLIST"))
                    attribute_list();
                else if (in_.accept("<!ELEMENT"))
                    element_declaration();
                else if (in_.accept("<!--"))
                    comment();
                else
                    fail("unknown declaration");
            }
            in_.take();
            skip_space();
        }
        expect('>', "after the document type");
    }
    void entity_declaration() {
        skip_space();
        Entity entity;
        entity.name = name();
        skip_space();
        entity.text = quoted_literal();
        state_.entities.push_back(std::move(entity));
        skip_space();
        expect('>', "after an entity");
    }
    void attribute_list() {
        skip_space();
        string element = full_name();
        for (skip_space(); in_.peek() != '>'; skip_space()) {
            AttributeDefault entry{element, name(), {}};
            skip_space();
            name();
            skip_space();
            if (in_.accept("#IMPLIED") || in_.accept("#REQUIRED"))
                continue;
            if (in_.accept("#FIXED"))
                skip_space();
            entry.value = quoted_literal();
            state_.defaults.push_back(std::move(entry));
        }
        in_.take();
    }
    void element_declaration() {
        int open = 0;
        while (in_.peek() != '>' || open > 0) {
            uint32_t c = in_.take();
            open += (c == '(') - (c == ')');
            if (in_.ended() || open < 0)
                fail("unbalanced content model");
        }
        in_.take();
    }

    void markup() {
        switch (in_.peek()) {
        case '!':
            in_.take();
            if (in_.accept("--"))
                comment();
            else if (in_.accept("[CDATA["))
                character_data();
            else
                fail("unknown markup declaration");
            break;
        case '?':
            in_.take();
            processing_instruction();
            break;
        default:
            element();
        }
    }

    void comment() {
        string text;
        while (!in_.accept("--")) {
            if (in_.ended())
                fail("unfinished comment");
            append_utf8(text, in_.take());
        }
        expect('>', "after -- in a comment");
        state_.out.comment(text);
    }
    void character_data() {
        string text;
        while (!in_.accept("]]>")) {
            if (in_.ended())
                fail("unfinished CDATA section");
            append_utf8(text, in_.take());
        }
        state_.out.characters(text);
    }
    void processing_instruction() {
        string target = name(), data;
        skip_space();
        while (!in_.accept("?>")) {
            if (in_.ended())
                fail("unfinished processing instruction");
            append_utf8(data, in_.take());
        }
        state_.out.instruction(*state_.names.intern("", target, ""), data);
    }

    void reference(string& text) {
        if (in_.peek() == '#') {
            character_reference(text);
            return;
        }
        string entity = name();
        expect(';', "after an entity name");
        if (predefined(entity, text))
            return;
        Entity& found = find_entity(entity);
        flush(text);
        found.open = true;
        size_t index = &found - state_.entities.data();
        string replacement = found.text;   // the table may grow meanwhile
        Parser<DecodeUtf8>(state_, replacement, 0).content(true);
        state_.entities[index].open = false;
    }
    void character_reference(string& text) {
        in_.take();
        uint32_t code = 0, base = 10;
        if (in_.peek() == 'x') {
            in_.take();
            base = 16;
        }
        while (in_.peek() != ';') {
            uint32_t c = in_.take(), digit = c - '0';
            if (base == 16 && (c | 32) >= 'a' && (c | 32) <= 'f')
                digit = (c | 32) - 'a' + 10;
            if (digit >= base || code > 0x10ffff)
                fail("bad character reference");
            code = code * base + digit;
        }
        in_.take();
        append_utf8(text, code);
    }
    bool predefined(const string& entity, string& text) {
        static const struct { const char* name; char value; } kTable[] = {
            {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
        for (const auto& row : kTable)
            if (entity == row.name) {
                text += row.value;
                return true;
            }
        return false;
    }
    Entity& find_entity(const string& entity) {
        for (Entity& candidate : state_.entities)
            if (candidate.name == entity) {
                if (candidate.open)
                    fail("entity '" + entity + "' contains itself");
                return candidate;
            }
        fail("entity '" + entity + "' is not declared");
    }

    string attribute_value() {
        uint32_t quote = in_.take();
        if (quote != '"' && quote != '\'')
            fail("an attribute value must be quoted");
        string value;
        while (in_.peek() != quote) {
            uint32_t c = in_.take();
            if (c == '<' || in_.ended())
                fail("'<' or the end inside an attribute value");
            if (c == '&')
                value_reference(value);
            else
                append_utf8(value, is_space(c) ? ' ' : c);
        }
        in_.take();
        return value;
    }
    void value_reference(string& value) {
        if (in_.peek() == '#') {
            character_reference(value);
            return;
        }
        string entity = name();
        expect(';', "after an entity name");
        if (!predefined(entity, value))
            value += find_entity(entity).text;
    }

    void element() {
        string prefix, local;
        qualified_name(prefix, local);
        if (++state_.depth > 200)
            fail("elements nest too deeply");
        size_t bound = state_.bindings.size();
        std::vector<RawAttribute> raw;
        for (;;) {
            bool spaced = is_space(in_.peek());
            skip_space();
            if (in_.peek() == '/' || in_.peek() == '>')
                break;
            if (!spaced)
                fail("white space must separate attributes");
            read_attribute(raw);
        }
        add_defaults(prefix.empty() ? local : prefix + ":" + local, raw);
        const Name& element_name = *state_.names.intern(prefix, local, lookup_uri(state_, prefix));
        state_.out.start_element(element_name, resolve(raw));
        if (in_.accept("/>")) {
            state_.out.end_element(element_name);
        } else {
            expect('>', "at the end of a start tag");
            content(false);
            end_tag(element_name);
        }
        state_.bindings.resize(bound);
        --state_.depth;
    }
    void read_attribute(std::vector<RawAttribute>& raw) {
        RawAttribute attribute;
        qualified_name(attribute.prefix, attribute.local);
        skip_space();
        expect('=', "after an attribute name");
        skip_space();
        attribute.value = attribute_value();
        if (attribute.prefix == "xmlns")
            state_.bindings.push_back({attribute.local, attribute.value});
        else if (attribute.prefix.empty() && attribute.local == "xmlns")
            state_.bindings.push_back({"", attribute.value});
        else
            raw.push_back(std::move(attribute));
    }
    void add_defaults(const string& element, std::vector<RawAttribute>& raw) {
        for (const AttributeDefault& entry : state_.defaults)
            if (entry.element == element && std::none_of(raw.begin(), raw.end(), [&](const RawAttribute& a) {
                    return a.local == entry.attribute;
                }))
                raw.push_back({"", entry.attribute, entry.value});
    }
    std::vector<AttributeEvent> resolve(std::vector<RawAttribute>& raw) {
        std::vector<AttributeEvent> list;
        list.reserve(raw.size());
        for (RawAttribute& attribute : raw) {
            string_view uri = attribute.prefix.empty() ? string_view() : lookup_uri(state_, attribute.prefix);
            const Name* resolved = state_.names.intern(attribute.prefix, attribute.local, uri);
            for (const AttributeEvent& other : list)
                if (other.name->expanded == resolved->expanded)
                    fail("attribute '" + resolved->qualified + "' appears twice");
            list.push_back({resolved, std::move(attribute.value)});
        }
        return list;
    }
    void end_tag(const Name& wanted) {
        expect('/', "in an end tag");
        string prefix, local;
        qualified_name(prefix, local);
        if (local != wanted.local || prefix != wanted.prefix)
            fail("</" + local + "> closes <" + wanted.qualified + ">");
        skip_space();
        expect('>', "at the end of an end tag");
        state_.out.end_element(wanted);
    }

    ParseState& state_;
    Source<Decode> in_;
};

template <class Decode> void parse_as(ParseState& state, string_view bytes, size_t start) {
    Parser<Decode>(state, bytes, start).document();
}

}  // namespace

void parse_document(string_view bytes, NamePool& names, Handler& out) {
    ParseState state{names, out, {{"", ""}, {"xml", "http://www.w3.org/XML/1998/namespace"}}, {}, {}, 0};
    switch (detect_encoding(bytes)) {
    case Encoding::Utf16Le: return parse_as<DecodeUtf16<1>>(state, bytes, 2);
    case Encoding::Utf16Be: return parse_as<DecodeUtf16<0>>(state, bytes, 2);
    case Encoding::Latin1: return parse_as<DecodeLatin1>(state, bytes, 0);
    default: return parse_as<DecodeUtf8>(state, bytes, 0);
    }
}

}  // namespace xalan
