// SPDX-License-Identifier: BSD-3-Clause
// sjeng_like, after SPEC CPU2006 458.sjeng: a chess program that searches game trees with alpha-beta. Shared
// types.
#ifndef CHESS_H
#define CHESS_H
#include <stdbool.h>
#include <stdint.h>

enum { WHITE, BLACK };
enum { NONE, PAWN, KNIGHT, BISHOP, ROOK, QUEEN, KING };
enum { CASTLE_WK = 1, CASTLE_WQ = 2, CASTLE_BK = 4, CASTLE_BQ = 8 };
enum { NO_SQUARE = 127, MAX_MOVES = 256, MAX_PLY = 64, MAX_GAME = 256 };
enum { INFINITE = 32000, MATE = 30000, DRAW = 0 };

// Squares are 0x88: rank * 16 + file, so that (square & 0x88) != 0 exactly off the board.
#define SQUARE(file, rank) ((rank)*16 + (file))
#define FILE_OF(square) ((square)&7)
#define RANK_OF(square) ((square) >> 4)
#define OFF_BOARD(square) ((square)&0x88)

// A piece is type | colour << 3; zero is an empty square.
#define PIECE(type, colour) ((type) | (colour) << 3)
#define TYPE_OF(piece) ((piece)&7)
#define COLOUR_OF(piece) ((piece) >> 3)

// A move is from | to << 7 | promotion type << 14 | flags.
typedef uint32_t Move;
enum { FLAG_CAPTURE = 1 << 17, FLAG_EN_PASSANT = 1 << 18, FLAG_CASTLE = 1 << 19, FLAG_DOUBLE = 1 << 20 };
#define MOVE(from, to, promotion, flags) ((Move)((from) | (to) << 7 | (promotion) << 14 | (flags)))
#define FROM(move) ((int)((move)&127))
#define TO(move) ((int)((move) >> 7 & 127))
#define PROMOTION(move) ((int)((move) >> 14 & 7))

typedef struct {
    Move move[MAX_MOVES];
    int32_t score[MAX_MOVES];
    int count;
} MoveList;

// What a move destroys and unmake_move needs back.
typedef struct {
    uint64_t key, pawn_key;
    Move move;
    uint8_t captured, castling, en_passant, fifty;
} Undo;

typedef struct {
    uint8_t board[128];
    uint8_t index[128];   // where the piece on a square stands in its colour's list
    uint8_t list[2][16];   // squares of the pieces of a colour
    int count[2];
    int king[2];
    int side;
    int castling;
    int en_passant;   // square behind a pawn that has just moved two, or NO_SQUARE
    int fifty;
    int middle[2], end[2];   // material plus piece-square sums for both stages of the game
    int phase;   // 24 = all pieces on the board, 0 = only kings and pawns
    uint64_t key, pawn_key;
    int played;
    Undo history[MAX_GAME];
} Position;

extern const int piece_value[7];
extern const int knight_steps[8],
    king_steps[8];   // the first four king steps are the rook's, then the bishop's

// board.c
void init_tables(void);
void set_position(Position *p, const char *fen);
bool is_attacked(const Position *p, int square, int by);
bool in_check(const Position *p);
bool make_move(Position *p, Move move);   // false, and nothing changed, when it leaves the own king in check
void unmake_move(Position *p);
void make_null(Position *p);
void unmake_null(Position *p);
bool is_repetition(const Position *p);

// moves.c
void generate_moves(const Position *p, MoveList *list);
void generate_captures(const Position *p, MoveList *list);
int exchange_value(Position *p, Move move);
uint64_t perft(Position *p, int depth);
void move_name(Move move, char *text);

// evaluate.c
int evaluate(Position *p);
void init_distances(void);
void clear_pawn_table(void);

// search.c
typedef struct {
    uint64_t nodes, quiescence_nodes, table_hits, cutoffs, first_cutoffs, null_cutoffs;
    int depth, score;
    Move best, line[MAX_PLY];
    int line_length;
} SearchResult;
void init_search(int table_bits);
void search_position(Position *p, int max_depth, uint64_t node_limit, SearchResult *result);
#endif
