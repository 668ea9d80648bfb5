// SPDX-License-Identifier: BSD-3-Clause
// Jump tables: a register jump whose target was loaded from a table with a known base. The table is read until an
// entry does not lead into the same function, which can only find too many targets, never too few.
#include "block/control_flow.hh"

namespace sim {
namespace {

constexpr std::size_t kMostEntries = 4096;

// A tiny symbolic value: what the recent instructions of one stretch say of a register.
struct Symbolic {
    enum Kind : u8 { Unknown, Constant, TableLoad, Relative } kind = Unknown;
    Address base = 0;    // Constant: the value. TableLoad: address of entry 0. Relative: also the table.
    Address add = 0;     // Relative: what is added to the entry
    unsigned bytes = 0;  // of an entry
    bool scaled = false; // Constant + unknown index: base is the constant
};

class Evaluator {
  public:
    explicit Evaluator(DecodeCache &code) : code_(code) {}

    void run(const std::vector<Address> &stretch) {
        for (Address pc : stretch) step(pc);
    }
    const Symbolic &reg(u8 r) const { return regs_[r]; }

  private:
    void step(Address pc) {
        const Decoded &d = *code_.at(pc);
        if (d.rd == kNoRegister) return;
        Symbolic out;
        const std::string_view op = name(d);
        const Symbolic a = d.rs1 == kNoRegister ? Symbolic{} : regs_[d.rs1];
        const Symbolic b = d.rs2 == kNoRegister ? Symbolic{} : regs_[d.rs2];
        if (op == "auipc") out = {Symbolic::Constant, pc + Address(d.imm)};
        else if (op == "lui") out = {Symbolic::Constant, Address(d.imm)};
        else if (op == "addi" && a.kind == Symbolic::Constant) out = {Symbolic::Constant, a.base + Address(d.imm), 0, 0, a.scaled};
        else if (op == "add" || op.starts_with("sh")) out = sum(op, a, b);
        else if ((op == "lw" || op == "lwu" || op == "ld") && a.kind == Symbolic::Constant && a.scaled)
            out = {Symbolic::TableLoad, a.base + Address(d.imm), 0, d.memory_bytes, false};
        regs_[d.rd] = out;
    }
    static Symbolic sum(std::string_view op, const Symbolic &a, const Symbolic &b) {
        if (op != "add" && !op.ends_with("add")) return {};   // shifts
        if (a.kind == Symbolic::TableLoad && b.kind == Symbolic::Constant && op == "add")
            return {Symbolic::Relative, a.base, b.base, a.bytes, false};
        if (b.kind == Symbolic::TableLoad && a.kind == Symbolic::Constant && op == "add")
            return {Symbolic::Relative, b.base, a.base, b.bytes, false};
        if (b.kind == Symbolic::Constant && a.kind == Symbolic::Unknown) return {Symbolic::Constant, b.base, 0, 0, true};
        if (a.kind == Symbolic::Constant && b.kind == Symbolic::Unknown && op == "add")
            return {Symbolic::Constant, a.base, 0, 0, true};
        return {};
    }

    DecodeCache &code_;
    Symbolic regs_[kRegisters];
};

}  // namespace

bool ControlFlow::jump_table(const std::vector<Address> &before, const Decoded &jump, std::vector<Address> &targets) {
    if (before.empty() || jump.rs1 == kNoRegister || jump.imm != 0) return false;
    Evaluator evaluator(code_);
    evaluator.run(before);
    const Symbolic &where = evaluator.reg(jump.rs1);
    if (where.kind != Symbolic::TableLoad && where.kind != Symbolic::Relative) return false;
    const Symbol *function = program_.symbol_at(before.back());
    const bool known = function && function->bytes;
    // Whole addresses may be functions to tail-call; only a symbol says that they are labels of one function.
    if (!known && where.kind == Symbolic::TableLoad) return false;
    const Address low = known ? function->address : before.back() - std::min<Address>(before.back(), 32_KiB);
    const Address high = known ? function->address + function->bytes : before.back() + 32_KiB;
    const auto inside = [&](Address target) {
        if (!in_code(target)) return false;
        if (target >= low && target < high) return true;
        const Symbol *other = known ? program_.symbol_at(target) : nullptr;   // "f" and its "f.cold"
        return other && (other->name.starts_with(function->name + ".") ||
                         function->name.starts_with(other->name + "."));
    };
    for (std::size_t n = 0;; ++n) {
        const Address at = where.base + n * where.bytes;
        if (!memory_.allows(at, where.bytes, kRead)) break;
        u64 entry = memory_.load(at, where.bytes);
        if (where.bytes == 4) entry = u64(i64(i32(entry)));
        const Address target = entry + (where.kind == Symbolic::Relative ? where.add : 0);
        if (!inside(target)) {
            if (!known && in_code(target)) targets.clear();   // the guessed range may be too small
            break;
        }
        // Endless, or a table of functions to tail-call that begins with this one.
        if (n == kMostEntries || (known && target == low)) return targets.clear(), false;
        targets.push_back(target);
    }
    return !targets.empty();
}

}  // namespace sim
