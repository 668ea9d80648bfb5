// SPDX-License-Identifier: BSD-3-Clause
// The run: factor several small numbers, with general modular arithmetic and with wide, long registers.
#include <stdio.h>
#include <string.h>
#include "quantum.h"

static const Problem test_problems[] = {
    {15, 7, 6, false, true, 3},
    {63, 2, 11, true, false, 5},
};
static const Problem train_problems[] = {
    {15, 7, 8, false, true, 3},
    {21, 2, 8, false, false, 4},
    {63, 2, 18, true, false, 5},
};
static const Problem ref_problems[] = {
    {15, 7, 8, false, true, 3},
    {21, 2, 10, false, true, 4},
    {33, 5, 12, false, false, 2},
    {1023, 2, 20, true, false, 5},
};

static int run(const Problem *problems, size_t count) {
    uint64_t checksum = 0xcbf29ce484222325ULL;
    for (size_t i = 0; i < count; i++) {
        const Problem *problem = &problems[i];
        Outcome outcome;
        factor_number(problem, &outcome);
        printf("N %llu base %llu: measured %llu / 2^%d, order %llu, factors %llu %llu\n",
               (unsigned long long)problem->modulus, (unsigned long long)problem->base,
               (unsigned long long)outcome.measured, problem->exponent_bits,
               (unsigned long long)outcome.order, (unsigned long long)outcome.factor[0],
               (unsigned long long)outcome.factor[1]);
        printf("  gates %llu, states touched %llu, largest register %llu, probability %.9f\n",
               (unsigned long long)outcome.gates, (unsigned long long)outcome.nodes_touched,
               (unsigned long long)outcome.largest, outcome.probability);
        checksum = (checksum ^ outcome.checksum ^ outcome.measured) * 0x100000001b3ULL;
        checksum = (checksum ^ outcome.nodes_touched) * 0x100000001b3ULL + outcome.order;
    }
    printf("checksum 0x%016llx\n", (unsigned long long)checksum);
    return 0;
}

#define RUN(problems) run(problems, sizeof problems / sizeof problems[0])

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "test") == 0) return RUN(test_problems);
    if (argc == 2 && strcmp(argv[1], "train") == 0) return RUN(train_problems);
    if (argc == 2 && strcmp(argv[1], "ref") == 0) return RUN(ref_problems);
    fprintf(stderr, "usage: libquantum_like test|train|ref\n");
    return 2;
}
