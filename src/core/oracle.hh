// SPDX-License-Identifier: BSD-3-Clause
// The oracle of limit studies: a functional hart that runs ahead at fetch along the correct path and tells
// what every instruction will do. It informs predictors and memory disambiguation only, never results.
#pragma once
#include <vector>
#include "core/core.hh"
#include "core/step.hh"
#include "predictor/predictor.hh"

namespace sim {

// Instructions are named by their number: how many have committed before them. Fetch asks in fetch order;
// on a wrong path it gets no answer. The oracle pauses where the next instruction's effect is not the
// program's alone (system instructions, counters, faults, devices, interrupts) until the core has committed
// it.
class Oracle final : private GuestMemory::Observer, private DmaListener {
  public:
    struct Outcome {
        Address pc = 0, next = 0;
        Address address = 0;          // of a memory access
        u8 bytes = 0;                 // accessed; 0: none
        bool taken = false;           // of a control transfer

        void tell(Branch &branch) const {
            branch.oracle_known = true;
            branch.oracle_taken = taken;
            branch.oracle_next = next;
        }
    };

    // `in_flight`: the most instructions between the oldest uncommitted one and the youngest fetched.
    Oracle(const CoreStart &start, u64 in_flight);

    // Fetch meets `count` instructions in a row at `pc`, transfers at most the last. That one's outcome;
    // null: not known.
    const Outcome *fetch(Address pc, u64 count = 1);
    u64 next_fetch() const { return fetch_; }   // number of the next instruction that fetch meets
    void fetch_from(u64 number);                // everything from there on was dropped; fetch meets it again

    // False where the load is known to touch no byte that the store writes. Both are in flight.
    bool may_overlap(u64 store, u64 load) const;

    // The next instruction in program order, or the next `count` from `pc` on, have committed.
    void committed(const Effect &effect);
    void committed(Address pc, u64 count);

    // Brackets every call into the environment, as the checker does; nothing is in flight. A checker, if
    // there is one, needs the memory's only observer for itself: all memory is compared then.
    void begin_environment(bool checked);
    void end_environment(const Hart &hart);

  private:
    struct Entry {
        Outcome outcome;
        Address fetched = 0;          // pc that fetch met there; 0: it follows from the one before
        u64 old_bytes = 0;            // of memory, before the instruction wrote it
        u8 written = 0;               // bytes
    };

    Entry &at(u64 number) { return ring_[number & mask_]; }
    const Entry &at(u64 number) const { return ring_[number & mask_]; }
    bool known(u64 number) const {
        return number >= oldest_ && number < hart_.committed && number < wrong_from_ && !lost_;
    }
    bool may_run_ahead() const;
    bool advance();
    void keep(const Effect &effect, const Decoded &d);
    void verify(u64 number);
    void rewind();
    void written(Address a, u64 bytes) override { memory_.copy_range(core_memory_, a, bytes); }
    void flags_changed(Address a, u64 bytes) override { memory_.copy_range(core_memory_, a, bytes); }
    void dma_written(Address a, u64 bytes) override { memory_.place(a, core_memory_.base() + a, bytes); }

    const Environment &environment_;
    GuestMemory &core_memory_;
    GuestMemory memory_;
    DecodeCache code_;
    Hart hart_;                       // before instruction number hart_.committed: the first not run
    std::vector<Entry> ring_;         // by number
    u64 mask_;
    u64 oldest_;                      // number of the oldest uncommitted instruction
    u64 fetch_;
    u64 wrong_from_ = ~u64{0};        // number from which fetch is on a wrong path; ~0: it is not
    bool lost_ = false;               // the core committed something else: silent until the next call
    bool copy_all_ = false;           // the memory's changes are not observed
};

}  // namespace sim
