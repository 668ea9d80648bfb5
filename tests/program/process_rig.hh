// SPDX-License-Identifier: BSD-3-Clause
// A Linux process without a core: tests set registers, make system calls and look at the outcome.
#pragma once
#include <cerrno>
#include "elf_file.hh"
#include "program/linux_process.hh"

namespace sim {

inline Program small_program(const std::string &file = "test.elf") {
    Program program;
    program.file = file;
    program.entry = 0x10000;
    program.segments.push_back({0x10000, 4096, std::vector<u8>(64, 0x73), kRead | kExecute, 0x10000});
    program.segments.push_back({0x20000, 16384, {}, kRead | kWrite, 0x20000});
    program.symbols.push_back({0x10000, 64, "main", true});
    return program;
}

// Options that differ from the defaults in what `change` sets.
template <class Change>
ProgramOptions options_with(Change &&change) {
    ProgramOptions options;
    change(options);
    return options;
}

struct ProcessRig {
    static constexpr Address kData = 0x20000;   // four writable pages

    explicit ProcessRig(const ProgramOptions &options = {}, Program loaded = small_program())
        : program(std::move(loaded)), process(program, options, hart) {}

    template <class... Arguments>
    i64 call(u64 number, Arguments... arguments) {
        const Address before = hart.pc;
        set_up(number, arguments...);
        process.ecall(hart);
        if (hart.pc != before + 4) return i64(hart.reg[kA0]);   // another thread or a handler
        hart.pc = before;
        return i64(hart.reg[kA0]);
    }
    template <class... Arguments>
    void set_up(u64 number, Arguments... arguments) {
        const u64 values[] = {u64(arguments)..., 0};
        for (size_t i = 0; i < 6; ++i) hart.reg[kA0 + i] = i < sizeof...(arguments) ? values[i] : 0;
        hart.reg[kA7] = number;
    }
    Address put(Address at, const std::string &text) {
        process.memory().write(at, text.c_str(), text.size() + 1);
        return at;
    }
    template <class T>
    Address put_value(Address at, const T &value) {
        process.memory().write(at, &value, sizeof value);
        return at;
    }
    u64 load(Address at, unsigned bytes = 8) { return process.memory().load(at, bytes); }
    std::string text(Address at, u64 bytes) {
        std::string s(bytes, 0);
        process.memory().read(at, s.data(), bytes);
        return s;
    }

    Program program;
    Hart hart;
    LinuxProcess process;
};

}  // namespace sim
