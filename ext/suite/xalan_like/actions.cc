// SPDX-License-Identifier: BSD-3-Clause
// What each XSLT instruction does, sorting and number formats included.
#include "actions.hh"

#include <algorithm>

namespace xalan {
namespace {

// Collects the text a body produces, for attributes, comments and variables.
class TextCollector final : public Handler {
public:
    void start_element(const Name&, const std::vector<AttributeEvent>&) override {}
    void end_element(const Name&) override {}
    void characters(string_view text) override { text_ += text; }
    void comment(string_view) override {}
    void instruction(const Name&, string_view) override {}
    string take() { return std::move(text_); }

private:
    string text_;
};

string body_text(const Body& body, Run& run, Context& context) {
    TextCollector collector;
    Handler* saved = run.out;
    run.out = &collector;
    run_body(body, run, context);
    run.out = saved;
    return collector.take();
}

struct SortEntry {
    const Node* node;
    double number;
    string text;
};

template <bool Numeric, bool Descending> struct EntryOrder {
    bool operator()(const SortEntry& a, const SortEntry& b) const {
        if constexpr (Numeric) {
            // NaN sorts before every number.
            bool a_nan = a.number != a.number, b_nan = b.number != b.number;
            if (a_nan || b_nan)
                return Descending ? b_nan && !a_nan : a_nan && !b_nan;
            return Descending ? b.number < a.number : a.number < b.number;
        } else {
            return Descending ? b.text < a.text : a.text < b.text;
        }
    }
};

// Compares without case first; case only breaks ties, by what follows the folded text.
string collation_key(const string& text, bool upper_first) {
    string key;
    for (char c : text)
        key += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    key += '\1';
    for (char c : text) {
        bool upper = c >= 'A' && c <= 'Z';
        key += upper == upper_first ? 'a' : 'b';
    }
    return key;
}

template <bool Numeric, bool Descending> void sort_by(std::vector<SortEntry>& entries) {
    std::stable_sort(entries.begin(), entries.end(), EntryOrder<Numeric, Descending>());
}

void roman(string& out, int value, bool upper) {
    static const struct { int value; const char* digits; } kTable[] = {
        {1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"},
        {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}};
    for (const auto& row : kTable)
        for (; value >= row.value; value -= row.value)
            for (const char* c = row.digits; *c; ++c)
                out += upper ? static_cast<char>(*c - 32) : *c;
}

void alphabetic(string& out, int value, char first) {
    string digits;
    for (; value > 0; value = (value - 1) / 26)
        digits += static_cast<char>(first + (value - 1) % 26);
    out.append(digits.rbegin(), digits.rend());
}

void append_counter(string& out, int value, char format, size_t width) {
    switch (format) {
    case 'i': return roman(out, value, false);
    case 'I': return roman(out, value, true);
    case 'a': return alphabetic(out, value, 'a');
    case 'A': return alphabetic(out, value, 'A');
    default: {
        string digits = std::to_string(value);
        if (digits.size() < width)
            out.append(width - digits.size(), '0');
        out += digits;
    }
    }
}

bool is_format_letter(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// "1.a.i" formats a list of counters; the last format repeats when there are more counters.
void append_counters(string& out, const std::vector<int>& values, const string& format) {
    size_t at = 0;
    char letter = '1';
    size_t width = 1;
    size_t end = format.size();
    while (end > 0 && !is_format_letter(format[end - 1]))
        --end;   // what follows the last counter closes the number
    for (size_t i = 0; i < values.size(); ++i) {
        string punctuation;
        for (; at < end && !is_format_letter(format[at]); ++at)
            punctuation += format[at];
        if (at < end) {
            size_t start = at;
            while (at < end && is_format_letter(format[at]))
                ++at;
            letter = format[at - 1];
            width = at - start;
        } else if (i > 0) {
            punctuation = ".";
        }
        out += punctuation;
        append_counter(out, values[i], letter, width);
    }
    out.append(format, end, string::npos);
}

bool same_kind(const Node* a, const Node* b) {
    return a->kind == b->kind && (!a->name || a->name->expanded == b->name->expanded);
}

int place_among_siblings(const Node* node) {
    int place = 1;
    for (const Node* other = node->previous; other; other = other->previous)
        place += same_kind(other, node);
    return place;
}

int place_in_document(const Node* node) {
    int place = 0;
    const Node* other = node->document->root;
    while (other) {
        place += same_kind(other, node);
        if (other == node)
            break;
        if (other->first_child) {
            other = other->first_child;
            continue;
        }
        while (other && !other->next)
            other = other->parent;
        other = other ? other->next : nullptr;
    }
    return place;
}

void pass(Run& run, Context& context, const std::vector<PassedParameter>& parameters) {
    std::vector<std::pair<int, Value>> passed;
    for (const PassedParameter& parameter : parameters)
        passed.emplace_back(parameter.name, parameter.select->value(context));
    run.passed = std::move(passed);
}

template <class Visit> void each_node(const NodeList& list, Context& context, Visit visit) {
    Context inner = context;
    inner.size = static_cast<int>(list.size());
    for (size_t i = 0; i < list.size(); ++i) {
        inner.node = inner.current = list[i];
        inner.position = static_cast<int>(i) + 1;
        visit(inner);
    }
}

const Name* runtime_name(NamePool& names, const string& qualified, const string& uri) {
    size_t colon = qualified.find(':');
    if (colon == string::npos)
        return names.intern("", qualified, uri);
    return names.intern(qualified.substr(0, colon), qualified.substr(colon + 1),
                        uri.empty() ? "urn:made" : uri);
}

}  // namespace

void sort_nodes(NodeList& list, const std::vector<SortKey>& keys, const Context& outer) {
    // Stable sorting from the least significant key gives the right order for all of them.
    for (size_t k = keys.size(); k-- > 0;) {
        const SortKey& key = keys[k];
        std::vector<SortEntry> entries;
        entries.reserve(list.size());
        Context context = outer;
        context.size = static_cast<int>(list.size());
        for (const Node* node : list) {
            context.node = context.current = node;
            context.position = static_cast<int>(entries.size()) + 1;
            SortEntry entry{node, 0, {}};
            if (key.numeric)
                entry.number = key.select->number(context);
            else
                entry.text = collation_key(key.select->text(context), key.upper_first);
            entries.push_back(std::move(entry));
        }
        if (key.numeric)
            key.descending ? sort_by<true, true>(entries) : sort_by<true, false>(entries);
        else
            key.descending ? sort_by<false, true>(entries) : sort_by<false, false>(entries);
        for (size_t i = 0; i < entries.size(); ++i)
            list[i] = entries[i].node;
    }
}

void LiteralElement::execute(Run& run, Context& context) const {
    std::vector<AttributeEvent> list;
    list.reserve(attributes.size());
    for (const auto& [attribute, value] : attributes)
        list.push_back({attribute, value->text(context)});
    run.out->start_element(*name, list);
    run_body(body, run, context);
    run.out->end_element(*name);
}

void LiteralText::execute(Run& run, Context&) const { run.out->characters(text); }

void ValueOf::execute(Run& run, Context& context) const {
    string text;
    select->text(context, text);
    if (!text.empty())
        run.out->characters(text);
}

void ApplyTemplates::execute(Run& run, Context& context) const {
    NodeList list;
    if (select)
        select->nodes(context, list);
    else
        for (const Node* child = context.node->first_child; child; child = child->next)
            list.push_back(child);
    sort_nodes(list, sorts, context);
    each_node(list, context, [&](Context& inner) {
        pass(run, context, parameters);
        run.sheet.apply(run, inner, inner.node, mode);
    });
}

void CallTemplate::execute(Run& run, Context& context) const {
    if (body < 0)
        body = run.sheet.find_named(name);
    pass(run, context, parameters);
    run.sheet.call(run, context, body);
}

void ForEach::execute(Run& run, Context& context) const {
    NodeList list;
    select->nodes(context, list);
    sort_nodes(list, sorts, context);
    each_node(list, context, [&](Context& inner) { run_body(body, run, inner); });
}

void If::execute(Run& run, Context& context) const {
    if (test->boolean(context))
        run_body(body, run, context);
}

void Choose::execute(Run& run, Context& context) const {
    for (const auto& [test, branch] : branches)
        if (test->boolean(context))
            return run_body(branch, run, context);
    run_body(otherwise, run, context);
}

void SetVariable::execute(Run& run, Context& context) const {
    Value value;
    if (is_parameter && run.variables[context.frame + slot].is_set)
        return;
    if (select)
        value = select->value(context);
    else
        value.text = body_text(body, run, context);
    run.variables[context.frame + slot] = std::move(value);
}

void Copy::execute(Run& run, Context& context) const {
    bool wants_end = context.node->shallow(*run.out);
    if (!wants_end && context.node->kind != NodeKind::Document)
        return;
    run_body(body, run, context);
    if (wants_end)
        context.node->end_shallow(*run.out);
}

void CopyOf::execute(Run& run, Context& context) const {
    if (select->kind() != Kind::Nodes) {
        run.out->characters(select->text(context));
        return;
    }
    NodeList list;
    select->nodes(context, list);
    for (const Node* node : list)
        node->replay(*run.out);
}

void MakeElement::execute(Run& run, Context& context) const {
    const Name* made = runtime_name(*names, name->text(context), uri);
    run.out->start_element(*made, {});
    run_body(body, run, context);
    run.out->end_element(*made);
}

void MakeAttribute::execute(Run& run, Context& context) const {
    const Name* made = runtime_name(*names, name->text(context), "");
    run.out->attribute(*made, body_text(body, run, context));
}

void MakeComment::execute(Run& run, Context& context) const {
    run.out->comment(body_text(body, run, context));
}

void MakeInstruction::execute(Run& run, Context& context) const {
    const Name* target = names->intern("", name->text(context), "");
    run.out->instruction(*target, body_text(body, run, context));
}

void Number::execute(Run& run, Context& context) const {
    std::vector<int> values;
    if (value) {
        values.push_back(static_cast<int>(round_number(value->number(context))));
    } else if (level == Level::Any) {
        values.push_back(place_in_document(context.node));
    } else {
        const Node* node = context.node;
        values.push_back(place_among_siblings(node));
        if (level == Level::Multiple)
            for (node = node->parent; node && node->kind == NodeKind::Element; node = node->parent)
                if (same_kind(node, context.node))
                    values.insert(values.begin(), place_among_siblings(node));
    }
    string out;
    append_counters(out, values, format);
    run.out->characters(out);
}

void Message::execute(Run& run, Context& context) const {
    run.messages = hash_text(body_text(body, run, context), run.messages + 1);
}

}  // namespace xalan
