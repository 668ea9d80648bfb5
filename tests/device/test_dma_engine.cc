// SPDX-License-Identifier: BSD-3-Clause
#include <numeric>
#include "device/device_rig.hh"

namespace sim {
namespace {

// A core's L1 over an L2 over a bus, a DMA port at the bus, and nothing else.
class DmaRig : public DmaClient, public MemoryClient {
  public:
    static constexpr Address kPool = 0x100000, kBus = 0x8'0000'0000;

    explicit DmaRig(DmaEngine::Params params = {}, bool below_l2 = true, u32 bandwidth = 32)
        : memory({}),
          bus(bus_params(bandwidth)),
          l2(cache_params(bus, 64_KiB)),
          l1(cache_params(l2, 4_KiB)),
          dma(dma_params(params, below_l2 ? static_cast<Memory *>(&bus) : &l2)) {
        for (Component *c :
             {static_cast<Component *>(&memory), static_cast<Component *>(&bus),
              static_cast<Component *>(&l2), static_cast<Component *>(&l1), static_cast<Component *>(&dma)})
            c->attach(clock);
        for (Memory *level :
             {static_cast<Memory *>(&memory), static_cast<Memory *>(&l2), static_cast<Memory *>(&l1)})
            level->track_versions(versions);
        dma.track_versions(versions);
        guest.map(kPool, 1_MiB, kRead | kWrite);
        dma.connect(guest);
        dma.grant(kBus, 1_MiB, kPool);
    }
    void run_out() {
        while (clock.next_event() != kNever) {
            clock.now = clock.next_event();
            clock.run_due();
        }
    }
    // A load or store of the core, until it is over.
    void core(Address a, AccessKind kind) {
        ++clock.now;
        if (l1.access({a, kind, 0, this, 0}, clock.now) == kBusy) FAIL() << "the cache is busy";
        run_out();
    }
    Cycle read(u64 offset, u64 bytes) {
        into.assign(bytes, 0);
        const Cycle start = clock.now;
        EXPECT_TRUE(dma.read(kBus + offset, into.data(), bytes, *this, 1));
        run_out();
        return ended - start;
    }
    Cycle write(u64 offset, const std::vector<u8> &bytes) {
        const Cycle start = clock.now;
        EXPECT_TRUE(dma.write(kBus + offset, bytes.data(), bytes.size(), *this, 2));
        run_out();
        return ended - start;
    }
    void transfer_done(u32, bool was_ok, Cycle now) override {
        ended = now;
        ok = was_ok;
        ++done;
    }
    void memory_done(u32, Cycle) override {}

    Clock clock;
    LineVersions versions;   // an old copy anywhere stops the test
    GuestMemory guest;
    FixedLatencyMemory memory;
    Bus bus;
    Cache l2, l1;
    DmaEngine dma;
    std::vector<u8> into;
    Cycle ended = 0;
    bool ok = false;
    u32 done = 0;

  private:
    Bus::Params bus_params(u32 bandwidth) {
        Bus::Params p;
        p.next = &memory;
        p.bandwidth = bandwidth;
        return p;
    }
    static Cache::Params cache_params(Memory &next, u64 size) {
        Cache::Params p;
        p.next = &next;
        p.size = size;
        return p;
    }
    static DmaEngine::Params dma_params(DmaEngine::Params p, Memory *memory) {
        p.memory = memory;
        return p;
    }
};

std::vector<u8> pattern(u64 bytes) {
    std::vector<u8> made(bytes);
    std::iota(made.begin(), made.end(), u8{3});
    return made;
}

TEST(DmaEngine, MovesAnyNumberOfBytesFromAndToAnyAddress) {
    DmaRig rig;
    for (const u64 offset : {0u, 1u, 63u, 100u})
        for (const u64 bytes : {1u, 63u, 64u, 65u, 1000u}) {
            const auto data = pattern(bytes);
            rig.write(offset, data);
            EXPECT_TRUE(rig.ok);
            rig.read(offset, bytes);
            EXPECT_EQ(rig.into, data);
        }
    EXPECT_EQ(rig.dma.stats.bytes_read, rig.dma.stats.bytes_written);
    EXPECT_TRUE(rig.dma.idle());
}

TEST(DmaEngine, NothingOutsideTheGrantedRangeIsTouched) {
    DmaRig rig;
    for (const auto &[offset, bytes] :
         {std::pair{u64(1_MiB) - 63, u64{64}}, {~u64{0} - DmaRig::kBus - 3, u64{8}}, {u64(1_MiB), u64{1}}}) {
        rig.write(offset, pattern(bytes));
        EXPECT_FALSE(rig.ok);
        rig.read(offset, bytes);
        EXPECT_FALSE(rig.ok);
    }
    EXPECT_EQ(rig.dma.stats.reads + rig.dma.stats.writes, 0u);
    EXPECT_EQ(rig.bus.stats.requests, 0u);
}

TEST(DmaEngine, OutstandingLinesBoundTheBandwidthOfReads) {
    std::vector<Cycle> took;
    for (const u32 outstanding : {1u, 4u, 64u}) {
        DmaEngine::Params p;
        p.outstanding = outstanding;
        DmaRig rig(p, true, 64);
        took.push_back(rig.read(0, 64 * 64));
        if (outstanding < 64) {
            EXPECT_GT(rig.dma.stats.limit_cycles, 0u);
        }
        EXPECT_EQ(rig.dma.stats.reads, 64u);
    }
    EXPECT_GT(took[0], 64 * 100u) << "one line at a time: 64 latencies";
    EXPECT_GT(took[1], 16 * 100u);
    EXPECT_LT(took[1], 16 * 130u);
    EXPECT_LT(took[2], 64 * 3 + 130u);
}

TEST(DmaEngine, TheBusBoundsTheBandwidthOfAllTogether) {
    DmaEngine::Params p;
    p.outstanding = 64;
    DmaRig wide(p, true, 64), narrow(p, true, 4);
    const Cycle fast = wide.read(0, 64 * 64), slow = narrow.read(0, 64 * 64);
    EXPECT_GE(slow, 64 * (64 + 8) / 4u) << "a line and its request, 4 bytes a cycle";
    EXPECT_LT(fast, slow / 2);
    EXPECT_GT(narrow.bus.stats.wait_cycles, 0u);
}

TEST(DmaEngine, AReadOfALineThatACacheHasChangedGetsItWrittenBackFirst) {
    DmaRig rig;
    rig.core(DmaRig::kPool, AccessKind::Write);
    ASSERT_EQ(rig.l1.copy_of(DmaRig::kPool), Copy::Newer);
    const u64 writes = rig.memory.stats.writes;
    const Cycle dirty = rig.read(0, 64), clean = rig.read(0, 64);
    EXPECT_EQ(rig.dma.stats.snoop_writebacks, 1u);
    EXPECT_EQ(rig.memory.stats.writes, writes + 1);
    EXPECT_GT(dirty, clean);
    EXPECT_EQ(rig.l1.copy_of(DmaRig::kPool), Copy::Clean) << "the copy stays";
    EXPECT_EQ(rig.dma.stats.snoops, 2u);
    EXPECT_EQ(rig.dma.stats.snoop_invalidations, 0u);
}

TEST(DmaEngine, AWriteTakesEveryCopyAway) {
    DmaRig rig;
    rig.core(DmaRig::kPool, AccessKind::Read);
    rig.core(DmaRig::kPool + 64, AccessKind::Write);
    rig.write(0, pattern(128));
    EXPECT_FALSE(rig.l1.probe(DmaRig::kPool) || rig.l2.probe(DmaRig::kPool));
    EXPECT_FALSE(rig.l1.probe(DmaRig::kPool + 64) || rig.l2.probe(DmaRig::kPool + 64));
    EXPECT_EQ(rig.dma.stats.snoop_invalidations, 2u);
    EXPECT_EQ(rig.dma.stats.snoop_writebacks, 0u) << "whole lines replace what was dirty";
}

TEST(DmaEngine, AWriteOfAPartOfADirtyLineSavesTheRest) {
    DmaRig rig;
    rig.core(DmaRig::kPool, AccessKind::Write);
    rig.write(8, pattern(16));
    EXPECT_EQ(rig.dma.stats.snoop_writebacks, 1u);
    EXPECT_EQ(rig.dma.stats.snoop_invalidations, 1u);
    EXPECT_FALSE(rig.l1.probe(DmaRig::kPool));
}

TEST(DmaEngine, APortAtASharedCacheReadsWhatIsThere) {
    DmaRig rig({}, false);
    rig.core(DmaRig::kPool, AccessKind::Read);
    const u64 requests = rig.bus.stats.requests;
    rig.read(0, 64);
    EXPECT_EQ(rig.bus.stats.requests, requests) << "a hit in the L2";
    rig.write(0, pattern(64));
    EXPECT_FALSE(rig.l1.probe(DmaRig::kPool));
    EXPECT_EQ(rig.l2.copy_of(DmaRig::kPool), Copy::Newer);
}

// Random loads, stores and transfers: a copy that is not the newest would throw.
TEST(DmaEngine, CoherentTransfersAndCachesNeverUseAnOldCopy) {
    for (const bool at_bus : {true, false}) {
        DmaRig rig({}, at_bus);
        u64 random = 1;
        for (int n = 0; n < 3000; ++n) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            const u64 offset = (random >> 33) % 0x6000, bytes = 1 + (random >> 20) % 300;
            switch ((random >> 60) % 4) {
                case 0: rig.read(offset, bytes); break;
                case 1: rig.write(offset, pattern(bytes)); break;
                case 2: rig.core(DmaRig::kPool + offset, AccessKind::Read); break;
                default: rig.core(DmaRig::kPool + offset, AccessKind::Write);
            }
        }
        EXPECT_GT(rig.dma.stats.snoop_writebacks, 20u);
        EXPECT_GT(rig.dma.stats.snoop_invalidations, 100u);
    }
}

// The same with everything under way at once, on few lines.
TEST(DmaEngine, TransfersAndCachesMeetOnTheSameLinesWithoutHarm) {
    for (const bool at_bus : {true, false}) {
        DmaRig rig({}, at_bus);
        std::vector<std::vector<u8>> buffers(8, pattern(300));
        u64 random = 7;
        u32 begun = 0;
        for (int n = 0; n < 40'000; ++n) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            ++rig.clock.now;
            rig.clock.run_due();
            const u64 offset = (random >> 33) % 1024, bytes = 1 + (random >> 20) % 300, what = random >> 58;
            if (what < 2 && begun - rig.done < buffers.size()) {
                auto &buffer = buffers[begun++ % buffers.size()];
                if (what == 0) rig.dma.read(DmaRig::kBus + offset, buffer.data(), bytes, rig, 0);
                else rig.dma.write(DmaRig::kBus + offset, buffer.data(), bytes, rig, 0);
            } else if (what < 20) {
                const AccessKind kind = what < 12 ? AccessKind::Read : AccessKind::Write;
                rig.l1.access({DmaRig::kPool + offset, kind, 0, &rig, 0}, rig.clock.now);
            }
        }
        rig.run_out();
        EXPECT_EQ(rig.done, begun);
        EXPECT_GT(begun, 300u);
        EXPECT_TRUE(rig.dma.idle());
    }
}

TEST(DmaEngine, StopEndsTransfersOnceWhatIsOutstandingHasCome) {
    DmaEngine::Params p;
    p.outstanding = 2;
    DmaRig rig(p);
    rig.into.assign(4096, 0);
    rig.dma.read(DmaRig::kBus, rig.into.data(), 4096, rig, 1);
    while (rig.dma.lines_outstanding() < 2) {
        rig.clock.now = rig.clock.next_event();
        rig.clock.run_due();
    }
    const u64 reads = rig.dma.stats.reads;
    rig.dma.stop();
    EXPECT_FALSE(rig.dma.idle());
    rig.run_out();
    EXPECT_TRUE(rig.dma.idle());
    EXPECT_EQ(rig.dma.stats.reads, reads);
    EXPECT_EQ(rig.done, 1u);
    EXPECT_FALSE(rig.ok);
    rig.read(0, 64);
    EXPECT_TRUE(rig.ok);
}

TEST(DmaEngine, TransfersBeyondTheirNumberAreTurnedAway) {
    DmaEngine::Params p;
    p.transfers = 2;
    DmaRig rig(p);
    u8 byte;
    for (u32 n = 0; n < 2 + DmaEngine::kReserved; ++n)
        EXPECT_TRUE(rig.dma.read(DmaRig::kBus, &byte, 1, rig, n));
    EXPECT_FALSE(rig.dma.read(DmaRig::kBus, &byte, 1, rig, 99));
    rig.run_out();
    EXPECT_EQ(rig.done, 2 + DmaEngine::kReserved);
}

}   // namespace
}   // namespace sim
