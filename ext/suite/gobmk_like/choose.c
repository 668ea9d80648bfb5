// SPDX-License-Identifier: BSD-3-Clause
// Choosing a move: reasons from tactics, life and death, patterns and influence; then the best few are tried
// on the whole board against the likely answers.
#include "go.h"

enum { STONE_VALUE = 20, FILL_PENALTY = 2000, QUICK_POINTS = 20 };

static void add_tactical_moves(const Analysis *a, int colour, MoveList *list) {
    for (int i = 0; i < a->worm_count; i++) {
        const Worm *worm = &a->worm[i];
        if (!worm->attackable || !worm->defendable) continue;
        const int value = STONE_VALUE * worm->stones + 15;
        if (worm->colour == colour && worm->defend_move) add_candidate(list, worm->defend_move, value);
        if (worm->colour != colour) add_candidate(list, worm->attack_move, value);
    }
}

static void add_life_moves(const Analysis *a, int colour, MoveList *list) {
    for (int i = 0; i < a->worm_count; i++) {
        const Dragon *dragon = &a->dragon[i];
        if (a->worm[i].dragon != i || a->dead[a->worm[i].point] || !dragon->killable || !dragon->savable)
            continue;
        const int value = STONE_VALUE * dragon->stones + 10;
        if (a->worm[i].colour == colour && dragon->save_move) add_candidate(list, dragon->save_move, value);
        if (a->worm[i].colour != colour && dragon->kill_move) add_candidate(list, dragon->kill_move, value);
    }
}

static int from_edge(const Board *b, int point) {
    const int row = point / ROW - 1, column = point % ROW - 1, last = b->size - 1;
    const int vertical = row < last - row ? row : last - row,
              horizontal = column < last - column ? column : last - column;
    return vertical < horizontal ? vertical : horizontal;
}

// Open points where neither side is strong are large; the third and fourth lines are worth most.
static int influence_value(const Board *b, const Influence *influence, int point) {
    static const int line_value[10] = {-30, -8, 10, 9, 3, 0, 0, 0, 0, 0};
    const int32_t black = influence->strength[BLACK][point], white = influence->strength[WHITE][point];
    const int32_t difference = black > white ? black - white : white - black, total = black + white;
    int value = 40 - difference / 16 - total / 64 + line_value[from_edge(b, point)];
    if (difference < 100 && total > 200) value += 25;   // a border that is still open
    return value;
}

static void add_shape_moves(const Board *b, const Influence *influence, int colour, MoveList *list) {
    for (int point = POINT(0, 0); point < POINTS; point++) {
        if (b->colour[point] != EMPTY) continue;
        const int shape = match_patterns(b, point, colour);
        int value = (shape > 90 ? 90 : shape) + influence_value(b, influence, point);
        if (is_own_eye(b, point, colour)) value -= FILL_PENALTY;
        list->move[list->count] = (int16_t)point;   // the first suggestions: no point can be known yet
        list->score[list->count++] = value;
    }
}

static bool is_reasonable(Board *b, int move, int colour) {
    int answer;
    if (!is_legal(b, move, colour) || is_own_eye(b, move, colour)) return false;
    const int taken = b->captured[OTHER(colour)];
    play(b, move, colour);
    const bool lost =
        b->captured[OTHER(colour)] == taken && chain_liberties(b, move) <= 3 && attack(b, move, &answer);
    undo(b);
    return !lost;
}

static void list_moves(Board *b, int colour, const Effort *effort, Analysis *a, MoveList *list) {
    Influence influence;
    list->count = 0;
    analyse_worms(b, a);
    analyse_dragons(b, a, effort->life_limit);
    compute_influence(b, a->dead, &influence);
    add_shape_moves(b, &influence, colour, list);
    add_tactical_moves(a, colour, list);
    add_life_moves(a, colour, list);
    sort_candidates(list);
}

static int whole_board_value(Board *b, int colour) {
    static Analysis analysis;
    Influence influence;
    analyse_worms(b, &analysis);
    compute_influence(b, analysis.dead, &influence);
    const int score = estimate_score(b, analysis.dead, &influence);
    return colour == BLACK ? score : -score;
}

// The other side's most urgent answers by shape and tactics alone.
static void list_replies(Board *b, int colour, MoveList *list) {
    static Analysis analysis;
    Influence influence;
    list->count = 0;
    analyse_worms(b, &analysis);
    compute_influence(b, analysis.dead, &influence);
    add_shape_moves(b, &influence, colour, list);
    add_tactical_moves(&analysis, colour, list);
    sort_candidates(list);
}

static int value_after_replies(Board *b, int colour, int replies) {
    MoveList list;
    int worst = whole_board_value(b, colour);
    list_replies(b, OTHER(colour), &list);
    for (int i = 0, tried = 0; i < list.count && tried < replies; i++) {
        if (!is_legal(b, list.move[i], OTHER(colour))) continue;
        play(b, list.move[i], OTHER(colour));
        const int value = whole_board_value(b, colour);
        undo(b);
        tried++;
        if (value < worst) worst = value;
    }
    return worst;
}

// Returns 0 to pass. The value is what the move gains, in tenths of a point.
int choose_move(Board *b, int colour, const Effort *effort, int *value) {
    static Analysis analysis;
    MoveList list;
    int best = 0, best_value = -100000, tried = 0;
    list_moves(b, colour, effort, &analysis, &list);
    const int before = whole_board_value(b, colour);
    for (int i = 0; i < list.count && tried < effort->candidates && list.score[i] > -50; i++) {
        if (!is_reasonable(b, list.move[i], colour)) continue;
        play(b, list.move[i], colour);
        const int after = list.score[i] / 2 + value_after_replies(b, colour, effort->replies) - before;
        undo(b);
        tried++;
        if (after <= best_value) continue;
        best_value = after;
        best = list.move[i];
    }
    *value = best == 0 ? 0 : best_value;
    return best;
}

// For making positions: of some points drawn at random, the legal one with the best shape; stones in atari
// matter.
int quick_move(Board *b, int colour, uint64_t *seed) {
    MoveList list = {.count = 0};
    for (int i = 0; i < QUICK_POINTS; i++) {
        *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
        const int row = (int)((*seed >> 40) * (uint64_t)b->size >> 24);
        const int column = (int)((*seed >> 16 & 0xffffff) * (uint64_t)b->size >> 24),
                  point = POINT(row, column);
        if (b->colour[point] != EMPTY) continue;
        int value = match_patterns(b, point, colour) + 3 * (from_edge(b, point) > 1);
        for (int d = 0; d < 4; d++) {
            const int next = point + direction[d], there = b->colour[next];
            if ((there == BLACK || there == WHITE) && chain_liberties(b, next) == 1) value += 60;
        }
        add_candidate(&list, point, value);
    }
    sort_candidates(&list);
    for (int i = 0; i < list.count; i++) {
        if (is_reasonable(b, list.move[i], colour)) return list.move[i];
    }
    return 0;
}
