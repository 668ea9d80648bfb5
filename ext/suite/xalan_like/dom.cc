// SPDX-License-Identifier: BSD-3-Clause
// The document tree: arena, name pool, node behaviour, tree builder and white-space filter.
#include "dom.hh"

#include <algorithm>
#include <cstring>

namespace xalan {

void* Arena::allocate(size_t bytes) {
    bytes = (bytes + 15) & ~size_t{15};
    if (chunk_ < chunks_.size() && used_ + bytes > kChunkBytes) {
        ++chunk_;
        used_ = 0;
    }
    if (chunk_ == chunks_.size())
        chunks_.emplace_back(new char[kChunkBytes]);
    void* result = chunks_[chunk_].get() + used_;
    used_ += bytes;
    return result;
}

string_view Arena::keep(string_view text) {
    if (text.size() > kChunkBytes / 2)
        throw SyntaxError("one piece of text is longer than half an arena chunk");
    char* copy = static_cast<char*>(allocate(text.size()));
    if (!text.empty())
        std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
}

uint32_t hash_text(string_view text, uint32_t seed) {
    for (char c : text)
        seed = (seed ^ static_cast<uint8_t>(c)) * 16777619u;
    return seed;
}

NamePool::NamePool() : slots_(256, -1), text_slots_(1024, -1) { text_id(""); }

int NamePool::text_id(string_view text) {
    size_t mask = text_slots_.size() - 1, slot = hash_text(text) & mask;
    for (; text_slots_[slot] >= 0; slot = (slot + 1) & mask)
        if (texts_[text_slots_[slot]] == text)
            return text_slots_[slot];
    if (texts_.size() + 1 >= text_slots_.size())
        throw SyntaxError("too many distinct names");
    texts_.emplace_back(text);
    return text_slots_[slot] = static_cast<int>(texts_.size()) - 1;
}

int NamePool::expanded_id(int uri_id, int local_id) {
    uint64_t pair = (static_cast<uint64_t>(uri_id) << 32) | static_cast<uint32_t>(local_id);
    auto found = std::find(pairs_.begin(), pairs_.end(), pair);
    if (found == pairs_.end())
        found = pairs_.insert(found, pair);
    return static_cast<int>(found - pairs_.begin());
}

const Name* NamePool::intern(string_view prefix, string_view local, string_view uri) {
    uint32_t hash = hash_text(uri, hash_text(prefix, hash_text(local)));
    size_t mask = slots_.size() - 1, slot = hash & mask;
    for (; slots_[slot] >= 0; slot = (slot + 1) & mask) {
        const Name& name = *names_[slots_[slot]];
        if (name.hash == hash && name.local == local && name.uri == uri && name.prefix == prefix)
            return &name;
    }
    auto name = std::make_unique<Name>();
    name->prefix = prefix;
    name->local = local;
    name->uri = uri;
    name->qualified = prefix.empty() ? string(local) : name->prefix + ":" + name->local;
    name->uri_id = text_id(uri);
    name->local_id = text_id(local);
    name->expanded = expanded_id(name->uri_id, name->local_id);
    name->hash = hash;
    names_.push_back(std::move(name));
    const Name* result = names_.back().get();
    slots_[slot] = static_cast<int>(names_.size()) - 1;
    if (names_.size() * 2 > slots_.size())
        grow();
    return result;
}

void NamePool::grow() {
    slots_.assign(slots_.size() * 2, -1);
    for (size_t i = 0; i < names_.size(); ++i) {
        size_t slot = names_[i]->hash & (slots_.size() - 1);
        while (slots_[slot] >= 0)
            slot = (slot + 1) & (slots_.size() - 1);
        slots_[slot] = static_cast<int>(i);
    }
}

void ParentNode::text(string& out) const {
    for (const Node* child = first_child; child; child = child->next)
        if (child->kind == NodeKind::Text || child->kind == NodeKind::Element)
            child->text(out);
}

void ParentNode::append(Node* child) {
    child->parent = this;
    child->previous = last_child;
    (last_child ? last_child->next : first_child) = child;
    last_child = child;
}

bool Element::shallow(Handler& out) const {
    out.start_element(*name, {});
    return true;
}

void Element::end_shallow(Handler& out) const { out.end_element(*name); }

void Element::replay(Handler& out) const {
    std::vector<AttributeEvent> list;
    for (const Node* node = first_attribute; node; node = node->next)
        list.push_back({node->name, string(static_cast<const ValueNode*>(node)->value)});
    out.start_element(*name, list);
    for (const Node* child = first_child; child; child = child->next)
        child->replay(out);
    out.end_element(*name);
}

const Node* Element::attribute(int expanded) const {
    for (const Node* node = first_attribute; node; node = node->next)
        if (node->name->expanded == expanded)
            return node;
    return nullptr;
}

void DocumentNode::replay(Handler& out) const {
    for (const Node* child = first_child; child; child = child->next)
        child->replay(out);
}

void Attribute::replay(Handler& out) const { out.attribute(*name, value); }
void Text::replay(Handler& out) const { out.characters(value); }
void Comment::replay(Handler& out) const { out.comment(value); }
void Instruction::replay(Handler& out) const { out.instruction(*name, value); }

const Element* Document::by_id(string_view id) const {
    auto found = std::lower_bound(ids.begin(), ids.end(), id,
                                  [](const auto& entry, string_view wanted) { return entry.first < wanted; });
    return found != ids.end() && found->first == id ? found->second : nullptr;
}

void Document::clear() {
    arena.clear();
    ids.clear();
    root = nullptr;
    nodes = 0;
}

void DomBuilder::start_document() {
    document_.root = document_.arena.make<DocumentNode>();
    document_.root->document = &document_;
    document_.root->order = document_.nodes++;
    current_ = document_.root;
}

void DomBuilder::end_document() {
    flush();
    std::stable_sort(document_.ids.begin(), document_.ids.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
}

void DomBuilder::add(Node* node, const Name* name) {
    node->document = &document_;
    node->name = name;
    node->order = document_.nodes++;
    current_->append(node);
}

void DomBuilder::flush() {
    if (pending_.empty())
        return;
    add(document_.arena.make<Text>(document_.arena.keep(pending_)), nullptr);
    pending_.clear();
}

void DomBuilder::start_element(const Name& name, const std::vector<AttributeEvent>& attributes) {
    flush();
    auto* element = document_.arena.make<Element>();
    add(element, &name);
    Node* last = nullptr;
    for (const AttributeEvent& event : attributes) {
        auto* node = document_.arena.make<Attribute>(document_.arena.keep(event.value));
        node->document = &document_;
        node->name = event.name;
        node->order = document_.nodes++;
        node->parent = element;
        node->previous = last;
        (last ? last->next : element->first_attribute) = node;
        last = node;
        if (event.name->expanded == id_attribute_)
            document_.ids.emplace_back(node->value, element);
    }
    current_ = element;
}

void DomBuilder::end_element(const Name&) {
    flush();
    current_ = static_cast<ParentNode*>(current_->parent);
}

void DomBuilder::characters(string_view text) { pending_ += text; }

void DomBuilder::comment(string_view text) {
    flush();
    add(document_.arena.make<Comment>(document_.arena.keep(text)), nullptr);
}

void DomBuilder::instruction(const Name& target, string_view data) {
    flush();
    add(document_.arena.make<Instruction>(document_.arena.keep(data)), &target);
}

void SpaceStripper::flush() {
    if (pending_.empty())
        return;
    if (!keep_ && all_space(pending_))
        ++dropped_;
    else
        next_.characters(pending_);
    pending_.clear();
}

void SpaceStripper::start_element(const Name& name, const std::vector<AttributeEvent>& attributes) {
    flush();
    keep_ = name.qualified == "xsl:text";
    next_.start_element(name, attributes);
}

void SpaceStripper::end_element(const Name& name) {
    flush();
    keep_ = false;
    next_.end_element(name);
}

void SpaceStripper::comment(string_view text) {
    flush();
    next_.comment(text);
}

void SpaceStripper::instruction(const Name& target, string_view data) {
    flush();
    next_.instruction(target, data);
}

bool all_space(string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return is_space(static_cast<uint8_t>(c)); });
}

void append_utf8(string& out, uint32_t code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0 | (code >> 6));
        out += static_cast<char>(0x80 | (code & 63));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xe0 | (code >> 12));
        out += static_cast<char>(0x80 | ((code >> 6) & 63));
        out += static_cast<char>(0x80 | (code & 63));
    } else {
        out += static_cast<char>(0xf0 | (code >> 18));
        out += static_cast<char>(0x80 | ((code >> 12) & 63));
        out += static_cast<char>(0x80 | ((code >> 6) & 63));
        out += static_cast<char>(0x80 | (code & 63));
    }
}

uint32_t next_utf8(string_view text, size_t& at) {
    uint32_t lead = static_cast<uint8_t>(text[at++]);
    if (lead < 0x80)
        return lead;
    int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    uint32_t code = lead & (0x3f >> more);
    for (; more > 0; --more) {
        if (at >= text.size() || (static_cast<uint8_t>(text[at]) & 0xc0) != 0x80)
            throw SyntaxError("broken UTF-8 sequence");
        code = (code << 6) | (static_cast<uint8_t>(text[at++]) & 0x3f);
    }
    return code;
}

}  // namespace xalan
