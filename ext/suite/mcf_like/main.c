// SPDX-License-Identifier: BSD-3-Clause
// The run: a timetable and road networks of a size, each solved to proven optimality.
#include <stdio.h>
#include <string.h>
#include "mcf.h"

typedef struct {
    const char *name;
    int trips, first_arcs;
    int places, roads;
    int seasons;   // price changes, with a new solution each, of one transport network
    int plans;   // transport problems, each on a network of its own
} Size;

static const Size sizes[] = {
    {"test", 50, 8, 80, 1200, 2, 1},
    {"train", 300, 20, 400, 272000, 2, 1},
    {"ref", 1200, 30, 1400, 700000, 3, 2},
};

int main(int argc, char **argv) {
    const Size *size = NULL;
    uint64_t checksum = 0xcbf29ce484222325ULL;
    Outcome outcome;
    for (unsigned i = 0; argc == 2 && i < sizeof sizes / sizeof sizes[0]; i++) {
        if (strcmp(argv[1], sizes[i].name) == 0) size = &sizes[i];
    }
    if (size == NULL) {
        fprintf(stderr, "usage: mcf_like test|train|ref\n");
        return 2;
    }
    schedule_vehicles(size->trips, size->first_arcs, 0x2545f4914f6cdd1dULL, &outcome);
    checksum = (checksum ^ outcome.checksum ^ (uint64_t)outcome.cost) * 0x100000001b3ULL;
    for (int i = 0; i < size->plans; i++) {
        plan_transport(size->places, size->roads, size->seasons, 0x9e3779b97f4a7c15ULL + (uint64_t)i,
                       &outcome);
        checksum = (checksum ^ outcome.checksum ^ (uint64_t)outcome.cost) * 0x100000001b3ULL;
    }
    printf("checksum 0x%016llx\n", (unsigned long long)checksum);
    return 0;
}
