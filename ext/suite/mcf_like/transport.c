// SPDX-License-Identifier: BSD-3-Clause
// Transport planning: goods go from factories to shops over a dense road network with limited capacities.
#include <stdio.h>
#include <stdlib.h>
#include "mcf.h"

enum { LAND = 4096, FACTORY_PERCENT = 15, SHOP_PERCENT = 35 };

typedef struct {
    int x, y;
} Place;

// Factories produce exactly what the shops want; the last factory takes the difference of rounding.
static void place_supplies(Network *net, int places, uint64_t *seed) {
    const int factories = places * FACTORY_PERCENT / 100 + 1, shops = places * SHOP_PERCENT / 100 + 1;
    int64_t wanted = 0;
    for (int i = 0; i < shops; i++) {
        const int64_t amount = 5 + random_below(seed, 60);
        net->nodes[places - i].supply = -amount;
        wanted += amount;
    }
    for (int i = 1; i <= factories; i++) {
        net->nodes[i].supply = wanted / (factories - i + 1);
        wanted -= net->nodes[i].supply;
    }
}

static int64_t distance(const Place *a, const Place *b) {
    const int dx = abs(a->x - b->x), dy = abs(a->y - b->y);
    return dx > dy ? dx + dy / 2 : dy + dx / 2;
}

// A wide but dear ring joins all places, so that there is always a solution; the other roads are random, most
// of them from a place to one whose number is near.
static void make_roads(Network *net, const Place *place, int places, int arcs, uint64_t *seed) {
    for (int i = 1; i <= places; i++) {
        const int next = i == places ? 1 : i + 1;
        add_arc(net, i, next, 3000 + distance(&place[i], &place[next]) * 4, UNLIMITED);
        add_arc(net, next, i, 3000 + distance(&place[i], &place[next]) * 4, UNLIMITED);
    }
    while (net->arc_count < arcs) {
        const uint64_t draw = random_next(seed);   // four numbers of 16 bits
        const int tail = 1 + (int)((draw >> 48) * (uint64_t)places >> 16);
        const int head = 1 + (int)((draw >> 32 & 0xffff) * (uint64_t)places >> 16);
        if (tail == head) continue;
        const int64_t cost = 20 + distance(&place[tail], &place[head]) + (int64_t)(draw >> 16 & 0xffff) / 256;
        add_arc(net, tail, head, cost, 4 + (int64_t)(draw & 0xffff) / 2048);
    }
}

// A toll on every seventh road: the flow stays possible, so the old basis is a start for the new prices.
static void raise_tolls(Network *net, int season) {
    for (int i = season % 7; i < net->arc_count; i += 7) net->arcs[i].cost += net->arcs[i].cost / 4;
    refresh_potentials(net);
}

void plan_transport(int places, int arcs, int seasons, uint64_t seed, Outcome *outcome) {
    Network *net = malloc(sizeof *net);
    Place *place = calloc((size_t)places + 1, sizeof *place);
    if (net == NULL || place == NULL) abort();
    network_init(net, places + 1, arcs);
    for (int i = 1; i <= places; i++) {
        place[i].x = (int)random_below(&seed, LAND);
        place[i].y = (int)random_below(&seed, LAND);
    }
    place_supplies(net, places, &seed);
    make_roads(net, place, places, arcs, &seed);
    artificial_basis(net);
    solve(net);
    for (int season = 1; season < seasons; season++) {
        raise_tolls(net, season);
        solve(net);
    }
    outcome->cost = total_cost(net);
    outcome->pivots = net->pivots;
    outcome->checksum = network_checksum(net);
    printf("transport: places %d, arcs %d, pivots %llu (degenerate %llu, bound %llu), priced %llu\n", places,
           net->arc_count, (unsigned long long)net->pivots, (unsigned long long)net->degenerate,
           (unsigned long long)net->flips, (unsigned long long)net->priced);
    printf("  cost %lld, undelivered %lld, violations %d, moved nodes %llu, cycle nodes %llu\n",
           (long long)outcome->cost, (long long)artificial_flow(net), count_violations(net),
           (unsigned long long)net->subtree_nodes, (unsigned long long)net->cycle_nodes);
    network_free(net);
    free(net);
    free(place);
}
