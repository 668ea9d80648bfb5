// SPDX-License-Identifier: BSD-3-Clause
// A guest's file descriptors, and what opening a path gives it.
#pragma once
#include "program/device_file.hh"
#include "program/file_view.hh"
#include "program/open_file.hh"

namespace sim {

class FileTable {
  public:
    static constexpr int kMaxDescriptors = 1024;

    FileTable(const Program &program, const ProgramOptions &options, SeededBytes &random);

    OpenFile *file(int fd) const { return is_open(fd) ? slots_[size_t(fd)].file.get() : nullptr; }
    bool is_open(int fd) const { return fd >= 0 && size_t(fd) < slots_.size() && slots_[size_t(fd)].file; }
    i64 add(std::shared_ptr<OpenFile> file, bool close_on_exec, int lowest = 0);   // descriptor or -EMFILE
    i64 duplicate(int fd, int lowest, bool close_on_exec);
    i64 duplicate_onto(int fd, int target, bool close_on_exec);
    i64 close(int fd);
    bool close_on_exec(int fd) const { return slots_[size_t(fd)].close_on_exec; }
    void set_close_on_exec(int fd, bool on) { slots_[size_t(fd)].close_on_exec = on; }

    i64 open(const std::string &path, const std::string &folder, int flags,
             unsigned mode);   // descriptor or -errno
    // Host path of the folder that a *at call starts from; empty, with error set, where `fd` is none.
    std::string folder_of(int fd, i64 &error) const;

    void set_devices(DeviceMap &devices) { devices_ = &devices; }   // /dev/accel0 and on

    FileView view;

  private:
    struct Slot {
        std::shared_ptr<OpenFile> file;   // null: free
        bool close_on_exec = false;
    };
    i64 open_special(const std::string &path, int flags, bool &is_special);

    std::vector<Slot> slots_;
    SeededBytes &random_;
    DeviceMap *devices_ = nullptr;
};

}  // namespace sim
