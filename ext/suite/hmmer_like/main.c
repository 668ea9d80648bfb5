// SPDX-License-Identifier: BSD-3-Clause
// Profile-HMM search like SPEC's 456.hmmer: builds Plan7 models from protein families, calibrates them on
// random sequences, searches a sequence database, and aligns the hits (Viterbi, forward, traceback).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hmm.h"

typedef struct {
    const char *name;
    int families, rows, positions;
    int random_sequences;  // for the calibration of each model
    int database, length;
} Size;

static const Size kSizes[] = {
    {"test", 1, 8, 28, 5, 11, 56},
    {"train", 2, 24, 110, 10, 28, 150},
    {"ref", 3, 60, 230, 20, 60, 300},
};

typedef struct {
    int sequence, score, forward_score, domains, first, last, surprise;
} Hit;

typedef struct {
    Sequence *sequence;
    int sequences;
    Hit hit[512];
    int hits, missed, false_hits;
    Trace trace;
    uint64_t checksum;
} Search;

static void mix(Search *search, uint64_t value)
{
    search->checksum = (search->checksum ^ value) * 0x100000001b3ull;
}

static int score_sequence(Model *model, const Sequence *sequence, Matrix *matrix)
{
    fit_length(model, sequence->length);
    return viterbi(model, sequence, matrix, 0);
}

// Mean and standard deviation of the scores that random sequences reach.
static void calibrate(Model *model, const Size *size, Matrix *matrix, Random *random)
{
    int64_t sum = 0, squares = 0;
    Sequence sequence;
    for (int number = 0; number < size->random_sequences; ++number) {
        const int length = size->length * 3 / 4 + random_below(random, size->length / 2);
        make_random_sequence(&sequence, length, random);
        const int64_t score = score_sequence(model, &sequence, matrix);
        sum += score;
        squares += score * score;
    }
    model->mean = (int)(sum / size->random_sequences);
    model->deviation = 1 + square_root(squares / size->random_sequences - (int64_t)model->mean * model->mean);
}

// How unlikely a score is by chance under an extreme-value law fitted by moments: -log2 of the tail
// probability, in thousandths. 1.28255 / deviation is the law's slope, 0.45 deviations below the mean its
// location, and 1.442695 turns natural logarithms into bits.
static int surprise(const Model *model, int score)
{
    const int64_t above = (int64_t)score - (model->mean - (int64_t)model->deviation * 45 / 100);
    return (int)(above * 1850 / model->deviation);
}

static void make_database(Search *search, const Size *size, const Alignment *family, Random *random)
{
    for (int number = 0; number < size->database; ++number) {
        Sequence *sequence = &search->sequence[number];
        const int length = size->length * 3 / 4 + random_below(random, size->length / 2);
        if (number % 7 == 3)
            make_homolog(sequence, family, length, random);
        else
            make_random_sequence(sequence, length, random);
    }
}

static void align_hit(Search *search, Model *model, int number, int score, Matrix *matrix)
{
    const Sequence *sequence = &search->sequence[number];
    Hit *hit = &search->hit[search->hits++];
    hit->sequence = number;
    hit->score = score;
    hit->surprise = surprise(model, score);
    hit->forward_score = forward(model, sequence, matrix);
    viterbi(model, sequence, matrix, 1);
    hit->domains = trace_back(model, sequence, matrix, &search->trace);
    if (trace_score(model, sequence, &search->trace) != score)
        printf("the path of sequence %d does not add up\n", number);
    hit->first = sequence->length;
    hit->last = 0;
    for (int index = 0; index < search->trace.steps; ++index) {
        const Step *step = &search->trace.step[index];
        mix(search, step->state * 1000003ull + (uint64_t)step->node * 2048 + (uint64_t)step->position);
        if (step->state == kInMatch && step->position < hit->first)
            hit->first = step->position;
        if (step->state == kInMatch && step->position > hit->last)
            hit->last = step->position;
    }
}

static void search_database(Search *search, Model *model, Matrix *matrix)
{
    for (int number = 0; number < search->sequences; ++number) {
        const Sequence *sequence = &search->sequence[number];
        const int score = score_sequence(model, sequence, matrix);
        const int is_hit = surprise(model, score) > 12 * kScale;
        mix(search, (uint64_t)(int64_t)score);
        search->missed += sequence->is_homolog && !is_hit;
        search->false_hits += is_hit && !sequence->is_homolog;
        if (is_hit)
            align_hit(search, model, number, score, matrix);
    }
}

static int by_score(const void *one, const void *other)
{
    const Hit *a = one, *b = other;
    return a->score != b->score ? (a->score < b->score) - (a->score > b->score) : a->sequence - b->sequence;
}

// The best hit's first domain, as the consensus above the sequence.
static void print_alignment(Search *search, Model *model, Matrix *matrix, const Hit *hit)
{
    static const char kNames[] = "ACDEFGHIKLMNPQRSTVWY";
    const Sequence *sequence = &search->sequence[hit->sequence];
    char above[61], below[61];
    int width = 0;
    score_sequence(model, sequence, matrix);
    viterbi(model, sequence, matrix, 1);
    trace_back(model, sequence, matrix, &search->trace);
    for (int index = search->trace.steps - 1; index >= 0 && width < 60; --index) {
        const Step *step = &search->trace.step[index];
        if (step->state > kInDelete)
            continue;
        above[width] = step->state == kInInsert ? '.' : kNames[model->consensus[step->node]];
        below[width++] = step->state == kInDelete ? '-' : kNames[sequence->letters[step->position - 1]];
    }
    printf("    %.*s\n    %.*s\n", width, above, width, below);
}

static void report(Search *search, Model *model, Matrix *matrix)
{
    qsort(search->hit, (size_t)search->hits, sizeof *search->hit, by_score);
    printf("  hits %d, homologs missed %d, false hits %d\n", search->hits, search->missed,
           search->false_hits);
    for (int rank = 0; rank < search->hits; ++rank) {
        const Hit *hit = &search->hit[rank];
        mix(search, (uint64_t)(int64_t)hit->forward_score * 31 + (uint64_t)hit->domains);
        mix(search, (uint64_t)hit->first * 4096 + (uint64_t)hit->last);
        if (rank < 4)
            printf("  sequence %d: score %d, forward %d, surprise %d, domains %d, %d to %d\n", hit->sequence,
                   hit->score, hit->forward_score, hit->surprise, hit->domains, hit->first, hit->last);
    }
    if (search->hits > 0)
        print_alignment(search, model, matrix, &search->hit[0]);
}

static int run(const Size *size)
{
    static Search search;
    static Model model;
    search.checksum = 0xcbf29ce484222325ull;
    search.sequences = size->database;
    search.sequence = calloc((size_t)size->database, sizeof *search.sequence);
    make_log_sum_table();
    for (int family = 0; family < size->families; ++family) {
        Random random;
        seed_random(&random, 4711 + (uint64_t)family);
        Alignment alignment;
        make_alignment(&alignment, size->rows, size->positions + 9 * family, &random);
        build_model(&model, &alignment);
        Matrix matrix;
        make_matrix(&matrix, size->length * 5 / 4 + 1, model.nodes);
        calibrate(&model, size, &matrix, &random);
        printf("family %d: %d nodes, random score %d +- %d\n", family, model.nodes, model.mean,
               model.deviation);
        make_database(&search, size, &alignment, &random);
        search.hits = search.missed = search.false_hits = 0;
        search_database(&search, &model, &matrix);
        report(&search, &model, &matrix);
        free_matrix(&matrix);
        free_alignment(&alignment);
    }
    free(search.sequence);
    printf("checksum 0x%016llx\n", (unsigned long long)search.checksum);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2)
        for (size_t index = 0; index < sizeof kSizes / sizeof *kSizes; ++index)
            if (!strcmp(argv[1], kSizes[index].name))
                return run(&kSizes[index]);
    fprintf(stderr, "usage: %s test|train|ref\n", argv[0]);
    return 2;
}
