// SPDX-License-Identifier: BSD-3-Clause
// The least that a hart needs to run words of code: memory, and system calls that do next to nothing.
#pragma once
#include <stdexcept>
#include "core/assembler.hh"
#include "core/core.hh"
#include "sim/statistics.hh"

namespace sim::test {

using assembler::Code;

inline constexpr Address kCodeAt = 0x10000, kDataAt = 0x200000;
inline constexpr u64 kCodeBytes = 0x100000, kDataBytes = 0x400000;

// ecall ends the program when a7 is 93, with a0 as its status; any other one returns a0 + 1.
class Board final : public Environment {
  public:
    explicit Board(const Code &code, u8 code_flags = kRead | kExecute) {
        memory_.map(kCodeAt, kCodeBytes, code_flags);
        memory_.map(kDataAt, kDataBytes, kRead | kWrite);
        memory_.place(kCodeAt, code.data(), code.size() * sizeof(u32));
        program.file = "words";
    }
    GuestMemory &memory() override { return memory_; }
    void ecall(Hart &hart) override {
        hart.pc += 4;
        ++calls;
        if (hart.reg[kA7] == 93) exited_ = true;
        else ++hart.reg[kA0];
    }
    void ebreak(Hart &) override { throw std::runtime_error("ebreak"); }
    void fault(Hart &hart, Fault, Address address) override {
        throw std::runtime_error("fault at " + std::to_string(hart.pc) + " of " + std::to_string(address));
    }
    u64 next_interrupt() const override { return interrupt_at; }
    void interrupt(Hart &hart) override {
        interrupted_at.push_back(hart.committed);
        interrupt_at += interrupt_every;
        hart.reg[31] += 1;   // as a handler would leave something changed
    }
    bool exited() const override { return exited_; }
    int exit_status() const override { return 0; }
    u64 device_load(Address, unsigned) override { return 0; }
    void device_store(Address, unsigned, u64) override {}

    CoreStart start() {
        CoreStart s;
        s.program = &program;
        s.environment = this;
        s.hart.pc = kCodeAt;
        s.hart.reg[kA7] = 93;
        s.hart.reg[kA0] = kDataAt;   // data for everybody
        return s;
    }

    Program program;
    u64 calls = 0;
    u64 interrupt_at = ~u64{0}, interrupt_every = 0;
    std::vector<u64> interrupted_at;   // hart.committed then

  private:
    GuestMemory memory_;
    bool exited_ = false;
};

// Attaches a tree to a clock as a Machine does, with a Board in place of a program's file.
class Bench {
  public:
    Bench(Core &core, Board &board, bool check = false)
        : core_(core), board_(board), tree_(component_tree(core, "core")) {
        for (const TreeNode &node : tree_) node.component->path = node.path;
        for (u32 index : children_first(tree_)) tree_[index].component->attach(clock);
        start_ = board.start();
        start_.check = check;
    }
    // To the program's end, or until so many more have committed.
    // Memory may be filled before the first call.
    const Hart &run(u64 instructions = 50'000'000) {
        if (start_.program) core_.start(start_);
        start_.program = nullptr;
        core_.run(instructions);
        return core_.hart();
    }
    bool exited() const { return board_.exited(); }
    std::string statistics() const { return Statistics(tree_).text(); }

    Clock clock;

  private:
    Core &core_;
    Board &board_;
    CoreStart start_;   // program is null once the core has started
    std::vector<TreeNode> tree_;
};

}  // namespace sim::test
