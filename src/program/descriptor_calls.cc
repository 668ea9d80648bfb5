// SPDX-License-Identifier: BSD-3-Clause
// System calls about descriptors themselves: dup, fcntl, ioctl, pipes, and waiting until they are ready.
#include <algorithm>
#include "program/system_calls.hh"

namespace sim {

namespace {

i64 sys_dup(LinuxProcess &p, const Call &call) { return p.files.duplicate(call.as_int(0), 0, false); }

i64 sys_dup3(LinuxProcess &p, const Call &call) {
    if (call.as_int(0) == call.as_int(1) || (call.as_int(2) & ~O_CLOEXEC)) return -EINVAL;
    const i64 result = p.files.duplicate_onto(call.as_int(0), call.as_int(1), call.as_int(2) & O_CLOEXEC);
    p.threads.wake_pipes();   // the target may have been a pipe's last end
    return result;
}

i64 sys_pipe2(LinuxProcess &p, const Call &call) {
    const int flags = call.as_int(1);
    if (flags & ~(O_CLOEXEC | O_NONBLOCK)) return -EINVAL;
    if (!p.memory().allows(call[0], 8, kWrite)) return -EFAULT;
    const PipeEnds ends = make_pipe(flags & O_NONBLOCK);
    const i64 reader = p.files.add(ends.reader, flags & O_CLOEXEC);
    if (reader < 0) return reader;
    const i64 writer = p.files.add(ends.writer, flags & O_CLOEXEC);
    if (writer < 0) {
        p.files.close(int(reader));
        return writer;
    }
    const i32 pair[] = {i32(reader), i32(writer)};
    return put(p, call[0], pair);
}

i64 set_status_flags(OpenFile &file, int flags) {
    constexpr int kChangeable = O_APPEND | O_NONBLOCK;
    file.flags = (file.flags & ~kChangeable) | (flags & kChangeable);
    const int host = file.host_descriptor();
    if (host >= 0 && ::fcntl(host, F_SETFL, flags & O_APPEND) != 0) return -errno;
    return 0;
}

i64 sys_fcntl(LinuxProcess &p, const Call &call) {
    constexpr int kDuplicate = 0, kGetDescriptor = 1, kSetDescriptor = 2, kGetStatus = 3, kSetStatus = 4,
                  kGetLock = 5, kSetLock = 6, kSetLockWait = 7, kDuplicateCloexec = 1030;
    const int fd = call.as_int(0);
    OpenFile *file = p.files.file(fd);
    if (!file) return -EBADF;
    switch (call.as_int(1)) {
        case kDuplicate: return p.files.duplicate(fd, call.as_int(2), false);
        case kDuplicateCloexec: return p.files.duplicate(fd, call.as_int(2), true);
        case kGetDescriptor: return p.files.close_on_exec(fd);
        case kSetDescriptor: p.files.set_close_on_exec(fd, call[2] & 1); return 0;
        case kGetStatus: return file->flags;
        case kSetStatus: return set_status_flags(*file, call.as_int(2));
        case kGetLock: return put(p, call[2], u16{2});   // F_UNLCK: there is nobody else to hold a lock
        case kSetLock:
        case kSetLockWait: return 0;
        default: return -EINVAL;
    }
}

i64 sys_ioctl(LinuxProcess &p, const Call &call) {
    constexpr u32 kSetNonBlocking = 0x5421, kSetCloexec = 0x5451, kClearCloexec = 0x5450;
    const int fd = call.as_int(0);
    OpenFile *file = p.files.file(fd);
    if (!file) return -EBADF;
    if (call.as_u32(1) == kSetCloexec || call.as_u32(1) == kClearCloexec) {
        p.files.set_close_on_exec(fd, call.as_u32(1) == kSetCloexec);
        return 0;
    }
    if (call.as_u32(1) == kSetNonBlocking) {
        u32 on;
        if (!get(p, call[2], on)) return -EFAULT;
        return set_status_flags(*file, on ? file->flags | O_NONBLOCK : file->flags & ~O_NONBLOCK);
    }
    return -ENOTTY;   // no guest descriptor is a terminal
}

i64 sys_flock(LinuxProcess &p, const Call &call) { return p.files.file(call.as_int(0)) ? 0 : -EBADF; }

struct PollEntry {
    i32 fd;
    i16 wanted, found;
};
constexpr i16 kPollIn = 1, kPollOut = 4, kPollError = 8, kPollHangUp = 16, kPollBad = 32;

i16 readiness(const OpenFile *file) {
    if (!file) return kPollBad;
    i16 ready = 0;
    if (file->allows_read() && file->can_read()) ready |= kPollIn;
    if (file->allows_write() && file->can_write()) ready |= kPollOut;
    if (file->is_hung_up()) ready |= file->allows_write() ? kPollError : kPollHangUp;
    return ready;
}

// Nothing is ready: wait until a pipe changes or the time is over. A repeated call keeps its first deadline.
i64 wait_until_ready(LinuxProcess &p, const Call &call, Address timeout, bool &timed_out) {
    Wait wait{.what = Wait::For::Pipe, .restarts = false};
    if (timeout) {
        GuestTime time;
        if (!get(p, timeout, time)) return -EFAULT;
        if (!is_valid(time)) return -EINVAL;
        const Thread &thread = p.threads.current();
        wait.until_ns = thread.repeats_call ? thread.wait.until_ns : later(p.now_ns(call.hart), to_ns(time));
        timed_out = wait.until_ns <= p.now_ns(call.hart);
        if (timed_out) return 0;
    }
    p.threads.begin_wait(wait);
    return kWaits;
}

i64 sys_ppoll(LinuxProcess &p, const Call &call) {
    const u64 count = call[1];
    if (count > FileTable::kMaxDescriptors) return -EINVAL;
    std::vector<PollEntry> entries(count);
    if (!p.memory().read(call[0], entries.data(), count * sizeof(PollEntry))) return -EFAULT;
    i64 ready = 0;
    for (PollEntry &entry : entries) {
        entry.found = 0;
        if (entry.fd < 0) continue;
        entry.found =
            readiness(p.files.file(entry.fd)) & (entry.wanted | kPollError | kPollHangUp | kPollBad);
        ready += entry.found != 0;
    }
    bool timed_out = false;
    if (!ready) {
        const i64 result = wait_until_ready(p, call, call[2], timed_out);
        if (!timed_out) return result;
    }
    return p.memory().write(call[0], entries.data(), count * sizeof(PollEntry)) ? ready : -EFAULT;
}

i64 sys_pselect6(LinuxProcess &p, const Call &call) {
    const int count = call.as_int(0);
    if (count < 0 || count > FileTable::kMaxDescriptors) return -EINVAL;
    constexpr i16 kMeaning[] = {kPollIn | kPollHangUp, kPollOut | kPollError, 0};
    std::vector<u64> sets[3];
    i64 ready = 0;
    for (size_t s = 0; s < 3; ++s) {
        sets[s].resize((size_t(count) + 63) / 64);
        if (!call[1 + s]) continue;
        if (!p.memory().read(call[1 + s], sets[s].data(), sets[s].size() * 8)) return -EFAULT;
        for (int fd = 0; fd < count; ++fd) {
            u64 &word = sets[s][size_t(fd) / 64];
            const u64 bit = u64{1} << (fd % 64);
            if (!(word & bit)) continue;
            if (!p.files.file(fd)) return -EBADF;
            if (readiness(p.files.file(fd)) & kMeaning[s]) ++ready;
            else word &= ~bit;
        }
    }
    bool timed_out = false;
    if (!ready) {
        const i64 result = wait_until_ready(p, call, call[4], timed_out);
        if (!timed_out) return result;
    }
    for (size_t s = 0; s < 3; ++s)
        if (call[1 + s] && !p.memory().write(call[1 + s], sets[s].data(), sets[s].size() * 8)) return -EFAULT;
    return ready;
}

constexpr SystemCall kCalls[] = {
    {23, "dup", sys_dup, "f"},
    {24, "dup3", sys_dup3, "ffx"},
    {25, "fcntl", sys_fcntl, "fdx"},
    {29, "ioctl", sys_ioctl, "fxx"},
    {32, "flock", sys_flock, "fd"},
    {59, "pipe2", sys_pipe2, "px"},
    {72, "pselect6", sys_pselect6, "dpppp"},
    {73, "ppoll", sys_ppoll, "pupp"},
};

}  // namespace

std::span<const SystemCall> descriptor_calls() { return kCalls; }

}  // namespace sim
