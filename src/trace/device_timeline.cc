// SPDX-License-Identifier: BSD-3-Clause
// Writes events as they come; viewers put them in order of time.
#include "trace/device_timeline.hh"
#include <cstdio>

namespace sim {

DeviceTimeline::DeviceTimeline(const std::string &file, double core_ghz)
    : core_ghz_(core_ghz), file_("timeline", file), out_(file_.out) {
    out_ << "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[";
}

// Everything that all events have; the caller writes the rest and the closing brace.
void DeviceTimeline::begin_event(const char *phase, std::string_view what, u32 device, Cycle at) {
    char time[40];
    std::snprintf(time, sizeof time, "%.4f", double(at) / core_ghz_ / 1000);   // microseconds
    out_ << (is_first_ ? "\n" : ",\n") << "{\"ph\":\"" << phase << "\",\"name\":\"" << what
         << "\",\"pid\":" << device + 1 << ",\"ts\":" << time;
    is_first_ = false;
    file_.check();
}

void DeviceTimeline::name_track(u32 device, u32 track, const char *name) {
    begin_event("M", "thread_name", device, 0);
    out_ << ",\"tid\":" << track << ",\"args\":{\"name\":\"" << name << "\"}}";
}

void DeviceTimeline::device(u32 number, const std::string &name) {
    begin_event("M", "process_name", number, 0);
    out_ << ",\"args\":{\"name\":\"" << name << "\"}}";
    name_track(number, u32(Track::Engine), "engine");
    name_track(number, u32(Track::Waiting), "engine waits for");
    name_track(number, u32(Track::Queue), "interrupts and resets");
}

void DeviceTimeline::span(u32 device, Track track, std::string_view what, u64 detail, Cycle begin,
                          Cycle end) {
    if (track == Track::Transfers) {
        const u64 id = transfers_++;
        begin_event("b", what, device, begin);
        out_ << ",\"cat\":\"DMA\",\"id\":" << id << ",\"args\":{\"bytes\":" << detail << "}}";
        begin_event("e", what, device, end);
        out_ << ",\"cat\":\"DMA\",\"id\":" << id << "}";
        return;
    }
    char length[40];
    std::snprintf(length, sizeof length, "%.4f", double(end - begin) / core_ghz_ / 1000);
    begin_event("X", what, device, begin);
    out_ << ",\"dur\":" << length << ",\"tid\":" << u32(track) << ",\"args\":{\"tag\":" << detail << "}}";
}

void DeviceTimeline::instant(u32 device, std::string_view what, Cycle at) {
    begin_event("i", what, device, at);
    out_ << ",\"tid\":" << u32(Track::Queue) << ",\"s\":\"t\"}";
}

void DeviceTimeline::counter(u32 device, std::string_view what, u64 value, Cycle at) {
    begin_event("C", what, device, at);
    out_ << ",\"args\":{\"" << what << "\":" << value << "}}";
}

void DeviceTimeline::finish() {
    if (file_.is_over()) return;
    out_ << "\n]}\n";
    file_.finish();
}

}   // namespace sim
