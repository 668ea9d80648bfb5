// SPDX-License-Identifier: BSD-3-Clause
// Cycle accounting shared by the timing cores: every dispatch slot of every cycle is used or lost for one reason.
#pragma once
#include "core/front_end.hh"
#include "sim/schema.hh"

namespace sim {

enum class Slot : u8 {
    Misprediction, DecodeRedirect, FetchMiss, FetchLimit, Squash, WrongPath,   // the front end brought nothing
    Serialize,                                                                 // a serialising instruction drains
    Memory,           // a back-end structure is full and the oldest instruction waits for data beyond the L1
    StoreDrain,       // no store-queue entry, or the oldest waits for stores to drain
    Execution,        // a structure is full and the oldest instruction waits for operands or a unit
    Registers,        // no free physical register
    Scheduler,        // no scheduler entry or window
    Asleep,           // the program waits for a device
};

constexpr Slot slot_of(Bubble b) {
    switch (b) {
        case Bubble::DecodeRedirect: return Slot::DecodeRedirect;
        case Bubble::FetchMiss: return Slot::FetchMiss;
        case Bubble::FetchLimit: return Slot::FetchLimit;
        case Bubble::Squash: return Slot::Squash;
        case Bubble::WrongPath: return Slot::WrongPath;
        default: return Slot::Misprediction;
    }
}

}  // namespace sim

// Statistics of the cycle-accounting stack; their sum and slots_in_flight = dispatch_width x cycles. The core's Stats
// has dispatched_instructions.
#define SLOT_STATS                                                                                                   \
    STAT(slots_committed, "slots", "dispatch slots used by instructions that committed");                            \
    STAT(slots_squashed, "slots", "dispatch slots used by instructions that were squashed");                         \
    STAT(stall_misprediction, "slots", "lost: refill after a misprediction");                                        \
    STAT(stall_decode_redirect, "slots", "lost: refill after decode found a transfer that the BTB did not know");    \
    STAT(stall_fetch_miss, "slots", "lost: instruction cache or TLB miss");                                          \
    STAT(stall_fetch_limit, "slots", "lost: fetch ended at a taken branch, a line or its width");                    \
    STAT(stall_squash, "slots", "lost: refill after a memory-order violation or a serialising instruction");         \
    STAT(stall_wrong_path, "slots", "lost: fetch ran into something that cannot be fetched");                        \
    STAT(stall_serialize, "slots", "lost: a serialising instruction waits to be oldest or for stores to drain");     \
    STAT(stall_memory, "slots", "lost: back end full, oldest instruction waits for data from beyond the L1");        \
    STAT(stall_store_drain, "slots", "lost: back end full, waiting for stores to be written");                       \
    STAT(stall_execution, "slots", "lost: back end full, oldest instruction waits for operands, a unit or latency"); \
    STAT(stall_registers, "slots", "lost: no free physical register");                                               \
    STAT(stall_scheduler, "slots", "lost: no free scheduler entry or window");                                       \
    STAT(stall_asleep, "slots", "lost: the program sleeps until a device interrupts");                               \
    FORMULA(slots_in_flight, "slots", "dispatch slots used by instructions still in flight",                         \
            double(dispatched_instructions) - double(slots_committed) - double(slots_squashed));

namespace sim {

template <class Stats> u64 &slot_counter(Stats &s, Slot why) {
    switch (why) {
        case Slot::Misprediction: return s.stall_misprediction;
        case Slot::DecodeRedirect: return s.stall_decode_redirect;
        case Slot::FetchMiss: return s.stall_fetch_miss;
        case Slot::FetchLimit: return s.stall_fetch_limit;
        case Slot::Squash: return s.stall_squash;
        case Slot::WrongPath: return s.stall_wrong_path;
        case Slot::Serialize: return s.stall_serialize;
        case Slot::Memory: return s.stall_memory;
        case Slot::StoreDrain: return s.stall_store_drain;
        case Slot::Registers: return s.stall_registers;
        case Slot::Scheduler: return s.stall_scheduler;
        case Slot::Asleep: return s.stall_asleep;
        default: return s.stall_execution;
    }
}

}  // namespace sim
