// SPDX-License-Identifier: BSD-3-Clause
// Builds a Plan7 model from an alignment: sequence weights, match columns, weighted counts of emissions
// and transitions, pseudo-counts, and conversion to integer log-odds scores.
#include <stdlib.h>
#include <string.h>

#include "hmm.h"

enum { kUnit = 4096 };  // one observed sequence's weight, as a fixed-point number

typedef struct {
    int columns;
    uint8_t is_match[(1 + kInsertSlots) * kMaxNodes];
    int64_t *weight;  // a row's weight in 1/kUnit
    int64_t emission[kMaxNodes + 2][kLetters];
    int64_t move[kMaxNodes + 2][kTransitions];
} Counts;

// Position-based weights: a row that shares its letters with many others counts for less.
static void weigh_rows(Counts *counts, const Alignment *alignment)
{
    const int rows = alignment->rows;
    int64_t total = 0;
    for (int column = 0; column < alignment->columns; column += 1 + kInsertSlots) {
        int seen[kLetters] = {0};
        int distinct = 0;
        for (int row = 0; row < rows; ++row) {
            const uint8_t letter = alignment->cells[row * alignment->columns + column];
            if (letter != kGap)
                distinct += seen[letter]++ == 0;
        }
        for (int row = 0; row < rows; ++row) {
            const uint8_t letter = alignment->cells[row * alignment->columns + column];
            if (letter != kGap)
                counts->weight[row] += (1 << 20) / (distinct * seen[letter]);
        }
    }
    for (int row = 0; row < rows; ++row)
        total += counts->weight[row];
    for (int row = 0; row < rows; ++row)
        counts->weight[row] = counts->weight[row] * rows * kUnit / total;
}

// A column is a match column when at least half of the weight has a letter there.
static int mark_match_columns(Counts *counts, const Alignment *alignment)
{
    int nodes = 0;
    for (int column = 0; column < alignment->columns; ++column) {
        int64_t occupied = 0;
        for (int row = 0; row < alignment->rows; ++row)
            if (alignment->cells[row * alignment->columns + column] != kGap)
                occupied += counts->weight[row];
        counts->is_match[column] = 2 * occupied >= (int64_t)alignment->rows * kUnit;
        nodes += counts->is_match[column];
    }
    return nodes;
}

// Walks one row as a path through the model. Plan7 has no arcs between insert and delete states, so
// insertions beside a deletion are left out of the path.
static void count_row(Counts *counts, const uint8_t *cells, int columns, int64_t weight)
{
    enum { kFromMatch, kFromInsert, kFromDelete } from = kFromDelete;
    int node = 0, inserted = 0;
    for (int column = 0; column < columns; ++column) {
        const int is_letter = cells[column] != kGap;
        if (!counts->is_match[column]) {
            inserted += is_letter;
            continue;
        }
        const int is_delete = !is_letter;
        if (node > 0) {
            if (from == kFromMatch && !is_delete && inserted > 0) {
                counts->move[node][kMI] += weight;
                counts->move[node][kII] += weight * (inserted - 1);
                counts->move[node][kIM] += weight;
            } else if (from == kFromMatch) {
                counts->move[node][is_delete ? kMD : kMM] += weight;
            } else {
                counts->move[node][is_delete ? kDD : kDM] += weight;
            }
        }
        ++node;
        inserted = 0;
        from = is_delete ? kFromDelete : kFromMatch;
        if (is_letter)
            counts->emission[node][cells[column]] += weight;
    }
}

// Pseudo-counts: a share by the background and a share spread over the group of each observed letter.
static void score_emissions(Model *model, int node, const int64_t *observed)
{
    int64_t group[6] = {0}, group_background[6] = {0}, total = 0;
    for (int letter = 0; letter < kLetters; ++letter) {
        group[letter_group(letter)] += observed[letter];
        group_background[letter_group(letter)] += kBackground[letter];
        total += observed[letter];
    }
    const int64_t whole = total + total / 4 + 2 * kUnit;
    int64_t best = -1;
    for (int letter = 0; letter < kLetters; ++letter) {
        const int kind = letter_group(letter);
        const int64_t shared = group[kind] / 4 * kBackground[letter] / group_background[kind];
        const int64_t count = observed[letter] + shared + 2 * kUnit * kBackground[letter] / 10000;
        model->match[letter][node] =
            scaled_log2((uint64_t)(count + 1) * 10000, (uint64_t)whole * (uint64_t)kBackground[letter]);
        if (count > best) {
            best = count;
            model->consensus[node] = (uint8_t)letter;
        }
        model->insert[letter][node] = letter_group(letter) == 5 ? -150 : 20;
    }
}

static void score_moves(Model *model, int node, const int64_t *observed)
{
    static const int kPrior[kTransitions] = {3200, 60, 80, 600, 300, 500, 400};  // in 1/kUnit
    static const uint8_t kFirst[] = {kMM, kIM, kDM, kTransitions};
    for (int state = 0; state < 3; ++state) {
        int64_t total = 0;
        for (int move = kFirst[state]; move < kFirst[state + 1]; ++move)
            total += observed[move] + kPrior[move];
        for (int move = kFirst[state]; move < kFirst[state + 1]; ++move)
            model->transition[move][node] =
                scaled_log2((uint64_t)(observed[move] + kPrior[move]), (uint64_t)total);
    }
}

// Local entry and exit: half of the mass at the ends of the model, the rest spread evenly.
static void score_ends(Model *model)
{
    const int nodes = model->nodes;
    const int inner = scaled_log2(1, 2 * (uint64_t)(nodes - 1));
    for (int node = 1; node <= nodes; ++node) {
        model->begin[node] = node == 1 ? scaled_log2(1, 2) : inner;
        model->end[node] = node == nodes ? 0 : inner;
    }
    for (int move = 0; move < kTransitions; ++move)
        model->transition[move][0] = kNever;
    for (int letter = 0; letter < kLetters; ++letter)
        model->insert[letter][nodes] = kNever;
}

void build_model(Model *model, const Alignment *alignment)
{
    memset(model, 0, sizeof *model);
    Counts *counts = calloc(1, sizeof *counts);
    counts->weight = calloc((size_t)alignment->rows, sizeof *counts->weight);
    weigh_rows(counts, alignment);
    model->nodes = mark_match_columns(counts, alignment);
    for (int row = 0; row < alignment->rows; ++row)
        count_row(counts, alignment->cells + row * alignment->columns, alignment->columns,
                  counts->weight[row]);
    for (int node = 1; node <= model->nodes; ++node) {
        score_emissions(model, node, counts->emission[node]);
        score_moves(model, node, counts->move[node]);
    }
    score_ends(model);
    free(counts->weight);
    free(counts);
}

void fit_length(Model *model, int length)
{
    const uint64_t total = (uint64_t)length + 3;
    model->n_loop = model->c_loop = model->j_loop = scaled_log2((uint64_t)length, total);
    model->n_move = model->c_move = model->j_move = scaled_log2(3, total);
    model->e_move = model->e_loop = scaled_log2(1, 2);
}
