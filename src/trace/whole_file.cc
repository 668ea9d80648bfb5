// SPDX-License-Identifier: BSD-3-Clause
#include "trace/whole_file.hh"
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include "sim/errors.hh"

namespace sim {

namespace fs = std::filesystem;

static bool is_device(const std::string &file) {
    std::error_code error;
    return fs::exists(file, error) && !fs::is_regular_file(file, error);
}

WholeFile::WholeFile(const std::string &what, const std::string &file)
    : what_(what + " " + file), file_(file), is_device_(is_device(file)), temporary_(is_device_ ? file : file + ".partial") {
    errno = 0;
    out.open(temporary_, std::ios::binary | std::ios::trunc);
    if (!out) throw ConfigError(what_ + ": cannot be written (" + std::strerror(errno) + "); name a file in a folder that exists");
}

WholeFile::~WholeFile() {
    out.close();
    if (!is_over_ && !is_device_) std::remove(temporary_.c_str());
}

void WholeFile::check() {
    if (!out && !is_over_) give_up();
}

void WholeFile::give_up() {
    const std::string why = std::strerror(errno);
    is_over_ = true;
    out.close();
    if (!is_device_) std::remove(temporary_.c_str());
    throw ConfigError(what_ + ": cannot be written (" + why + "); make room or name another file");
}

void WholeFile::finish() {
    is_over_ = true;
    out.close();
    if (!out || (!is_device_ && std::rename(temporary_.c_str(), file_.c_str()) != 0)) give_up();
}

}  // namespace sim
