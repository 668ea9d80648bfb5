// SPDX-License-Identifier: BSD-3-Clause
#include "block/control_flow.hh"
#include <algorithm>
#include <utility>

namespace sim {
namespace {

bool ends_node(const Decoded &d) { return d.is_control() || d.is_serializing(); }

bool is_ecall(const Decoded &d) { return d.op_class == OpClass::System && d.bits == 0x73; }

// mret and sret go on wherever a trap was taken, with every register that the handler restored.
bool is_trap_return(const Decoded &d) {
    return d.op_class == OpClass::System && (d.bits == 0x30200073 || d.bits == 0x10200073);
}

}  // namespace

ControlFlow::ControlFlow(const Program &program, GuestMemory &memory, DecodeCache &code, bool skippable_loads)
    : program_(program), memory_(memory), code_(code), skippable_loads_(skippable_loads) {
    if (program.code_sections.empty()) return;
    base_ = program.code_sections.front().first & ~Address{1};
    limit_ = program.code_sections.back().first + program.code_sections.back().second;
    const std::size_t slots = (limit_ - base_) / 2 + 2;
    leader_.resize(slots);
    seen_.resize(slots);
    node_of_.resize(slots);
    is_entry_.resize(slots);
    find_code();
    build_nodes();
    infer_returns();
    compute_liveness();
}

bool ControlFlow::in_code(Address pc) const {
    if (pc < base_ || pc >= limit_ || (pc & 1)) return false;
    for (const auto &[start, bytes] : program_.code_sections)
        if (pc >= start && pc < start + bytes) return true;
    return false;
}

void ControlFlow::mark(Address pc) {
    if (!in_code(pc) || leader_[(pc - base_) >> 1]) return;
    leader_[(pc - base_) >> 1] = 1;
    work_.push_back(pc);
}

void ControlFlow::find_code() {
    bool symbols = false;
    const auto entry = [&](Address pc, bool function) {
        if (!in_code(pc)) return;
        is_entry_[(pc - base_) >> 1] |= function;
        mark(pc);
    };
    entry(program_.entry, true);
    for (const Symbol &s : program_.symbols)
        if (s.is_function) entry(s.address, true), symbols = true;
    // Words in data that point at code: labels of absolute jump tables and, where no symbols say which they are,
    // functions whose address is taken.
    for (const Segment &s : program_.segments)
        if (!(s.flags & kExecute))
            for (std::size_t i = 0; i + 8 <= s.data.size(); i += 8) {
                Address value;
                std::memcpy(&value, &s.data[i], 8);
                if (value) entry(value, !symbols);
            }
    while (!work_.empty()) {
        const Address pc = work_.back();
        work_.pop_back();
        walk(pc);
    }
}

// Decodes straight on from a leader until control leaves or known code begins.
void ControlFlow::walk(Address pc) {
    std::vector<Address> before;   // recent instructions of this stretch, for jump tables and code addresses
    while (in_code(pc) && !seen_[(pc - base_) >> 1]) {
        const Decoded *d = code_.at(pc);
        if (!d || DecodeCache::is_illegal(*d)) return;
        seen_[(pc - base_) >> 1] = 1;
        const Address next = pc + d->length;
        if (d->op_class == OpClass::IntAlu && !before.empty() && d->rd != kNoRegister) {
            // auipc + addi: a code address in a register is a place that somebody may jump to.
            const Decoded *high = code_.at(before.back());
            if ((high->bits & 0x7f) == 0x17 && high->length == 4 && d->rs1 == high->rd && (d->bits & 0x707f) == 0x13) {
                const Address a = before.back() + Address(high->imm) + Address(d->imm);
                if (in_code(a) && code_.at(a)) mark(a);
            }
        }
        if (ends_node(*d)) {
            if (d->op_class == OpClass::Branch) mark(d->target(pc)), mark(next);
            else if (d->op_class == OpClass::Jump) {
                mark(d->target(pc));
                if (d->is_call()) {
                    if (in_code(d->target(pc))) is_entry_[(d->target(pc) - base_) >> 1] = 1;
                    mark(next);
                }
            } else if (d->op_class == OpClass::JumpRegister) {
                std::vector<Address> targets;
                if (d->is_call()) mark(next);
                else if (!d->is_return() && jump_table(before, *d, targets)) {
                    table_of_[pc] = u32(tables_.size());
                    for (Address t : targets) mark(t);
                    tables_.push_back(std::move(targets));
                }
            } else {
                mark(pc);   // serialising: a block of its own
                mark(next);
            }
            return;
        }
        before.push_back(pc);
        pc = next;
    }
}

void ControlFlow::build_nodes() {
    for (std::size_t i = 0; i < leader_.size(); ++i) {
        if (!leader_[i]) continue;
        Node n;
        n.start = n.end = base_ + 2 * i;
        for (bool first = true;; first = false) {
            const Decoded *d = in_code(n.end) ? code_.at(n.end) : nullptr;
            if (!d || DecodeCache::is_illegal(*d)) {
                n.how = first ? End::Invalid : End::FallThrough;
                break;
            }
            if (!first && (is_leader(n.end) || (d->is_serializing() && n.end != n.start))) {
                n.how = End::FallThrough;
                break;
            }
            for (u8 r : {d->rs1, d->rs2, d->rs3}) n.reads |= set_of(r) & ~n.writes;
            if (ends_liveness(*d)) n.writes |= set_of(d->rd);
            if (is_ecall(*d)) {   // passes everything; the kernel reads the arguments and writes a0
                n.reads |= register_range(10, 17) & ~n.writes;
                n.writes |= set_of(kA0);
            }
            const Address pc = n.end;
            n.end += d->length;
            if (!ends_node(*d)) continue;
            if (d->op_class == OpClass::Branch) n.how = End::Branch, n.target = d->target(pc);
            else if (d->op_class == OpClass::Jump) n.how = d->is_call() ? End::Call : End::Jump, n.target = d->target(pc);
            else if (is_trap_return(*d)) n.how = End::Unresolved;
            else if (d->op_class != OpClass::JumpRegister) n.how = End::Special;
            else if (d->is_return()) n.how = End::Return;
            else if (d->is_call()) n.how = End::IndirectCall;
            else if (auto t = table_of_.find(pc); t != table_of_.end()) n.how = End::JumpTable, n.table = t->second;
            else n.how = End::Unresolved;
            break;
        }
        nodes_.push_back(n);
        node_of_[i] = u32(nodes_.size());
    }
}

}  // namespace sim
