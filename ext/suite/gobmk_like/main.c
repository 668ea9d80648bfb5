// SPDX-License-Identifier: BSD-3-Clause
// The run: problems of reading and of life and death, whole-board analyses of made positions, and games.
#include <stdio.h>
#include <string.h>
#include "go.h"

typedef struct {
    const char *name;
    int cache_bits;
    unsigned problems;   // of reading, and as many of life and death
    int game_size, game_moves;   // a game from the empty board
    int position_size, opening, positions;   // positions after so many quick moves, analysed for both sides
    Effort effort;
} Size;

static const Size sizes[] = {
    {"test", 10, 4, 7, 1, 7, 10, 0, {10, 1, 1}},
    {"train", 15, 6, 9, 10, 13, 60, 2, {60, 4, 2}},
    {"ref", 18, 6, 13, 40, 19, 150, 6, {200, 6, 3}},
};

typedef struct {
    const char *name;
    int size, row, column;   // the chain in question
    const char *picture;   // rows separated by |, X is black and O is white
} Problem;

static const Problem problems[] = {
    {"ladder", 9, 2, 2,
     ".........|..X......|.XO......|.X.......|.........|.........|.........|.........|........."},
    {"broken ladder", 9, 2, 2,
     ".........|..X......|.XO......|.X.......|.........|.........|......O..|.........|........."},
    {"net", 9, 4, 4,
     ".........|.........|.........|....XX...|...XO....|...X.....|.........|......O..|........."},
    {"edge crawl", 9, 0, 3,
     "...OO....|..XXXO...|.......O.|...X.....|.........|.........|.........|.........|........."},
    {"race", 7, 0, 1, "XO.....|XOOXXX.|XXOOOX.|.XXXOX.|....XO.|.......|......."},
    {"cut off", 9, 3, 4,
     ".........|....X....|...XOX...|..XOOX...|...X.....|.....X...|.........|.........|........."},
};

static const Problem groups[] = {
    {"straight three", 7, 0, 0, "OO...OX|XOOOOOX|XXXXXXX|.......|.......|.......|......."},
    {"bent three", 9, 2, 0,
     "..OX.....|.OOX.....|OOX......|XXX......|.........|.........|.........|.........|........."},
    {"bulky five", 7, 2, 0, "O..O.X.|O...OX.|OOOOOX.|XXXXXX.|.......|.......|......."},
    {"two eyes", 7, 0, 1, ".OO.OX.|OOOOOX.|XXXXXX.|.......|.......|.......|......."},
    {"running", 9, 4, 4,
     ".........|.........|..X.X....|...OO.X..|..XOO....|...X.....|.........|......X..|........."},
    {"edge four", 9, 0, 1,
     "XO....OX.|XOOOOOOX.|XXXXXXXX.|.........|.........|.........|.........|.........|........."},
};

static Board board;
static Analysis analysis;
static uint64_t checksum = 0xcbf29ce484222325ULL;

static void mix(uint64_t value) {
    checksum = (checksum ^ value) * 0x100000001b3ULL;
    checksum ^= checksum >> 29;
}

static void set_up(const Problem *problem) {
    int row = 0, column = 0;
    board_init(&board, problem->size);
    for (const char *c = problem->picture; *c != 0; c++) {
        if (*c == '|') {
            row++;
            column = 0;
            continue;
        }
        if (*c != '.') board_place(&board, POINT(row, column), *c == 'X' ? BLACK : WHITE);
        column++;
    }
}

static const char *point_name(int point) {
    static char text[4][8];
    static int used;
    char *name = text[used++ % 4];
    if (point == 0) {
        strcpy(name, "-");
    } else {
        snprintf(name, sizeof text[0], "%c%d", "ABCDEFGHJKLMNOPQRST"[point % ROW - 1],
                 board.size + 1 - point / ROW);
    }
    return name;
}

static void read_problems(const Size *size) {
    for (unsigned i = 0; i < size->problems; i++) {
        int attack_move = 0, defend_move = 0;
        set_up(&problems[i]);
        const int stone = POINT(problems[i].row, problems[i].column);
        if (board.colour[stone] == EMPTY) continue;
        const bool caught = attack(&board, stone, &attack_move);
        const bool saved = !caught || defend(&board, stone, &defend_move);
        printf("%-14s attack %s %s, defence %s %s\n", problems[i].name, caught ? "works" : "fails",
               point_name(attack_move), saved ? "works" : "fails", point_name(defend_move));
        mix((uint64_t)(attack_move << 12 | defend_move << 2 | caught << 1 | saved));
    }
}

static void judge_groups(const Size *size) {
    for (unsigned i = 0; i < size->problems; i++) {
        set_up(&groups[i]);
        analyse_worms(&board, &analysis);
        analyse_dragons(&board, &analysis, size->effort.life_limit);
        const int worm = analysis.worm_at[POINT(groups[i].row, groups[i].column)];
        if (worm < 0) continue;
        const Dragon *dragon = &analysis.dragon[analysis.worm[worm].dragon];
        printf("%-14s stones %d, eyes %d, killed by %s, saved by %s\n", groups[i].name, dragon->stones,
               dragon->eyes, dragon->killable ? point_name(dragon->kill_move) : "nothing",
               dragon->savable ? point_name(dragon->save_move) : "nothing");
        mix((uint64_t)(dragon->kill_move << 16 | dragon->save_move << 4 | dragon->eyes));
    }
}

static void play_game(const Size *size) {
    int passes = 0;
    board_init(&board, size->game_size);
    printf("game:");
    for (int i = 0; i < size->game_moves && passes < 2; i++) {
        int value;
        const int colour = i % 2 == 0 ? BLACK : WHITE;
        const int move = choose_move(&board, colour, &size->effort, &value);
        passes = move == 0 ? passes + 1 : 0;
        if (move != 0) board_place(&board, move, colour);
        printf(" %s", point_name(move));
        mix((uint64_t)(move * 4096 + value));
    }
    printf("\n");
    mix(board.hash);
}

static void analyse_position(const Size *size, int number) {
    uint64_t seed = 12345 + (uint64_t)number;
    int value[3], move[3];
    board_init(&board, size->position_size);
    for (int i = 0; i < size->opening; i++) {
        const int colour = i % 2 == 0 ? BLACK : WHITE, point = quick_move(&board, colour, &seed);
        if (point != 0) board_place(&board, point, colour);
    }
    for (int colour = BLACK; colour <= WHITE; colour++) {
        move[colour] = choose_move(&board, colour, &size->effort, &value[colour]);
        mix((uint64_t)(move[colour] * 4096 + value[colour]));
    }
    analyse_worms(&board, &analysis);
    analyse_dragons(&board, &analysis, size->effort.life_limit);
    int dragons = 0, dead = 0;
    for (int i = 0; i < analysis.worm_count; i++) {
        dragons += analysis.worm[i].dragon == i;
        dead += analysis.dead[analysis.worm[i].point] != 0;
    }
    printf("position %d: worms %d, dragons %d, dead worms %d, black %s (%d), white %s (%d)\n", number,
           analysis.worm_count, dragons, dead, point_name(move[BLACK]), value[BLACK], point_name(move[WHITE]),
           value[WHITE]);
    mix(board.hash);
}

int main(int argc, char **argv) {
    const Size *size = NULL;
    for (unsigned i = 0; argc == 2 && i < sizeof sizes / sizeof sizes[0]; i++) {
        if (strcmp(argv[1], sizes[i].name) == 0) size = &sizes[i];
    }
    if (size == NULL) {
        fprintf(stderr, "usage: gobmk_like test|train|ref\n");
        return 2;
    }
    init_hash();
    init_patterns();
    init_reading(size->cache_bits);
    read_problems(size);
    judge_groups(size);
    play_game(size);
    for (int i = 0; i < size->positions; i++) analyse_position(size, i);
    printf("reading: %llu questions, %llu nodes, %llu from cache; life: %llu nodes\n",
           (unsigned long long)reading.calls, (unsigned long long)reading.nodes,
           (unsigned long long)reading.cache_hits, (unsigned long long)life_nodes);
    mix(reading.nodes * 31 + life_nodes);
    printf("checksum 0x%016llx\n", (unsigned long long)checksum);
    return 0;
}
