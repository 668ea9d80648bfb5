// SPDX-License-Identifier: BSD-3-Clause
// Files as a guest sees them: what is granted, what is not, pipes, folders, and pointers that lead nowhere.
#include <fcntl.h>
#include <gtest/gtest.h>
#include "process_rig.hh"
#include "sim/errors.hh"

namespace sim {
namespace {

constexpr u64 kGetcwd = 17, kDup = 23, kMkdirat = 34, kUnlinkat = 35, kRenameat = 276, kChdir = 49,
              kOpenat = 56, kClose = 57, kPipe = 59, kGetdents = 61, kRead = 63, kWrite = 64, kWritev = 66,
              kPpoll = 73, kReadlinkat = 78, kStatat = 79;
constexpr int kHere = -100;

struct FileRig : TemporaryFolder, ProcessRig {
    explicit FileRig(bool may_write, const std::string &input = "")
        : ProcessRig(options(*this, may_write, input), small_program(write("prog.elf", "x"))) {}
    static ProgramOptions options(const TemporaryFolder &folder, bool may_write, const std::string &input) {
        std::filesystem::create_directory(folder.path("work"));
        ProgramOptions options;
        options.directory = folder.path("work");
        options.output = folder.path("stdout");
        if (!input.empty()) options.input = folder.write("stdin", input);
        if (may_write) options.writable = folder.path("work");
        return options;
    }
    i64 open(const std::string &path, int flags) {
        return call(kOpenat, kHere, put(kData + 8192, path), flags, 0644);
    }
};

TEST(Files, WhatIsWrittenIsReadBackAndCloses) {
    FileRig rig(true);
    const i64 fd = rig.open("a.txt", O_RDWR | O_CREAT);
    EXPECT_EQ(fd, 3);
    EXPECT_EQ(rig.call(kWrite, fd, rig.put(rig.kData, "hello"), 5), 5);
    EXPECT_EQ(read_text(rig.path("work/a.txt")), "hello");
    EXPECT_EQ(rig.call(67, fd, rig.kData + 100, 3, 2), 3);
    EXPECT_EQ(rig.text(rig.kData + 100, 3), "llo");
    EXPECT_EQ(rig.call(kClose, fd), 0);
    EXPECT_EQ(rig.call(kClose, fd), -EBADF);
    EXPECT_EQ(rig.call(kRead, 1, rig.kData, 1), -EBADF) << "standard output cannot be read";
}

TEST(Files, OnlyGrantedPlacesAreVisible) {
    FileRig rig(true);
    rig.write("secret.txt", "x");
    std::filesystem::create_symlink(rig.path("secret.txt"), rig.path("work/link"));
    std::filesystem::create_symlink(rig.path("new.txt"), rig.path("work/dangling"));
    EXPECT_EQ(rig.open("../secret.txt", O_RDONLY), -ENOENT);
    EXPECT_EQ(rig.open("link", O_RDONLY), -ENOENT);
    EXPECT_EQ(rig.open("dangling", O_WRONLY | O_CREAT), -ENOENT);
    EXPECT_EQ(rig.open("../new.txt", O_WRONLY | O_CREAT), -EACCES);
    EXPECT_EQ(rig.open("/etc/passwd", O_RDONLY), -ENOENT);
    EXPECT_EQ(rig.open("./../work/../secret.txt", O_RDONLY), -ENOENT);
    EXPECT_EQ(rig.call(kUnlinkat, kHere, rig.put(rig.kData, "../secret.txt"), 0), -ENOENT);
    rig.open("mine", O_WRONLY | O_CREAT);
    EXPECT_EQ(rig.call(kRenameat, kHere, rig.put(rig.kData, "mine"), kHere,
                       rig.put(rig.kData + 100, "../stolen"), 0),
              -EACCES);
    EXPECT_EQ(rig.call(kChdir, rig.put(rig.kData, "..")), -ENOENT);
    EXPECT_FALSE(std::filesystem::exists(rig.path("new.txt")) || std::filesystem::exists(rig.path("stolen")));
    EXPECT_GE(rig.open("../prog.elf", O_RDONLY), 0) << "its own file is the program's to read";
}

TEST(Files, WithoutAWritableFolderNothingChanges) {
    FileRig rig(false);
    rig.write("work/a.txt", "old");
    EXPECT_GE(rig.open("a.txt", O_RDONLY), 0);
    EXPECT_EQ(rig.open("a.txt", O_WRONLY), -EROFS);
    EXPECT_EQ(rig.open("a.txt", O_RDONLY | O_TRUNC), -EROFS);
    EXPECT_EQ(rig.open("b.txt", O_RDONLY | O_CREAT), -EROFS);
    EXPECT_EQ(rig.call(kMkdirat, kHere, rig.put(rig.kData, "d"), 0755), -EROFS);
    EXPECT_EQ(rig.call(kUnlinkat, kHere, rig.put(rig.kData, "a.txt"), 0), -EROFS);
    EXPECT_EQ(read_text(rig.path("work/a.txt")), "old");
}

TEST(Files, PointersThatLeadNowhereGiveEfault) {
    FileRig rig(true, "some input");
    EXPECT_EQ(rig.call(kWrite, 1, 8, 5), -EFAULT);
    EXPECT_EQ(rig.call(kRead, 0, 0x10000, 5), -EFAULT) << "code cannot be written";
    EXPECT_EQ(rig.call(kOpenat, kHere, 8, 0, 0), -EFAULT);
    EXPECT_EQ(rig.call(kStatat, kHere, rig.put(rig.kData, "."), 8, 0), -EFAULT);
    EXPECT_EQ(rig.call(kGetcwd, 8, 4096), -EFAULT);
    EXPECT_EQ(rig.call(kPipe, ~u64{0} - 3, 0), -EFAULT);
    EXPECT_EQ(rig.call(kRead, 0, rig.kData + 16384 - 4, 100), 4) << "up to the end of what is mapped";
    EXPECT_EQ(rig.text(rig.kData + 16384 - 4, 4), "some");
    EXPECT_EQ(rig.call(kRead, 0, rig.kData, 100), 6);
}

TEST(Files, StandardStreamsLookLikePipesWhereverTheyLead) {
    FileRig rig(false);
    EXPECT_EQ(rig.call(80, 1, rig.kData), 0);
    EXPECT_EQ(rig.load(rig.kData + 16, 4) & S_IFMT, unsigned(S_IFIFO));
    EXPECT_EQ(rig.call(29, 1, 0x5401, rig.kData), -ENOTTY);
    EXPECT_EQ(rig.call(62, 1, 0, SEEK_CUR), -ESPIPE);
}

TEST(Files, FoldersListInAlphabeticalOrder) {
    FileRig rig(true);
    for (const char *name : {"zebra", "apple", "mango"}) rig.write(std::string("work/") + name, "");
    const i64 fd = rig.open(".", O_RDONLY | O_DIRECTORY);
    std::vector<std::string> names;
    while (true) {
        const i64 n = rig.call(kGetdents, fd, rig.kData, 64);
        ASSERT_GE(n, 0);
        if (n == 0) break;
        for (i64 at = 0; at < n; at += i64(rig.load(rig.kData + u64(at) + 16, 2)))
            names.push_back(rig.text(rig.kData + u64(at) + 19, 20).c_str());
    }
    EXPECT_EQ(names, (std::vector<std::string>{".", "..", "apple", "mango", "zebra"}));
    EXPECT_EQ(rig.call(kGetdents, 0, rig.kData, 64), -ENOTDIR);
}

TEST(Files, APipeKeepsOrderAndEndsWithItsLastWriter) {
    FileRig rig(false);
    EXPECT_EQ(rig.call(kPipe, rig.kData, 0), 0);
    const u64 reader = rig.load(rig.kData, 4), writer = rig.load(rig.kData + 4, 4);
    const i64 second = rig.call(kDup, writer);
    EXPECT_EQ(rig.call(kWrite, writer, rig.put(rig.kData + 64, "ab"), 2), 2);
    EXPECT_EQ(rig.call(kWrite, second, rig.put(rig.kData + 64, "cd"), 2), 2);
    EXPECT_EQ(rig.call(kRead, reader, rig.kData + 128, 3), 3);
    EXPECT_EQ(rig.text(rig.kData + 128, 3), "abc");
    rig.call(kClose, writer);
    rig.call(kClose, second);
    EXPECT_EQ(rig.call(kRead, reader, rig.kData + 128, 3), 1);
    EXPECT_EQ(rig.call(kRead, reader, rig.kData + 128, 3), 0);
}

TEST(Files, ReadingAnEmptyPipeWithNobodyToFillItIsADeadlock) {
    FileRig rig(false);
    rig.call(kPipe, rig.kData, 0);
    EXPECT_THROW(rig.call(kRead, rig.load(rig.kData, 4), rig.kData + 64, 1), GuestError);
}

TEST(Files, WritingToAPipeWithoutReaderEndsTheProgramAsSigpipe) {
    FileRig rig(false);
    rig.call(kPipe, rig.kData, 0);
    const u64 writer = rig.load(rig.kData + 4, 4);
    rig.call(kClose, rig.load(rig.kData, 4));
    EXPECT_EQ(rig.call(kWrite, writer, rig.kData, 1), -EPIPE);
    EXPECT_TRUE(rig.process.exited());
    EXPECT_EQ(rig.process.exit_status(), 141);
}

TEST(Files, PollWaitsInVirtualTime) {
    FileRig rig(false);
    rig.call(kPipe, rig.kData, 0);
    rig.put_value(rig.kData + 64, std::array<u32, 2>{u32(rig.load(rig.kData, 4)), 1});   // POLLIN
    rig.put_value(rig.kData + 80, std::array<u64, 2>{2, 0});
    EXPECT_EQ(rig.hart.pc, 0x10000u);
    rig.call(kPpoll, rig.kData + 64, 1, rig.kData + 80, 0, 8);
    EXPECT_EQ(rig.hart.pc, 0x10000u) << "to be executed again";
    EXPECT_EQ(rig.process.now_ns(rig.hart), 2'000'000'000u);
    EXPECT_EQ(rig.call(kPpoll, rig.kData + 64, 1, rig.kData + 80, 0, 8), 0);
    EXPECT_EQ(rig.process.now_ns(rig.hart), 2'000'000'000u);
}

TEST(Files, DescriptorsRunOutAtTheirLimit) {
    FileRig rig(false);
    i64 last = 0, fd;
    while ((fd = rig.call(kDup, 1)) >= 0) last = fd;
    EXPECT_EQ(fd, -EMFILE);
    EXPECT_EQ(last, FileTable::kMaxDescriptors - 1);
}

TEST(Files, TheExecutableLinkNamesAFileThatOpens) {
    FileRig rig(false);
    const i64 n = rig.call(kReadlinkat, kHere, rig.put(rig.kData, "/proc/self/exe"), rig.kData + 256, 100);
    ASSERT_GT(n, 0);
    const std::string link = rig.text(rig.kData + 256, u64(n));
    EXPECT_EQ(link, "/program/prog.elf");
    EXPECT_GE(rig.open(link, O_RDONLY), 0);
}

TEST(Files, AFullDiskBehindStandardOutputIsTheScriptsError) {
    ProgramOptions options;
    options.output = "/dev/full";
    ProcessRig rig(options);
    EXPECT_THROW(rig.call(kWrite, 1, rig.kData, 10), ConfigError);
}

}  // namespace
}  // namespace sim
