// SPDX-License-Identifier: BSD-3-Clause
// The run: move-tree counts of known positions, then searches of openings, middle games, endings and
// problems.
#include <stdio.h>
#include <string.h>
#include "chess.h"

typedef struct {
    const char *name, *fen;
} Problem;

typedef struct {
    const char *name;
    int perft_depth, table_bits, problems, max_depth;
    int self_play;   // moves played from the first position
    uint64_t nodes;   // limit of one search
} Size;

static const Size sizes[] = {
    {"test", 2, 9, 3, 4, 0, 140},
    {"train", 3, 14, 8, 12, 8, 1800},
    {"ref", 4, 19, 12, 20, 16, 14000},
};

static const Problem counts[] = {
    {"start", "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1"},
    {"castling", "r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1"},
    {"en passant", "8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1"},
};

static const Problem problems[] = {
    {"middle game", "r1bq1rk1/pp2bppp/2n1pn2/3p4/2PP4/2N1PN2/PP2BPPP/R1BQ1RK1 w - - 0 1"},
    {"mate in two", "r1bq2r1/b4pk1/p1pp1p2/1p2pP2/1P2P1PB/3P4/1PPQ2P1/R3K2R w KQ - 0 1"},
    {"rook ending", "8/5pk1/4p1p1/3p3p/1p1P3P/1P2PP2/r5P1/3R1K2 w - - 0 1"},
    {"tactics", "r1b1k2r/ppppnppp/2n2q2/2b5/3NP3/2P1B3/PP3PPP/RN1QKB1R w KQkq - 0 1"},
    {"king attack", "2rq1rk1/pb1n1ppN/4p3/1pb5/3P1Pn1/P1N5/1PQ1B1PP/R1B2RK1 b - - 0 1"},
    {"pawn ending", "8/k7/3p4/p2P1p2/P2P1P2/8/8/K7 w - - 0 1"},
    {"castling", "r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1"},
    {"open game", "r1bqkb1r/pppp1ppp/2n2n2/4p3/2B1P3/5N2/PPPP1PPP/RNBQK2R w KQkq - 0 1"},
    {"passed pawns", "4r1k1/pp1b2pp/2p2p2/2Pp4/1P1P4/P2BPK2/5PPP/2R5 b - - 0 1"},
    {"queens", "3q2k1/5pp1/p3p2p/1p1pP3/1P1P1Q2/P5P1/5P1P/6K1 w - - 0 1"},
    {"sharp", "r2q1rk1/1p2bppp/p2p1n2/4p3/4PP2/1NN1B3/PPP3PP/R2Q1RK1 b - - 0 1"},
    {"minor pieces", "8/1b3pk1/p3pnp1/1p2N2p/1P1P3P/P3B1P1/5PK1/8 w - - 0 1"},
};

static Position position;
static uint64_t checksum = 0xcbf29ce484222325ULL;

static void mix(uint64_t value) {
    for (int byte = 0; byte < 8; byte++)
        checksum = (checksum ^ (value >> (8 * byte) & 255)) * 0x100000001b3ULL;
}

static void mix_result(const SearchResult *result) {
    mix(result->nodes);
    mix(result->table_hits);
    mix(result->cutoffs);
    mix((uint64_t)result->score);
    for (int i = 0; i < result->line_length; i++) mix(result->line[i]);
}

static void print_result(const char *name, const SearchResult *result) {
    char text[6];
    printf(
        "%-12s depth %2d score %6d nodes %llu (quiescence %llu, table %llu, null %llu, first %llu of %llu "
        "cuts):",
        name, result->depth, result->score, (unsigned long long)result->nodes,
        (unsigned long long)result->quiescence_nodes, (unsigned long long)result->table_hits,
        (unsigned long long)result->null_cutoffs, (unsigned long long)result->first_cutoffs,
        (unsigned long long)result->cutoffs);
    for (int i = 0; i < result->line_length && i < 6; i++) {
        move_name(result->line[i], text);
        printf(" %s", text);
    }
    printf("\n");
}

static void count_moves(const Size *size) {
    for (unsigned i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        set_position(&position, counts[i].fen);
        const int depth = i == 1 ? size->perft_depth - 1 : size->perft_depth;
        const uint64_t leaves = perft(&position, depth), key = position.key;
        printf("perft %-10s depth %d: %llu\n", counts[i].name, depth, (unsigned long long)leaves);
        mix(leaves);
        mix(key);
    }
}

static void play_game(const Size *size) {
    SearchResult result;
    char text[6];
    set_position(&position, counts[0].fen);
    printf("game:");
    for (int i = 0; i < size->self_play; i++) {
        search_position(&position, size->max_depth, size->nodes / 2, &result);
        mix_result(&result);
        if (result.line_length == 0 || !make_move(&position, result.best)) break;
        move_name(result.best, text);
        printf(" %s", text);
    }
    mix(position.key);
    printf("\n");
}

int main(int argc, char **argv) {
    const Size *size = NULL;
    for (unsigned i = 0; argc == 2 && i < sizeof sizes / sizeof sizes[0]; i++) {
        if (strcmp(argv[1], sizes[i].name) == 0) size = &sizes[i];
    }
    if (size == NULL) {
        fprintf(stderr, "usage: sjeng_like test|train|ref\n");
        return 2;
    }
    init_tables();
    init_distances();
    init_search(size->table_bits);
    count_moves(size);
    for (int i = 0; i < size->problems; i++) {
        SearchResult result;
        set_position(&position, problems[i].fen);
        search_position(&position, size->max_depth, size->nodes, &result);
        print_result(problems[i].name, &result);
        mix_result(&result);
    }
    if (size->self_play > 0) play_game(size);
    printf("checksum 0x%016llx\n", (unsigned long long)checksum);
    return 0;
}
