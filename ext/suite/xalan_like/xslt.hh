// SPDX-License-Identifier: BSD-3-Clause
// XSLT: a stylesheet document is compiled to actions; running them turns a source tree into handler events.
#pragma once
#include "parser.hh"
#include "serialize.hh"
#include "xpath.hh"

namespace xalan {

class Stylesheet;

// One transformation in progress.
struct Run {
    const Stylesheet& sheet;
    Handler* out;
    std::vector<Value> variables;
    std::vector<std::pair<int, Value>> passed;   // parameters on their way into the next template
    int depth = 0;
    uint32_t messages = 0;
};

class Action {
public:
    virtual ~Action() = default;
    virtual void execute(Run& run, Context& context) const = 0;
};
using ActionPtr = std::unique_ptr<Action>;
using Body = std::vector<ActionPtr>;

struct Rule {
    Pattern::Alternative pattern;
    double priority = 0;
    int order = 0, mode = 0;
    int body = 0;
};

struct TemplateBody {
    Body actions;
    std::vector<int> parameters;   // name ids, slot i belongs to parameters[i]
    int slots = 0;
    string name;
};

struct KeyDefinition {
    string name;
    Pattern match;
    ExpressionPtr use;
};

class Stylesheet {
public:
    Stylesheet(string_view text, NamePool& names);
    ~Stylesheet();
    // Runs the whole sheet and returns the number of messages it sent.
    uint32_t transform(Document& source, Handler& out) const;

    void apply(Run& run, Context& context, const Node* node, int mode) const;
    void call(Run& run, Context& context, int body) const;
    int find_named(const string& name) const;

    Method method = Method::Xml;
    Encoding encoding = Encoding::Utf8;
    bool indent = false;

private:
    friend class SheetCompiler;
    std::vector<TemplateBody> bodies_;
    std::vector<Rule> rules_;      // best first
    std::vector<KeyDefinition> keys_;
    Document source_;              // the stylesheet's own tree: literal names live in it
};

void run_body(const Body& body, Run& run, Context& context);

}  // namespace xalan
