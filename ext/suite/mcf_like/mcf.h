// SPDX-License-Identifier: BSD-3-Clause
// mcf_like, after SPEC CPU2006 429.mcf: minimum-cost flow by the network simplex method. Shared types.
#ifndef MCF_H
#define MCF_H
#include <stdbool.h>
#include <stdint.h>

typedef struct Arc Arc;
typedef struct Node Node;

// The basis is a spanning tree: every node but the root hangs on its parent by a basic arc.
struct Node {
    int64_t potential;
    Node *parent, *child, *left, *right;   // left and right are siblings
    Arc *basic;   // arc to or from the parent
    Arc *first_out, *first_in;
    int64_t supply;
    int32_t depth;
    int32_t up;   // the basic arc leads to the parent
    int32_t number;
};

enum { AT_LOWER, AT_UPPER, BASIC };

struct Arc {
    int64_t cost;
    Node *tail, *head;
    Arc *next_out, *next_in;
    int64_t flow, capacity;
    int32_t state;
    int32_t number;
};

typedef struct {
    Arc *arc;
    int64_t violation;
} Candidate;

enum { BASKET_SIZE = 12, BASKET_KEPT = 12, MAX_CANDIDATES = 4096 };

typedef struct {
    Node *nodes;   // nodes[0] is the root, which only artificial arcs touch
    Arc *arcs, *artificial;
    int node_count, arc_count, arc_limit;
    int group_count, next_group;   // of pricing: group g holds arcs g, g + group_count, ...
    Candidate basket[MAX_CANDIDATES];
    int basket_count;
    uint64_t pivots, degenerate, flips, priced, subtree_nodes, cycle_nodes;
} Network;

// Large enough that no optimal flow uses an artificial arc unless it must.
#define ARTIFICIAL_COST 100000000LL
#define UNLIMITED (1LL << 40)

static inline int64_t reduced_cost(const Arc *arc) {
    return arc->cost - arc->tail->potential + arc->head->potential;
}

// network.c
void network_init(Network *net, int node_count, int arc_limit);
void network_free(Network *net);
Arc *add_arc(Network *net, int tail, int head, int64_t cost, int64_t capacity);
void artificial_basis(Network *net);
int64_t total_cost(const Network *net);
int64_t artificial_flow(const Network *net);
int count_violations(const Network *net);
uint64_t network_checksum(const Network *net);

// pricing.c
Arc *entering_arc(Network *net);

// simplex.c
void refresh_potentials(Network *net);
void solve(Network *net);

// vehicles.c, transport.c
typedef struct {
    int64_t cost;
    uint64_t pivots, checksum;
} Outcome;
uint64_t random_next(uint64_t *state);
uint32_t random_below(uint64_t *state, uint32_t bound);
void schedule_vehicles(int trips, int first_arcs, uint64_t seed, Outcome *outcome);
void plan_transport(int places, int arcs, int seasons, uint64_t seed, Outcome *outcome);
#endif
