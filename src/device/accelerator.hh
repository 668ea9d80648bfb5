// SPDX-License-Identifier: BSD-3-Clause
// A device behind a command queue: register page, submission and completion rings, interrupt, and the engine that does
// the jobs. ext/accel/accel_device.h defines what a driver sees.
#pragma once
#include <array>
#include "accel_device.h"
#include "device/dma_engine.hh"
#include "device/engine.hh"
#include "memory/clock_ratio.hh"
#include "program/guest_device.hh"
#include "trace/device_timeline.hh"

namespace sim {

// One engine takes one job after the other; descriptors are fetched ahead of it and completions written behind it.
class Accelerator final : public Model<Accelerator, Component>,
                          public GuestDevice,
                          private Dma,
                          private DmaClient,
                          private EventHandler {
  public:
    struct Params : Described<Params> {
        CHILD(Engine, engine, required, "machine behind the queue");
        CHILD(DmaEngine, dma, required, "its way to memory");
        PARAM(double, clock, 0.8, "GHz", "clock of queue and engine");
        PARAM(u64, pool, 16_MiB, "bytes", "memory that a Linux program shares with it");
        PARAM(u32, ring_entries, 256, "entries", "of the largest ring it takes");
        PARAM(u32, prefetch, 4, "descriptors", "fetched ahead of the engine");
    };
    struct Stats : Described<Stats> {
        STAT(cycles, "cycles", "core cycles since the machine started");
        STAT(doorbells, "writes", "of the submission tail");
        STAT(descriptors, "descriptors", "fetched");
        STAT(jobs, "jobs", "completed, with whatever status");
        STAT(failed_jobs, "jobs", "completed with an error of their own");
        STAT(cancelled_jobs, "jobs", "completed unexecuted because an earlier one of their chain failed");
        STAT(interrupts, "interrupts", "times that the line rose");
        STAT(queue_errors, "errors", "doorbells, indices and ring registers that were refused");
        STAT(resets, "resets", "asked for by the driver");
        STAT(busy_cycles, "cycles", "core cycles with a job in the engine");
        STAT(waiting_cycles, "cycles", "core cycles of those in which the engine waited for DMA");
        STAT(stalled_cycles, "cycles", "core cycles in which the full completion ring held the queue up");
        STAT(queued_cycles, "descriptors*cycles", "sum over cycles of descriptors given and not completed");
        STAT(load_cycles, "cycles", "device cycles in which jobs got model and input");
        STAT(compute_cycles, "cycles", "device cycles in which jobs computed");
        STAT(store_cycles, "cycles", "device cycles in which jobs wrote results");
        FORMULA(utilisation, "", "share of time with a job in the engine", ratio(busy_cycles, cycles));
        FORMULA(occupancy, "descriptors", "given and not completed, on average",
                ratio(queued_cycles, cycles));
    };

    explicit Accelerator(const Params &params);
    const Params &params() const { return params_; }

    void connect(const Connection &connection) override;
    void cache_block(CacheBlock what, Address address) override { dma_.cache_block(what, address); }
    u64 pool_bytes() const override { return params_.pool; }
    u64 register_load(u64 offset, unsigned bytes) override;
    void register_store(u64 offset, unsigned bytes, u64 value) override;

    void draw_on(DeviceTimeline &timeline);
    void settle(Cycle now);   // brings the statistics of time up to date

    Stats stats;

  private:
    enum class Slot : u8 { Empty, Fetching, Fetched, Failed };
    enum class Writer : u8 { Idle, Entry, Indices };
    enum Event : u8 { Advance, Slice, Coalesce };
    static constexpr u32 kMaxPrefetch = 4;
    // Tags of the queue's own transfers; those below are fetches into that place.
    static constexpr u32 kCompletion = kMaxPrefetch, kIndices = kMaxPrefetch + 1;
    static_assert(kMaxPrefetch + 2 <= DmaEngine::kReserved);

    struct Ring {
        u64 base = 0;
        u32 entries = 0, head = 0, tail = 0;   // indices run freely
        u32 size() const { return tail - head; }
    };
    struct Done {
        u32 tag;
        bool ok;
    };
    // Tells the engine's transfers from the queue's.
    struct EngineClient final : DmaClient {
        explicit EngineClient(Accelerator &owner) : owner(owner) {}
        void transfer_done(u32 tag, bool ok, Cycle now) override {
            owner.engine_transfer_done({tag, ok}, now);
        }
        Accelerator &owner;
    };
    struct Request {   // of the engine, until its slice is over
        Address bus;
        u8 *into;
        const u8 *from;
        u64 bytes;
        u32 tag;
    };

    // Registers.
    u32 load_word(u32 offset);
    u64 counter(u32 offset);
    void store_word(u32 offset, u32 value);
    void store_ring_word(u32 offset, u32 value);
    void ring_doorbell(u32 tail);
    void take_completion_head(u32 head);
    bool ring_is_usable(const Ring &ring, u32 entry_bytes) const;
    void refuse(u32 error);
    void update_line();
    bool is_idle() const;
    void begin_reset();
    void end_reset();

    // The queue.
    void advance_soon() { advance_at(next_edge(clock_->now + 1)); }
    void advance_at(Cycle at);
    void advance(Cycle now);
    void fetch();
    void fetched(u32 slot, bool ok);
    bool begin_next(Cycle now);
    u32 check(const accel_descriptor &descriptor) const;
    void begin_job(Cycle now);
    void end_job(Cycle now);
    void post(u32 tag, u32 status, bool is_silent);
    void write_completion();
    void completion_written(Cycle now);
    void write_indices();
    void end_completion(Cycle now);
    void raise_interrupt();
    void transfer_done(u32 tag, bool ok, Cycle now) override;
    void event(u64 argument, Cycle now) override;

    // The engine.
    bool read(Address bus, std::span<u8> into, u32 tag) override {
        return request({bus, into.data(), nullptr, into.size(), tag});
    }
    bool write(Address bus, std::span<const u8> from, u32 tag) override {
        return request({bus, nullptr, from.data(), from.size(), tag});
    }
    bool request(const Request &request);
    void send_requests();
    void engine_transfer_done(const Done &done, Cycle now);
    void hand_back(const Done &done, Cycle now);
    void end_slice(Cycle now);
    void run_engine(Cycle now);
    bool run_slice(Cycle now);

    Cycle next_edge(Cycle cycle) const { return ratio_.core_cycle(ratio_.other_cycle(cycle)); }
    void schedule(Cycle at, Event what) { clock_->schedule(at, *this, u64(epoch_) << 8 | what); }
    void queue_changed() {
        if (timeline_) timeline_->counter(connection_.number, "jobs in the queue", queued(), clock_->now);
    }
    u32 queued() const { return submission_.tail - completed_; }

    const Params params_;
    Engine &engine_;
    DmaEngine &dma_;
    ClockRatio ratio_{1, 1};
    Connection connection_;
    DeviceTimeline *timeline_ = nullptr;

    Ring submission_, completion_;
    u64 index_base_ = 0;
    u32 interrupt_status_ = 0, interrupt_enable_ = 0, coalesce_count_ = 0, coalesce_cycles_ = 0, errors_ = 0;
    bool line_ = false, is_resetting_ = false, is_stalled_ = false;
    u32 epoch_ = 0;   // events of an earlier one are void: a reset came between

    // Fetched descriptors: submission_.head is the next to be taken in, fetch_next_ the next to be asked for and taken_
    // the next to be executed; index modulo prefetch is the place.
    std::array<accel_descriptor, kMaxPrefetch> descriptors_{};
    std::array<Slot, kMaxPrefetch> slots_{};
    u32 fetch_next_ = 0, taken_ = 0, completed_ = 0;
    bool chain_broken_ = false;   // the next descriptor's chain has failed
    u32 overflows_ = 0;   // refused doorbells not yet answered by a completion

    bool has_job_ = false;   // in the engine
    bool job_ended_ = false;   // but its completion has no room yet
    bool in_slice_ = false;   // the engine is ahead of the clock, until edge_
    bool in_run_ = false;   // inside Engine::run()
    accel_descriptor job_{};
    u64 edge_ = 0;   // device cycle up to which the engine has lived
    bool waits_ = false;   // the engine, since edge_
    Cycle job_begin_ = 0, wait_begin_ = 0;
    EngineClient engine_client_{*this};
    std::vector<Request> requests_;
    std::vector<Done> dones_;
    u32 engine_transfers_ = 0;   // asked for by the engine and not handed back

    Writer writer_ = Writer::Idle;
    bool has_completion_ = false;   // entry_ waits for the writer
    bool entry_is_silent_ = false, entry_is_job_ = false;
    accel_completion entry_{};
    accel_indices indices_{};
    u32 unreported_ = 0;   // completions since the last interrupt
    Cycle advance_cycle_ = kNever, coalesce_at_ = kNever, settled_ = 0;
};

}   // namespace sim
