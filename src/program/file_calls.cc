// SPDX-License-Identifier: BSD-3-Clause
// System calls that move bytes: open, close, read, write and their relatives.
#include <algorithm>
#include <unistd.h>
#include "program/system_calls.hh"

namespace sim {

namespace {

constexpr u64 kMaxTransfer = 0x7ffff000;   // as Linux limits one read or write

i64 wait_for_pipe(LinuxProcess &p) {
    p.threads.begin_wait({.what = Wait::For::Pipe});
    return kWaits;
}

// After every transfer: waits, SIGPIPE and waking the other end are the same for all calls.
i64 finish(LinuxProcess &p, const Call &call, i64 result) {
    if (result == OpenFile::kMustWait) return wait_for_pipe(p);
    if (result == -EPIPE) p.send_signal(call.hart, p.threads.current(), {.number = kSigPipe});
    p.threads.wake_pipes();
    return result;
}

struct Buffer {
    Address address;
    u64 bytes;
};
enum class Direction : u8 { In, Out };

// One buffer to or from a file at its own position, or at `offset` where that is not negative.
i64 transfer(LinuxProcess &p, OpenFile &file, Direction direction, Buffer buffer, i64 offset) {
    GuestMemory &memory = p.memory();
    const u8 need = direction == Direction::In ? kWrite : kRead;
    u64 bytes = std::min(buffer.bytes, kMaxTransfer);
    if (bytes) bytes = memory.allowed_bytes(buffer.address, bytes, need);
    if (bytes == 0 && buffer.bytes != 0) return -EFAULT;
    if (direction == Direction::Out) {
        const u8 *from = memory.base() + buffer.address;
        if (bytes == 0) from = memory.base();
        return offset < 0 ? file.write(from, bytes) : file.write_at(from, bytes, u64(offset));
    }
    u8 *to = bytes ? memory.write_in_place(buffer.address, bytes) : memory.base();
    const i64 n = offset < 0 ? file.read(to, bytes) : file.read_at(to, bytes, u64(offset));
    if (n > 0) memory.wrote(buffer.address, u64(n));
    return n;
}

i64 check(LinuxProcess &p, const Call &call, Direction direction) {
    const OpenFile *file = p.files.file(call.as_int(0));
    if (!file || (direction == Direction::In ? !file->allows_read() : !file->allows_write())) return -EBADF;
    return direction == Direction::In && (file->flags & O_DIRECTORY) ? -EISDIR : 0;
}

i64 one_buffer(LinuxProcess &p, const Call &call, Direction direction, i64 offset) {
    if (const i64 error = check(p, call, direction)) return error;
    return finish(p, call, transfer(p, *p.files.file(call.as_int(0)), direction, {call[1], call[2]}, offset));
}

i64 many_buffers(LinuxProcess &p, const Call &call, Direction direction, i64 offset) {
    if (const i64 error = check(p, call, direction)) return error;
    const u64 count = call[2];
    if (count > 1024) return -EINVAL;
    i64 done = 0;
    for (u64 i = 0; i < count; ++i) {
        Buffer buffer;
        if (!get(p, call[1] + i * sizeof(Buffer), buffer)) return done ? done : -EFAULT;
        if (buffer.bytes == 0) continue;
        const i64 n = transfer(p, *p.files.file(call.as_int(0)), direction, buffer,
                               offset < 0 ? offset : offset + done);
        if (n < 0) return done ? finish(p, call, done) : finish(p, call, n);
        done += n;
        if (u64(n) < buffer.bytes) break;
    }
    return finish(p, call, done);
}

i64 sys_read(LinuxProcess &p, const Call &call) { return one_buffer(p, call, Direction::In, -1); }
i64 sys_write(LinuxProcess &p, const Call &call) { return one_buffer(p, call, Direction::Out, -1); }
i64 sys_readv(LinuxProcess &p, const Call &call) { return many_buffers(p, call, Direction::In, -1); }
i64 sys_writev(LinuxProcess &p, const Call &call) { return many_buffers(p, call, Direction::Out, -1); }
i64 sys_pread64(LinuxProcess &p, const Call &call) {
    return call.as_signed(3) < 0 ? -EINVAL : one_buffer(p, call, Direction::In, call.as_signed(3));
}
i64 sys_pwrite64(LinuxProcess &p, const Call &call) {
    return call.as_signed(3) < 0 ? -EINVAL : one_buffer(p, call, Direction::Out, call.as_signed(3));
}
i64 sys_preadv(LinuxProcess &p, const Call &call) {
    return call.as_signed(3) < 0 ? -EINVAL : many_buffers(p, call, Direction::In, call.as_signed(3));
}
i64 sys_pwritev(LinuxProcess &p, const Call &call) {
    return call.as_signed(3) < 0 ? -EINVAL : many_buffers(p, call, Direction::Out, call.as_signed(3));
}

i64 sys_openat(LinuxProcess &p, const Call &call) {
    std::string path;
    if (!p.memory().read_string(call[1], path)) return -EFAULT;
    i64 error = 0;
    const std::string folder = p.files.folder_of(call.as_int(0), error);
    if (error && !path.starts_with('/')) return error;
    return p.files.open(path, folder, call.as_int(2), call.as_u32(3));
}

i64 sys_close(LinuxProcess &p, const Call &call) {
    const i64 result = p.files.close(call.as_int(0));
    p.threads.wake_pipes();
    return result;
}

i64 sys_lseek(LinuxProcess &p, const Call &call) {
    OpenFile *file = p.files.file(call.as_int(0));
    return file ? file->seek(call.as_signed(1), call.as_int(2)) : -EBADF;
}

i64 sys_ftruncate(LinuxProcess &p, const Call &call) {
    OpenFile *file = p.files.file(call.as_int(0));
    if (!file) return -EBADF;
    return !file->allows_write() || call.as_signed(1) < 0 ? -EINVAL : file->truncate(call[1]);
}

i64 sys_truncate(LinuxProcess &p, const Call &call) {
    std::string path;
    if (!p.memory().read_string(call[0], path)) return -EFAULT;
    if (call.as_signed(1) < 0) return -EINVAL;
    const FileView::Place place = p.files.view.find(path, p.files.view.directory());
    if (place.error) return place.error;
    if (!place.exists) return -ENOENT;
    if (!place.writable) return -EROFS;
    return ::truncate(place.path.c_str(), off_t(call[1])) == 0 ? 0 : -errno;
}

// Host files are the host's to write back; asking for it succeeds.
i64 sys_sync(LinuxProcess &p, const Call &call) { return p.files.file(call.as_int(0)) ? 0 : -EBADF; }

i64 sys_sendfile(LinuxProcess &p, const Call &call) {
    OpenFile *out = p.files.file(call.as_int(0)), *in = p.files.file(call.as_int(1));
    if (!out || !in || !out->allows_write() || !in->allows_read()) return -EBADF;
    if (in->host_descriptor() < 0) return -EINVAL;
    i64 offset = -1;
    if (call[2] && !get(p, call[2], offset)) return -EFAULT;
    std::vector<u8> bytes(std::min<u64>(call[3], 1_MiB));
    const i64 got =
        call[2] ? in->read_at(bytes.data(), bytes.size(), u64(offset)) : in->read(bytes.data(), bytes.size());
    if (got <= 0) return got;
    const i64 put_out = out->write(bytes.data(), u64(got));
    if (put_out == OpenFile::kMustWait && !call[2]) in->seek(-got, SEEK_CUR);
    if (put_out >= 0 && call[2]) put(p, call[2], offset + put_out);
    else if (put_out >= 0 && put_out < got) in->seek(put_out - got, SEEK_CUR);
    return finish(p, call, put_out);
}

constexpr SystemCall kCalls[] = {
    {45, "truncate", sys_truncate, "sd"},   {46, "ftruncate", sys_ftruncate, "fd"},
    {56, "openat", sys_openat, "fsxo"},     {57, "close", sys_close, "f"},
    {62, "lseek", sys_lseek, "fdd"},        {63, "read", sys_read, "fpu"},
    {64, "write", sys_write, "fbu"},        {65, "readv", sys_readv, "fpu"},
    {66, "writev", sys_writev, "fpu"},      {67, "pread64", sys_pread64, "fpud"},
    {68, "pwrite64", sys_pwrite64, "fbud"}, {69, "preadv", sys_preadv, "fpud"},
    {70, "pwritev", sys_pwritev, "fpud"},   {71, "sendfile", sys_sendfile, "ffpu"},
    {82, "fsync", sys_sync, "f"},           {83, "fdatasync", sys_sync, "f"},
    {223, "fadvise64", sys_sync, "fdud"},
};

}  // namespace

std::span<const SystemCall> file_calls() { return kCalls; }

}  // namespace sim
