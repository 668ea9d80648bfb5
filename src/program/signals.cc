// SPDX-License-Identifier: BSD-3-Clause
// The signal frame of riscv64 Linux, byte for byte: siginfo_t, then ucontext, then nothing.
#include "program/signals.hh"
#include <algorithm>
#include <cstring>
#include "program/address_space.hh"
#include "program/linux_process.hh"

namespace sim {

namespace {

struct StackDescription {   // stack_t
    u64 address;
    i32 flags;
    u32 padding;
    u64 bytes;
};
constexpr i32 kStackInUse = 1, kStackDisabled = 2;

struct UserContext {   // struct ucontext of arch/riscv
    u64 flags, link;
    StackDescription stack;
    u64 blocked_signals;
    u8 reserved[120];   // sigset_t may grow to 1024 bits
    u64 alignment;   // the context below is 16-byte aligned
    u64 pc;
    u64 reg[31];   // x1 .. x31
    u64 freg[32];   // the D part of union __riscv_fp_state
    u32 fcsr;
    u32 rest[67];   // its Q part is larger
};
struct SignalFrame {
    std::array<u8, 128> info;
    UserContext context;
};
static_assert(offsetof(UserContext, pc) == 176 && sizeof(UserContext) == 960 && sizeof(SignalFrame) == 1088);

bool on_alternate_stack(const Thread &thread, Address sp) {
    return thread.alternate_stack_bytes != 0 && sp > thread.alternate_stack &&
           sp - thread.alternate_stack <= thread.alternate_stack_bytes;
}

UserContext save_context(const Thread &thread, const Hart &hart) {
    UserContext context{};
    context.stack = {thread.alternate_stack,
                     thread.alternate_stack_bytes == 0           ? kStackDisabled
                     : on_alternate_stack(thread, hart.reg[kSp]) ? kStackInUse
                                                                 : 0,
                     0, thread.alternate_stack_bytes};
    context.blocked_signals = thread.blocked_before_suspend.value_or(thread.blocked_signals);
    context.pc = hart.pc;
    std::copy_n(hart.reg.begin() + 1, 31, context.reg);
    std::copy_n(hart.reg.begin() + kFirstFloat, 32, context.freg);
    context.fcsr = u32(hart.frm) << 5 | hart.fflags;
    return context;
}

}  // namespace

std::string signal_name(int number) {
    static constexpr std::string_view kNames[] = {
        "0",    "HUP",  "INT",  "QUIT", "ILL",    "TRAP",   "ABRT",  "BUS",  "FPE",  "KILL", "USR1",
        "SEGV", "USR2", "PIPE", "ALRM", "TERM",   "STKFLT", "CHLD",  "CONT", "STOP", "TSTP", "TTIN",
        "TTOU", "URG",  "XCPU", "XFSZ", "VTALRM", "PROF",   "WINCH", "IO",   "PWR",  "SYS"};
    if (number >= 1 && number <= 31) return "SIG" + std::string(kNames[number]);
    return "signal " + std::to_string(number);
}

bool is_ignored(const SignalAction &action, int number) {
    constexpr int kSigChld = 17, kSigCont = 18, kSigUrg = 23, kSigWinch = 28;
    if (action.handler == SignalAction::kIgnore) return true;
    return action.handler == SignalAction::kDefault &&
           (number == kSigChld || number == kSigCont || number == kSigUrg || number == kSigWinch);
}

std::array<u8, 128> signal_info_bytes(const SignalInfo &signal) {
    std::array<u8, 128> info{};
    const auto put = [&](size_t offset, auto v) { std::memcpy(info.data() + offset, &v, sizeof v); };
    put(0, i32(signal.number));
    put(8, i32(signal.code));
    if (signal.fault) {
        put(16, signal.address);
    } else {
        put(16, i32(LinuxProcess::kProcessId));
        put(20, i32(LinuxProcess::kUserId));
        put(24, signal.value);
    }
    return info;
}

bool enter_handler(GuestMemory &memory, Thread &thread, Hart &hart, const SignalInfo &signal,
                   const SignalAction &action) {
    Address top = hart.reg[kSp];
    if ((action.flags & SignalAction::kOnStack) && thread.alternate_stack_bytes &&
        !on_alternate_stack(thread, top))
        top = thread.alternate_stack + thread.alternate_stack_bytes;
    const Address at = (top - sizeof(SignalFrame)) & ~Address{15};
    const SignalFrame frame{signal_info_bytes(signal), save_context(thread, hart)};
    if (!memory.write(at, &frame, sizeof frame)) return false;

    thread.blocked_before_suspend.reset();
    thread.blocked_signals |= action.mask;
    if (!(action.flags & SignalAction::kNoDefer)) thread.blocked_signals |= signal_bit(signal.number);
    thread.blocked_signals &= ~(signal_bit(kSigKill) | signal_bit(kSigStop));
    hart.reg[kRa] = AddressSpace::kSigreturnCode;
    hart.reg[kSp] = at;
    hart.reg[kA0] = u64(signal.number);
    hart.reg[kA1] = at + offsetof(SignalFrame, info);
    hart.reg[kA2] = at + offsetof(SignalFrame, context);
    hart.pc = action.handler;
    return true;
}

bool leave_handler(GuestMemory &memory, Thread &thread, Hart &hart) {
    SignalFrame frame;
    if (!memory.read(hart.reg[kSp], &frame, sizeof frame)) return false;
    const UserContext &context = frame.context;
    thread.blocked_signals = context.blocked_signals & ~(signal_bit(kSigKill) | signal_bit(kSigStop));
    hart.pc = context.pc & ~Address{1};
    std::copy_n(context.reg, 31, hart.reg.begin() + 1);
    std::copy_n(context.freg, 32, hart.reg.begin() + kFirstFloat);
    hart.fflags = context.fcsr & 0x1f;
    hart.frm = (context.fcsr >> 5) & 7;
    if (!on_alternate_stack(thread, hart.reg[kSp])) {   // as the kernel's restore_altstack
        const bool disabled = context.stack.flags & kStackDisabled;
        thread.alternate_stack = disabled ? 0 : context.stack.address;
        thread.alternate_stack_bytes = disabled ? 0 : context.stack.bytes;
    }
    return true;
}

}  // namespace sim
