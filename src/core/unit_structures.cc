// SPDX-License-Identifier: BSD-3-Clause
// The circuits of the execution units.
#include "core/execution_units.hh"
#include "energy/structures.hh"

namespace sim {

// Identical units have one of everything each. In the papers any operation costs what the unit costs. Additions and
// multiplications of floating-point numbers run on the array of the fused multiply-add: no area of their own.
void ExecutionUnits::list_structures(StructureList &list) const {
    using enum ArithmeticGeometry::Operation;
    const Params &p = params_;
    const auto unit = [&](const char *name, ArithmeticGeometry::Operation operation, bool is_float, u32 copies,
                          std::string_view stat, std::string_view squashed) {
        list.push_back({.name = name, .stage = Stage::Execute, .geometry = ArithmeticGeometry{operation, is_float, 64},
                        .actions = {{Verb::Use, stat, squashed}}, .published = is_float ? "eu_fp" : "eu_int",
                        .copies = copies});
    };
    const auto copies = [&](u32 of_kind) { return p.identical ? p.identical : of_kind; };
    unit("integer", Add, false, copies(p.integer), "integer_operations", "squashed_integer_operations");
    unit("address", Add, false, p.identical ? 0 : p.address, "address_operations", "squashed_address_operations");
    unit("multiplier", Multiply, false, copies(p.multiply), "multiply_operations", "squashed_multiply_operations");
    unit("divider", Divide, false, copies(p.divide), "divide_operations", "squashed_divide_operations");
    unit("float_multiply_add", MultiplyAdd, true, copies(p.floating), "float_multiply_add_operations",
         "squashed_float_multiply_add_operations");
    unit("float_add", Add, true, 0, "float_add_operations", "squashed_float_add_operations");
    unit("float_multiply", Multiply, true, 0, "float_multiply_operations", "squashed_float_multiply_operations");
    unit("float_divider", Divide, true, copies(p.float_divide), "float_divide_operations",
         "squashed_float_divide_operations");
}

}  // namespace sim
