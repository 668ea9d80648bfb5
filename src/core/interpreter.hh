// SPDX-License-Identifier: BSD-3-Clause
// The threaded interpreter behind the functional core: a flat array of records a code page, one handler per table row.
#pragma once
#include <cstdlib>
#include <memory>
#include <vector>
#include "isa/hart.hh"
#include "program/guest_memory.hh"

namespace sim {

class Interpreter final : private CodeListener {
  public:
    // Why execute() came back; hart is exact in every case.
    enum class Stop : u8 {
        Limit,   // `limit` was reached (or passed by less than kSlack)
        Slow,    // the instruction at hart.pc is for the slow path: system, atomic, fault, device, crossing access
    };
    // Instructions that may follow `limit` before a check sees it: a page of straight-line code.
    static constexpr u64 kSlack = GuestMemory::kPageBytes / 2 + 2;

    explicit Interpreter(GuestMemory &memory);

    // Runs from hart.pc until hart.committed is at least `limit`, or something needs the slow path.
    Stop execute(Hart &hart, u64 limit);

    struct State;
    struct Record;
    using Handler = void (*)(const Record *r, u64 *x, u8 *memory, u64 count, State *s);

    // One static instruction. 32 bytes, so that a taken branch finds its target's record in `link`.
    struct Record {
        Handler handler;
        i32 imm;
        u8 rd, rs1, rs2, rs3;      // rd is kDiscard where there is no destination
        Address pc;
        union {
            const Record *link;    // of direct transfers: the target's record once known
            u8 rounding;           // of float operations
        };
    };
    static constexpr unsigned kSlots = GuestMemory::kPageBytes / 2;
    static constexpr unsigned kDiscard = kRegisters;   // register slot that nobody reads

    struct State {
        u64 x[kRegisters + 1];
        const u8 *flags;           // page flags of the memory
        u64 limit;
        u64 count;
        Address pc;
        const Record *next;        // where handlers return to a loop
        Stop stop;
        u8 frm, fflags;
        Interpreter *interpreter;
    };

    // The record at `pc`, made when its page is new; null outside the window.
    const Record *record(Address pc) {
        if (pc >= GuestMemory::kSize) return nullptr;
        Record *page = pages_.get()[pc >> GuestMemory::kPageBits];
        return page ? page + slot(pc) : new_page(pc);
    }
    bool decode_into(Record &r);   // false: the slow path has to deal with this pc
    GuestMemory &memory() { return memory_; }

  private:
    struct Free {
        void operator()(Record **p) const { std::free(p); }
    };
    static unsigned slot(Address pc) { return (pc & (GuestMemory::kPageBytes - 1)) >> 1; }
    const Record *new_page(Address pc);
    void clear(Record *page, Address number);
    void code_changed(Address page) override;

    GuestMemory &memory_;
    State state_{};
    std::unique_ptr<Record *, Free> pages_;   // by page number; kSlots + 2 records each, the last two end the page
    std::vector<std::unique_ptr<Record[]>> owned_;
};

}  // namespace sim
