// SPDX-License-Identifier: BSD-3-Clause
// Host files and standard streams behind guest descriptors.
#include "program/open_file.hh"
#include <algorithm>
#include <cstring>
#include <dirent.h>
#include <poll.h>
#include <unistd.h>
#include "sim/errors.hh"

namespace sim {

namespace {

i64 result_of(ssize_t n) { return n < 0 ? -errno : n; }

// Repeats a host call that a signal to the simulator cut short.
template <class Call>
i64 persist(Call &&call) {
    ssize_t n;
    do n = call();
    while (n < 0 && errno == EINTR);
    return result_of(n);
}

}  // namespace

HostFile::~HostFile() { close(descriptor_); }

i64 HostFile::read(u8 *to, u64 bytes) {
    return persist([&] { return ::read(descriptor_, to, bytes); });
}
i64 HostFile::write(const u8 *from, u64 bytes) {
    return persist([&] { return ::write(descriptor_, from, bytes); });
}
i64 HostFile::read_at(u8 *to, u64 bytes, u64 offset) {
    return persist([&] { return pread(descriptor_, to, bytes, off_t(offset)); });
}
i64 HostFile::write_at(const u8 *from, u64 bytes, u64 offset) {
    return persist([&] { return pwrite(descriptor_, from, bytes, off_t(offset)); });
}

i64 HostFile::seek(i64 offset, int whence) {
    if (flags & O_DIRECTORY) {
        if (whence != SEEK_SET || offset < 0) return -EINVAL;
        next_entry = u64(offset);
        return offset;
    }
    return result_of(lseek(descriptor_, offset, whence));
}

i64 HostFile::truncate(u64 bytes) {
    return persist([&] { return ftruncate(descriptor_, off_t(bytes)); });
}
i64 HostFile::status(struct stat &info) const { return result_of(fstat(descriptor_, &info)); }

const std::vector<HostFile::Entry> &HostFile::entries() {
    if (entries_read_) return entries_;
    entries_read_ = true;
    if (DIR *folder = opendir(path.c_str())) {
        while (const dirent *entry = readdir(folder))
            entries_.push_back({entry->d_name, entry->d_ino, entry->d_type});
        closedir(folder);
    }
    std::sort(entries_.begin(), entries_.end(),
              [](const Entry &a, const Entry &b) { return a.name < b.name; });
    return entries_;
}

StandardStream::StandardStream(int number, const std::string &file)
    : OpenFile(number == 0   ? "standard input"
               : number == 1 ? "standard output"
                             : "standard error",
               number == 0 ? O_RDONLY : O_WRONLY),
      number_(number),
      file_(file),
      descriptor_(number),
      is_owned_(!file.empty()) {
    if (file.empty()) return;
    descriptor_ = number == 0 ? open(file.c_str(), O_RDONLY | O_CLOEXEC)
                              : open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor_ < 0)
        throw ConfigError(
            "program's " + path + ": cannot open '" + file + "': " + std::strerror(errno) +
            (number == 0 ? "; name a file that can be read" : "; name a file that can be written"));
}

StandardStream::~StandardStream() {
    if (is_owned_) close(descriptor_);
}

i64 StandardStream::read(u8 *to, u64 bytes) {
    const i64 n = persist([&] { return ::read(descriptor_, to, bytes); });
    if (n != -EAGAIN) return n;
    pollfd waiting{descriptor_, POLLIN, 0};   // the simulator was given a non-blocking stream
    poll(&waiting, 1, -1);
    return read(to, bytes);
}

i64 StandardStream::write(const u8 *from, u64 bytes) {
    u64 done = 0;
    while (done < bytes) {
        const i64 n = persist([&] { return ::write(descriptor_, from + done, bytes - done); });
        if (n == -EPIPE) return -EPIPE;
        if (n == -EAGAIN) {
            pollfd waiting{descriptor_, POLLOUT, 0};
            poll(&waiting, 1, -1);
        } else if (n < 0) {
            throw ConfigError("program's " + path + (file_.empty() ? "" : " '" + file_ + "'") + ": cannot write " +
                              std::to_string(bytes - done) + " bytes: " + std::strerror(int(-n)) +
                              "; make room or send the output elsewhere");
        } else {
            done += u64(n);
        }
    }
    return i64(bytes);
}

bool StandardStream::is_regular_input() const {
    struct stat info;
    return number_ == 0 && fstat(descriptor_, &info) == 0 && S_ISREG(info.st_mode);
}

i64 StandardStream::read_at(u8 *to, u64 bytes, u64 offset) {
    return is_regular_input() ? persist([&] { return pread(descriptor_, to, bytes, off_t(offset)); })
                              : -ESPIPE;
}
i64 StandardStream::seek(i64 offset, int whence) {
    return is_regular_input() ? result_of(lseek(descriptor_, offset, whence)) : -ESPIPE;
}

i64 StandardStream::status(struct stat &info) const {
    if (is_regular_input()) return result_of(fstat(descriptor_, &info));
    info = {};
    info.st_mode = S_IFIFO | 0600;
    info.st_ino = ino_t(number_) + 1;
    info.st_nlink = 1;
    return 0;
}

i64 MadeUpDevice::read(u8 *to, u64 bytes) {
    if (kind_ == Kind::Null) return 0;
    if (kind_ == Kind::Random) random_.fill(to, bytes);
    else std::memset(to, 0, bytes);
    return i64(bytes);
}
i64 MadeUpDevice::write(const u8 *, u64 bytes) { return kind_ == Kind::Full ? -ENOSPC : i64(bytes); }

i64 MadeUpDevice::status(struct stat &info) const {
    info = {};
    info.st_mode = S_IFCHR | 0666;
    info.st_rdev = 0x103;
    info.st_ino = 100 + u64(kind_);
    info.st_nlink = 1;
    return 0;
}

}  // namespace sim
