// SPDX-License-Identifier: BSD-3-Clause
// Drivers that do anything: whatever they write into rings and registers, the device comes to rest, touches nothing but
// its pool, answers every job once, and works again after a reset. SKIPAHEAD_FULL=1 under the sanitizers: a
// quarter of an hour of CPU, as for each other engine (tests/accel/test_engine_fuzz.cc).
#include "device/hostile_driver.hh"

namespace sim {
namespace {

class LoopbackDriver final : public HostileDriver {
  public:
    explicit LoopbackDriver(u64 seed) : HostileDriver(seed, nullptr) {}

  private:
    accel_descriptor good_job() override {
        return random_() % 2 ? rig_.add(u32(random_()), below(3000) * 4, below(3000))
                             : DeviceRig::copy(u32(random_()), below(9000));
    }
    void damage_model() override { rig_.put_word(0x8000 + below(0x1000) / 4 * 4, u32(random_())); }
    void prove() override {
        const u32 word = u32(random_());
        rig_.put_word(0x10000, word);
        rig_.submit({rig_.add(5, 64, 10), DeviceRig::copy(6, 4096)});
        rig_.run_out();
        ASSERT_EQ(rig_.statuses(), (std::vector<u32>{ACCEL_OK, ACCEL_OK}));
        ASSERT_EQ(rig_.word(0x20000), word) << "the copy came last";
    }
};

TEST(CommandQueueFuzz, WhateverADriverDoesTheNextGoodJobWorks) { fuzz<LoopbackDriver>("loopback", 1.5); }

}   // namespace
}   // namespace sim
