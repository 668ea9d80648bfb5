// SPDX-License-Identifier: BSD-3-Clause
// The quantum register: a list of basis states with amplitudes, the gates that stream over it, and
// measurement.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "quantum.h"

static const double kNegligible = 1e-14;   // probability below which a basis state is dropped
static const double kHalfRoot = 0.70710678118654752440;

static void *allocate(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (memory == NULL) abort();
    return memory;
}

void register_init(Register *reg, uint64_t state, uint64_t seed) {
    memset(reg, 0, sizeof *reg);
    reg->capacity = reg->spare_capacity = 16;
    reg->node = allocate(reg->capacity, sizeof(Node));
    reg->spare = allocate(reg->spare_capacity, sizeof(Node));
    reg->count = reg->largest = 1;
    reg->node[0].state = state;
    reg->node[0].amplitude.re = 1.0;
    reg->random = seed * 0x9e3779b97f4a7c15ULL + 1;
}

void register_free(Register *reg) {
    free(reg->node);
    free(reg->spare);
    free(reg->hash);
}

static void count_gate(Register *reg) {
    reg->gates++;
    reg->nodes_touched += reg->count;
}

static void flip(Register *reg, int target) {
    const uint64_t bit = 1ULL << target;
    for (size_t i = 0; i < reg->count; i++) reg->node[i].state ^= bit;
}

// The control bits are data of a superposition, as good as random: shifting beats testing them.
static void flip_if(Register *reg, int control, int target) {
    for (size_t i = 0; i < reg->count; i++) {
        const uint64_t state = reg->node[i].state;
        reg->node[i].state = state ^ (state >> control & 1) << target;
    }
}

static void flip_if_both(Register *reg, int first, int second, int target) {
    for (size_t i = 0; i < reg->count; i++) {
        const uint64_t state = reg->node[i].state;
        reg->node[i].state = state ^ (state >> first & state >> second & 1) << target;
    }
}

void apply_circuit(Register *reg, const Circuit *circuit) {
    for (size_t i = 0; i < circuit->count; i++) {
        const Gate *gate = &circuit->gate[i];
        switch (gate->kind) {
            case GATE_NOT: flip(reg, gate->target); break;
            case GATE_CNOT: flip_if(reg, gate->first, gate->target); break;
            default: flip_if_both(reg, gate->first, gate->second, gate->target); break;
        }
        count_gate(reg);
    }
}

// A gate that splits states needs room for twice as many.
static void make_room(Register *reg) {
    if (reg->spare_capacity < 2 * reg->count) {
        free(reg->spare);
        reg->spare_capacity = 2 * reg->count;
        reg->spare = malloc(reg->spare_capacity * sizeof(Node));
        if (reg->spare == NULL) abort();
    }
}

// The table stays at most half full.
static void clear_hash(Register *reg) {
    size_t size = 16;
    while (size < 2 * reg->count) size *= 2;
    if (size > reg->hash_size) {
        free(reg->hash);
        reg->hash = allocate(size, sizeof *reg->hash);
    } else {
        memset(reg->hash, 0, size * sizeof *reg->hash);
    }
    reg->hash_size = size;
}

static size_t find_pair(Register *reg, uint64_t state, size_t *pairs) {
    const size_t mask = reg->hash_size - 1;
    size_t slot = (size_t)(state * 0x9e3779b97f4a7c15ULL >> 20) & mask;
    for (; reg->hash[slot] != 0; slot = (slot + 1) & mask) {
        const size_t pair = (size_t)reg->hash[slot] - 1;
        if (reg->spare[2 * pair].state == state) return pair;
    }
    reg->hash[slot] = (int32_t)++ * pairs;
    return *pairs - 1;
}

static void swap_arrays(Register *reg, size_t count) {
    Node *old = reg->node;
    const size_t old_capacity = reg->capacity;
    reg->node = reg->spare;
    reg->capacity = reg->spare_capacity;
    reg->spare = old;
    reg->spare_capacity = old_capacity;
    reg->count = count;
    if (count > reg->largest) reg->largest = count;
}

static double probability(Amplitude a) { return a.re * a.re + a.im * a.im; }

// A qubit that is zero in every state splits each of them, and no two of the halves are the same state.
static bool split_fresh_qubit(Register *reg, uint64_t bit) {
    uint64_t seen = 0;
    for (size_t i = 0; i < reg->count; i++) seen |= reg->node[i].state;
    if (seen & bit) return false;
    for (size_t i = 0; i < reg->count; i++) {
        const Node *in = &reg->node[i];
        const Amplitude half = {in->amplitude.re * kHalfRoot, in->amplitude.im * kHalfRoot};
        reg->spare[2 * i] = (Node){in->state, half};
        reg->spare[2 * i + 1] = (Node){in->state | bit, half};
    }
    swap_arrays(reg, 2 * reg->count);
    return true;
}

// Halves that meet in one state add up or cancel; the hash table finds where they meet.
static void split_and_merge(Register *reg, uint64_t bit) {
    size_t pairs = 0, kept = 0;
    clear_hash(reg);
    for (size_t i = 0; i < reg->count; i++) {
        const Node *in = &reg->node[i];
        const double re = in->amplitude.re * kHalfRoot, im = in->amplitude.im * kHalfRoot;
        const double sign = in->state & bit ? -1.0 : 1.0;
        const size_t known = pairs, pair = find_pair(reg, in->state & ~bit, &pairs);
        Node *out = &reg->spare[2 * pair];
        if (pair == known) {
            out[0] = (Node){in->state & ~bit, {re, im}};
            out[1] = (Node){in->state | bit, {sign * re, sign * im}};
        } else {
            out[0].amplitude.re += re;
            out[0].amplitude.im += im;
            out[1].amplitude.re += sign * re;
            out[1].amplitude.im += sign * im;
        }
    }
    for (size_t i = 0; i < 2 * pairs; i++) {
        if (probability(reg->spare[i].amplitude) > kNegligible) reg->spare[kept++] = reg->spare[i];
    }
    swap_arrays(reg, kept);
}

void apply_hadamard(Register *reg, int target) {
    const uint64_t bit = 1ULL << target;
    count_gate(reg);
    make_room(reg);
    if (!split_fresh_qubit(reg, bit)) split_and_merge(reg, bit);
}

static Amplitude multiply(Amplitude a, Amplitude b) {
    return (Amplitude){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

void apply_phase(Register *reg, int target, Amplitude factor) {
    apply_controlled_phase(reg, target, target, factor);
}

void apply_controlled_phase(Register *reg, int control, int target, Amplitude factor) {
    const uint64_t bits = 1ULL << control | 1ULL << target;
    count_gate(reg);
    for (size_t i = 0; i < reg->count; i++) {
        Node *node = &reg->node[i];
        if ((node->state & bits) == bits) node->amplitude = multiply(node->amplitude, factor);
    }
}

static double random_unit(Register *reg) {
    reg->random ^= reg->random << 13;
    reg->random ^= reg->random >> 7;
    reg->random ^= reg->random << 17;
    return (double)(reg->random >> 12) / 4503599627370496.0;
}

double total_probability(const Register *reg) {
    double sum = 0.0;
    for (size_t i = 0; i < reg->count; i++) sum += probability(reg->node[i].amplitude);
    return sum;
}

// Draws a value for the qubit, removes the states that contradict it, and scales the rest to probability one.
int measure_qubit(Register *reg, int qubit) {
    double one = 0.0;
    for (size_t i = 0; i < reg->count; i++) {
        const double weight = (double)(reg->node[i].state >> qubit & 1);
        one += weight * probability(reg->node[i].amplitude);
    }
    const int value = random_unit(reg) < one;
    const double scale = 1.0 / sqrt(value ? one : 1.0 - one);
    size_t kept = 0;
    for (size_t i = 0; i < reg->count; i++) {
        Node node = reg->node[i];
        if ((int)(node.state >> qubit & 1) != value) continue;
        node.amplitude.re *= scale;
        node.amplitude.im *= scale;
        reg->node[kept++] = node;
    }
    count_gate(reg);
    reg->count = kept;
    return value;
}

uint64_t register_checksum(const Register *reg) {
    uint64_t sum = reg->count;
    for (size_t i = 0; i < reg->count; i++) {
        uint64_t re, im;
        memcpy(&re, &reg->node[i].amplitude.re, sizeof re);
        memcpy(&im, &reg->node[i].amplitude.im, sizeof im);
        sum = (sum << 1 | sum >> 63) + reg->node[i].state;
        sum = (sum ^ re) * 0x100000001b3ULL + (im >> 3 ^ im);
    }
    return sum;
}
