// SPDX-License-Identifier: BSD-3-Clause
// A file that has its name only when it is whole: half of one is never taken for a result.
#pragma once
#include <fstream>
#include <string>

namespace sim {

class WholeFile {
  public:
    // Throws ConfigError where the file cannot be made. `what` begins every message: "timeline".
    WholeFile(const std::string &what, const std::string &file);
    ~WholeFile();
    WholeFile(const WholeFile &) = delete;
    WholeFile &operator=(const WholeFile &) = delete;

    std::ofstream out;

    // Throws ConfigError where something could not be written; then nothing stays, and no second message comes.
    void check();
    bool is_over() const { return is_over_; }   // finished or given up
    void finish();                               // gives the file its name

  private:
    [[noreturn]] void give_up();

    const std::string what_, file_;
    const bool is_device_;          // such as /dev/null: written as it is, never replaced
    const std::string temporary_;
    bool is_over_ = false;
};

}  // namespace sim
