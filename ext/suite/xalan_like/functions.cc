// SPDX-License-Identifier: BSD-3-Clause
// The XPath and XSLT function library, with a few of the extension functions processors usually bring.
#include <algorithm>
#include <cmath>

#include "xpath.hh"

namespace xalan {
namespace {

using Arguments = std::vector<ExpressionPtr>;

int code_points(string_view text) {
    return static_cast<int>(std::count_if(text.begin(), text.end(),
                                          [](char c) { return (static_cast<uint8_t>(c) & 0xc0) != 0x80; }));
}

std::vector<uint32_t> decode(string_view text) {
    std::vector<uint32_t> out;
    for (size_t at = 0; at < text.size();)
        out.push_back(next_utf8(text, at));
    return out;
}

void append_normalized(string& out, string_view text) {
    bool gap = false, any = false;
    for (char c : text) {
        if (is_space(static_cast<uint8_t>(c))) {
            gap = any;
            continue;
        }
        if (gap)
            out += ' ';
        out += c;
        gap = false;
        any = true;
    }
}

// Picture strings such as "#,##0.00" and "000".
void append_formatted(string& out, double value, string_view picture) {
    if (value != value || value > 9e12 || value < -9e12) {
        out += "NaN";
        return;
    }
    size_t point = picture.find('.');
    string_view whole = picture.substr(0, point);
    string_view fraction = point == string_view::npos ? string_view() : picture.substr(point + 1);
    bool percent = !picture.empty() && picture.back() == '%';
    int most = static_cast<int>(
        std::count_if(fraction.begin(), fraction.end(), [](char c) { return c == '0' || c == '#'; }));
    int least = static_cast<int>(std::count(fraction.begin(), fraction.end(), '0'));
    size_t digits = std::count(whole.begin(), whole.end(), '0');
    bool grouped = whole.find(',') != string_view::npos;
    uint64_t unit = 1;
    for (int i = 0; i < most; ++i)
        unit *= 10;
    bool negative = value < 0;
    double size = (negative ? -value : value) * (percent ? 100 : 1);
    uint64_t scaled = static_cast<uint64_t>(size * static_cast<double>(unit) + 0.5);
    string integer = std::to_string(scaled / unit), rest = std::to_string(scaled % unit);
    if (integer.size() < digits)
        integer.insert(0, digits - integer.size(), '0');
    if (grouped)
        for (int at = static_cast<int>(integer.size()) - 3; at > 0; at -= 3)
            integer.insert(at, ",");
    if (negative && scaled)
        out += '-';
    out += integer;
    if (most > 0) {
        rest.insert(0, most - rest.size(), '0');
        while (static_cast<int>(rest.size()) > least && rest.back() == '0')
            rest.pop_back();
        if (!rest.empty())
            out += "." + rest;
    }
    if (percent)
        out += '%';
}

// One class per function; `a` are the arguments, `c` the context.
#define NUMBER_FUNCTION(Type, ...)                                         \
    struct Type final : NumberExpression {                                 \
        explicit Type(Arguments list) : a(std::move(list)) {}              \
        double number([[maybe_unused]] Context& c) const override { __VA_ARGS__ } \
        Arguments a;                                                       \
    };
#define BOOLEAN_FUNCTION(Type, ...)                                        \
    struct Type final : BooleanExpression {                                \
        explicit Type(Arguments list) : a(std::move(list)) {}              \
        bool boolean([[maybe_unused]] Context& c) const override { __VA_ARGS__ } \
        Arguments a;                                                       \
    };
#define TEXT_FUNCTION(Type, ...)                                           \
    struct Type final : TextExpression {                                   \
        explicit Type(Arguments list) : a(std::move(list)) {}              \
        using Expression::text;                                            \
        void text([[maybe_unused]] Context& c, string& out) const override { __VA_ARGS__ } \
        Arguments a;                                                       \
    };
#define NODES_FUNCTION(Type, ...)                                          \
    struct Type final : NodesExpression {                                  \
        explicit Type(Arguments list) : a(std::move(list)) {}              \
        void nodes([[maybe_unused]] Context& c, NodeList& out) const override { __VA_ARGS__ } \
        Arguments a;                                                       \
    };

const Node* node_argument(const Arguments& a, Context& c) { return a.empty() ? c.node : a[0]->first(c); }

string text_argument(const Arguments& a, Context& c) {
    string text;
    if (a.empty())
        c.node->text(text);
    else
        a[0]->text(c, text);
    return text;
}

template <class Visit> void each_number(const Arguments& a, Context& c, Visit visit) {
    NodeList list;
    a[0]->nodes(c, list);
    string text;
    for (const Node* node : list) {
        text.clear();
        node->text(text);
        visit(text_to_number(text));
    }
}

double floor_number(double value) {
    if (value != value || value > 1e15 || value < -1e15)
        return value;
    double whole = static_cast<double>(static_cast<int64_t>(value));
    return whole > value ? whole - 1 : whole;
}

NUMBER_FUNCTION(Last, return c.size;)
NUMBER_FUNCTION(Position, return c.position;)
NUMBER_FUNCTION(Count, return a[0]->count(c);)
NUMBER_FUNCTION(ToNumber, return a.empty() ? text_to_number(c.node->text()) : a[0]->number(c);)
NUMBER_FUNCTION(Sum, double total = 0; each_number(a, c, [&](double v) { total += v; }); return total;)
NUMBER_FUNCTION(Floor, return floor_number(a[0]->number(c));)
NUMBER_FUNCTION(Ceiling, return -floor_number(-a[0]->number(c));)
NUMBER_FUNCTION(Round, return round_number(a[0]->number(c));)
NUMBER_FUNCTION(TextLength, return code_points(text_argument(a, c));)
NUMBER_FUNCTION(Minimum, double best = std::nan("");
    each_number(a, c, [&](double v) { if (!(best <= v)) best = v; }); return best;)
NUMBER_FUNCTION(Maximum, double best = std::nan("");
    each_number(a, c, [&](double v) { if (!(best >= v)) best = v; }); return best;)
NUMBER_FUNCTION(Average, double total = 0; int n = 0;
    each_number(a, c, [&](double v) { total += v; ++n; }); return n ? total / n : std::nan("");)
NUMBER_FUNCTION(Absolute, double v = a[0]->number(c); return v < 0 ? -v : v;)
NUMBER_FUNCTION(Power, double base = a[0]->number(c); double exponent = a[1]->number(c);
    if (!is_integer(exponent, 60) || exponent < 0) return std::nan("");
    double result = 1;
    for (int i = static_cast<int>(exponent); i > 0; i >>= 1) { if (i & 1) result *= base; base *= base; }
    return result;)
NUMBER_FUNCTION(SquareRoot, return std::sqrt(a[0]->number(c));)
NUMBER_FUNCTION(IndexOf, string text = a[0]->text(c); size_t at = text.find(a[1]->text(c));
    return at == string::npos ? 0 : code_points(string_view(text).substr(0, at)) + 1;)
NUMBER_FUNCTION(
    WordCount, string text = text_argument(a, c); int words = 0; bool inside = false; for (char ch
                                                                                           : text) {
        bool space = is_space(static_cast<uint8_t>(ch));
        words += !space && !inside;
        inside = !space;
    } return words;)
NUMBER_FUNCTION(HashCode, return static_cast<double>(hash_text(text_argument(a, c)) % 1000003);)
NUMBER_FUNCTION(Levels, int depth = 0;
    for (const Node* n = node_argument(a, c); n; n = n->parent) ++depth;
    return depth;)

BOOLEAN_FUNCTION(ToBoolean, return a[0]->boolean(c);)
BOOLEAN_FUNCTION(Not, return !a[0]->boolean(c);)
BOOLEAN_FUNCTION(True, return true;)
BOOLEAN_FUNCTION(False, return false;)
BOOLEAN_FUNCTION(StartsWith, string text = a[0]->text(c); string head = a[1]->text(c);
    return text.compare(0, head.size(), head) == 0;)
BOOLEAN_FUNCTION(EndsWith, string text = a[0]->text(c); string tail = a[1]->text(c);
    return text.size() >= tail.size() && text.compare(text.size() - tail.size(), tail.size(), tail) == 0;)
BOOLEAN_FUNCTION(Contains, return a[0]->text(c).find(a[1]->text(c)) != string::npos;)
BOOLEAN_FUNCTION(Language, string wanted = a[0]->text(c);
    for (const Node* n = c.node; n; n = n->parent)
        for (const Node* at = n->first_attribute; at; at = at->next)
            if (at->name->qualified == "xml:lang") {
                string_view value = static_cast<const ValueNode*>(at)->value;
                return value.substr(0, wanted.size()) == wanted &&
                       (value.size() == wanted.size() || value[wanted.size()] == '-');
            }
    return false;)
BOOLEAN_FUNCTION(HasSameNode, NodeList x; NodeList y; a[0]->nodes(c, x); a[1]->nodes(c, y);
                 return std::any_of(x.begin(), x.end(), [&](const Node* n) {
                     return std::find(y.begin(), y.end(), n) != y.end();
                 });)

TEXT_FUNCTION(LocalName, if (const Node* n = node_argument(a, c)) out += n->local_name();)
TEXT_FUNCTION(QualifiedName, const Node* n = node_argument(a, c);
              if (n && n->name) out += n->name->qualified;)
TEXT_FUNCTION(NamespaceUri, const Node* n = node_argument(a, c); if (n && n->name) out += n->name->uri;)
TEXT_FUNCTION(ToText, out += text_argument(a, c);)
TEXT_FUNCTION(Concat, for (const ExpressionPtr& part : a) part->text(c, out);)
TEXT_FUNCTION(SubstringBefore, string text = a[0]->text(c); size_t at = text.find(a[1]->text(c));
    if (at != string::npos) out.append(text, 0, at);)
TEXT_FUNCTION(SubstringAfter, string text = a[0]->text(c); string mark = a[1]->text(c);
              size_t at = text.find(mark);
              if (at != string::npos) out.append(text, at + mark.size(), string::npos);)
TEXT_FUNCTION(Substring, string text = a[0]->text(c); double from = round_number(a[1]->number(c));
    double to = a.size() > 2 ? from + round_number(a[2]->number(c)) : 1e9;
    int index = 1;
    for (size_t at = 0; at < text.size(); ++index) {
        size_t start = at;
        next_utf8(text, at);
        if (index >= from && index < to) out.append(text, start, at - start);
    })
TEXT_FUNCTION(Normalize, append_normalized(out, text_argument(a, c));)
TEXT_FUNCTION(Translate, string text = a[0]->text(c);
    std::vector<uint32_t> from = decode(a[1]->text(c)); std::vector<uint32_t> to = decode(a[2]->text(c));
    for (size_t at = 0; at < text.size();) {
        uint32_t code = next_utf8(text, at);
        size_t index = std::find(from.begin(), from.end(), code) - from.begin();
        if (index == from.size()) append_utf8(out, code);
        else if (index < to.size()) append_utf8(out, to[index]);
    })
TEXT_FUNCTION(FormatNumber, append_formatted(out, a[0]->number(c), a[1]->text(c));)
TEXT_FUNCTION(GenerateId, if (const Node* n = node_argument(a, c)) out += "N" + std::to_string(n->order);)
TEXT_FUNCTION(UpperCase, for (char ch : a[0]->text(c)) out += ch >= 'a' && ch <= 'z' ? char(ch - 32) : ch;)
TEXT_FUNCTION(LowerCase, for (char ch : a[0]->text(c)) out += ch >= 'A' && ch <= 'Z' ? char(ch + 32) : ch;)
TEXT_FUNCTION(Replace, string text = a[0]->text(c); string from = a[1]->text(c); string to = a[2]->text(c);
    size_t at = 0;
    for (size_t hit; !from.empty() && (hit = text.find(from, at)) != string::npos; at = hit + from.size()) {
        out.append(text, at, hit - at);
        out += to;
    }
    out.append(text, at, string::npos);)
TEXT_FUNCTION(Padding, int width = static_cast<int>(std::min(a[0]->number(c), 80.0));
              string fill = a[1]->text(c);
              for (int i = 0; i < width; ++i) out += fill.empty() ? ' ' : fill[i % fill.size()];)
TEXT_FUNCTION(Align, string text = a[0]->text(c); int width = static_cast<int>(a[1]->number(c));
    int missing = width - code_points(text); bool right = a.size() > 2 && a[2]->text(c) == "right";
    if (right && missing > 0) out.append(missing, ' ');
    out += text;
    if (!right && missing > 0) out.append(missing, ' ');)
TEXT_FUNCTION(Reverse, std::vector<uint32_t> codes = decode(a[0]->text(c));
    for (size_t i = codes.size(); i-- > 0;) append_utf8(out, codes[i]);)
TEXT_FUNCTION(EncodeUri, static const char* kDigits = "0123456789ABCDEF";
    for (char ch : a[0]->text(c)) {
        uint8_t byte = static_cast<uint8_t>(ch);
        bool plain = (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'z') ||
                     byte == '-' || byte == '.';
        if (plain) out += ch;
        else { out += '%'; out += kDigits[byte >> 4]; out += kDigits[byte & 15]; }
    })
TEXT_FUNCTION(Join, NodeList list; a[0]->nodes(c, list); string glue = a[1]->text(c);
    for (size_t i = 0; i < list.size(); ++i) { if (i) out += glue; list[i]->text(out); })
TEXT_FUNCTION(SystemProperty, string name = a[0]->text(c);
    out += name == "xsl:version" ? "1.0" : name == "xsl:vendor" ? "xalan_like" : "";)

NODES_FUNCTION(Current, out.push_back(c.current);)
NODES_FUNCTION(Id, string text = a[0]->text(c); size_t at = 0; NodeList list;
    while (at < text.size()) {
        size_t end = std::min(text.find(' ', at), text.size());
        if (const Node* n = c.node->document->by_id(string_view(text).substr(at, end - at)))
            list.push_back(n);
        at = end + 1;
    }
    sort_unique(list);
    out.insert(out.end(), list.begin(), list.end());)
NODES_FUNCTION(Key, const NodeList& found = c.keys->find(a[0]->text(c), a[1]->text(c));
    out.insert(out.end(), found.begin(), found.end());)
NODES_FUNCTION(Distinct, NodeList list; a[0]->nodes(c, list); std::vector<string> seen;
    for (const Node* n : list) {
        string text = n->text();
        auto place = std::lower_bound(seen.begin(), seen.end(), text);
        if (place != seen.end() && *place == text) continue;
        seen.insert(place, std::move(text));
        out.push_back(n);
    })
NODES_FUNCTION(Difference, NodeList x; NodeList y; a[0]->nodes(c, x); a[1]->nodes(c, y);
    for (const Node* n : x) if (std::find(y.begin(), y.end(), n) == y.end()) out.push_back(n);)
NODES_FUNCTION(Intersection, NodeList x; NodeList y; a[0]->nodes(c, x); a[1]->nodes(c, y);
    for (const Node* n : x) if (std::find(y.begin(), y.end(), n) != y.end()) out.push_back(n);)
NODES_FUNCTION(Highest, NodeList list; a[0]->nodes(c, list); double best = std::nan("");
    for (const Node* n : list) { double v = text_to_number(n->text()); if (!(best >= v)) best = v; }
    for (const Node* n : list) if (text_to_number(n->text()) == best) out.push_back(n);)

template <class Type> ExpressionPtr create(Arguments arguments) {
    return std::make_unique<Type>(std::move(arguments));
}

struct Row {
    const char* name;
    size_t least, most;
    ExpressionPtr (*create)(Arguments);
};

const Row kRows[] = {
    {"last", 0, 0, create<Last>},
    {"position", 0, 0, create<Position>},
    {"count", 1, 1, create<Count>},
    {"number", 0, 1, create<ToNumber>},
    {"sum", 1, 1, create<Sum>},
    {"floor", 1, 1, create<Floor>},
    {"ceiling", 1, 1, create<Ceiling>},
    {"round", 1, 1, create<Round>},
    {"string-length", 0, 1, create<TextLength>},
    {"min", 1, 1, create<Minimum>},
    {"max", 1, 1, create<Maximum>},
    {"avg", 1, 1, create<Average>},
    {"abs", 1, 1, create<Absolute>},
    {"power", 2, 2, create<Power>},
    {"sqrt", 1, 1, create<SquareRoot>},
    {"index-of", 2, 2, create<IndexOf>},
    {"word-count", 0, 1, create<WordCount>},
    {"hash", 0, 1, create<HashCode>},
    {"levels", 0, 1, create<Levels>},
    {"boolean", 1, 1, create<ToBoolean>},
    {"not", 1, 1, create<Not>},
    {"true", 0, 0, create<True>},
    {"false", 0, 0, create<False>},
    {"starts-with", 2, 2, create<StartsWith>},
    {"ends-with", 2, 2, create<EndsWith>},
    {"contains", 2, 2, create<Contains>},
    {"lang", 1, 1, create<Language>},
    {"has-same-node", 2, 2, create<HasSameNode>},
    {"local-name", 0, 1, create<LocalName>},
    {"name", 0, 1, create<QualifiedName>},
    {"namespace-uri", 0, 1, create<NamespaceUri>},
    {"string", 0, 1, create<ToText>},
    {"concat", 2, 99, create<Concat>},
    {"substring-before", 2, 2, create<SubstringBefore>},
    {"substring-after", 2, 2, create<SubstringAfter>},
    {"substring", 2, 3, create<Substring>},
    {"normalize-space", 0, 1, create<Normalize>},
    {"translate", 3, 3, create<Translate>},
    {"format-number", 2, 2, create<FormatNumber>},
    {"generate-id", 0, 1, create<GenerateId>},
    {"upper-case", 1, 1, create<UpperCase>},
    {"lower-case", 1, 1, create<LowerCase>},
    {"replace", 3, 3, create<Replace>},
    {"padding", 2, 2, create<Padding>},
    {"align", 2, 3, create<Align>},
    {"reverse", 1, 1, create<Reverse>},
    {"encode-uri", 1, 1, create<EncodeUri>},
    {"join", 2, 2, create<Join>},
    {"system-property", 1, 1, create<SystemProperty>},
    {"current", 0, 0, create<Current>},
    {"id", 1, 1, create<Id>},
    {"key", 2, 2, create<Key>},
    {"distinct", 1, 1, create<Distinct>},
    {"difference", 2, 2, create<Difference>},
    {"intersection", 2, 2, create<Intersection>},
    {"highest", 1, 1, create<Highest>},
};

}  // namespace

ExpressionPtr make_function(const string& name, Arguments arguments) {
    for (const Row& row : kRows)
        if (name == row.name) {
            if (arguments.size() < row.least || arguments.size() > row.most)
                throw SyntaxError("function " + name + " got the wrong number of arguments");
            return row.create(std::move(arguments));
        }
    throw SyntaxError("there is no function " + name);
}

}  // namespace xalan
