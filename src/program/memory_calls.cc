// SPDX-License-Identifier: BSD-3-Clause
// System calls that change the address space. A file mapping is a private copy made at once; shared writable
// mappings of files do not exist (ENODEV).
#include <algorithm>
#include "program/system_calls.hh"

namespace sim {

namespace {

constexpr u32 kShared = 1, kTypeMask = 15, kFixed = 0x10, kAnonymous = 0x20, kHugePages = 0x40000,
              kFixedNoReplace = 0x100000;

// PROT_READ, PROT_WRITE and PROT_EXEC have the values of kRead, kWrite and kExecute; writable implies
// readable.
u8 to_flags(u64 protection) { return u8((protection & 7) | (protection & kWrite ? u64{kRead} : 0)); }

i64 sys_brk(LinuxProcess &p, const Call &call) { return i64(p.space.set_break(call[0])); }

i64 fill_from_file(LinuxProcess &p, OpenFile &file, Address at, u64 bytes, u64 offset) {
    std::vector<u8> chunk(std::min<u64>(bytes, 1_MiB));
    for (u64 done = 0; done < bytes;) {
        const i64 n = file.read_at(chunk.data(), std::min<u64>(chunk.size(), bytes - done), offset + done);
        if (n < 0) return n;
        if (n == 0) break;   // beyond the end of the file the pages stay zero
        p.memory().place(at + done, chunk.data(), u64(n));
        done += u64(n);
    }
    return 0;
}

i64 choose_address(LinuxProcess &p, Address hint, u64 bytes, u32 flags) {
    if (flags & (kFixed | kFixedNoReplace)) {
        if (hint % GuestMemory::kPageBytes) return -EINVAL;
        if (!p.space.may_map(hint, bytes)) return -ENOMEM;
        if ((flags & kFixedNoReplace) && !p.space.is_free(hint, bytes)) return -EEXIST;
        return i64(hint);
    }
    const Address wanted = page_down(hint);
    if (wanted && p.space.may_map(wanted, bytes) && p.space.is_free(wanted, bytes)) return i64(wanted);
    const Address gap = p.space.find_gap(bytes);
    return gap ? i64(gap) : -ENOMEM;
}

i64 sys_mmap(LinuxProcess &p, const Call &call) {
    const u32 flags = call.as_u32(3);
    const u64 offset = call[5];
    if (call[1] == 0 || offset % GuestMemory::kPageBytes || (flags & kTypeMask) == 0 ||
        (flags & kTypeMask) > 3)
        return -EINVAL;
    if (call[1] > GuestMemory::kSize || (flags & kHugePages)) return -ENOMEM;
    const u64 bytes = page_up(call[1]);
    OpenFile *file = nullptr;
    if (!(flags & kAnonymous)) {
        file = p.files.file(call.as_int(4));
        if (!file) return -EBADF;
        if (!file->allows_read()) return -EACCES;
        if (file->flags & O_DIRECTORY) return -ENODEV;
        if (file->device_number() >= 0) return p.map_device(u32(file->device_number()), call[0], bytes, flags, offset);
        if ((flags & kTypeMask) == kShared && (call[2] & kWrite)) return -ENODEV;
    }
    const i64 at = choose_address(p, call[0], bytes, flags);
    if (at < 0) return at;
    p.space.map(u64(at), bytes, to_flags(call[2]));
    if (file) {
        const i64 error = fill_from_file(p, *file, u64(at), call[1], offset);
        if (error) {
            p.space.unmap(u64(at), bytes);
            return error == -ESPIPE ? -ENODEV : error;
        }
    }
    return at;
}

i64 check_range(LinuxProcess &p, Address a, u64 length, u64 &bytes) {
    if (a % GuestMemory::kPageBytes || length > GuestMemory::kSize) return -EINVAL;
    bytes = page_up(length);
    return p.space.may_map(a, bytes) ? 0 : -EINVAL;
}

i64 sys_munmap(LinuxProcess &p, const Call &call) {
    u64 bytes;
    if (call[1] == 0) return -EINVAL;
    if (p.unmap_device(call[0])) return 0;
    if (const i64 error = check_range(p, call[0], call[1], bytes)) return error;
    p.space.unmap(call[0], bytes);
    return 0;
}

i64 sys_mprotect(LinuxProcess &p, const Call &call) {
    constexpr u64 kGrowsDown = 0x01000000, kGrowsUp = 0x02000000;
    u64 bytes;
    if (const i64 error = check_range(p, call[0], call[1], bytes))
        return call[0] % GuestMemory::kPageBytes ? error : -ENOMEM;
    if (call[2] & ~u64{7} & ~(kGrowsDown | kGrowsUp)) return -EINVAL;
    if (!p.space.is_mapped(call[0], bytes)) return -ENOMEM;
    p.space.protect(call[0], bytes, to_flags(call[2]));
    return 0;
}

u8 flags_at(LinuxProcess &p, Address a) {
    return p.memory().flags()[a >> GuestMemory::kPageBits] & (kRead | kWrite | kExecute);
}

i64 sys_mremap(LinuxProcess &p, const Call &call) {
    constexpr u64 kMayMove = 1, kMoveFixed = 2;
    const Address from = call[0];
    const u64 flags = call[3];
    u64 old_bytes;
    if (const i64 error = check_range(p, from, call[1], old_bytes)) return error;
    if (call[2] == 0 || old_bytes == 0 || (flags & ~(kMayMove | kMoveFixed)) || flags == kMoveFixed)
        return -EINVAL;
    if (call[2] > GuestMemory::kSize) return -ENOMEM;
    const u64 new_bytes = page_up(call[2]);
    if (!p.space.is_mapped(from, old_bytes)) return -EFAULT;
    Address to;
    if (flags & kMoveFixed) {
        to = call[4];
        if (to % GuestMemory::kPageBytes || !p.space.may_map(to, new_bytes)) return -EINVAL;
        if (to < from + old_bytes && from < to + new_bytes) return -EINVAL;
    } else if (new_bytes <= old_bytes) {
        p.space.unmap(from + new_bytes, old_bytes - new_bytes);
        return i64(from);
    } else if (p.space.may_map(from, new_bytes) && p.space.is_free(from + old_bytes, new_bytes - old_bytes) &&
               from + new_bytes <= AddressSpace::kMappingTop) {
        p.space.map(from + old_bytes, new_bytes - old_bytes, flags_at(p, from + old_bytes - 1));
        return i64(from);
    } else {
        to = flags & kMayMove ? p.space.find_gap(new_bytes) : 0;
        if (!to) return -ENOMEM;
    }
    p.space.map(to, new_bytes, flags_at(p, from + old_bytes - 1));
    p.space.move(from, std::min(old_bytes, new_bytes), to);
    p.space.unmap(from, old_bytes);
    return i64(to);
}

i64 sys_madvise(LinuxProcess &p, const Call &call) {
    constexpr u64 kDontNeed = 4;
    u64 bytes;
    if (const i64 error = check_range(p, call[0], call[1], bytes)) return error;
    if (!p.space.is_mapped(call[0], bytes)) return -ENOMEM;
    if (call[2] != kDontNeed) return 0;
    for (Address at = call[0]; at < call[0] + bytes;) {   // zero again, runs of equal permissions at once
        const u8 flags = flags_at(p, at);
        Address end = at + GuestMemory::kPageBytes;
        while (end < call[0] + bytes && flags_at(p, end) == flags) end += GuestMemory::kPageBytes;
        p.memory().map(at, end - at, flags);
        at = end;
    }
    return 0;
}

i64 sys_msync(LinuxProcess &p, const Call &call) {
    u64 bytes;
    if (const i64 error = check_range(p, call[0], call[1], bytes)) return error;
    return p.space.is_mapped(call[0], bytes) ? 0 : -ENOMEM;
}

i64 sys_nothing_to_do(LinuxProcess &, const Call &) { return 0; }   // memory is never paged out

// The guest asks that other harts see new code; this hart's decoded forms follow every write already.
i64 sys_flush_icache(LinuxProcess &, const Call &) { return 0; }

constexpr SystemCall kCalls[] = {
    {214, "brk", sys_brk, "p"},
    {215, "munmap", sys_munmap, "pu"},
    {216, "mremap", sys_mremap, "puuxp"},
    {222, "mmap", sys_mmap, "puxxdx"},
    {226, "mprotect", sys_mprotect, "pux"},
    {227, "msync", sys_msync, "pux"},
    {228, "mlock", sys_nothing_to_do, "pu"},
    {229, "munlock", sys_nothing_to_do, "pu"},
    {233, "madvise", sys_madvise, "pud"},
    {259, "riscv_flush_icache", sys_flush_icache, "ppx"},
};

}  // namespace

std::span<const SystemCall> memory_calls() { return kCalls; }

}  // namespace sim
