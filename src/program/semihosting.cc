// SPDX-License-Identifier: BSD-3-Clause
// Semihosting operations as Arm specified them and RISC-V took them over; argument blocks hold 64-bit words.
#include <algorithm>
#include <unistd.h>
#include "program/address_space.hh"
#include "program/bare_metal.hh"
#include "program/messages.hh"

namespace sim {

namespace {

enum Operation : u64 {
    kOpen = 0x01,
    kClose = 0x02,
    kWriteCharacter = 0x03,
    kWriteText = 0x04,
    kWriteFile = 0x05,
    kReadFile = 0x06,
    kReadCharacter = 0x07,
    kIsError = 0x08,
    kIsTerminal = 0x09,
    kSeek = 0x0a,
    kLength = 0x0c,
    kRemove = 0x0e,
    kClock = 0x10,
    kTime = 0x11,
    kErrno = 0x13,
    kCommandLine = 0x15,
    kHeapInfo = 0x16,
    kExit = 0x18,
    kExitExtended = 0x20,
    kElapsed = 0x30,
    kTickFrequency = 0x31,
};
constexpr u64 kFailed = ~u64{0};
constexpr u64 kNsPerSecond = 1'000'000'000;

}  // namespace

u64 BareMetal::argument(Address block, unsigned index) {
    u64 word = 0;
    memory_.read(block + 8 * index, &word, 8);   // unmapped: 0, which no operation can use
    return word;
}

u64 BareMetal::semihost_open(Address block) {
    static constexpr int kModes[] = {O_RDONLY,
                                     O_RDWR,
                                     O_WRONLY | O_CREAT | O_TRUNC,
                                     O_RDWR | O_CREAT | O_TRUNC,
                                     O_WRONLY | O_CREAT | O_APPEND,
                                     O_RDWR | O_CREAT | O_APPEND};
    std::string path;
    const u64 mode = argument(block, 1) / 2;   // each twice: text and binary are the same
    if (!memory_.read_string(argument(block, 0), path) || mode >= std::size(kModes)) return refuse(-EINVAL);
    const bool is_console = path == ":tt";
    const i64 fd = is_console ? files_.duplicate(mode < 2   ? 0
                                                 : mode < 4 ? 1
                                                            : 2,
                                                 3, false)
                              : files_.open(path, files_.view.directory(), kModes[mode], 0666);
    return fd < 0 ? refuse(fd) : u64(fd);
}

// Returns how many bytes were NOT transferred.
u64 BareMetal::semihost_transfer(Address block, bool is_read) {
    OpenFile *file = files_.file(int(argument(block, 0)));
    const Address at = argument(block, 1);
    const u64 bytes = argument(block, 2);
    if (!file || bytes == 0 || !(is_read ? file->allows_read() : file->allows_write())) return bytes;
    if (!memory_.allows(at, bytes, is_read ? kWrite : kRead)) return bytes;
    if (!is_read) {
        const i64 n = file->write(memory_.base() + at, bytes);
        if (n == -EPIPE) exit(128 + 13);
        return n < 0 ? bytes : bytes - u64(n);
    }
    const i64 n = file->read(memory_.write_in_place(at, bytes), bytes);
    if (n > 0) memory_.wrote(at, u64(n));
    return n < 0 ? bytes : bytes - u64(n);
}

u64 BareMetal::semihost_file(u64 operation, Address block) {
    const int fd = int(argument(block, 0));
    OpenFile *file = files_.file(fd);
    if (!file) return refuse(-EBADF);
    struct stat info;
    switch (operation) {
        case kClose: return files_.close(fd) ? kFailed : 0;
        case kIsTerminal: return 0;
        case kSeek: {
            const i64 at = file->seek(i64(argument(block, 1)), SEEK_SET);
            return at < 0 ? refuse(at) : 0;
        }
        default: {   // kLength
            const i64 error = file->status(info);
            return error ? refuse(error) : u64(info.st_size);
        }
    }
}

u64 BareMetal::semihost_system(const Hart &hart, u64 operation, Address block) {
    if (operation == kCommandLine) {
        std::string line = options_.name.empty() ? program_.file : options_.name;
        for (const std::string &argument : options_.arguments) line += " " + argument;
        if (line.size() + 1 > argument(block, 1)) return kFailed;
        const u64 length = line.size();
        if (!memory_.write(argument(block, 0), line.c_str(), length + 1)) return kFailed;
        return memory_.write(block + 8, &length, 8) ? 0 : kFailed;
    }
    if (operation == kHeapInfo) {
        const Segment &last = program_.segments.back();
        const Address heap = page_up(last.address + last.bytes), top = kRam + kRamBytes;
        const u64 areas[] = {heap, top, top, heap};   // heap base and limit, stack base and limit
        memory_.write(argument(block, 0), areas, sizeof areas);
        return 0;
    }
    if (operation == kElapsed) {
        const u64 ns = time_.ns(hart);
        return memory_.write(block, &ns, 8) ? 0 : kFailed;
    }
    // picolibc reports a status other than 0 as a run-time error whose subcode is the status.
    constexpr u64 kApplicationExit = 0x20026, kRunTimeError = 0x20023;
    const u64 reason = argument(block, 0), status = argument(block, 1);   // kExit, kExitExtended
    exit(reason == kApplicationExit || (reason == kRunTimeError && (status & 0xff)) ? status : 1);
    return 0;
}

u64 BareMetal::semihost(const Hart &hart, u64 operation, Address block) {
    u8 character = 0;
    std::string text;
    switch (operation) {
        case kOpen: return semihost_open(block);
        case kWriteCharacter:
            if (memory_.read(block, &character, 1)) write_out(1, &character, 1);
            return 0;
        case kWriteText:
            if (memory_.read_string(block, text, 1_MiB))
                write_out(1, reinterpret_cast<const u8 *>(text.data()), text.size());
            return 0;
        case kWriteFile: return semihost_transfer(block, false);
        case kReadFile: return semihost_transfer(block, true);
        case kReadCharacter: return files_.file(0)->read(&character, 1) == 1 ? character : kFailed;
        case kIsError: return i64(argument(block, 0)) < 0;
        case kClose:
        case kIsTerminal:
        case kSeek:
        case kLength: return semihost_file(operation, block);
        case kRemove: {
            if (!memory_.read_string(argument(block, 0), text)) return refuse(-EFAULT);
            const auto place = files_.view.find(text, files_.view.directory(), FileView::LastLink::Keep);
            if (place.error || !place.writable) return refuse(place.error ? place.error : -EROFS);
            return unlink(place.path.c_str()) == 0 ? 0 : refuse(-errno);
        }
        case kClock: return time_.ns(hart) / (kNsPerSecond / 100);
        case kTime: return VirtualTime::kEpochSeconds + time_.ns(hart) / kNsPerSecond;
        case kErrno: return u64(errno_);
        case kTickFrequency: return kNsPerSecond;
        case kCommandLine:
        case kHeapInfo:
        case kElapsed:
        case kExit:
        case kExitExtended: return semihost_system(hart, operation, block);
        default: return refuse(-ENOSYS);
    }
}

}  // namespace sim
