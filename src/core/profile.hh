// SPDX-License-Identifier: BSD-3-Clause
// A functional core that counts what a program is made of: instruction mix, distinct code, touched data.
#pragma once
#include <cstdlib>
#include <memory>
#include <vector>
#include "core/checker.hh"
#include "core/core.hh"
#include "core/sleep.hh"

namespace sim {

// One instruction a cycle. What system calls read and write for the program is not counted.
class ProfileCore final : public Model<ProfileCore, Core> {
  public:
    struct Params : Described<Params> {};
    struct Stats : Described<Stats> {
        STAT(committed_instructions, "instructions", "instructions executed");
        STAT(cycles, "cycles", "one an instruction, so that counters and time move");
        STAT(environment_calls, "calls", "system calls, breakpoints, faults and interrupts handled");
        STAT(compressed_instructions, "instructions", "of two bytes");
        STAT(integer_instructions, "instructions", "integer arithmetic and logic");
        STAT(multiply_instructions, "instructions", "integer multiplications");
        STAT(divide_instructions, "instructions", "integer divisions and remainders");
        STAT(float_instructions, "instructions", "floating-point arithmetic, conversions and moves");
        STAT(loads, "instructions", "loads, load-reserved among them");
        STAT(stores, "instructions", "stores, store-conditional among them");
        STAT(atomics, "instructions", "atomic read-modify-writes");
        STAT(branches, "instructions", "conditional branches");
        STAT(taken_branches, "instructions", "conditional branches that were taken");
        STAT(jumps, "instructions", "direct jumps and calls");
        STAT(indirect_jumps, "instructions", "indirect jumps and calls, returns apart");
        STAT(returns, "instructions", "returns");
        STAT(system_instructions, "instructions", "CSR accesses, fences, system calls and breakpoints");
        STAT(code_bytes, "bytes", "of distinct instructions executed");
        STAT(code_lines, "lines", "distinct lines that hold the first byte of an executed instruction");
        STAT(data_lines, "lines", "distinct lines that loads, stores and atomics touched");
        FORMULA(data_bytes, "bytes", "in the lines that loads, stores and atomics touched",
                data_lines * double(kLineBytes));
    };
    explicit ProfileCore(const Params &params) : params_(params) {}
    const Params &params() const { return params_; }

    void start(const CoreStart &start) override;
    void run(u64 instructions) override;
    const Hart &hart() const override { return hart_; }

    Stats stats;

  private:
    struct CodePage {
        u64 starts[GuestMemory::kPageBytes / 2 / 64];   // bit a two-byte slot: an instruction began here
    };
    struct Free {
        void operator()(void *p) const { std::free(p); }
    };

    void one(DecodeCache &code);
    void interrupt();
    void call_environment(const Step &result, const Decoded &d);
    void count(const Decoded &d, const Effect &effect);
    void touch_code(Address pc, unsigned bytes);
    void touch_data(Address a, unsigned bytes);

    const Params params_;
    CoreStart start_;
    Hart hart_;
    InstructionClock time_;
    std::unique_ptr<DecodeCache> code_;
    std::unique_ptr<Checker> checker_;
    std::unique_ptr<CodePage *, Free> code_pages_;     // by page number; untouched parts cost no memory
    std::vector<std::unique_ptr<CodePage>> owned_;
    std::unique_ptr<u64, Free> data_pages_;            // by page number: a bit a line
};

}  // namespace sim
