// SPDX-License-Identifier: BSD-3-Clause
// gobmk_like, after SPEC CPU2006 445.gobmk: a Go program that reads out tactics and analyses positions.
// Types.
#ifndef GO_H
#define GO_H
#include <stdbool.h>
#include <stdint.h>

enum { EMPTY, BLACK, WHITE, EDGE };
#define OTHER(colour) (3 - (colour))

// Points are numbered in rows of a fixed length; the unused ones around the board are EDGE. 0 means no point.
enum { MAX_SIZE = 19, ROW = MAX_SIZE + 2, POINTS = ROW * ROW, MAX_DEPTH = 160, MAX_LOG = 1 << 16 };
#define POINT(row, column) (((row) + 1) * ROW + (column) + 1)

typedef struct {
    int16_t *cell;
    int16_t old;
} Change;

typedef struct {
    uint64_t hash;
    int log_count, captured[3];
    int16_t ko;
} Frame;

// A board with its chains. Every change of a cell is logged, so that moves are taken back exactly.
typedef struct {
    int size;
    int16_t colour[POINTS];
    int16_t head[POINTS];   // the stone that stands for the chain of a stone
    int16_t next[POINTS];   // the stones of a chain form a ring
    int16_t stones[POINTS];   // of the chain, valid at its head
    int16_t liberties[POINTS];   // likewise
    int16_t ko;
    int captured[3];   // stones of a colour that were taken
    uint64_t hash;
    uint32_t mark[POINTS], generation;
    int log_count, depth;
    Change log[MAX_LOG];   // from here on, only what the counts cover means anything
    Frame frame[MAX_DEPTH];
} Board;

typedef struct {
    int16_t move[POINTS];
    int32_t score[POINTS];
    int count;
} MoveList;

extern const int direction[8];   // four neighbours, then four diagonals

// board.c
void init_hash(void);
void board_init(Board *b, int size);
void board_place(Board *b, int point, int colour);
bool is_legal(const Board *b, int point, int colour);
void play(Board *b, int point, int colour);
void undo(Board *b);
void forget_history(Board *b);
int list_liberties(Board *b, int stone, int *list, int limit);
int chain_liberties(const Board *b, int stone);
int chain_stones(const Board *b, int stone);
int neighbours_of(const Board *b, int point, int colour);
bool is_own_eye(const Board *b, int point, int colour);
void add_candidate(MoveList *list, int move, int score);
void sort_candidates(MoveList *list);

// reading.c: can a chain be caught or saved, and how
typedef struct {
    uint64_t nodes, cache_hits, calls;
} ReadingStatistics;
extern ReadingStatistics reading;
void init_reading(int cache_bits);
bool attack(Board *b, int stone, int *move);
bool defend(Board *b, int stone, int *move);

// life.c
typedef struct {
    int point, colour, stones, liberties;
    bool attackable, defendable;
    int attack_move, defend_move;
    int dragon;   // number of the first worm of the dragon
} Worm;

typedef struct {
    int worms, stones, eyes, liberties;
    bool killable, savable;
    int kill_move, save_move;
} Dragon;

typedef struct {
    Worm worm[POINTS];
    Dragon dragon[POINTS];   // valid at the number of the first worm
    int worm_count;
    int16_t worm_at[POINTS];   // number of the worm on a point, or -1
    uint8_t dead[POINTS];   // stones given up
} Analysis;
extern uint64_t life_nodes;
void analyse_worms(Board *b, Analysis *a);
void analyse_dragons(Board *b, Analysis *a, int life_limit);

// eyes.c
typedef struct {
    int sure, gains[16], gain_count;   // eyes whoever moves, and what the first move in a space adds
    MoveList vital;
} EyeCount;
void count_eyes(Board *b, const uint8_t *dead, const int *stone, int stones, EyeCount *eyes);
int eyes_with_move(const EyeCount *eyes, bool defender_first);

// patterns.c
void init_patterns(void);
int match_patterns(const Board *b, int point, int colour);

// influence.c
typedef struct {
    int32_t strength[3][POINTS];
} Influence;
void compute_influence(const Board *b, const uint8_t *dead, Influence *influence);
int estimate_score(const Board *b, const uint8_t *dead, const Influence *influence);   // for black, in tenths

// choose.c
typedef struct {
    int life_limit, candidates, replies;
} Effort;
int choose_move(Board *b, int colour, const Effort *effort, int *value);
int quick_move(Board *b, int colour, uint64_t *seed);
#endif
