// SPDX-License-Identifier: BSD-3-Clause
// Signals as riscv64 Linux numbers and delivers them: actions, and the frame a handler runs on.
#pragma once
#include <array>
#include "program/guest_memory.hh"
#include "program/threads.hh"

namespace sim {

inline constexpr int kSigIll = 4, kSigTrap = 5, kSigAbrt = 6, kSigBus = 7, kSigKill = 9, kSigSegv = 11,
                     kSigPipe = 13, kSigStop = 19, kSignals = 64;

constexpr u64 signal_bit(int number) { return u64{1} << (number - 1); }
std::string signal_name(int number);   // "SIGSEGV"

struct SignalAction {
    static constexpr u64 kDefault = 0, kIgnore = 1;   // values of handler
    static constexpr u64 kOnStack = 0x08000000, kRestart = 0x10000000, kNoDefer = 0x40000000,
                         kResetHand = 0x80000000;
    u64 handler = kDefault;
    u64 flags = 0;
    u64 mask = 0;
};
using SignalActions = std::array<SignalAction, kSignals + 1>;   // by number

bool is_ignored(const SignalAction &action, int number);   // explicitly, or by default

// Makes the frame (siginfo_t, ucontext with integer and floating-point registers) below the stack that the
// action wants and points the hart at the handler. False where the stack cannot hold it; then nothing has
// changed.
bool enter_handler(GuestMemory &memory, Thread &thread, Hart &hart, const SignalInfo &signal,
                   const SignalAction &action);
// rt_sigreturn: takes everything back from the frame at sp. False where it cannot be read.
bool leave_handler(GuestMemory &memory, Thread &thread, Hart &hart);

// Bytes of siginfo_t (128) for rt_sigtimedwait as well.
std::array<u8, 128> signal_info_bytes(const SignalInfo &signal);

}  // namespace sim
