// SPDX-License-Identifier: BSD-3-Clause
// An accelerator with the loopback engine, or one that a test gives, and no processor: the test is the driver. Memory is
// FixedLatencyMemory behind a bus, or what a test gives.
#pragma once
#include <gtest/gtest.h>
#include <vector>
#include "cache/cache.hh"
#include "device/accelerator.hh"
#include "device/loopback_engine.hh"
#include "memory/bus.hh"
#include "memory/fixed_latency_memory.hh"

namespace sim {

class DeviceRig : private InterruptListener {
  public:
    static constexpr Address kPool = 0x100000, kBus = 0x8'0000'0000;
    static constexpr u64 kPoolBytes = 1_MiB;
    static constexpr u32 kEntries = 8;

    struct Options {
        DmaEngine::Params dma;
        Accelerator::Params accelerator;
        LoopbackEngine::Params engine;
        Engine *other_engine = nullptr;   // instead of the loopback engine
        Memory *memory = nullptr;
        double core_ghz = 2;
    };

    DeviceRig();
    explicit DeviceRig(Options options)
        : memory_({}),
          bus_(with_next(memory_)),
          engine(options.engine),
          dma(with_memory(options.dma, options.memory ? options.memory : &bus_)),
          device(with_parts(options)) {
        for (Component *c : {static_cast<Component *>(&memory_), static_cast<Component *>(&bus_),
                             static_cast<Component *>(&engine), static_cast<Component *>(&dma),
                             static_cast<Component *>(&device)})
            c->attach(clock);
        if (options.other_engine) options.other_engine->attach(clock);
        guest.map(kPool, kPoolBytes, kRead | kWrite);
        device.connect({&guest, kPool, kBus, kPoolBytes, options.core_ghz, this, 0});
        set_up_rings();
    }

    // Submission ring at the pool's start, completions a page on, indices another page on.
    void set_up_rings(u32 entries = kEntries) {
        entries_ = entries;
        write64(ACCEL_REG_SUBMISSION_BASE, kBus);
        write32(ACCEL_REG_SUBMISSION_ENTRIES, entries);
        write64(ACCEL_REG_COMPLETION_BASE, kBus + 0x1000);
        write32(ACCEL_REG_COMPLETION_ENTRIES, entries);
        write64(ACCEL_REG_INDEX_BASE, kBus + 0x2000);
    }

    u32 read32(u32 offset) { return u32(device.register_load(offset, 4)); }
    u64 read64(u32 offset) { return device.register_load(offset, 8); }
    void write32(u32 offset, u32 value) { device.register_store(offset, 4, value); }
    void write64(u32 offset, u64 value) { device.register_store(offset, 8, value); }

    void run(Cycle cycles) {
        const Cycle end = clock.now + cycles;
        while (clock.next_event() <= end) {
            clock.now = std::max(clock.now, clock.next_event());
            clock.run_due();
        }
        clock.now = end;
    }
    // Until nothing is to be done any more; the cycle of the last event.
    Cycle run_out() {
        for (u64 events = 0; clock.next_event() != kNever; ++events) {
            if (events > 1'000'000) throw std::runtime_error("the device never comes to rest");
            clock.now = clock.next_event();
            clock.run_due();
        }
        return clock.now;
    }

    static accel_descriptor copy(u32 tag, u32 bytes, u32 from = 0x10000, u32 to = 0x20000) {
        accel_descriptor d{};
        d.tag = tag;
        d.input = kBus + from;
        d.output = kBus + to;
        d.input_bytes = d.output_bytes = bytes;
        return d;
    }
    // The model at 0x8000: adds 5 to each word, after `spin` cycles.
    accel_descriptor add(u32 tag, u32 bytes, u32 spin = 0, u32 from = 0x10000, u32 to = 0x20000) {
        accel_loopback_model model{};
        model.magic = ACCEL_LOOPBACK_MAGIC;
        model.addends = 1;
        model.addend[0] = 5;
        put(0x8000, &model, 12);
        accel_descriptor d = copy(tag, bytes, from, to);
        d.operation = ACCEL_LOOPBACK_ADD;
        d.model = kBus + 0x8000;
        d.model_bytes = 12;
        d.arguments[0] = spin;
        return d;
    }
    void submit(const std::vector<accel_descriptor> &descriptors) {
        for (const accel_descriptor &d : descriptors) put(tail_++ % entries_ * sizeof d, &d, sizeof d);
        write32(ACCEL_REG_DOORBELL, tail_);
    }
    // The completions written since the last call.
    std::vector<accel_completion> completions(bool take = true) {
        std::vector<accel_completion> found;
        for (const u32 tail = read32(ACCEL_REG_COMPLETION_TAIL); head_ != tail; ++head_) {
            found.emplace_back();
            get(0x1000 + head_ % entries_ * sizeof(accel_completion), &found.back(), sizeof found.back());
        }
        if (take) write32(ACCEL_REG_COMPLETION_HEAD, head_);
        return found;
    }
    std::vector<u32> statuses() {
        std::vector<u32> found;
        for (const accel_completion &c : completions()) found.push_back(c.status);
        return found;
    }
    void forget_indices() { tail_ = head_ = 0; }

    void put(u64 offset, const void *from, u64 bytes) { guest.place(kPool + offset, from, bytes); }
    void get(u64 offset, void *to, u64 bytes) { guest.read(kPool + offset, to, bytes); }
    void put_word(u64 offset, u32 word) { put(offset, &word, 4); }
    u32 word(u64 offset) { return u32(guest.load(kPool + offset, 4)); }

    Clock clock;
    GuestMemory guest;

  private:
    FixedLatencyMemory memory_;
    Bus bus_;

    static Bus::Params with_next(Memory &next) {
        Bus::Params p;
        p.next = &next;
        return p;
    }
    static DmaEngine::Params with_memory(DmaEngine::Params p, Memory *memory) {
        p.memory = memory;
        return p;
    }
    Accelerator::Params with_parts(const Options &options) {
        Accelerator::Params p = options.accelerator;
        p.engine = options.other_engine ? options.other_engine : &engine;
        p.dma = &dma;
        return p;
    }
    void interrupt_line(u32, bool is_high) override {
        line = is_high;
        rises += is_high;
        rose_at = is_high ? clock.now : rose_at;
    }

    u32 entries_ = kEntries, tail_ = 0, head_ = 0;

  public:
    bool line = false;
    u32 rises = 0;
    Cycle rose_at = 0;
    LoopbackEngine engine;
    DmaEngine dma;
    Accelerator device;
};

inline DeviceRig::DeviceRig() : DeviceRig(Options()) {}

}   // namespace sim
