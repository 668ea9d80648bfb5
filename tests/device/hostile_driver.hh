// SPDX-License-Identifier: BSD-3-Clause
// A driver that writes anything into registers, rings and models; a subclass says which jobs its engine has and how it
// shows afterwards that the engine still works.
#pragma once
#include <cstdlib>
#include <ctime>
#include <random>
#include "device/device_rig.hh"

namespace sim {

#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

class HostileDriver {
  public:
    struct Counts {
        u64 jobs = 0, failed = 0, cancelled = 0, resets = 0, resets_in_jobs = 0, refusals = 0;
        void operator+=(const Counts &other) {
            jobs += other.jobs, failed += other.failed, cancelled += other.cancelled;
            resets += other.resets, resets_in_jobs += other.resets_in_jobs, refusals += other.refusals;
        }
    };

    HostileDriver(u64 seed, Engine *engine) : random_(seed), rig_(options(engine)) {
        rig_.guest.map(DeviceRig::kPool - kGuard, kGuard, kRead | kWrite);
        rig_.guest.map(DeviceRig::kPool + DeviceRig::kPoolBytes, kGuard, kRead | kWrite);
    }
    virtual ~HostileDriver() = default;

    void act() {
        switch (random_() % 18) {
            case 0: return reset_or_not();
            case 1: return rig_.write32(u32(random_() % 0x140), u32(random_()));
            case 2: return rig_.write64(u32(random_() % 0x140), random_());
            case 3: return rig_.device.register_store(random_() % 4096, 1u << random_() % 4, random_());
            case 4:
                return rig_.write32(ACCEL_REG_DOORBELL,
                                    rig_.read32(ACCEL_REG_DOORBELL) + u32(random_() % 20));
            case 5: return rig_.set_up_rings(1u << random_() % 5);
            case 6: return rig_.write32(ACCEL_REG_COALESCE_CYCLES, u32(random_() % 5000));
            case 7: return rig_.put_word(random_() % 0x3000 / 4 * 4, u32(random_()));   // rings and indices
            case 8:
            case 9: return rig_.write32(ACCEL_REG_COMPLETION_HEAD, rig_.read32(ACCEL_REG_COMPLETION_TAIL));
            case 10:
            case 11: return damage_model();
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
        prove();
        for (Address a = 0; a < kGuard; a += 8) {
            ASSERT_EQ(rig_.guest.load(DeviceRig::kPool - kGuard + a, 8), 0u);
            ASSERT_EQ(rig_.guest.load(DeviceRig::kPool + DeviceRig::kPoolBytes + a, 8), 0u);
        }
    }
    Counts counts() const {
        const Accelerator::Stats &s = rig_.device.stats;
        return {s.jobs, s.failed_jobs, s.cancelled_jobs, s.resets, resets_in_jobs_, s.queue_errors};
    }

  protected:
    virtual accel_descriptor good_job() = 0;   // good where the model is
    virtual void damage_model() = 0;           // or repair it
    virtual void prove() = 0;

    u32 below(u32 end) { return u32(random_() % end); }

    std::mt19937_64 random_;

  private:
    static constexpr u64 kGuard = 4 * GuestMemory::kPageBytes;

    DeviceRig::Options options(Engine *engine) {
        DeviceRig::Options o;
        o.accelerator.prefetch = 1u << random_() % 3;
        o.accelerator.clock = 0.1 * double(1 + random_() % 40);
        o.dma.outstanding = 1 + u32(random_() % 20);
        o.dma.transfers = 1 + u32(random_() % 4);
        o.other_engine = engine;
        return o;
    }

    void reset_or_not() {
        const u32 value = random_() % 4 != 0;
        resets_in_jobs_ += value && (rig_.read32(ACCEL_REG_STATE) & ACCEL_STATE_BUSY);
        rig_.write32(ACCEL_REG_RESET, value);
        if (random_() % 4) rig_.forget_indices();
    }

    // Good ones, bad ones, and good ones with some bits turned over.
    void give_jobs() {
        std::vector<accel_descriptor> jobs(1 + random_() % 3);
        for (accel_descriptor &d : jobs) {
            d = good_job();
            d.flags = u16(random_() % 4);
            u8 *bytes = reinterpret_cast<u8 *>(&d);
            for (u64 n = random_() % 3 ? 0 : random_() % 6; n > 0; --n)
                bytes[random_() % sizeof d] ^= u8(1u << random_() % 8);
        }
        rig_.submit(jobs);
    }

  protected:
    DeviceRig rig_;

  private:
    u64 resets_in_jobs_ = 0;
};

inline void print(const char *name, u64 drivers, const HostileDriver::Counts &counts) {
    using Number = unsigned long long;
    std::printf("%s: %llu drivers (seeds from 0): %llu jobs, %llu failed, %llu cancelled, %llu resets (%llu in a job), "
                "%llu refusals\n",
                name, Number(drivers), Number(counts.jobs), Number(counts.failed), Number(counts.cancelled),
                Number(counts.resets), Number(counts.resets_in_jobs), Number(counts.refusals));
    std::fflush(stdout);
}

// New drivers, each with its own seed, for so many seconds of CPU; with SKIPAHEAD_FULL=1 and the sanitizers, which see
// what else would pass, for a quarter of an hour, with the counts of every minute.
template <class Driver> void fuzz(const char *name, double seconds) {
    const char *full = std::getenv("SKIPAHEAD_FULL");
    if (kSanitized && full && *full == '1') seconds = 900;
    const std::clock_t start = std::clock();
    HostileDriver::Counts counts;
    u64 drivers = 0;
    double next_print = 60;
    for (double now = 0; now < seconds && !::testing::Test::HasFatalFailure(); ++drivers) {
        SCOPED_TRACE("driver " + std::to_string(drivers));
        Driver driver(drivers);
        for (int part = 0; part < 3; ++part) {
            for (int n = 0; n < 60; ++n) driver.act(), driver.run();
            driver.recover();
        }
        counts += driver.counts();
        now = double(std::clock() - start) / CLOCKS_PER_SEC;
        if (now < next_print) continue;
        print(name, drivers + 1, counts);
        next_print += 60;
    }
    print(name, drivers, counts);
    EXPECT_GT(counts.jobs, 10 * drivers);
    EXPECT_GT(counts.failed, drivers);
    EXPECT_GT(counts.resets_in_jobs, drivers / 4);
    EXPECT_GT(counts.refusals, drivers);
}

}   // namespace sim
