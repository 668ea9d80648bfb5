// SPDX-License-Identifier: BSD-3-Clause
// The board: setting up, making and taking back moves, attacks on squares, hash keys.
#include <stdlib.h>
#include <string.h>
#include "chess.h"

const int piece_value[7] = {0, 100, 320, 330, 500, 950, 0};
const int knight_steps[8] = {33, 31, 18, 14, -33, -31, -18, -14};
const int king_steps[8] = {16, 1, -16, -1, 17, 15, -17, -15};
static const int phase_weight[7] = {0, 0, 1, 1, 2, 4, 0};

static uint64_t zobrist[16][128], zobrist_castling[16], zobrist_file[8], zobrist_side;
static int16_t square_middle[16][128], square_end[16][128];
static uint8_t castling_kept[128];   // rights that survive a move from or to this square

static uint64_t random64(void) {
    static uint64_t state = 0x853c49e6748fea9bULL;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * 0x2545f4914f6cdd1dULL;
}

// The worth of a square for a white piece: centre, advancement, and the king's safety behind its pawns.
static int square_bonus(int type, int file, int rank, bool end) {
    const int centre = 6 - abs(2 * file - 7) / 2 - abs(2 * rank - 7) / 2;
    switch (type) {
        case PAWN:
            if (end) return rank * rank * 2 - 8;
            return rank * 3 + (file >= 2 && file <= 5 ? rank * 4 - 6 : 0) -
                   (rank == 1 && (file == 3 || file == 4) ? 14 : 0);
        case KNIGHT: return centre * 8 - 30 - (rank == 0 ? 8 : 0);
        case BISHOP: return centre * 4 - 10 + (file == rank || file + rank == 7 ? 6 : 0);
        case ROOK: return end ? rank : (rank == 6 ? 18 : 0) + (file == 3 || file == 4 ? 5 : 0);
        case QUEEN: return end ? centre * 5 - 10 : centre - (rank > 1 && rank < 4 ? 3 : 0);
        default:
            if (end) return centre * 10 - 30;
            return -rank * 18 + (rank == 0 && (file == 6 || file == 2 || file == 1) ? 26 : 0) - centre * 2;
    }
}

void init_tables(void) {
    for (int square = 0; square < 128; square++) {
        castling_kept[square] = 15;
        if (OFF_BOARD(square)) continue;
        for (int type = PAWN; type <= KING; type++) {
            for (int colour = WHITE; colour <= BLACK; colour++) {
                const int rank = colour == WHITE ? RANK_OF(square) : 7 - RANK_OF(square);
                const int piece = PIECE(type, colour), file = FILE_OF(square);
                zobrist[piece][square] = random64();
                square_middle[piece][square] =
                    (int16_t)(piece_value[type] + square_bonus(type, file, rank, false));
                square_end[piece][square] =
                    (int16_t)(piece_value[type] + square_bonus(type, file, rank, true));
            }
        }
    }
    for (int i = 0; i < 16; i++) zobrist_castling[i] = random64();
    for (int i = 0; i < 8; i++) zobrist_file[i] = random64();
    zobrist_side = random64();
    castling_kept[SQUARE(4, 0)] = CASTLE_BK | CASTLE_BQ;
    castling_kept[SQUARE(4, 7)] = CASTLE_WK | CASTLE_WQ;
    castling_kept[SQUARE(0, 0)] = (uint8_t)~CASTLE_WQ & 15;
    castling_kept[SQUARE(7, 0)] = (uint8_t)~CASTLE_WK & 15;
    castling_kept[SQUARE(0, 7)] = (uint8_t)~CASTLE_BQ & 15;
    castling_kept[SQUARE(7, 7)] = (uint8_t)~CASTLE_BK & 15;
}

static void put_piece(Position *p, int piece, int square) {
    const int colour = COLOUR_OF(piece), type = TYPE_OF(piece);
    p->board[square] = (uint8_t)piece;
    p->index[square] = (uint8_t)p->count[colour];
    p->list[colour][p->count[colour]++] = (uint8_t)square;
    p->key ^= zobrist[piece][square];
    if (type == PAWN) p->pawn_key ^= zobrist[piece][square];
    if (type == KING) p->king[colour] = square;
    p->middle[colour] += square_middle[piece][square];
    p->end[colour] += square_end[piece][square];
    p->phase += phase_weight[type];
}

static void remove_piece(Position *p, int square) {
    const int piece = p->board[square], colour = COLOUR_OF(piece), type = TYPE_OF(piece);
    const int last = p->list[colour][--p->count[colour]];
    p->list[colour][p->index[square]] = (uint8_t)last;
    p->index[last] = p->index[square];
    p->board[square] = NONE;
    p->key ^= zobrist[piece][square];
    if (type == PAWN) p->pawn_key ^= zobrist[piece][square];
    p->middle[colour] -= square_middle[piece][square];
    p->end[colour] -= square_end[piece][square];
    p->phase -= phase_weight[type];
}

static void shift_piece(Position *p, int from, int to) {
    const int piece = p->board[from], colour = COLOUR_OF(piece);
    const uint64_t change = zobrist[piece][from] ^ zobrist[piece][to];
    p->board[from] = NONE;
    p->board[to] = (uint8_t)piece;
    p->index[to] = p->index[from];
    p->list[colour][p->index[to]] = (uint8_t)to;
    p->key ^= change;
    if (TYPE_OF(piece) == PAWN) p->pawn_key ^= change;
    if (TYPE_OF(piece) == KING) p->king[colour] = to;
    p->middle[colour] += square_middle[piece][to] - square_middle[piece][from];
    p->end[colour] += square_end[piece][to] - square_end[piece][from];
}

void set_position(Position *p, const char *fen) {
    static const char letters[] = " pnbrqk";
    memset(p, 0, sizeof *p);
    int file = 0, rank = 7;
    for (; *fen != ' '; fen++) {
        if (*fen == '/') {
            rank--;
            file = 0;
        } else if (*fen >= '1' && *fen <= '8') {
            file += *fen - '0';
        } else {
            const int colour = *fen >= 'a' ? BLACK : WHITE;
            const int type = (int)(strchr(letters, *fen | 32) - letters);
            put_piece(p, PIECE(type, colour), SQUARE(file++, rank));
        }
    }
    p->side = fen[1] == 'w' ? WHITE : BLACK;
    for (fen += 3; *fen != ' '; fen++) {
        if (*fen == 'K') p->castling |= CASTLE_WK;
        if (*fen == 'Q') p->castling |= CASTLE_WQ;
        if (*fen == 'k') p->castling |= CASTLE_BK;
        if (*fen == 'q') p->castling |= CASTLE_BQ;
    }
    p->en_passant = fen[1] == '-' ? NO_SQUARE : SQUARE(fen[1] - 'a', fen[2] - '1');
    p->key ^= zobrist_castling[p->castling];
    if (p->en_passant != NO_SQUARE) p->key ^= zobrist_file[FILE_OF(p->en_passant)];
    if (p->side == BLACK) p->key ^= zobrist_side;
}

bool is_attacked(const Position *p, int square, int by) {
    const int pawn = PIECE(PAWN, by), behind = by == WHITE ? -16 : 16;
    for (int side = -1; side <= 1; side += 2) {
        const int from = square + behind + side;
        if (!OFF_BOARD(from) && p->board[from] == pawn) return true;
    }
    const int knight = PIECE(KNIGHT, by);
    for (int i = 0; i < 8; i++) {
        const int from = square + knight_steps[i];
        if (!OFF_BOARD(from) && p->board[from] == knight) return true;
    }
    for (int i = 0; i < 8; i++) {
        const int step = king_steps[i], slider = i < 4 ? ROOK : BISHOP;
        int from = square + step;
        if (!OFF_BOARD(from) && p->board[from] == PIECE(KING, by)) return true;
        while (!OFF_BOARD(from) && p->board[from] == NONE) from += step;
        if (OFF_BOARD(from)) continue;
        const int piece = p->board[from];
        if (COLOUR_OF(piece) == by && (TYPE_OF(piece) == slider || TYPE_OF(piece) == QUEEN)) return true;
    }
    return false;
}

bool in_check(const Position *p) { return is_attacked(p, p->king[p->side], p->side ^ 1); }

static Undo *save_state(Position *p, Move move) {
    Undo *undo = &p->history[p->played++];
    undo->key = p->key;
    undo->pawn_key = p->pawn_key;
    undo->move = move;
    undo->captured = NONE;
    undo->castling = (uint8_t)p->castling;
    undo->en_passant = (uint8_t)p->en_passant;
    undo->fifty = (uint8_t)p->fifty;
    if (p->en_passant != NO_SQUARE) p->key ^= zobrist_file[FILE_OF(p->en_passant)];
    p->en_passant = NO_SQUARE;
    return undo;
}

static void rook_of_castling(int king_to, int *from, int *to) {
    const int home = king_to & 0x70;
    *from = FILE_OF(king_to) == 6 ? home + 7 : home;
    *to = FILE_OF(king_to) == 6 ? home + 5 : home + 3;
}

bool make_move(Position *p, Move move) {
    const int from = FROM(move), to = TO(move), side = p->side;
    Undo *undo = save_state(p, move);
    p->fifty++;
    if (move & FLAG_CAPTURE) {
        const int victim = move & FLAG_EN_PASSANT ? to + (side == WHITE ? -16 : 16) : to;
        undo->captured = p->board[victim];
        remove_piece(p, victim);
        p->fifty = 0;
    }
    if (TYPE_OF(p->board[from]) == PAWN) p->fifty = 0;
    shift_piece(p, from, to);
    if (PROMOTION(move)) {
        remove_piece(p, to);
        put_piece(p, PIECE(PROMOTION(move), side), to);
    }
    if (move & FLAG_CASTLE) {
        int rook_from, rook_to;
        rook_of_castling(to, &rook_from, &rook_to);
        shift_piece(p, rook_from, rook_to);
    }
    if (move & FLAG_DOUBLE) {
        p->en_passant = (from + to) / 2;
        p->key ^= zobrist_file[FILE_OF(from)];
    }
    p->key ^= zobrist_castling[p->castling];
    p->castling &= castling_kept[from] & castling_kept[to];
    p->key ^= zobrist_castling[p->castling] ^ zobrist_side;
    p->side ^= 1;
    if (is_attacked(p, p->king[side], p->side)) {
        unmake_move(p);
        return false;
    }
    return true;
}

static void restore_state(Position *p, const Undo *undo) {
    p->key = undo->key;
    p->pawn_key = undo->pawn_key;
    p->castling = undo->castling;
    p->en_passant = undo->en_passant;
    p->fifty = undo->fifty;
}

void unmake_move(Position *p) {
    const Undo *undo = &p->history[--p->played];
    const Move move = undo->move;
    const int from = FROM(move), to = TO(move);
    p->side ^= 1;
    if (move & FLAG_CASTLE) {
        int rook_from, rook_to;
        rook_of_castling(to, &rook_from, &rook_to);
        shift_piece(p, rook_to, rook_from);
    }
    if (PROMOTION(move)) {
        remove_piece(p, to);
        put_piece(p, PIECE(PAWN, p->side), to);
    }
    shift_piece(p, to, from);
    if (move & FLAG_CAPTURE) {
        const int victim = move & FLAG_EN_PASSANT ? to + (p->side == WHITE ? -16 : 16) : to;
        put_piece(p, undo->captured, victim);
    }
    restore_state(p, undo);
}

void make_null(Position *p) {
    save_state(p, 0);
    p->key ^= zobrist_side;
    p->side ^= 1;
    p->fifty++;
}

void unmake_null(Position *p) {
    p->side ^= 1;
    restore_state(p, &p->history[--p->played]);
}

bool is_repetition(const Position *p) {
    for (int back = 2; back <= p->fifty && back <= p->played; back += 2) {
        if (p->history[p->played - back].key == p->key) return true;
    }
    return false;
}
