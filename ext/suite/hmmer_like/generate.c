// SPDX-License-Identifier: BSD-3-Clause
// Generates the data: protein families as alignments, random sequences and sequences with planted homologs.
#include <stdlib.h>
#include <string.h>

#include "hmm.h"

// A C D E F G H I K L M N P Q R S T V W Y, per 10000.
const int kBackground[kLetters] = {755, 170, 530, 632, 408, 684, 224, 573, 594, 934,
                                   236, 453, 492, 402, 517, 722, 574, 652, 125, 323};

// Letters of one group replace each other readily.
static const uint8_t kGroup[kLetters] = {0, 0, 1, 1, 2, 3, 4, 5, 4, 5, 5, 1, 3, 1, 4, 0, 0, 5, 2, 2};

int letter_group(int letter)
{
    return kGroup[letter];
}

void seed_random(Random *random, uint64_t seed)
{
    random->state = seed * 0x9e3779b97f4a7c15ull + 0x7f4a7c15ull;
}

uint32_t next_random(Random *random)
{
    uint64_t x = random->state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    random->state = x;
    return (uint32_t)(x >> 32);
}

int random_below(Random *random, int limit)
{
    return (int)(((uint64_t)next_random(random) * (uint64_t)limit) >> 32);
}

// One table look-up a letter: 1024 slots shared out by the background distribution.
int random_letter(Random *random)
{
    static uint8_t slots[1024];
    static int is_ready = 0;
    if (!is_ready) {
        int slot = 0, sum = 0;
        for (int letter = 0; letter < kLetters; ++letter) {
            sum += kBackground[letter];
            while (slot * 10000 < sum * 1024 && slot < 1024)
                slots[slot++] = (uint8_t)letter;
        }
        is_ready = 1;
    }
    return slots[next_random(random) >> 22];
}

int similar_letter(Random *random, int letter)
{
    for (int attempt = 0; attempt < 12; ++attempt) {
        const int other = random_letter(random);
        if (kGroup[other] == kGroup[letter])
            return other;
    }
    return letter;
}

static int mutate(Random *random, int letter, int per_mille)
{
    if (random_below(random, 1000) >= per_mille)
        return letter;
    return random_below(random, 5) < 3 ? similar_letter(random, letter) : random_letter(random);
}

void make_alignment(Alignment *alignment, int rows, int positions, Random *random)
{
    alignment->rows = rows;
    alignment->columns = positions * (1 + kInsertSlots);
    alignment->cells = malloc((size_t)rows * (size_t)alignment->columns);
    memset(alignment->cells, kGap, (size_t)rows * (size_t)alignment->columns);
    uint8_t ancestor[kMaxNodes];
    int rate[kMaxNodes];  // some positions are conserved, some drift
    for (int position = 0; position < positions; ++position) {
        ancestor[position] = (uint8_t)random_letter(random);
        rate[position] = 50 + random_below(random, 3) * 300;
    }
    for (int row = 0; row < rows; ++row) {
        uint8_t *cell = alignment->cells + row * alignment->columns;
        int deleting = 0;
        for (int position = 0; position < positions; ++position, cell += 1 + kInsertSlots) {
            deleting = random_below(random, 100) < (deleting ? 45 : 2);
            if (deleting)
                continue;
            cell[0] = (uint8_t)mutate(random, ancestor[position], rate[position]);
            int slot = 0, chance = 2;  // per cent: an insertion is rare, but once begun it often goes on
            while (slot < kInsertSlots && random_below(random, 100) < chance) {
                cell[++slot] = (uint8_t)random_letter(random);
                chance = 50;
            }
        }
    }
}

void free_alignment(Alignment *alignment)
{
    free(alignment->cells);
    alignment->cells = NULL;
}

void make_random_sequence(Sequence *sequence, int length, Random *random)
{
    sequence->length = length;
    sequence->is_homolog = 0;
    for (int position = 0; position < length; ++position)
        sequence->letters[position] = (uint8_t)random_letter(random);
}

void make_homolog(Sequence *sequence, const Alignment *alignment, int length, Random *random)
{
    make_random_sequence(sequence, length, random);
    sequence->is_homolog = 1;
    const int copies = 1 + (random_below(random, 4) == 0);
    int position = random_below(random, 8 + length / 4);
    for (int copy = 0; copy < copies; ++copy) {
        const uint8_t *row = alignment->cells + random_below(random, alignment->rows) * alignment->columns;
        const int divergence = 100 + random_below(random, 400);
        for (int column = 0; column < alignment->columns && position < length; ++column)
            if (row[column] != kGap)
                sequence->letters[position++] = (uint8_t)mutate(random, row[column], divergence);
        position += random_below(random, 20);
    }
}
