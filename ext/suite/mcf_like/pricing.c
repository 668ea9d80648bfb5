// SPDX-License-Identifier: BSD-3-Clause
// Pricing: finds an arc that improves the flow, from a basket of candidates refilled by scanning groups of
// arcs.
#include <stddef.h>
#include "mcf.h"

// By how much a unit of change on the arc lowers the cost; not positive when it cannot.
static int64_t violation(const Arc *arc) {
    const int64_t reduced = reduced_cost(arc);
    if (arc->state == AT_LOWER) return -reduced;
    if (arc->state == AT_UPPER) return reduced;
    return 0;
}

// The best of the old candidates are worth a second look: pivots since then have changed their prices.
static void keep_candidates(Network *net) {
    int kept = 0;
    const int count = net->basket_count < BASKET_KEPT ? net->basket_count : BASKET_KEPT;
    for (int i = 1; i < count; i++) {   // number 0 entered the basis last time
        Arc *arc = net->basket[i].arc;
        const int64_t gain = violation(arc);
        if (gain > 0) net->basket[kept++] = (Candidate){arc, gain};
    }
    net->basket_count = kept;
}

static void scan_group(Network *net, int group) {
    const Arc *end = net->arcs + net->arc_count;
    const int stride = net->group_count;
    for (Arc *arc = net->arcs + group; arc < end; arc += stride) {
        const int64_t gain = violation(arc);
        net->priced++;
        if (gain > 0 && net->basket_count < MAX_CANDIDATES) {
            net->basket[net->basket_count++] = (Candidate){arc, gain};
        }
    }
}

static bool goes_before(const Candidate *a, const Candidate *b) {
    if (a->violation != b->violation) return a->violation > b->violation;
    return a->arc->number < b->arc->number;
}

// Sorts the most violated to the front. Only those are kept, so parts beyond them stay unsorted.
static void sort_basket(Candidate *basket, int low, int high) {
    while (low < high && low <= BASKET_KEPT) {
        const Candidate pivot = basket[(low + high) / 2];
        int i = low, j = high;
        while (i <= j) {
            while (goes_before(&basket[i], &pivot)) i++;
            while (goes_before(&pivot, &basket[j])) j--;
            if (i > j) break;
            const Candidate candidate = basket[i];
            basket[i++] = basket[j];
            basket[j--] = candidate;
        }
        sort_basket(basket, low, j);
        low = i;
    }
}

Arc *entering_arc(Network *net) {
    keep_candidates(net);
    const int first = net->next_group;
    do {
        scan_group(net, net->next_group);
        net->next_group = (net->next_group + 1) % net->group_count;
    } while (net->basket_count < BASKET_SIZE && net->next_group != first);
    if (net->basket_count == 0) return NULL;
    sort_basket(net->basket, 0, net->basket_count - 1);
    return net->basket[0].arc;
}
