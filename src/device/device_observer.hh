// SPDX-License-Identifier: BSD-3-Clause
// What a timeline is told of a device, in core cycles.
#pragma once
#include <string_view>
#include "sim/types.hh"

namespace sim {

class DeviceObserver {
  public:
    // Something on one of the device's lines (0: queue, 1: engine, 2: waiting of the engine) lasted from begin to end.
    virtual void span(u32 device, u32 line, std::string_view what, u64 detail, Cycle begin, Cycle end) = 0;
    virtual void instant(u32 device, std::string_view what, Cycle at) = 0;
    virtual void counter(u32 device, std::string_view what, u64 value, Cycle at) = 0;

  protected:
    ~DeviceObserver() = default;
};

}  // namespace sim
