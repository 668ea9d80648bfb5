// SPDX-License-Identifier: BSD-3-Clause
// Lays out the initial stack as the kernel's ELF loader does.
#include "program/initial_stack.hh"
#include <elf.h>
#include "program/address_space.hh"
#include "program/linux_process.hh"
#include "sim/errors.hh"

namespace sim {

namespace {

constexpr u64 kTextUnit = 64_KiB;   // the texts take whole units at the stack's top
constexpr u64 kMaxTextBytes = 2_MiB;

// Writes texts upwards from a fixed place and remembers where each went.
class TextWriter {
  public:
    TextWriter(GuestMemory &memory, Address at) : memory_(memory), at_(at) {}
    Address put(const void *bytes, u64 count) {
        const Address here = at_;
        memory_.place(here, bytes, count);
        at_ += count;
        return here;
    }
    Address put(const std::string &text) { return put(text.c_str(), text.size() + 1); }

  private:
    GuestMemory &memory_;
    Address at_;
};

}  // namespace

Address make_initial_stack(GuestMemory &memory, const Program &program, const ProgramOptions &options,
                           const std::string &executable, SeededBytes &random) {
    const std::string &name = options.name.empty() ? program.file : options.name;
    u64 bytes = 16 + name.size() + executable.size() + 2;
    for (const auto *list : {&options.arguments, &options.environment})
        for (const std::string &text : *list) bytes += text.size() + 1 + sizeof(Address);
    if (bytes > kMaxTextBytes)
        throw ConfigError(program.file + ": arguments and environment take " + std::to_string(bytes) +
                          " bytes; at most 2 MiB are allowed; pass large inputs as files");
    const Address text = AddressSpace::kStackTop - (bytes + kTextUnit - 1) / kTextUnit * kTextUnit;

    TextWriter writer(memory, text);
    u8 seed[16];
    random.fill(seed, sizeof seed);
    const Address random_bytes = writer.put(seed, sizeof seed);
    std::vector<u64> words{1 + options.arguments.size(), writer.put(name)};
    for (const std::string &argument : options.arguments) words.push_back(writer.put(argument));
    words.push_back(0);
    for (const std::string &variable : options.environment) words.push_back(writer.put(variable));
    words.push_back(0);

    constexpr u64 kImafdc = 1 << ('i' - 'a') | 1 << ('m' - 'a') | 1 << ('a' - 'a') | 1 << ('f' - 'a') |
                            1 << ('d' - 'a') | 1 << ('c' - 'a');
    constexpr u64 kUser = LinuxProcess::kUserId;
    const std::pair<u64, u64> auxiliary[] = {
        {AT_PHDR, program.program_headers},
        {AT_PHENT, sizeof(Elf64_Phdr)},
        {AT_PHNUM, program.program_headers ? program.program_header_count : 0},
        {AT_PAGESZ, GuestMemory::kPageBytes},
        {AT_BASE, 0},
        {AT_FLAGS, 0},
        {AT_ENTRY, program.entry},
        {AT_UID, kUser},
        {AT_EUID, kUser},
        {AT_GID, kUser},
        {AT_EGID, kUser},
        {AT_HWCAP, kImafdc},
        {AT_CLKTCK, 100},
        {AT_SECURE, 0},
        {AT_RANDOM, random_bytes},
        {AT_EXECFN, writer.put(executable)},
        {AT_NULL, 0},
    };
    for (const auto &[key, value] : auxiliary) {
        words.push_back(key);
        words.push_back(value);
    }
    const Address sp = (text - words.size() * sizeof(u64)) & ~Address{15};
    memory.place(sp, words.data(), words.size() * sizeof(u64));
    return sp;
}

}  // namespace sim
