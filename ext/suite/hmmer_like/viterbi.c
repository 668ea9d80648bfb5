// SPDX-License-Identifier: BSD-3-Clause
// The two dynamic programs over a Plan7 model: Viterbi (best path) and forward (all paths).
#include <stdlib.h>

#include "hmm.h"

void make_matrix(Matrix *matrix, int length, int nodes)
{
    matrix->rows = length + 1;
    matrix->stride = nodes + 2;
    const size_t cells = (size_t)matrix->rows * (size_t)matrix->stride;
    matrix->match = malloc(cells * sizeof(int));
    matrix->insert = malloc(cells * sizeof(int));
    matrix->delete = malloc(cells * sizeof(int));
    matrix->special = malloc((size_t)matrix->rows * sizeof *matrix->special);
}

void free_matrix(Matrix *matrix)
{
    free(matrix->match);
    free(matrix->insert);
    free(matrix->delete);
    free(matrix->special);
}

static void start_matrix(const Model *model, Matrix *matrix)
{
    for (int node = 0; node <= model->nodes; ++node)
        matrix->match[node] = matrix->insert[node] = matrix->delete[node] = kNever;
    int *special = matrix->special[0];
    special[kSpecialN] = 0;
    special[kSpecialB] = model->n_move;
    special[kSpecialE] = special[kSpecialC] = special[kSpecialJ] = kNever;
}

typedef struct {
    const int *match, *insert, *delete;
} OldRow;

typedef struct {
    int *match, *insert, *delete;
} NewRow;

// One row of the three states; returns the best score of leaving a match state for E.
static int viterbi_row(const Model *model, int letter, int begin, OldRow old, NewRow row)
{
    const int nodes = model->nodes;
    const int *restrict match_score = model->match[letter];
    const int *restrict insert_score = model->insert[letter];
    const int *restrict mm = model->transition[kMM], *restrict mi = model->transition[kMI];
    const int *restrict md = model->transition[kMD], *restrict im = model->transition[kIM];
    const int *restrict ii = model->transition[kII], *restrict dm = model->transition[kDM];
    const int *restrict dd = model->transition[kDD];
    const int *restrict enter = model->begin, *restrict leave = model->end;
    const int *restrict old_match = old.match, *restrict old_insert = old.insert;
    const int *restrict old_delete = old.delete;
    int *restrict new_match = row.match, *restrict new_insert = row.insert, *restrict new_delete = row.delete;
    int last_match = kNever, last_delete = kNever, end = kNever;
    new_match[0] = new_insert[0] = new_delete[0] = kNever;
    for (int k = 1; k <= nodes; ++k) {
        int match = larger(old_match[k - 1] + mm[k - 1], old_insert[k - 1] + im[k - 1]);
        match = larger(match, old_delete[k - 1] + dm[k - 1]);
        match = larger(match, begin + enter[k]);
        match = larger(match + match_score[k], kNever);
        last_delete = larger(larger(last_delete + dd[k - 1], last_match + md[k - 1]), kNever);
        const int insert = larger(old_match[k] + mi[k], old_insert[k] + ii[k]) + insert_score[k];
        last_match = match;
        new_match[k] = match;
        new_delete[k] = last_delete;
        new_insert[k] = larger(insert, kNever);
        end = larger(end, match + leave[k]);
    }
    return end;
}

int viterbi(const Model *model, const Sequence *sequence, Matrix *matrix, int keep_rows)
{
    start_matrix(model, matrix);
    int before = 0;
    for (int position = 1; position <= sequence->length; ++position) {
        const int now = keep_rows ? position : position & 1;
        const int *from = matrix->special[before];
        int *to = matrix->special[now];
        const int old_cell = before * matrix->stride, new_cell = now * matrix->stride;
        const OldRow old = {matrix->match + old_cell, matrix->insert + old_cell, matrix->delete + old_cell};
        const NewRow row = {matrix->match + new_cell, matrix->insert + new_cell, matrix->delete + new_cell};
        const int end = viterbi_row(model, sequence->letters[position - 1], from[kSpecialB], old, row);
        const int n = from[kSpecialN] + model->n_loop;
        const int j = larger(larger(from[kSpecialJ] + model->j_loop, end + model->e_loop), kNever);
        const int c = larger(larger(from[kSpecialC] + model->c_loop, end + model->e_move), kNever);
        to[kSpecialE] = end;
        to[kSpecialN] = n;
        to[kSpecialJ] = j;
        to[kSpecialC] = c;
        to[kSpecialB] = larger(n + model->n_move, j + model->j_move);
        before = now;
    }
    return matrix->special[before][kSpecialC] + model->c_move;
}

// log2(2^one + 2^other) in scaled units, by table.
static inline int log_sum(int one, int other)
{
    const int larger_one = larger(one, other);
    const int smaller_one = one + other - larger_one;
    const int distance = (larger_one - smaller_one) >> kLogSumShift;
    return larger_one + log_sum_table[-larger(-distance, -(kLogSumEntries - 1))];
}

static int forward_row(const Model *model, int letter, int begin, OldRow old, NewRow row)
{
    const int *match_score = model->match[letter], *insert_score = model->insert[letter];
    const int(*move)[kMaxNodes + 2] = model->transition;
    int end = kNever;
    row.match[0] = row.insert[0] = row.delete[0] = kNever;
    for (int k = 1; k <= model->nodes; ++k) {
        const int stay = log_sum(old.match[k - 1] + move[kMM][k - 1], old.insert[k - 1] + move[kIM][k - 1]);
        const int enter = log_sum(old.delete[k - 1] + move[kDM][k - 1], begin + model->begin[k]);
        const int match = log_sum(stay, enter) + match_score[k];
        const int skip =
            log_sum(row.match[k - 1] + move[kMD][k - 1], row.delete[k - 1] + move[kDD][k - 1]);
        const int insert = log_sum(old.match[k] + move[kMI][k], old.insert[k] + move[kII][k]);
        row.match[k] = larger(match, kNever);
        row.delete[k] = larger(skip, kNever);
        row.insert[k] = larger(insert + insert_score[k], kNever);
        end = log_sum(end, larger(match + model->end[k], kNever));
    }
    return end;
}

int forward(const Model *model, const Sequence *sequence, Matrix *matrix)
{
    start_matrix(model, matrix);
    int before = 0;
    for (int position = 1; position <= sequence->length; ++position) {
        const int now = position & 1;
        const int *from = matrix->special[before];
        int *to = matrix->special[now];
        const int old_cell = before * matrix->stride, new_cell = now * matrix->stride;
        const OldRow old = {matrix->match + old_cell, matrix->insert + old_cell, matrix->delete + old_cell};
        const NewRow row = {matrix->match + new_cell, matrix->insert + new_cell, matrix->delete + new_cell};
        const int end = forward_row(model, sequence->letters[position - 1], from[kSpecialB], old, row);
        const int n = from[kSpecialN] + model->n_loop;
        const int j = log_sum(from[kSpecialJ] + model->j_loop, end + model->e_loop);
        const int c = log_sum(from[kSpecialC] + model->c_loop, end + model->e_move);
        to[kSpecialE] = end;
        to[kSpecialN] = n;
        to[kSpecialJ] = larger(j, kNever);
        to[kSpecialC] = larger(c, kNever);
        to[kSpecialB] = log_sum(n + model->n_move, j + model->j_move);
        before = now;
    }
    return matrix->special[before][kSpecialC] + model->c_move;
}
