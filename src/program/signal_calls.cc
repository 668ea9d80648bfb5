// SPDX-License-Identifier: BSD-3-Clause
// System calls about signals.
#include <algorithm>
#include "program/system_calls.hh"

namespace sim {

namespace {

constexpr i32 kFromKill = 0, kFromQueue = -1, kFromTgkill = -6;   // si_code
constexpr u64 kUnblockable = signal_bit(kSigKill) | signal_bit(kSigStop);

i64 sys_rt_sigaction(LinuxProcess &p, const Call &call) {
    const int number = call.as_int(0);
    if (number < 1 || number > kSignals || call[3] != 8) return -EINVAL;
    SignalAction &action = p.actions[size_t(number)], wanted = action;
    if (call[1] && !get(p, call[1], wanted)) return -EFAULT;
    if (call[1] && (signal_bit(number) & kUnblockable)) return -EINVAL;
    if (call[2] && put(p, call[2], action)) return -EFAULT;
    action = wanted;
    if (is_ignored(action, number))
        for (size_t i = 0; i < p.threads.count(); ++i)
            std::erase_if(p.threads.at(i).pending_signals,
                          [&](const SignalInfo &s) { return s.number == number; });
    return 0;
}

i64 sys_rt_sigprocmask(LinuxProcess &p, const Call &call) {
    constexpr int kBlock = 0, kUnblock = 1, kSet = 2;
    Thread &thread = p.threads.current();
    const u64 before = thread.blocked_signals;
    u64 set;
    if (call[3] != 8) return -EINVAL;
    if (call[1]) {
        if (!get(p, call[1], set)) return -EFAULT;
        set &= ~kUnblockable;
        switch (call.as_int(0)) {
            case kBlock: thread.blocked_signals |= set; break;
            case kUnblock: thread.blocked_signals &= ~set; break;
            case kSet: thread.blocked_signals = set; break;
            default: return -EINVAL;
        }
    }
    return call[2] ? put(p, call[2], before) : 0;
}

i64 sys_rt_sigpending(LinuxProcess &p, const Call &call) {
    u64 set = 0;
    for (const SignalInfo &signal : p.threads.current().pending_signals) set |= signal_bit(signal.number);
    return put(p, call[0], set);
}

i64 sys_sigaltstack(LinuxProcess &p, const Call &call) {
    struct {
        u64 address;
        i32 flags;
        u32 padding;
        u64 bytes;
    } stack;
    constexpr i32 kInUse = 1, kDisabled = 2;
    constexpr u64 kMinimum = 2048;
    Thread &thread = p.threads.current();
    const u64 sp = call.hart.reg[kSp];
    const bool in_use = thread.alternate_stack_bytes && sp > thread.alternate_stack &&
                        sp - thread.alternate_stack <= thread.alternate_stack_bytes;
    const decltype(stack) before{thread.alternate_stack,
                                 !thread.alternate_stack_bytes ? kDisabled
                                 : in_use                      ? kInUse
                                                               : 0,
                                 0, thread.alternate_stack_bytes};
    if (call[0]) {
        if (!get(p, call[0], stack)) return -EFAULT;
        if (in_use) return -EPERM;
        if (stack.flags & ~(kInUse | kDisabled)) return -EINVAL;
        const bool disable = stack.flags & kDisabled;
        if (!disable && stack.bytes < kMinimum) return -ENOMEM;
        thread.alternate_stack = disable ? 0 : stack.address;
        thread.alternate_stack_bytes = disable ? 0 : stack.bytes;
    }
    return call[1] ? put(p, call[1], before) : 0;
}

// To the process: a thread that does not block the signal gets it, the first one if all do.
Thread &receiver(LinuxProcess &p, int number) {
    for (size_t i = 0; i < p.threads.count(); ++i)
        if (!(p.threads.at(i).blocked_signals & signal_bit(number))) return p.threads.at(i);
    return p.threads.at(0);
}

i64 send(LinuxProcess &p, const Call &call, Thread *thread, int number, const SignalInfo &signal) {
    if (number < 0 || number > kSignals) return -EINVAL;
    if (number == 0) return 0;
    p.send_signal(call.hart, thread ? *thread : receiver(p, number), signal);
    return 0;
}

i64 sys_kill(LinuxProcess &p, const Call &call) {
    const int target = call.as_int(0);
    if (target != LinuxProcess::kProcessId && target != 0 && target != -1 &&
        target != -LinuxProcess::kProcessId)
        return -ESRCH;
    return send(p, call, nullptr, call.as_int(1), {call.as_int(1), kFromKill});
}

i64 sys_tkill(LinuxProcess &p, const Call &call) {
    Thread *thread = p.threads.find(call.as_int(0));
    return thread ? send(p, call, thread, call.as_int(1), {call.as_int(1), kFromTgkill}) : -ESRCH;
}

i64 sys_tgkill(LinuxProcess &p, const Call &call) {
    Thread *thread = p.threads.find(call.as_int(1));
    if (!thread || call.as_int(0) != LinuxProcess::kProcessId) return -ESRCH;
    return send(p, call, thread, call.as_int(2), {call.as_int(2), kFromTgkill});
}

i64 queue(LinuxProcess &p, const Call &call, Thread *thread, int number, Address info) {
    struct {
        i32 number, error, code, padding, process, user;
        u64 value;
    } sent;
    if (!get(p, info, sent)) return -EFAULT;
    return send(p, call, thread, number, {number, sent.code ? sent.code : kFromQueue, 0, sent.value});
}
i64 sys_rt_sigqueueinfo(LinuxProcess &p, const Call &call) {
    return call.as_int(0) == LinuxProcess::kProcessId ? queue(p, call, nullptr, call.as_int(1), call[2])
                                                      : -ESRCH;
}
i64 sys_rt_tgsigqueueinfo(LinuxProcess &p, const Call &call) {
    Thread *thread = p.threads.find(call.as_int(1));
    return thread ? queue(p, call, thread, call.as_int(2), call[3]) : -ESRCH;
}

bool has_deliverable(const Thread &thread) {
    return std::any_of(thread.pending_signals.begin(), thread.pending_signals.end(),
                       [&](const SignalInfo &s) { return !(thread.blocked_signals & signal_bit(s.number)); });
}

i64 sys_rt_sigsuspend(LinuxProcess &p, const Call &call) {
    Thread &thread = p.threads.current();
    u64 set;
    if (call[1] != 8) return -EINVAL;
    if (!get(p, call[0], set)) return -EFAULT;
    thread.blocked_before_suspend = thread.blocked_signals;
    thread.blocked_signals = set & ~kUnblockable;
    if (has_deliverable(thread)) return -EINTR;
    p.threads.begin_wait({.what = Wait::For::Signal, .restarts = false});
    return kWaits;
}

// Takes a pending signal of the set without running its handler.
i64 sys_rt_sigtimedwait(LinuxProcess &p, const Call &call) {
    Thread &thread = p.threads.current();
    u64 set;
    if (call[3] != 8) return -EINVAL;
    if (!get(p, call[0], set)) return -EFAULT;
    auto &pending = thread.pending_signals;
    const auto found = std::find_if(pending.begin(), pending.end(),
                                    [&](const SignalInfo &s) { return set & signal_bit(s.number); });
    if (found != pending.end()) {
        const SignalInfo signal = *found;
        if (call[1] && put(p, call[1], signal_info_bytes(signal))) return -EFAULT;
        pending.erase(found);
        return signal.number;
    }
    Wait wait{.what = Wait::For::Signal, .signals = set, .timeout_result = -EAGAIN, .restarts = false};
    if (call[2]) {
        GuestTime time;
        if (!get(p, call[2], time)) return -EFAULT;
        if (!is_valid(time)) return -EINVAL;
        wait.until_ns = thread.repeats_call ? thread.wait.until_ns : later(p.now_ns(call.hart), to_ns(time));
        if (wait.until_ns <= p.now_ns(call.hart)) return -EAGAIN;
    }
    p.threads.begin_wait(wait);
    return kWaits;
}

i64 sys_rt_sigreturn(LinuxProcess &p, const Call &call) {
    if (!leave_handler(p.memory(), p.threads.current(), call.hart))
        p.fail(call.hart, "rt_sigreturn finds no signal frame at sp");
    return kNoReturn;
}

constexpr SystemCall kCalls[] = {
    {129, "kill", sys_kill, "dg"},
    {130, "tkill", sys_tkill, "dg"},
    {131, "tgkill", sys_tgkill, "ddg"},
    {132, "sigaltstack", sys_sigaltstack, "pp"},
    {133, "rt_sigsuspend", sys_rt_sigsuspend, "pu"},
    {134, "rt_sigaction", sys_rt_sigaction, "gppu"},
    {135, "rt_sigprocmask", sys_rt_sigprocmask, "dppu"},
    {136, "rt_sigpending", sys_rt_sigpending, "pu"},
    {137, "rt_sigtimedwait", sys_rt_sigtimedwait, "pppu"},
    {138, "rt_sigqueueinfo", sys_rt_sigqueueinfo, "dgp"},
    {139, "rt_sigreturn", sys_rt_sigreturn, ""},
    {240, "rt_tgsigqueueinfo", sys_rt_tgsigqueueinfo, "ddgp"},
};

}  // namespace

std::span<const SystemCall> signal_calls() { return kCalls; }

}  // namespace sim
