// SPDX-License-Identifier: BSD-3-Clause
// The network: nodes and arcs linked by pointers, the first spanning tree, and checks of a finished flow.
#include <stdlib.h>
#include <string.h>
#include "mcf.h"

void network_init(Network *net, int node_count, int arc_limit) {
    memset(net, 0, sizeof *net);
    net->node_count = node_count;
    net->arc_limit = arc_limit;
    net->nodes = calloc((size_t)node_count, sizeof(Node));
    net->arcs = malloc((size_t)arc_limit * sizeof(Arc));
    net->artificial = calloc((size_t)node_count, sizeof(Arc));
    if (net->nodes == NULL || net->arcs == NULL || net->artificial == NULL) abort();
    for (int i = 0; i < node_count; i++) net->nodes[i].number = i;
}

void network_free(Network *net) {
    free(net->nodes);
    free(net->arcs);
    free(net->artificial);
}

Arc *add_arc(Network *net, int tail, int head, int64_t cost, int64_t capacity) {
    if (net->arc_count == net->arc_limit) return NULL;
    Arc *arc = &net->arcs[net->arc_count];
    arc->number = net->arc_count++;
    arc->cost = cost;
    arc->capacity = capacity;
    arc->flow = 0;
    arc->state = AT_LOWER;
    arc->tail = &net->nodes[tail];
    arc->head = &net->nodes[head];
    arc->next_out = arc->tail->first_out;
    arc->next_in = arc->head->first_in;
    arc->tail->first_out = arc;
    arc->head->first_in = arc;
    return arc;
}

// Every node hangs on the root by an artificial arc that carries its supply away or its demand in. Nodes
// without supply hang on arcs towards the root, which makes the tree strongly feasible: the simplex method
// cannot cycle.
void artificial_basis(Network *net) {
    Node *root = &net->nodes[0];
    Node *previous = NULL;
    for (int i = 1; i < net->node_count; i++) {
        Node *node = &net->nodes[i];
        Arc *arc = &net->artificial[i];
        node->up = node->supply >= 0;
        arc->tail = node->up ? node : root;
        arc->head = node->up ? root : node;
        arc->cost = ARTIFICIAL_COST;
        arc->capacity = UNLIMITED;
        arc->flow = node->up ? node->supply : -node->supply;
        arc->state = BASIC;
        arc->number = -i;
        node->parent = root;
        node->basic = arc;
        node->child = NULL;
        node->depth = 1;
        node->left = previous;
        node->right = NULL;
        if (previous != NULL) {
            previous->right = node;
        } else {
            root->child = node;
        }
        previous = node;
    }
    refresh_potentials(net);
}

int64_t total_cost(const Network *net) {
    int64_t cost = 0;
    for (int i = 0; i < net->arc_count; i++) cost += net->arcs[i].cost * net->arcs[i].flow;
    return cost;
}

int64_t artificial_flow(const Network *net) {
    int64_t flow = 0;
    for (int i = 1; i < net->node_count; i++) flow += net->artificial[i].flow;
    return flow;
}

// Proves a solution: flow within bounds and conserved at each node, and no arc whose change would save
// anything.
int count_violations(const Network *net) {
    int violations = 0;
    for (int i = 0; i < net->arc_count; i++) {
        const Arc *arc = &net->arcs[i];
        const int64_t reduced = reduced_cost(arc);
        violations += arc->flow < 0 || arc->flow > arc->capacity;
        violations += (reduced > 0 && arc->flow != 0) || (reduced < 0 && arc->flow != arc->capacity);
    }
    for (int i = 1; i < net->node_count; i++) {
        const Node *node = &net->nodes[i];
        int64_t rest = node->supply;
        for (const Arc *arc = node->first_out; arc != NULL; arc = arc->next_out) rest -= arc->flow;
        for (const Arc *arc = node->first_in; arc != NULL; arc = arc->next_in) rest += arc->flow;
        const Arc *artificial = &net->artificial[i];
        rest += artificial->tail == node ? -artificial->flow : artificial->flow;
        violations += rest != 0;
    }
    return violations;
}

uint64_t network_checksum(const Network *net) {
    uint64_t sum = (uint64_t)net->arc_count;
    for (int i = 0; i < net->arc_count; i++) {
        const Arc *arc = &net->arcs[i];
        if (arc->flow != 0) sum = (sum ^ (uint64_t)(arc->number + arc->flow)) * 0x100000001b3ULL;
    }
    for (int i = 1; i < net->node_count; i++) {
        const Node *node = &net->nodes[i];
        sum = (sum ^ (uint64_t)(node->potential + node->depth)) * 0x100000001b3ULL;
        sum += (uint64_t)node->basic->number;
    }
    return sum ^ net->pivots << 32 ^ net->priced;
}
