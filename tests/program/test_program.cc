// SPDX-License-Identifier: BSD-3-Clause
// Program: what an ELF file means, and that no file, however damaged, does worse than a clear message.
#include <gtest/gtest.h>
#include <random>
#include "elf_file.hh"
#include "program/guest_memory.hh"
#include "program/program.hh"
#include "sim/errors.hh"

namespace sim {
namespace {

Program load(const ElfFile &elf) {
    TemporaryFolder folder;
    return Program::load(folder.write("program.elf", elf.bytes()));
}

template <class Error>
std::string refusal(const ElfFile &elf) {
    try {
        load(elf);
    } catch (const Error &error) {
        return error.what();
    }
    return "";
}

TEST(Program, SegmentsHaveTheirAddressesContentsAndPermissions) {
    const Program program = load(ElfFile{});
    ASSERT_EQ(program.segments.size(), 2u);
    EXPECT_EQ(program.entry, 0x10000u);
    EXPECT_EQ(program.segments[0].flags, kRead | kExecute);
    EXPECT_EQ(program.segments[1].address, 0x20000u);
    EXPECT_EQ(program.segments[1].bytes, 64u);
    EXPECT_EQ(program.segments[1].data, (std::vector<u8>{1, 2, 3, 4}));
    EXPECT_EQ(program.segments[1].flags, kRead | kWrite);
    EXPECT_EQ(program.program_header_count, 2u);
    EXPECT_EQ(program.program_headers, 0u) << "no segment holds them";
    EXPECT_EQ(program.code_sections, (std::vector<std::pair<Address, u64>>{{0x10000, 16}}));
}

TEST(Program, SymbolsCoverTheirBytesAndLabelsReachToTheSegmentsEnd) {
    const Program program = load(ElfFile{});
    EXPECT_EQ(program.where(0x10000), "main");
    EXPECT_EQ(program.where(0x10004), "main+0x4");
    EXPECT_EQ(program.where(0x1000c), "helper+0x4");
    EXPECT_EQ(program.where(0x10010), "0x10010");
    EXPECT_EQ(program.where(0x20003), "table+0x3");
    EXPECT_EQ(program.where(0x20004), "0x20004");
    EXPECT_EQ(program.where(0), "0x0");
    ASSERT_NE(program.symbol("table"), nullptr);
    EXPECT_FALSE(program.symbol("table")->is_function);
    EXPECT_EQ(program.symbol("absent"), nullptr);
}

TEST(Program, AProgramWithoutSectionsRunsFromItsSegments) {
    ElfFile elf;
    elf.header.e_shoff = 0;
    const Program program = load(elf);
    EXPECT_TRUE(program.symbols.empty());
    EXPECT_EQ(program.code_sections, (std::vector<std::pair<Address, u64>>{{0x10000, 16}}));
}

TEST(Program, PositionIndependentProgramsAreMovedAsAWhole) {
    ElfFile elf;
    elf.header.e_type = ET_DYN;
    const Program program = load(elf);
    EXPECT_EQ(program.segments[0].address - 0x10000, program.entry - 0x10000);
    EXPECT_EQ(program.segments[1].address - program.segments[0].address, 0x10000u);
    EXPECT_EQ(program.where(program.entry + 4), "main+0x4");
    EXPECT_GT(program.segments[0].address, 0x10000u);
}

TEST(Program, FilesOfAnotherKindAreRefusedWithAdvice) {
    const auto says = [](auto change) {
        ElfFile elf;
        change(elf);
        return refusal<GuestError>(elf);
    };
    EXPECT_NE(says([](ElfFile &e) { e.header.e_ident[EI_CLASS] = ELFCLASS32; }).find("32-bit"),
              std::string::npos);
    EXPECT_NE(says([](ElfFile &e) { e.header.e_ident[EI_DATA] = ELFDATA2MSB; }).find("big-endian"),
              std::string::npos);
    EXPECT_NE(says([](ElfFile &e) { e.header.e_machine = EM_X86_64; }).find("another machine (e_machine=62)"),
              std::string::npos);
    EXPECT_NE(says([](ElfFile &e) { e.header.e_type = ET_REL; }).find("object file"), std::string::npos);
    EXPECT_NE(says([](ElfFile &e) { e.segments[1].p_type = PT_INTERP; }).find("link it again with -static"),
              std::string::npos);
    EXPECT_NE(says([](ElfFile &e) { e.header.e_entry = 0x20000; }).find("no executable segment"),
              std::string::npos);
    EXPECT_NE(says([](ElfFile &e) { e.segments[1].p_vaddr = GuestMemory::kSize - 8; }).find("16 GiB"),
              std::string::npos);
    EXPECT_NE(says([](ElfFile &e) { e.segments[1].p_vaddr = ~u64{0} - 8; }).find("does not fit"),
              std::string::npos);
}

TEST(Program, DamagedFilesAreNamedAsSuch) {
    const auto says = [](auto change) {
        ElfFile elf;
        change(elf);
        return refusal<ConfigError>(elf);
    };
    EXPECT_NE(
        says([](ElfFile &e) { e.segments[1].p_filesz = 70; }).find("70 bytes in the file but 64 in memory"),
        std::string::npos);
    EXPECT_NE(says([](ElfFile &e) { e.segments[1].p_offset = ~u64{0}; }).find("beyond the end of the file"),
              std::string::npos);
    EXPECT_NE(says([](ElfFile &e) {
                  e.segments[1].p_filesz = e.segments[1].p_memsz = 1 << 20;
              }).find("claim more bytes"),
              std::string::npos);
    EXPECT_NE(says([](ElfFile &e) { e.segments[1].p_vaddr = 0x10008; }).find("overlap"), std::string::npos);
    EXPECT_NE(says([](ElfFile &e) { e.header.e_phoff = 1 << 20; }).find("lies beyond the file"),
              std::string::npos);
    EXPECT_NE(says([](ElfFile &e) { e.header.e_phentsize = 8; }).find("56 are expected"), std::string::npos);
    EXPECT_NE(says([](ElfFile &e) { e.header.e_ident[0] = 0; }).find("is not an ELF file"),
              std::string::npos);
    EXPECT_THROW(Program::load("/nonexistent/program"), ConfigError);
    EXPECT_THROW(Program::load("/tmp"), ConfigError);
    EXPECT_THROW(Program::load("/dev/zero"), ConfigError);
}

TEST(Program, EveryTruncationAndAnyChangedBytesGiveAMessageOrAProgram) {
    TemporaryFolder folder;
    const std::string whole = ElfFile{}.bytes();
    unsigned loaded = 0, refused = 0;
    const auto attempt = [&](const std::string &bytes) {
        try {
            const Program program = Program::load(folder.write("p", bytes));
            for (Address a : {Address{0}, program.entry, Address{0x10008}, ~Address{0}}) program.where(a);
            ++loaded;
        } catch (const ConfigError &) {
            ++refused;
        } catch (const GuestError &) {
            ++refused;
        }
    };
    for (size_t n = 0; n < whole.size(); ++n) attempt(whole.substr(0, n));
    EXPECT_GT(refused, 180u);
    std::mt19937 random(7);
    for (int i = 0; i < 3000; ++i) {
        std::string bytes = whole;
        for (unsigned flips = 1 + random() % 4; flips > 0; --flips) {
            const u8 interesting[] = {0, 1, 0x7f, 0x80, 0xff, u8(random())};
            bytes[random() % bytes.size()] = char(interesting[random() % 6]);
        }
        attempt(bytes);
    }
    EXPECT_GT(loaded, 100u);
    EXPECT_GT(refused, 500u);
}

}  // namespace
}  // namespace sim
