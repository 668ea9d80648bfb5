// SPDX-License-Identifier: BSD-3-Clause
// System calls about time. All of it is virtual: see VirtualTime.
#include "program/system_calls.hh"

namespace sim {

namespace {

constexpr u32 kRealTime = 0, kMonotonic = 1, kProcessTime = 2, kThreadTime = 3, kLastClock = 11;

// Nanoseconds that a clock shows now.
u64 clock_ns(LinuxProcess &p, const Call &call, u32 clock) {
    constexpr u64 kEpoch = VirtualTime::kEpochSeconds * kBillion;
    constexpr u32 kRealTimeCoarse = 5, kAlarm = 8, kTai = 11;
    if (clock == kRealTime || clock == kRealTimeCoarse || clock == kAlarm || clock == kTai)
        return kEpoch + p.now_ns(call.hart);
    if (clock == kProcessTime || clock == kThreadTime) return p.time.running_ns(call.hart);
    return p.now_ns(call.hart);
}
// CPU clocks of a process or thread have negative numbers; all of them are this process's.
u32 clock_number(const Call &call, size_t index) {
    return call.as_int(index) < 0 ? kProcessTime : call.as_u32(index);
}

i64 sys_clock_gettime(LinuxProcess &p, const Call &call) {
    const u32 clock = clock_number(call, 0);
    return clock > kLastClock ? -EINVAL : put(p, call[1], from_ns(clock_ns(p, call, clock)));
}

i64 sys_clock_getres(LinuxProcess &p, const Call &call) {
    if (clock_number(call, 0) > kLastClock) return -EINVAL;
    return call[1] ? put(p, call[1], GuestTime{0, 1}) : 0;
}

i64 sys_gettimeofday(LinuxProcess &p, const Call &call) {
    if (call[1] && put(p, call[1], u64{0})) return -EFAULT;   // struct timezone: two int
    const GuestTime now = from_ns(clock_ns(p, call, kRealTime));
    return call[0] ? put(p, call[0], GuestTime{now.seconds, now.fraction / 1000}) : 0;
}

i64 sys_times(LinuxProcess &p, const Call &call) {
    constexpr u64 kTick = kBillion / 100;
    const u64 used[4] = {p.time.running_ns(call.hart) / kTick, 0, 0, 0};
    if (call[0] && put(p, call[0], used)) return -EFAULT;
    return i64(p.now_ns(call.hart) / kTick);
}

i64 sys_getrusage(LinuxProcess &p, const Call &call) {
    const GuestTime used = from_ns(p.time.running_ns(call.hart));
    std::array<i64, 18> usage{};   // user time, system time, then fourteen counts
    if (call.as_int(0) != -1) {   // not RUSAGE_CHILDREN
        usage[0] = used.seconds;
        usage[1] = used.fraction / 1000;
        usage[4] =
            i64(p.memory().mapped_pages() * (GuestMemory::kPageBytes >> 10));   // largest resident set, KiB
    }
    return put(p, call[1], usage);
}

i64 sleep_until(LinuxProcess &p, const Call &call, u64 until_ns, Address remaining) {
    if (until_ns <= p.now_ns(call.hart)) return 0;
    p.threads.begin_wait(
        {.what = Wait::For::Time, .until_ns = until_ns, .restarts = false, .remaining = remaining});
    return kWaits;
}

i64 sys_nanosleep(LinuxProcess &p, const Call &call) {
    GuestTime time;
    if (!get(p, call[0], time)) return -EFAULT;
    if (!is_valid(time)) return -EINVAL;
    return sleep_until(p, call, later(p.now_ns(call.hart), to_ns(time)), call[1]);
}

i64 sys_clock_nanosleep(LinuxProcess &p, const Call &call) {
    constexpr u32 kAbsolute = 1;
    const u32 clock = clock_number(call, 0);
    GuestTime time;
    if (!get(p, call[2], time)) return -EFAULT;
    if (clock > kLastClock || clock == kThreadTime || !is_valid(time)) return -EINVAL;
    if (!(call.as_u32(1) & kAbsolute))
        return sleep_until(p, call, later(p.now_ns(call.hart), to_ns(time)), call[3]);
    const u64 shown = clock_ns(p, call, clock), wanted = to_ns(time);
    return wanted <= shown ? 0 : sleep_until(p, call, later(p.now_ns(call.hart), wanted - shown), 0);
}

constexpr SystemCall kCalls[] = {
    {101, "nanosleep", sys_nanosleep, "pp"},
    {113, "clock_gettime", sys_clock_gettime, "dp"},
    {114, "clock_getres", sys_clock_getres, "dp"},
    {115, "clock_nanosleep", sys_clock_nanosleep, "dxpp"},
    {153, "times", sys_times, "p"},
    {165, "getrusage", sys_getrusage, "dp"},
    {169, "gettimeofday", sys_gettimeofday, "pp"},
};

}  // namespace

std::span<const SystemCall> time_calls() { return kCalls; }

}  // namespace sim
