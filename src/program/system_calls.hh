// SPDX-License-Identifier: BSD-3-Clause
// The table of Linux system calls: number, name, what carries it out, and how --strace shows its arguments.
#pragma once
#include <cerrno>
#include <span>
#include "program/linux_process.hh"

namespace sim {

struct Call {
    Hart &hart;   // at the ecall
    u64 number;
    std::array<u64, 6> argument;

    u64 operator[](size_t i) const { return argument[i]; }
    int as_int(size_t i) const { return int(u32(argument[i])); }
    u32 as_u32(size_t i) const { return u32(argument[i]); }
    i64 as_signed(size_t i) const { return i64(argument[i]); }
};

// What a call returns instead of a value or -errno.
inline constexpr i64 kWaits =
    -1'000'000;   // the thread waits (Threads::begin_wait); the wait's end gives the value
inline constexpr i64 kNoReturn = -1'000'001;   // registers and pc are as they shall be, or the thread is gone

struct SystemCall {
    u16 number;
    const char *name;
    i64 (*run)(LinuxProcess &, const Call &);   // null: answered ENOSYS, said once on standard error
    // A letter for each argument: d decimal, u unsigned, x hexadecimal, o octal, p pointer, s path or text,
    // b bytes whose count is the next argument, f descriptor, g signal number.
    const char *arguments;
};

inline constexpr u64 kSystemCalls = 512;   // numbers below this may have a row

// One list a topic, each in the file of that topic's calls.
std::span<const SystemCall> file_calls();
std::span<const SystemCall> folder_calls();
std::span<const SystemCall> descriptor_calls();
std::span<const SystemCall> memory_calls();
std::span<const SystemCall> process_calls();
std::span<const SystemCall> signal_calls();
std::span<const SystemCall> thread_calls();
std::span<const SystemCall> time_calls();

const SystemCall *system_call(u64 number);   // null where no topic has it
std::string system_call_name(u64 number);   // "io_setup", or "call_9999" where Linux has none
void trace_call(LinuxProcess &process, const Call &call, i64 result);   // one line on standard error

// Values as riscv64 Linux lays them out.
struct GuestTime {   // struct timespec; also timeval with microseconds
    i64 seconds, fraction;
};
constexpr u64 kBillion = 1'000'000'000;
bool read_time(LinuxProcess &process, Address a, GuestTime &time);
constexpr bool is_valid(const GuestTime &t) {
    return t.seconds >= 0 && t.fraction >= 0 && t.fraction < i64(kBillion);
}
constexpr u64 to_ns(const GuestTime &t) {   // kNever where it does not fit
    return u64(t.seconds) > (u64{1} << 62) / kBillion ? VirtualTime::kNever
                                                      : u64(t.seconds) * kBillion + u64(t.fraction);
}
constexpr GuestTime from_ns(u64 ns) { return {i64(ns / kBillion), i64(ns % kBillion)}; }
constexpr u64 later(u64 now_ns, u64 by_ns) {
    return by_ns > VirtualTime::kNever - now_ns ? VirtualTime::kNever : now_ns + by_ns;
}

template <class T>
i64 put(LinuxProcess &process, Address to, const T &value) {   // 0 or -EFAULT
    return process.memory().write(to, &value, sizeof value) ? 0 : -EFAULT;
}
template <class T>
bool get(LinuxProcess &process, Address from, T &value) {
    return process.memory().read(from, &value, sizeof value);
}

}  // namespace sim
