// SPDX-License-Identifier: BSD-3-Clause
// xalan_like (after SPEC CPU2006 483.xalancbmk): the document tree, interned names and the handler interface.
#pragma once
#include <cstdint>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace xalan {

using std::string;
using std::string_view;

// Malformed markup, a bad expression or a bad stylesheet.
struct SyntaxError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Everything of one document lives here and goes away at once.
class Arena {
public:
    void* allocate(size_t bytes);
    string_view keep(string_view text);
    void clear() { chunk_ = 0; used_ = 0; }
    template <class T, class... Arguments> T* make(Arguments&&... arguments) {
        return new (allocate(sizeof(T))) T(std::forward<Arguments>(arguments)...);
    }

private:
    static constexpr size_t kChunkBytes = 64 * 1024;
    std::vector<std::unique_ptr<char[]>> chunks_;
    size_t chunk_ = 0, used_ = 0;
};

// A qualified name; two names mean the same thing when their `expanded` numbers agree.
struct Name {
    string prefix, local, uri, qualified;
    int uri_id = 0, local_id = 0, expanded = 0;
    uint32_t hash = 0;
};

// Each distinct (prefix, local, uri) exists once. Open addressing, so the order never depends on addresses.
class NamePool {
public:
    NamePool();
    const Name* intern(string_view prefix, string_view local, string_view uri);
    int text_id(string_view text);
    int expanded_id(int uri_id, int local_id);

private:
    void grow();
    std::vector<std::unique_ptr<Name>> names_;
    std::vector<int> slots_;
    std::vector<string> texts_;
    std::vector<int> text_slots_;
    std::vector<uint64_t> pairs_;
};

enum class NodeKind : uint8_t { Document, Element, Attribute, Text, Comment, Instruction };

class Element;
class Handler;
struct Document;

class Node {
public:
    explicit Node(NodeKind node_kind) : kind(node_kind) {}
    // Appends the XPath string value.
    virtual void text(string& out) const = 0;
    // Replays this node, with everything below it, into a handler.
    virtual void replay(Handler& out) const = 0;
    // Copies the node itself; true when end_shallow is wanted after the content.
    virtual bool shallow(Handler& out) const = 0;
    virtual void end_shallow(Handler&) const {}
    virtual string_view local_name() const { return {}; }
    string text() const { string out; text(out); return out; }

    NodeKind kind;
    uint32_t order = 0;               // position in document order
    const Name* name = nullptr;       // elements, attributes and processing instructions
    Node* parent = nullptr;
    Node* first_child = nullptr;
    Node* last_child = nullptr;
    Node* next = nullptr;
    Node* previous = nullptr;
    Node* first_attribute = nullptr;
    Document* document = nullptr;
};

class ParentNode : public Node {
public:
    using Node::Node;
    void text(string& out) const override;
    void append(Node* child);
};

class Element final : public ParentNode {
public:
    Element() : ParentNode(NodeKind::Element) {}
    void replay(Handler& out) const override;
    bool shallow(Handler& out) const override;
    void end_shallow(Handler& out) const override;
    string_view local_name() const override { return name->local; }
    const Node* attribute(int expanded) const;
};

class DocumentNode final : public ParentNode {
public:
    DocumentNode() : ParentNode(NodeKind::Document) {}
    void replay(Handler& out) const override;
    bool shallow(Handler&) const override { return false; }
};

class ValueNode : public Node {
public:
    ValueNode(NodeKind node_kind, string_view data) : Node(node_kind), value(data) {}
    void text(string& out) const override { out += value; }
    bool shallow(Handler& out) const override { replay(out); return false; }
    string_view value;
};

struct Attribute final : ValueNode {
    explicit Attribute(string_view data) : ValueNode(NodeKind::Attribute, data) {}
    void replay(Handler& out) const override;
    string_view local_name() const override { return name->local; }
};
struct Text final : ValueNode {
    explicit Text(string_view data) : ValueNode(NodeKind::Text, data) {}
    void replay(Handler& out) const override;
};
struct Comment final : ValueNode {
    explicit Comment(string_view data) : ValueNode(NodeKind::Comment, data) {}
    void replay(Handler& out) const override;
};
struct Instruction final : ValueNode {
    explicit Instruction(string_view data) : ValueNode(NodeKind::Instruction, data) {}
    void replay(Handler& out) const override;
    string_view local_name() const override { return name->local; }
};

struct AttributeEvent {
    const Name* name;
    string value;
};

// What parser, template engine, filters and serializers speak.
class Handler {
public:
    virtual ~Handler() = default;
    virtual void start_document() {}
    virtual void end_document() {}
    virtual void start_element(const Name& name, const std::vector<AttributeEvent>& attributes) = 0;
    virtual void end_element(const Name& name) = 0;
    virtual void characters(string_view text) = 0;
    virtual void comment(string_view text) = 0;
    virtual void instruction(const Name& target, string_view data) = 0;
    virtual void attribute(const Name&, string_view) {}   // after start_element, before any content
};

// Passes everything on; subclasses change one thing.
class Filter : public Handler {
public:
    explicit Filter(Handler& next) : next_(next) {}
    void start_document() override { next_.start_document(); }
    void end_document() override { next_.end_document(); }
    void start_element(const Name& name, const std::vector<AttributeEvent>& list) override {
        next_.start_element(name, list);
    }
    void end_element(const Name& name) override { next_.end_element(name); }
    void characters(string_view text) override { next_.characters(text); }
    void comment(string_view text) override { next_.comment(text); }
    void instruction(const Name& target, string_view data) override { next_.instruction(target, data); }
    void attribute(const Name& name, string_view value) override { next_.attribute(name, value); }

protected:
    Handler& next_;
};

struct Document {
    Arena arena;
    DocumentNode* root = nullptr;
    uint32_t nodes = 0;
    std::vector<std::pair<string_view, const Element*>> ids;   // sorted by id after building
    const Element* by_id(string_view id) const;
    void clear();
};

class DomBuilder final : public Handler {
public:
    DomBuilder(Document& document, int id_attribute) : document_(document), id_attribute_(id_attribute) {}
    void start_document() override;
    void end_document() override;
    void start_element(const Name& name, const std::vector<AttributeEvent>& attributes) override;
    void end_element(const Name& name) override;
    void characters(string_view text) override;
    void comment(string_view text) override;
    void instruction(const Name& target, string_view data) override;

private:
    void flush();
    void add(Node* node, const Name* name);
    Document& document_;
    int id_attribute_;
    ParentNode* current_ = nullptr;
    string pending_;
};

// Joins adjacent text and drops white space between elements, as xsl:strip-space does.
class SpaceStripper final : public Filter {
public:
    using Filter::Filter;
    void start_element(const Name& name, const std::vector<AttributeEvent>& attributes) override;
    void end_element(const Name& name) override;
    void characters(string_view text) override { pending_ += text; }
    void comment(string_view text) override;
    void instruction(const Name& target, string_view data) override;
    int dropped() const { return dropped_; }

private:
    void flush();
    string pending_;
    int dropped_ = 0;
    bool keep_ = false;   // inside xsl:text white space matters
};

void append_utf8(string& out, uint32_t code);
uint32_t next_utf8(string_view text, size_t& at);
inline bool is_space(uint32_t c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool all_space(string_view text);
uint32_t hash_text(string_view text, uint32_t seed = 2166136261u);

}  // namespace xalan
