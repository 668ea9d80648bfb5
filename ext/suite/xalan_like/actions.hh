// SPDX-License-Identifier: BSD-3-Clause
// The XSLT instructions as executable objects.
#pragma once
#include "xslt.hh"

namespace xalan {

struct SortKey {
    ExpressionPtr select;
    bool numeric = false, descending = false, upper_first = false;
};

struct PassedParameter {
    int name;
    ExpressionPtr select;
};

void sort_nodes(NodeList& list, const std::vector<SortKey>& keys, const Context& context);

struct LiteralElement final : Action {
    const Name* name;
    std::vector<std::pair<const Name*, ExpressionPtr>> attributes;
    Body body;
    void execute(Run& run, Context& context) const override;
};
struct LiteralText final : Action {
    string text;
    void execute(Run& run, Context& context) const override;
};
struct ValueOf final : Action {
    ExpressionPtr select;
    void execute(Run& run, Context& context) const override;
};
struct ApplyTemplates final : Action {
    ExpressionPtr select;      // null: the children
    int mode = 0;
    std::vector<SortKey> sorts;
    std::vector<PassedParameter> parameters;
    void execute(Run& run, Context& context) const override;
};
struct CallTemplate final : Action {
    string name;
    mutable int body = -1;     // found at the first call: templates may be called before they are defined
    std::vector<PassedParameter> parameters;
    void execute(Run& run, Context& context) const override;
};
struct ForEach final : Action {
    ExpressionPtr select;
    std::vector<SortKey> sorts;
    Body body;
    void execute(Run& run, Context& context) const override;
};
struct If final : Action {
    ExpressionPtr test;
    Body body;
    void execute(Run& run, Context& context) const override;
};
struct Choose final : Action {
    std::vector<std::pair<ExpressionPtr, Body>> branches;
    Body otherwise;
    void execute(Run& run, Context& context) const override;
};
struct SetVariable final : Action {
    int slot = 0;
    bool is_parameter = false;
    ExpressionPtr select;      // null: the text the body produces
    Body body;
    void execute(Run& run, Context& context) const override;
};
struct Copy final : Action {
    Body body;
    void execute(Run& run, Context& context) const override;
};
struct CopyOf final : Action {
    ExpressionPtr select;
    void execute(Run& run, Context& context) const override;
};
// Names made at run time are interned into the pool of the stylesheet.
struct MakeElement final : Action {
    NamePool* names;
    ExpressionPtr name;
    string uri;
    Body body;
    void execute(Run& run, Context& context) const override;
};
struct MakeAttribute final : Action {
    NamePool* names;
    ExpressionPtr name;
    Body body;
    void execute(Run& run, Context& context) const override;
};
struct MakeComment final : Action {
    Body body;
    void execute(Run& run, Context& context) const override;
};
struct MakeInstruction final : Action {
    NamePool* names;
    ExpressionPtr name;
    Body body;
    void execute(Run& run, Context& context) const override;
};
struct Number final : Action {
    enum class Level { Single, Multiple, Any } level = Level::Single;
    ExpressionPtr value;       // null: count nodes
    string format = "1";
    void execute(Run& run, Context& context) const override;
};
struct Message final : Action {
    Body body;
    void execute(Run& run, Context& context) const override;
};

}  // namespace xalan
