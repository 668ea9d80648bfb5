// SPDX-License-Identifier: BSD-3-Clause
// Makes small ELF files for tests, right or wrong in one chosen place.
#pragma once
#include <cstring>
#include <elf.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>
#include "sim/types.hh"

namespace sim {

// A folder of its own for one test, gone afterwards.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "skipahead_XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        path_ = std::filesystem::canonical(name);
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    std::string path(const std::string &name = "") const { return name.empty() ? path_ : path_ / name; }
    std::string write(const std::string &name, const std::string &text) const {
        std::ofstream(path(name), std::ios::binary) << text;
        return path(name);
    }

  private:
    std::filesystem::path path_;
};

inline std::string read_text(const std::string &file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Two segments (code at 0x10000, data at 0x20000), a .text section, and symbols main (8 bytes at 0x10000),
// helper (a label at 0x10008) and table (an object at 0x20000).
struct ElfFile {
    Elf64_Ehdr header{};
    Elf64_Phdr segments[2]{};
    std::vector<u8> code = std::vector<u8>(16, 0x13), data = {1, 2, 3, 4};
    Elf64_Shdr sections[4]{};   // null, .text, .symtab, .strtab
    Elf64_Sym symbols[4]{};
    std::string names = std::string("\0main\0helper\0table\0", 19);

    ElfFile() {
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_type = ET_EXEC;
        header.e_machine = EM_RISCV;
        header.e_entry = 0x10000;
        header.e_phoff = sizeof header;
        header.e_phentsize = sizeof(Elf64_Phdr);
        header.e_phnum = 2;
        header.e_shentsize = sizeof(Elf64_Shdr);
        header.e_shnum = 4;
        const u64 code_at = sizeof header + sizeof segments, data_at = code_at + code.size();
        segments[0] = {PT_LOAD, PF_R | PF_X, code_at, 0x10000, 0x10000, code.size(), code.size(), 4096};
        segments[1] = {PT_LOAD, PF_R | PF_W, data_at, 0x20000, 0x20000, data.size(), 64, 4096};
        symbols[1] = {1, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), 0, 1, 0x10000, 8};
        symbols[2] = {6, ELF64_ST_INFO(STB_LOCAL, STT_NOTYPE), 0, 1, 0x10008, 0};
        symbols[3] = {13, ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT), 0, 1, 0x20000, 4};
        const u64 symbols_at = data_at + data.size(), names_at = symbols_at + sizeof symbols;
        sections[1].sh_type = SHT_PROGBITS;
        sections[1].sh_flags = SHF_ALLOC | SHF_EXECINSTR;
        sections[1].sh_addr = 0x10000;
        sections[1].sh_size = code.size();
        sections[2].sh_type = SHT_SYMTAB;
        sections[2].sh_offset = symbols_at;
        sections[2].sh_size = sizeof symbols;
        sections[2].sh_entsize = sizeof(Elf64_Sym);
        sections[2].sh_link = 3;
        sections[3].sh_type = SHT_STRTAB;
        sections[3].sh_offset = names_at;
        sections[3].sh_size = names.size();
        header.e_shoff = names_at + names.size();
    }

    std::string bytes() const {
        std::string out;
        const auto add = [&](const void *p, size_t n) { out.append(static_cast<const char *>(p), n); };
        add(&header, sizeof header);
        add(segments, sizeof segments);
        add(code.data(), code.size());
        add(data.data(), data.size());
        add(symbols, sizeof symbols);
        out += names;
        add(sections, sizeof sections);
        return out;
    }
};

}  // namespace sim
