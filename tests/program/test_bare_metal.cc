// SPDX-License-Identifier: BSD-3-Clause
// BareMetal: semihosting, HTIF, traps and the test device, without a core.
#include <gtest/gtest.h>
#include "elf_file.hh"
#include "program/bare_metal.hh"
#include "sim/errors.hh"

namespace sim {
namespace {

constexpr Address kCode = 0x80000000, kData = 0x80001000;

Program bare_program(std::vector<Symbol> symbols = {}) {
    Program program;
    program.file = "board.elf";
    program.entry = kCode;
    const u32 words[] = {0x01f01013, 0x00100073, 0x40705013};   // the semihosting sequence
    const u8 *bytes = reinterpret_cast<const u8 *>(words);
    program.segments.push_back({kCode, 4096, {bytes, bytes + sizeof words}, kRead | kExecute, kCode});
    program.segments.push_back({kData, 4096, {}, kRead | kWrite, kData});
    program.symbols = std::move(symbols);
    return program;
}

struct BoardRig {
    explicit BoardRig(std::vector<Symbol> symbols = {}, ProgramOptions options = {})
        : program(bare_program(std::move(symbols))), board(program, with_output(options), hart) {}
    ProgramOptions with_output(ProgramOptions options) {
        options.output = folder.path("out");
        return options;
    }
    u64 semihost(u64 operation, Address block) {
        hart.pc = kCode + 4;
        hart.reg[10] = operation, hart.reg[11] = block;
        board.ebreak(hart);
        EXPECT_EQ(hart.pc, kCode + 8);
        return hart.reg[10];
    }
    template <class... Words>
    Address block(Words... words) {
        const u64 values[] = {u64(words)...};
        board.memory().write(kData, values, sizeof values);
        return kData;
    }
    Address text(const std::string &s) {
        board.memory().write(kData + 512, s.c_str(), s.size() + 1);
        return kData + 512;
    }
    std::string output() { return read_text(folder.path("out")); }

    TemporaryFolder folder;
    Program program;
    Hart hart;
    BareMetal board;
};

TEST(BareMetal, SemihostingWritesAndExits) {
    BoardRig rig;
    rig.semihost(4, rig.text("text "));
    rig.semihost(3, rig.text("c"));
    const u64 fd = rig.semihost(1, rig.block(rig.text(":tt"), 4, 3));
    EXPECT_EQ(rig.semihost(5, rig.block(fd, rig.text("123456"), 6)), 0u);
    EXPECT_EQ(rig.output(), "text c123456");
    EXPECT_EQ(rig.semihost(9, rig.block(fd)), 0u) << "no terminal";
    EXPECT_EQ(rig.semihost(5, rig.block(99, rig.text("1"), 1)), 1u) << "nothing was written";
    EXPECT_EQ(rig.semihost(0x77, 0), ~u64{0});
    rig.semihost(0x18, rig.block(0x20026, 9));
    EXPECT_TRUE(rig.board.exited());
    EXPECT_EQ(rig.board.exit_status(), 9);
}

TEST(BareMetal, SemihostingTellsCommandLineTimeAndHeap) {
    ProgramOptions options;
    options.arguments = {"-v", "file"};
    options.name = "prog";
    BoardRig rig({}, options);
    rig.hart.cycle = 4'000'000'000;
    EXPECT_EQ(rig.semihost(0x15, rig.block(kData + 1024, 100)), 0u);
    std::string line;
    rig.board.memory().read_string(kData + 1024, line);
    EXPECT_EQ(line, "prog -v file");
    EXPECT_EQ(rig.semihost(0x15, rig.block(kData + 1024, 5)), ~u64{0}) << "too small a buffer";
    EXPECT_EQ(rig.semihost(0x10, 0), 200u) << "hundredths of a second";
    EXPECT_EQ(rig.semihost(0x11, 0), VirtualTime::kEpochSeconds + 2);
    EXPECT_EQ(rig.semihost(0x16, rig.block(kData + 1024)), 0u);
    EXPECT_EQ(rig.board.memory().load(kData + 1024, 8), 0x80002000u);
}

TEST(BareMetal, AnEbreakWithoutItsMarkersIsABreakpoint) {
    BoardRig rig;
    rig.board.memory().store(kCode + 8, 4, 0x13);
    rig.hart.pc = kCode + 4;
    EXPECT_THROW(rig.board.ebreak(rig.hart), GuestError);
}

TEST(BareMetal, StoresToTohostPrintAndExitAndItsPageKeepsOtherData) {
    BoardRig rig({{kData + 64, 8, "tohost", false}});
    EXPECT_TRUE(rig.board.memory().is_device(kData));
    EXPECT_FALSE(rig.board.memory().allows(kData, 8, kRead));
    rig.board.device_store(kData + 128, 4, 0xffff0000aaaabbbb);
    EXPECT_EQ(rig.board.device_load(kData + 128, 8), 0xaaaabbbbu);
    rig.board.device_store(kData + 64, 8, 0x0101000000000000 | 'h');
    EXPECT_EQ(rig.output(), "h");
    EXPECT_EQ(rig.board.device_load(kData + 64, 8), 0u) << "taken";
    EXPECT_FALSE(rig.board.exited());
    rig.board.device_store(kData + 64, 8, 6 << 1 | 1);
    EXPECT_TRUE(rig.board.exited());
    EXPECT_EQ(rig.board.exit_status(), 6);
}

TEST(BareMetal, FaultsEnterTheTrapHandlerOrNameThePlace) {
    BoardRig rig;
    rig.hart.pc = kCode;
    EXPECT_THROW(rig.board.fault(rig.hart, Fault::LoadFault, 0x1234), GuestError);
    EXPECT_THROW(rig.board.ecall(rig.hart), GuestError);
    const u32 set_handler = 0x30551073, read_cause = 0x34202573, read_value = 0x343025f3,
              go_back = 0x30200073;
    const auto execute = [&](u32 instruction) {
        const Address at = kCode + 64;
        rig.board.memory().store(at, 4, instruction);
        rig.hart.pc = at;
        rig.board.fault(rig.hart, Fault::IllegalInstruction, at);
    };
    rig.hart.reg[10] = kCode + 256;
    execute(set_handler);
    EXPECT_EQ(rig.hart.pc, kCode + 68);
    rig.hart.pc = kCode + 32;
    rig.board.fault(rig.hart, Fault::LoadFault, 0x1234);
    EXPECT_EQ(rig.hart.pc, kCode + 256);
    execute(read_cause);
    EXPECT_EQ(rig.hart.reg[10], 5u);
    execute(read_value);
    EXPECT_EQ(rig.hart.reg[11], 0x1234u);
    execute(go_back);
    EXPECT_EQ(rig.hart.pc, kCode + 32);
}

TEST(TestDevice, CountsItsReadsAndSumsItsWrites) {
    BoardRig rig({{0x80000000, 1, "__test_device", false}});
    EXPECT_TRUE(rig.board.memory().is_device(TestDevice::kBase));
    EXPECT_EQ(rig.board.device_load(TestDevice::kBase, 8), 0u);
    EXPECT_EQ(rig.board.device_load(TestDevice::kBase, 4), 1u);
    rig.board.device_store(TestDevice::kBase + 8, 8, 5);
    rig.board.device_store(TestDevice::kBase + 8, 1, 0x107);
    EXPECT_EQ(rig.board.device_load(TestDevice::kBase + 16, 8), 5u * 31 + 7);
    BoardRig without;
    EXPECT_FALSE(without.board.memory().is_device(TestDevice::kBase));
}

TEST(MakeEnvironment, ABoardStandsBehindProgramsLinkedHighOrWithTohost) {
    EXPECT_TRUE(BareMetal::is_meant_for(bare_program()));
    Program low = bare_program();
    low.segments[0].address = 0x10000;
    EXPECT_FALSE(BareMetal::is_meant_for(low));
    low.symbols.push_back({0x10000, 8, "tohost", false});
    EXPECT_TRUE(BareMetal::is_meant_for(low));
}

}  // namespace
}  // namespace sim
