// SPDX-License-Identifier: BSD-3-Clause
// Shor's algorithm: modular exponentiation in superposition, Fourier transform, measurement, continued
// fractions.
#include <math.h>
#include "quantum.h"

enum { MAX_BITS = 32 };

// root[k] is e^(-2 pi i / 2^k). Square roots are exact to the last bit everywhere, cosines are not.
static Amplitude root[MAX_BITS + 1];

static void init_roots(void) {
    root[0] = (Amplitude){1.0, 0.0};
    root[1] = (Amplitude){-1.0, 0.0};
    root[2] = (Amplitude){0.0, -1.0};
    for (int k = 3; k <= MAX_BITS; k++) {
        const double cosine = sqrt((1.0 + root[k - 1].re) / 2.0);
        root[k] = (Amplitude){cosine, root[k - 1].im / (2.0 * cosine)};
    }
}

static int bit_length(uint64_t number) {
    int bits = 0;
    for (; number != 0; number >>= 1) bits++;
    return bits;
}

static Layout place_registers(const Problem *problem) {
    Layout at;
    at.bits = bit_length(problem->modulus);
    at.value = problem->exponent_bits;
    at.constant = at.value + at.bits;
    at.sum = at.constant + at.bits;
    at.carry = at.sum + at.bits + 1;
    at.flag = at.carry + at.bits;
    return at;
}

// value = base^exponent mod modulus. An exponent qubit enters superposition just before it is first needed,
// which changes nothing in the result and keeps the register short for as long as possible.
static void exponentiate(Register *reg, const Problem *problem, const Layout *at) {
    Circuit circuit = {NULL, 0, 0};
    uint64_t factor = problem->base;
    int distance = 1;
    for (int j = 0; j < problem->exponent_bits; j++) {
        apply_hadamard(reg, j);
        circuit_clear(&circuit);
        if (problem->rotate) {
            add_rotation(&circuit, at, j, distance);
        } else {
            add_modular_multiplier(&circuit, at, j, factor, problem->modulus);
        }
        apply_circuit(reg, &circuit);
        factor = multiply_modulo(factor, factor, problem->modulus);
        distance = distance * 2 % at->bits;
    }
    circuit_free(&circuit);
}

// The inverse transform with phases controlled by qubits, then a measurement of them all.
static uint64_t transform_and_measure(Register *reg, int bits) {
    uint64_t measured = 0;
    for (int j = bits - 1; j >= 0; j--) {
        for (int k = bits - 1; k > j; k--) apply_controlled_phase(reg, k, j, root[k - j + 1]);
        apply_hadamard(reg, j);
    }
    for (int j = 0; j < bits; j++) measured |= (uint64_t)measure_qubit(reg, j) << (bits - 1 - j);
    return measured;
}

// The same transform measuring each qubit at once, so that phases depend on known bits and the register
// shrinks.
static uint64_t measure_as_transforming(Register *reg, int bits) {
    uint64_t measured = 0;
    for (int j = bits - 1; j >= 0; j--) {
        Amplitude factor = root[0];
        for (int k = bits - 1; k > j; k--) {
            if (!(measured >> (bits - 1 - k) & 1)) continue;
            const Amplitude r = root[k - j + 1];
            factor = (Amplitude){factor.re * r.re - factor.im * r.im, factor.re * r.im + factor.im * r.re};
        }
        if (measured != 0) apply_phase(reg, j, factor);
        apply_hadamard(reg, j);
        measured |= (uint64_t)measure_qubit(reg, j) << (bits - 1 - j);
    }
    return measured;
}

static uint64_t power_modulo(uint64_t base, uint64_t exponent, uint64_t modulus) {
    uint64_t result = 1;
    for (; exponent != 0; exponent >>= 1) {
        if (exponent & 1) result = multiply_modulo(result, base, modulus);
        base = multiply_modulo(base, base, modulus);
    }
    return result;
}

// measured / 2^bits is near a multiple of 1 / order: try the denominators of its continued fraction and small
// multiples of them. Zero when none is an order.
static uint64_t find_order(uint64_t measured, const Problem *problem) {
    uint64_t numerator = measured, denominator = 1ULL << problem->exponent_bits, q0 = 0, q1 = 1;
    while (numerator != 0) {
        const uint64_t whole = denominator / numerator, rest = denominator % numerator, q2 = whole * q1 + q0;
        if (q2 >= problem->modulus) break;
        q0 = q1;
        q1 = q2;
        denominator = numerator;
        numerator = rest;
        for (uint64_t multiple = q1; multiple < problem->modulus && multiple <= 4 * q1; multiple += q1) {
            if (power_modulo(problem->base, multiple, problem->modulus) == 1) return multiple;
        }
    }
    return 0;
}

static uint64_t common_divisor(uint64_t a, uint64_t b) {
    while (b != 0) {
        const uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

void factor_number(const Problem *problem, Outcome *outcome) {
    Register reg;
    const Layout at = place_registers(problem);
    init_roots();
    register_init(&reg, 1ULL << at.value, problem->seed);
    exponentiate(&reg, problem, &at);
    outcome->probability = total_probability(&reg);
    outcome->checksum = register_checksum(&reg);
    if (problem->whole_transform) {
        outcome->measured = transform_and_measure(&reg, problem->exponent_bits);
    } else {
        outcome->measured = measure_as_transforming(&reg, problem->exponent_bits);
    }
    outcome->checksum = outcome->checksum * 31 + register_checksum(&reg);
    outcome->gates = reg.gates;
    outcome->nodes_touched = reg.nodes_touched;
    outcome->largest = reg.largest;
    outcome->order = find_order(outcome->measured, problem);
    outcome->factor[0] = outcome->factor[1] = 0;
    if (outcome->order != 0 && outcome->order % 2 == 0) {
        const uint64_t half = power_modulo(problem->base, outcome->order / 2, problem->modulus);
        outcome->factor[0] = common_divisor(half + problem->modulus - 1, problem->modulus);
        outcome->factor[1] = common_divisor(half + 1, problem->modulus);
    }
    register_free(&reg);
}
