// SPDX-License-Identifier: BSD-3-Clause
// A shared bus between caches and the level behind them: requests, lines written and lines read take turns on
// it.
#pragma once
#include <vector>
#include "memory/inclusion.hh"
#include "memory/memory.hh"

namespace sim {

class Bus final : public Model<Bus, Memory>,
                  public MemoryClient,
                  public EventHandler,
                  public UpperLevel,
                  public LowerLevel {
  public:
    struct Params : Described<Params> {
        PARAM(u32, bandwidth, 32, "bytes", "moved in one cycle, both directions together");
        PARAM(u32, latency, 2, "cycles", "from the last byte sent to its arrival at the other side");
        PARAM(u32, request_bytes, 8, "bytes", "an address and a command on the bus");
        PARAM(u32, queue_entries, 32, "requests", "requests on their way or waiting for their answer");
        CHILD(Memory, next, required, "level behind the bus");
    };
    struct Stats : Described<Stats> {
        STAT(requests, "accesses", "requests taken");
        STAT(responses, "lines", "lines returned");
        STAT(bytes, "bytes", "moved in both directions");
        STAT(busy_cycles, "cycles", "that the bus moved something");
        STAT(wait_cycles, "cycles", "that messages waited for others before them");
        STAT(queue_rejections, "accesses", "turned away because the queue was full");
        STAT(next_rejections, "accesses", "attempts that the level behind turned away");
    };

    explicit Bus(const Params &params);

    Cycle access(const MemoryRequest &request, Cycle now) override;
    void memory_done(u32 tag, Cycle now) override;
    void event(u64 argument, Cycle now) override;
    bool give_up(Address address, u64 &version) override {
        const bool newer = uppers_.give_up(address, version);
        return take_writeback(address, version) || newer;
    }
    bool share(Address address, u64 &version) override {
        const bool newer = uppers_.share(address, version);
        return take_writeback(address, version) || newer;
    }
    bool is_several() const override { return uppers_.are_several(); }
    Copy copy_of(Address address) const override { return uppers_.copy_of(address); }
    void add_upper(UpperLevel &level, const MemoryClient &client) override;
    UpperLevels &uppers() override { return uppers_; }
    const Params &params() const { return params_; }

    Stats stats;

  private:
    // Stands for clients that are not caches above, whose Writes the level behind must take for stores.
    struct PlainClient final : MemoryClient {
        explicit PlainClient(Bus &bus) : bus(bus) {}
        void memory_done(u32 tag, Cycle now) override { bus.memory_done(tag, now); }
        Bus &bus;
    };
    static constexpr Address kNowhere = ~Address{0};   // of a Writeback that a level asked for on its way
    enum Step : u8 { Arrive, Respond, Deliver };

    Cycle move(u32 bytes, Cycle now);   // takes the bus for a message; the cycle in which it arrives
    void hand_over(Cycle now);
    void respond(u32 entry, Cycle now);
    bool take_writeback(Address address, u64 &version);
    void schedule(Cycle at, Step step, u32 entry) { clock_->schedule(at, *this, u64(entry) << 2 | step); }

    const Params params_;
    std::vector<MemoryRequest> entries_;
    std::vector<u32> free_entries_;
    std::vector<u32> arrived_;   // ring of entries that the level behind has not taken yet, oldest first
    u32 arrived_head_ = 0, arrived_size_ = 0;
    Cycle free_at_ = 0;          // when the bus has moved everything it was given
    UpperLevels uppers_;
    PlainClient plain_client_{*this};
};

}  // namespace sim
