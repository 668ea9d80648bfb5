// SPDX-License-Identifier: BSD-3-Clause
// The network simplex method: ratio test on the cycle, change of flow, and repair of the spanning tree.
#include <stddef.h>
#include "mcf.h"

enum { ARCS_PER_GROUP = 300 };

typedef struct {
    Arc *entering;
    Node *from, *to;   // the flow change runs from -> to on the entering arc
    Node *join;   // where the tree paths of both meet
    Node *leaving;   // its basic arc leaves the basis; NULL when the entering arc only changes its bound
    bool leaving_on_from;
    int64_t change;
} Pivot;

static Node *next_in_subtree(Node *node, const Node *top) {
    if (node->child != NULL) return node->child;
    while (node != top && node->right == NULL) node = node->parent;
    return node == top ? NULL : node->right;
}

// Computes all potentials from the tree; the root's is zero.
void refresh_potentials(Network *net) {
    Node *root = &net->nodes[0];
    root->potential = 0;
    for (Node *node = next_in_subtree(root, root); node != NULL; node = next_in_subtree(node, root)) {
        const int64_t cost = node->basic->cost;
        node->potential = node->up ? node->parent->potential + cost : node->parent->potential - cost;
    }
}

static Node *find_join(Network *net, Node *a, Node *b) {
    while (a != b) {
        net->cycle_nodes++;
        if (a->depth >= b->depth) {
            a = a->parent;
        } else {
            b = b->parent;
        }
    }
    return a;
}

// How much the flow on a basic arc can change when the cycle runs up or down through it.
static int64_t room(const Arc *arc, bool along) { return along ? arc->capacity - arc->flow : arc->flow; }

// Among equally tight arcs the last on the cycle, counted from the join, leaves: that keeps the tree strongly
// feasible. The order is join -> from (deepest last), the entering arc, to -> join (highest last).
static void find_leaving(Network *net, Pivot *pivot) {
    pivot->join = find_join(net, pivot->from, pivot->to);
    pivot->leaving = NULL;
    pivot->change = room(pivot->entering, pivot->entering->state == AT_LOWER);
    int64_t tightest = pivot->change;
    for (Node *node = pivot->from; node != pivot->join; node = node->parent) {
        const int64_t limit = room(node->basic, !node->up);
        if (limit >= tightest) continue;
        tightest = limit;
        pivot->leaving = node;
        pivot->leaving_on_from = true;
    }
    for (Node *node = pivot->to; node != pivot->join; node = node->parent) {
        const int64_t limit = room(node->basic, node->up);
        if (limit > tightest) continue;
        tightest = limit;
        pivot->leaving = node;
        pivot->leaving_on_from = false;
    }
    pivot->change = tightest;
}

static void change_flow(Pivot *pivot) {
    const int64_t change = pivot->change;
    pivot->entering->flow += pivot->entering->state == AT_LOWER ? change : -change;
    for (Node *node = pivot->from; node != pivot->join; node = node->parent) {
        node->basic->flow += node->up ? -change : change;
    }
    for (Node *node = pivot->to; node != pivot->join; node = node->parent) {
        node->basic->flow += node->up ? change : -change;
    }
}

static void cut_from_parent(Node *node) {
    if (node->left != NULL) {
        node->left->right = node->right;
    } else {
        node->parent->child = node->right;
    }
    if (node->right != NULL) node->right->left = node->left;
}

static void hang_on(Node *node, Node *parent, Arc *arc) {
    node->parent = parent;
    node->basic = arc;
    node->up = arc->tail == node;
    node->left = NULL;
    node->right = parent->child;
    if (parent->child != NULL) parent->child->left = node;
    parent->child = node;
}

// The subtree below the leaving arc is turned over: the path from the entering arc up to it changes
// direction.
static void rehang_subtree(Node *inner, Node *outer, Arc *entering, const Node *last) {
    Node *parent = outer, *node = inner;
    Arc *arc = entering;
    for (;;) {
        Node *old_parent = node->parent;
        Arc *old_arc = node->basic;
        const bool done = node == last;
        cut_from_parent(node);
        hang_on(node, parent, arc);
        if (done) return;
        parent = node;
        arc = old_arc;
        node = old_parent;
    }
}

static void shift_potentials(Network *net, Node *top, int64_t difference) {
    for (Node *node = top; node != NULL; node = next_in_subtree(node, top)) {
        node->potential += difference;
        node->depth = node->parent->depth + 1;
        net->subtree_nodes++;
    }
}

static void change_basis(Network *net, const Pivot *pivot) {
    Arc *entering = pivot->entering, *leaving = pivot->leaving->basic;
    Node *inner = pivot->leaving_on_from ? pivot->from : pivot->to;
    Node *outer = pivot->leaving_on_from ? pivot->to : pivot->from;
    const int64_t reduced = reduced_cost(entering);
    leaving->state = leaving->flow == 0 ? AT_LOWER : AT_UPPER;
    entering->state = BASIC;
    rehang_subtree(inner, outer, entering, pivot->leaving);
    shift_potentials(net, inner, entering->tail == inner ? reduced : -reduced);
}

void solve(Network *net) {
    net->group_count = net->arc_count / ARCS_PER_GROUP + 1;
    net->next_group %= net->group_count;
    for (;;) {
        Pivot pivot;
        pivot.entering = entering_arc(net);
        if (pivot.entering == NULL) return;
        const bool forward = pivot.entering->state == AT_LOWER;
        pivot.from = forward ? pivot.entering->tail : pivot.entering->head;
        pivot.to = forward ? pivot.entering->head : pivot.entering->tail;
        find_leaving(net, &pivot);
        net->pivots++;
        if (pivot.change > 0) {
            change_flow(&pivot);
        } else {
            net->degenerate++;
        }
        if (pivot.leaving == NULL) {
            pivot.entering->state = forward ? AT_UPPER : AT_LOWER;
            net->flips++;
        } else {
            change_basis(net, &pivot);
        }
    }
}
