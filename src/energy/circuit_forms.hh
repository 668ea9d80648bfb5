// SPDX-License-Identifier: BSD-3-Clause
// Closed forms of memory arrays, as a table: sums of products of geometry, fitted to CACTI 7.0.
#pragma once
#include <array>
#include "energy/price.hh"

namespace sim {

enum class CircuitClass : u8 {
    MultiPortRam,
    Cam,
    OnePortSram,
    TwoPortSram,
    ByteTable,
    TargetBuffer,
    FullyAssociative,
    ParallelCache,
    WholeLineCache,
    SequentialCache,
    LargeCache,
    Tags
};
enum class Target : u8 { Read, Write, Search, Leakage, Area, Access };   // pJ, pJ, pJ, mW, mm2, ns

// What the products are made of. Cells and lengths are measured in feature sizes, so that a form fits all
// nodes.
struct ArrayShape {
    double words = 1, bits = 1;   // N, W: of a RAM, or bits that an access moves
    double ports = 1, search_ports = 0;   // P, S: P counts readers and writers
    double key_bits = 0;   // k: of a CAM
    double ways = 1, sets = 1;   // A, sets
    double capacity_bits = 1;   // B
    double kibibytes = 0;   // KB: capacity, weighted with the size of a cell of many ports
    double cell_width = 10, cell_height = 14.6;   // w, h: feature sizes
    double side = 0;   // L: of the array, thousands of feature sizes
};

// Value of the form of `wanted` of a class at a shape and node; 0 where the class has no such form.
// `terms`, unless it is null, receives the summands.
double evaluate_form(CircuitClass circuit, Target wanted, const ArrayShape &shape, u32 nanometres,
                     std::vector<FormTerm> *terms = nullptr);

}  // namespace sim
