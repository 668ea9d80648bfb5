// SPDX-License-Identifier: BSD-3-Clause
// Groups: worms are chains, dragons are worms that cannot be cut apart; weak dragons are read out for life
// and death.
#include <string.h>
#include "go.h"

enum { TACTICAL_LIBERTIES = 4, LIFE_DEPTH = 5, ESCAPED_LIBERTIES = 9, MAX_GROUP = 24, WEAK_STONES = 2 };

typedef struct {
    int stone[MAX_GROUP], count;   // one stone of each chain; the first must not be lost
    int colour;
    const uint8_t *dead;
} Group;

uint64_t life_nodes;
static int nodes_left;

void analyse_worms(Board *b, Analysis *a) {
    a->worm_count = 0;
    memset(a->dead, 0, sizeof a->dead);
    for (int point = 0; point < POINTS; point++) a->worm_at[point] = -1;
    for (int point = POINT(0, 0); point < POINTS; point++) {
        if (b->colour[point] != BLACK && b->colour[point] != WHITE) continue;
        if (a->worm_at[point] >= 0) continue;
        Worm *worm = &a->worm[a->worm_count];
        int at = point;
        do {
            a->worm_at[at] = (int16_t)a->worm_count;
            at = b->next[at];
        } while (at != point);
        *worm =
            (Worm){point, b->colour[point], chain_stones(b, point), chain_liberties(b, point), false, true, 0,
                   0,     a->worm_count};
        a->worm_count++;
        if (worm->liberties > TACTICAL_LIBERTIES) continue;
        worm->attackable = attack(b, point, &worm->attack_move);
        if (worm->attackable) worm->defendable = defend(b, point, &worm->defend_move);
    }
    for (int point = 0; point < POINTS; point++) {
        if (a->worm_at[point] < 0) continue;
        const Worm *worm = &a->worm[a->worm_at[point]];
        a->dead[point] = worm->attackable && !worm->defendable;
    }
}

static int dragon_of(Analysis *a, int worm) {
    while (a->worm[worm].dragon != worm) worm = a->worm[worm].dragon;
    return worm;
}

static void join_dragons(Analysis *a, int one, int other) {
    const int x = dragon_of(a, one), y = dragon_of(a, other);
    if (x < y) a->worm[y].dragon = x;
    if (y < x) a->worm[x].dragon = y;
}

// Two worms with one liberty in common hold together when an enemy stone there can be taken.
static bool cut_fails(Board *b, int point, int colour) {
    int move;
    if (!is_legal(b, point, OTHER(colour))) return true;
    play(b, point, OTHER(colour));
    const bool fails = chain_liberties(b, point) <= 2 && attack(b, point, &move);
    undo(b);
    return fails;
}

static void join_around(Board *b, Analysis *a, int point) {
    for (int i = 0; i < 4; i++) {
        const int one = a->worm_at[point + direction[i]];
        if (one < 0 || a->dead[point + direction[i]]) continue;
        for (int j = i + 1; j < 4; j++) {
            const int other = a->worm_at[point + direction[j]];
            if (other < 0 || other == one || a->worm[one].colour != a->worm[other].colour) continue;
            if (a->dead[point + direction[j]] || dragon_of(a, one) == dragon_of(a, other)) continue;
            if (cut_fails(b, point, a->worm[one].colour)) join_dragons(a, one, other);
        }
    }
}

// Worms with two common liberties cannot be cut: the owner takes one when the enemy takes the other.
static void join_by_two_liberties(Board *b, Analysis *a) {
    int first[POINTS], second[POINTS];
    for (int one = 0; one < a->worm_count; one++) {
        if (a->dead[a->worm[one].point]) continue;
        const int count = list_liberties(b, a->worm[one].point, first, POINTS);
        for (int other = one + 1; other < a->worm_count; other++) {
            if (a->worm[other].colour != a->worm[one].colour || a->dead[a->worm[other].point]) continue;
            if (dragon_of(a, one) == dragon_of(a, other)) continue;
            const int others = list_liberties(b, a->worm[other].point, second, POINTS);   // leaves marks
            int common = 0;
            for (int i = 0; i < count; i++) common += b->mark[first[i]] == b->generation;
            if (common >= 2 && others >= 2) join_dragons(a, one, other);
        }
    }
}

static void make_group(const Analysis *a, int dragon, Group *group) {
    group->count = 0;
    group->colour = a->worm[dragon].colour;
    group->dead = a->dead;
    int largest = -1;
    for (int i = 0; i < a->worm_count; i++) {
        if (a->worm[i].dragon != dragon || group->count == MAX_GROUP) continue;
        if (largest < 0 || a->worm[i].stones > a->worm[largest].stones) largest = i;
        group->stone[group->count++] = a->worm[i].point;
    }
    for (int i = 0; i < group->count; i++) {
        if (group->stone[i] != a->worm[largest].point) continue;
        group->stone[i] = group->stone[0];
        group->stone[0] = a->worm[largest].point;
    }
}

static int group_liberties(Board *b, const Group *group, int *list, int limit) {
    int count = 0, own[POINTS];
    for (int i = 0; i < group->count; i++) {
        if (b->colour[group->stone[i]] != group->colour) continue;
        const int found = list_liberties(b, group->stone[i], own, limit);
        for (int j = 0; j < found; j++) {
            bool known = false;
            for (int k = 0; k < count && !known; k++) known = list[k] == own[j];
            if (!known) list[count++] = own[j];
            if (count == limit) return count;
        }
    }
    return count;
}

// Points worth trying for either side: where eyes are made or lost, liberties, and stones that could be
// taken.
static void life_candidates(Board *b, const Group *group, const EyeCount *eyes, MoveList *list) {
    int liberty[ESCAPED_LIBERTIES + 1], own[2];
    *list = eyes->vital;
    const int count = group_liberties(b, group, liberty, ESCAPED_LIBERTIES + 1);
    for (int i = 0; i < count; i++) {
        const int point = liberty[i];
        int value = 6 * neighbours_of(b, point, EMPTY) + 3 * neighbours_of(b, point, OTHER(group->colour));
        if (is_own_eye(b, point, group->colour)) value -= 20;
        for (int d = 0; d < 8; d++) {
            const int next = point + direction[d];
            value += b->colour[next] == EDGE ? 2 : 0;
            if (d > 3 || b->colour[next] != OTHER(group->colour) || chain_liberties(b, next) > 1) continue;
            value += 30 + 4 * chain_stones(b, next);   // takes stones or saves them
            list_liberties(b, next, own, 1);
            if (own[0] != point) add_candidate(list, own[0], 30);
        }
        add_candidate(list, point, value);
    }
    sort_candidates(list);
}

static bool life_defend(Board *b, const Group *group, int depth, int *move);

static bool out_of_reach(Board *b, const Group *group) {
    int list[ESCAPED_LIBERTIES];
    return group_liberties(b, group, list, ESCAPED_LIBERTIES) >= ESCAPED_LIBERTIES;
}

// The enemy moves: can the group be killed?
static bool life_attack(Board *b, const Group *group, int depth, int *move) {
    EyeCount eyes;
    MoveList list;
    *move = 0;
    if (b->colour[group->stone[0]] != group->colour) return true;
    count_eyes(b, group->dead, group->stone, group->count, &eyes);
    if (eyes_with_move(&eyes, false) >= 2 || out_of_reach(b, group)) return false;
    if (depth == 0 || nodes_left-- <= 0)
        return eyes_with_move(&eyes, true) < 2 && chain_liberties(b, group->stone[0]) <= 4;
    life_nodes++;
    life_candidates(b, group, &eyes, &list);
    for (int i = 0; i < list.count && i < 4; i++) {
        int answer;
        if (!is_legal(b, list.move[i], OTHER(group->colour))) continue;
        play(b, list.move[i], OTHER(group->colour));
        const bool killed = !life_defend(b, group, depth - 1, &answer);
        undo(b);
        if (!killed) continue;
        *move = list.move[i];
        return true;
    }
    return false;
}

// The owner moves: can the group live?
static bool life_defend(Board *b, const Group *group, int depth, int *move) {
    EyeCount eyes;
    MoveList list;
    *move = 0;
    if (b->colour[group->stone[0]] != group->colour) return false;
    count_eyes(b, group->dead, group->stone, group->count, &eyes);
    if (eyes_with_move(&eyes, false) >= 2 || out_of_reach(b, group)) return true;
    if (depth == 0 || nodes_left-- <= 0) return eyes_with_move(&eyes, true) >= 2;
    life_nodes++;
    life_candidates(b, group, &eyes, &list);
    for (int i = 0; i < list.count && i < 5; i++) {
        int answer;
        if (!is_legal(b, list.move[i], group->colour)) continue;
        play(b, list.move[i], group->colour);
        const bool alive = chain_liberties(b, list.move[i]) > 1 && !life_attack(b, group, depth - 1, &answer);
        undo(b);
        if (!alive) continue;
        *move = list.move[i];
        return true;
    }
    return false;
}

static void judge_dragon(Board *b, Analysis *a, int number, int life_limit) {
    Dragon *dragon = &a->dragon[number];
    Group group;
    EyeCount eyes;
    int list[ESCAPED_LIBERTIES];
    make_group(a, number, &group);
    memset(dragon, 0, sizeof *dragon);
    for (int i = 0; i < a->worm_count; i++) {
        if (a->worm[i].dragon != number) continue;
        dragon->worms++;
        dragon->stones += a->worm[i].stones;
    }
    count_eyes(b, a->dead, group.stone, group.count, &eyes);
    dragon->eyes = eyes_with_move(&eyes, false);
    dragon->liberties = group_liberties(b, &group, list, ESCAPED_LIBERTIES);
    dragon->savable = true;
    if (dragon->eyes >= 2 || dragon->liberties >= ESCAPED_LIBERTIES || dragon->stones < WEAK_STONES) return;
    nodes_left = life_limit;
    dragon->killable = life_attack(b, &group, LIFE_DEPTH, &dragon->kill_move);
    nodes_left = life_limit;
    if (dragon->killable) dragon->savable = life_defend(b, &group, LIFE_DEPTH, &dragon->save_move);
}

void analyse_dragons(Board *b, Analysis *a, int life_limit) {
    join_by_two_liberties(b, a);
    for (int point = POINT(0, 0); point < POINTS; point++) {
        if (b->colour[point] == EMPTY) join_around(b, a, point);
    }
    for (int i = 0; i < a->worm_count; i++) a->worm[i].dragon = dragon_of(a, i);
    for (int i = 0; i < a->worm_count; i++) {
        if (a->worm[i].dragon == i && !a->dead[a->worm[i].point]) judge_dragon(b, a, i, life_limit);
    }
    for (int point = POINT(0, 0); point < POINTS; point++) {
        if (a->worm_at[point] < 0) continue;
        const int number = a->worm[a->worm_at[point]].dragon;
        const Worm *first = &a->worm[number];
        if (!a->dead[first->point] && a->dragon[number].killable && !a->dragon[number].savable)
            a->dead[point] = 2;
    }
}
