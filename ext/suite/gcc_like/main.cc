// SPDX-License-Identifier: BSD-3-Clause
// gcc_like: an optimising compiler after SPEC CPU2006 403.gcc. It compiles generated C-like units to
// assembler text through SSA and graph-colouring register allocation, assembles the text and runs it against
// an interpreter of the source.
#include <cstdio>
#include <cstring>

#include "front.hh"
#include "generate.hh"
#include "machine.hh"
#include "passes.hh"

namespace {

using namespace compiler;

struct Totals {
    uint64_t checksum = 0xcbf29ce484222325ull;
    uint64_t functions = 0, source_bytes = 0, assembly_bytes = 0, before = 0, after = 0, reference_steps = 0,
             machine_steps = 0;
    void mix(const std::string& text) {
        for (char c : text)
            checksum = (checksum ^ static_cast<uint8_t>(c)) * 0x100000001b3ull;
    }
    void mix(int64_t value) { checksum = (checksum ^ static_cast<uint64_t>(value)) * 0x9e3779b97f4a7c15ull; }
};

void compile_unit(const std::string& source, Totals& totals, int64_t seed) {
    Module module;
    std::vector<FunctionTree> trees;
    parse_unit(source, module, trees);
    for (const FunctionTree& tree : trees)
        module.functions.push_back(lower(tree, module));
    Module reference = module;
    std::string assembly;
    for (Function& function : module.functions) {
        totals.before += function.size();
        optimise(function, module);
        totals.after += function.size();
        Function copy = function;       // selection splits edges; the inliner still needs the original
        MachineFunction machine = select_instructions(copy, module);
        schedule(machine);
        allocate_registers(machine);
        peephole(machine);
        print_assembly(machine, module, assembly);
        ++totals.functions;
    }
    Program program;
    assemble(assembly, module, program);
    int entry = static_cast<int>(module.functions.size()) - 1;
    Interpreter interpreter(reference);
    Simulator simulator(program, module);
    int64_t expected = interpreter.call(entry, {seed}), result = simulator.call(entry, {seed});
    if (expected != result || interpreter.memory != simulator.memory)
        throw CompileError("the compiled program gives a different result");
    totals.source_bytes += source.size();
    totals.assembly_bytes += assembly.size();
    totals.reference_steps += interpreter.steps;
    totals.machine_steps += simulator.steps;
    totals.mix(assembly);
    totals.mix(result);
}

void run(int units, uint32_t longest, Totals& totals) {
    Random random(403);
    for (int i = 0; i < units; ++i) {
        int functions = 1 + static_cast<int>(random.below(longest > 1 ? 2 : 1));
        int statements = 1 + static_cast<int>(random.below(longest));
        compile_unit(generate_unit(random, functions, statements), totals, 1000 + i * 77);
    }
}

int usage() {
    std::fprintf(stderr, "usage: gcc_like test|train|ref\n");
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2)
        return usage();
    int units = !std::strcmp(argv[1], "test") ? 1 : !std::strcmp(argv[1], "train") ? 40
                : !std::strcmp(argv[1], "ref") ? 400 : 0;
    if (units == 0)
        return usage();
    Totals totals;
    try {
        run(units, units > 1 ? 4 : 1, totals);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "gcc_like: %s\n", error.what());
        return 1;
    }
    std::printf("units %d functions %llu source %llu assembly %llu\n", units,
                (unsigned long long)totals.functions, (unsigned long long)totals.source_bytes,
                (unsigned long long)totals.assembly_bytes);
    std::printf("operations %llu optimised %llu interpreted %llu executed %llu\n",
                (unsigned long long)totals.before, (unsigned long long)totals.after,
                (unsigned long long)totals.reference_steps, (unsigned long long)totals.machine_steps);
    std::printf("checksum 0x%016llx\n", (unsigned long long)totals.checksum);
    return 0;
}
