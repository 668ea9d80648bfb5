// SPDX-License-Identifier: BSD-3-Clause
// Handlers tail-call one another in optimised builds; without optimisation each returns to the loop in execute().
#include "core/interpreter.hh"
#include <array>
#include <utility>
#include "core/step.hh"
#include "isa/instruction_table.hh"

namespace sim {
namespace {

using Record = Interpreter::Record;
using State = Interpreter::State;
using Handler = Interpreter::Handler;
constexpr unsigned kPageBits = GuestMemory::kPageBits;
constexpr Address kOffset = GuestMemory::kPageBytes - 1;

#define HANDLER_ARGUMENTS const Record *r, u64 *x, u8 *memory, u64 count, State *s
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
#define CONTINUE_AT(record)                                    \
    do {                                                       \
        const Record *following = (record);                    \
        return following->handler(following, x, memory, count, s); \
    } while (0)
#else
#define CONTINUE_AT(record)    \
    do {                       \
        s->next = (record);    \
        s->count = count;      \
        (void)memory;          \
        (void)x;               \
        return;                \
    } while (0)
#endif

[[gnu::noinline]] void leave(State *s, Address pc, u64 count, Interpreter::Stop why) {
    s->pc = pc;
    s->count = count;
    s->stop = why;
    s->next = nullptr;
}

void leave_slow(const Record *r, u64 *, u8 *, u64 count, State *s) {
    leave(s, r->pc, count, Interpreter::Stop::Slow);
}

// A transfer to an address known only now.
void transfer(Address target, u64 *x, u8 *memory, u64 count, State *s) {
    if (count >= s->limit) [[unlikely]] return leave(s, target, count, Interpreter::Stop::Limit);
    const Record *next = s->interpreter->record(target);
    if (!next || (target & 1)) [[unlikely]] return leave(s, target, count, Interpreter::Stop::Slow);
    CONTINUE_AT(next);
}

// First visit: decodes in place, then runs what was found.
void undecoded(HANDLER_ARGUMENTS) {
    Record &mine = const_cast<Record &>(*r);
    if (!s->interpreter->decode_into(mine)) return leave(s, r->pc, count, Interpreter::Stop::Slow);
    CONTINUE_AT(r);
}

// Stands behind a page's last slot: goes on in the next page.
void page_end(const Record *r, u64 *x, u8 *memory, u64 count, State *s) { return transfer(r->pc, x, memory, count, s); }

// First time a direct transfer is taken: remembers the target's record.
[[gnu::noinline]] void link_transfer(HANDLER_ARGUMENTS) {
    const Address target = r->pc + Address(i64(r->imm));
    const Record *to = s->interpreter->record(target);
    if (!to || (target & 1)) return leave(s, target, count, Interpreter::Stop::Slow);
    const_cast<Record *>(r)->link = to;
    if (count >= s->limit) return leave(s, target, count, Interpreter::Stop::Limit);
    CONTINUE_AT(to);
}

inline bool allowed(const State *s, Address a, unsigned bytes, u8 mask, u8 want) {
    return a < GuestMemory::kSize && (a & kOffset) <= GuestMemory::kPageBytes - bytes &&
           (s->flags[a >> kPageBits] & mask) == want;
}

template <unsigned Bytes> inline u64 read_bytes(const u8 *p) {
    u64 v = 0;
    std::memcpy(&v, p, Bytes);
    return v;
}

template <u16 Row, unsigned Length> void handler(HANDLER_ARGUMENTS) {
    constexpr const auto &row = kInstructionTable[Row];
    constexpr OpClass kind = row.op_class;
    if constexpr (kind == OpClass::Branch) {
        ++count;
        if (row.meaning({x[r->rs1], x[r->rs2], 0, 0, 0, 0}, s->fflags)) {
            const Record *to = r->link;
            if (!to) [[unlikely]] return link_transfer(r, x, memory, count, s);
            if (count >= s->limit) [[unlikely]] return leave(s, to->pc, count, Interpreter::Stop::Limit);
            CONTINUE_AT(to);
        }
        CONTINUE_AT(r + Length / 2);
    } else if constexpr (kind == OpClass::Jump) {
        ++count;
        x[r->rd] = r->pc + Length;
        const Record *to = r->link;
        if (!to) [[unlikely]] return link_transfer(r, x, memory, count, s);
        if (count >= s->limit) [[unlikely]] return leave(s, to->pc, count, Interpreter::Stop::Limit);
        CONTINUE_AT(to);
    } else if constexpr (kind == OpClass::JumpRegister) {
        const Address target = row.meaning({x[r->rs1], 0, 0, u64(i64(r->imm)), r->pc, 0}, s->fflags);
        x[r->rd] = r->pc + Length;
        return transfer(target, x, memory, count + 1, s);
    } else if constexpr (kind == OpClass::Load) {
        constexpr unsigned bytes = row.access.bytes;
        const Address a = row.meaning({x[r->rs1], 0, 0, u64(i64(r->imm)), 0, 0}, s->fflags);
        if (!allowed(s, a, bytes, kRead, kRead)) [[unlikely]] return leave_slow(r, x, memory, count, s);
        x[r->rd] = extend(read_bytes<bytes>(memory + a), bytes, row.access.extend);
        ++count;
        CONTINUE_AT(r + Length / 2);
    } else if constexpr (kind == OpClass::Store) {
        constexpr unsigned bytes = row.access.bytes;
        const Address a = row.meaning({x[r->rs1], 0, 0, u64(i64(r->imm)), 0, 0}, s->fflags);
        if (!allowed(s, a, bytes, kWrite | kCode, kWrite)) [[unlikely]] return leave_slow(r, x, memory, count, s);
        std::memcpy(memory + a, &x[r->rs2], bytes);
        ++count;
        CONTINUE_AT(r + Length / 2);
    } else if constexpr (row.operands.rounding) {
        u8 mode = r->rounding;
        if (mode == 7) mode = s->frm;
        if (mode > 4) [[unlikely]] return leave_slow(r, x, memory, count, s);
        x[r->rd] = row.meaning({x[r->rs1], x[r->rs2], x[r->rs3], 0, 0, mode}, s->fflags);
        ++count;
        CONTINUE_AT(r + Length / 2);
    } else {
        x[r->rd] = row.meaning({x[r->rs1], x[r->rs2], x[r->rs3], u64(i64(r->imm)), r->pc, 0}, s->fflags);
        ++count;
        CONTINUE_AT(r + Length / 2);
    }
}

template <u16 Row, unsigned Length> constexpr Handler handler_of() {
    constexpr OpClass kind = kInstructionTable[Row].op_class;
    if constexpr (kind >= OpClass::Csr || kind == OpClass::Atomic || kind == OpClass::LoadReserved ||
                  kind == OpClass::StoreConditional)
        return leave_slow;
    else return handler<Row, Length>;
}
template <unsigned Length, std::size_t... Rows>
constexpr std::array<Handler, sizeof...(Rows)> handlers_of(std::index_sequence<Rows...>) {
    return {handler_of<u16(Rows), Length>()...};
}
constexpr auto kRows = std::make_index_sequence<kInstructionTable.size()>{};
constexpr auto kNarrow = handlers_of<2>(kRows), kWide = handlers_of<4>(kRows);

u8 slot_of(u8 reg) { return reg == kNoRegister ? u8{0} : reg; }

}  // namespace

Interpreter::Interpreter(GuestMemory &memory)
    : memory_(memory),
      pages_(static_cast<Record **>(std::calloc(GuestMemory::kSize >> kPageBits, sizeof(Record *)))) {
    if (!pages_) throw std::bad_alloc();
    memory_.add_code_listener(*this);
}

const Record *Interpreter::new_page(Address pc) {
    const Address number = pc >> kPageBits;
    owned_.push_back(std::make_unique_for_overwrite<Record[]>(kSlots + 2));
    Record *page = pages_.get()[number] = owned_.back().get();
    clear(page, number);
    return page + slot(pc);
}

void Interpreter::clear(Record *page, Address number) {
    for (unsigned i = 0; i < kSlots + 2; ++i)
        page[i] = {i < kSlots ? undecoded : page_end, 0, 0, 0, 0, 0, (number << kPageBits) + 2 * i, {nullptr}};
}

void Interpreter::code_changed(Address number) {
    if (Record *page = pages_.get()[number]) clear(page, number);
    if (Record *before = number ? pages_.get()[number - 1] : nullptr) before[kSlots - 1].handler = undecoded;
}

bool Interpreter::decode_into(Record &r) {
    const Address pc = r.pc;
    if (!memory_.allows(pc, 2, kExecute)) return false;
    u32 bits = u32(memory_.load(pc, 2));
    if ((bits & 3) == 3) {
        if (!memory_.allows(pc + 2, 2, kExecute)) return false;
        bits |= u32(memory_.load(pc + 2, 2)) << 16;
    }
    const auto d = decode(bits);
    if (!d) return false;
    memory_.mark_code(pc >> kPageBits);
    memory_.mark_code((pc + d->length - 1) >> kPageBits);
    r.imm = i32(d->imm);
    r.rd = d->rd == kNoRegister ? u8(kDiscard) : d->rd;
    r.rs1 = slot_of(d->rs1);
    r.rs2 = slot_of(d->rs2);
    r.rs3 = slot_of(d->rs3);
    r.link = nullptr;
    if (d->uses_rounding) r.rounding = d->rounding;
    r.handler = (d->length == 2 ? kNarrow : kWide)[d->row];
    return true;
}

Interpreter::Stop Interpreter::execute(Hart &hart, u64 limit) {
    State &s = state_;
    std::copy(hart.reg.begin(), hart.reg.end(), s.x);
    s.flags = memory_.flags();
    s.limit = limit;
    s.count = hart.committed;
    s.frm = hart.frm;
    s.fflags = hart.fflags;
    s.interpreter = this;
    s.pc = hart.pc;
    s.stop = Stop::Slow;
    s.next = (hart.pc & 1) ? nullptr : record(hart.pc);
    while (const Record *r = s.next) {
        s.next = nullptr;
        r->handler(r, s.x, memory_.base(), s.count, &s);
    }
    std::copy(s.x, s.x + kRegisters, hart.reg.begin());
    hart.pc = s.pc;
    hart.committed = s.count;
    hart.fflags = s.fflags;
    return s.stop;
}

}  // namespace sim
