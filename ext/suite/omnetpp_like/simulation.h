// SPDX-License-Identifier: BSD-3-Clause
// The kernel of the discrete-event simulation: the clock, the future event set and the random source.
#pragma once
#include <cstdint>
#include <vector>

namespace net {

using Time = std::int64_t;  // nanoseconds

constexpr Time kMicrosecond = 1000;
constexpr Time kMillisecond = 1000 * kMicrosecond;

// Something that happens at a time. The future event set does not own its events.
class Event {
  public:
    virtual ~Event() = default;
    virtual void fire() = 0;
    // Called instead of fire() for events still pending when the simulation ends.
    virtual void discard() = 0;

    bool is_scheduled() const { return place_ >= 0; }
    Time time() const { return time_; }

  private:
    friend class Simulation;
    Time time_ = 0;
    std::uint64_t order_ = 0;  // tells events of one time apart: first scheduled, first fired
    std::int32_t priority_ = 0;
    std::int32_t place_ = -1;  // index in the heap
};

class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 0x2545f4914f6cdd1dull) {}
    std::uint32_t next();
    int below(int limit);
    // Exponentially distributed with the given mean.
    Time exponential(Time mean);

  private:
    std::uint64_t state_;
};

class Simulation {
  public:
    explicit Simulation(std::uint64_t seed) : random(seed) {}
    Simulation(const Simulation &) = delete;
    Simulation &operator=(const Simulation &) = delete;

    Time now() const { return now_; }
    void schedule(Event &event, Time at, int priority = 0);
    void cancel(Event &event);
    void run(Time until);
    // Discards what is still to come; to be called while the owners of the timers exist.
    void drop_pending();

    std::uint64_t events() const { return events_; }
    std::uint64_t digest() const { return digest_; }
    std::size_t longest_queue() const { return longest_queue_; }
    std::uint64_t next_id() { return ++last_id_; }

    Random random;

  private:
    static bool is_earlier(const Event &one, const Event &other);
    void put(std::size_t place, Event *event);
    void sift_up(std::size_t hole, Event *event);
    void sift_down(std::size_t hole, Event *event);
    Event *take_first();

    std::vector<Event *> heap_;
    Time now_ = 0;
    std::uint64_t next_order_ = 0;
    std::uint64_t last_id_ = 0;
    std::uint64_t events_ = 0;
    std::uint64_t digest_ = 0xcbf29ce484222325ull;
    std::size_t longest_queue_ = 0;
};

}  // namespace net
