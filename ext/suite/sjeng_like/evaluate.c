// SPDX-License-Identifier: BSD-3-Clause
// The evaluation: material and squares, pawn structure, mobility, rooks, outposts, king safety, simple
// endings.
#include <stdlib.h>
#include <string.h>
#include "chess.h"

enum { PAWN_TABLE_SIZE = 1024 };

// What depends on pawns alone is worth remembering: positions of a search share few pawn structures.
typedef struct {
    uint64_t key;
    int16_t middle, end;   // white's view
    int8_t front[2][8];   // most advanced pawn of a file by own rank, 0 = none
    int8_t rear[2][8];   // least advanced pawn of a file by own rank, 8 = none
    uint8_t passed[2];   // one bit a file
} PawnEntry;

typedef struct {
    int middle, end;
    int attackers, attack_weight;   // pieces that look at the squares around the enemy king
} SideScore;

static PawnEntry pawn_table[PAWN_TABLE_SIZE];
static uint8_t square_distance[256];

void init_distances(void) {
    for (int a = 0; a < 128; a++) {
        for (int b = 0; b < 128; b++) {
            if (OFF_BOARD(a) || OFF_BOARD(b)) continue;
            const int files = abs(FILE_OF(a) - FILE_OF(b)), ranks = abs(RANK_OF(a) - RANK_OF(b));
            square_distance[128 + a - b] = (uint8_t)(files > ranks ? files : ranks);
        }
    }
}

void clear_pawn_table(void) { memset(pawn_table, 0, sizeof pawn_table); }

static int own_rank(int colour, int square) {
    return colour == WHITE ? RANK_OF(square) : 7 - RANK_OF(square);
}

static bool has_pawn_neighbour(const PawnEntry *entry, int colour, int file) {
    return (file > 0 && entry->front[colour][file - 1] > 0) ||
           (file < 7 && entry->front[colour][file + 1] > 0);
}

// A pawn is passed when no enemy pawn of its own or a neighbouring file stands before it.
static bool is_passed(const PawnEntry *entry, int colour, int file, int rank) {
    const int8_t *enemy_rear = entry->rear[colour ^ 1];
    for (int f = file > 0 ? file - 1 : 0; f <= (file < 7 ? file + 1 : 7); f++) {
        if (enemy_rear[f] < 8 && 7 - enemy_rear[f] > rank) return false;
    }
    return true;
}

static bool is_backward(const Position *p, const PawnEntry *entry, int colour, int square) {
    const int file = FILE_OF(square), rank = own_rank(colour, square), forward = colour == WHITE ? 16 : -16;
    if (file > 0 && entry->rear[colour][file - 1] <= rank) return false;
    if (file < 7 && entry->rear[colour][file + 1] <= rank) return false;
    for (int side = -1; side <= 1; side += 2) {
        const int guard = square + 2 * forward + side;
        if (!OFF_BOARD(guard) && p->board[guard] == PIECE(PAWN, colour ^ 1)) return true;
    }
    return false;
}

static void score_pawn(const Position *p, PawnEntry *entry, int colour, int square, int *middle, int *end) {
    static const int passed_middle[8] = {0, 5, 8, 15, 28, 50, 80, 0},
                     passed_end[8] = {0, 10, 16, 30, 55, 95, 150, 0};
    const int file = FILE_OF(square), rank = own_rank(colour, square);
    const bool open = entry->rear[colour ^ 1][file] == 8;
    if (entry->front[colour][file] != rank) {   // doubled: another of ours stands before it
        *middle -= 10;
        *end -= 22;
    }
    if (!has_pawn_neighbour(entry, colour, file)) {
        *middle -= open ? 18 : 11;
        *end -= 16;
    } else if (is_backward(p, entry, colour, square)) {
        *middle -= open ? 14 : 8;
        *end -= 10;
    }
    const int step_back = colour == WHITE ? -16 : 16, pawn = PIECE(PAWN, colour);
    const bool chained = (!OFF_BOARD(square + step_back - 1) && p->board[square + step_back - 1] == pawn) ||
                         (!OFF_BOARD(square + step_back + 1) && p->board[square + step_back + 1] == pawn);
    if (chained) *middle += 6 + rank;
    if (is_passed(entry, colour, file, rank)) {
        entry->passed[colour] |= (uint8_t)(1 << file);
        *middle += passed_middle[rank];
        *end += passed_end[rank] + (chained ? 10 + 2 * rank : 0);
    }
}

static const PawnEntry *pawn_structure(const Position *p) {
    PawnEntry *entry = &pawn_table[p->pawn_key % PAWN_TABLE_SIZE];
    if (entry->key == p->pawn_key && entry->key != 0) return entry;
    memset(entry, 0, sizeof *entry);
    memset(entry->rear, 8, sizeof entry->rear);
    entry->key = p->pawn_key;
    for (int colour = WHITE; colour <= BLACK; colour++) {
        for (int i = 0; i < p->count[colour]; i++) {
            const int square = p->list[colour][i], file = FILE_OF(square), rank = own_rank(colour, square);
            if (TYPE_OF(p->board[square]) != PAWN) continue;
            if (rank > entry->front[colour][file]) entry->front[colour][file] = (int8_t)rank;
            if (rank < entry->rear[colour][file]) entry->rear[colour][file] = (int8_t)rank;
        }
    }
    for (int colour = WHITE; colour <= BLACK; colour++) {
        int middle = 0, end = 0;
        for (int i = 0; i < p->count[colour]; i++) {
            const int square = p->list[colour][i];
            if (TYPE_OF(p->board[square]) == PAWN) score_pawn(p, entry, colour, square, &middle, &end);
        }
        entry->middle = (int16_t)(entry->middle + (colour == WHITE ? middle : -middle));
        entry->end = (int16_t)(entry->end + (colour == WHITE ? end : -end));
    }
    return entry;
}

// On a 0x88 board the difference of two squares alone tells how far apart they are.
static int king_distance(int a, int b) { return square_distance[128 + a - b]; }

// Counts the squares a piece reaches that no enemy pawn guards, and its looks at the enemy king's
// neighbourhood.
static int mobility(const Position *p, int colour, int square, int type, SideScore *score) {
    static const int weight[7] = {0, 0, 2, 2, 3, 5, 0};
    const int *steps = type == KNIGHT ? knight_steps : king_steps;
    const int first = type == BISHOP ? 4 : 0, last = type == ROOK ? 4 : 8, enemy_king = p->king[colour ^ 1];
    const int enemy_pawn = PIECE(PAWN, colour ^ 1), forward = colour == WHITE ? 16 : -16;
    int reached = 0, near_king = 0;
    for (int i = first; i < last; i++) {
        for (int to = square + steps[i]; !OFF_BOARD(to); to += steps[i]) {
            const int piece = p->board[to];
            if (king_distance(to, enemy_king) <= 1) near_king++;
            if (piece != NONE && COLOUR_OF(piece) == colour) break;
            const int left = to + forward - 1, right = to + forward + 1;
            const bool guarded = (!OFF_BOARD(left) && p->board[left] == enemy_pawn) ||
                                 (!OFF_BOARD(right) && p->board[right] == enemy_pawn);
            if (!guarded) reached++;
            if (piece != NONE || type == KNIGHT) break;
        }
    }
    if (near_king > 0) {
        score->attackers++;
        score->attack_weight += weight[type] * near_king;
    }
    return reached;
}

static void score_minor(const Position *p, const PawnEntry *pawns, int colour, int square, int type,
                        SideScore *score) {
    const int rank = own_rank(colour, square), file = FILE_OF(square), back = colour == WHITE ? -16 : 16;
    const int freedom = (mobility(p, colour, square, type, score) - 4) * (type == KNIGHT ? 4 : 5);
    score->middle += freedom;
    score->end += freedom;
    // An outpost cannot be driven away by enemy pawns; best when a pawn of ours protects it.
    if (rank >= 3 && rank <= 5) {
        const int8_t *enemy_rear = pawns->rear[colour ^ 1];
        const bool safe = (file == 0 || enemy_rear[file - 1] == 8 || 7 - enemy_rear[file - 1] <= rank) &&
                          (file == 7 || enemy_rear[file + 1] == 8 || 7 - enemy_rear[file + 1] <= rank);
        if (safe) {
            int worth = type == KNIGHT ? 12 : 6;
            for (int side = -1; side <= 1; side += 2) {
                const int guard = square + back + side;
                if (!OFF_BOARD(guard) && p->board[guard] == PIECE(PAWN, colour)) worth += worth / 2;
            }
            score->middle += worth;
        }
    }
    if (type == BISHOP && rank == 6 && (file == 0 || file == 7)) {   // shut in behind a pawn on the edge
        const int inner = square + back + (file == 0 ? 1 : -1);
        if (p->board[inner] == PIECE(PAWN, colour ^ 1)) score->middle -= 90;
    }
    if (king_distance(square, p->king[colour ^ 1]) <= 2 && type == KNIGHT) score->middle += 5;
}

static void score_major(const Position *p, const PawnEntry *pawns, int colour, int square, int type,
                        SideScore *score) {
    const int rank = own_rank(colour, square), file = FILE_OF(square), enemy = colour ^ 1;
    const int reached = mobility(p, colour, square, type, score);
    score->middle += (reached - 7) * (type == ROOK ? 2 : 1);
    score->end += (reached - 7) * (type == ROOK ? 4 : 2);
    if (type == QUEEN) {
        if (rank > 1 && p->phase > 20) score->middle -= 8;   // out too early
        return;
    }
    if (pawns->front[colour][file] == 0) {
        const bool open = pawns->front[enemy][file] == 0;
        score->middle += open ? 22 : 11;
        score->end += open ? 12 : 8;
        if (abs(file - FILE_OF(p->king[enemy])) <= 1) score->middle += open ? 16 : 8;
    }
    if (rank == 6 && own_rank(colour, p->king[enemy]) == 7) {
        score->middle += 18;
        score->end += 28;
    }
    if ((pawns->passed[colour] >> file & 1) && pawns->front[colour][file] > rank) score->end += 15;
}

static int shelter(const PawnEntry *pawns, int colour, int king) {
    static const int cover[8] = {-28, 0, 0, -8, -16, -20, -24, -26};
    const int file = FILE_OF(king), rank = own_rank(colour, king);
    int score = 0;
    for (int f = file > 0 ? file - 1 : 0; f <= (file < 7 ? file + 1 : 7); f++) {
        const int pawn = pawns->rear[colour][f] == 8 ? 0 : pawns->rear[colour][f];
        score += pawn > rank || pawn == 0 ? cover[pawn] : -20;
        const int storm = pawns->front[colour ^ 1][f];
        score -= storm >= 3 ? (storm - 2) * 5 : storm == 0 ? 10 : 0;
    }
    return score;
}

static int king_danger(const SideScore *attack) {
    if (attack->attackers < 2) return 0;
    const int units = attack->attack_weight * attack->attackers / 2;
    return units > 60 ? 300 + (units - 60) : units * units / 12;
}

static void score_passed(const Position *p, const PawnEntry *pawns, int colour, SideScore *score) {
    for (int file = 0; file < 8; file++) {
        if (!(pawns->passed[colour] >> file & 1)) continue;
        const int rank = pawns->front[colour][file], forward = colour == WHITE ? 16 : -16;
        const int square = SQUARE(file, colour == WHITE ? rank : 7 - rank), stop = square + forward;
        const int race =
            king_distance(p->king[colour ^ 1], stop) * 5 - king_distance(p->king[colour], stop) * 2;
        score->end += race * rank / 2;
        if (p->board[stop] != NONE) score->end -= rank * 6;
        int path = stop;
        while (!OFF_BOARD(path) && p->board[path] == NONE) path += forward;
        if (OFF_BOARD(path)) score->end += rank * 4;
    }
}

static void score_side(const Position *p, const PawnEntry *pawns, int colour, SideScore *score) {
    int bishops = 0;
    score->middle = p->middle[colour];
    score->end = p->end[colour];
    for (int i = 0; i < p->count[colour]; i++) {
        const int square = p->list[colour][i], type = TYPE_OF(p->board[square]);
        switch (type) {
            case BISHOP:
                bishops++;
                score_minor(p, pawns, colour, square, type, score);
                break;
            case KNIGHT: score_minor(p, pawns, colour, square, type, score); break;
            case ROOK:
            case QUEEN: score_major(p, pawns, colour, square, type, score); break;
            default: break;
        }
    }
    if (bishops >= 2) {
        score->middle += 30;
        score->end += 45;
    }
    score->middle += shelter(pawns, colour, p->king[colour]);
    score_passed(p, pawns, colour, score);
}

// Without pawns a small advantage does not win.
static bool is_drawish(const Position *p, const PawnEntry *pawns, int lead_side) {
    for (int file = 0; file < 8; file++)
        if (pawns->front[lead_side][file] > 0) return false;
    return abs(p->end[WHITE] - p->end[BLACK]) < 400;
}

int evaluate(Position *p) {
    const PawnEntry *pawns = pawn_structure(p);
    SideScore side[2] = {{0, 0, 0, 0}, {0, 0, 0, 0}};
    score_side(p, pawns, WHITE, &side[WHITE]);
    score_side(p, pawns, BLACK, &side[BLACK]);
    int middle = side[WHITE].middle - side[BLACK].middle + pawns->middle;
    const int end = side[WHITE].end - side[BLACK].end + pawns->end;
    middle += king_danger(&side[WHITE]) - king_danger(&side[BLACK]);
    const int phase = p->phase > 24 ? 24 : p->phase;
    int score = (middle * phase + end * (24 - phase)) / 24;
    if (is_drawish(p, pawns, score > 0 ? WHITE : BLACK)) score /= 4;
    return (p->side == WHITE ? score : -score) + 8;
}
