// SPDX-License-Identifier: BSD-3-Clause
// Independent referees: runs the RISC-V tools and qemu-riscv64 on files in a temporary folder.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace sim::test {

class WorkFolder {
  public:
    WorkFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "isa-test-XXXXXX").string();
        if (!mkdtemp(pattern.data())) throw std::runtime_error("cannot make a temporary folder");
        path_ = pattern;
    }
    ~WorkFolder() { std::filesystem::remove_all(path_); }
    WorkFolder(const WorkFolder &) = delete;
    WorkFolder &operator=(const WorkFolder &) = delete;

    void write(const std::string &name, const std::string &text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
    }
    // Runs a shell command inside the folder and returns its standard output; throws where it fails.
    std::string run(const std::string &command) const {
        std::FILE *pipe = popen(("cd " + path_.string() + " && " + command).c_str(), "r");
        if (!pipe) throw std::runtime_error("cannot start: " + command);
        std::string output;
        char buffer[65536];
        while (std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, got);
        if (pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
        return output;
    }

  private:
    std::filesystem::path path_;
};

// What the simulator implements, in the assembler's words.
inline const std::string kArchitecture = "rv64imafdc_zicbom_zicsr_zifencei_zba_zbb_zbs";
inline const std::string kQemu = "qemu-riscv64 -cpu rv64,zba=true,zbb=true,zbs=true ";

}  // namespace sim::test
