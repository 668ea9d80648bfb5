// SPDX-License-Identifier: BSD-3-Clause
// What devices did when, written in Chrome's trace format (chrome://tracing, ui.perfetto.dev).
#pragma once
#include <string>
#include <string_view>
#include <vector>
#include "sim/types.hh"
#include "trace/whole_file.hh"

namespace sim {

// Cycles are the core's. Devices are numbered; each has a process of its own in the viewer.
class DeviceTimeline {
  public:
    enum class Track : u8 { Engine, Waiting, Transfers, Queue };

    // Throws ConfigError where the file cannot be made.
    DeviceTimeline(const std::string &file, double core_ghz);

    void device(u32 number, const std::string &name);   // before anything else of that device
    // From begin to end; on the track Transfers several may be under way at a time.
    void span(u32 device, Track track, std::string_view what, u64 detail, Cycle begin, Cycle end);
    void instant(u32 device, std::string_view what, Cycle at);
    void counter(u32 device, std::string_view what, u64 value, Cycle at);
    void finish();   // gives the file its name

  private:
    void begin_event(const char *phase, std::string_view what, u32 device, Cycle at);
    void name_track(u32 device, u32 track, const char *name);

    const double core_ghz_;
    WholeFile file_;
    std::ofstream &out_;
    bool is_first_ = true;
    u64 transfers_ = 0;
};

}  // namespace sim
