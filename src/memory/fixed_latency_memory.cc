// SPDX-License-Identifier: BSD-3-Clause
// Memory without limits.
#include "memory/fixed_latency_memory.hh"

namespace sim {

COMPONENT(FixedLatencyMemory,
          "Memory that answers every access after the same time, without any limit on bandwidth.");

FixedLatencyMemory::FixedLatencyMemory(const Params &params) : params_(params) {
    if (params.latency == 0)
        throw ConfigError("FixedLatencyMemory: latency is 0; it must be at least 1 cycle");
}

Cycle FixedLatencyMemory::access(const MemoryRequest &request, Cycle now) {
    ++(request.kind == AccessKind::Writeback ? stats.writes : stats.reads);
    data_version = versions_.take(path, request, now);
    return now + params_.latency;
}

}  // namespace sim
