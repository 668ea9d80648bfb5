// SPDX-License-Identifier: BSD-3-Clause
// Tactical reading: whether a chain can be caught or saved, ladders and nets included, with a cache of
// results.
#include <stdlib.h>
#include "go.h"

enum {
    SAFE_LIBERTIES = 5,
    BRANCHING_DEPTH = 4,
    NET_PLIES = 3,
    NODE_LIMIT = 250,
    LIST_LIMIT = 8,
    STACK_LIMIT = MAX_DEPTH - 20
};
enum { ATTACK = 1, DEFENCE = 2 };

typedef struct {
    uint64_t key;
    int16_t move;
    uint8_t result;
} CacheEntry;

ReadingStatistics reading;
static CacheEntry *cache;
static uint64_t cache_mask;
static int nodes_left, root_depth;

void init_reading(int cache_bits) {
    cache_mask = (1ULL << cache_bits) - 1;
    cache = calloc(cache_mask + 1, sizeof *cache);
    if (cache == NULL) abort();
}

// Nets are tried near the root only; further on, each step of a ladder would try them in vain.
static bool nets_allowed(const Board *b) { return b->depth - root_depth < NET_PLIES; }

static uint64_t cache_key(const Board *b, int stone, int kind, int depth) {
    const uint64_t manner = (uint64_t)(depth << 3 | nets_allowed(b) << 2 | kind);
    const uint64_t question = (uint64_t)stone << 20 | (uint64_t)b->ko << 8 | manner;
    return b->hash ^ question * 0x9e3779b97f4a7c15ULL;
}

static bool look_up(uint64_t key, int *move, bool *result) {
    const CacheEntry *entry = &cache[(key >> 8) & cache_mask];
    if (entry->key != key) return false;
    *move = entry->move;
    *result = entry->result;
    reading.cache_hits++;
    return true;
}

static bool remember(uint64_t key, int move, bool result) {
    CacheEntry *entry = &cache[(key >> 8) & cache_mask];
    entry->key = key;
    entry->move = (int16_t)move;
    entry->result = result;
    return result;
}

static bool read_defend(Board *b, int stone, int depth, int *move);

// The chains of a colour that touch the chain, each once, by one of their stones.
static int touching_chains(Board *b, int stone, int colour, int *list, int limit) {
    int count = 0, at = stone;
    const uint32_t generation = ++b->generation;
    do {
        for (int i = 0; i < 4; i++) {
            const int point = at + direction[i];
            if (b->colour[point] != colour || b->mark[b->head[point]] == generation) continue;
            b->mark[b->head[point]] = generation;
            list[count++] = point;
            if (count == limit) return count;
        }
        at = b->next[at];
    } while (at != stone);
    return count;
}

// How good a liberty is for the chain's owner: new liberties, and friends with liberties to join.
static int extension_value(const Board *b, int point, int colour) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
        const int next = point + direction[i], there = b->colour[next];
        if (there == EMPTY) value += 10;
        if (there == colour) value += 3 * chain_liberties(b, next);
        if (there == OTHER(colour) && chain_liberties(b, next) <= 2) value += 6;
    }
    return value;
}

static void attack_candidates(Board *b, int stone, int libs, MoveList *list) {
    const int owner = b->colour[stone], attacker = OTHER(owner);
    int liberty[SAFE_LIBERTIES], chain[LIST_LIMIT], own[2];
    const int count = list_liberties(b, stone, liberty, SAFE_LIBERTIES);
    list->count = 0;
    for (int i = 0; i < count; i++) {
        const int shape = neighbours_of(b, liberty[i], attacker) * 4;
        add_candidate(list, liberty[i], 40 + extension_value(b, liberty[i], owner) + shape);
    }
    // An attacking stone that can be taken is best saved first.
    const int chains = touching_chains(b, stone, attacker, chain, LIST_LIMIT);
    for (int i = 0; i < chains; i++) {
        if (chain_liberties(b, chain[i]) != 1) continue;
        list_liberties(b, chain[i], own, 1);
        add_candidate(list, own[0], 15);
    }
    // A net is laid one step away.
    for (int i = 0; i < count && libs <= 3 && nets_allowed(b); i++) {
        for (int j = 0; j < 8; j++) {
            const int point = liberty[i] + direction[j];
            if (b->colour[point] != EMPTY || neighbours_of(b, point, owner) > 0) continue;
            add_candidate(list, point, 8 + 3 * neighbours_of(b, point, EMPTY));
        }
    }
    sort_candidates(list);
}

// The attacker moves. A chain with two liberties is chased as far as the ladder runs; more liberties cost
// depth.
static bool read_attack(Board *b, int stone, int depth, int *move) {
    const int libs = chain_liberties(b, stone), attacker = OTHER(b->colour[stone]);
    MoveList list;
    bool known;
    *move = 0;
    if (libs == 1) {
        list_liberties(b, stone, move, 1);
        return is_legal(b, *move, attacker);
    }
    if (libs >= SAFE_LIBERTIES || depth <= 0 || nodes_left <= 0 || b->depth >= STACK_LIMIT) return false;
    const uint64_t key = cache_key(b, stone, ATTACK, depth);
    if (look_up(key, move, &known)) return known;
    nodes_left--;
    reading.nodes++;
    attack_candidates(b, stone, libs, &list);
    const int width = libs == 2 ? 4 : libs == 3 ? 4 : 2;
    for (int i = 0; i < list.count && i < width; i++) {
        int answer;
        if (!is_legal(b, list.move[i], attacker)) continue;
        play(b, list.move[i], attacker);
        const bool self_atari = chain_liberties(b, list.move[i]) == 1 && chain_liberties(b, stone) > 1;
        const bool caught = !self_atari && !read_defend(b, stone, depth - (libs > 2 ? 2 : 0), &answer);
        undo(b);
        if (!caught) continue;
        *move = list.move[i];
        return remember(key, *move, true);
    }
    *move = 0;
    return remember(key, 0, false);
}

static void defence_candidates(Board *b, int stone, MoveList *list) {
    const int owner = b->colour[stone];
    int liberty[SAFE_LIBERTIES], chain[LIST_LIMIT], other[2];
    const int count = list_liberties(b, stone, liberty, SAFE_LIBERTIES);
    list->count = 0;
    for (int i = 0; i < count; i++)
        add_candidate(list, liberty[i], 20 + extension_value(b, liberty[i], owner));
    const int chains = touching_chains(b, stone, OTHER(owner), chain, LIST_LIMIT);
    for (int i = 0; i < chains; i++) {
        const int libs = chain_liberties(b, chain[i]);
        if (libs > 2) continue;
        list_liberties(b, chain[i], other, 2);
        for (int j = 0; j < libs; j++)
            add_candidate(list, other[j], libs == 1 ? 60 + chain_stones(b, chain[i]) : 12);
    }
    sort_candidates(list);
}

// The owner moves.
static bool read_defend(Board *b, int stone, int depth, int *move) {
    const int libs = chain_liberties(b, stone), owner = b->colour[stone];
    MoveList list;
    bool known;
    *move = 0;
    if (libs >= SAFE_LIBERTIES || depth <= 0 || nodes_left <= 0 || b->depth >= STACK_LIMIT) return true;
    const uint64_t key = cache_key(b, stone, DEFENCE, depth);
    if (look_up(key, move, &known)) return known;
    nodes_left--;
    reading.nodes++;
    defence_candidates(b, stone, &list);
    for (int i = 0; i < list.count && i < 5; i++) {
        int answer;
        if (!is_legal(b, list.move[i], owner)) continue;
        play(b, list.move[i], owner);
        const bool safe =
            chain_liberties(b, stone) > 1 && !read_attack(b, stone, depth - (libs > 2 ? 2 : 0), &answer);
        undo(b);
        if (!safe) continue;
        *move = list.move[i];
        return remember(key, *move, true);
    }
    *move = 0;
    return remember(key, 0, false);
}

bool attack(Board *b, int stone, int *move) {
    nodes_left = NODE_LIMIT;
    root_depth = b->depth;
    reading.calls++;
    return read_attack(b, stone, BRANCHING_DEPTH, move);
}

bool defend(Board *b, int stone, int *move) {
    nodes_left = NODE_LIMIT;
    root_depth = b->depth;
    reading.calls++;
    return read_defend(b, stone, BRANCHING_DEPTH, move);
}
