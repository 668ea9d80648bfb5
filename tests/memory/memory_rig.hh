// SPDX-License-Identifier: BSD-3-Clause
// A scripted source above a level of the hierarchy and a scripted level below it, for tests.
#pragma once
#include <map>
#include <vector>
#include "memory/memory.hh"
#include "sim/clock.hh"

namespace sim::test {

// Parameters of a component with some changed: params<Bus>([&](auto &p) { p.latency = 5; }).
template <class C, class Change> typename C::Params params(const Change &change) {
    typename C::Params changed;
    change(changed);
    return changed;
}

// Asks a level and notes, for each tag, the cycle in which the data was ready.
class Source final : public MemoryClient {
  public:
    explicit Source(Clock &clock) : clock_(clock) {}

    // Asks in the present cycle. The tag of the request is its number, from 0.
    Cycle ask(Memory &level, Address address, AccessKind kind = AccessKind::Read, Address pc = 0) {
        const u32 tag = u32(ready_.size());
        const bool silent = kind == AccessKind::Writeback;
        const Cycle answer = level.access({address, kind, pc, silent ? nullptr : this, tag}, clock_.now);
        if (answer == kBusy) return answer;
        ready_.push_back(answer == kMiss ? kNever : answer);
        return answer;
    }
    // Asks again in every cycle until the level takes it; then runs until the data is there.
    Cycle wait_for(Memory &level, Address address, AccessKind kind = AccessKind::Read, Address pc = 0) {
        while (ask(level, address, kind, pc) == kBusy) run_to(clock_.now + 1);
        const Cycle asked = clock_.now;
        while (ready_.back() == kNever) run_to(clock_.now + 1);
        if (ready_.back() > clock_.now) run_to(ready_.back());
        return ready_.back() - asked;
    }
    void run_to(Cycle cycle) {
        while (clock_.next_event() <= cycle) {
            clock_.now = clock_.next_event();
            clock_.run_due();
        }
        clock_.now = cycle;
    }
    void run(Cycle cycles) { run_to(clock_.now + cycles); }
    void run_until_idle() {
        while (clock_.next_event() != kNever) run_to(clock_.next_event());
    }
    void memory_done(u32 tag, Cycle now) override {
        order.push_back(tag);
        ready_.at(tag) = now;
    }
    Cycle ready(u32 tag) const { return ready_.at(tag); }
    u32 asked() const { return u32(ready_.size()); }

    std::vector<u32> order;   // tags in the order of their callbacks

  private:
    Clock &clock_;
    std::vector<Cycle> ready_;
};

// A level that answers each request after `latency` cycles by callback, is busy when told so, and remembers
// everything.
class Sink final : public Model<Sink, Memory>, public EventHandler {
  public:
    struct Params : Described<Params> {};
    struct Stats : Described<Stats> {};
    struct Entry {
        Address address;
        AccessKind kind;
        Cycle at;
    };
    Cycle access(const MemoryRequest &request, Cycle now) override {
        if (now < busy_until || (request.kind == AccessKind::Writeback && writes_busy)) return kBusy;
        seen.push_back({request.address, request.kind, now});
        if (!request.client) return kMiss;
        clock_->schedule(now + latency, *this, waiting_.size());
        waiting_.push_back(request);
        return kMiss;
    }
    void event(u64 argument, Cycle now) override {
        const MemoryRequest request = waiting_[argument];
        request.client->memory_done(request.tag, now);
    }
    u32 count(AccessKind kind) const {
        u32 n = 0;
        for (const Entry &entry : seen) n += entry.kind == kind;
        return n;
    }

    const Params &params() const { return params_; }

    Stats stats;
    Cycle latency = 50;
    Cycle busy_until = 0;
    bool writes_busy = false;
    std::vector<Entry> seen;

  private:
    std::vector<MemoryRequest> waiting_;
    const Params params_{};
};

}  // namespace sim::test
