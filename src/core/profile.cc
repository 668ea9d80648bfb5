// SPDX-License-Identifier: BSD-3-Clause
#include "core/profile.hh"

namespace sim {
COMPONENT(ProfileCore, "Functional core that counts instruction mix, distinct code bytes and touched data.");

namespace {

constexpr u64 kPages = GuestMemory::kSize >> GuestMemory::kPageBits;
constexpr Address kOffset = GuestMemory::kPageBytes - 1;
static_assert(GuestMemory::kPageBytes / kLineBytes == 64, "a page's lines are the bits of one word");

template <class T> T *zeroed(u64 count) {
    T *made = static_cast<T *>(std::calloc(count, sizeof(T)));
    if (!made) throw std::bad_alloc();
    return made;
}

}  // namespace

void ProfileCore::start(const CoreStart &start) {
    start_ = start;
    hart_ = start.hart;
    code_ = std::make_unique<DecodeCache>(start.environment->memory());
    code_pages_.reset(zeroed<CodePage *>(kPages));
    data_pages_.reset(zeroed<u64>(kPages));
    if (start.check) checker_ = std::make_unique<Checker>(start, path);
}

void ProfileCore::run(u64 instructions) {
    Environment &environment = *start_.environment;
    const u64 first = hart_.committed;
    const u64 end = instructions > ~u64{0} - first ? ~u64{0} : first + instructions;
    while (!environment.exited() && hart_.committed < end) {
        time_.advance(hart_, *clock_);
        if (environment.asleep()) time_.sleep(hart_, *clock_, environment);
        if (environment.asleep() || hart_.committed >= environment.next_interrupt()) interrupt();
        else one(*code_);
    }
    time_.advance(hart_, *clock_);
    stats.committed_instructions = hart_.committed;
    stats.cycles = hart_.cycle;
}

void ProfileCore::interrupt() {
    ++stats.environment_calls;
    if (checker_) checker_->begin_environment(hart_);
    start_.environment->interrupt(hart_);
    if (checker_) checker_->end_environment(hart_);
}

void ProfileCore::one(DecodeCache &code) {
    const Address pc = hart_.pc;
    const Decoded *found = code.at(pc);
    const Decoded d = found ? *found : Decoded{};   // a store may rewrite the page that holds it
    Effect effect;
    const Step result = step(hart_, start_.environment->memory(), code, effect);
    if (result.end != StepEnd::Done) return call_environment(result, d);
    count(d, effect);
    if (checker_) checker_->committed(effect, hart_.fflags, hart_.cycle);
}

void ProfileCore::call_environment(const Step &result, const Decoded &d) {
    const Address pc = hart_.pc;
    const u64 before = hart_.committed;
    ++stats.environment_calls;
    if (checker_) checker_->begin_environment(hart_);
    Effect effect;
    if (result.end == StepEnd::System) execute_system(hart_, d, *start_.environment, effect);
    else start_.environment->fault(hart_, result.fault, result.fault_address);
    if (checker_) checker_->end_environment(hart_);
    if (hart_.committed == before) return;
    ++stats.system_instructions;
    stats.compressed_instructions += d.length == 2;
    touch_code(pc, d.length);
}

void ProfileCore::count(const Decoded &d, const Effect &effect) {
    stats.compressed_instructions += d.length == 2;
    touch_code(effect.pc, d.length);
    if (d.is_memory()) touch_data(effect.address, d.memory_bytes);
    switch (d.op_class) {
        case OpClass::IntAlu: ++stats.integer_instructions; break;
        case OpClass::IntMul: ++stats.multiply_instructions; break;
        case OpClass::IntDiv: ++stats.divide_instructions; break;
        case OpClass::Load:
        case OpClass::LoadReserved: ++stats.loads; break;
        case OpClass::Store:
        case OpClass::StoreConditional: ++stats.stores; break;
        case OpClass::Atomic: ++stats.atomics; break;
        case OpClass::Branch:
            ++stats.branches;
            stats.taken_branches += effect.taken;
            break;
        case OpClass::Jump: ++stats.jumps; break;
        case OpClass::JumpRegister: ++(d.is_return() ? stats.returns : stats.indirect_jumps); break;
        default: ++stats.float_instructions;
    }
}

void ProfileCore::touch_code(Address pc, unsigned bytes) {
    CodePage *&page = code_pages_.get()[pc >> GuestMemory::kPageBits];
    if (!page) {
        owned_.push_back(std::make_unique<CodePage>());
        page = owned_.back().get();
    }
    const unsigned slot = unsigned(pc & kOffset) / 2;
    u64 &word = page->starts[slot / 64];
    const u64 bit = u64{1} << (slot % 64);
    if (word & bit) return;
    constexpr unsigned per_line = kLineBytes / 2;
    const u64 line = ((u64{1} << per_line) - 1) << (slot % 64 / per_line * per_line);
    stats.code_lines += !(word & line);
    stats.code_bytes += bytes;
    word |= bit;
}

void ProfileCore::touch_data(Address a, unsigned bytes) {
    for (Address line = a / kLineBytes; line <= (a + bytes - 1) / kLineBytes; ++line) {
        u64 &word = data_pages_.get()[line / 64];
        const u64 bit = u64{1} << (line % 64);
        stats.data_lines += !(word & bit);
        word |= bit;
    }
}

}  // namespace sim
