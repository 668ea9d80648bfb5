// SPDX-License-Identifier: BSD-3-Clause
// System calls about the process and the machine: identity, limits, randomness, and the end.
#include <algorithm>
#include <cstring>
#include "program/system_calls.hh"

namespace sim {

namespace {

constexpr u64 kUnlimited = ~u64{0};

i64 sys_exit_group(LinuxProcess &p, const Call &call) {
    p.exit(call.as_int(0));
    return kNoReturn;
}

i64 sys_getpid(LinuxProcess &, const Call &) { return LinuxProcess::kProcessId; }
i64 sys_getppid(LinuxProcess &, const Call &) { return LinuxProcess::kParentId; }
i64 sys_getuid(LinuxProcess &, const Call &) { return LinuxProcess::kUserId; }
i64 sys_gettid(LinuxProcess &p, const Call &) { return p.threads.current().id; }

i64 sys_three_ids(LinuxProcess &p, const Call &call) {
    const u32 id = u32(LinuxProcess::kUserId);
    for (size_t i = 0; i < 3; ++i)
        if (put(p, call[i], id)) return -EFAULT;
    return 0;
}

i64 sys_getgroups(LinuxProcess &, const Call &) { return 0; }
i64 sys_process_group(LinuxProcess &, const Call &call) {
    return call[0] == 0 || call.as_int(0) == LinuxProcess::kProcessId ? LinuxProcess::kProcessId : -ESRCH;
}
i64 sys_accept(LinuxProcess &, const Call &) { return 0; }
i64 sys_no_children(LinuxProcess &, const Call &) { return -ECHILD; }
// The C library tries these first and has another way.
i64 sys_not_offered(LinuxProcess &, const Call &) { return -ENOSYS; }

i64 sys_uname(LinuxProcess &p, const Call &call) {
    char names[6][65] = {"Linux", "skipahead", "6.1.0", "#1 SMP", "riscv64", "(none)"};
    return put(p, call[0], names);
}

i64 sys_sysinfo(LinuxProcess &p, const Call &call) {
    struct {
        i64 uptime;
        u64 loads[3], total, free, shared, buffers, total_swap, free_swap;
        u16 processes, padding;
        u64 total_high, free_high;
        u32 unit;
    } info{};
    static_assert(sizeof info == 112);
    info.uptime = i64(p.now_ns(call.hart) / kBillion);
    info.total = info.free = 8_GiB;
    info.processes = 1;
    info.unit = 1;
    return put(p, call[0], info);
}

struct Limit {
    u64 current, maximum;
};
Limit limit_of(u32 resource) {
    constexpr u32 kCore = 4, kStack = 3, kFiles = 7;
    if (resource == kStack) return {AddressSpace::kStackBytes, kUnlimited};
    if (resource == kFiles) return {FileTable::kMaxDescriptors, FileTable::kMaxDescriptors};
    if (resource == kCore) return {0, kUnlimited};
    return {kUnlimited, kUnlimited};
}
constexpr u32 kLimits = 16;

i64 sys_prlimit64(LinuxProcess &p, const Call &call) {
    if (call.as_int(0) != 0 && call.as_int(0) != LinuxProcess::kProcessId) return -ESRCH;
    if (call.as_u32(1) >= kLimits) return -EINVAL;
    Limit wanted;   // accepted and forgotten: the limits that exist are the simulator's
    if (call[2] && !get(p, call[2], wanted)) return -EFAULT;
    return call[3] ? put(p, call[3], limit_of(call.as_u32(1))) : 0;
}
i64 sys_getrlimit(LinuxProcess &p, const Call &call) {
    return call.as_u32(0) < kLimits ? put(p, call[1], limit_of(call.as_u32(0))) : -EINVAL;
}

i64 sys_getrandom(LinuxProcess &p, const Call &call) {
    if (call.as_u32(2) & ~u32{7}) return -EINVAL;
    const u64 bytes = std::min<u64>(call[1], 0x7ffff000);
    u8 *to = p.memory().write_in_place(call[0], bytes);
    if (!to && bytes) return -EFAULT;
    p.random.fill(to, bytes);
    p.memory().wrote(call[0], bytes);
    return i64(bytes);
}

i64 sys_prctl(LinuxProcess &p, const Call &call) {
    constexpr int kSetName = 15, kGetName = 16;
    if (call.as_int(0) == kSetName) return 0;
    if (call.as_int(0) == kGetName) return put(p, call[1], std::array<char, 16>{'g', 'u', 'e', 's', 't'});
    return -EINVAL;
}

i64 sys_getcpu(LinuxProcess &p, const Call &call) {
    for (size_t i = 0; i < 2; ++i)
        if (call[i] && put(p, call[i], u32{0})) return -EFAULT;
    return 0;
}

constexpr SystemCall kCalls[] = {
    {92, "personality", sys_accept, "x"},
    {94, "exit_group", sys_exit_group, "d"},
    {95, "waitid", sys_no_children, "ddppp"},
    {154, "setpgid", sys_accept, "dd"},
    {155, "getpgid", sys_process_group, "d"},
    {156, "getsid", sys_process_group, "d"},
    {148, "getresuid", sys_three_ids, "ppp"},
    {150, "getresgid", sys_three_ids, "ppp"},
    {158, "getgroups", sys_getgroups, "dp"},
    {160, "uname", sys_uname, "p"},
    {163, "getrlimit", sys_getrlimit, "up"},
    {167, "prctl", sys_prctl, "dxxxx"},
    {168, "getcpu", sys_getcpu, "pp"},
    {172, "getpid", sys_getpid, ""},
    {173, "getppid", sys_getppid, ""},
    {174, "getuid", sys_getuid, ""},
    {175, "geteuid", sys_getuid, ""},
    {176, "getgid", sys_getuid, ""},
    {177, "getegid", sys_getuid, ""},
    {178, "gettid", sys_gettid, ""},
    {179, "sysinfo", sys_sysinfo, "p"},
    {198, "socket", sys_not_offered, "ddd"},
    {258, "riscv_hwprobe", sys_not_offered, "pupux"},
    {260, "wait4", sys_no_children, "dpxp"},
    {261, "prlimit64", sys_prlimit64, "dupp"},
    {278, "getrandom", sys_getrandom, "pux"},
    {293, "rseq", sys_not_offered, "puxx"},
};

}  // namespace

std::span<const SystemCall> process_calls() { return kCalls; }

}  // namespace sim
