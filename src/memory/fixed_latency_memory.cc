// SPDX-License-Identifier: BSD-3-Clause
// Memory without limits.
#include "memory/fixed_latency_memory.hh"

namespace sim {

COMPONENT(FixedLatencyMemory,
          "Memory that answers every access after the same time, without any limit on bandwidth.");

FixedLatencyMemory::FixedLatencyMemory(const Params &params) : params_(params) {
    if (params.latency == 0 || params.latency > 10'000)   // cores take longer waits for deadlocks
        throw ConfigError("FixedLatencyMemory: latency is " + std::to_string(params.latency) +
                          "; it must be 1 to 10000 cycles");
}

Cycle FixedLatencyMemory::access(const MemoryRequest &request, Cycle now) {
    ++(request.kind == AccessKind::Writeback ? stats.writes : stats.reads);
    data_version = versions_.take(path, request, now);
    return now + params_.latency;
}

}  // namespace sim
