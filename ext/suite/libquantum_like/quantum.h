// SPDX-License-Identifier: BSD-3-Clause
// libquantum_like, after SPEC CPU2006 462.libquantum: Shor's factoring on a simulated quantum register.
// Types.
#ifndef QUANTUM_H
#define QUANTUM_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    double re, im;
} Amplitude;

// One basis state with a non-zero amplitude; bit i of the state is qubit i.
typedef struct {
    uint64_t state;
    Amplitude amplitude;
} Node;

// A sparse register: only the basis states that occur are stored, in no particular order.
typedef struct {
    Node *node, *spare;   // a Hadamard gate writes into the spare array, then both change places
    size_t count, capacity, spare_capacity;
    int32_t *hash;   // 1 + number of the pair of a basis state, 0 = empty
    size_t hash_size;   // a power of two
    uint64_t random;   // of the measurements
    uint64_t gates, nodes_touched;
    size_t largest;
} Register;

// A reversible gate flips the target when all controls are set. A circuit can be run in both directions.
enum { GATE_NOT, GATE_CNOT, GATE_TOFFOLI };
typedef struct {
    uint8_t kind, first, second, target;
} Gate;

typedef struct {
    Gate *gate;
    size_t count, capacity;
} Circuit;

// register.c
void register_init(Register *reg, uint64_t state, uint64_t seed);
void register_free(Register *reg);
void apply_circuit(Register *reg, const Circuit *circuit);
void apply_hadamard(Register *reg, int target);
void apply_phase(Register *reg, int target, Amplitude factor);
void apply_controlled_phase(Register *reg, int control, int target, Amplitude factor);
int measure_qubit(Register *reg, int qubit);
double total_probability(const Register *reg);
uint64_t register_checksum(const Register *reg);

// circuit.c: qubits a multiplier works on. The control is one qubit of the exponent.
typedef struct {
    int bits;   // of the modulus
    int value, constant, sum, carry, flag;   // first qubit of each part; sum has bits + 1 qubits
} Layout;
void circuit_clear(Circuit *circuit);
void circuit_free(Circuit *circuit);
void add_modular_multiplier(Circuit *circuit, const Layout *at, int control, uint64_t factor,
                            uint64_t modulus);
void add_rotation(Circuit *circuit, const Layout *at, int control, int distance);
uint64_t multiply_modulo(uint64_t a, uint64_t b, uint64_t modulus);

// shor.c
typedef struct {
    uint64_t modulus, base;
    int exponent_bits;
    bool rotate;   // modulus 2^n - 1 and base 2: multiplying is rotating
    bool whole_transform;   // transform first and measure then, instead of measuring qubit by qubit
    uint64_t seed;
} Problem;

typedef struct {
    uint64_t measured, order, factor[2], gates, nodes_touched, largest, checksum;
    double probability;
} Outcome;
void factor_number(const Problem *problem, Outcome *outcome);
#endif
