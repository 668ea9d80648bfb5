// SPDX-License-Identifier: BSD-3-Clause
#include "core/step.hh"

namespace sim {
namespace {

constexpr u32 kFflags = 0x001, kFrm = 0x002, kFcsr = 0x003, kCycle = 0xc00, kTime = 0xc01, kInstret = 0xc02;

u64 csr_read(const Hart &hart, u32 number) {
    switch (number) {
        case kFflags: return hart.fflags;
        case kFrm: return hart.frm;
        case kFcsr: return u64(hart.frm) << 5 | hart.fflags;
        case kInstret: return hart.committed;
        default: return hart.cycle;   // cycle; time ticks with it
    }
}

void csr_write(Hart &hart, u32 number, u64 value) {
    if (number != kFrm) hart.fflags = value & 31;
    if (number == kFrm) hart.frm = value & 7;
    if (number == kFcsr) hart.frm = value >> 5 & 7;
}

bool is_cache_block(const Decoded &d) { return (d.bits & 0x707f) == 0x200f; }

Step failed(Fault fault, Address address) { return {StepEnd::Faulted, fault, address}; }

void write_register(Hart &hart, const Decoded &d, u64 value, Effect &effect) {
    if (d.rd == kNoRegister) return;
    effect.rd = d.rd;
    effect.value = hart.reg[d.rd] = value;
}

Step load(Hart &hart, GuestMemory &memory, const Decoded &d, Effect &effect) {
    const Address a = effect.address;
    u64 raw = 0;
    if (memory.allows(a, d.memory_bytes, kRead)) raw = memory.load(a, d.memory_bytes);
    else if (memory.is_device(a)) {
        raw = effect.device_value = memory.device->device_load(a, d.memory_bytes);
        effect.device = true;
    } else return failed(Fault::LoadFault, a);
    write_register(hart, d, extend(raw, d.memory_bytes, d.extend), effect);
    return {};
}

Step store(Hart &hart, GuestMemory &memory, const Decoded &d, Effect &effect) {
    const Address a = effect.address;
    const u64 value = operand(hart, d.rs2);
    if (memory.allows(a, d.memory_bytes, kWrite)) memory.store(a, d.memory_bytes, value);
    else if (memory.is_device(a)) {
        memory.device->device_store(a, d.memory_bytes, value);
        effect.device = true;
    } else return failed(Fault::StoreFault, a);
    effect.stores(a, d.memory_bytes, value);
    return {};
}

Step atomic(Hart &hart, GuestMemory &memory, const Decoded &d, Effect &effect) {
    effect.address = operand(hart, d.rs1);
    const AtomicResult r = execute_atomic(d, effect.address, operand(hart, d.rs2), hart, memory);
    if (r.faulted) return failed(r.fault, effect.address);
    effect.store_bytes = r.store_bytes;
    effect.store_value = r.store_value;
    write_register(hart, d, r.value, effect);
    return {};
}

}  // namespace

AtomicResult execute_atomic(const Decoded &d, Address a, u64 rs2, Hart &hart, GuestMemory &memory) {
    const unsigned bytes = d.memory_bytes;
    AtomicResult r;
    const auto fail = [&](Fault fault) {
        r.faulted = true;
        r.fault = fault;
        return r;
    };
    if (a & (bytes - 1)) return fail(Fault::MisalignedAtomic);
    const u8 need = d.op_class == OpClass::LoadReserved ? kRead : kRead | kWrite;
    if (!memory.allows(a, bytes, need))
        return fail(d.op_class == OpClass::LoadReserved ? Fault::LoadFault : Fault::StoreFault);
    const u64 mask = bytes == 8 ? ~u64{0} : (u64{1} << (8 * bytes)) - 1;
    const u64 old = extend(memory.load(a, bytes), bytes, Extend::Sign);
    if (d.op_class == OpClass::LoadReserved) {
        hart.reservation = a | 1;
        r.value = old;
    } else if (d.op_class == OpClass::StoreConditional) {
        const bool succeeds = hart.reservation == (a | 1);
        hart.reservation = 0;
        r.value = !succeeds;
        if (succeeds) r.store_bytes = u8(bytes), r.store_value = rs2 & mask;
    } else {
        u8 no_flags = 0;
        r.value = old;
        r.store_bytes = u8(bytes);
        r.store_value = d.meaning({old, rs2, 0, 0, 0, 0}, no_flags) & mask;
    }
    if (r.store_bytes) memory.store(a, bytes, r.store_value);
    return r;
}

Step step(Hart &hart, GuestMemory &memory, DecodeCache &code, Effect &effect) {
    const Decoded *found = code.at(hart.pc);
    if (!found) return failed(Fault::FetchFault, hart.pc);
    if (DecodeCache::is_illegal(*found)) return failed(Fault::IllegalInstruction, hart.pc);
    const Decoded d = *found;   // a store may rewrite the page that holds it
    if (d.op_class >= OpClass::Csr) return {StepEnd::System};
    const Operands x = operands(hart, d);
    if (d.uses_rounding && x.rounding == 5) return failed(Fault::IllegalInstruction, hart.pc);
    effect = Effect{};
    effect.pc = hart.pc;
    effect.next = hart.pc + d.length;
    Step result;
    switch (d.op_class) {
        case OpClass::Load:
            effect.address = x.rs1 + x.imm;
            result = load(hart, memory, d, effect);
            break;
        case OpClass::Store:
            effect.address = x.rs1 + x.imm;
            result = store(hart, memory, d, effect);
            break;
        case OpClass::Atomic:
        case OpClass::LoadReserved:
        case OpClass::StoreConditional: result = atomic(hart, memory, d, effect); break;
        case OpClass::Branch:
            effect.taken = d.meaning(x, hart.fflags);
            if (effect.taken) effect.next = d.target(hart.pc);
            break;
        case OpClass::Jump:
        case OpClass::JumpRegister: {
            effect.taken = true;
            const Address link = effect.next;
            effect.next = d.meaning(x, hart.fflags);
            write_register(hart, d, link, effect);
            break;
        }
        default: write_register(hart, d, d.meaning(x, hart.fflags), effect);
    }
    if (result.end != StepEnd::Done) return result;
    hart.pc = effect.next;
    ++hart.committed;
    return result;
}

bool csr_is_float(u32 number) { return number >= kFflags && number <= kFcsr; }
bool csr_exists(u32 number) { return csr_is_float(number) || (number >= kCycle && number <= kInstret); }

bool execute_csr(Hart &hart, const Decoded &d, Effect &effect) {
    const u32 number = u32(d.imm) & 0xfff;
    const unsigned funct3 = d.bits >> 12 & 7;   // 1 rw, 2 rs, 3 rc; +4 with an immediate
    const u64 source = funct3 & 4 ? u64(d.imm) >> 12 & 31 : operand(hart, d.rs1);
    const unsigned source_field = d.bits >> 15 & 31;
    const bool writes = (funct3 & 3) == 1 || source_field != 0;
    if (!csr_exists(number) || (writes && !csr_is_float(number))) return false;
    effect = Effect{};
    effect.pc = hart.pc;
    effect.next = hart.pc + d.length;
    const u64 old = csr_read(hart, number);
    if (writes) csr_write(hart, number, (funct3 & 3) == 1 ? source : (funct3 & 3) == 2 ? old | source : old & ~source);
    write_register(hart, d, old, effect);
    hart.pc = effect.next;
    ++hart.committed;
    return true;
}

void execute_system(Hart &hart, const Decoded &d, Environment &environment, Effect &effect) {
    effect = Effect{};
    effect.pc = hart.pc;
    const Address next = hart.pc + d.length;
    switch (d.op_class) {
        case OpClass::Csr:
            if (!execute_csr(hart, d, effect)) environment.fault(hart, Fault::IllegalInstruction, hart.pc);
            break;
        case OpClass::Fence:
        case OpClass::FenceI:   // decoded forms are dropped when the bytes change, so nothing is stale
            hart.pc = next;
            ++hart.committed;
            break;
        default:
            if (d.bits == 0x00000073) {
                ++hart.committed;
                environment.ecall(hart);
            } else if (d.bits == 0x00100073 || (d.length == 2 && d.bits == 0x9002)) {
                ++hart.committed;
                environment.ebreak(hart);
            } else if (is_cache_block(d)) {
                const Address a = operand(hart, d.rs1);
                const GuestMemory &memory = environment.memory();
                if (memory.allows(a, 1, kRead) || memory.allows(a, 1, kWrite)) {
                    environment.cache_block(CacheBlock(d.bits >> 20), a);
                    hart.pc = next;
                    ++hart.committed;
                } else {
                    environment.fault(hart, Fault::StoreFault, a);
                }
            } else {
                environment.fault(hart, Fault::IllegalInstruction, hart.pc);   // privileged in user mode
            }
    }
    effect.next = hart.pc;
}

}  // namespace sim
