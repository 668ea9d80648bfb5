// SPDX-License-Identifier: BSD-3-Clause
// Resolves every symbolic link and `..` on the host first, then compares the result with what was granted.
#include "program/file_view.hh"
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <sys/stat.h>
#include "sim/errors.hh"

namespace sim {

namespace {

// Host path without links or dots; empty, with errno set, where it does not exist.
std::string canonical(const std::string &path) {
    char real[PATH_MAX];
    return realpath(path.c_str(), real) ? real : std::string();
}

std::string granted(const std::string &path, const char *option) {
    std::string real = canonical(path);
    if (real.empty())
        throw ConfigError(std::string("program option '") + option + "': cannot use '" + path +
                          "': " + std::strerror(errno) + "; name a file or folder that exists");
    return real;
}

std::string granted_folder(const std::string &path, const char *option) {
    std::string real = granted(path, option);
    struct stat info;
    if (stat(real.c_str(), &info) != 0 || !S_ISDIR(info.st_mode))
        throw ConfigError(std::string("program option '") + option + "': '" + path +
                          "' is not a folder; name a folder that exists");
    return real;
}

bool is_below(const std::string &path, const std::string &root) {
    if (root.empty()) return false;
    if (root == "/") return true;
    return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

}  // namespace

FileView::FileView(const Program &program, const ProgramOptions &options)
    : program_(canonical(program.file)) {
    // A program built in memory (by a test) has no file and so no folder of its own.
    const size_t slash = program_.rfind('/');
    const std::string own_folder =
        slash == std::string::npos ? "/nonexistent" : program_.substr(0, slash ? slash : 1);
    alias_ = "/program/" + program_.substr(slash + 1);
    directory_ = options.directory.empty() ? own_folder : granted_folder(options.directory, "directory");
    readable_.push_back(directory_);
    for (const std::string &path : options.readable) readable_.push_back(granted(path, "readable"));
    if (!options.writable.empty()) writable_ = granted_folder(options.writable, "writable");
}

bool FileView::may_write(const std::string &host_path) const { return is_below(host_path, writable_); }

bool FileView::may_read(const std::string &host_path) const {
    if (host_path == program_ || may_write(host_path)) return true;
    for (const std::string &root : readable_)
        if (is_below(host_path, root)) return true;
    return false;
}

FileView::Place FileView::find(const std::string &path, const std::string &folder, LastLink last) const {
    if (path.empty()) return {"", -ENOENT};
    if (path.size() >= PATH_MAX) return {"", -ENAMETOOLONG};
    if (path == alias_ || path == "/proc/self/exe") return find(program_, folder, last);
    std::string full = path[0] == '/' ? path : folder + "/" + path;
    const bool wants_folder = full.back() == '/';
    while (full.size() > 1 && full.back() == '/') full.pop_back();
    const size_t slash = full.rfind('/');
    const std::string name = full.substr(slash + 1);
    const bool is_plain_name = !name.empty() && name != "." && name != "..";

    Place place;
    if (last == LastLink::Follow || !is_plain_name || wants_folder) {
        place.path = canonical(full);
        place.exists = !place.path.empty();
        if (!place.exists && errno != ENOENT) return {"", -errno};
    }
    struct stat info;
    if (!place.exists && is_plain_name) {   // the folder decides what may be made there
        const std::string parent = canonical(full.substr(0, slash ? slash : 1));
        if (parent.empty()) return {"", may_read(folder) ? -errno : -ENOENT};
        place.path = (parent == "/" ? "" : parent) + "/" + name;
        place.exists = lstat(place.path.c_str(), &info) == 0;
        // A link that leads nowhere could be used to create a file outside.
        if (place.exists && S_ISLNK(info.st_mode) && last == LastLink::Follow) return {"", -ENOENT};
    }
    if (place.path.empty()) return {"", -ENOENT};
    place.writable = may_write(place.path) && place.path != writable_;
    if (!may_read(place.path)) return {"", place.exists ? -ENOENT : -EACCES};
    if (wants_folder && place.exists && stat(place.path.c_str(), &info) == 0 && !S_ISDIR(info.st_mode))
        return {"", -ENOTDIR};
    return place;
}

}  // namespace sim
