// SPDX-License-Identifier: BSD-3-Clause
// LinuxProcess: the initial stack, memory, time, signals and threads, one system call at a time.
#include <elf.h>
#include <gtest/gtest.h>
#include <map>
#include "process_rig.hh"
#include "sim/errors.hh"

namespace sim {
namespace {

constexpr u64 kNanosleep = 101, kFutex = 98, kClone = 220, kExit = 93, kExitGroup = 94, kTgkill = 131,
              kSigaction = 134, kSigprocmask = 135, kSigreturn = 139, kMmap = 222, kMunmap = 215,
              kMprotect = 226, kMremap = 216, kBrk = 214, kYield = 124, kGettime = 113, kGetrandom = 278;
constexpr u64 kThreadFlags = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000;

TEST(LinuxProcess, TheStackHoldsArgumentsEnvironmentAndAuxiliaryVector) {
    ProcessRig rig(options_with([](ProgramOptions &o) {
        o.arguments = {"one", "two words"};
        o.name = "prog";
        o.environment = {"A=1"};
    }));
    const Address sp = rig.hart.reg[kSp];
    std::string text;
    const auto string_at = [&](Address a) {
        EXPECT_TRUE(rig.process.memory().read_string(rig.load(a), text));
        return text;
    };
    EXPECT_EQ(sp % 16, 0u);
    EXPECT_EQ(rig.load(sp), 3u);
    EXPECT_EQ(string_at(sp + 8), "prog");
    EXPECT_EQ(string_at(sp + 24), "two words");
    EXPECT_EQ(rig.load(sp + 32), 0u);
    EXPECT_EQ(string_at(sp + 40), "A=1");
    EXPECT_EQ(rig.load(sp + 48), 0u);
    std::map<u64, u64> auxiliary;
    for (Address a = sp + 56; rig.load(a); a += 16) auxiliary[rig.load(a)] = rig.load(a + 8);
    EXPECT_EQ(auxiliary[AT_PAGESZ], 4096u);
    EXPECT_EQ(auxiliary[AT_ENTRY], 0x10000u);
    EXPECT_EQ(auxiliary[AT_SECURE], 0u);
    EXPECT_TRUE(rig.process.memory().allows(auxiliary[AT_RANDOM], 16, kRead));
    EXPECT_EQ(rig.hart.pc, 0x10000u);
}

TEST(LinuxProcess, TheLengthOfAPathMovesNoStackFrame) {
    const auto named = [](const char *name) {
        return options_with([&](ProgramOptions &o) { o.name = name; });
    };
    ProcessRig a(named("p")), b(named("/a/much/longer/path/to/the/very/same/program"));
    EXPECT_EQ(a.hart.reg[kSp], b.hart.reg[kSp]);
}

TEST(LinuxProcess, SeedsDecideRandomBytes) {
    const auto seeded = [](u64 seed) { return options_with([&](ProgramOptions &o) { o.seed = seed; }); };
    ProcessRig a(seeded(1)), b(seeded(1)), c(seeded(2));
    for (ProcessRig *rig : {&a, &b, &c}) EXPECT_EQ(rig->call(kGetrandom, rig->kData, 16, 0), 16);
    EXPECT_EQ(a.text(a.kData, 16), b.text(b.kData, 16));
    EXPECT_NE(a.text(a.kData, 16), c.text(c.kData, 16));
    EXPECT_EQ(a.call(kGetrandom, 8, 16, 0), -EFAULT);
}

TEST(LinuxProcess, TheBreakGrowsZeroedAndStopsAtTheWindow) {
    ProcessRig rig;
    const Address start = Address(rig.call(kBrk, 0));
    EXPECT_EQ(rig.call(kBrk, start + 10000), i64(start + 10000));
    EXPECT_TRUE(rig.process.memory().allows(start, 10000, kRead | kWrite));
    EXPECT_EQ(rig.call(kBrk, GuestMemory::kSize), i64(start + 10000)) << "refused: the old break";
    EXPECT_EQ(rig.call(kBrk, start), i64(start));
    EXPECT_FALSE(rig.process.memory().allows(start, 1, kMapped));
}

TEST(LinuxProcess, MappingsGoBelowEachOtherAndGapsAreUsedAgain) {
    ProcessRig rig;
    constexpr u64 kPrivate = 0x22, kFixed = 0x32, kNoReplace = 0x100022, kReadWrite = 3;
    const Address a = Address(rig.call(kMmap, 0, 8192, kReadWrite, kPrivate, -1, 0));
    const Address b = Address(rig.call(kMmap, 0, 4096, kReadWrite, kPrivate, -1, 0));
    EXPECT_EQ(b + 4096, a);
    EXPECT_EQ(rig.call(kMunmap, a, 8192), 0);
    EXPECT_EQ(rig.call(kMmap, 0, 4096, kReadWrite, kPrivate, -1, 0), i64(a + 4096));
    EXPECT_EQ(rig.call(kMmap, b, 4096, kReadWrite, kNoReplace, -1, 0), -EEXIST);
    EXPECT_EQ(rig.call(kMmap, b, 4096, kReadWrite, kFixed, -1, 0), i64(b));
    EXPECT_EQ(rig.call(kMmap, 0x1000, 4096, kReadWrite, kFixed, -1, 0), -ENOMEM) << "too low";
    EXPECT_EQ(rig.call(kMmap, 0, GuestMemory::kSize - 4096, kReadWrite, kPrivate, -1, 0), -ENOMEM);
    EXPECT_EQ(rig.call(kMmap, 0, 0, kReadWrite, kPrivate, -1, 0), -EINVAL);
    EXPECT_EQ(rig.call(kMmap, 0, 4096, kReadWrite, 2, 99, 0), -EBADF);
    EXPECT_EQ(rig.call(kMunmap, AddressSpace::kSigreturnCode, 4096), -EINVAL) << "the sigreturn code stays";
    EXPECT_EQ(rig.call(kMprotect, 0x5000'0000, 4096, 1), -ENOMEM);
}

TEST(LinuxProcess, GrowingAMappingKeepsItsContents) {
    ProcessRig rig;
    const Address a = Address(rig.call(kMmap, 0, 8192, 3, 0x22, -1, 0));
    const Address b = Address(rig.call(kMmap, 0, 4096, 3, 0x22, -1, 0));
    rig.process.memory().store(a + 8184, 8, 99);
    rig.process.memory().store(b, 8, 55);
    EXPECT_EQ(rig.call(kMremap, b, 4096, 65536, 0), -ENOMEM) << "no room in place";
    const Address moved = Address(rig.call(kMremap, b, 4096, 65536, 1));
    EXPECT_EQ(rig.load(moved), 55u);
    EXPECT_EQ(rig.load(moved + 4096), 0u);
    EXPECT_FALSE(rig.process.memory().allows(b, 1, kMapped));
    EXPECT_EQ(rig.call(kMremap, a, 8192, 4096, 0), i64(a));
    EXPECT_EQ(rig.call(kMremap, 0x5000'0000, 4096, 8192, 1), -EFAULT);
}

TEST(LinuxProcess, TimeComesFromCyclesAndSleepsSkipIt) {
    ProcessRig rig(options_with([](ProgramOptions &o) { o.clock_ghz = 2.0; }));
    rig.hart.cycle = 3'000'000'000;
    EXPECT_EQ(rig.call(kGettime, 1, rig.kData), 0);
    EXPECT_EQ(rig.load(rig.kData), 1u);
    EXPECT_EQ(rig.load(rig.kData + 8), 500'000'000u);
    EXPECT_EQ(rig.call(kGettime, 0, rig.kData), 0);
    EXPECT_EQ(rig.load(rig.kData), VirtualTime::kEpochSeconds + 1);
    rig.put_value(rig.kData, std::array<u64, 2>{7, 250});
    EXPECT_EQ(rig.call(kNanosleep, rig.kData, 0), 0);
    EXPECT_EQ(rig.process.now_ns(rig.hart), 8'500'000'250u);
    EXPECT_EQ(rig.call(kGettime, 2, rig.kData), 0);
    EXPECT_EQ(rig.load(rig.kData), 1u) << "processor time does not pass while it sleeps";
    rig.put_value(rig.kData, std::array<i64, 2>{0, -1});
    EXPECT_EQ(rig.call(kNanosleep, rig.kData, 0), -EINVAL);
    EXPECT_EQ(rig.call(kNanosleep, 8, 0), -EFAULT);
}

struct Action {
    u64 handler, flags, mask;
};

TEST(LinuxProcess, AHandlerGetsTheKernelsFrameAndMayChangeIt) {
    ProcessRig rig;
    rig.put_value(rig.kData, Action{0x10020, 4, 0});
    EXPECT_EQ(rig.call(kSigaction, 11, rig.kData, 0, 8), 0);
    for (unsigned r = 5; r < 32; ++r) rig.hart.reg[r] = 1000 + r;
    for (unsigned r = 32; r < 64; ++r) rig.hart.reg[r] = 2000 + r;
    rig.hart.frm = 2, rig.hart.fflags = 0x11, rig.hart.reservation = 1, rig.hart.pc = 0x10008;
    const Hart before = rig.hart;
    rig.process.fault(rig.hart, Fault::LoadFault, 0x1234);

    const Address frame = rig.hart.reg[kSp], context = rig.hart.reg[kA2];
    EXPECT_EQ(rig.hart.pc, 0x10020u);
    EXPECT_EQ(rig.hart.reg[kA0], 11u);
    EXPECT_EQ(rig.hart.reg[kA1], frame);
    EXPECT_EQ(context, frame + 128);
    EXPECT_EQ(rig.hart.reg[kRa], AddressSpace::kSigreturnCode);
    EXPECT_EQ(rig.load(AddressSpace::kSigreturnCode), 0x0000007308b00893u);
    EXPECT_EQ(frame % 16, 0u);
    EXPECT_EQ(rig.hart.reservation, 0u);
    EXPECT_EQ(rig.load(frame, 4), 11u);   // si_signo
    EXPECT_EQ(rig.load(frame + 8, 4), 1u);   // si_code: SEGV_MAPERR
    EXPECT_EQ(rig.load(frame + 16), 0x1234u);   // si_addr
    EXPECT_EQ(rig.load(context + 176), 0x10008u);   // pc
    EXPECT_EQ(rig.load(context + 176 + 8 * 10), 1010u);   // a0
    EXPECT_EQ(rig.load(context + 176 + 256 + 8 * 9), 2000u + 32 + 9);   // f9
    EXPECT_EQ(rig.load(context + 176 + 256 + 256, 4), 2u << 5 | 0x11);   // fcsr

    rig.process.memory().store(context + 176, 8, 0x1000c);
    rig.process.memory().store(context + 176 + 8 * 18, 8, 77);
    rig.hart.frm = 0;
    rig.set_up(kSigreturn);
    rig.process.ecall(rig.hart);
    Hart expected = before;
    expected.pc = 0x1000c, expected.reg[18] = 77, expected.reservation = 0;
    EXPECT_EQ(rig.hart.reg, expected.reg);
    EXPECT_EQ(rig.hart.pc, expected.pc);
    EXPECT_EQ(rig.hart.frm, 2);
    EXPECT_EQ(rig.hart.fflags, 0x11);
}

TEST(LinuxProcess, AFaultWithoutAnAnswerNamesPlaceInstructionAndAddress) {
    ProcessRig rig;
    rig.hart.pc = 0x10004;
    try {
        rig.process.fault(rig.hart, Fault::StoreFault, 0x10010);
        FAIL();
    } catch (const GuestError &error) {
        EXPECT_STREQ(
            error.what(),
            "test.elf: store to 0x10010, which may not be written (SIGSEGV) at pc 0x10004 (main+0x4), "
            "instruction 0x73737373");
    }
    EXPECT_THROW(rig.process.ebreak(rig.hart), GuestError);
    rig.put_value(rig.kData, Action{1, 0, 0});   // ignoring a fault does not help
    EXPECT_EQ(rig.call(kSigaction, 4, rig.kData, 0, 8), 0);
    EXPECT_THROW(rig.process.fault(rig.hart, Fault::IllegalInstruction, rig.hart.pc), GuestError);
}

TEST(LinuxProcess, ABlockedSignalWaitsUntilItIsUnblocked) {
    ProcessRig rig;
    rig.put_value(rig.kData, Action{0x10020, 0, 0});
    rig.call(kSigaction, 10, rig.kData, 0, 8);
    rig.put_value(rig.kData, u64{1} << 9);
    EXPECT_EQ(rig.call(kSigprocmask, 0, rig.kData, 0, 8), 0);
    EXPECT_EQ(rig.call(kTgkill, 1000, 1000, 10), 0);
    EXPECT_EQ(rig.hart.pc, 0x10000u);
    const Address sp = rig.hart.reg[kSp];
    rig.call(kSigprocmask, 1, rig.kData, 0, 8);
    EXPECT_EQ(rig.hart.pc, 0x10020u);
    EXPECT_LT(rig.hart.reg[kSp], sp);
    rig.set_up(kSigreturn);
    rig.process.ecall(rig.hart);
    EXPECT_EQ(rig.hart.pc, 0x10004u) << "behind the call that unblocked it";
    EXPECT_EQ(rig.hart.reg[kA0], 0u);
    EXPECT_THROW(rig.call(kTgkill, 1000, 1000, 15), GuestError) << "SIGTERM without a handler";
    EXPECT_EQ(rig.call(kTgkill, 1000, 4242, 10), -ESRCH);
}

TEST(LinuxProcess, ThreadsTakeTurnsByQuantumOnlyWhenThereIsAnother) {
    ProcessRig rig(options_with([](ProgramOptions &o) { o.quantum = 500; }));
    EXPECT_EQ(rig.process.next_interrupt(), ~u64{0});
    rig.hart.committed = 100;
    rig.hart.reservation = 1;
    EXPECT_EQ(rig.call(kClone, kThreadFlags | 0x80000, 0x21000, 0, 0x777, 0), 1001);
    EXPECT_EQ(rig.hart.reservation, 0u);
    EXPECT_EQ(rig.process.next_interrupt(), 600u);
    rig.hart.pc = 0x10010, rig.hart.reg[20] = 5, rig.hart.committed = 600;
    rig.process.interrupt(rig.hart);
    EXPECT_EQ(rig.hart.pc, 0x10004u) << "the new thread, behind its clone";
    EXPECT_EQ(rig.hart.reg[kA0], 0u);
    EXPECT_EQ(rig.hart.reg[kSp], 0x21000u);
    EXPECT_EQ(rig.hart.reg[4], 0x777u);
    EXPECT_EQ(rig.hart.committed, 600u);
    EXPECT_EQ(rig.process.next_interrupt(), 1100u);
    rig.set_up(kExit, 0);
    rig.process.ecall(rig.hart);
    EXPECT_EQ(rig.hart.pc, 0x10010u) << "the first thread again";
    EXPECT_EQ(rig.hart.reg[20], 5u);
    EXPECT_EQ(rig.process.next_interrupt(), ~u64{0});
    EXPECT_FALSE(rig.process.exited());
    rig.call(kExit, 3);
    EXPECT_TRUE(rig.process.exited()) << "the last thread takes the process along";
    EXPECT_EQ(rig.process.exit_status(), 3);
}

TEST(LinuxProcess, AFutexWaiterSleepsUntilItsWordIsWoken) {
    ProcessRig rig;
    rig.put_value(rig.kData, u32{7});
    EXPECT_EQ(rig.call(kFutex, rig.kData, 0, 8, 0), -EAGAIN) << "the word has another value";
    EXPECT_EQ(rig.call(kFutex, rig.kData + 1, 0, 7, 0), -EINVAL);
    EXPECT_EQ(rig.call(kFutex, 8, 0, 7, 0), -EFAULT);
    EXPECT_EQ(rig.call(kFutex, rig.kData, 1, 1), 0) << "nobody waits";
    rig.call(kClone, kThreadFlags, 0x21000, 0, 0, 0);
    rig.call(kFutex, rig.kData, 0, 7, 0);
    EXPECT_EQ(rig.hart.reg[kSp], 0x21000u) << "the other thread runs now";
    EXPECT_EQ(rig.process.next_interrupt(), ~u64{0});
    rig.hart.pc = 0x10030;
    EXPECT_EQ(rig.call(kFutex, rig.kData, 1, 5), 1);
    rig.call(kYield);
    EXPECT_NE(rig.hart.reg[kSp], 0x21000u);
    EXPECT_EQ(rig.hart.reg[kA0], 0u);
    EXPECT_EQ(rig.hart.pc, 0x10004u);
}

TEST(LinuxProcess, AFutexTimeoutMovesTimeWhenEverybodyWaits) {
    ProcessRig rig;
    rig.put_value(rig.kData, u32{7});
    rig.put_value(rig.kData + 16, std::array<u64, 2>{0, 5000});
    EXPECT_EQ(rig.call(kFutex, rig.kData, 0, 7, rig.kData + 16), -ETIMEDOUT);
    EXPECT_EQ(rig.process.now_ns(rig.hart), 5000u);
    EXPECT_THROW(rig.call(kFutex, rig.kData, 0, 7, 0), GuestError) << "nothing can ever wake it";
}

TEST(LinuxProcess, AnUnknownCallIsNamedOnceAndAnsweredEnosys) {
    ProcessRig rig;
    testing::internal::CaptureStderr();
    EXPECT_EQ(rig.call(105), -ENOSYS);
    EXPECT_EQ(rig.call(105), -ENOSYS);
    EXPECT_EQ(rig.call(~u64{0}), -ENOSYS);
    EXPECT_EQ(testing::internal::GetCapturedStderr(),
              "test.elf: system call init_module (105) is not implemented; the program gets ENOSYS\n"
              "test.elf: system call call_18446744073709551615 (18446744073709551615) is not "
              "implemented; the program "
              "gets ENOSYS\n");
}

TEST(LinuxProcess, ExitGroupEndsWithTheLowByteOfItsStatus) {
    ProcessRig rig;
    rig.call(kExitGroup, 256 + 77);
    EXPECT_TRUE(rig.process.exited());
    EXPECT_EQ(rig.process.exit_status(), 77);
}

TEST(LinuxProcess, SenselessOptionsAreRefused) {
    const auto refused = [](auto change) {
        try {
            ProcessRig rig(options_with(change));
        } catch (const ConfigError &error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_NE(refused([](ProgramOptions &o) { o.quantum = 0; }).find("at least 1 instruction"),
              std::string::npos);
    EXPECT_NE(refused([](ProgramOptions &o) { o.clock_ghz = 0; }).find("must be positive"),
              std::string::npos);
    EXPECT_NE(refused([](ProgramOptions &o) { o.input = "/nonexistent"; }).find("cannot open"),
              std::string::npos);
    EXPECT_NE(refused([](ProgramOptions &o) { o.writable = "/nonexistent"; }).find("'writable'"),
              std::string::npos);
    EXPECT_NE(refused([](ProgramOptions &o) { o.directory = "/dev/null"; }).find("is not a folder"),
              std::string::npos);
    EXPECT_NE(refused([](ProgramOptions &o) { o.arguments = {std::string(3 << 20, 'x')}; }).find("2 MiB"),
              std::string::npos);
}

}  // namespace
}  // namespace sim
