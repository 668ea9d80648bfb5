// SPDX-License-Identifier: BSD-3-Clause
// Names places in a guest the way every message does.
#include "program/messages.hh"
#include <cstdio>
#include "sim/errors.hh"

namespace sim {

namespace {

std::string describe_instruction(const GuestMemory &memory, Address pc) {
    u16 low, high;
    if (!memory.read(pc, &low, 2)) return "not readable";
    if ((low & 3) != 3) return hex(low, 4);
    return memory.read(pc + 2, &high, 2) ? hex(u32(high) << 16 | low, 8)
                                         : hex(low, 4) + " cut off by an unmapped page";
}

}  // namespace

std::string hex(u64 v, unsigned digits) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%0*llx", int(digits), static_cast<unsigned long long>(v));
    return text;
}

std::string describe_place(const Program &program, const GuestMemory &memory, Address pc) {
    const std::string symbol = program.symbol_at(pc) ? program.where(pc) : "no symbol";
    return hex(pc) + " (" + symbol + "), instruction " + describe_instruction(memory, pc);
}

void check_options(const ProgramOptions &options) {
    if (!(options.clock_ghz > 0))
        throw ConfigError("program option 'clock_ghz' is " + std::to_string(options.clock_ghz) +
                          "; it must be positive; give the core's clock, such as 2.0");
    if (options.quantum == 0)
        throw ConfigError("program option 'quantum' is 0; it must be at least 1 instruction");
}

}  // namespace sim
