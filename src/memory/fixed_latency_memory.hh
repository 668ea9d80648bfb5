// SPDX-License-Identifier: BSD-3-Clause
// Memory without limits: every access is answered after the same time, however many there are.
#pragma once
#include "memory/line_versions.hh"

namespace sim {

class FixedLatencyMemory final : public Model<FixedLatencyMemory, Memory> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, latency, 100, "cycles", "from request to data");
    };
    struct Stats : Described<Stats> {
        STAT(reads, "accesses", "lines read, for whatever reason");
        STAT(writes, "accesses", "lines written back");
    };

    explicit FixedLatencyMemory(const Params &params);
    Cycle access(const MemoryRequest &request, Cycle now) override;
    void track_versions(LineVersions &versions) override { versions_.track(versions); }
    const Params &params() const { return params_; }

    Stats stats;

  private:
    const Params params_;
    StoredVersions versions_;
};

}  // namespace sim
