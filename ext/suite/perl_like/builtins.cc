// SPDX-License-Identifier: BSD-3-Clause
// Built-in functions and sprintf.
#include <algorithm>

#include "nodes.hh"

namespace script {
namespace {

void append_radix(string& out, uint64_t value, uint32_t radix, bool upper) {
    const char* const symbols = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char digits[64];
    int count = 0;
    do
        digits[count++] = symbols[value % radix];
    while (value /= radix);
    while (count > 0)
        out += digits[--count];
}

struct Conversion {
    bool left = false, zero = false, plus = false;
    int width = 0, precision = -1;
    char letter = 0;
};

void pad(string& out, const string& body, const Conversion& how) {
    int missing = how.width - static_cast<int>(body.size());
    if (missing <= 0) {
        out += body;
    } else if (how.left) {
        out += body;
        out.append(missing, ' ');
    } else if (how.zero && how.letter != 's') {
        size_t sign = !body.empty() && (body[0] == '-' || body[0] == '+');
        out.append(body, 0, sign);
        out.append(missing, '0');
        out.append(body, sign, string::npos);
    } else {
        out.append(missing, ' ');
        out += body;
    }
}

void convert(string& out, const Conversion& how, const Value& value) {
    string body;
    switch (how.letter) {
    case 'd':
        if (how.plus && value.whole() >= 0)
            body += '+';
        body += std::to_string(value.whole());
        break;
    case 's':
        value.append_to(body);
        if (how.precision >= 0)
            body.resize(std::min<size_t>(body.size(), how.precision));
        break;
    case 'f':
        if (how.plus && value.num() >= 0)
            body += '+';
        append_fixed(body, value.num(), how.precision < 0 ? 6 : std::min(how.precision, 9));
        break;
    case 'x': append_radix(body, static_cast<uint64_t>(value.whole()), 16, false); break;
    case 'X': append_radix(body, static_cast<uint64_t>(value.whole()), 16, true); break;
    case 'o': append_radix(body, static_cast<uint64_t>(value.whole()), 8, false); break;
    case 'b': append_radix(body, static_cast<uint64_t>(value.whole()), 2, false); break;
    case 'c': body += static_cast<char>(value.whole()); break;
    default: throw ScriptError("sprintf does not know this conversion");
    }
    pad(out, body, how);
}

#define SCALAR(Name, ...)                                                                                    \
    struct Name final : Node {                                                                               \
        Name(NodeList list_in, int array_in, int hash_in)                                                    \
            : a(std::move(list_in)), array(array_in), hash(hash_in) {}                                       \
        Value eval([[maybe_unused]] Interpreter& in) const override {                                        \
            ++in.operations;                                                                                 \
            __VA_ARGS__                                                                                      \
        }                                                                                                    \
        Value arg(Interpreter& in, size_t i) const { return i < a.size() ? a[i]->eval(in) : in.topic; }      \
        string str(Interpreter& in, size_t i) const {                                                        \
            string s;                                                                                        \
            if (i < a.size()) a[i]->append(in, s);                                                           \
            else in.topic.append_to(s);                                                                      \
            return s;                                                                                        \
        }                                                                                                    \
        NodeList a;                                                                                          \
        int array, hash;                                                                                     \
    };
#define LISTED(Name, ...)                                                                                    \
    struct Name final : Node {                                                                               \
        Name(NodeList list_in, int array_in, int hash_in)                                                    \
            : a(std::move(list_in)), array(array_in), hash(hash_in) {}                                       \
        Value eval(Interpreter& in) const override {                                                         \
            Array out;                                                                                       \
            list(in, out);                                                                                   \
            return out.size();                                                                               \
        }                                                                                                    \
        void list(Interpreter& in, Array& out) const override {                                              \
            ++in.operations;                                                                                 \
            __VA_ARGS__                                                                                      \
        }                                                                                                    \
        NodeList a;                                                                                          \
        int array, hash;                                                                                     \
    };

Array& array_of(Interpreter& in, int array) { return array < 0 ? in.arguments.back() : in.arrays[array]; }

Array gather(Interpreter& in, const NodeList& nodes, size_t from = 0) {
    Array out;
    for (size_t i = from; i < nodes.size(); ++i)
        nodes[i]->list(in, out);
    return out;
}

template <class Change> string changed(string text, Change change) {
    for (char& c : text)
        c = change(c);
    return text;
}
char upper_char(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
char lower_char(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

SCALAR(Length, return static_cast<int64_t>(str(in, 0).size());)
SCALAR(LowerCase, return changed(str(in, 0), lower_char);)
SCALAR(UpperCase, return changed(str(in, 0), upper_char);)
SCALAR(UpperFirst, string s = str(in, 0); if (!s.empty()) s[0] = upper_char(s[0]); return s;)
SCALAR(LowerFirst, string s = str(in, 0); if (!s.empty()) s[0] = lower_char(s[0]); return s;)
SCALAR(Ordinal, string s = str(in, 0); return s.empty() ? 0 : static_cast<int>(static_cast<uint8_t>(s[0]));)
SCALAR(Character, return string(1, static_cast<char>(arg(in, 0).whole()));)
SCALAR(Absolute, Value v = arg(in, 0).numeric();
    if (v.type == Type::Number) return v.number < 0 ? -v.number : v.number;
    return v.integer < 0 ? static_cast<int64_t>(0 - static_cast<uint64_t>(v.integer)) : v.integer;)
SCALAR(Truncate, return arg(in, 0).whole();)
SCALAR(Hexadecimal, uint64_t value = 0;
    for (char c : str(in, 0)) value = value * 16 + (c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    return static_cast<int64_t>(value);)
SCALAR(SquareRoot, uint64_t n = static_cast<uint64_t>(arg(in, 0).whole()); uint64_t root = 0;
    for (uint64_t bit = uint64_t{1} << 31; bit; bit >>= 1) if ((root + bit) * (root + bit) <= n) root += bit;
    return static_cast<int64_t>(root);)
SCALAR(Index, string text = str(in, 0);
       size_t from = a.size() > 2 ? static_cast<size_t>(arg(in, 2).whole()) : 0;
       size_t at = text.find(str(in, 1), from); return at == string::npos ? -1 : static_cast<int>(at);)
SCALAR(LastIndex, string text = str(in, 0); size_t at = text.rfind(str(in, 1));
    return at == string::npos ? -1 : static_cast<int>(at);)
SCALAR(Substring, string text = str(in, 0); int64_t size = static_cast<int64_t>(text.size());
       int64_t from = arg(in, 1).whole(); if (from < 0) from = std::max<int64_t>(0, size + from);
       if (from >= size) return string(); int64_t count = a.size() > 2 ? arg(in, 2).whole() : size;
       if (count < 0) count = std::max<int64_t>(0, size - from + count); return text.substr(from, count);)
SCALAR(Join, Array items = gather(in, a, 1); string glue = str(in, 0); string out;
    for (size_t i = 0; i < items.size(); ++i) { if (i) out += glue; items[i].append_to(out); }
    return out;)
SCALAR(Format, return format_text(gather(in, a));)
SCALAR(Print, for (const Value& v : gather(in, a)) v.append_to(in.output); return 1;)
SCALAR(Chomp, Value& v = a[0]->place(in); string s = v.str(); int n = 0;
    while (!s.empty() && s.back() == '\n') { s.pop_back(); ++n; }
    v = s; return n;)
SCALAR(Defined, return a[0]->eval(in).type != Type::Undefined;)
SCALAR(Count, return array_of(in, array).size();)
SCALAR(Push, Array items = gather(in, a); Array& to = array_of(in, array);
    for (Value& v : items) to.push_back(std::move(v));
    return to.size();)
SCALAR(Unshift, Array items = gather(in, a); Array& to = array_of(in, array);
       to.insert(to.begin(), items.begin(), items.end()); return to.size();)
SCALAR(Pop, Array& from = array_of(in, array); if (from.empty()) return Value();
    Value v = std::move(from.back()); from.pop_back(); return v;)
SCALAR(Shift, Array& from = array_of(in, array); if (from.empty()) return Value();
    Value v = std::move(from.front()); from.erase(from.begin()); return v;)
SCALAR(Exists, return in.hashes[hash].find(str(in, 0)) != nullptr;)
SCALAR(Delete, return in.hashes[hash].erase(str(in, 0));)
SCALAR(HashSize, return in.hashes[hash].size();)
SCALAR(ReadLine, if (in.next_line >= in.input.size()) return Value(); return in.input[in.next_line++];)
SCALAR(Reversed, string s = str(in, 0); return string(s.rbegin(), s.rend());)
SCALAR(Checksum, uint32_t hash_value = 2166136261u;
    for (char c : str(in, 0)) hash_value = (hash_value ^ static_cast<uint8_t>(c)) * 16777619u;
    return static_cast<int64_t>(hash_value);)
SCALAR(Largest, Array items = gather(in, a); Value best = items.at(0);
    for (const Value& v : items) if (v.num() > best.num()) best = v;
    return best;)
SCALAR(Smallest, Array items = gather(in, a); Value best = items.at(0);
    for (const Value& v : items) if (v.num() < best.num()) best = v;
    return best;)
SCALAR(
    Sum, Array items = gather(in, a); int64_t whole = 0; double total = 0; bool exact = true;
    for (const Value& v
         : items) {
        Value n = v.numeric();
        exact = exact && n.type == Type::Integer;
        whole += n.integer;
        total += n.num();
    } return exact
        ? Value(whole)
        : Value(total);)
LISTED(Keys, in.hashes[hash].each([&](const string& k, const Value&) { out.push_back(k); });)
LISTED(Values, in.hashes[hash].each([&](const string&, const Value& v) { out.push_back(v); });)
LISTED(Reverse, Array items = gather(in, a); out.insert(out.end(), items.rbegin(), items.rend());)
LISTED(
    Unique, Array items = gather(in, a); Hash seen; for (const Value& v
                                                         : items) {
        Value& mark = seen[v.str()];
        if (!mark.truth()) out.push_back(v);
        mark = 1;
    })

template <class Name> NodePtr create(NodeList list, int array, int hash) {
    return std::make_unique<Name>(std::move(list), array, hash);
}

struct Row {
    const char* name;
    NodePtr (*create)(NodeList, int, int);
};
const Row kRows[] = {{"length", create<Length>},
                     {"lc", create<LowerCase>},
                     {"uc", create<UpperCase>},
                     {"ucfirst", create<UpperFirst>},
                     {"lcfirst", create<LowerFirst>},
                     {"ord", create<Ordinal>},
                     {"chr", create<Character>},
                     {"abs", create<Absolute>},
                     {"int", create<Truncate>},
                     {"hex", create<Hexadecimal>},
                     {"isqrt", create<SquareRoot>},
                     {"index", create<Index>},
                     {"rindex", create<LastIndex>},
                     {"substr", create<Substring>},
                     {"join", create<Join>},
                     {"sprintf", create<Format>},
                     {"print", create<Print>},
                     {"chomp", create<Chomp>},
                     {"defined", create<Defined>},
                     {"scalar", create<Count>},
                     {"push", create<Push>},
                     {"unshift", create<Unshift>},
                     {"pop", create<Pop>},
                     {"shift", create<Shift>},
                     {"exists", create<Exists>},
                     {"delete", create<Delete>},
                     {"hsize", create<HashSize>},
                     {"readline", create<ReadLine>},
                     {"strrev", create<Reversed>},
                     {"checksum", create<Checksum>},
                     {"max", create<Largest>},
                     {"min", create<Smallest>},
                     {"sum", create<Sum>},
                     {"keys", create<Keys>},
                     {"values", create<Values>},
                     {"reverse", create<Reverse>},
                     {"uniq", create<Unique>}};

}  // namespace

string format_text(const Array& arguments) {
    string format = arguments.at(0).str(), out;
    size_t next = 1;
    for (size_t at = 0; at < format.size(); ++at) {
        if (format[at] != '%') {
            out += format[at];
            continue;
        }
        if (format[++at] == '%') {
            out += '%';
            continue;
        }
        Conversion how;
        for (;; ++at) {
            if (format[at] == '-')
                how.left = true;
            else if (format[at] == '0')
                how.zero = true;
            else if (format[at] == '+')
                how.plus = true;
            else
                break;
        }
        while (format[at] >= '0' && format[at] <= '9')
            how.width = how.width * 10 + (format[at++] - '0');
        if (format[at] == '.')
            for (how.precision = 0, ++at; format[at] >= '0' && format[at] <= '9'; ++at)
                how.precision = how.precision * 10 + (format[at] - '0');
        how.letter = format[at];
        convert(out, how, next < arguments.size() ? arguments[next] : Value());
        ++next;
    }
    return out;
}

NodePtr make_builtin(const string& name, NodeList arguments, int array, int hash) {
    for (const Row& row : kRows)
        if (name[0] == row.name[0] && name == row.name)
            return row.create(std::move(arguments), array, hash);
    return nullptr;
}

}  // namespace script
