// SPDX-License-Identifier: BSD-3-Clause
// An in-order core with its surroundings, a piece of code to run, and the cycles in which its pipeline moved.
#pragma once
#include <gtest/gtest.h>
#include <functional>
#include <map>
#include "cache/cache.hh"
#include "inorder/assembly.hh"
#include "inorder/inorder.hh"
#include "memory/fixed_latency_memory.hh"
#include "memory/memory_rig.hh"
#include "predictor/static_direction.hh"

namespace sim::test {

inline constexpr Address kCodeAt = 0x10000, kDataAt = 0x20000, kDeviceAt = 0x30000, kNowhere = 0x50000;
inline constexpr u32 kMissCycles = 100;

// Code at kCodeAt, data at kDataAt, a device at kDeviceAt. An ecall ends the program; so does a fault.
class SmallWorld final : public Environment {
  public:
    explicit SmallWorld(const Code &code) {
        memory_.map(kCodeAt, 4 * GuestMemory::kPageBytes, kRead | kExecute);
        memory_.map(kDataAt, 4 * GuestMemory::kPageBytes, kRead | kWrite);
        memory_.map(kDeviceAt, GuestMemory::kPageBytes, kDevice);
        memory_.place(kCodeAt, code.data(), 4 * code.size());
        memory_.device = this;
    }
    GuestMemory &memory() override { return memory_; }
    void ecall(Hart &hart) override {
        hart.pc += 4;
        end(hart);
    }
    void ebreak(Hart &hart) override { ecall(hart); }
    void fault(Hart &hart, Fault kind, Address address) override {
        faults.push_back({kind, address});
        end(hart);
    }
    u64 next_interrupt() const override { return interrupt_at; }
    void interrupt(Hart &hart) override {
        interrupts.push_back(hart);
        interrupt_at = ~u64{0};
    }
    bool exited() const override { return exited_; }
    int exit_status() const override { return 0; }
    u64 device_load(Address, unsigned) override { return ++device_loads; }
    void device_store(Address, unsigned, u64 value) override { device_stores.push_back(value); }

    std::vector<std::pair<Fault, Address>> faults;
    std::vector<Hart> interrupts;
    std::vector<u64> device_stores;
    u64 device_loads = 0, interrupt_at = ~u64{0};
    Hart last;   // at the end

  private:
    void end(const Hart &hart) {
        last = hart;
        exited_ = true;
    }
    GuestMemory memory_;
    bool exited_ = false;
};

// Remembers every instruction's cycles by its address; of several, those of the last that committed.
class Recorder final : public PipelineTrace {
  public:
    struct Life {
        Address pc = 0;
        std::map<std::string, Cycle, std::less<>> stages;
    };
    void begin(u64 id, Cycle now, Address pc, const std::string &) override {
        lives_[id] = {pc, {{"fetch", now}}};
    }
    void stage(u64 id, std::string_view name, Cycle now) override {
        lives_[id].stages[std::string(name)] = now;
    }
    void end(u64 id, Cycle, bool committed) override {
        if (committed) last[lives_[id].pc] = lives_[id];
        else ++squashed[lives_[id].pc];
        lives_.erase(id);
    }
    void finish() override {}

    std::map<Address, Life> last;
    std::map<Address, u32> squashed;

  private:
    std::map<u64, Life> lives_;
};

// Defaults: 4 wide, one-cycle instruction memory, a 4-cycle data cache over memory of kMissCycles, branches
// predicted not taken. Everything runs in lock step with the reference.
class InOrderRig {
  public:
    using Change = std::function<void(InOrderCore::Params &, ExecutionUnits::Params &)>;

    explicit InOrderRig(const Code &code, const Change &change = {})
        : world(code), l1i(params<FixedLatencyMemory>([](auto &p) { p.latency = 1; })),
          memory(params<FixedLatencyMemory>([](auto &p) { p.latency = kMissCycles; })),
          l1d(params<Cache>([&](auto &p) { p.next = &memory; })),
          direction(params<StaticDirection>([](auto &p) { p.taken = false; })),
          predictor(params<BranchPredictor>([&](auto &p) { p.direction = &direction; })) {
        InOrderCore::Params p;
        ExecutionUnits::Params u;
        if (change) change(p, u);
        units = std::make_unique<ExecutionUnits>(u);
        p.l1i = &l1i;
        p.l1d = &l1d;
        p.predictor = &predictor;
        p.units = units.get();
        core = std::make_unique<InOrderCore>(p);
        memory.attach(clock), l1i.attach(clock), l1d.attach(clock);
        predictor.attach(clock), units->attach(clock), core->attach(clock);
    }
    // Fills the line of an address, as if it had been used before.
    InOrderRig &warm(Address address) {
        Source(clock).wait_for(l1d, address);
        return *this;
    }
    InOrderRig &start() {
        CoreStart s;
        s.program = &program;
        s.environment = &world;
        s.hart.pc = kCodeAt;
        s.hart.reg[kDataRegister] = kDataAt;
        s.check = true;
        s.trace = &trace;
        core->start(s);
        return *this;
    }
    InOrderRig &run() {
        start();
        core->run(~u64{0});
        return *this;
    }
    // Cycle in which the instruction at position `n` of the code entered a stage, the last time that it
    // committed.
    Cycle at(u32 n, const char *stage) const {
        return trace.last.at(kCodeAt + 4 * n).stages.find(stage)->second;
    }
    Cycle issue(u32 n) const { return at(n, "issue"); }
    u64 reg(u32 r) const { return world.last.reg[r]; }
    const InOrderCore::Stats &stats() const { return core->stats; }
    u64 lost_and_used_slots() const {
        const InOrderCore::Stats &s = core->stats;
        const u64 in_flight = s.dispatched_instructions - s.slots_committed - s.slots_squashed;
        return s.slots_committed + s.slots_squashed + in_flight + s.stall_misprediction +
               s.stall_decode_redirect + s.stall_fetch_miss + s.stall_fetch_limit + s.stall_squash +
               s.stall_wrong_path + s.stall_serialize + s.stall_memory + s.stall_store_drain +
               s.stall_execution + s.stall_registers + s.stall_scheduler;
    }

    static constexpr u32 kDataRegister = 20;   // holds kDataAt at the start

    Clock clock;
    SmallWorld world;
    Program program;
    Recorder trace;
    FixedLatencyMemory l1i, memory;
    Cache l1d;
    StaticDirection direction;
    BranchPredictor predictor;
    std::unique_ptr<ExecutionUnits> units;
    std::unique_ptr<InOrderCore> core;
};

}  // namespace sim::test
