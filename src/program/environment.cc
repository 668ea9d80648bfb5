// SPDX-License-Identifier: BSD-3-Clause
// Decides what stands behind a program: Linux or a bare board.
#include "program/bare_metal.hh"
#include "program/linux_process.hh"

namespace sim {

std::unique_ptr<Environment> make_environment(const Program &program, const ProgramOptions &options,
                                              Hart &hart) {
    if (BareMetal::is_meant_for(program)) return std::make_unique<BareMetal>(program, options, hart);
    return std::make_unique<LinuxProcess>(program, options, hart);
}

}  // namespace sim
