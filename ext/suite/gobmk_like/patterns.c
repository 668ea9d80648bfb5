// SPDX-License-Identifier: BSD-3-Clause
// Shape patterns: written as pictures, turned in all eight ways into a tree, and matched by walking it
// outwards.
#include <stdlib.h>
#include <string.h>
#include "go.h"

// The move is at *. X is a stone of the side to move, O of the other, x and o may also be empty, ? is
// anything and # is outside the board.
typedef struct {
    int value;
    const char *picture;   // rows separated by |
} Pattern;

static const Pattern patterns[] = {
    {60, "?OX|O*O|?XX"},
    {45, "XO?|O*?|???"},
    {40, "?XO|O*X|???"},
    {38, "XOX|.*.|???"},
    {36, "XOO|.*.|???"},
    {30, "XO.|.*.|?.?"},
    {32, "XO?|.*.|?o?"},
    {28, "?O?|X*X|x.x"},
    {34, "OXO|.*.|?.?"},
    {26, "X.?|O*?|###"},
    {24, "OX?|o*O|###"},
    {22, "?X?|x*O|###"},
    {20, ".O.|X*.|...|###"},
    {25, "XOX|.*.|###"},
    {18, "?X?|.*.|.O."},
    {16, ".X.|.*.|OXO"},
    {22, "OXO|X*.|?.?"},
    {24, "?OX?|.*.?|?..?"},
    {21, "X...|.*.O|....|####"},
    {26, "...O|.*..|...X|????"},
    {20, "X....|..*..|.....|O...."},
    {15, "..X|...|.*.|...|###"},
    {14, "X..*|....|....|####"},
    {12, "X.|..|.*|..|##"},
    {17, "O....|.....|..*..|.....|?????"},
    {13, ".....|.....|..*..|.....|.....|#####"},
    {19, "O.X|.*.|X.O"},
    {23, "OO?|X*?|.X?"},
    {27, "XX?|O*O|.O?"},
    {29, ".O?|O*X|?XO"},
    {31, "OXX|.*O|?X?"},
    {18, ".OO|.*X|..X"},
    {16, "...|O*X|..."},
    {21, "X?X|.*.|OOO"},
    {22, "?OO|X*O|?X?"},
    {20, "O?O|X*X|.?."},
    {17, "..O|.*O|.X.|..."},
    {14, "O.O|.*.|X.X"},
    {24, "XO.|*O.|.X."},
    {28, "XOO|*XO|..."},
    {12, "X.X|.*.|..."},
    {15, ".X.O|.*..|####"},
    {16, "OX..|.O*.|####"},
    {11, ".....|.X.*.|.....|.....|#####"},
    {13, ".O...|.....|.X*..|....."},
    {10, "..O..|.....|..*..|.....|....."},
};

enum { PATTERN_COUNT = sizeof patterns / sizeof patterns[0], MAX_NODES = 40000, REACH = 5, CELLS = 60 };
enum { CELL_EMPTY, CELL_OWN, CELL_OTHER, CELL_EDGE, CELL_ANY, BRANCHES };

typedef struct {
    int32_t child[BRANCHES];
    int32_t value;   // of the pictures that end here
} TreeNode;

static TreeNode *tree;
static int tree_nodes;
static int cell_offset[CELLS];   // outwards from the move
static int8_t cell_at[2 * REACH + 1][2 * REACH + 1];   // number of a cell, -1 when it is too far away

static int new_node(void) {
    if (tree_nodes == MAX_NODES) abort();
    TreeNode *node = &tree[tree_nodes];
    for (int i = 0; i < BRANCHES; i++) node->child[i] = 0;
    node->value = 0;
    return tree_nodes++;
}

// Nearest cells first, so that most points leave the tree after a few looks.
static void order_cells(void) {
    int count = 0;
    memset(cell_at, -1, sizeof cell_at);
    for (int distance = 1; count < CELLS; distance++) {
        for (int row = -REACH; row <= REACH; row++) {
            for (int column = -REACH; column <= REACH; column++) {
                if (row * row + column * column != distance || count == CELLS) continue;
                cell_at[row + REACH][column + REACH] = (int8_t)count;
                cell_offset[count++] = row * ROW + column;
            }
        }
    }
}

static unsigned branches_of(char symbol) {
    switch (symbol) {
        case '.': return 1u << CELL_EMPTY;
        case 'X': return 1u << CELL_OWN;
        case 'O': return 1u << CELL_OTHER;
        case '#': return 1u << CELL_EDGE;
        case 'x': return 1u << CELL_EMPTY | 1u << CELL_OWN;
        case 'o': return 1u << CELL_EMPTY | 1u << CELL_OTHER;
        default: return 1u << CELL_ANY;
    }
}

// Adds the rest of a picture below a node; a cell with several meanings forks the path.
static void add_path(int node, const char *symbols, int cell, int last, int pattern) {
    if (cell > last) {
        tree[node].value += patterns[pattern].value;
        return;
    }
    const unsigned branches = branches_of(symbols[cell]);
    for (int branch = 0; branch < BRANCHES; branch++) {
        if (!(branches >> branch & 1)) continue;
        if (tree[node].child[branch] == 0) {
            const int child = new_node();
            tree[node].child[branch] = child;
        }
        add_path(tree[node].child[branch], symbols, cell + 1, last, pattern);
    }
}

// One of the eight ways to turn a picture; cells that it does not show may be anything.
static void add_turned(int pattern, int turn) {
    char symbols[CELLS];
    int move_row = 0, move_column = 0, row = 0, column = 0, last = -1;
    for (const char *c = patterns[pattern].picture; *c != '*'; c++) {
        move_column = *c == '|' ? 0 : move_column + 1;
        move_row += *c == '|';
    }
    memset(symbols, '?', sizeof symbols);
    for (const char *c = patterns[pattern].picture; *c != 0; c++) {
        if (*c == '|') {
            row++;
            column = 0;
            continue;
        }
        int y = row - move_row, x = column++ - move_column;
        if (turn & 1) x = -x;
        if (turn & 2) y = -y;
        if (turn & 4) {
            const int swapped = x;
            x = y;
            y = swapped;
        }
        const int cell = cell_at[y + REACH][x + REACH];
        if (cell < 0) continue;
        symbols[cell] = *c;
        if (*c != '?' && cell > last) last = cell;
    }
    add_path(0, symbols, 0, last, pattern);
}

void init_patterns(void) {
    tree = malloc(MAX_NODES * sizeof *tree);
    if (tree == NULL) abort();
    order_cells();
    new_node();
    for (int pattern = 0; pattern < PATTERN_COUNT; pattern++) {
        for (int turn = 0; turn < 8; turn++) add_turned(pattern, turn);
    }
}

static int walk(const Board *b, int node, int point, int cell, const uint8_t *branch_of) {
    const TreeNode *here = &tree[node];
    int value = here->value;
    if (cell == CELLS) return value;
    const int at = point + cell_offset[cell];
    const int branch = at < 0 || at >= POINTS ? CELL_EDGE : branch_of[b->colour[at]];
    if (here->child[branch] != 0) value += walk(b, here->child[branch], point, cell + 1, branch_of);
    if (here->child[CELL_ANY] != 0) value += walk(b, here->child[CELL_ANY], point, cell + 1, branch_of);
    return value;
}

// The sum of the values of the patterns that suggest the move.
int match_patterns(const Board *b, int point, int colour) {
    uint8_t branch_of[4] = {CELL_EMPTY, CELL_OWN, CELL_OTHER, CELL_EDGE};
    if (colour == WHITE) {
        branch_of[BLACK] = CELL_OTHER;
        branch_of[WHITE] = CELL_OWN;
    }
    return walk(b, 0, point, 0, branch_of);
}
