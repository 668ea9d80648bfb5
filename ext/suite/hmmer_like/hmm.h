// SPDX-License-Identifier: BSD-3-Clause
// Shared types of the profile-HMM search: sequences, alignments, the Plan7 model and its dynamic
// programming matrix. Scores are integers in thousandths of a bit, as log-odds against the background.
#ifndef HMM_H
#define HMM_H

#include <stdint.h>

enum { kLetters = 20, kScale = 1000, kMaxNodes = 400, kMaxLength = 1200 };

// Low enough to lose every comparison, high enough that adding two of them does not overflow.
#define kNever (-400000000)

// ---- generated data -------------------------------------------------------------------------------

typedef struct {
    uint64_t state;
} Random;

void seed_random(Random *random, uint64_t seed);
uint32_t next_random(Random *random);
int random_below(Random *random, int limit);
int random_letter(Random *random);  // drawn from the background distribution
int similar_letter(Random *random, int letter);
extern const int kBackground[kLetters];  // per 10000
int letter_group(int letter);

typedef struct {
    int length;
    int is_homolog;  // planted by the generator, to judge the search by
    uint8_t letters[kMaxLength];
} Sequence;

enum { kGap = 255, kInsertSlots = 3 };

// Rows are family members. Each ancestral position owns one column and kInsertSlots columns for insertions.
typedef struct {
    int rows, columns;
    uint8_t *cells;
} Alignment;

void make_alignment(Alignment *alignment, int rows, int positions, Random *random);
void free_alignment(Alignment *alignment);
void make_random_sequence(Sequence *sequence, int length, Random *random);
// Plants one or two mutated copies of an alignment row between random flanks.
void make_homolog(Sequence *sequence, const Alignment *alignment, int length, Random *random);

// ---- the model ------------------------------------------------------------------------------------

enum { kMM, kMI, kMD, kIM, kII, kDM, kDD, kTransitions };

// Nodes count from 1; transition t[k] leaves node k. Arrays are one score array a kind, not one record a
// node, because the inner loop walks all of them in step.
typedef struct {
    int nodes;
    int transition[kTransitions][kMaxNodes + 2];
    int match[kLetters][kMaxNodes + 2];
    int insert[kLetters][kMaxNodes + 2];
    int begin[kMaxNodes + 2];  // B to match k
    int end[kMaxNodes + 2];    // match k to E
    int n_loop, n_move, e_loop, e_move, c_loop, c_move, j_loop, j_move;
    uint8_t consensus[kMaxNodes + 2];
    // Score distribution of random sequences, from calibration.
    int mean, deviation;
} Model;

void build_model(Model *model, const Alignment *alignment);
// Fits the length-dependent special states to the sequence that is about to be scored.
void fit_length(Model *model, int length);

// ---- dynamic programming --------------------------------------------------------------------------

enum { kSpecialN, kSpecialB, kSpecialE, kSpecialC, kSpecialJ, kSpecials };

typedef struct {
    int rows, stride;  // rows is 2 when only the score is wanted
    int *match, *insert, *delete;
    int (*special)[kSpecials];
} Matrix;

void make_matrix(Matrix *matrix, int length, int nodes);
void free_matrix(Matrix *matrix);

// With keep_rows the whole matrix survives for the traceback, otherwise two rows are reused.
int viterbi(const Model *model, const Sequence *sequence, Matrix *matrix, int keep_rows);
int forward(const Model *model, const Sequence *sequence, Matrix *matrix);

typedef enum { kInMatch, kInInsert, kInDelete, kInBegin, kInEnd, kInN, kInC, kInJ } State;

typedef struct {
    uint8_t state;
    int16_t node;
    int16_t position;
} Step;

typedef struct {
    int steps;
    Step step[4 * kMaxLength + 4 * kMaxNodes];
} Trace;

// Recovers the best path from a full Viterbi matrix; returns the number of domains (B to E passages).
int trace_back(const Model *model, const Sequence *sequence, const Matrix *matrix, Trace *trace);
// Re-adds the scores along the path; equals the Viterbi score when the matrix and the path agree.
int trace_score(const Model *model, const Sequence *sequence, const Trace *trace);

// ---- integer logarithms ---------------------------------------------------------------------------

int scaled_log2(uint64_t numerator, uint64_t denominator);
void make_log_sum_table(void);
extern int log_sum_table[];
enum { kLogSumShift = 3, kLogSumEntries = 1536 };
int square_root(int64_t value);

// The larger of two without a branch: the machine has no conditional move, and which one wins is as good as
// random. Both are within 2^30, so the difference cannot overflow.
static inline int larger(int one, int other)
{
    const int difference = one - other;
    return one - (difference & (difference >> 31));
}

#endif
