// SPDX-License-Identifier: BSD-3-Clause
// Vehicle scheduling: the cheapest way to run a timetable from one depot. Connections between trips are
// priced out of the timetable in rounds, and only those that promise to save something become arcs.
#include <stdio.h>
#include <stdlib.h>
#include "mcf.h"

enum { DAY = 1200, TOWN = 120, VEHICLE_COST = 4000, WAIT_COST = 2, DRIVE_COST = 9, MAX_WAIT = 240 };

typedef struct {
    int start, end;   // minutes
    int from_x, from_y, to_x, to_y;
    int empty_out, empty_in;   // driving minutes from and to the depot
} Trip;

typedef struct {
    int tail, head;
    int64_t cost, reduced;
} Connection;

typedef struct {
    Connection *item;
    int count, limit;
} ConnectionHeap;

uint64_t random_next(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

uint32_t random_below(uint64_t *state, uint32_t bound) {
    return (uint32_t)((random_next(state) >> 32) * bound >> 32);
}

static int minutes(int x0, int y0, int x1, int y1) { return (abs(x0 - x1) + abs(y0 - y1)) / 3 + 1; }

static int by_start(const void *a, const void *b) {
    const Trip *left = a, *right = b;
    if (left->start != right->start) return left->start < right->start ? -1 : 1;
    if (left->end != right->end) return left->end < right->end ? -1 : 1;
    if (left->from_x != right->from_x) return left->from_x < right->from_x ? -1 : 1;
    if (left->from_y != right->from_y) return left->from_y < right->from_y ? -1 : 1;
    if (left->to_x != right->to_x) return left->to_x < right->to_x ? -1 : 1;
    return (left->to_y > right->to_y) - (left->to_y < right->to_y);
}

static void make_timetable(Trip *trips, int count, uint64_t *seed) {
    for (int i = 0; i < count; i++) {
        Trip *trip = &trips[i];
        // Two rush hours: half of the trips start near one of them.
        const uint32_t kind = random_below(seed, 4);
        trip->start = kind < 2 ? (int)random_below(seed, DAY)
                               : 120 + (int)kind % 2 * 540 + (int)random_below(seed, 150);
        trip->from_x = (int)random_below(seed, TOWN);
        trip->from_y = (int)random_below(seed, TOWN);
        trip->to_x = (int)random_below(seed, TOWN);
        trip->to_y = (int)random_below(seed, TOWN);
        trip->end = trip->start + 5 + 2 * minutes(trip->from_x, trip->from_y, trip->to_x, trip->to_y);
        trip->empty_out = minutes(TOWN / 2, TOWN / 2, trip->from_x, trip->from_y);
        trip->empty_in = minutes(trip->to_x, trip->to_y, TOWN / 2, TOWN / 2);
    }
    qsort(trips, (size_t)count, sizeof *trips, by_start);
}

// Node 1 is the depot; trip i needs a vehicle at node 2 + 2i and gives it back at node 3 + 2i.
static int start_node(int trip) { return 2 + 2 * trip; }

static int end_node(int trip) { return 3 + 2 * trip; }

static bool connects(const Trip *before, const Trip *after, int64_t *cost) {
    const int wait = after->start - before->end;
    if (wait < 0 || wait > MAX_WAIT) return false;
    const int drive = minutes(before->to_x, before->to_y, after->from_x, after->from_y);
    if (drive > wait) return false;
    *cost = (int64_t)drive * DRIVE_COST + (int64_t)(wait - drive) * WAIT_COST;
    return true;
}

static void make_network(Network *net, const Trip *trips, int count, int first_arcs) {
    for (int i = 0; i < count; i++) {
        net->nodes[start_node(i)].supply = -1;
        net->nodes[end_node(i)].supply = 1;
        add_arc(net, 1, start_node(i), VEHICLE_COST + trips[i].empty_out * DRIVE_COST, UNLIMITED);
        add_arc(net, end_node(i), 1, trips[i].empty_in * DRIVE_COST, UNLIMITED);
        int added = 0;
        for (int j = i + 1; j < count && added < first_arcs; j++) {
            int64_t cost;
            if (!connects(&trips[i], &trips[j], &cost)) continue;
            add_arc(net, end_node(i), start_node(j), cost, 1);
            added++;
        }
    }
}

// The heap keeps the connections with the lowest reduced costs; the weakest of them stands at the top.
static void heap_down(ConnectionHeap *heap, int place) {
    const Connection moved = heap->item[place];
    for (;;) {
        int child = 2 * place + 1;
        if (child >= heap->count) break;
        if (child + 1 < heap->count && heap->item[child + 1].reduced > heap->item[child].reduced) child++;
        if (heap->item[child].reduced <= moved.reduced) break;
        heap->item[place] = heap->item[child];
        place = child;
    }
    heap->item[place] = moved;
}

static void heap_add(ConnectionHeap *heap, const Connection *connection) {
    if (heap->count == heap->limit) {
        if (connection->reduced >= heap->item[0].reduced) return;
        heap->item[0] = *connection;
        heap_down(heap, 0);
        return;
    }
    int place = heap->count++;
    while (place > 0 && heap->item[(place - 1) / 2].reduced < connection->reduced) {
        heap->item[place] = heap->item[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    heap->item[place] = *connection;
}

static int price_out(Network *net, const Trip *trips, int count, ConnectionHeap *heap) {
    heap->count = 0;
    for (int i = 0; i < count; i++) {
        const int64_t tail_potential = net->nodes[end_node(i)].potential;
        for (int j = i + 1; j < count && trips[j].start - trips[i].end <= MAX_WAIT; j++) {
            Connection connection = {end_node(i), start_node(j), 0, 0};
            if (!connects(&trips[i], &trips[j], &connection.cost)) continue;
            connection.reduced = connection.cost - tail_potential + net->nodes[start_node(j)].potential;
            if (connection.reduced < 0) heap_add(heap, &connection);
        }
    }
    int added = 0;
    for (int i = 0; i < heap->count; i++) {
        const Connection *c = &heap->item[i];
        // A connection that is an arc already can only be at its bound, which capacity one makes useless.
        bool known = false;
        for (const Arc *arc = net->nodes[c->head].first_in; arc != NULL && !known; arc = arc->next_in) {
            known = arc->tail == &net->nodes[c->tail];
        }
        if (!known && add_arc(net, c->tail, c->head, c->cost, 1) != NULL) added++;
    }
    return added;
}

static int64_t vehicles_used(const Network *net) {
    int64_t used = 0;
    for (const Arc *arc = net->nodes[1].first_out; arc != NULL; arc = arc->next_out) used += arc->flow;
    return used;
}

void schedule_vehicles(int count, int first_arcs, uint64_t seed, Outcome *outcome) {
    Network *net = malloc(sizeof *net);
    Trip *trips = malloc((size_t)count * sizeof *trips);
    ConnectionHeap heap = {malloc((size_t)count * 8 * sizeof(Connection)), 0, count * 8};
    if (net == NULL || trips == NULL || heap.item == NULL) abort();
    int rounds = 0, added = 0;
    make_timetable(trips, count, &seed);
    network_init(net, 2 + 2 * count, count * (first_arcs + 2) + count * 64);
    make_network(net, trips, count, first_arcs);
    artificial_basis(net);
    do {
        solve(net);
        added = price_out(net, trips, count, &heap);
        rounds++;
    } while (added > 0);
    outcome->cost = total_cost(net);
    outcome->pivots = net->pivots;
    outcome->checksum = network_checksum(net);
    printf("vehicles: trips %d, arcs %d, rounds %d, pivots %llu (degenerate %llu), priced %llu\n", count,
           net->arc_count, rounds, (unsigned long long)net->pivots, (unsigned long long)net->degenerate,
           (unsigned long long)net->priced);
    printf("  vehicles %lld, cost %lld, unserved %lld, violations %d\n", (long long)vehicles_used(net),
           (long long)outcome->cost, (long long)artificial_flow(net), count_violations(net));
    network_free(net);
    free(net);
    free(trips);
    free(heap.item);
}
