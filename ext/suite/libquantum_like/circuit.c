// SPDX-License-Identifier: BSD-3-Clause
// Reversible arithmetic built of NOT, CNOT and Toffoli gates: adders, modular adders, controlled multipliers.
#include <stdlib.h>
#include "quantum.h"

void circuit_clear(Circuit *circuit) { circuit->count = 0; }

void circuit_free(Circuit *circuit) {
    free(circuit->gate);
    *circuit = (Circuit){NULL, 0, 0};
}

static void add_gate(Circuit *circuit, int kind, int first, int second, int target) {
    if (circuit->count == circuit->capacity) {
        circuit->capacity = circuit->capacity ? 2 * circuit->capacity : 256;
        circuit->gate = realloc(circuit->gate, circuit->capacity * sizeof *circuit->gate);
        if (circuit->gate == NULL) abort();
    }
    circuit->gate[circuit->count++] = (Gate){(uint8_t)kind, (uint8_t)first, (uint8_t)second, (uint8_t)target};
}

static void add_not(Circuit *circuit, int target) { add_gate(circuit, GATE_NOT, target, target, target); }

static void add_cnot(Circuit *circuit, int control, int target) {
    add_gate(circuit, GATE_CNOT, control, control, target);
}

static void add_toffoli(Circuit *circuit, int first, int second, int target) {
    add_gate(circuit, GATE_TOFFOLI, first, second, target);
}

// All gates are their own inverse, so a part of a circuit is undone by its gates in reverse order.
static void reverse_from(Circuit *circuit, size_t start) {
    for (size_t low = start, high = circuit->count; low + 1 < high; low++, high--) {
        const Gate gate = circuit->gate[low];
        circuit->gate[low] = circuit->gate[high - 1];
        circuit->gate[high - 1] = gate;
    }
}

static void add_carry(Circuit *circuit, int carry, int a, int b, int next) {
    add_toffoli(circuit, a, b, next);
    add_cnot(circuit, a, b);
    add_toffoli(circuit, carry, b, next);
}

static void add_carry_back(Circuit *circuit, int carry, int a, int b, int next) {
    add_toffoli(circuit, carry, b, next);
    add_cnot(circuit, a, b);
    add_toffoli(circuit, a, b, next);
}

// sum += constant register, modulo 2^(bits + 1): carries ripple up, then are taken back on the way down.
static void add_adder(Circuit *circuit, const Layout *at) {
    const int top = at->bits - 1;
    for (int i = 0; i < top; i++) {
        add_carry(circuit, at->carry + i, at->constant + i, at->sum + i, at->carry + i + 1);
    }
    add_carry(circuit, at->carry + top, at->constant + top, at->sum + top, at->sum + at->bits);
    add_cnot(circuit, at->carry + top, at->sum + top);
    for (int i = top - 1; i >= 0; i--) {
        add_carry_back(circuit, at->carry + i, at->constant + i, at->sum + i, at->carry + i + 1);
        add_cnot(circuit, at->constant + i, at->sum + i);
        add_cnot(circuit, at->carry + i, at->sum + i);
    }
}

static void add_subtracter(Circuit *circuit, const Layout *at) {
    const size_t start = circuit->count;
    add_adder(circuit, at);
    reverse_from(circuit, start);
}

// Puts a number into the constant register, or takes it out again, when both controls are set.
static void add_load(Circuit *circuit, const Layout *at, int first, int second, uint64_t number) {
    for (int i = 0; i < at->bits; i++) {
        if (number >> i & 1) add_toffoli(circuit, first, second, at->constant + i);
    }
}

static void add_load_if_flag(Circuit *circuit, const Layout *at, uint64_t number) {
    for (int i = 0; i < at->bits; i++) {
        if (number >> i & 1) add_cnot(circuit, at->flag, at->constant + i);
    }
}

static void add_load_always(Circuit *circuit, const Layout *at, uint64_t number) {
    for (int i = 0; i < at->bits; i++) {
        if (number >> i & 1) add_not(circuit, at->constant + i);
    }
}

// sum = (sum + number) mod modulus when both controls are set; the flag is zero before and after.
static void add_modular_adder(Circuit *circuit, const Layout *at, int first, int second, uint64_t number,
                              uint64_t modulus) {
    const int negative = at->sum + at->bits;
    add_load(circuit, at, first, second, number);
    add_adder(circuit, at);
    add_load(circuit, at, first, second, number);
    add_load_always(circuit, at, modulus);
    add_subtracter(circuit, at);
    add_load_always(circuit, at, modulus);
    add_cnot(circuit, negative, at->flag);
    add_load_if_flag(circuit, at, modulus);
    add_adder(circuit, at);
    add_load_if_flag(circuit, at, modulus);
    // The sum is smaller than the number exactly when the modulus was subtracted: that clears the flag.
    add_load(circuit, at, first, second, number);
    add_subtracter(circuit, at);
    add_not(circuit, negative);
    add_cnot(circuit, negative, at->flag);
    add_not(circuit, negative);
    add_adder(circuit, at);
    add_load(circuit, at, first, second, number);
}

uint64_t multiply_modulo(uint64_t a, uint64_t b, uint64_t modulus) {
    return a * b % modulus;   // moduli are far below 2^32
}

static uint64_t inverse_modulo(uint64_t a, uint64_t modulus) {
    int64_t r0 = (int64_t)modulus, r1 = (int64_t)(a % modulus), s0 = 0, s1 = 1;
    while (r1 != 0) {
        const int64_t quotient = r0 / r1, r2 = r0 - quotient * r1, s2 = s0 - quotient * s1;
        r0 = r1;
        r1 = r2;
        s0 = s1;
        s1 = s2;
    }
    return (uint64_t)(s0 < 0 ? s0 + (int64_t)modulus : s0);
}

// sum += value * factor mod modulus when the control is set.
static void add_products(Circuit *circuit, const Layout *at, int control, uint64_t factor, uint64_t modulus) {
    for (int i = 0; i < at->bits; i++) {
        add_modular_adder(circuit, at, control, at->value + i, factor, modulus);
        factor = multiply_modulo(factor, 2, modulus);
    }
}

static void add_controlled_swap(Circuit *circuit, int control, int a, int b) {
    add_cnot(circuit, b, a);
    add_toffoli(circuit, control, a, b);
    add_cnot(circuit, b, a);
}

// value = value * factor mod modulus when the control is set; the old value is erased with the inverse
// factor.
void add_modular_multiplier(Circuit *circuit, const Layout *at, int control, uint64_t factor,
                            uint64_t modulus) {
    add_products(circuit, at, control, factor, modulus);
    for (int i = 0; i < at->bits; i++) add_controlled_swap(circuit, control, at->value + i, at->sum + i);
    const size_t start = circuit->count;
    add_products(circuit, at, control, inverse_modulo(factor, modulus), modulus);
    reverse_from(circuit, start);
}

// Rotates the value left by a distance when the control is set: each cycle of qubits is a chain of swaps.
void add_rotation(Circuit *circuit, const Layout *at, int control, int distance) {
    uint64_t done = 0;
    for (int start = 0; start < at->bits; start++) {
        int place = start;
        if (distance == 0 || (done >> start & 1)) continue;
        for (;;) {
            const int from = (place + at->bits - distance) % at->bits;
            done |= 1ULL << place;
            if (from == start) break;
            add_controlled_swap(circuit, control, at->value + place, at->value + from);
            place = from;
        }
    }
}
