// SPDX-License-Identifier: BSD-3-Clause
// Opens host files without ever following a link that was not checked.
#include "program/file_table.hh"
#include <algorithm>

namespace sim {

namespace {

constexpr int kAtCurrentFolder = -100;

}  // namespace

FileTable::FileTable(const Program &program, const ProgramOptions &options, SeededBytes &random)
    : view(program, options), random_(random) {
    add(std::make_shared<StandardStream>(0, options.input), false);
    add(std::make_shared<StandardStream>(1, options.output), false);
    add(std::make_shared<StandardStream>(2, options.error), false);
}

i64 FileTable::add(std::shared_ptr<OpenFile> file, bool close_on_exec, int lowest) {
    int fd = lowest;
    while (is_open(fd)) ++fd;
    if (fd < 0 || fd >= kMaxDescriptors) return -EMFILE;
    if (size_t(fd) >= slots_.size()) slots_.resize(size_t(fd) + 1);
    slots_[size_t(fd)] = {std::move(file), close_on_exec};
    return fd;
}

i64 FileTable::duplicate(int fd, int lowest, bool close_on_exec) {
    if (!is_open(fd)) return -EBADF;
    if (lowest < 0 || lowest >= kMaxDescriptors) return -EINVAL;
    return add(slots_[size_t(fd)].file, close_on_exec, lowest);
}

i64 FileTable::duplicate_onto(int fd, int target, bool close_on_exec) {
    if (!is_open(fd) || target < 0 || target >= kMaxDescriptors) return -EBADF;
    if (size_t(target) >= slots_.size()) slots_.resize(size_t(target) + 1);
    slots_[size_t(target)] = {slots_[size_t(fd)].file, close_on_exec};
    return target;
}

i64 FileTable::close(int fd) {
    if (!is_open(fd)) return -EBADF;
    slots_[size_t(fd)] = {};
    return 0;
}

std::string FileTable::folder_of(int fd, i64 &error) const {
    error = 0;
    if (fd == kAtCurrentFolder) return view.directory();
    const OpenFile *open_file = file(fd);
    if (!open_file) error = -EBADF;
    else if (!(open_file->flags & O_DIRECTORY)) error = -ENOTDIR;
    return error ? std::string() : open_file->path;
}

i64 FileTable::open_special(const std::string &path, int flags, bool &is_special) {
    using Kind = MadeUpDevice::Kind;
    static constexpr std::pair<std::string_view, Kind> kDevices[] = {{"/dev/null", Kind::Null},
                                                                     {"/dev/zero", Kind::Zero},
                                                                     {"/dev/full", Kind::Full},
                                                                     {"/dev/random", Kind::Random},
                                                                     {"/dev/urandom", Kind::Random}};
    is_special = true;
    for (const auto &[name, kind] : kDevices)
        if (path == name)
            return add(std::make_shared<MadeUpDevice>(kind, path, flags & (O_ACCMODE | O_NONBLOCK | O_APPEND),
                                                      random_),
                       flags & O_CLOEXEC);
    for (u32 n = 0; devices_ && n < devices_->count(); ++n)
        if (path == "/dev/accel" + std::to_string(n))
            return add(std::make_shared<DeviceFile>(*devices_, n, path, flags & (O_ACCMODE | O_NONBLOCK)),
                       flags & O_CLOEXEC);
    if (path == "/dev/stdin" || path == "/proc/self/fd/0") return duplicate(0, 0, flags & O_CLOEXEC);
    if (path == "/dev/stdout" || path == "/proc/self/fd/1") return duplicate(1, 0, flags & O_CLOEXEC);
    if (path == "/dev/stderr" || path == "/proc/self/fd/2") return duplicate(2, 0, flags & O_CLOEXEC);
    is_special = false;
    return 0;
}

i64 FileTable::open(const std::string &path, const std::string &folder, int flags, unsigned mode) {
    bool is_special;
    const i64 special = open_special(path, flags, is_special);
    if (is_special) return special;
    const bool keeps_link = (flags & O_NOFOLLOW) || ((flags & O_CREAT) && (flags & O_EXCL));
    const FileView::Place place =
        view.find(path, folder, keeps_link ? FileView::LastLink::Keep : FileView::LastLink::Follow);
    if (place.error) return place.error;
    const bool changes =
        (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) || ((flags & O_CREAT) && !place.exists);
    struct stat info;
    if (!place.exists && !(flags & O_CREAT)) return -ENOENT;
    if (place.exists && (flags & O_CREAT) && (flags & O_EXCL)) return -EEXIST;
    if (place.exists && lstat(place.path.c_str(), &info) == 0) {
        if (S_ISDIR(info.st_mode) && (changes || (flags & O_CREAT))) return -EISDIR;
        if (!S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode) && !S_ISLNK(info.st_mode)) return -ENXIO;
    }
    if (changes && !place.writable) return -EROFS;
    constexpr int kPassed = O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_APPEND | O_DIRECTORY;
    const int host =
        ::open(place.path.c_str(), (flags & kPassed) | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, mode & 0777);
    if (host < 0) return -errno;
    const bool is_folder = fstat(host, &info) == 0 && S_ISDIR(info.st_mode);
    const int kept = (flags & (O_ACCMODE | O_APPEND | O_NONBLOCK)) | (is_folder ? O_DIRECTORY : 0);
    return add(std::make_shared<HostFile>(host, place.path, kept), flags & O_CLOEXEC);
}

}  // namespace sim
