// SPDX-License-Identifier: BSD-3-Clause
// What a guest program is given: arguments, streams, files it may see, and the seed of everything random.
#pragma once
#include <memory>
#include "program/environment.hh"
#include "program/guest_device.hh"
#include "program/program.hh"

namespace sim {

struct ProgramOptions {
    std::vector<std::string> arguments;     // argv[1] and on; argv[0] is the program's path
    std::string name;                       // argv[0]; empty: the program's path as it was given to Program::load
    std::vector<std::string> environment;   // "NAME=value"; nothing is inherited
    std::string input;                      // file for standard input; empty: the simulator's own
    std::string output;                     // file for standard output; empty: the simulator's own
    std::string error;                      // file for standard error; empty: the simulator's own
    std::string directory;                  // guest's working directory; empty: the program's own folder
    std::vector<std::string> readable;      // further files and folders the guest may read (its working directory always)
    std::string writable;                   // folder below which the guest may create and write; empty: nowhere
    u64 seed = 1;                           // getrandom, AT_RANDOM
    u64 quantum = 200'000;                  // instructions a thread runs while others wait
    double clock_ghz = 2.0;                 // turns cycles into the guest's time
    bool strace = false;                    // print every system call to the simulator's standard error
    std::vector<GuestDevice *> devices;     // number n is the program's /dev/acceln; they outlive the environment
};

// Loads `program` into a fresh memory, sets `hart` to its first instruction, and returns what stands behind it:
// a Linux process, or a bare board (semihosting and HTIF) when the ELF has a `tohost` symbol or is linked at 0x80000000
// and up.
std::unique_ptr<Environment> make_environment(const Program &program, const ProgramOptions &options, Hart &hart);

}  // namespace sim
