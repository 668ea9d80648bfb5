// SPDX-License-Identifier: BSD-3-Clause
#include "block/report.hh"
#include <cstdio>
#include <map>
#include "block/compiler.hh"
#include "program/options.hh"

namespace sim {
namespace {

template <class... Values> void print(std::string &text, const char *format, Values... values) {
    char line[256];
    std::snprintf(line, sizeof line, format, values...);
    text += line;
}

std::string names(RegisterSet set, const char *between = " ") {
    std::string text;
    for (unsigned r = 1; r < kRegisters; ++r)
        if (set >> r & 1) text += (text.empty() ? "" : between) + std::string(register_name(u8(r)));
    return text.empty() ? "none" : text;
}

std::string operand(u8 name) {
    if (name == kNoRegister) return "-";
    return is_local(name) ? "l" + std::to_string(name - kLocal) : std::string(register_name(name));
}

struct Totals {
    u64 blocks = 0, instructions = 0, local_reads = 0, reads = 0, local_writes = 0, writes = 0, head_bytes = 0, code_bytes = 0;
    std::map<u64, u64> sizes;

    void add(const Block &b) {
        ++blocks;
        ++sizes[b.code.size()];
        instructions += b.code.size();
        head_bytes += b.head_bytes;
        code_bytes += b.code_bytes;
        for (const BlockInstruction &i : b.code) {
            for (u8 r : {i.rs1, i.rs2, i.rs3}) reads += r != kNoRegister, local_reads += is_local(r);
            writes += i.rd != kNoRegister, local_writes += is_local(i.rd);
        }
    }
};

void show_block(std::string &text, const Block &b, const Program &program) {
    print(text, "\n%s  head at 0x%llx, %u bytes; %zu instructions, %u loads, %u stores, %u global definitions%s\n",
          program.where(b.start).c_str(), static_cast<unsigned long long>(b.head), b.head_bytes, b.code.size(), b.loads,
          b.stores, b.global_writes, b.special ? "; executes alone" : "");
    text += "  reads from before: " + names(b.reads) + "; dead behind it: " + names(b.left_stale) + "\n";
    for (const BlockInstruction &i : b.code)
        print(text, "  0x%llx  %3u  %-32s %s <- %s %s %s\n", static_cast<unsigned long long>(b.start + i.offset),
              unsigned(i.original), disassemble(i.d, b.start + i.offset).c_str(), operand(i.rd).c_str(),
              operand(i.rs1).c_str(), operand(i.rs2).c_str(), operand(i.rs3).c_str());
}

void show_analysis(std::string &text, const BlockCompiler &compiler, const Program &program) {
    const ControlFlow &flow = compiler.control_flow();
    std::size_t unresolved = 0;
    for (const auto &n : flow.nodes()) unresolved += n.how == ControlFlow::End::Unresolved;
    print(text, "jump tables found            %10zu   register jumps left open   %zu (everything is live there)\n",
          flow.tables().size(), unresolved);
    print(text, "functions that never return  %10zu\n", flow.functions_never_returning());
    text += "live at every return: " + names(flow.live_at_returns()) + "\n";
    for (const auto &[pc, set] : flow.return_causes())
        text += "  " + names(set) + " because of the return point at " + program.where(pc) + "\n";
}

}  // namespace

std::string describe_blocks(const std::string &file, const BlockLimits &limits, const std::string &function) {
    const Program program = Program::load(file);
    Hart hart;
    const auto environment = make_environment(program, {}, hart);
    DecodeCache code(environment->memory());
    BlockCompiler compiler(program, environment->memory(), code, limits);
    Address low = 1, high = 0;   // of the function to show
    if (!function.empty()) {
        const Symbol *symbol = program.symbol(function);
        if (!symbol && function.starts_with("0x")) symbol = program.symbol_at(std::strtoull(function.c_str(), nullptr, 16));
        if (!symbol) throw ConfigError(file + ": no symbol '" + function + "'; name a function, or an address such as 0x10456");
        low = symbol->address;
        high = symbol->address + std::max<u64>(symbol->bytes, 1);
    }
    Totals totals;
    std::string shown;
    for (const auto &[start, end] : compiler.layout()) {
        const Block &b = *compiler.find(start);
        totals.add(b);
        if (start >= low && start < high) show_block(shown, b, program);
    }
    const auto share = [](u64 part, u64 all) { return 100 * ratio(double(part), double(all)); };
    std::string text = file + "\n";
    print(text, "blocks                       %10llu   instructions a block       %.2f\n",
          static_cast<unsigned long long>(totals.blocks), ratio(double(totals.instructions), double(totals.blocks)));
    print(text, "code bytes                   %10llu   head bytes                 %llu (%.1f %%)\n",
          static_cast<unsigned long long>(totals.code_bytes), static_cast<unsigned long long>(totals.head_bytes),
          share(totals.head_bytes, totals.code_bytes));
    print(text, "register reads that are local    %5.1f %%   register writes that are local  %.1f %%\n",
          share(totals.local_reads, totals.reads), share(totals.local_writes, totals.writes));
    print(text, "values without a free local name %5llu\n", static_cast<unsigned long long>(compiler.counts.spilled_values));
    show_analysis(text, compiler, program);
    text += "blocks by size:";
    for (const auto &[size, count] : totals.sizes) print(text, " %llu:%llu", static_cast<unsigned long long>(size),
                                                         static_cast<unsigned long long>(count));
    return text + "\n" + shown;
}

GuestError reads_lost_values(const std::string &core, const Program &program, const Block &block, RegisterSet lost) {
    return GuestError(core + ": the block at " + program.where(block.start) + " reads " + names(block.reads & lost, ", ") +
                      ", which an earlier block did not keep: by the calling convention nothing passes there; run code that "
                      "departs from it with --set=core.use_locals=false, and report code of a compiler");
}

}  // namespace sim
