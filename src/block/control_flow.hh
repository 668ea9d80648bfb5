// SPDX-License-Identifier: BSD-3-Clause
// Control flow and liveness of a whole binary, recovered from its code: where blocks start, where transfers go, which
// functions never return, and which registers are needed at every block's start.
#pragma once
#include <array>
#include <string>
#include <unordered_map>
#include <vector>
#include "block/block.hh"
#include "core/decode_cache.hh"
#include "core/front_end.hh"
#include "program/program.hh"

namespace sim {

using RegisterSet = u64;   // bit a register, unified numbers; x0 is never in one
inline constexpr RegisterSet kAllRegisters = ~RegisterSet{1};

constexpr RegisterSet set_of(u8 reg) { return reg == kNoRegister || reg == kZero ? 0 : RegisterSet{1} << reg; }

constexpr RegisterSet register_range(unsigned first, unsigned last) {
    return (last == 63 ? ~RegisterSet{0} : (RegisterSet{1} << (last + 1)) - 1) & ~((RegisterSet{1} << first) - 1);
}

// The standard calling convention (RISC-V ELF psABI): what a callee may read, what it must preserve.
struct CallingConvention {
    static constexpr RegisterSet kArguments = register_range(10, 17) | register_range(32 + 10, 32 + 17);
    static constexpr RegisterSet kSaved = register_range(8, 9) | register_range(18, 27) | register_range(32 + 8, 32 + 9) |
                                          register_range(32 + 18, 32 + 27);
    static constexpr RegisterSet kFixed = register_range(2, 4);   // sp, gp, tp
    static constexpr RegisterSet kResults = register_range(10, 11) | register_range(32 + 10, 32 + 11);
};

class ControlFlow {
  public:
    // How a stretch of code between two leaders ends.
    enum class End : u8 { FallThrough, Branch, Jump, Call, Return, IndirectCall, JumpTable, Unresolved, Special, Invalid };

    struct Node {
        Address start = 0, end = 0;         // [start, end)
        End how = End::Invalid;
        Address target = 0;                 // of Branch, Jump, Call
        u32 table = ~0u;                    // of JumpTable: index into tables()
        RegisterSet reads = 0, writes = 0;  // before any write; at all
        RegisterSet live_in = 0, live_out = kAllRegisters;
        RegisterSet entry_needs = 0;        // what this code, called as a function, may read of its caller's registers
        RegisterSet return_needs = 0;       // what this code, returned to, reads of registers that no convention names
        bool can_return = false;            // some path from here reaches a return
        RegisterSet live_behind = 0;        // of a Return: the convention's set and what its callers' return points need
    };

    ControlFlow(const Program &program, GuestMemory &memory, DecodeCache &code, bool skippable_loads);

    // The node that starts at `pc`, or null.
    const Node *at(Address pc) const {
        const std::size_t i = index_of(pc);
        return i == ~std::size_t{0} ? nullptr : &nodes_[i];
    }
    const std::vector<Node> &nodes() const { return nodes_; }   // ascending by start
    const std::vector<std::vector<Address>> &tables() const { return tables_; }
    // Whether the value that `d` overwrites is dead before it: a skipped load leaves its destination's.
    bool ends_liveness(const Decoded &d) const { return !skippable_loads_ || d.op_class != OpClass::Load; }
    bool is_leader(Address pc) const {
        const std::size_t i = (pc - base_) >> 1;
        return pc >= base_ && i < leader_.size() && leader_[i];
    }
    bool covers_page(Address number) const {
        return number >= base_ >> GuestMemory::kPageBits && number <= (limit_ - 1) >> GuestMemory::kPageBits;
    }
    // Union over all returns; each return has its own set, from the return points of the calls that reach it.
    RegisterSet live_at_returns() const { return live_at_returns_; }
    // Return points that made some return's set larger than the convention's set: (pc, registers), for the report.
    const std::vector<std::pair<Address, RegisterSet>> &return_causes() const { return causes_; }
    std::size_t functions_never_returning() const { return never_return_; }

  private:
    void find_code();                            // traversal from entries; fills leader_, seen_
    void mark(Address pc);
    void walk(Address pc);
    bool jump_table(const std::vector<Address> &before, const Decoded &jump, std::vector<Address> &targets);
    void build_nodes();
    void infer_returns();
    void compute_liveness();
    // Three questions, three fixed points. AfterReturn counts real reads only. AtEntry adds the argument registers where
    // control leaves through an unresolved jump (a tail call through a pointer). Full adds everything there: the jump may
    // stay in its function. Registers that no convention carries cross calls and returns only by real reads.
    enum class Question : u8 { AfterReturn, AtEntry, Full };
    static RegisterSet &answer(Node &n, Question q) {
        return q == Question::Full ? n.live_in : q == Question::AtEntry ? n.entry_needs : n.return_needs;
    }
    RegisterSet live_out_of(const Node &n, Question q) const;
    void solve(Question q);
    void find_returns();
    bool flow_to_returns();                      // true when some return's set grew
    bool in_code(Address pc) const;
    std::size_t index_of(Address pc) const {     // of the node that starts there; ~0: none
        const std::size_t i = (pc - base_) >> 1;
        return pc >= base_ && i < node_of_.size() && node_of_[i] && !(pc & 1) ? node_of_[i] - 1 : ~std::size_t{0};
    }
    template <class F> void successors(const Node &n, F &&f) const;   // f(node index), call edges excluded

    const Program &program_;
    GuestMemory &memory_;
    DecodeCache &code_;
    const bool skippable_loads_;
    Address base_ = 0, limit_ = 0;               // of all code sections
    std::vector<u8> leader_, seen_;              // by (pc - base_) / 2
    std::vector<Address> work_;
    std::vector<u32> node_of_;                   // by (pc - base_) / 2: node that starts there + 1
    std::vector<Node> nodes_;
    std::vector<std::vector<Address>> tables_;
    std::unordered_map<Address, u32> table_of_;  // pc of the jump -> index into tables_
    std::vector<u8> is_entry_;                   // by (pc - base_) / 2: a function may start there
    RegisterSet live_at_returns_ = 0;
    std::vector<std::vector<u32>> returns_of_;   // by node that starts a function: its Return nodes
    std::vector<u32> every_return_, stray_returns_;   // stray: in no function that is known
    std::array<RegisterSet, 3> entries_need_{};   // by Question: union over all functions
    std::vector<std::pair<Address, RegisterSet>> causes_;
    std::size_t never_return_ = 0;
};

}  // namespace sim
