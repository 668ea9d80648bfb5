// SPDX-License-Identifier: BSD-3-Clause
// Moves: generating them, the value of an exchange on a square, and counting the leaves of the move tree.
#include "chess.h"

static void add_move(MoveList *list, Move move) { list->move[list->count++] = move; }

static void add_pawn_move(MoveList *list, int from, int to, int flags) {
    if (RANK_OF(to) == 0 || RANK_OF(to) == 7) {
        for (int type = QUEEN; type >= KNIGHT; type--) add_move(list, MOVE(from, to, type, flags));
    } else {
        add_move(list, MOVE(from, to, 0, flags));
    }
}

static void pawn_captures(const Position *p, MoveList *list, int from) {
    const int forward = p->side == WHITE ? 16 : -16;
    for (int side = -1; side <= 1; side += 2) {
        const int to = from + forward + side;
        if (OFF_BOARD(to)) continue;
        const int victim = p->board[to];
        if (victim != NONE && COLOUR_OF(victim) != p->side) add_pawn_move(list, from, to, FLAG_CAPTURE);
        if (to == p->en_passant) add_move(list, MOVE(from, to, 0, FLAG_CAPTURE | FLAG_EN_PASSANT));
    }
}

static void pawn_pushes(const Position *p, MoveList *list, int from) {
    const int forward = p->side == WHITE ? 16 : -16, home = p->side == WHITE ? 1 : 6;
    if (p->board[from + forward] != NONE) return;
    add_pawn_move(list, from, from + forward, 0);
    if (RANK_OF(from) == home && p->board[from + 2 * forward] == NONE) {
        add_move(list, MOVE(from, from + 2 * forward, 0, FLAG_DOUBLE));
    }
}

static void piece_moves(const Position *p, MoveList *list, int from, int type, bool captures_only) {
    const int *steps = type == KNIGHT ? knight_steps : king_steps;
    const int first = type == BISHOP ? 4 : 0, last = type == ROOK ? 4 : 8;
    const bool slides = type >= BISHOP && type <= QUEEN;
    for (int i = first; i < last; i++) {
        int to = from + steps[i];
        for (; !OFF_BOARD(to); to += steps[i]) {
            const int victim = p->board[to];
            if (victim != NONE) {
                if (COLOUR_OF(victim) != p->side) add_move(list, MOVE(from, to, 0, FLAG_CAPTURE));
                break;
            }
            if (!captures_only) add_move(list, MOVE(from, to, 0, 0));
            if (!slides) break;
        }
    }
}

static void castling_moves(const Position *p, MoveList *list) {
    const int rights = p->side == WHITE ? p->castling : p->castling >> 2;
    const int home = p->side == WHITE ? 0 : 0x70, enemy = p->side ^ 1;
    if (!(rights & 3) || is_attacked(p, home + 4, enemy)) return;
    if ((rights & CASTLE_WK) && !p->board[home + 5] && !p->board[home + 6] &&
        !is_attacked(p, home + 5, enemy)) {
        add_move(list, MOVE(home + 4, home + 6, 0, FLAG_CASTLE));
    }
    if ((rights & CASTLE_WQ) && !p->board[home + 3] && !p->board[home + 2] && !p->board[home + 1] &&
        !is_attacked(p, home + 3, enemy)) {
        add_move(list, MOVE(home + 4, home + 2, 0, FLAG_CASTLE));
    }
}

void generate_moves(const Position *p, MoveList *list) {
    list->count = 0;
    for (int i = 0; i < p->count[p->side]; i++) {
        const int from = p->list[p->side][i], type = TYPE_OF(p->board[from]);
        if (type == PAWN) {
            pawn_captures(p, list, from);
            pawn_pushes(p, list, from);
        } else {
            piece_moves(p, list, from, type, false);
        }
    }
    castling_moves(p, list);
}

void generate_captures(const Position *p, MoveList *list) {
    const int before_last = p->side == WHITE ? 6 : 1;
    list->count = 0;
    for (int i = 0; i < p->count[p->side]; i++) {
        const int from = p->list[p->side][i], type = TYPE_OF(p->board[from]);
        if (type == PAWN) {
            pawn_captures(p, list, from);
            if (RANK_OF(from) == before_last) pawn_pushes(p, list, from);
        } else {
            piece_moves(p, list, from, type, true);
        }
    }
}

// The square of the cheapest piece of a colour that attacks the target, or NO_SQUARE.
static int cheapest_attacker(const Position *p, int target, int by) {
    const int behind = by == WHITE ? -16 : 16;
    for (int side = -1; side <= 1; side += 2) {
        const int from = target + behind + side;
        if (!OFF_BOARD(from) && p->board[from] == PIECE(PAWN, by)) return from;
    }
    for (int i = 0; i < 8; i++) {
        const int from = target + knight_steps[i];
        if (!OFF_BOARD(from) && p->board[from] == PIECE(KNIGHT, by)) return from;
    }
    int best = NO_SQUARE, best_type = KING + 1;
    for (int i = 0; i < 8; i++) {
        const int step = king_steps[i], slider = i < 4 ? ROOK : BISHOP;
        int from = target + step;
        if (!OFF_BOARD(from) && p->board[from] == PIECE(KING, by) && best_type > KING) {
            best = from;
            best_type = KING;
        }
        while (!OFF_BOARD(from) && p->board[from] == NONE) from += step;
        if (OFF_BOARD(from) || COLOUR_OF(p->board[from]) != by) continue;
        const int type = TYPE_OF(p->board[from]);
        if ((type == slider || type == QUEEN) && type < best_type) {
            best = from;
            best_type = type;
        }
    }
    return best;
}

// Static exchange: what the side to move wins on the target when both sides take with the cheapest piece each
// time.
int exchange_value(Position *p, Move move) {
    const int target = TO(move);
    int gain[32], taken_from[32], taken_piece[32], depth = 0, removed = 0, from = FROM(move), side = p->side;
    gain[0] = move & FLAG_EN_PASSANT ? piece_value[PAWN] : piece_value[TYPE_OF(p->board[target])];
    while (from != NO_SQUARE && depth < 31) {
        const int type = TYPE_OF(p->board[from]);
        // A king cannot take a protected piece: a huge value makes the other side's answer decisive.
        const int risked = type == KING ? 10000 : piece_value[type];
        depth++;
        gain[depth] = risked - gain[depth - 1];
        taken_from[removed] = from;
        taken_piece[removed++] = p->board[from];
        p->board[from] = NONE;   // opens lines for pieces behind
        side ^= 1;
        from = cheapest_attacker(p, target, side);
    }
    while (removed > 0) {
        removed--;
        p->board[taken_from[removed]] = (uint8_t)taken_piece[removed];
    }
    while (--depth > 0) {
        if (-gain[depth] < gain[depth - 1]) gain[depth - 1] = -gain[depth];
    }
    return gain[0];
}

uint64_t perft(Position *p, int depth) {
    MoveList list;
    uint64_t leaves = 0;
    generate_moves(p, &list);
    for (int i = 0; i < list.count; i++) {
        if (!make_move(p, list.move[i])) continue;
        leaves += depth > 1 ? perft(p, depth - 1) : 1;
        unmake_move(p);
    }
    return leaves;
}

void move_name(Move move, char *text) {
    const char promotion[] = "\0pnbrqk";
    text[0] = (char)('a' + FILE_OF(FROM(move)));
    text[1] = (char)('1' + RANK_OF(FROM(move)));
    text[2] = (char)('a' + FILE_OF(TO(move)));
    text[3] = (char)('1' + RANK_OF(TO(move)));
    text[4] = promotion[PROMOTION(move)];
    text[5] = 0;
}
