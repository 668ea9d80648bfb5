// SPDX-License-Identifier: BSD-3-Clause
#include "core/checker.hh"
#include <cstdio>

namespace sim {
namespace {

constexpr std::size_t kRecent = 8;

std::string hex(u64 v) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(v));
    return text;
}

std::string view(const Effect &e) {
    std::string text = "pc " + hex(e.pc) + " next " + hex(e.next);
    if (e.rd != kNoRegister) text += " " + std::string(register_name(e.rd)) + "=" + hex(e.value);
    if (e.store_bytes) text += " [" + hex(e.address) + "]" + std::to_string(e.store_bytes) + "=" + hex(e.store_value);
    return text;
}

}  // namespace

Checker::Checker(const CoreStart &start, const std::string &core_path)
    : program_(start.program), core_memory_(start.environment->memory()), path_(core_path), code_(memory_),
      hart_(start.hart) {
    memory_.copy_from(core_memory_);
    memory_.device = this;
    core_memory_.add_dma_listener(*this);
}

void Checker::committed(const Effect &core, u8 fflags, Cycle cycle) {
    if (recent_.size() == kRecent) recent_.pop_front();
    recent_.push_back(core.pc);
    Effect mine;
    if (core.pc != hart_.pc) {
        mine.pc = hart_.pc;
        differ("the core committed another instruction", core, mine);
    }
    device_value_ = core.device_value;
    hart_.cycle = cycle;
    const Step result = step(hart_, memory_, code_, mine);
    if (result.end == StepEnd::System) {
        const Decoded d = *code_.at(hart_.pc);
        if (d.op_class == OpClass::Csr) {
            if (!execute_csr(hart_, d, mine)) differ("the reference finds an illegal CSR access", core, mine);
        } else {   // a fence
            mine.pc = hart_.pc;
            mine.next = hart_.pc += d.length;
            ++hart_.committed;
        }
    } else if (result.end == StepEnd::Faulted) {
        mine.pc = hart_.pc;
        differ("the reference faults at " + hex(result.fault_address), core, mine);
    }
    if (mine.next != core.next) differ("next pc", core, mine);
    if (mine.rd != core.rd || (mine.rd != kNoRegister && mine.value != core.value)) differ("result", core, mine);
    if (mine.store_bytes != core.store_bytes ||
        (mine.store_bytes && (mine.address != core.address || mine.store_value != core.store_value)))
        differ("store", core, mine);
    if (fflags != hart_.fflags) differ("fflags " + hex(fflags) + " against " + hex(hart_.fflags), core, mine);
}

void Checker::begin_environment(const Hart &hart, u64 dead) {
    Effect core, mine;
    core.pc = hart.pc, mine.pc = hart_.pc;
    if (hart.pc != hart_.pc) differ("pc at a trap", core, mine);
    if (hart.committed != hart_.committed) differ("instructions committed before a trap", core, mine);
    for (unsigned r = 0; r < kRegisters; ++r) {
        if (hart.reg[r] == hart_.reg[r] || (dead >> r & 1)) continue;
        core.rd = mine.rd = u8(r);
        core.value = hart.reg[r], mine.value = hart_.reg[r];
        differ("register at a trap", core, mine);
    }
    if (hart.fflags != hart_.fflags || hart.frm != hart_.frm) differ("fcsr at a trap", core, mine);
    core_memory_.set_observer(this);
}

void Checker::end_environment(const Hart &hart) {
    core_memory_.set_observer(nullptr);
    hart_ = hart;
}

void Checker::written(Address a, u64 bytes) {
    std::vector<u8> data(bytes);
    std::memcpy(data.data(), core_memory_.base() + a, bytes);
    // The core's memory allowed it; flags of both are equal but for kCode.
    for (u64 i = 0; i < bytes; ++i) memory_.store(a + i, 1, data[i]);
}

void Checker::flags_changed(Address a, u64 bytes) {
    for (u64 at = a; at < a + bytes; at += GuestMemory::kPageBytes) {
        const u8 flags = core_memory_.flags()[at >> GuestMemory::kPageBits] & ~kCode;
        if (!flags) memory_.unmap(at, GuestMemory::kPageBytes);
        else memory_.map(at, GuestMemory::kPageBytes, flags);
        if (flags && !(flags & kDevice))
            std::memcpy(memory_.base() + at, core_memory_.base() + at, GuestMemory::kPageBytes);
    }
}

u64 Checker::device_load(Address, unsigned) { return device_value_; }
void Checker::device_store(Address, unsigned, u64) {}

void Checker::differ(const std::string &what, const Effect &core, const Effect &reference) const {
    std::string text = path_ + ": the lock-step reference differs in " + what + " after " +
                       std::to_string(hart_.committed) + " instructions, at " + program_->where(core.pc);
    if (const Decoded *d = const_cast<DecodeCache &>(code_).at(core.pc)) text += " (" + disassemble(*d, core.pc) + ")";
    text += "\n  core:      " + view(core) + "\n  reference: " + view(reference) + "\n  last commits:";
    for (Address pc : recent_) text += " " + hex(pc);
    throw SimulatorBug(text);
}

}  // namespace sim
