// SPDX-License-Identifier: BSD-3-Clause
// What predictors share: the bound on transfers in flight, saturating counters, and typed views of
// PredictorState.
#pragma once
#include <bit>
#include <cstring>
#include <string>
#include "predictor/predictor.hh"
#include "sim/errors.hh"

namespace sim {

// Histories and undo logs are sized so that this many control transfers can be taken back.
inline constexpr u32 kMaxInFlight = 4096;

// A predictor keeps what it must remember of one prediction in a struct of its own and copies it in and out.
template <class Snapshot>
void store(const Snapshot &from, PredictorState &to) {
    static_assert(std::is_trivially_copyable_v<Snapshot> && sizeof(Snapshot) <= sizeof(to.words));
    std::memcpy(to.words.data(), &from, sizeof from);
}
template <class Snapshot>
Snapshot load(const PredictorState &from) {
    static_assert(std::is_trivially_copyable_v<Snapshot> && sizeof(Snapshot) <= sizeof(from.words));
    Snapshot to;
    std::memcpy(&to, from.words.data(), sizeof to);
    return to;
}

// Unsigned counter from 0 to `top`.
inline void count(u8 &counter, bool up, u8 top = 3) {
    if (up) counter = u8(counter + (counter < top));
    else counter = u8(counter - (counter > 0));
}

// Two's-complement counter of `bits` bits.
inline void count_signed(i8 &counter, bool up, int bits) {
    if (up) counter = i8(counter + (counter < (1 << (bits - 1)) - 1));
    else counter = i8(counter - (counter > -(1 << (bits - 1))));
}

inline void require_power_of_two(const char *component, const char *parameter, u64 value, u64 most) {
    if (std::has_single_bit(value) && value <= most) return;
    throw ConfigError(std::string(component) + ": " + parameter + "=" + std::to_string(value) +
                      "; a power of two up to " + std::to_string(most) + " is allowed");
}
inline void require_range(const char *component, const char *parameter, u64 value, u64 least, u64 most) {
    if (least <= value && value <= most) return;
    throw ConfigError(std::string(component) + ": " + parameter + "=" + std::to_string(value) + "; " +
                      std::to_string(least) + " to " + std::to_string(most) + " is allowed");
}

// Instructions are 2-byte aligned: bit 0 of an address says nothing.
inline u64 pc_key(Address pc) { return pc >> 1; }

// The short global history of the simple predictors, at most 32 transfers, with how it is saved and restored.
class ShortHistory {
  public:
    struct Snapshot {
        u32 bits;
        u32 conditional;   // whether predict() and not save() filled this
    };
    ShortHistory(u32 length, bool jumps) : mask_(u32((u64{1} << length) - 1)), jumps_(jumps) {}

    u32 bits() const { return bits_; }
    Snapshot take(bool conditional) {
        conditional_ = conditional;
        return {bits_, conditional};
    }
    void shift(bool taken) {
        if (conditional_ || jumps_) bits_ = (bits_ << 1 | taken) & mask_;
    }
    void restore(const Snapshot &snapshot) {
        bits_ = snapshot.bits;
        conditional_ = snapshot.conditional;
    }

  private:
    const u32 mask_;
    const bool jumps_;   // unconditional transfers enter, too
    u32 bits_ = 0;
    bool conditional_ = false;   // of the transfer that the next shift() is about
};

}   // namespace sim
