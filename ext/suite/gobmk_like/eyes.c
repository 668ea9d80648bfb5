// SPDX-License-Identifier: BSD-3-Clause
// Eyes: the spaces a group encloses, how many eyes each gives with either side moving first, and its vital
// points.
#include <string.h>
#include "go.h"

enum { MAX_SPACE = 8 };

typedef struct {
    int point[MAX_SPACE], count;
    uint8_t near[MAX_SPACE];   // neighbours within the space, a bit each
    bool large, open;   // too large to count; touches a living enemy
} Space;

// Collects the space around a point: empty points and dead enemies, closed by stones of the colour. Marks
// from `oldest` on are those of spaces around the same group; meeting one means that it was given up as open.
static void collect_space(Board *b, const uint8_t *dead, int start, int colour, uint32_t oldest,
                          Space *space) {
    const uint32_t own = ++b->generation;
    int queue[POINTS], head = 0, tail = 0;
    space->count = 0;
    space->large = space->open = false;
    queue[tail++] = start;
    b->mark[start] = own;
    while (head < tail) {
        const int at = queue[head++];
        if (space->count < MAX_SPACE) {
            space->point[space->count++] = at;
        } else {
            space->large = true;
        }
        if (tail > 24) {   // no eye space any more: the open board
            space->open = true;
            return;
        }
        for (int i = 0; i < 4; i++) {
            const int next = at + direction[i], there = b->colour[next];
            if (there == EDGE || there == colour || b->mark[next] == own) continue;
            if (b->mark[next] >= oldest || (there == OTHER(colour) && !dead[next])) {
                space->open = true;
                continue;
            }
            b->mark[next] = own;
            queue[tail++] = next;
        }
    }
}

static void find_neighbours(Space *space) {
    for (int i = 0; i < space->count; i++) {
        space->near[i] = 0;
        for (int j = 0; j < space->count; j++) {
            for (int d = 0; d < 4; d++) {
                if (space->point[i] + direction[d] == space->point[j]) space->near[i] |= (uint8_t)(1u << j);
            }
        }
    }
}

// The number of connected parts of a subset of the space.
static int parts(const Space *space, unsigned subset) {
    int count = 0;
    while (subset != 0) {
        unsigned part = subset & -subset, grown = part;
        do {
            part = grown;
            for (int i = 0; i < space->count; i++) {
                if (part >> i & 1) grown |= space->near[i] & subset;
            }
        } while (grown != part);
        subset &= ~part;
        count++;
    }
    return count;
}

// Eyes after the owner has moved, with an enemy stone on `blocked` (-1: none): the owner's stone divides the
// space.
static int best_division(const Space *space, int blocked, int *best_point) {
    const unsigned whole = (1u << space->count) - 1;
    int best = 1;
    for (int i = 0; i < space->count; i++) {
        if (i == blocked) continue;
        const int eyes = parts(space, whole & ~(1u << i));
        if (eyes <= best) continue;
        best = eyes;
        *best_point = i;
    }
    return best > 2 ? 2 : best;
}

// A single point surrounded by stones that can be cut off from each other is no eye.
static bool is_false_eye(const Board *b, const uint8_t *dead, int point, int colour) {
    int bad = 0, edges = 0;
    for (int i = 4; i < 8; i++) {
        const int next = point + direction[i];
        edges += b->colour[next] == EDGE;
        bad += b->colour[next] == OTHER(colour) && !dead[next];
    }
    return edges > 0 ? bad >= 1 : bad >= 2;
}

static void add_space(const Board *b, const uint8_t *dead, int colour, Space *space, EyeCount *eyes) {
    if (space->large) {
        eyes->sure += 2;
        return;
    }
    if (space->count == 1) {
        eyes->sure += !is_false_eye(b, dead, space->point[0], colour);
        return;
    }
    find_neighbours(space);
    int point = -1, unused;
    const int first = best_division(space, -1, &point);
    int second = 2;
    for (int i = 0; i < space->count; i++) {
        const int left = best_division(space, i, &unused);
        if (left >= second) continue;
        second = left;
        add_candidate(&eyes->vital, space->point[i], 50);
    }
    eyes->sure += second;
    if (first > second && eyes->gain_count < 16) eyes->gains[eyes->gain_count++] = first - second;
    if (point >= 0 && first > second) add_candidate(&eyes->vital, space->point[point], 60);
}

// Looks at the spaces around the given stones of one group.
void count_eyes(Board *b, const uint8_t *dead, const int *stone, int stones, EyeCount *eyes) {
    Space space;
    memset(eyes, 0, sizeof *eyes);
    const uint32_t oldest = b->generation + 1;
    for (int i = 0; i < stones; i++) {
        const int colour = b->colour[stone[i]];
        if (colour == EMPTY) continue;
        int at = stone[i];
        do {
            for (int d = 0; d < 4; d++) {
                const int point = at + direction[d], there = b->colour[point];
                if (b->mark[point] >= oldest || there == colour || there == EDGE) continue;
                if (there == OTHER(colour) && !dead[point]) continue;
                collect_space(b, dead, point, colour, oldest, &space);
                if (!space.open) add_space(b, dead, colour, &space, eyes);
            }
            at = b->next[at];
        } while (at != stone[i]);
    }
}

// Both sides take turns where a move matters, the largest gains first.
int eyes_with_move(const EyeCount *eyes, bool defender_first) {
    int total = eyes->sure, gained = 0;
    for (int i = 0; i < eyes->gain_count; i++) gained += eyes->gains[i] > 0;
    return total + (defender_first ? gained + 1 : gained) / 2;
}
