// SPDX-License-Identifier: BSD-3-Clause
// Stylesheet compiler and the template engine: rule choice, parameters, keys and the built-in rules.
#include "xslt.hh"

#include <algorithm>

#include "actions.hh"

namespace xalan {

class SheetCompiler {
public:
    SheetCompiler(Stylesheet& sheet, NamePool& names)
        : sheet_(sheet), names_(names),
          scope_{names, {{"c", "urn:catalog"}, {"m", "urn:meta"}, {"xlink", "urn:link"},
                         {"xml", "http://www.w3.org/XML/1998/namespace"}}, {}} {}

    void compile(const Node* root) {
        for (const Node* node = root->first_child; node; node = node->next) {
            string_view name = node->local_name();
            if (name == "template")
                top_template(node);
            else if (name == "output")
                output(node);
            else if (name == "key")
                sheet_.keys_.push_back({text(node, "name"), compile_pattern(text(node, "match"), scope_),
                                        compile_expression(text(node, "use"), scope_)});
            else
                throw SyntaxError("xsl:" + string(name) + " is not known at top level");
        }
        std::stable_sort(sheet_.rules_.begin(), sheet_.rules_.end(), [](const Rule& a, const Rule& b) {
            return a.priority != b.priority ? a.priority > b.priority : a.order > b.order;
        });
    }

private:
    static const ValueNode* find(const Node* node, string_view name) {
        for (const Node* at = node->first_attribute; at; at = at->next)
            if (at->name->prefix.empty() && at->name->local == name)
                return static_cast<const ValueNode*>(at);
        return nullptr;
    }
    static string text(const Node* node, string_view name, string_view otherwise = {}) {
        const ValueNode* found = find(node, name);
        return string(found ? found->value : otherwise);
    }
    ExpressionPtr expression(const Node* node, string_view name) {
        const ValueNode* found = find(node, name);
        return found ? compile_expression(found->value, scope_) : nullptr;
    }
    static bool is_xsl(const Node* node) {
        return node->kind == NodeKind::Element && node->name->prefix == "xsl";
    }

    // "a{b}c" becomes concat('a', b, 'c').
    ExpressionPtr value_template(string_view value) {
        std::vector<ExpressionPtr> parts;
        for (size_t at = 0; at < value.size();) {
            size_t open = std::min(value.find('{', at), value.size());
            if (open > at)
                parts.push_back(make_text(string(value.substr(at, open - at))));
            if (open == value.size())
                break;
            size_t close = value.find('}', open);
            if (close == string_view::npos)
                throw SyntaxError("'{' without '}' in an attribute");
            parts.push_back(compile_expression(value.substr(open + 1, close - open - 1), scope_));
            at = close + 1;
        }
        if (parts.size() == 1)
            return std::move(parts[0]);
        if (parts.empty())
            return make_text("");
        return make_function("concat", std::move(parts));
    }

    void output(const Node* node) {
        string method = text(node, "method", "xml"), encoding = text(node, "encoding", "UTF-8");
        sheet_.method = method == "html" ? Method::Html : method == "text" ? Method::Text : Method::Xml;
        sheet_.encoding = encoding == "ISO-8859-1" ? Encoding::Latin1
                          : encoding == "US-ASCII" ? Encoding::Ascii : Encoding::Utf8;
        sheet_.indent = text(node, "indent") == "yes";
    }

    void top_template(const Node* node) {
        scope_.variables.clear();
        slots_ = 0;
        TemplateBody made;
        made.name = text(node, "name");
        parameters_ = &made.parameters;
        made.actions = body(node);
        made.slots = slots_;
        sheet_.bodies_.push_back(std::move(made));
        int index = static_cast<int>(sheet_.bodies_.size()) - 1;
        if (!find(node, "match"))
            return;
        scope_.variables.clear();
        Pattern pattern = compile_pattern(text(node, "match"), scope_);
        for (Pattern::Alternative& alternative : pattern.alternatives) {
            Rule rule;
            rule.priority =
                find(node, "priority") ? text_to_number(text(node, "priority")) : alternative.priority;
            rule.order = static_cast<int>(sheet_.rules_.size());
            rule.mode = names_.text_id(text(node, "mode"));
            rule.body = index;
            rule.pattern = std::move(alternative);
            sheet_.rules_.push_back(std::move(rule));
        }
    }

    Body body(const Node* parent) {
        Body result;
        for (const Node* node = parent->first_child; node; node = node->next) {
            if (node->kind == NodeKind::Text)
                result.push_back(literal(static_cast<const ValueNode*>(node)->value));
            else if (is_xsl(node))
                add_instruction(node, result);
            else if (node->kind == NodeKind::Element)
                result.push_back(literal_element(node));
        }
        return result;
    }
    ActionPtr literal(string_view value) {
        auto action = std::make_unique<LiteralText>();
        action->text = value;
        return action;
    }
    ActionPtr literal_element(const Node* node) {
        auto action = std::make_unique<LiteralElement>();
        action->name = node->name;
        for (const Node* at = node->first_attribute; at; at = at->next)
            action->attributes.emplace_back(at->name,
                                            value_template(static_cast<const ValueNode*>(at)->value));
        action->body = body(node);
        return action;
    }

    template <class Type> std::unique_ptr<Type> with_body(const Node* node) {
        auto action = std::make_unique<Type>();
        action->body = body(node);
        return action;
    }
    template <class Type> std::unique_ptr<Type> named(const Node* node) {
        auto action = std::make_unique<Type>();
        action->names = &names_;
        action->name = value_template(text(node, "name"));
        action->body = body(node);
        return action;
    }
    std::vector<SortKey> sorts(const Node* node) {
        std::vector<SortKey> keys;
        for (const Node* child = node->first_child; child; child = child->next)
            if (is_xsl(child) && child->local_name() == "sort") {
                SortKey key;
                key.select = compile_expression(text(child, "select", "."), scope_);
                key.numeric = text(child, "data-type") == "number";
                key.descending = text(child, "order") == "descending";
                key.upper_first = text(child, "case-order") == "upper-first";
                keys.push_back(std::move(key));
            }
        return keys;
    }
    std::vector<PassedParameter> parameters(const Node* node) {
        std::vector<PassedParameter> result;
        for (const Node* child = node->first_child; child; child = child->next)
            if (is_xsl(child) && child->local_name() == "with-param")
                result.push_back({names_.text_id(text(child, "name")), expression(child, "select")});
        return result;
    }

    void add_instruction(const Node* node, Body& out) {
        string_view name = node->local_name();
        if (name == "sort" || name == "with-param")
            return;   // their owners read them
        if (name == "value-of") {
            auto action = std::make_unique<ValueOf>();
            action->select = expression(node, "select");
            out.push_back(std::move(action));
        } else if (name == "text") {
            out.push_back(
                literal(node->first_child ? static_cast<const ValueNode*>(node->first_child)->value : ""));
        } else if (name == "apply-templates") {
            auto action = std::make_unique<ApplyTemplates>();
            action->select = expression(node, "select");
            action->mode = names_.text_id(text(node, "mode"));
            action->sorts = sorts(node);
            action->parameters = parameters(node);
            out.push_back(std::move(action));
        } else if (name == "call-template") {
            auto action = std::make_unique<CallTemplate>();
            action->name = text(node, "name");
            action->parameters = parameters(node);
            out.push_back(std::move(action));
        } else if (name == "for-each") {
            auto action = std::make_unique<ForEach>();
            action->select = expression(node, "select");
            action->sorts = sorts(node);
            action->body = body(node);
            out.push_back(std::move(action));
        } else if (name == "if") {
            auto action = std::make_unique<If>();
            action->test = expression(node, "test");
            action->body = body(node);
            out.push_back(std::move(action));
        } else if (name == "choose") {
            out.push_back(choose(node));
        } else if (name == "variable" || name == "param") {
            out.push_back(variable(node, name == "param"));
        } else {
            out.push_back(constructor(node, name));
        }
    }
    ActionPtr choose(const Node* node) {
        auto action = std::make_unique<Choose>();
        for (const Node* child = node->first_child; child; child = child->next) {
            if (child->local_name() == "when")
                action->branches.emplace_back(expression(child, "test"), body(child));
            else
                action->otherwise = body(child);
        }
        return action;
    }
    ActionPtr variable(const Node* node, bool is_parameter) {
        auto action = std::make_unique<SetVariable>();
        action->is_parameter = is_parameter;
        action->select = expression(node, "select");
        if (!action->select)
            action->body = body(node);
        string name = text(node, "name");
        action->slot = slots_++;
        scope_.variables[name] = action->slot;
        parameters_->resize(slots_, -1);
        if (is_parameter)
            (*parameters_)[action->slot] = names_.text_id(name);
        return action;
    }
    // Instructions that make nodes.
    ActionPtr constructor(const Node* node, string_view name) {
        if (name == "copy")
            return with_body<Copy>(node);
        if (name == "copy-of") {
            auto action = std::make_unique<CopyOf>();
            action->select = expression(node, "select");
            return action;
        }
        if (name == "element") {
            auto action = named<MakeElement>(node);
            action->uri = text(node, "namespace");
            return action;
        }
        if (name == "attribute")
            return named<MakeAttribute>(node);
        if (name == "processing-instruction")
            return named<MakeInstruction>(node);
        if (name == "comment")
            return with_body<MakeComment>(node);
        if (name == "message")
            return with_body<Message>(node);
        if (name != "number")
            throw SyntaxError("xsl:" + string(name) + " is not known");
        auto action = std::make_unique<Number>();
        string level = text(node, "level", "single");
        action->level = level == "any" ? Number::Level::Any
                        : level == "multiple" ? Number::Level::Multiple : Number::Level::Single;
        action->value = expression(node, "value");
        action->format = text(node, "format", "1");
        return action;
    }

    Stylesheet& sheet_;
    NamePool& names_;
    Scope scope_;
    int slots_ = 0;
    std::vector<int>* parameters_ = nullptr;
};

namespace {

// One key's table: values sorted once per document, then found by halving.
class KeyTables final : public KeySource {
public:
    struct Table {
        string name;
        std::vector<std::pair<string, const Node*>> entries;
    };
    const NodeList& find(string_view key, string_view value) override {
        found_.clear();
        for (const Table& table : tables)
            if (table.name == key) {
                auto at = std::lower_bound(
                    table.entries.begin(), table.entries.end(), value,
                    [](const auto& entry, string_view wanted) { return entry.first < wanted; });
                for (; at != table.entries.end() && at->first == value; ++at)
                    found_.push_back(at->second);
                return found_;
            }
        throw SyntaxError("there is no key " + string(key));
    }
    std::vector<Table> tables;

private:
    NodeList found_;
};

bool matches_any(const Pattern& pattern, Context& context, const Node* node) {
    for (const Pattern::Alternative& alternative : pattern.alternatives)
        if (alternative.matches(context, node, alternative.steps.size() - 1))
            return true;
    return false;
}

void index_tree(KeyTables::Table& table, const KeyDefinition& key, Context& context, const Node* node) {
    if (matches_any(key.match, context, node)) {
        Context inner = context;
        inner.node = inner.current = node;
        table.entries.emplace_back(key.use->text(inner), node);
    }
    for (const Node* child = node->first_child; child; child = child->next)
        index_tree(table, key, context, child);
}

}  // namespace

void run_body(const Body& body, Run& run, Context& context) {
    for (const ActionPtr& action : body)
        action->execute(run, context);
}

Stylesheet::Stylesheet(string_view text, NamePool& names) {
    DomBuilder builder(source_, -1);
    SpaceStripper stripper(builder);
    parse_document(text, names, stripper);
    SheetCompiler(*this, names).compile(source_.root->first_child);
}

Stylesheet::~Stylesheet() = default;

uint32_t Stylesheet::transform(Document& source, Handler& out) const {
    Run run{*this, &out, {}, {}, 0, 0};
    Context context;
    context.node = context.current = source.root;
    context.variables = &run.variables;
    KeyTables keys;
    for (const KeyDefinition& key : keys_) {
        KeyTables::Table table{key.name, {}};
        index_tree(table, key, context, source.root);
        std::stable_sort(table.entries.begin(), table.entries.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        keys.tables.push_back(std::move(table));
    }
    context.keys = &keys;
    out.start_document();
    apply(run, context, source.root, 0);
    out.end_document();
    return run.messages;
}

void Stylesheet::apply(Run& run, Context& context, const Node* node, int mode) const {
    for (const Rule& rule : rules_)
        if (rule.mode == mode && rule.pattern.matches(context, node, rule.pattern.steps.size() - 1))
            return call(run, context, rule.body);
    // Built-in rules: go down, and copy text. They hand no parameters on.
    run.passed.clear();
    if (node->kind == NodeKind::Text || node->kind == NodeKind::Attribute) {
        run.out->characters(static_cast<const ValueNode*>(node)->value);
        return;
    }
    Context inner = context;
    inner.size = 0;
    for (const Node* child = node->first_child; child; child = child->next)
        ++inner.size;
    inner.position = 0;
    for (const Node* child = node->first_child; child; child = child->next) {
        inner.node = inner.current = child;
        ++inner.position;
        apply(run, inner, child, mode);
    }
}

void Stylesheet::call(Run& run, Context& outer, int body) const {
    const TemplateBody& made = bodies_[body];
    if (++run.depth > 500)
        throw SyntaxError("templates call each other without end");
    Context context = outer;
    context.frame = run.variables.size();
    context.current = context.node;
    run.variables.resize(context.frame + made.slots);
    for (auto& [name, value] : run.passed)
        for (size_t slot = 0; slot < made.parameters.size(); ++slot)
            if (made.parameters[slot] == name) {
                run.variables[context.frame + slot] = std::move(value);
                run.variables[context.frame + slot].is_set = true;
            }
    run.passed.clear();
    run_body(made.actions, run, context);
    run.variables.resize(context.frame);
    --run.depth;
}

int Stylesheet::find_named(const string& name) const {
    for (size_t i = 0; i < bodies_.size(); ++i)
        if (bodies_[i].name == name)
            return static_cast<int>(i);
    throw SyntaxError("there is no template " + name);
}

}  // namespace xalan
