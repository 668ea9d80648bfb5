// SPDX-License-Identifier: BSD-3-Clause
// The search: iterative deepening, principal-variation alpha-beta with a transposition table, and quiescence.
#include <stdlib.h>
#include <string.h>
#include "chess.h"

enum { BOUND_NONE, BOUND_UPPER, BOUND_LOWER, BOUND_EXACT };
enum { ORDER_TABLE = 1 << 28, ORDER_CAPTURE = 1 << 26, ORDER_KILLER = 1 << 25 };

typedef struct {
    uint64_t key;
    Move move;
    int16_t score;
    int8_t depth;
    uint8_t bound;
} TableEntry;

static TableEntry *table;
static uint64_t table_mask;
static Move killers[MAX_PLY][2];
static int history[16][128];
static Move lines[MAX_PLY + 1][MAX_PLY];
static int line_length[MAX_PLY + 1];
static int reductions[32][64];
static SearchResult *now;
static uint64_t node_limit;
static bool stopped;

static int bits_of(int n) {
    int bits = 0;
    for (; n > 1; n >>= 1) bits++;
    return bits;
}

void init_search(int table_bits) {
    table_mask = (1ULL << table_bits) - 1;
    table = calloc(table_mask + 1, sizeof *table);
    if (table == NULL) abort();
    for (int depth = 0; depth < 32; depth++) {
        for (int move = 0; move < 64; move++) {
            reductions[depth][move] = depth < 3 || move < 4 ? 0 : 1 + bits_of(depth) * bits_of(move) / 6;
        }
    }
}

// Mate scores count plies from the root; in the table they count from the position itself.
static int to_table(int score, int ply) {
    return score > MATE - MAX_PLY ? score + ply : score < -MATE + MAX_PLY ? score - ply : score;
}

static int from_table(int score, int ply) {
    return score > MATE - MAX_PLY ? score - ply : score < -MATE + MAX_PLY ? score + ply : score;
}

static void store(const Position *p, int depth, int score, int bound, Move move, int ply) {
    TableEntry *entry = &table[p->key & table_mask];
    if (entry->key == p->key && entry->depth > depth && bound != BOUND_EXACT) return;
    entry->key = p->key;
    entry->move = move;
    entry->score = (int16_t)to_table(score, ply);
    entry->depth = (int8_t)depth;
    entry->bound = (uint8_t)bound;
}

// Taking something at least as dear cannot lose; only other captures need the exchange played out.
static int capture_gain(Position *p, Move move) {
    const int victim = piece_value[TYPE_OF(p->board[TO(move)])],
              attacker = piece_value[TYPE_OF(p->board[FROM(move)])];
    return victim >= attacker && attacker > 0 ? victim - attacker : exchange_value(p, move);
}

static void score_moves(Position *p, MoveList *list, Move table_move, int ply) {
    for (int i = 0; i < list->count; i++) {
        const Move move = list->move[i];
        const int piece = p->board[FROM(move)];
        if (move == table_move) {
            list->score[i] = ORDER_TABLE;
        } else if ((move & FLAG_CAPTURE) || PROMOTION(move)) {
            const int gain = capture_gain(p, move) + piece_value[PROMOTION(move)];
            const int order = 16 * gain + piece_value[TYPE_OF(p->board[TO(move)])] - TYPE_OF(piece);
            list->score[i] = gain >= 0 ? ORDER_CAPTURE + order : -ORDER_CAPTURE + order;
        } else if (move == killers[ply][0] || move == killers[ply][1]) {
            list->score[i] = ORDER_KILLER + (move == killers[ply][0]);
        } else {
            list->score[i] = history[piece][TO(move)];
        }
    }
}

static Move next_move(MoveList *list, int from) {
    int best = from;
    for (int i = from + 1; i < list->count; i++) {
        if (list->score[i] > list->score[best]) best = i;
    }
    const Move move = list->move[best];
    const int score = list->score[best];
    list->move[best] = list->move[from];
    list->score[best] = list->score[from];
    list->move[from] = move;
    list->score[from] = score;
    return move;
}

static void keep_line(Move move, int ply) {
    lines[ply][ply] = move;
    for (int i = ply + 1; i < line_length[ply + 1]; i++) lines[ply][i] = lines[ply + 1][i];
    line_length[ply] = line_length[ply + 1];
}

static int quiescence(Position *p, int alpha, int beta, int ply) {
    MoveList list;
    now->nodes++;
    now->quiescence_nodes++;
    line_length[ply] = ply;
    const int stand = evaluate(p);
    if (stand >= beta || ply >= MAX_PLY - 1) return stand;
    int best = stand;
    if (stand > alpha) alpha = stand;
    generate_captures(p, &list);
    score_moves(p, &list, 0, ply);
    for (int i = 0; i < list.count; i++) {
        const Move move = next_move(&list, i);
        if (list.score[i] < 0) break;   // loses material
        const int hope =
            stand + piece_value[TYPE_OF(p->board[TO(move)])] + piece_value[PROMOTION(move)] + 150;
        if (hope <= alpha && p->phase > 4 && !(move & FLAG_EN_PASSANT)) continue;
        if (!make_move(p, move)) continue;
        const int score = -quiescence(p, -beta, -alpha, ply + 1);
        unmake_move(p);
        if (score <= best) continue;
        best = score;
        if (score <= alpha) continue;
        alpha = score;
        keep_line(move, ply);
        if (score >= beta) break;
    }
    return best;
}

static void reward_quiet(const Position *p, Move move, int depth, int ply) {
    if (killers[ply][0] != move) {
        killers[ply][1] = killers[ply][0];
        killers[ply][0] = move;
    }
    int *entry = &history[p->board[FROM(move)]][TO(move)];
    *entry += depth * depth;
    if (*entry < 1 << 20) return;
    for (int piece = 0; piece < 16; piece++) {
        for (int square = 0; square < 128; square++) history[piece][square] /= 2;
    }
}

static int search(Position *p, int alpha, int beta, int depth, int ply, bool may_null);

// The window is widened only for moves that turn out better than the first; late quiet moves are tried
// shallower.
static int search_child(Position *p, int alpha, int beta, int depth, int ply, int tried, int reduction) {
    if (tried == 0) return -search(p, -beta, -alpha, depth, ply + 1, true);
    int score = -search(p, -alpha - 1, -alpha, depth - reduction, ply + 1, true);
    if (score > alpha && reduction > 0) score = -search(p, -alpha - 1, -alpha, depth, ply + 1, true);
    if (score > alpha && score < beta) score = -search(p, -beta, -alpha, depth, ply + 1, true);
    return score;
}

static bool null_move_fails_high(Position *p, int beta, int depth, int ply) {
    const int pieces = p->end[p->side] - 100 * p->count[p->side];
    if (depth < 3 || pieces < 300 || p->phase < 3 || evaluate(p) < beta) return false;   // zugzwang is near
    make_null(p);
    const int score = -search(p, -beta, -beta + 1, depth - 3 - depth / 6, ply + 1, false);
    unmake_null(p);
    if (score >= beta && !stopped) now->null_cutoffs++;
    return score >= beta;
}

static bool table_answers(const Position *p, int alpha, int beta, int depth, int ply, Move *move,
                          int *score) {
    const TableEntry *entry = &table[p->key & table_mask];
    if (entry->key != p->key || entry->bound == BOUND_NONE) return false;
    *move = entry->move;
    if (entry->depth < depth || ply == 0) return false;
    *score = from_table(entry->score, ply);
    const bool known = entry->bound == BOUND_EXACT || (entry->bound == BOUND_LOWER && *score >= beta) ||
                       (entry->bound == BOUND_UPPER && *score <= alpha);
    now->table_hits += known;
    return known;
}

static int search_moves(Position *p, MoveList *list, int alpha, int beta, int depth, int ply, bool check) {
    const int old_alpha = alpha;
    const bool hopeless = depth == 1 && !check && beta - alpha == 1 && evaluate(p) + 200 <= alpha;
    int best = -INFINITE, tried = 0;
    Move best_move = 0;
    for (int i = 0; i < list->count && !stopped; i++) {
        const Move move = next_move(list, i);
        const bool quiet = !(move & FLAG_CAPTURE) && !PROMOTION(move);
        if (!make_move(p, move)) continue;
        const bool gives_check = in_check(p);
        if (hopeless && quiet && !gives_check && tried > 0) {
            unmake_move(p);
            continue;
        }
        const bool late = quiet && !check && !gives_check;
        const int reduction = late ? reductions[depth > 31 ? 31 : depth][tried > 63 ? 63 : tried] : 0;
        const int score = search_child(p, alpha, beta, depth - 1 + gives_check, ply, tried, reduction);
        unmake_move(p);
        tried++;
        if (stopped) return best == -INFINITE ? alpha : best;
        if (score > best) {
            best = score;
            best_move = move;
        }
        if (score <= alpha) continue;
        alpha = score;
        keep_line(move, ply);
        if (score < beta) continue;
        now->cutoffs++;
        now->first_cutoffs += tried == 1;
        if (quiet) reward_quiet(p, move, depth, ply);
        break;
    }
    if (tried == 0) return check ? -MATE + ply : DRAW;
    if (stopped) return best;
    const int bound = best >= beta ? BOUND_LOWER : best > old_alpha ? BOUND_EXACT : BOUND_UPPER;
    store(p, depth, best, bound, best_move, ply);
    return best;
}

static int search(Position *p, int alpha, int beta, int depth, int ply, bool may_null) {
    MoveList list;
    if (depth <= 0) return quiescence(p, alpha, beta, ply);
    now->nodes++;
    line_length[ply] = ply;
    if (now->nodes >= node_limit) stopped = true;
    if (ply > 0 && (p->fifty >= 100 || is_repetition(p))) return DRAW;
    if (ply >= MAX_PLY - 1) return evaluate(p);
    Move table_move = 0;
    int score;
    if (table_answers(p, alpha, beta, depth, ply, &table_move, &score)) return score;
    const bool check = in_check(p);
    if (may_null && !check && beta - alpha == 1 && null_move_fails_high(p, beta, depth, ply)) return beta;
    if (stopped) return alpha;
    if (table_move == 0 && depth >= 4) {   // find a first move cheaply, or the cut comes late
        search(p, alpha, beta, depth - 2, ply, false);
        const TableEntry *entry = &table[p->key & table_mask];
        if (entry->key == p->key) table_move = entry->move;
        line_length[ply] = ply;
    }
    generate_moves(p, &list);
    score_moves(p, &list, table_move, ply);
    return search_moves(p, &list, alpha, beta, depth, ply, check);
}

void search_position(Position *p, int max_depth, uint64_t limit, SearchResult *result) {
    memset(table, 0, (table_mask + 1) * sizeof *table);
    memset(killers, 0, sizeof killers);
    memset(history, 0, sizeof history);
    memset(result, 0, sizeof *result);
    clear_pawn_table();
    now = result;
    node_limit = limit;
    stopped = false;
    for (int depth = 1; depth <= max_depth; depth++) {
        int alpha = -INFINITE, beta = INFINITE;
        if (depth >= 4) {
            alpha = result->score - 40;
            beta = result->score + 40;
        }
        int score = search(p, alpha, beta, depth, 0, false);
        if (!stopped && (score <= alpha || score >= beta))
            score = search(p, -INFINITE, INFINITE, depth, 0, false);
        if (stopped) break;
        result->depth = depth;
        result->score = score;
        result->line_length = line_length[0];
        memcpy(result->line, lines[0], sizeof result->line);
        result->best = lines[0][0];
        if (abs(score) > MATE - MAX_PLY) break;
    }
}
