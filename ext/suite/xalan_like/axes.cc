// SPDX-License-Identifier: BSD-3-Clause
// Location steps: every axis walker combined with every node test, and the paths and filters made of them.
#include <algorithm>

#include "xpath.hh"

namespace xalan {
namespace {

const Node* next_outside(const Node* node, const Node* limit) {
    for (; node && node != limit; node = node->parent)
        if (node->kind != NodeKind::Attribute && node->next)
            return node->next;
    return nullptr;
}

bool is_attribute(const Node* node) { return node->kind == NodeKind::Attribute; }

struct SelfAxis {
    static constexpr bool kReverse = false;
    static const Node* first(const Node* origin) { return origin; }
    static const Node* next(const Node*, const Node*) { return nullptr; }
};
struct ChildAxis {
    static constexpr bool kReverse = false;
    static const Node* first(const Node* origin) { return origin->first_child; }
    static const Node* next(const Node*, const Node* node) { return node->next; }
};
struct ParentAxis {
    static constexpr bool kReverse = true;
    static const Node* first(const Node* origin) { return origin->parent; }
    static const Node* next(const Node*, const Node*) { return nullptr; }
};
struct DescendantAxis {
    static constexpr bool kReverse = false;
    static const Node* first(const Node* origin) { return origin->first_child; }
    static const Node* next(const Node* origin, const Node* node) {
        return node->first_child ? node->first_child : next_outside(node, origin);
    }
};
struct DescendantOrSelfAxis {
    static constexpr bool kReverse = false;
    static const Node* first(const Node* origin) { return origin; }
    static const Node* next(const Node* origin, const Node* node) {
        return DescendantAxis::next(origin, node);
    }
};
struct AncestorAxis {
    static constexpr bool kReverse = true;
    static const Node* first(const Node* origin) { return origin->parent; }
    static const Node* next(const Node*, const Node* node) { return node->parent; }
};
struct AncestorOrSelfAxis {
    static constexpr bool kReverse = true;
    static const Node* first(const Node* origin) { return origin; }
    static const Node* next(const Node*, const Node* node) { return node->parent; }
};
struct FollowingAxis {
    static constexpr bool kReverse = false;
    static const Node* first(const Node* origin) {
        if (is_attribute(origin))
            return origin->parent->first_child ? origin->parent->first_child
                                               : next_outside(origin->parent, nullptr);
        return next_outside(origin, nullptr);
    }
    static const Node* next(const Node*, const Node* node) {
        return node->first_child ? node->first_child : next_outside(node, nullptr);
    }
};
struct FollowingSiblingAxis {
    static constexpr bool kReverse = false;
    static const Node* first(const Node* origin) { return is_attribute(origin) ? nullptr : origin->next; }
    static const Node* next(const Node*, const Node* node) { return node->next; }
};
struct PrecedingSiblingAxis {
    static constexpr bool kReverse = true;
    static const Node* first(const Node* origin) { return is_attribute(origin) ? nullptr : origin->previous; }
    static const Node* next(const Node*, const Node* node) { return node->previous; }
};
// Reverse document order without the ancestors.
struct PrecedingAxis {
    static constexpr bool kReverse = true;
    static const Node* deepest(const Node* node) {
        while (node->last_child)
            node = node->last_child;
        return node;
    }
    static const Node* climb(const Node* node) {
        for (; node; node = node->parent)
            if (!is_attribute(node) && node->previous)
                return deepest(node->previous);
        return nullptr;
    }
    static const Node* first(const Node* origin) {
        return climb(is_attribute(origin) ? origin->parent : origin);
    }
    static const Node* next(const Node* origin, const Node* node) {
        if (node->previous)
            return deepest(node->previous);
        // The parent precedes the origin unless it contains it.
        const Node* parent = node->parent;
        for (const Node* up = origin; up; up = up->parent)
            if (up == parent)
                return climb(parent);
        return parent;
    }
};
struct AttributeAxis {
    static constexpr bool kReverse = false;
    static const Node* first(const Node* origin) { return origin->first_attribute; }
    static const Node* next(const Node*, const Node* node) { return node->next; }
};

// The principal node kind of an axis decides what names apply to.
template <class Walk> constexpr NodeKind principal() {
    return std::is_same_v<Walk, AttributeAxis> ? NodeKind::Attribute : NodeKind::Element;
}

template <NodeKind P> struct AnyNodeTest {
    static bool accepts(const Node&, int) { return true; }
};
template <NodeKind P> struct TextTest {
    static bool accepts(const Node& node, int) { return node.kind == NodeKind::Text; }
};
template <NodeKind P> struct CommentTest {
    static bool accepts(const Node& node, int) { return node.kind == NodeKind::Comment; }
};
template <NodeKind P> struct InstructionTest {
    static bool accepts(const Node& node, int id) {
        return node.kind == NodeKind::Instruction && (id < 0 || node.name->local_id == id);
    }
};
template <NodeKind P> struct AnyNameTest {
    static bool accepts(const Node& node, int) { return node.kind == P; }
};
template <NodeKind P> struct NamespaceTest {
    static bool accepts(const Node& node, int id) { return node.kind == P && node.name->uri_id == id; }
};
template <NodeKind P> struct NameTest {
    static bool accepts(const Node& node, int id) { return node.kind == P && node.name->expanded == id; }
};

template <class Walk, template <NodeKind> class TestOf> class WalkStep final : public Step {
    using Test = TestOf<principal<Walk>()>;

public:
    explicit WalkStep(int id) : id_(id) {}
    void collect(const Node* origin, NodeList& out) const override {
        for (const Node* node = Walk::first(origin); node; node = Walk::next(origin, node))
            if (Test::accepts(*node, id_))
                out.push_back(node);
    }
    const Node* nth(const Node* origin, int wanted) const override {
        for (const Node* node = Walk::first(origin); node; node = Walk::next(origin, node))
            if (Test::accepts(*node, id_) && --wanted == 0)
                return node;
        return nullptr;
    }
    int count(const Node* origin) const override {
        int total = 0;
        for (const Node* node = Walk::first(origin); node; node = Walk::next(origin, node))
            total += Test::accepts(*node, id_);
        return total;
    }
    bool accepts(const Node& node) const override { return Test::accepts(node, id_); }
    bool reverse() const override { return Walk::kReverse; }

private:
    int id_;
};

template <class Walk> StepPtr step_on(NodeTest test) {
    switch (test.kind) {
    case TestKind::AnyNode: return std::make_unique<WalkStep<Walk, AnyNodeTest>>(test.id);
    case TestKind::Text: return std::make_unique<WalkStep<Walk, TextTest>>(test.id);
    case TestKind::Comment: return std::make_unique<WalkStep<Walk, CommentTest>>(test.id);
    case TestKind::Instruction: return std::make_unique<WalkStep<Walk, InstructionTest>>(test.id);
    case TestKind::AnyName: return std::make_unique<WalkStep<Walk, AnyNameTest>>(test.id);
    case TestKind::Namespace: return std::make_unique<WalkStep<Walk, NamespaceTest>>(test.id);
    default: return std::make_unique<WalkStep<Walk, NameTest>>(test.id);
    }
}

StepPtr step_for(Axis axis, NodeTest test) {
    switch (axis) {
    case Axis::Self: return step_on<SelfAxis>(test);
    case Axis::Child: return step_on<ChildAxis>(test);
    case Axis::Parent: return step_on<ParentAxis>(test);
    case Axis::Descendant: return step_on<DescendantAxis>(test);
    case Axis::DescendantOrSelf: return step_on<DescendantOrSelfAxis>(test);
    case Axis::Ancestor: return step_on<AncestorAxis>(test);
    case Axis::AncestorOrSelf: return step_on<AncestorOrSelfAxis>(test);
    case Axis::Following: return step_on<FollowingAxis>(test);
    case Axis::FollowingSibling: return step_on<FollowingSiblingAxis>(test);
    case Axis::Preceding: return step_on<PrecedingAxis>(test);
    case Axis::PrecedingSibling: return step_on<PrecedingSiblingAxis>(test);
    default: return step_on<AttributeAxis>(test);
    }
}

const Node* root_of(const Node* node) { return node->document->root; }

void apply_step(Context& context, const Step& step, const Node* origin, NodeList& out) {
    size_t start = out.size(), used = 0;
    if (!step.predicates.empty() && step.predicates[0]->fixed_position() > 0) {
        if (const Node* node = step.nth(origin, step.predicates[0]->fixed_position()))
            out.push_back(node);
        used = 1;
    } else {
        step.collect(origin, out);
    }
    for (; used < step.predicates.size(); ++used)
        filter(context, out, start, *step.predicates[used]);
    if (step.reverse())
        std::reverse(out.begin() + start, out.end());
}

// A single step from the context node, by far the commonest path.
class SingleStep final : public NodesExpression {
public:
    explicit SingleStep(StepPtr step) : step_(std::move(step)) {}
    void nodes(Context& context, NodeList& out) const override {
        apply_step(context, *step_, context.node, out);
    }
    double count(Context& context) const override {
        return step_->predicates.empty() ? step_->count(context.node) : NodesExpression::count(context);
    }
    const Node* first(Context& context) const override {
        if (step_->predicates.empty() && !step_->reverse())
            return step_->nth(context.node, 1);
        return NodesExpression::first(context);
    }

private:
    StepPtr step_;
};

class PathExpression final : public NodesExpression {
public:
    PathExpression(ExpressionPtr base, bool absolute, std::vector<StepPtr> steps)
        : base_(std::move(base)), absolute_(absolute), steps_(std::move(steps)) {}
    void nodes(Context& context, NodeList& out) const override {
        NodeList now, next;
        if (base_)
            base_->nodes(context, now);
        else
            now.push_back(absolute_ ? root_of(context.node) : context.node);
        for (const StepPtr& step : steps_) {
            next.clear();
            for (const Node* origin : now)
                apply_step(context, *step, origin, next);
            if (now.size() > 1)
                sort_unique(next);
            now.swap(next);
        }
        out.insert(out.end(), now.begin(), now.end());
    }

private:
    ExpressionPtr base_;
    bool absolute_;
    std::vector<StepPtr> steps_;
};

class FilterExpression final : public NodesExpression {
public:
    FilterExpression(ExpressionPtr base, std::vector<PredicatePtr> predicates)
        : base_(std::move(base)), predicates_(std::move(predicates)) {}
    void nodes(Context& context, NodeList& out) const override {
        size_t start = out.size();
        base_->nodes(context, out);
        for (const PredicatePtr& predicate : predicates_)
            filter(context, out, start, *predicate);
    }

private:
    ExpressionPtr base_;
    std::vector<PredicatePtr> predicates_;
};

class UnionExpression final : public NodesExpression {
public:
    UnionExpression(ExpressionPtr left, ExpressionPtr right)
        : left_(std::move(left)), right_(std::move(right)) {}
    void nodes(Context& context, NodeList& out) const override {
        NodeList list;
        left_->nodes(context, list);
        right_->nodes(context, list);
        sort_unique(list);
        out.insert(out.end(), list.begin(), list.end());
    }

private:
    ExpressionPtr left_, right_;
};

class FixedPosition final : public Predicate {
public:
    explicit FixedPosition(int position) : position_(position) {}
    bool keeps(Context& context) const override { return context.position == position_; }
    int fixed_position() const override { return position_; }

private:
    int position_;
};
class ComputedPosition final : public Predicate {
public:
    explicit ComputedPosition(ExpressionPtr inner) : inner_(std::move(inner)) {}
    bool keeps(Context& context) const override { return inner_->number(context) == context.position; }

private:
    ExpressionPtr inner_;
};
class Condition final : public Predicate {
public:
    explicit Condition(ExpressionPtr inner) : inner_(std::move(inner)) {}
    bool keeps(Context& context) const override { return inner_->boolean(context); }

private:
    ExpressionPtr inner_;
};

}  // namespace

StepPtr make_step(Axis axis, NodeTest test) {
    StepPtr step = step_for(axis, test);
    step->axis = axis;
    return step;
}

ExpressionPtr make_path(ExpressionPtr base, bool absolute, std::vector<StepPtr> steps) {
    if (!base && !absolute && steps.size() == 1)
        return std::make_unique<SingleStep>(std::move(steps[0]));
    return std::make_unique<PathExpression>(std::move(base), absolute, std::move(steps));
}

ExpressionPtr make_filter(ExpressionPtr base, std::vector<PredicatePtr> predicates) {
    return std::make_unique<FilterExpression>(std::move(base), std::move(predicates));
}

ExpressionPtr make_union(ExpressionPtr left, ExpressionPtr right) {
    return std::make_unique<UnionExpression>(std::move(left), std::move(right));
}

PredicatePtr make_predicate(ExpressionPtr expression) {
    if (expression->kind() != Kind::Number)
        return std::make_unique<Condition>(std::move(expression));
    if (int position = expression->literal_position())
        return std::make_unique<FixedPosition>(position);
    return std::make_unique<ComputedPosition>(std::move(expression));
}

void filter(Context& context, NodeList& list, size_t start, const Predicate& predicate) {
    Context inner = context;
    inner.size = static_cast<int>(list.size() - start);
    size_t kept = start;
    for (size_t i = start; i < list.size(); ++i) {
        inner.node = list[i];
        inner.position = static_cast<int>(i - start) + 1;
        if (predicate.keeps(inner))
            list[kept++] = list[i];
    }
    list.resize(kept);
}

void sort_unique(NodeList& list) {
    auto before = [](const Node* a, const Node* b) { return a->order < b->order; };
    if (!std::is_sorted(list.begin(), list.end(), before))
        std::sort(list.begin(), list.end(), before);
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

bool Pattern::Alternative::matches(Context& context, const Node* node, size_t last) const {
    if (steps.empty())
        return node->kind == NodeKind::Document;
    const Step& step = *steps[last];
    if (node->kind == NodeKind::Document || !step.accepts(*node) ||
        (step.axis == Axis::Attribute) != (node->kind == NodeKind::Attribute))
        return false;
    if (!step.predicates.empty()) {
        if (!node->parent)
            return false;
        NodeList siblings;
        step.collect(node->parent, siblings);
        for (const PredicatePtr& predicate : step.predicates)
            filter(context, siblings, 0, *predicate);
        if (std::find(siblings.begin(), siblings.end(), node) == siblings.end())
            return false;
    }
    const Node* parent = node->parent;
    if (last == 0)
        return !absolute || deep[0] || (parent && parent->kind == NodeKind::Document);
    for (; parent; parent = parent->parent) {
        if (matches(context, parent, last - 1))
            return true;
        if (!deep[last])
            return false;
    }
    return false;
}

}  // namespace xalan
