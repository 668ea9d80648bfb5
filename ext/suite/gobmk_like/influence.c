// SPDX-License-Identifier: BSD-3-Clause
// Influence: every living stone radiates over empty points, weaker with distance and stopped by enemy stones.
#include <string.h>
#include "go.h"

enum { SOURCE = 1024, FAINTEST = 24 };

// Breadth first from one stone; a point passes on half of what reached it, less beside enemy stones.
static void radiate(const Board *b, const uint8_t *dead, int stone, int32_t *strength) {
    static int16_t queue[POINTS];
    static int32_t arrived[POINTS];
    const int colour = b->colour[stone];
    int head = 0, tail = 0;
    queue[tail++] = (int16_t)stone;
    arrived[stone] = SOURCE;
    while (head < tail) {
        const int at = queue[head++];
        const int32_t here = arrived[at];
        int32_t passed = here / 2;
        for (int i = 0; i < 4; i++) {
            const int next = at + direction[i];
            if (b->colour[next] == OTHER(colour) && !dead[next]) passed = passed * 2 / 3;
        }
        if (passed < FAINTEST) continue;
        for (int i = 0; i < 8; i++) {
            const int next = at + direction[i], there = b->colour[next];
            if (there == EDGE || arrived[next] > 0 || (there == OTHER(colour) && !dead[next])) continue;
            arrived[next] = i < 4 ? passed : passed * 2 / 3;
            queue[tail++] = (int16_t)next;
        }
    }
    for (int i = 0; i < tail; i++) {
        strength[queue[i]] += arrived[queue[i]];
        arrived[queue[i]] = 0;
    }
}

void compute_influence(const Board *b, const uint8_t *dead, Influence *influence) {
    memset(influence, 0, sizeof *influence);
    for (int point = POINT(0, 0); point < POINTS; point++) {
        const int colour = b->colour[point];
        if ((colour != BLACK && colour != WHITE) || dead[point]) continue;
        radiate(b, dead, point, influence->strength[colour]);
    }
}

// Territory in tenths of a point, counted in full where one side dominates and in part where it leads.
int estimate_score(const Board *b, const uint8_t *dead, const Influence *influence) {
    int score = 10 * (b->captured[WHITE] - b->captured[BLACK]);
    for (int point = POINT(0, 0); point < POINTS; point++) {
        const int colour = b->colour[point];
        if (colour == EDGE || (colour != EMPTY && !dead[point])) continue;
        const int32_t black = influence->strength[BLACK][point], white = influence->strength[WHITE][point];
        const int32_t total = black + white + 64, balance = 20 * (black - white) / total;
        const int owned = balance > 10 ? 10 : balance < -10 ? -10 : balance;
        score += colour == EMPTY ? owned : owned + (colour == WHITE ? 10 : -10);
    }
    return score;
}
