// SPDX-License-Identifier: BSD-3-Clause
// System calls about threads: making and ending them, futexes, scheduling.
#include "program/system_calls.hh"

namespace sim {

namespace {

constexpr u64 kVm = 0x100, kSignalHandlers = 0x800, kVfork = 0x4000, kThread = 0x10000, kSetTls = 0x80000,
              kParentSetTid = 0x100000, kChildClearTid = 0x200000, kChildSetTid = 0x1000000;

struct NewThread {
    u64 flags;
    Address stack, parent_tid, child_tid, tls;
};

i64 make_thread(LinuxProcess &p, const Call &call, const NewThread &wanted) {
    constexpr u64 kNeeded = kVm | kSignalHandlers | kThread;
    if ((wanted.flags & kNeeded) != kNeeded) {
        p.report_unanswered(call.number, " for a new process (there is only this one)");
        return -ENOSYS;
    }
    if ((wanted.flags & kParentSetTid) && !p.memory().allows(wanted.parent_tid, 4, kWrite)) return -EFAULT;
    Thread &parent = p.threads.current();
    if (p.threads.count() >= 4096) return -EAGAIN;
    Thread &thread = p.threads.add();
    if (wanted.flags & kParentSetTid) put(p, wanted.parent_tid, u32(thread.id));
    if (wanted.flags & kChildSetTid) put(p, wanted.child_tid, u32(thread.id));
    if (wanted.flags & kChildClearTid) thread.clear_child_tid = wanted.child_tid;
    thread.blocked_signals = parent.blocked_signals;
    thread.context = call.hart;
    thread.context.pc += 4;
    thread.context.reg[kA0] = 0;
    if (wanted.stack) thread.context.reg[kSp] = wanted.stack;
    if (wanted.flags & kSetTls) thread.context.reg[4] = wanted.tls;   // tp
    return thread.id;
}

i64 sys_clone(LinuxProcess &p, const Call &call) {
    return make_thread(p, call, {call[0], call[1], call[2], call[4], call[3]});
}

i64 sys_clone3(LinuxProcess &p, const Call &call) {
    struct {
        u64 flags, process_fd, child_tid, parent_tid, exit_signal, stack, stack_bytes, tls;
    } arguments;
    if (call[1] < sizeof arguments) return -EINVAL;
    if (!get(p, call[0], arguments)) return -EFAULT;
    return make_thread(p, call,
                       {arguments.flags, arguments.stack ? arguments.stack + arguments.stack_bytes : 0,
                        arguments.parent_tid, arguments.child_tid, arguments.tls});
}

i64 sys_exit(LinuxProcess &p, const Call &call) {
    if (p.threads.count() == 1) p.exit(call.as_int(0));
    else p.end_current_thread(call.hart);
    return kNoReturn;
}

i64 sys_set_tid_address(LinuxProcess &p, const Call &call) {
    p.threads.current().clear_child_tid = call[0];
    return p.threads.current().id;
}

i64 sys_set_robust_list(LinuxProcess &p, const Call &call) {
    if (call[1] != 24) return -EINVAL;
    p.threads.current().robust_list = call[0];
    return 0;
}

i64 futex_wait(LinuxProcess &p, const Call &call, bool until_absolute, bool real_time, u32 bitset) {
    u32 value;
    if (bitset == 0) return -EINVAL;
    if (!get(p, call[0], value)) return -EFAULT;
    if (value != call.as_u32(2)) return -EAGAIN;
    Wait wait{.what = Wait::For::Futex, .futex = call[0], .bitset = bitset, .timeout_result = -ETIMEDOUT};
    if (call[3]) {
        GuestTime time;
        if (!get(p, call[3], time)) return -EFAULT;
        if (!is_valid(time)) return -EINVAL;
        const u64 now = p.now_ns(call.hart), epoch = real_time ? VirtualTime::kEpochSeconds * kBillion : 0;
        const u64 given = to_ns(time);
        wait.until_ns = !until_absolute ? later(now, given) : given > epoch ? given - epoch : 0;
        if (given == VirtualTime::kNever) wait.until_ns = given;
        if (wait.until_ns <= now) return -ETIMEDOUT;
        wait.restarts = false;
    }
    p.threads.begin_wait(wait);
    return kWaits;
}

i64 futex_wake_operation(LinuxProcess &p, const Call &call) {
    const u32 operation = call.as_u32(5);
    u32 old;
    if (!get(p, call[4], old)) return -EFAULT;
    u32 argument = (operation >> 12) & 0xfff;
    if (operation >> 31) argument = u32{1} << (argument & 31);   // FUTEX_OP_ARG_SHIFT
    const u32 compared = operation & 0xfff;
    u32 value = old;
    switch ((operation >> 28) & 7) {
        case 0: value = argument; break;
        case 1: value = old + argument; break;
        case 2: value = old | argument; break;
        case 3: value = old & ~argument; break;
        case 4: value = old ^ argument; break;
        default: return -ENOSYS;
    }
    if (put(p, call[4], value)) return -EFAULT;
    const bool claims[] = {old == compared,           old != compared,          i32(old) < i32(compared),
                           i32(old) <= i32(compared), i32(old) > i32(compared), i32(old) >= i32(compared)};
    const u32 comparison = (operation >> 24) & 15;
    if (comparison > 5) return -ENOSYS;
    u64 woken = p.threads.wake_futex(call[0], call.as_u32(2), ~u32{0});
    if (claims[comparison]) woken += p.threads.wake_futex(call[4], call.as_u32(3), ~u32{0});
    return i64(woken);
}

i64 sys_futex(LinuxProcess &p, const Call &call) {
    constexpr int kPrivate = 128, kRealTime = 256;
    enum {
        Wait_ = 0,
        Wake = 1,
        Requeue = 3,
        CompareRequeue = 4,
        WakeOperation = 5,
        WaitBitset = 9,
        WakeBitset = 10
    };
    if (call[0] % 4) return -EINVAL;
    const bool real_time = call.as_int(1) & kRealTime;
    const int operation = call.as_int(1) & ~(kPrivate | kRealTime);
    switch (operation) {
        case Wait_: return futex_wait(p, call, false, real_time, ~u32{0});
        case WaitBitset: return futex_wait(p, call, true, real_time, call.as_u32(5));
        case Wake: return i64(p.threads.wake_futex(call[0], call.as_u32(2), ~u32{0}));
        case WakeBitset:
            return call.as_u32(5) ? i64(p.threads.wake_futex(call[0], call.as_u32(2), call.as_u32(5)))
                                  : -EINVAL;
        case Requeue:
        case CompareRequeue: {
            u32 value;
            if (!get(p, call[0], value)) return -EFAULT;
            if (operation == CompareRequeue && value != call.as_u32(5)) return -EAGAIN;
            const u64 woken = p.threads.wake_futex(call[0], call.as_u32(2), ~u32{0});
            return i64(woken + p.threads.move_futex(call[0], call[4], call.as_u32(3)));
        }
        case WakeOperation: return futex_wake_operation(p, call);
        default: return -ENOSYS;   // priority inheritance
    }
}

i64 sys_sched_yield(LinuxProcess &p, const Call &) {
    p.yield_after_call();
    return 0;
}

i64 sys_sched_getaffinity(LinuxProcess &p, const Call &call) {
    if (call[1] < 8 || call[1] % 8) return -EINVAL;
    return put(p, call[2], u64{1}) ? -EFAULT : 8;   // one hart
}
i64 sys_accept(LinuxProcess &, const Call &) { return 0; }
i64 sys_sched_getparam(LinuxProcess &p, const Call &call) { return put(p, call[1], u32{0}); }

constexpr SystemCall kCalls[] = {
    {93, "exit", sys_exit, "d"},
    {96, "set_tid_address", sys_set_tid_address, "p"},
    {98, "futex", sys_futex, "pxuppu"},
    {99, "set_robust_list", sys_set_robust_list, "pu"},
    {119, "sched_setscheduler", sys_accept, "ddp"},
    {120, "sched_getscheduler", sys_accept, "d"},
    {121, "sched_getparam", sys_sched_getparam, "dp"},
    {122, "sched_setaffinity", sys_accept, "dup"},
    {123, "sched_getaffinity", sys_sched_getaffinity, "dup"},
    {124, "sched_yield", sys_sched_yield, ""},
    {125, "sched_get_priority_max", sys_accept, "d"},
    {126, "sched_get_priority_min", sys_accept, "d"},
    {140, "setpriority", sys_accept, "ddd"},
    {220, "clone", sys_clone, "xpppp"},
    {283, "membarrier", sys_accept, "dxd"},
    {435, "clone3", sys_clone3, "pu"},
};

}  // namespace

std::span<const SystemCall> thread_calls() { return kCalls; }

}  // namespace sim
