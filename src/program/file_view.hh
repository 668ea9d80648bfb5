// SPDX-License-Identifier: BSD-3-Clause
// Which of the host's files a guest may see and change. Guest paths are host paths; what is not granted
// looks absent.
#pragma once
#include <string>
#include <vector>
#include "program/options.hh"

namespace sim {

class FileView {
  public:
    // Throws ConfigError where a granted file or folder does not exist.
    FileView(const Program &program, const ProgramOptions &options);

    struct Place {
        std::string path;   // on the host: absolute, no symbolic link in it except perhaps the last name
        i64 error = 0;   // -errno where the path leads nowhere the guest may know of; then path is empty
        bool exists = false;   // the last name does
        bool writable = false;   // may be created, changed or removed
    };
    enum class LastLink : u8 { Follow, Keep };
    // `path` as the guest gave it, relative to `folder` (host path of a folder) unless absolute.
    Place find(const std::string &path, const std::string &folder, LastLink last = LastLink::Follow) const;

    const std::string &program_path() const { return program_; }   // host path, canonical
    const std::string &program_alias() const { return alias_; }   // what /proc/self/exe points to
    const std::string &directory() const { return directory_; }
    void change_directory(const std::string &host_path) { directory_ = host_path; }

  private:
    bool may_read(const std::string &host_path) const;
    bool may_write(const std::string &host_path) const;

    std::string program_, alias_, directory_;
    std::vector<std::string> readable_;
    std::string writable_;   // empty: nowhere
};

}  // namespace sim
