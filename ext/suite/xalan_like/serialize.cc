// SPDX-License-Identifier: BSD-3-Clause
// Serializers stamped out for every output method and character set, with namespace fix-up.
#include "serialize.hh"

#include <algorithm>

namespace xalan {
namespace {

struct Utf8Set {
    static bool holds(uint32_t) { return true; }
    static constexpr bool kBytes = false;
    static constexpr const char* kName = "UTF-8";
};
struct Latin1Set {
    static bool holds(uint32_t code) { return code < 256; }
    static constexpr bool kBytes = true;
    static constexpr const char* kName = "ISO-8859-1";
};
struct AsciiSet {
    static bool holds(uint32_t code) { return code < 128; }
    static constexpr bool kBytes = true;
    static constexpr const char* kName = "US-ASCII";
};

template <class Charset> void put(string& out, uint32_t code) {
    if (Charset::kBytes)
        out += static_cast<char>(code);
    else
        append_utf8(out, code);
}

void put_reference(string& out, uint32_t code) { out += "&#" + std::to_string(code) + ";"; }

struct XmlFormat {
    static constexpr bool kMarkup = true;
    static constexpr bool kDeclaration = true;
    static bool is_void(string_view) { return false; }
    static bool is_raw(string_view) { return false; }
    static constexpr const char* kEmptyEnd = "/>";
    static constexpr const char* kInstructionEnd = "?>";
    static void reference(string& out, uint32_t code) { put_reference(out, code); }
};

struct HtmlFormat {
    static constexpr bool kMarkup = true;
    static constexpr bool kDeclaration = false;
    static bool is_void(string_view name) {
        return name == "br" || name == "hr" || name == "img" || name == "meta" || name == "link" ||
               name == "input";
    }
    static bool is_raw(string_view name) { return name == "script" || name == "style"; }
    static constexpr const char* kEmptyEnd = ">";
    static constexpr const char* kInstructionEnd = ">";
    static void reference(string& out, uint32_t code) {
        static const struct { uint32_t code; const char* name; } kNames[] = {
            {160, "nbsp"}, {163, "pound"}, {169, "copy"}, {176, "deg"}, {223, "szlig"}, {228, "auml"},
            {233, "eacute"}, {241, "ntilde"}, {246, "ouml"}, {252, "uuml"}, {8364, "euro"}, {8212, "mdash"}};
        auto row = std::lower_bound(std::begin(kNames), std::end(kNames), code,
                                    [](const auto& entry, uint32_t wanted) { return entry.code < wanted; });
        if (row != std::end(kNames) && row->code == code)
            out += string("&") + row->name + ";";
        else
            put_reference(out, code);
    }
};

struct TextFormat {
    static constexpr bool kMarkup = false;
    static constexpr bool kDeclaration = false;
    static bool is_void(string_view) { return false; }
    static bool is_raw(string_view) { return true; }
    static constexpr const char* kEmptyEnd = "";
    static constexpr const char* kInstructionEnd = "";
    static void reference(string& out, uint32_t) { out += '?'; }
};

template <class Format, class Charset> class Serializer final : public Handler {
public:
    explicit Serializer(string& out) : out_(out) {}

    void start_document() override {
        if (Format::kDeclaration)
            out_ += string("<?xml version=\"1.0\" encoding=\"") + Charset::kName + "\"?>\n";
    }
    void end_document() override {
        close_start();
        out_ += '\n';
    }
    void start_element(const Name& name, const std::vector<AttributeEvent>& attributes) override {
        close_start();
        open_.push_back({&name, declared_.size(), Format::is_raw(name.local)});
        if (!Format::kMarkup)
            return;
        out_ += '<';
        out_ += name.qualified;
        declare(name);
        in_start_ = true;
        for (const AttributeEvent& event : attributes)
            attribute(*event.name, event.value);
    }
    void attribute(const Name& name, string_view value) override {
        if (!Format::kMarkup)
            return;
        if (!in_start_)
            throw SyntaxError("attribute " + name.qualified + " comes after the content of its element");
        if (!name.prefix.empty())
            declare(name);
        out_ += ' ';
        out_ += name.qualified;
        out_ += "=\"";
        escape<true>(value);
        out_ += '"';
    }
    void end_element(const Name& name) override {
        if (in_start_) {
            in_start_ = false;
            if (Format::is_void(name.local) || Format::kDeclaration) {
                out_ += Format::kEmptyEnd;
                leave();
                return;
            }
            out_ += '>';
        }
        if (Format::kMarkup) {
            out_ += "</";
            out_ += name.qualified;
            out_ += '>';
        }
        leave();
    }
    void characters(string_view text) override {
        close_start();
        if (!open_.empty() && open_.back().raw)
            verbatim(text);
        else
            escape<false>(text);
    }
    void comment(string_view text) override {
        close_start();
        if (!Format::kMarkup)
            return;
        out_ += "<!--";
        verbatim(text);
        out_ += "-->";
    }
    void instruction(const Name& target, string_view data) override {
        close_start();
        if (!Format::kMarkup)
            return;
        out_ += "<?";
        out_ += target.qualified;
        out_ += ' ';
        verbatim(data);
        out_ += Format::kInstructionEnd;
    }

private:
    struct Open {
        const Name* name;
        size_t declared;
        bool raw;
    };

    void close_start() {
        if (in_start_)
            out_ += '>';
        in_start_ = false;
    }
    void leave() {
        declared_.resize(open_.back().declared);
        open_.pop_back();
    }
    void declare(const Name& name) {
        for (size_t i = declared_.size(); i-- > 0;)
            if (declared_[i]->prefix == name.prefix) {
                if (declared_[i]->uri_id == name.uri_id)
                    return;
                break;
            }
        if (name.prefix == "xml" || (name.prefix.empty() && name.uri.empty() && declared_.empty()))
            return;
        declared_.push_back(&name);
        out_ += name.prefix.empty() ? " xmlns" : " xmlns:";
        out_ += name.prefix;
        out_ += "=\"";
        escape<true>(name.uri);
        out_ += '"';
    }
    template <bool InAttribute> void escape(string_view text) {
        for (size_t at = 0; at < text.size();) {
            uint32_t code = next_utf8(text, at);
            if (Format::kMarkup && code == '&')
                out_ += "&amp;";
            else if (Format::kMarkup && code == '<' && (!InAttribute || Format::kDeclaration))
                out_ += "&lt;";
            else if (Format::kMarkup && code == '>' && !InAttribute)
                out_ += "&gt;";
            else if (Format::kMarkup && InAttribute && code == '"')
                out_ += "&quot;";
            else if (Format::kMarkup && InAttribute && code == '\n')
                out_ += "&#10;";
            else if (code < 128)
                out_ += static_cast<char>(code);
            else if (Charset::holds(code))
                put<Charset>(out_, code);
            else
                Format::reference(out_, code);
        }
    }
    void verbatim(string_view text) {
        for (size_t at = 0; at < text.size();) {
            uint32_t code = next_utf8(text, at);
            if (Charset::holds(code))
                put<Charset>(out_, code);
            else
                out_ += '?';
        }
    }

    string& out_;
    std::vector<Open> open_;
    std::vector<const Name*> declared_;
    bool in_start_ = false;
};

template <class Format> std::unique_ptr<Handler> for_encoding(Encoding encoding, string& out) {
    switch (encoding) {
    case Encoding::Latin1: return std::make_unique<Serializer<Format, Latin1Set>>(out);
    case Encoding::Ascii: return std::make_unique<Serializer<Format, AsciiSet>>(out);
    default: return std::make_unique<Serializer<Format, Utf8Set>>(out);
    }
}

}  // namespace

std::unique_ptr<Handler> make_serializer(Method method, Encoding encoding, string& out) {
    switch (method) {
    case Method::Xml: return for_encoding<XmlFormat>(encoding, out);
    case Method::Html: return for_encoding<HtmlFormat>(encoding, out);
    default: return for_encoding<TextFormat>(encoding, out);
    }
}

void Indenter::new_line() {
    if (!mixed_.back() && mixed_.size() > 1)
        next_.characters("\n" + string(2 * (mixed_.size() - 1), ' '));
}

void Indenter::start_element(const Name& name, const std::vector<AttributeEvent>& attributes) {
    new_line();
    next_.start_element(name, attributes);
    mixed_.push_back(false);
    after_start_ = true;
}

void Indenter::end_element(const Name& name) {
    bool mixed = mixed_.back();
    mixed_.pop_back();
    if (!mixed && !after_start_)
        next_.characters("\n" + string(2 * (mixed_.size() - 1), ' '));
    after_start_ = false;
    next_.end_element(name);
}

void Indenter::characters(string_view text) {
    mixed_.back() = true;
    after_start_ = false;
    next_.characters(text);
}

void Indenter::comment(string_view text) {
    new_line();
    after_start_ = false;
    next_.comment(text);
}

void Indenter::instruction(const Name& target, string_view data) {
    new_line();
    after_start_ = false;
    next_.instruction(target, data);
}

}  // namespace xalan
