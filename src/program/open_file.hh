// SPDX-License-Identifier: BSD-3-Clause
// What a guest's file descriptor stands for: a host file or folder, a standard stream, a pipe's end, or a
// made-up device.
#pragma once
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <vector>
#include "program/seeded_bytes.hh"

namespace sim {

class OpenFile {
  public:
    static constexpr i64 kMustWait = -100'000;   // instead of -errno: repeat when a pipe has changed

    OpenFile(std::string path, int flags) : path(std::move(path)), flags(flags) {}
    virtual ~OpenFile() = default;
    OpenFile(const OpenFile &) = delete;
    OpenFile &operator=(const OpenFile &) = delete;

    // Bytes moved, or -errno.
    virtual i64 read(u8 *to, u64 bytes) = 0;
    virtual i64 write(const u8 *from, u64 bytes) = 0;
    virtual i64 read_at(u8 *, u64, u64) { return -ESPIPE; }
    virtual i64 write_at(const u8 *, u64, u64) { return -ESPIPE; }
    virtual i64 seek(i64, int) { return -ESPIPE; }
    virtual i64 truncate(u64) { return -EINVAL; }
    virtual i64 status(struct stat &info) const = 0;
    virtual bool can_read() const { return true; }
    virtual bool can_write() const { return true; }
    virtual bool is_hung_up() const { return false; }
    virtual int host_descriptor() const { return -1; }
    virtual i32 device_number() const { return -1; }   // of a DeviceFile, for mmap

    bool allows_read() const { return (flags & O_ACCMODE) != O_WRONLY; }
    bool allows_write() const { return (flags & O_ACCMODE) != O_RDONLY; }

    const std::string path;   // host path of a file or folder, else a name such as "pipe"
    int flags;   // O_ACCMODE, O_APPEND, O_NONBLOCK, O_DIRECTORY
};

// A regular file or folder of the host.
class HostFile final : public OpenFile {
  public:
    HostFile(int descriptor, std::string path, int flags)
        : OpenFile(std::move(path), flags), descriptor_(descriptor) {}
    ~HostFile() override;
    i64 read(u8 *to, u64 bytes) override;
    i64 write(const u8 *from, u64 bytes) override;
    i64 read_at(u8 *to, u64 bytes, u64 offset) override;
    i64 write_at(const u8 *from, u64 bytes, u64 offset) override;
    i64 seek(i64 offset, int whence) override;
    i64 truncate(u64 bytes) override;
    i64 status(struct stat &info) const override;
    int host_descriptor() const override { return descriptor_; }

    struct Entry {
        std::string name;
        u64 inode;
        u8 type;   // DT_REG and so on
    };
    // Of a folder: all entries in alphabetical order (the host's order would differ from machine to machine).
    const std::vector<Entry> &entries();
    u64 next_entry = 0;   // for getdents64; seek() sets it

  private:
    int descriptor_;
    bool entries_read_ = false;
    std::vector<Entry> entries_;
};

// Standard input, output or error. A guest sees neither terminals nor where its output goes, so that its
// instruction count does not depend on them: output is always a pipe to it, input a pipe unless it is a
// regular file.
class StandardStream final : public OpenFile {
  public:
    // `file` names a host file; empty: the simulator's own descriptor `number` (0-2). Throws ConfigError.
    StandardStream(int number, const std::string &file);
    ~StandardStream() override;
    i64 read(u8 *to, u64 bytes) override;
    // Throws ConfigError where the host's disk is full or failing.
    i64 write(const u8 *from, u64 bytes) override;
    i64 read_at(u8 *to, u64 bytes, u64 offset) override;
    i64 seek(i64 offset, int whence) override;
    i64 status(struct stat &info) const override;

  private:
    bool is_regular_input() const;
    int number_;
    std::string file_;   // "" where the stream is the simulator's own
    int descriptor_;
    bool is_owned_;
};

// /dev/null, /dev/zero, /dev/full, /dev/random and /dev/urandom.
class MadeUpDevice final : public OpenFile {
  public:
    enum class Kind : u8 { Null, Zero, Full, Random };
    MadeUpDevice(Kind kind, std::string path, int flags, SeededBytes &random)
        : OpenFile(std::move(path), flags), kind_(kind), random_(random) {}
    i64 read(u8 *to, u64 bytes) override;
    i64 write(const u8 *from, u64 bytes) override;
    i64 seek(i64, int) override { return 0; }
    i64 status(struct stat &info) const override;

  private:
    Kind kind_;
    SeededBytes &random_;
};

struct PipeEnds {
    std::shared_ptr<OpenFile> reader, writer;
};
PipeEnds make_pipe(int flags);   // holds 64 KiB

}  // namespace sim
