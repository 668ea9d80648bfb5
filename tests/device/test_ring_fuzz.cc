// SPDX-License-Identifier: BSD-3-Clause
// Drivers that do anything: whatever they write into rings and registers, the device comes to rest, touches nothing but
// its pool, answers every job once, and works again after a reset. SKIPAHEAD_FULL=1: an hour of CPU.
#include <cstdlib>
#include <ctime>
#include <random>
#include "device/device_rig.hh"

namespace sim {
namespace {

class HostileDriver {
  public:
    explicit HostileDriver(u64 seed) : random_(seed), rig_(options()) {
        rig_.guest.map(DeviceRig::kPool - kGuard, kGuard, kRead | kWrite);
        rig_.guest.map(DeviceRig::kPool + DeviceRig::kPoolBytes, kGuard, kRead | kWrite);
    }

    void act() {
        switch (random_() % 16) {
            case 0:
                rig_.write32(ACCEL_REG_RESET, u32(random_() % 4 != 0));
                if (random_() % 4) rig_.forget_indices();
                return;
            case 1: return rig_.write32(u32(random_() % 0x140), u32(random_()));
            case 2: return rig_.write64(u32(random_() % 0x140), random_());
            case 3: return rig_.device.register_store(random_() % 4096, 1u << random_() % 4, random_());
            case 4:
                return rig_.write32(ACCEL_REG_DOORBELL,
                                    rig_.read32(ACCEL_REG_DOORBELL) + u32(random_() % 20));
            case 5: return rig_.set_up_rings(1u << random_() % 5);
            case 6: return rig_.write32(ACCEL_REG_COALESCE_CYCLES, u32(random_() % 5000));
            case 7:
                return rig_.put_word(random_() % 0x9000 / 4 * 4, u32(random_()));   // rings, indices, model
            case 8:
            case 9: return rig_.write32(ACCEL_REG_COMPLETION_HEAD, rig_.read32(ACCEL_REG_COMPLETION_TAIL));
            default: give_jobs();
        }
    }
    void run() { rig_.run(random_() % 4 ? random_() % 300 : random_() % 20'000); }

    // A driver that knows what it does takes over.
    void recover() {
        rig_.write32(ACCEL_REG_RESET, 1);
        rig_.run_out();
        ASSERT_EQ(rig_.read32(ACCEL_REG_RESET), 0u);
        ASSERT_TRUE(rig_.dma.idle());
        rig_.set_up_rings();
        rig_.forget_indices();
        const u32 word = u32(random_());
        rig_.put_word(0x10000, word);
        rig_.submit({rig_.add(5, 64, 10), DeviceRig::copy(6, 4096)});
        rig_.run_out();
        ASSERT_EQ(rig_.statuses(), (std::vector<u32>{ACCEL_OK, ACCEL_OK}));
        ASSERT_EQ(rig_.word(0x20000), word) << "the copy came last";
        for (Address a = 0; a < kGuard; a += 8) {
            ASSERT_EQ(rig_.guest.load(DeviceRig::kPool - kGuard + a, 8), 0u);
            ASSERT_EQ(rig_.guest.load(DeviceRig::kPool + DeviceRig::kPoolBytes + a, 8), 0u);
        }
    }
    const Accelerator::Stats &stats() const { return rig_.device.stats; }

  private:
    static constexpr u64 kGuard = 4 * GuestMemory::kPageBytes;

    DeviceRig::Options options() {
        DeviceRig::Options o;
        o.accelerator.prefetch = 1u << random_() % 3;
        o.accelerator.clock = 0.1 * double(1 + random_() % 40);
        o.dma.outstanding = 1 + u32(random_() % 20);
        o.dma.transfers = 1 + u32(random_() % 4);
        return o;
    }

    // Good ones, bad ones, and good ones with some bits turned over.
    void give_jobs() {
        std::vector<accel_descriptor> jobs(1 + random_() % 3);
        for (accel_descriptor &d : jobs) {
            d = random_() % 2 ? rig_.add(u32(random_()), u32(random_() % 3000) * 4, u32(random_() % 3000))
                              : DeviceRig::copy(u32(random_()), u32(random_() % 9000));
            d.flags = u16(random_() % 4);
            u8 *bytes = reinterpret_cast<u8 *>(&d);
            for (u64 n = random_() % 3 ? 0 : random_() % 6; n > 0; --n)
                bytes[random_() % sizeof d] ^= u8(1u << random_() % 8);
        }
        rig_.submit(jobs);
    }

    std::mt19937_64 random_;
    DeviceRig rig_;
};

TEST(CommandQueueFuzz, WhateverADriverDoesTheNextGoodJobWorks) {
    const char *full = std::getenv("SKIPAHEAD_FULL");
    const double seconds = full && *full == '1' ? 3600 : 1.5;
    const std::clock_t start = std::clock();
    u64 jobs = 0, failed = 0, resets = 0, errors = 0, drivers = 0;
    for (; double(std::clock() - start) / CLOCKS_PER_SEC < seconds && !::testing::Test::HasFatalFailure();
         ++drivers) {
        SCOPED_TRACE("driver " + std::to_string(drivers));
        HostileDriver driver(drivers);
        for (int part = 0; part < 3; ++part) {
            for (int n = 0; n < 60; ++n) driver.act(), driver.run();
            driver.recover();
        }
        jobs += driver.stats().jobs;
        failed += driver.stats().failed_jobs;
        resets += driver.stats().resets;
        errors += driver.stats().queue_errors;
    }
    std::printf("%llu drivers: %llu jobs, %llu failed, %llu resets, %llu refusals\n",
                (unsigned long long)drivers, (unsigned long long)jobs, (unsigned long long)failed,
                (unsigned long long)resets, (unsigned long long)errors);
    EXPECT_GT(jobs, 20 * drivers);
    EXPECT_GT(failed, drivers);
    EXPECT_GT(errors, drivers);
}

}   // namespace
}   // namespace sim
