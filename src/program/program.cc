// SPDX-License-Identifier: BSD-3-Clause
// Reads an ELF file that may be truncated or hostile, and answers questions about its symbols.
#include "program/program.hh"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "program/messages.hh"
#include "sim/errors.hh"

namespace sim {

namespace {

constexpr Address kPieBase = 0x400000;   // where a static position-independent program goes
constexpr u64 kMaxFileBytes = 2_GiB;

std::vector<u8> read_file(const std::string &file) {
    const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat info;
    const auto fail = [&](const std::string &what, const char *advice) {
        if (fd >= 0) close(fd);
        throw ConfigError(file + ": " + what + "; " + advice);
    };
    if (fd < 0 || fstat(fd, &info) != 0)
        fail(std::string("cannot be read: ") + std::strerror(errno), "check the path");
    if (S_ISDIR(info.st_mode)) fail("is a folder", "name a static RV64 ELF program");
    if (!S_ISREG(info.st_mode)) fail("is not a regular file", "name a static RV64 ELF program");
    if (u64(info.st_size) > kMaxFileBytes) fail("is larger than 2 GiB", "strip its debug information");
    std::vector<u8> bytes(u64(info.st_size));
    u64 done = 0;
    while (done < bytes.size()) {
        const ssize_t n = read(fd, bytes.data() + done, bytes.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail(std::string("cannot be read: ") + std::strerror(errno), "check the file");
        if (n == 0) break;
        done += u64(n);
    }
    close(fd);
    bytes.resize(done);
    return bytes;
}

u64 fnv1a(const std::vector<u8> &bytes) {
    u64 hash = 0xcbf29ce484222325;
    for (u8 b : bytes) hash = (hash ^ b) * 0x100000001b3;
    return hash;
}

// The file's bytes with every access checked against its size.
class ElfReader {
  public:
    ElfReader(const std::string &file, const std::vector<u8> &bytes) : file_(file), bytes_(bytes) {}

    [[noreturn]] void damaged(const std::string &what) const {
        throw ConfigError(file_ + ": damaged ELF: " + what + "; copy or link the program again");
    }
    [[noreturn]] void unusable(const std::string &what, const std::string &advice) const {
        throw GuestError(file_ + ": " + what + "; " + advice);
    }
    bool holds(u64 offset, u64 bytes) const {
        return offset <= bytes_.size() && bytes <= bytes_.size() - offset;
    }
    u64 size() const { return bytes_.size(); }
    const u8 *at(u64 offset) const { return bytes_.data() + offset; }

    template <class T>
    T get(u64 offset, const std::string &what) const {
        if (!holds(offset, sizeof(T)))
            damaged(what + " at byte " + std::to_string(offset) + " lies beyond the file's " +
                    std::to_string(bytes_.size()) + " bytes");
        T v;
        std::memcpy(&v, bytes_.data() + offset, sizeof v);
        return v;
    }
    // NUL-terminated text of a string table; empty where it is not one.
    std::string text(const Elf64_Shdr &table, u64 offset) const {
        if (offset >= table.sh_size || !holds(table.sh_offset, table.sh_size)) return {};
        const char *first = reinterpret_cast<const char *>(at(table.sh_offset + offset));
        return {first, strnlen(first, table.sh_size - offset)};
    }

  private:
    const std::string &file_;
    const std::vector<u8> &bytes_;
};

Elf64_Ehdr check_header(const ElfReader &elf, const std::string &file) {
    if (!elf.holds(0, EI_NIDENT) || std::memcmp(elf.at(0), ELFMAG, SELFMAG) != 0)
        throw ConfigError(file +
                          ": is not an ELF file; name a program built for riscv64, such as "
                          "`riscv64-linux-gnu-gcc -O2 -static` makes");
    const u8 *ident = elf.at(0);
    if (ident[EI_CLASS] != ELFCLASS64)
        elf.unusable("is a 32-bit ELF; only RV64 programs run", "build it for riscv64");
    if (ident[EI_DATA] != ELFDATA2LSB)
        elf.unusable("is a big-endian ELF; only little-endian RV64 programs run", "build it for riscv64");
    const auto header = elf.get<Elf64_Ehdr>(0, "the file header");
    if (header.e_machine != EM_RISCV)
        elf.unusable("is built for another machine (e_machine=" + std::to_string(header.e_machine) +
                         "); only RISC-V (243) runs",
                     "build it with riscv64-linux-gnu-gcc or riscv64-unknown-elf-gcc");
    if (header.e_type == ET_REL)
        elf.unusable("is an object file, not a program", "link it with riscv64-linux-gnu-gcc -static");
    if (header.e_type != ET_EXEC && header.e_type != ET_DYN)
        elf.unusable(
            "is neither a program nor position-independent (e_type=" + std::to_string(header.e_type) + ")",
            "link it with riscv64-linux-gnu-gcc -static");
    if (header.e_flags & 0x8)   // RVE
        elf.unusable("uses the RV64E register set; only RV64I and its extensions run",
                     "build with -march=rv64gc");
    if (header.e_phnum == 0 || header.e_phnum == PN_XNUM) elf.damaged("it has no usable program headers");
    if (header.e_phentsize != sizeof(Elf64_Phdr))
        elf.damaged("program headers of " + std::to_string(header.e_phentsize) + " bytes; 56 are expected");
    return header;
}

void add_segment(const ElfReader &elf, const Elf64_Phdr &p, Address bias, Program &program) {
    const std::string name = "segment at " + hex(p.p_vaddr);
    if (p.p_filesz > p.p_memsz)
        elf.damaged(name + " has " + std::to_string(p.p_filesz) + " bytes in the file but " +
                    std::to_string(p.p_memsz) + " in memory");
    if (!elf.holds(p.p_offset, p.p_filesz)) elf.damaged(name + " continues beyond the end of the file");
    constexpr Address kWindow = GuestMemory::kSize;
    if (p.p_vaddr >= kWindow - bias || p.p_memsz > kWindow - bias - p.p_vaddr)
        elf.unusable(name + " of " + std::to_string(p.p_memsz) + " bytes does not fit the guest's " +
                         std::to_string(kWindow >> 30) + " GiB of memory",
                     "link the program below " + hex(kWindow));
    if (p.p_memsz == 0) return;
    Segment segment{
        p.p_vaddr + bias, p.p_memsz, {elf.at(p.p_offset), elf.at(p.p_offset) + p.p_filesz}, 0, p.p_paddr};
    if (p.p_flags & PF_R) segment.flags |= kRead;
    if (p.p_flags & PF_W) segment.flags |= kWrite | kRead;
    if (p.p_flags & PF_X) segment.flags |= kExecute;
    program.segments.push_back(std::move(segment));
}

void read_segments(const ElfReader &elf, const Elf64_Ehdr &header, Address bias, Program &program) {
    u64 claimed =
        0;   // all segments together cannot hold more than the file, but for shared pages at their ends
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        const u64 where = header.e_phoff + u64{i} * sizeof(Elf64_Phdr);
        if (where < header.e_phoff) elf.damaged("the program headers' offset is too large");
        const auto p = elf.get<Elf64_Phdr>(where, "program header " + std::to_string(i));
        if (p.p_type == PT_INTERP)
            elf.unusable("is dynamically linked and needs an interpreter", "link it again with -static");
        if (p.p_type == PT_LOAD) {
            if (p.p_filesz > elf.size() || (claimed += p.p_filesz) > elf.size() + 1_MiB)
                elf.damaged("its segments claim more bytes than the file has, " + std::to_string(elf.size()));
            add_segment(elf, p, bias, program);
            if (p.p_offset <= header.e_phoff && header.e_phoff - p.p_offset < p.p_filesz)
                program.program_headers = p.p_vaddr + bias + (header.e_phoff - p.p_offset);
        }
    }
    program.program_header_count = header.e_phnum;
    auto &segments = program.segments;
    std::stable_sort(segments.begin(), segments.end(),
                     [](const Segment &a, const Segment &b) { return a.address < b.address; });
    if (segments.empty()) elf.unusable("has nothing to load", "link it with riscv64-linux-gnu-gcc -static");
    for (size_t i = 1; i < segments.size(); ++i)
        if (segments[i - 1].address + segments[i - 1].bytes > segments[i].address)
            elf.damaged("segments at " + hex(segments[i - 1].address) + " and " + hex(segments[i].address) +
                        " overlap");
    program.entry = header.e_entry + bias;
    const bool runs = std::any_of(segments.begin(), segments.end(), [&](const Segment &s) {
        return (s.flags & kExecute) && program.entry >= s.address && program.entry - s.address < s.bytes;
    });
    if (!runs || program.entry % 2)
        elf.unusable("starts at " + hex(program.entry) + ", which no executable segment holds",
                     "check the entry point (ld -e)");
}

void read_symbols(const ElfReader &elf, const Elf64_Shdr &table, const Elf64_Shdr &names, Address bias,
                  Program &program) {
    for (u64 i = 1; i < table.sh_size / sizeof(Elf64_Sym); ++i) {
        const auto s = elf.get<Elf64_Sym>(table.sh_offset + i * sizeof(Elf64_Sym), "a symbol");
        const unsigned type = ELF64_ST_TYPE(s.st_info);
        if (s.st_shndx == SHN_UNDEF || s.st_name == 0) continue;
        if (type != STT_FUNC && type != STT_OBJECT && type != STT_NOTYPE && type != STT_GNU_IFUNC) continue;
        std::string name = elf.text(names, s.st_name);
        // Mapping symbols ($x, $d) and local labels (.L) would hide the function they lie in.
        if (name.empty() || name[0] == '$' || name.starts_with(".L")) continue;
        const Address address = s.st_shndx == SHN_ABS ? s.st_value : s.st_value + bias;
        program.symbols.push_back(
            {address, s.st_size, std::move(name), type == STT_FUNC || type == STT_GNU_IFUNC});
    }
    // Of several names for one address, functions and those with a size come first: symbol_at() takes the
    // first.
    std::sort(program.symbols.begin(), program.symbols.end(), [](const Symbol &a, const Symbol &b) {
        if (a.address != b.address) return a.address < b.address;
        if (a.is_function != b.is_function) return a.is_function;
        if ((a.bytes != 0) != (b.bytes != 0)) return a.bytes != 0;
        return a.name < b.name;
    });
}

// Sections are a courtesy: a program without them, or with damaged ones beyond its segments, still runs.
void read_sections(const ElfReader &elf, const Elf64_Ehdr &header, Address bias, Program &program) {
    std::vector<Elf64_Shdr> sections;
    if (header.e_shentsize == sizeof(Elf64_Shdr) && header.e_shoff != 0 &&
        elf.holds(header.e_shoff, u64{header.e_shnum} * sizeof(Elf64_Shdr)))
        for (unsigned i = 0; i < header.e_shnum; ++i)
            sections.push_back(
                elf.get<Elf64_Shdr>(header.e_shoff + i * sizeof(Elf64_Shdr), "a section header"));
    for (const Elf64_Shdr &s : sections) {
        const Address address = s.sh_addr + bias;
        const bool loaded =
            std::any_of(program.segments.begin(), program.segments.end(), [&](const Segment &g) {
                return address >= g.address && address - g.address < g.bytes &&
                       s.sh_size <= g.bytes - (address - g.address);
            });
        if (s.sh_type == SHT_PROGBITS && (s.sh_flags & SHF_ALLOC) && (s.sh_flags & SHF_EXECINSTR) &&
            s.sh_size && loaded)
            program.code_sections.push_back({address, s.sh_size});
        if (s.sh_type == SHT_SYMTAB && program.symbols.empty() && s.sh_entsize == sizeof(Elf64_Sym) &&
            s.sh_link < sections.size() && elf.holds(s.sh_offset, s.sh_size))
            read_symbols(elf, s, sections[s.sh_link], bias, program);
    }
    if (program.code_sections.empty())
        for (const Segment &g : program.segments)
            if (g.flags & kExecute) program.code_sections.push_back({g.address, g.data.size()});
    std::sort(program.code_sections.begin(), program.code_sections.end());
}

}  // namespace

Program Program::load(const std::string &file) {
    const std::vector<u8> bytes = read_file(file);
    Program program;
    program.file = file;
    program.hash = fnv1a(bytes);
    const ElfReader elf(file, bytes);
    const Elf64_Ehdr header = check_header(elf, file);
    const Address bias = header.e_type == ET_DYN ? kPieBase : 0;
    read_segments(elf, header, bias, program);
    read_sections(elf, header, bias, program);
    return program;
}

const Symbol *Program::symbol_at(Address a) const {
    auto s = std::upper_bound(symbols.begin(), symbols.end(), a,
                              [](Address x, const Symbol &y) { return x < y.address; });
    if (s == symbols.begin()) return nullptr;
    const auto first_named = [&](auto symbol, auto &&fits) {   // of the names for one address
        auto best = symbol;
        for (auto other = symbol; other->address == symbol->address; --other) {
            if (fits(*other)) best = other;
            if (other == symbols.begin()) break;
        }
        return &*best;
    };
    const auto covers = [&](const Symbol &y) { return a - y.address < y.bytes; };
    const auto nearest = s - 1;
    for (unsigned steps = 0; s != symbols.begin() && steps < 64;
         ++steps)   // enclosing symbols start a little earlier
        if (covers(*--s)) return first_named(s, covers);
    // A label without a size covers what follows it, up to the end of its segment.
    if (nearest->bytes != 0) return nullptr;
    for (const Segment &g : segments)
        if (nearest->address - g.address < g.bytes && a - g.address < g.bytes)
            return first_named(nearest, [](const Symbol &y) { return y.bytes == 0; });
    return nullptr;
}

const Symbol *Program::symbol(std::string_view name) const {
    for (const Symbol &s : symbols)
        if (s.name == name) return &s;
    return nullptr;
}

std::string Program::where(Address a) const {
    const Symbol *s = symbol_at(a);
    if (!s) return hex(a);
    return s->name + (a == s->address ? "" : "+" + hex(a - s->address));
}

}  // namespace sim
