// SPDX-License-Identifier: BSD-3-Clause
// The optimisation passes. Each leaves valid SSA behind and says whether it changed anything.
#pragma once
#include "ir.hh"

namespace compiler {

bool clean_graph(Function& function);                 // unreachable blocks, chains, trivial branches and phis
void build_ssa(Function& function);                   // phi placement on dominance frontiers, renaming
bool propagate_constants(Function& function);         // sparse conditional constant propagation
bool simplify(Function& function);                    // algebraic rules
bool number_values(Function& function);               // dominator-scoped value numbering
bool remove_dead(Function& function);
bool forward_memory(Function& function);              // loads from earlier stores and loads, dead stores
bool hoist_invariants(Function& function);
bool reduce_strength(Function& function);             // induction variable products become sums
bool convert_branches(Function& function);            // small diamonds become selects
bool inline_calls(Function& function, const Module& module);
void check_function(const Function& function);        // structural invariants; throws CompileError

void optimise(Function& function, const Module& module);

// Executes the representation itself; the yardstick for the generated code.
class Interpreter {
public:
    explicit Interpreter(const Module& module);
    int64_t call(int function, const std::vector<int64_t>& args, int depth = 0);
    std::vector<std::vector<int64_t>> memory;
    uint64_t steps = 0;

private:
    const Module& module_;
};

}  // namespace compiler
