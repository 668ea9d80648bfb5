// SPDX-License-Identifier: BSD-3-Clause
// System calls about names: stat, access, links, folders, removing and renaming.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "program/system_calls.hh"

namespace sim {

namespace {

constexpr int kSymlinkNoFollow = 0x100, kRemoveFolder = 0x200, kEmptyPath = 0x1000;

struct GuestStatus {   // struct stat of asm-generic
    u64 device, inode;
    u32 mode, links, user, group;
    u64 special_device, padding;
    i64 bytes;
    i32 block_bytes, padding2;
    i64 blocks;
    GuestTime accessed, modified, changed;
    u32 unused[2];
};
static_assert(sizeof(GuestStatus) == 128);

struct GuestStatxTime {
    i64 seconds;
    u32 nanoseconds;
    i32 reserved;
};
struct GuestStatx {
    u32 mask, block_bytes;
    u64 attributes;
    u32 links, user, group;
    u16 mode, spare;
    u64 inode, bytes, blocks, attribute_mask;
    GuestStatxTime accessed, born, changed, modified;
    u32 special_major, special_minor, device_major, device_minor;
    u64 spare2[14];
};
static_assert(sizeof(GuestStatx) == 256);

// Who owns a file and how the host stores it are made up, so that they do not change from host to host.
GuestStatus to_guest(const struct stat &s) {
    GuestStatus g{};
    g.device = 1;
    g.inode = s.st_ino;
    g.mode = s.st_mode;
    g.links = u32(s.st_nlink);
    g.user = g.group = u32(LinuxProcess::kUserId);
    g.special_device = s.st_rdev;
    g.bytes = s.st_size;
    g.block_bytes = 4096;
    g.blocks = (s.st_size + 511) / 512;
    g.accessed = g.modified = {s.st_mtim.tv_sec, s.st_mtim.tv_nsec};
    g.changed = {s.st_mtim.tv_sec, s.st_mtim.tv_nsec};
    return g;
}

// The path argument `index`, relative to the folder argument before it.
FileView::Place find(LinuxProcess &p, const Call &call, size_t index, FileView::LastLink last) {
    std::string path;
    if (!p.memory().read_string(call[index], path)) return {"", -EFAULT};
    i64 error = 0;
    const std::string folder = p.files.folder_of(call.as_int(index - 1), error);
    if (error && !path.starts_with('/')) return {"", error};
    return p.files.view.find(path, folder, last);
}

// What a *stat call with (folder, path, ..., flags) means.
i64 find_status(LinuxProcess &p, const Call &call, int flags, struct stat &info) {
    std::string path;
    if (call[1] == 0 ? !(flags & kEmptyPath) : !p.memory().read_string(call[1], path)) return -EFAULT;
    if (path.empty() && (flags & kEmptyPath)) {
        if (const OpenFile *file = p.files.file(call.as_int(0))) return file->status(info);
        i64 error = 0;
        const std::string folder = p.files.folder_of(call.as_int(0), error);
        return error ? error : ::stat(folder.c_str(), &info) == 0 ? 0 : -errno;
    }
    for (const char *device : {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"})
        if (path == device) return MadeUpDevice(MadeUpDevice::Kind::Null, path, 0, p.random).status(info);
    const bool keep = flags & kSymlinkNoFollow;
    const auto place = find(p, call, 1, keep ? FileView::LastLink::Keep : FileView::LastLink::Follow);
    if (place.error) return place.error;
    return ::lstat(place.path.c_str(), &info) == 0 ? 0 : -errno;
}

i64 sys_newfstatat(LinuxProcess &p, const Call &call) {
    struct stat info;
    const i64 result = find_status(p, call, call.as_int(3), info);
    return result ? result : put(p, call[2], to_guest(info));
}

i64 sys_fstat(LinuxProcess &p, const Call &call) {
    const OpenFile *file = p.files.file(call.as_int(0));
    struct stat info;
    if (!file) return -EBADF;
    const i64 result = file->status(info);
    return result ? result : put(p, call[1], to_guest(info));
}

i64 sys_statx(LinuxProcess &p, const Call &call) {
    struct stat info;
    if (const i64 result = find_status(p, call, call.as_int(2), info)) return result;
    const GuestStatus g = to_guest(info);
    const GuestStatxTime when{g.modified.seconds, u32(g.modified.fraction), 0};
    GuestStatx x{};
    x.mask = 0x7ff;   // STATX_BASIC_STATS
    x.block_bytes = u32(g.block_bytes);
    x.links = g.links;
    x.user = x.group = g.user;
    x.mode = u16(g.mode);
    x.inode = g.inode;
    x.bytes = u64(g.bytes);
    x.blocks = u64(g.blocks);
    x.accessed = x.changed = x.modified = when;
    x.special_major = major(info.st_rdev);
    x.special_minor = minor(info.st_rdev);
    x.device_minor = 1;
    return put(p, call[4], x);
}

i64 access(LinuxProcess &p, const Call &call, int flags) {
    const int mode = call.as_int(2);
    if (mode & ~7) return -EINVAL;
    struct stat info;
    if (const i64 result = find_status(p, call, flags, info)) return result;
    if (S_ISCHR(info.st_mode)) return mode & X_OK ? -EACCES : 0;
    const auto place = find(p, call, 1, FileView::LastLink::Follow);
    if ((mode & W_OK) && !place.writable) return -EROFS;
    return (mode & X_OK) && !(info.st_mode & 0111) ? -EACCES : 0;
}
i64 sys_faccessat(LinuxProcess &p, const Call &call) { return access(p, call, 0); }
i64 sys_faccessat2(LinuxProcess &p, const Call &call) { return access(p, call, call.as_int(3)); }

i64 sys_readlinkat(LinuxProcess &p, const Call &call) {
    std::string path;
    if (!p.memory().read_string(call[1], path)) return -EFAULT;
    if (call.as_signed(3) <= 0) return -EINVAL;
    std::string text = p.files.view.program_alias();
    if (path != "/proc/self/exe") {
        const auto place = find(p, call, 1, FileView::LastLink::Keep);
        if (place.error) return place.error;
        text.resize(4096);
        const ssize_t n = readlink(place.path.c_str(), text.data(), text.size());
        if (n < 0) return -errno;
        text.resize(size_t(n));
    }
    const u64 n = std::min<u64>(text.size(), call[3]);
    return p.memory().write(call[2], text.data(), n) ? i64(n) : -EFAULT;
}

i64 sys_getcwd(LinuxProcess &p, const Call &call) {
    const std::string &directory = p.files.view.directory();
    if (call[1] < directory.size() + 1) return -ERANGE;
    return p.memory().write(call[0], directory.c_str(), directory.size() + 1) ? i64(directory.size() + 1)
                                                                              : -EFAULT;
}

i64 enter_folder(LinuxProcess &p, const FileView::Place &place) {
    struct stat info;
    if (place.error) return place.error;
    if (::stat(place.path.c_str(), &info) != 0) return -errno;
    if (!S_ISDIR(info.st_mode)) return -ENOTDIR;
    p.files.view.change_directory(place.path);
    return 0;
}
i64 sys_chdir(LinuxProcess &p, const Call &call) {
    std::string path;
    if (!p.memory().read_string(call[0], path)) return -EFAULT;
    return enter_folder(p, p.files.view.find(path, p.files.view.directory()));
}
i64 sys_fchdir(LinuxProcess &p, const Call &call) {
    i64 error = 0;
    const std::string folder = p.files.folder_of(call.as_int(0), error);
    return error ? error : enter_folder(p, {folder, 0, true, false});
}

i64 sys_unlinkat(LinuxProcess &p, const Call &call) {
    const auto place = find(p, call, 1, FileView::LastLink::Keep);
    if (place.error) return place.error;
    if (!place.exists) return -ENOENT;
    if (!place.writable) return -EROFS;
    return ::unlinkat(AT_FDCWD, place.path.c_str(), call.as_int(2) & kRemoveFolder ? AT_REMOVEDIR : 0) == 0
               ? 0
               : -errno;
}

i64 sys_mkdirat(LinuxProcess &p, const Call &call) {
    const auto place = find(p, call, 1, FileView::LastLink::Keep);
    if (place.error) return place.error;
    if (place.exists) return -EEXIST;
    if (!place.writable) return -EROFS;
    return ::mkdir(place.path.c_str(), call.as_u32(2) & 0777) == 0 ? 0 : -errno;
}

i64 sys_renameat2(LinuxProcess &p, const Call &call) {
    constexpr u32 kNoReplace = 1;
    const u32 flags = call.number == 276 ? call.as_u32(4) : 0;
    if (flags & ~kNoReplace) return -EINVAL;
    const auto from = find(p, call, 1, FileView::LastLink::Keep),
               to = find(p, call, 3, FileView::LastLink::Keep);
    if (from.error || to.error) return from.error ? from.error : to.error;
    if (!from.exists) return -ENOENT;
    if (!from.writable || !to.writable) return -EROFS;
    if (to.exists && (flags & kNoReplace)) return -EEXIST;
    return ::rename(from.path.c_str(), to.path.c_str()) == 0 ? 0 : -errno;
}

i64 sys_getdents64(LinuxProcess &p, const Call &call) {
    OpenFile *file = p.files.file(call.as_int(0));
    if (!file) return -EBADF;
    auto *folder = dynamic_cast<HostFile *>(file);
    if (!folder || !(folder->flags & O_DIRECTORY)) return -ENOTDIR;
    constexpr u64 kHeaderBytes = 19;   // inode 8, next offset 8, record length 2, type 1; then the name
    u64 done = 0;
    for (auto &entries = folder->entries(); folder->next_entry < entries.size(); ++folder->next_entry) {
        const HostFile::Entry &entry = entries[folder->next_entry];
        const u64 bytes = (kHeaderBytes + entry.name.size() + 1 + 7) & ~u64{7};
        if (done + bytes > call[2]) return done ? i64(done) : -EINVAL;
        std::vector<u8> record(bytes);
        const u64 offset = folder->next_entry + 1;
        const u16 length = u16(bytes);
        std::memcpy(&record[0], &entry.inode, 8);
        std::memcpy(&record[8], &offset, 8);
        std::memcpy(&record[16], &length, 2);
        record[18] = entry.type;
        std::memcpy(&record[kHeaderBytes], entry.name.data(), entry.name.size());
        if (!p.memory().write(call[1] + done, record.data(), bytes)) return -EFAULT;
        done += bytes;
    }
    return i64(done);
}

// Permissions and times of host files are not the guest's to change; programs that copy them go on
// regardless.
i64 sys_change_attributes(LinuxProcess &p, const Call &call) {
    return p.files.file(call.as_int(0)) ? 0 : -EBADF;
}
i64 sys_change_attributes_at(LinuxProcess &p, const Call &call) {
    if (call[1] == 0) return p.files.file(call.as_int(0)) ? 0 : -EBADF;   // utimensat of a descriptor
    const auto place = find(p, call, 1, FileView::LastLink::Follow);
    if (place.error) return place.error;
    return !place.exists ? -ENOENT : place.writable ? 0 : -EROFS;
}
i64 sys_umask(LinuxProcess &, const Call &) { return 022; }

constexpr SystemCall kCalls[] = {
    {17, "getcwd", sys_getcwd, "pu"},
    {34, "mkdirat", sys_mkdirat, "fso"},
    {35, "unlinkat", sys_unlinkat, "fsx"},
    {38, "renameat", sys_renameat2, "fsfs"},
    {48, "faccessat", sys_faccessat, "fsd"},
    {49, "chdir", sys_chdir, "s"},
    {50, "fchdir", sys_fchdir, "f"},
    {52, "fchmod", sys_change_attributes, "fo"},
    {53, "fchmodat", sys_change_attributes_at, "fso"},
    {54, "fchownat", sys_change_attributes_at, "fsddx"},
    {55, "fchown", sys_change_attributes, "fdd"},
    {61, "getdents64", sys_getdents64, "fpu"},
    {78, "readlinkat", sys_readlinkat, "fspu"},
    {79, "newfstatat", sys_newfstatat, "fspx"},
    {80, "fstat", sys_fstat, "fp"},
    {88, "utimensat", sys_change_attributes_at, "fspx"},
    {166, "umask", sys_umask, "o"},
    {276, "renameat2", sys_renameat2, "fsfsx"},
    {291, "statx", sys_statx, "fsxxp"},
    {439, "faccessat2", sys_faccessat2, "fsdx"},
};

}  // namespace

std::span<const SystemCall> folder_calls() { return kCalls; }

}  // namespace sim
