// SPDX-License-Identifier: BSD-3-Clause
// The board: chains of stones with their liberties, kept up to date by every move and restored by taking it
// back.
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "go.h"

const int direction[8] = {-ROW, -1, 1, ROW, -ROW - 1, -ROW + 1, ROW - 1, ROW + 1};
static uint64_t hash_of[3][POINTS];

void init_hash(void) {
    uint64_t state = 0x6a09e667f3bcc909ULL;
    for (int colour = BLACK; colour <= WHITE; colour++) {
        for (int point = 0; point < POINTS; point++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            hash_of[colour][point] = state * 0x2545f4914f6cdd1dULL;
        }
    }
}

void board_init(Board *b, int size) {
    memset(b, 0, offsetof(Board, log));
    forget_history(b);
    b->hash = (uint64_t)size << 56;   // the same stones on another board are another position
    b->size = size;
    for (int point = 0; point < POINTS; point++) b->colour[point] = EDGE;
    for (int row = 0; row < size; row++) {
        for (int column = 0; column < size; column++) b->colour[POINT(row, column)] = EMPTY;
    }
}

static void set(Board *b, int16_t *cell, int value) {
    if (b->log_count == MAX_LOG) abort();
    b->log[b->log_count++] = (Change){cell, *cell};
    *cell = (int16_t)value;
}

void forget_history(Board *b) {
    b->log_count = 0;
    b->depth = 0;
}

int chain_liberties(const Board *b, int stone) { return b->liberties[b->head[stone]]; }

int chain_stones(const Board *b, int stone) { return b->stones[b->head[stone]]; }

int neighbours_of(const Board *b, int point, int colour) {
    int count = 0;
    for (int i = 0; i < 4; i++) count += b->colour[point + direction[i]] == colour;
    return count;
}

// Lists up to `limit` liberties of the chain and returns how many it found.
int list_liberties(Board *b, int stone, int *list, int limit) {
    int count = 0, at = stone;
    const uint32_t generation = ++b->generation;
    do {
        for (int i = 0; i < 4; i++) {
            const int point = at + direction[i];
            if (b->colour[point] != EMPTY || b->mark[point] == generation) continue;
            b->mark[point] = generation;
            list[count++] = point;
            if (count == limit) return count;
        }
        at = b->next[at];
    } while (at != stone);
    return count;
}

bool is_legal(const Board *b, int point, int colour) {
    if (b->colour[point] != EMPTY || point == b->ko) return false;
    for (int i = 0; i < 4; i++) {
        const int next = point + direction[i], there = b->colour[next];
        if (there == EMPTY) return true;
        if (there == colour && chain_liberties(b, next) > 1) return true;
        if (there == OTHER(colour) && chain_liberties(b, next) == 1) return true;
    }
    return false;
}

// Heads of the chains of a colour next to a point, each once.
static int adjacent_heads(const Board *b, int point, int colour, int *heads) {
    int count = 0;
    for (int i = 0; i < 4; i++) {
        const int next = point + direction[i];
        if (b->colour[next] != colour) continue;
        const int head = b->head[next];
        bool known = false;
        for (int j = 0; j < count; j++) known = known || heads[j] == head;
        if (!known) heads[count++] = head;
    }
    return count;
}

static void join_chains(Board *b, int a, int c) {
    if (b->stones[a] < b->stones[c]) {
        const int swapped = a;
        a = c;
        c = swapped;
    }
    set(b, &b->stones[a], b->stones[a] + b->stones[c]);
    int at = c;
    do {
        set(b, &b->head[at], a);
        at = b->next[at];
    } while (at != c);
    const int next = b->next[a];
    set(b, &b->next[a], b->next[c]);
    set(b, &b->next[c], next);
}

static int remove_chain(Board *b, int head) {
    const int colour = b->colour[head];
    int at = head, count = 0, heads[4];
    do {
        set(b, &b->colour[at], EMPTY);
        b->hash ^= hash_of[colour][at];
        count++;
        at = b->next[at];
    } while (at != head);
    do {
        const int around = adjacent_heads(b, at, OTHER(colour), heads);
        for (int i = 0; i < around; i++) set(b, &b->liberties[heads[i]], b->liberties[heads[i]] + 1);
        at = b->next[at];
    } while (at != head);
    b->captured[colour] += count;
    return count;
}

static int count_liberties(Board *b, int stone) {
    static int list[POINTS];
    return list_liberties(b, stone, list, POINTS);
}

// The move must be legal.
void play(Board *b, int point, int colour) {
    int heads[4], taken = 0, taken_point = 0;
    if (b->depth == MAX_DEPTH) abort();
    Frame *frame = &b->frame[b->depth++];
    frame->hash = b->hash;
    frame->log_count = b->log_count;
    frame->ko = b->ko;
    memcpy(frame->captured, b->captured, sizeof b->captured);
    set(b, &b->colour[point], colour);
    set(b, &b->head[point], point);
    set(b, &b->next[point], point);
    set(b, &b->stones[point], 1);
    b->hash ^= hash_of[colour][point];
    const int enemies = adjacent_heads(b, point, OTHER(colour), heads);
    for (int i = 0; i < enemies; i++) {
        set(b, &b->liberties[heads[i]], b->liberties[heads[i]] - 1);
        if (b->liberties[heads[i]] > 0) continue;
        taken_point = heads[i];
        taken += remove_chain(b, heads[i]);
    }
    for (int i = 0; i < 4; i++) {
        const int next = point + direction[i];
        if (b->colour[next] == colour && b->head[next] != b->head[point])
            join_chains(b, b->head[point], b->head[next]);
    }
    const int head = b->head[point];
    set(b, &b->liberties[head], count_liberties(b, point));
    b->ko = (int16_t)(taken == 1 && b->stones[head] == 1 && b->liberties[head] == 1 ? taken_point : 0);
}

void undo(Board *b) {
    const Frame *frame = &b->frame[--b->depth];
    while (b->log_count > frame->log_count) {
        const Change *change = &b->log[--b->log_count];
        *change->cell = change->old;
    }
    b->hash = frame->hash;
    b->ko = frame->ko;
    memcpy(b->captured, frame->captured, sizeof b->captured);
}

// For setting up: a move for good.
void board_place(Board *b, int point, int colour) {
    if (is_legal(b, point, colour)) play(b, point, colour);
    forget_history(b);
}

// Filling such a point only hurts: friends all around, and at most one diagonal that the enemy could use.
bool is_own_eye(const Board *b, int point, int colour) {
    int bad = 0, edges = 0;
    for (int i = 0; i < 4; i++) {
        const int there = b->colour[point + direction[i]];
        if (there != colour && there != EDGE) return false;
    }
    for (int i = 4; i < 8; i++) {
        const int there = b->colour[point + direction[i]];
        bad += there == OTHER(colour);
        edges += there == EDGE;
    }
    return bad + (edges > 0) < 2;
}

// A move suggested twice keeps the sum of its scores.
void add_candidate(MoveList *list, int move, int score) {
    for (int i = 0; i < list->count; i++) {
        if (list->move[i] != move) continue;
        list->score[i] += score;
        return;
    }
    list->move[list->count] = (int16_t)move;
    list->score[list->count++] = score;
}

void sort_candidates(MoveList *list) {
    for (int i = 1; i < list->count; i++) {
        const int16_t move = list->move[i];
        const int score = list->score[i];
        int j = i;
        for (; j > 0 &&
               (list->score[j - 1] < score || (list->score[j - 1] == score && list->move[j - 1] > move));
             j--) {
            list->move[j] = list->move[j - 1];
            list->score[j] = list->score[j - 1];
        }
        list->move[j] = move;
        list->score[j] = score;
    }
}
